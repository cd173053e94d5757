import {
	NodeApiError,
	type IDataObject,
	type IExecutePaginationFunctions,
	type INodeExecutionData,
} from 'n8n-workflow';
import type { SmsActivity } from '../../../../shared/closeTypes';
import { normalizeText } from '../../../../shared/fieldValues';
import { describeStatus } from '../../../../shared/describeStatus';
import { withNote } from '../../../output/withNote';
import { appendToMessage, STILL_A_DRAFT } from '../../../transport/request/itemErrors';
import type {
	AssumedResponse,
	CloseResponse,
	HandledItem,
	OperationHandler,
	RoutingRequest,
	Send,
} from '../../../transport/request/operationHandler';
import { findDifferences } from '../../../transport/request/responseCheck';
import { inZone } from '../../../../shared/time';
import { validationError } from '../../../validation/validationError';
import type { Asker } from '../people/lookUp';
import { readSendRules, requirePlan, sendByRules, type Plan } from './sendRules';
import { MayBeDuplicateError, unlessDuplicate } from './duplicates';
import { smsRequest } from '../api/smsRequest';
import { waitUntilSent } from './waitUntilSent';

const DRAFT_ID_PLACEHOLDER = '{id}';

/** Creates the draft, or reads the one that an earlier try created. */
async function createDraft(
	send: Send,
	request: RoutingRequest,
	item: HandledItem,
	body: IDataObject,
): Promise<CloseResponse> {
	if (item.draftId) return await send(smsRequest(request, 'GET', undefined, item.draftId));
	const draft = { ...body, status: 'draft' };
	const response = await send(
		{ ...request, options: { ...request.options, body: draft }, leadsToText: true },
		{
			body: { ...draft, id: DRAFT_ID_PLACEHOLDER },
			note: `A draft would be made before the text goes out; ${DRAFT_ID_PLACEHOLDER} stands for its ID.`,
		},
	);
	item.draftId = String(response.body.id);
	return response;
}

/** Rejects a draft with nothing in it, as when a template gives no words. @throws {NodeOperationError} */
function rejectEmptyText(
	context: IExecutePaginationFunctions,
	{ text, attachments, id }: IDataObject,
) {
	const hasFiles = Array.isArray(attachments) && attachments.length > 0;
	if (text === undefined || normalizeText(text) !== '' || hasFiles) return;
	throw validationError(
		context,
		`The text is empty, so nobody was texted; it was left as the draft ${String(id)}`,
		'A template may have no words for this person: look at it in Close, then send the draft, or delete it.',
	);
}

/** Sends or schedules a draft, as a plan has it. @throws {NodeApiError} that says what was left in Close */
async function sendDraft(
	context: IExecutePaginationFunctions,
	{ send, request, item }: Asker,
	{ body: change, isCurrent }: Plan,
	assumed?: AssumedResponse,
): Promise<CloseResponse> {
	const id = item.draftId!;
	const update = { ...smsRequest(request, 'PUT', change, id), isCurrent };
	return await send(update, assumed).catch(async (error: Error) => {
		if (!(error instanceof NodeApiError)) throw error;
		if (item.unknownOutcome) throw appendToMessage(error, `Its ID is ${id}`);
		const read = smsRequest(request, 'GET', undefined, id);
		const current = await send(read).catch(() => undefined);
		if (!current) throw appendToMessage(error, `Its ID is ${id}`);
		// Somebody else may have sent it.
		const isOut = current.body.status !== 'draft';
		if (isOut && findDifferences(change, current.body).length === 0) return current;
		const state = describeStatus(current.body as SmsActivity, context.getTimezone());
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
async function deleteDraft(
	send: Send,
	request: RoutingRequest,
	item: HandledItem,
): Promise<boolean> {
	const { draftId, unknownOutcome } = item;
	if (!draftId) return true;
	// An earlier try may still be sending it.
	if (unknownOutcome) return false;
	try {
		const current = await send(smsRequest(request, 'GET', undefined, draftId));
		if (current.body.status !== 'draft') return false;
		await send(smsRequest(request, 'DELETE', undefined, draftId));
		item.draftId = undefined;
		return true;
	} catch {
		return false;
	}
}

const describeLeft = (draftId?: string) =>
	`${draftId}, which was created to render the template, was left in Close`;

/** Outputs the earlier text in place of a new one. */
async function toDuplicateOutput(
	context: IExecutePaginationFunctions,
	send: Send,
	request: RoutingRequest,
	item: HandledItem,
	duplicate: SmsActivity,
): Promise<INodeExecutionData[]> {
	const { draftId } = item;
	const isDeleted = await deleteDraft(send, request, item);
	const { items } = await send(smsRequest(request, 'GET', undefined, duplicate.id));
	const created = inZone(duplicate.date_created, context.getTimezone());
	const note = `Not sent again: this is the same text to the same number, created at ${created}.`;
	return withNote(items, isDeleted ? note : `${note} ${describeLeft(draftId)}.`);
}

/**
 * The filter of Close that finds the texts of the same person; a lead's number may be in several contacts. Where they were
 * found by the number there is none: an earlier text may have gone out before its number was in Close.
 */
const recipientFilter = ({ lead_id, contact_id }: IDataObject): IDataObject =>
	lead_id ? { lead_id } : contact_id ? { contact_id } : {};

/**
 * Texts a person. The text is created as a draft first and then sent by its ID: Close has no idempotency key, so after a
 * lost response nobody could say whether a create had texted the person. A lost draft texts nobody, and a draft whose ID
 * is known can be read.
 */
export const handleSend: OperationHandler = async function (send, request, item, waitFor) {
	const { status, date_scheduled: date, ...body } = request.options.body as IDataObject;
	const change = { status, ...(date ? { date_scheduled: date } : {}) };
	const asker = { send, request, item, waitFor };
	let draft: CloseResponse | undefined;
	const getDraft = async () => (draft ??= await createDraft(send, request, item, body));
	/** Whether an earlier try let it go out in this way. */
	const isDone = async (asked: IDataObject) =>
		item.draftId !== undefined && findDifferences(asked, (await getDraft()).body).length === 0;
	if (await isDone(change)) return await waitUntilSent(this, asker, await getDraft());
	const rules = await readSendRules(this, asker, {
		remotePhone: body.remote_phone,
		contactId: body.contact_id,
		leadId: body.lead_id,
	});
	const plan = requirePlan(rules, change);
	if (await isDone(plan.body))
		return withNote(await waitUntilSent(this, asker, await getDraft()), plan.note);
	let note: string | undefined;
	const sendText = async () => {
		rejectEmptyText(this, (await getDraft()).body);
		const left = `It was left as the draft ${item.draftId}, and nobody was texted`;
		const sent = await sendByRules(
			rules,
			change,
			async (plan, assumed) => await sendDraft(this, asker, plan, assumed),
			left,
		);
		note = sent.note;
		return sent.response;
	};
	const finish = async (response: CloseResponse) =>
		withNote(await waitUntilSent(this, asker, response), note);
	const minutes = item.options.skipIfTextedWithin;
	if (minutes === 0) return await finish(await sendText());
	const text = body.template_id ? (await getDraft()).body.text : body.text;
	let isSending = false;
	const message = {
		text,
		remotePhone: body.remote_phone,
		recipientFilter: request.isRecipientFound ? {} : recipientFilter(body),
		ownId: item.draftId,
		minutes,
	};
	let sent: CloseResponse;
	try {
		const account = JSON.stringify([request.options.baseURL, this.getNode().credentials]);
		const result = await unlessDuplicate(
			account,
			send,
			request,
			item,
			waitFor,
			message,
			async () => {
				isSending = true;
				return await sendText();
			},
		);
		if ('duplicate' in result)
			return await toDuplicateOutput(this, send, request, item, result.duplicate);
		sent = result.response;
	} catch (error) {
		const { draftId } = item;
		const isLeft = !isSending && !(await deleteDraft(send, request, item));
		const cause =
			error instanceof MayBeDuplicateError
				? validationError(
						this,
						'Not sent: the same text may just have been sent to the same number',
						"Close's response to that one got lost. Look at it in Close before you run this item again.",
					)
				: (error as Error);
		throw isLeft
			? appendToMessage(cause, `The draft ${draftId} was left in Close, and nobody was texted`)
			: cause;
	}
	return await finish(sent);
};
