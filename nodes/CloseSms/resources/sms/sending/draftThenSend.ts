import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { TEXTS_NOBODY, type SmsActivity } from '../../../../shared/closeTypes';
import { describeStatus, toTextFact } from '../../../../shared/describeStatus';
import {
	isRequestFailure,
	ItemFailure,
	type TextFact,
} from '../../../../shared/errors/itemFailure';
import { validationError, type ItemContext } from '../../../../shared/errors/validationError';
import { monotonicNow } from '../../../../shared/delay';
import { normalizeText } from '../../../../shared/content';
import { inZone } from '../../../../shared/time';
import { withNote } from '../../../output/withNote';
import {
	isSurvived,
	type CloseResponse,
	type HandlerContext,
	type RoutingRequest,
} from '../../../transport/request/operationHandler';
import { findTooLong } from '../../../validation/messageLength';
import { describeDifferences, findDifferences } from '../../../transport/request/responseCheck';
import { tryReadSms, smsDeletion, smsRead } from '../api/smsRequest';
import type { Skip } from './dispatch';
import { rememberDraft } from './duplicates';

const DRAFT_ID_PLACEHOLDER = '{id}';

/** Creates the draft of a text that is to go out. */
export async function createDraft(
	context: HandlerContext,
	body: IDataObject,
): Promise<CloseResponse> {
	const { request, item, send } = context;
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
	item.drafted = pickKept(response.body);
	if (!item.options.dryRun) rememberDraft(context, item.draftId);
	return response;
}

/**
 * Reads the draft that an earlier try of n8n's Retry On Fail created for the item.
 *
 * @returns undefined when there is none
 * @throws {ItemFailure} when it is not what it was any more: nobody asked for what it is now
 */
export async function readEarlierDraft(
	context: HandlerContext,
): Promise<CloseResponse | undefined> {
	const { n8n, item, send } = context;
	const { draftId, drafted = {} } = item;
	if (draftId === undefined) return undefined;
	const draft = await send(smsRead(context, draftId));
	const changed = findDifferences(drafted, draft.body);
	if (changed.length === 0) return draft;
	throw validationError(
		n8n,
		`The draft of an earlier try was changed in Close: ${describeDifferences(changed, drafted, draft.body, n8n.getNode())}`,
		'It was not sent by this item. Look at it in Close.',
	).with({
		text: seeDraft(context, draft.body, {
			wasChangedByOther: draft.body.status !== 'draft',
			// Close may still be at work on the request of that try.
			afterMs: item.unknownOutcome && monotonicNow() - item.unknownOutcome.since,
		}),
	});
}

/** What was seen of the draft that was created for the item. */
const seeDraft = (
	{ n8n }: Pick<HandlerContext, 'n8n'>,
	found: IDataObject,
	more: Partial<Parameters<typeof toTextFact>[2]> = {},
): TextFact => toTextFact(found as SmsActivity, n8n.getTimezone(), { origin: 'created', ...more });

/**
 * Rejects a draft with nothing in it, or with more than may go out: the words of a template are not known before.
 *
 * @throws {ItemFailure}
 */
export function checkDraft({ n8n, item }: HandlerContext, draft: IDataObject) {
	const { text, attachments } = draft;
	const hasFiles = Array.isArray(attachments) && attachments.length > 0;
	const seen = seeDraft({ n8n }, draft);
	if (text !== undefined && normalizeText(text) === '' && !hasFiles)
		throw validationError(
			n8n,
			'The message is empty',
			'A template may have no words for this person: look at it in Close.',
		).with({ text: seen });
	rejectTooLong({ n8n, item }, draft, seen);
}

/**
 * @param sms what goes out
 * @param text what is known of it, for the error
 * @throws {ItemFailure} when its message is longer than may go out
 */
export function rejectTooLong(
	{ n8n, item }: Pick<HandlerContext, 'n8n' | 'item'>,
	sms: IDataObject,
	text: TextFact,
): void {
	const tooLong = findTooLong(sms, item.options);
	if (tooLong)
		throw validationError(n8n, `The message ${tooLong.problem}`, tooLong.next).with({ text });
}

/**
 * What was checked of a text, for the request that lets it go out: somebody may change the draft in between. Files are not
 * among it, since Close shows them at other addresses than those it takes: see `pickKept`.
 */
export function pickChecked(found: IDataObject): IDataObject {
	const fields = ['text', 'remote_phone', 'local_phone'];
	const isGiven = (field: string) => typeof found[field] === 'string' && found[field] !== '';
	return Object.fromEntries(fields.filter(isGiven).map((field) => [field, found[field]]));
}

/**
 * What a person gets, and from whom: a text that was read, or created, is to be so still when it goes out. Of a template
 * only Close knows the words before it has rendered them. And when it last changed.
 */
export function pickKept(found: IDataObject): IDataObject {
	const { attachments, text, remote_phone: to, local_phone: from, template_id: template } = found;
	return {
		date_updated: found.date_updated,
		attachments: attachments ?? [],
		remote_phone: to,
		// Close may choose one.
		...(from ? { local_phone: from } : {}),
		...(template && !text ? {} : { text: text || null }),
	};
}

/**
 * Rejects a text that Close does not show: what would go out is not known.
 *
 * @throws {ItemFailure}
 */
export function requireContent(
	n8n: ItemContext,
	{ text, attachments, template_id: template }: IDataObject,
): void {
	const hasFiles = Array.isArray(attachments) && attachments.length > 0;
	if (text || template || hasFiles) return;
	throw validationError(
		n8n,
		'It is not known what this SMS says: Close shows neither words nor files of it',
		'In doubt nobody is texted. Look at it in Close.',
	);
}

/** Sends or schedules the draft. @throws {ItemFailure} that says what was left in Close */
export async function sendDraft(
	context: HandlerContext,
	update: RoutingRequest,
): Promise<CloseResponse> {
	return await context.send(update).catch(async (error: unknown) => {
		// What was seen since may be newer than what a read shows now: Close may still be at work.
		if (!isRequestFailure(error) || error.facts.text) throw error;
		const current = await tryReadSms(context, context.item.draftId);
		if (!current) throw error;
		// Somebody else may have sent it.
		const isOut = current.body.status !== 'draft';
		const wanted = update.expected ?? (update.options.body as IDataObject);
		if (isOut && findDifferences(wanted, current.body).length === 0) return current;
		throw error.with({ text: seeDraft(context, current.body) });
	});
}

/**
 * Deletes the draft that was created for a text that must not go out.
 *
 * @returns the text that is left, as it was last seen; what a fresh read does not show as a draft is never deleted
 */
async function deleteDraft(context: HandlerContext): Promise<TextFact | undefined> {
	const { item, trySend } = context;
	const { draftId } = item;
	if (!draftId) return undefined;
	const current = await tryReadSms(context, draftId);
	if (!current) return { id: draftId, origin: 'created' };
	const left = seeDraft(context, current.body);
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

/**
 * Outputs the earlier text in place of a new one.
 *
 * @throws {ItemFailure} when that one goes out to nobody any more
 */
export async function toSkipOutput(
	context: HandlerContext,
	{ earlier, explain }: Skip,
): Promise<INodeExecutionData[]> {
	const { n8n, send } = context;
	const left = await deleteDraft(context);
	const { items, body } = await send(smsRead(context, earlier.id));
	const current = { ...earlier, ...body } as SmsActivity;
	if (current.status !== earlier.status && TEXTS_NOBODY.has(current.status))
		throw validationError(
			n8n,
			`Not sent: ${earlier.id}, which kept it back, ${describeStatus(current, n8n.getTimezone())} by now`,
			'Run this item again to send it all the same.',
		).with({ text: left });
	const notes = [
		explain(describePhoneTime(current, n8n.getTimezone())),
		!current.remote_phone && 'Close does not show the number of that one.',
		left && `The draft ${left.id}, which was created for this item, was left in Close.`,
	];
	return withNote(items, notes.filter(Boolean).join(' '));
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
