import type {
	DeclarativeRestApiSettings,
	IDataObject,
	IExecutePaginationFunctions,
	INodeExecutionData,
	NodeApiError,
} from 'n8n-workflow';
import { closeError } from '../../shared/errors/closeError';
import { toFailure, type RequestFailure } from '../../shared/errors/requestFailure';
import { serve, turnOf } from './requestQueue';
import {
	endpointGroup,
	recordResponse,
	recordSuccess,
	recordWindow,
	recordRateLimited,
	type EndpointGroup,
} from './rateLimiter';
import { takeAnswer, type Run } from './run';
import { backoffDelay, monotonicNow, delay } from '../../shared/delay';

export interface RoutingRequest extends DeclarativeRestApiSettings.ResultOptions {
	/** Announces a file and then carries it to where Close says; both can be repeated without harm. */
	upload?: {
		filename: string;
		uploadFile: (announced: IDataObject) => Promise<RequestFailure | undefined>;
	};
}

/** Close's answer: the items that the node's output settings make of it, and the body as Close gave it. */
export interface CloseResponse {
	items: INodeExecutionData[];
	body: IDataObject;
}

/** One item that sends requests. */
export interface RetryContext {
	context: IExecutePaginationFunctions;
	run: Run;
	retriesLeft: number;
	/** By the clock `now`. */
	deadline: number;
}

const getMethod = ({ options }: RoutingRequest) => options.method ?? 'GET';
const getBody = ({ options }: RoutingRequest) => (options.body ?? {}) as IDataObject;

/** What makes of a draft something that Close does not let be edited again. */
const LOCKED_STATUSES = new Set<unknown>(['scheduled', 'outbox', 'inbox', 'sent']);

/** Whether it does not matter if a request is carried out twice or for nothing. */
const isSafeToRepeat = (request: RoutingRequest) =>
	getMethod(request) === 'GET' || request.upload !== undefined;

/** Whether a request can bring a text to a phone. */
const sendsText = (request: RoutingRequest) =>
	getMethod(request) !== 'GET' && ['outbox', 'scheduled'].includes(String(getBody(request).status));

const isResponse = (value: CloseResponse | RequestFailure): value is CloseResponse =>
	'items' in value;

/** A maintenance page, a cut body or none say nothing about what became of a request, whatever the status. */
function isValidBody(request: RoutingRequest, body: unknown): body is IDataObject {
	if (getMethod(request) === 'DELETE') return !body || typeof body === 'object';
	return typeof body === 'object' && body !== null && Object.keys(body).length > 0;
}

/** Thrown for an item that sent nothing before its run was stopped. */
export class NotStartedError extends Error {}

/** Waits until a request may go out. @throws {NotStartedError} @throws {NodeApiError} when that would be too late */
async function acquireSlot(
	sender: RetryContext,
	request: RoutingRequest,
	group: EndpointGroup,
): Promise<void> {
	const { context, run, deadline } = sender;
	const index = context.getItemIndex();
	const isWanted = () => !run.signal?.aborted && (!run.stopped || run.started.has(index));
	const isHeld = () => run.held.size > 0 && !run.started.has(index);
	const turn = await turnOf(run.line, { index, group, deadline, isWanted, isHeld });
	if (turn === 'go') return void run.started.add(index);
	if (!run.started.has(index) && turn === 'unwanted') throw new NotStartedError();
	const none = { headers: {}, body: undefined };
	throw toFinalError(
		sender,
		request,
		turn === 'tooLate'
			? {
					...none,
					kind: 'rateLimited',
					status: 429,
					reason: "Close's limit leaves no room for it in time",
				}
			: { ...none, kind: 'rejected', reason: 'the execution was cancelled' },
	);
}

/** Sends a request once, when the pace of the run allows it. */
async function sendOnce(
	sender: RetryContext,
	request: RoutingRequest,
): Promise<CloseResponse | RequestFailure> {
	const { context, run } = sender;
	const { options } = request;
	const group = endpointGroup(run.pace, getMethod(request), options.url ?? '');
	await acquireSlot(sender, request, group);
	let fault: RequestFailure | undefined;
	// The engine writes into the options it is given; a retry must start from clean ones.
	const copy = {
		...request,
		options: { ...options, headers: { ...options.headers }, qs: { ...options.qs } },
	};
	const items = await context.makeRoutingRequest(copy).catch((error) => {
		fault = toFailure(error);
		return [];
	});
	const { body, headers } = fault ?? takeAnswer(run, context.getItemIndex());
	recordResponse(run.pace, group);
	recordWindow(group, headers);
	if (!fault) recordSuccess(run.pace);
	if (fault?.kind === 'rateLimited') recordRateLimited(run.pace, headers, body);
	serve(run.line);
	if (fault) return fault;
	if (isValidBody(request, body))
		return (await request.upload?.uploadFile(body)) ?? { items, body };
	return {
		kind: 'outcomeUnknown',
		headers,
		body: undefined,
		reason: body ? 'an answer that is not JSON' : 'an empty answer',
	};
}

/** Whether what is read back shows that a request was carried out. */
function wasApplied(wanted: IDataObject, found: IDataObject): boolean {
	if (wanted.status === 'outbox') return ['outbox', 'sent', 'error'].includes(String(found.status));
	const sameTime =
		!wanted.date_scheduled ||
		Date.parse(String(wanted.date_scheduled)) === Date.parse(String(found.date_scheduled));
	return found.status === wanted.status && sameTime;
}

/** What a person must know of a request whose outcome is unknown. */
function unknownOutcomeMessage(request: RoutingRequest): string {
	if (sendsText(request)) return 'This text may have been sent';
	return getMethod(request) === 'POST' && getBody(request).status === 'draft'
		? 'A draft may have been left in Close, and nobody was texted'
		: 'This may have been done';
}

function toFinalError(
	{ context, run }: RetryContext,
	request: RoutingRequest,
	fault: RequestFailure,
): NodeApiError {
	const secretText = getBody(request).text;
	if (request.upload) {
		const what = `'${request.upload.filename}' could not be uploaded`;
		return closeError(context, { failure: fault, what });
	}
	if (fault.kind !== 'outcomeUnknown' || isSafeToRepeat(request)) {
		const what = fault.kind === 'rejected' ? 'Close refused this' : 'Close did not take this';
		return closeError(context, { failure: fault, what, secretText });
	}
	const error = closeError(context, {
		failure: fault,
		what: unknownOutcomeMessage(request),
		next: "Close's answer got lost and what became of it could not be read back. Look at it in Close before you run this item again.",
		secretText,
	});
	run.unclear.set(context.getItemIndex(), error);
	return error;
}

/** Finds out whether a request with an unclear outcome was carried out; undefined when it can safely be sent again. */
async function readBack(
	sender: RetryContext,
	request: RoutingRequest,
	fault: RequestFailure,
): Promise<CloseResponse | undefined> {
	const method = getMethod(request);
	const wanted = getBody(request);
	if (isSafeToRepeat(request)) return undefined;
	if (method === 'POST') throw toFinalError(sender, request, fault);
	// To delete or to make the same edit once more changes nothing.
	if (method !== 'PUT' || !LOCKED_STATUSES.has(wanted.status)) return undefined;
	const look: RoutingRequest = {
		...request,
		options: { ...request.options, method: 'GET', body: undefined },
	};
	const found = await requestWithRetry(sender, look).catch(() => undefined);
	if (!found) throw toFinalError(sender, request, fault);
	return wasApplied(wanted, found.body) ? found : undefined;
}

/** Waits before a request is sent again, or gives up. */
async function waitBeforeRetry(
	sender: RetryContext,
	request: RoutingRequest,
	fault: RequestFailure,
	attempt: number,
): Promise<void> {
	const { pace, signal } = sender.run;
	// A 429 of Close holds the whole run already; one of its store of files does not.
	const held = fault.kind === 'rateLimited' ? Math.max(0, pace.resumeAt - monotonicNow()) : 0;
	// Other executions with this key wait for the same moment: those that come back together are refused together.
	const wait = held + backoffDelay(attempt);
	if (
		fault.kind === 'rejected' ||
		sender.retriesLeft-- <= 0 ||
		monotonicNow() + wait > sender.deadline
	) {
		throw toFinalError(sender, request, fault);
	}
	await delay(wait, signal);
}

/**
 * Sends a request until it has a proper answer.
 *
 * 429, 503 and unreached hosts: sent again, since nothing was accepted. 500, 502, 504, lost and unreadable answers:
 * read back first where a repeat could do something twice. Close has no idempotency key.
 *
 * @throws {NodeApiError} in Close's words; "may have been sent" when that could not be found out
 */
export async function requestWithRetry(
	sender: RetryContext,
	request: RoutingRequest,
): Promise<CloseResponse> {
	let lost = !isSafeToRepeat(request) && sender.run.unclear.has(sender.context.getItemIndex());
	for (let attempt = 0; ; attempt++) {
		const outcome: CloseResponse | RequestFailure =
			lost && attempt === 0
				? {
						kind: 'outcomeUnknown',
						headers: {},
						body: undefined,
						reason: 'the answer to an earlier try got lost',
					}
				: await sendOnce(sender, request);
		if (isResponse(outcome)) return outcome;
		if (outcome.status === 404 && lost && getMethod(request) === 'DELETE')
			return { items: [], body: {} };
		// A refusal may come of a lost try that was carried out late.
		if (outcome.kind === 'outcomeUnknown' || (lost && outcome.kind === 'rejected')) {
			lost = true;
			const found = await readBack(sender, request, { ...outcome, kind: 'outcomeUnknown' });
			if (found) return found;
		}
		await waitBeforeRetry(sender, request, outcome, attempt);
	}
}
