import type {
	IDataObject,
	IExecutePaginationFunctions,
	INodeExecutionData,
	NodeApiError,
} from 'n8n-workflow';
import type { SmsActivity } from '../../../../shared/closeTypes';
import type { CloseResponse, RoutingRequest } from '../../../transport/requestWithRetry';
import { withNote } from '../../../output/withNote';
import { validationError } from '../../../validation/validationError';
import { draftsOf } from '../../../transport/run';
import type { Send, OperationHandler } from '../../../transport/operationHandler';
import { inZone } from '../../../validation/time';
import { getSkipMinutes, unlessDuplicate } from './skipDuplicates';
import { smsRequest } from './smsRequest';

const DRAFT_ID_PLACEHOLDER = '{id}';

/** Makes the draft, or finds the one that an earlier try made. */
async function createDraft(
	context: IExecutePaginationFunctions,
	send: Send,
	request: RoutingRequest,
	body: IDataObject,
): Promise<CloseResponse> {
	const drafts = draftsOf(context);
	const made = drafts.get(context.getItemIndex());
	if (made) return await send(smsRequest(request, 'GET', undefined, made));
	const draft = { ...body, status: 'draft' };
	const response = await send(
		{ ...request, options: { ...request.options, body: draft } },
		{
			body: { ...draft, id: DRAFT_ID_PLACEHOLDER },
			note: `A draft would be made before the text goes out; ${DRAFT_ID_PLACEHOLDER} stands for its ID.`,
		},
	);
	if (!response.body.id) {
		throw validationError(
			context,
			'A draft may have been left in Close, and nobody was texted',
			'Close answered without the ID of the draft. Look for it in Close before you run this item again.',
		);
	}
	drafts.set(context.getItemIndex(), String(response.body.id));
	return response;
}

/** Lets a draft go out. @throws {NodeApiError} that says what is left in Close */
async function sendDraft(
	send: Send,
	request: RoutingRequest,
	id: string,
	change: IDataObject,
): Promise<CloseResponse> {
	return await send(smsRequest(request, 'PUT', change, id)).catch(async (error: NodeApiError) => {
		const look = smsRequest(request, 'GET', undefined, id);
		const now = await send(look).catch(() => undefined);
		if (now && now.body.status !== 'draft') return now;
		const left = now ? `It was left as the draft ${id}, and nobody was texted` : `Its ID is ${id}`;
		error.message = `${error.message.replace(/\.$/, '')}. ${left}`;
		throw error;
	});
}

/** Shows the earlier text instead, and takes back the draft that was made to render a template. */
async function toDuplicateOutput(
	context: IExecutePaginationFunctions,
	send: Send,
	request: RoutingRequest,
	twin: SmsActivity,
): Promise<INodeExecutionData[]> {
	const draft = draftsOf(context).get(context.getItemIndex());
	const removed =
		!draft ||
		(await send(smsRequest(request, 'DELETE', undefined, draft)).then(
			() => draftsOf(context).delete(context.getItemIndex()),
			() => false,
		));
	const { items } = await send(smsRequest(request, 'GET', undefined, twin.id));
	const created = inZone(twin.date_created, context.getTimezone());
	const note = `Not sent again: this is the same text to the same number, created at ${created}.`;
	return withNote(items, removed ? note : `${note} The draft ${draft} was left in Close.`);
}

/** The filter of Close that finds the texts of the same person; a lead's number may be in several contacts. */
const recipientFilter = ({ lead_id, contact_id }: IDataObject): IDataObject =>
	lead_id ? { lead_id } : contact_id ? { contact_id } : {};

/**
 * Creates a text. One that is to go out is first a draft: Close has no idempotency key, so a create that sends must
 * never be in doubt, while a lost draft texts nobody, and what becomes of a known draft can be looked up.
 */
export const handleCreate: OperationHandler = async function (send, request) {
	const { status, date_scheduled: date, ...body } = request.options.body as IDataObject;
	if (status !== 'outbox' && status !== 'scheduled') return (await send(request)).items;
	const change = { status, ...(date ? { date_scheduled: date } : {}) };
	let made: CloseResponse | undefined;
	const draft = async () => (made ??= await createDraft(this, send, request, body));
	const work = async () => {
		const response = await draft();
		// An earlier try let it go out.
		if (response.body.status !== 'draft') return response;
		return await sendDraft(send, request, String(response.body.id), change);
	};
	const minutes = getSkipMinutes(this);
	if (!(minutes > 0)) return (await work()).items;
	const text = body.template_id ? (await draft()).body.text : body.text;
	const ownId = draftsOf(this).get(this.getItemIndex());
	const message = {
		text,
		remotePhone: body.remote_phone,
		recipientFilter: recipientFilter(body),
		ownId,
	};
	const run = this.getExecuteData();
	const outcome = await unlessDuplicate(run, send, request, message, minutes, work);
	return 'duplicate' in outcome
		? await toDuplicateOutput(this, send, request, outcome.duplicate)
		: outcome.answer.items;
};
