import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import type { SmsActivity } from '../../../../shared/closeTypes';
import { toTextFact } from '../../../../shared/describeStatus';
import {
	isRequestFailure,
	ItemFailure,
	type TextFact,
} from '../../../../shared/errors/itemFailure';
import { validationError } from '../../../../shared/errors/validationError';
import { normalizeText } from '../../../../shared/fieldValues';
import { inZone } from '../../../../shared/time';
import { withNote } from '../../../output/withNote';
import {
	isSurvived,
	type CloseResponse,
	type HandlerContext,
	type RoutingRequest,
} from '../../../transport/request/operationHandler';
import { findTooLong } from '../../../validation/messageLength';
import { findDifferences } from '../../../transport/request/responseCheck';
import { smsDeletion, smsRead } from '../api/smsRequest';
import type { Skip } from './dispatch';
import { rememberDraft } from './duplicates';

const DRAFT_ID_PLACEHOLDER = '{id}';

/** Creates the draft of a text that is to go out. */
export async function createDraft(
	{ request, item, send }: HandlerContext,
	body: IDataObject,
): Promise<CloseResponse> {
	const draft = { ...body, status: 'draft' };
	const response = await send({
		...request,
		options: { ...request.options, body: draft },
		leadsToText: true,
		assumed: {
			body: { ...draft, id: DRAFT_ID_PLACEHOLDER },
			note: `A draft would be made before the SMS goes out; ${DRAFT_ID_PLACEHOLDER} stands for its ID.`,
		},
	});
	item.draftId = String(response.body.id);
	if (!item.options.dryRun) rememberDraft(item.draftId);
	return response;
}

/** What was seen of the draft that was created for the item. */
const seeDraft = ({ n8n }: Pick<HandlerContext, 'n8n'>, found: IDataObject): TextFact =>
	toTextFact(found as SmsActivity, n8n.getTimezone(), { origin: 'created' });

/**
 * Rejects a draft with nothing in it, or with more than may go out: the words of a template are not known before.
 *
 * @throws {ItemFailure}
 */
export function checkDraft({ n8n, item }: HandlerContext, draft: IDataObject) {
	const { text, attachments } = draft;
	const hasFiles = Array.isArray(attachments) && attachments.length > 0;
	const fail = (what: string, next: string) =>
		validationError(n8n, what, next).with({ text: seeDraft({ n8n }, draft) });
	if (text !== undefined && normalizeText(text) === '' && !hasFiles)
		throw fail(
			'The message is empty',
			'A template may have no words for this person: look at it in Close.',
		);
	const tooLong = findTooLong(draft, item.options);
	if (tooLong) throw fail(`The message ${tooLong.problem}`, tooLong.next);
}

/**
 * What was checked of a text, for the request that lets it go out: somebody may change the draft in between. Files are not
 * among it, since Close shows them at other addresses than those it takes: see `pickFiles`.
 */
export function pickChecked(found: IDataObject): IDataObject {
	const fields = ['text', 'remote_phone', 'local_phone'];
	const isGiven = (field: string) => typeof found[field] === 'string' && found[field] !== '';
	return Object.fromEntries(fields.filter(isGiven).map((field) => [field, found[field]]));
}

/** The files of a text that was read, which the response to the request that lets it go out must still show. */
export const pickFiles = ({ attachments }: IDataObject): IDataObject => ({
	attachments: attachments ?? [],
});

/** Sends or schedules the draft. @throws {ItemFailure} that says what was left in Close */
export async function sendDraft(
	{ n8n, item, send, trySend, ...context }: HandlerContext,
	update: RoutingRequest,
): Promise<CloseResponse> {
	const id = item.draftId!;
	return await send(update).catch(async (error: unknown) => {
		if (!isRequestFailure(error) || item.unknownOutcome) throw error;
		// What was seen since, which may be newer than what a read shows now: Close may still be at work.
		if (error.facts.text) throw error;
		const current = await trySend(smsRead(context, id));
		if (isSurvived(current)) throw error;
		// Somebody else may have sent it.
		const isOut = current.body.status !== 'draft';
		const change = update.options.body as IDataObject;
		if (isOut && findDifferences(change, current.body).length === 0) return current;
		throw error.with({ text: seeDraft({ n8n }, current.body) });
	});
}

/**
 * Deletes the draft that was created for a text that must not go out.
 *
 * @returns the text that is left, as it was last seen; what a fresh read does not show as a draft is never deleted
 */
async function deleteDraft({
	n8n,
	item,
	trySend,
	...context
}: HandlerContext): Promise<TextFact | undefined> {
	const { draftId, unknownOutcome } = item;
	if (!draftId) return undefined;
	// An earlier try may still be sending it.
	if (unknownOutcome) return { id: draftId, origin: 'created' };
	const current = await trySend(smsRead(context, draftId));
	if (isSurvived(current)) return { id: draftId, origin: 'created' };
	const left = seeDraft({ n8n }, current.body);
	if (current.body.status !== 'draft') return left;
	if (isSurvived(await trySend(smsDeletion(context, draftId)))) return left;
	item.draftId = undefined;
	return undefined;
}

/** When a text of ours is at the phone, for a person. */
function describePhoneTime({ status, ...text }: SmsActivity, zone: string): string {
	const time = inZone(status === 'scheduled' ? text.date_scheduled : text.date_sent, zone);
	if (time) return status === 'scheduled' ? `scheduled for ${time}` : `sent at ${time}`;
	return status === 'outbox' ? 'about to go out' : `created at ${inZone(text.date_created, zone)}`;
}

/** Outputs the earlier text in place of a new one. */
export async function toSkipOutput(
	context: HandlerContext,
	{ earlier, explain }: Skip,
): Promise<INodeExecutionData[]> {
	const { n8n, send } = context;
	const left = await deleteDraft(context);
	const { items } = await send(smsRead(context, earlier.id));
	const note = explain(describePhoneTime(earlier, n8n.getTimezone()));
	return withNote(
		items,
		left
			? `${note} The draft ${left.id}, which was created for this item, was left in Close.`
			: note,
	);
}

/**
 * Deletes the draft of a text that must not go out, or of which that is not known; what is left is added to the failure.
 *
 * @param hasBegun whether a request to let it go out may have been sent: what Close refused stays
 */
export async function withDraftDeleted(
	context: HandlerContext,
	error: unknown,
	hasBegun: boolean,
): Promise<unknown> {
	if (!(error instanceof ItemFailure) || error.facts.text) return error;
	if (hasBegun && isRequestFailure(error)) return error;
	const text = await deleteDraft(context);
	return text ? error.with({ text }) : error;
}
