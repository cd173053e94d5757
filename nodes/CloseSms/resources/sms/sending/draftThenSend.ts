import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import type { SmsActivity } from '../../../../shared/closeTypes';
import { toTextFact } from '../../../../shared/describeStatus';
import {
	isRequestFailure,
	ItemFailure,
	type TextFact,
} from '../../../../shared/errors/itemFailure';
import { normalizeText } from '../../../../shared/fieldValues';
import { withNote } from '../../../output/withNote';
import {
	isSurvived,
	type CloseResponse,
	type HandlerContext,
	type RoutingRequest,
} from '../../../transport/request/operationHandler';
import { findDifferences } from '../../../transport/request/responseCheck';
import { inZone } from '../../../../shared/time';
import { validationError } from '../../../validation/validationError';
import { smsDeletion, smsRead } from '../api/smsRequest';

const DRAFT_ID_PLACEHOLDER = '{id}';

/** Creates the draft, or reads the one that an earlier try created. */
export async function createDraft(
	context: HandlerContext,
	body: IDataObject,
): Promise<CloseResponse> {
	const { request, item, send } = context;
	if (item.draftId) return await send(smsRead(context, item.draftId));
	const draft = { ...body, status: 'draft' };
	const response = await send({
		...request,
		options: { ...request.options, body: draft },
		leadsToText: true,
		assumed: {
			body: { ...draft, id: DRAFT_ID_PLACEHOLDER },
			note: `A draft would be made before the text goes out; ${DRAFT_ID_PLACEHOLDER} stands for its ID.`,
		},
	});
	item.draftId = String(response.body.id);
	return response;
}

/** What was seen of the draft that was created for the item. */
export const seeDraft = ({ n8n }: Pick<HandlerContext, 'n8n'>, found: IDataObject): TextFact =>
	toTextFact(found as SmsActivity, n8n.getTimezone(), { origin: 'created' });

/** Rejects a draft with nothing in it, as when a template gives no words. @throws {ItemFailure} */
export function rejectEmptyText({ n8n }: HandlerContext, draft: IDataObject) {
	const { text, attachments } = draft;
	const hasFiles = Array.isArray(attachments) && attachments.length > 0;
	if (text === undefined || normalizeText(text) !== '' || hasFiles) return;
	throw validationError(
		n8n,
		'The text is empty',
		'A template may have no words for this person: look at it in Close.',
	).with({ text: seeDraft({ n8n }, draft) });
}

/** Sends or schedules the draft. @throws {ItemFailure} that says what was left in Close */
export async function sendDraft(
	{ n8n, item, send, trySend, ...context }: HandlerContext,
	update: RoutingRequest,
): Promise<CloseResponse> {
	const id = item.draftId!;
	return await send(update).catch(async (error: unknown) => {
		if (!isRequestFailure(error) || item.unknownOutcome) throw error;
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
 * Deletes the draft that was created to render a template.
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

const describeLeft = (draftId: string) =>
	`${draftId}, which was created to render the template, was left in Close`;

/** Outputs the earlier text in place of a new one. */
export async function toDuplicateOutput(
	context: HandlerContext,
	duplicate: SmsActivity,
): Promise<INodeExecutionData[]> {
	const { n8n, send } = context;
	const left = await deleteDraft(context);
	const { items } = await send(smsRead(context, duplicate.id));
	const created = inZone(duplicate.date_created, n8n.getTimezone());
	const note = `Not sent again: this is the same text to the same number, created at ${created}.`;
	return withNote(items, left ? `${note} ${describeLeft(left.id)}.` : note);
}

/** Adds what became of the draft of a text that must not be sent. */
export async function withDraftLeft(context: HandlerContext, error: unknown): Promise<unknown> {
	const text = await deleteDraft(context);
	return error instanceof ItemFailure && text ? error.with({ text }) : error;
}

/**
 * The filter of Close that finds the texts of the same person; a lead's number may be in several contacts. Where they were
 * found by the number there is none: an earlier text may have gone out before its number was in Close.
 */
export const recipientFilter = ({ lead_id, contact_id }: IDataObject): IDataObject =>
	lead_id ? { lead_id } : contact_id ? { contact_id } : {};
