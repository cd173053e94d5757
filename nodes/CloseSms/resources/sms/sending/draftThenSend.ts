import { NodeApiError, type IDataObject, type INodeExecutionData } from 'n8n-workflow';
import type { SmsActivity } from '../../../../shared/closeTypes';
import { normalizeText } from '../../../../shared/fieldValues';
import { describeStatus } from '../../../../shared/describeStatus';
import { withNote } from '../../../output/withNote';
import { appendToMessage, STILL_A_DRAFT } from '../../../transport/request/itemErrors';
import {
	isSurvived,
	type CloseResponse,
	type HandlerContext,
	type RoutingRequest,
} from '../../../transport/request/operationHandler';
import { findDifferences } from '../../../transport/request/responseCheck';
import { inZone } from '../../../../shared/time';
import { validationError } from '../../../validation/validationError';
import { MayBeDuplicateError } from './duplicates';
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

/** Rejects a draft with nothing in it, as when a template gives no words. @throws {NodeOperationError} */
export function rejectEmptyText({ n8n }: HandlerContext, { text, attachments, id }: IDataObject) {
	const hasFiles = Array.isArray(attachments) && attachments.length > 0;
	if (text === undefined || normalizeText(text) !== '' || hasFiles) return;
	throw validationError(
		n8n,
		`The text is empty, so nobody was texted; it was left as the draft ${String(id)}`,
		'A template may have no words for this person: look at it in Close, then send the draft, or delete it.',
	);
}

/** Sends or schedules the draft. @throws {NodeApiError} that says what was left in Close */
export async function sendDraft(
	{ n8n, item, send, trySend, ...context }: HandlerContext,
	update: RoutingRequest,
): Promise<CloseResponse> {
	const id = item.draftId!;
	return await send(update).catch(async (error: Error) => {
		if (!(error instanceof NodeApiError)) throw error;
		if (item.unknownOutcome) throw appendToMessage(error, `Its ID is ${id}`);
		const current = await trySend(smsRead(context, id));
		if (isSurvived(current)) throw appendToMessage(error, `Its ID is ${id}`);
		// Somebody else may have sent it.
		const isOut = current.body.status !== 'draft';
		const change = update.options.body as IDataObject;
		if (isOut && findDifferences(change, current.body).length === 0) return current;
		const state = describeStatus(current.body as SmsActivity, n8n.getTimezone());
		if (isOut) throw appendToMessage(error, `${id} ${state}`);
		// The transport may have read it, and said so, before.
		const isSaid = error.message.endsWith(STILL_A_DRAFT);
		throw appendToMessage(
			error,
			isSaid ? `Its ID is ${id}` : `It was left as the draft ${id}, and nobody was texted`,
		);
	});
}

/**
 * Deletes the draft that was created to render a template.
 *
 * @returns whether no draft is left; what a fresh read does not show as a draft is never deleted
 */
async function deleteDraft({ item, trySend, ...context }: HandlerContext): Promise<boolean> {
	const { draftId, unknownOutcome } = item;
	if (!draftId) return true;
	// An earlier try may still be sending it.
	if (unknownOutcome) return false;
	const current = await trySend(smsRead(context, draftId));
	if (isSurvived(current) || current.body.status !== 'draft') return false;
	if (isSurvived(await trySend(smsDeletion(context, draftId)))) return false;
	item.draftId = undefined;
	return true;
}

const describeLeft = (draftId?: string) =>
	`${draftId}, which was created to render the template, was left in Close`;

/** Outputs the earlier text in place of a new one. */
export async function toDuplicateOutput(
	context: HandlerContext,
	duplicate: SmsActivity,
): Promise<INodeExecutionData[]> {
	const { n8n, item, send } = context;
	const { draftId } = item;
	const isDeleted = await deleteDraft(context);
	const { items } = await send(smsRead(context, duplicate.id));
	const created = inZone(duplicate.date_created, n8n.getTimezone());
	const note = `Not sent again: this is the same text to the same number, created at ${created}.`;
	return withNote(items, isDeleted ? note : `${note} ${describeLeft(draftId)}.`);
}

/** Adds what became of the draft of a text that must not be sent. */
export async function toNotSentError(context: HandlerContext, error: Error): Promise<Error> {
	const { draftId } = context.item;
	const isLeft = !(await deleteDraft(context));
	const cause =
		error instanceof MayBeDuplicateError
			? validationError(
					context.n8n,
					'Not sent: the same text may just have been sent to the same number',
					`${error.reason} Look at it in Close before you run this item again.`,
				)
			: error;
	return isLeft
		? appendToMessage(cause, `The draft ${draftId} was left in Close, and nobody was texted`)
		: cause;
}

/**
 * The filter of Close that finds the texts of the same person; a lead's number may be in several contacts. Where they were
 * found by the number there is none: an earlier text may have gone out before its number was in Close.
 */
export const recipientFilter = ({ lead_id, contact_id }: IDataObject): IDataObject =>
	lead_id ? { lead_id } : contact_id ? { contact_id } : {};
