import type { IDataObject, IExecutePaginationFunctions } from 'n8n-workflow';
import type { SmsActivity } from '../../../shared/closeTypes';
import { backoffDelay, delay, monotonicNow } from '../../../shared/delay';
import { toFailure, type RequestFailure } from '../../../shared/errors/requestFailure';
import {
	toCancelledFailure,
	toChangedFailure,
	toDeadlineFailure,
	toLockedFailure,
	toRequestFailure,
	toUnknownFailure,
} from './itemFailures';
import type { ItemState } from './itemState';
import { OutdatedError, type CloseResponse, type RoutingRequest } from './operationHandler';
import { judgeReadBack } from './judgeReadBack';
import { findBodyError } from './responseBody';
import {
	CancelledError,
	Deadline,
	DeadlineError,
	type Admission,
	type RequestQueue,
} from '../queue/requestQueue';
import { findDifferences } from './responseCheck';
import {
	getNextStep,
	getRequestKind,
	getSettleMs,
	sendsText,
	type RequestKind,
} from '../../../shared/retryPolicy';

/** What an item needs to send one request, with the retries and the time that it has left for it. */
interface RetryContext {
	context: IExecutePaginationFunctions;
	queue: RequestQueue;
	signal?: AbortSignal;
	item: ItemState;
	retriesLeft: number;
	deadline: Deadline;
	/**
	 * Called when a response shows that the request has failed for good, before any other request is admitted.
	 *
	 * @param status of the response
	 */
	onFailure: (status?: number) => void;
}

/** Retries and time of a request that finds out or takes back what another one did. */
const FOLLOW_UP_RETRIES = 3;
const FOLLOW_UP_MS = 30_000;

/** Such a request has a budget of its own: even if the other one has used up its own, the outcome matters. */
const forFollowUp = (retry: RetryContext): RetryContext => ({
	...retry,
	retriesLeft: Math.min(retry.item.options.maxRetries, FOLLOW_UP_RETRIES),
	deadline: new Deadline(FOLLOW_UP_MS),
});

const getBody = ({ options }: RoutingRequest) => (options.body ?? {}) as IDataObject;

const getKind = ({ options, upload }: RoutingRequest): RequestKind =>
	getRequestKind({ method: options.method, url: options.url, isUpload: upload !== undefined });

const getGroup = ({ queue }: RetryContext, { options }: RoutingRequest) =>
	queue.limiter.group(options.method ?? 'GET', options.url ?? '');

const isResponse = (value: CloseResponse | RequestFailure): value is CloseResponse =>
	'items' in value;

/** Remembers the text of a message, which must not appear in an error. */
function rememberText(item: ItemState, { text }: IDataObject): void {
	if (typeof text === 'string' && text !== '') item.secretTexts.add(text);
}

/** The fields in which the response to a write is not what was asked. */
function listDifferences(request: RoutingRequest, body: IDataObject): string[] {
	const kind = getKind(request);
	if (kind === 'read' || kind === 'upload' || kind === 'delete') return [];
	const isSms = (request.options.url ?? '').startsWith('/activity/sms/');
	return findDifferences(getBody(request), body, isSms);
}

/** Sends a request that was admitted. */
async function sendAdmitted(
	retry: RetryContext,
	request: RoutingRequest,
	admission: Admission,
): Promise<CloseResponse | RequestFailure> {
	const { context, item } = retry;
	const { options } = request;
	const kind = getKind(request);
	let failure: RequestFailure | undefined;
	// The engine writes into the options it is given; a retry must start from clean ones.
	const copy = {
		...request,
		options: { ...options, headers: { ...options.headers }, qs: { ...options.qs } },
	};
	item.response = undefined;
	const items = await context.makeRoutingRequest(copy).catch((error) => {
		failure = toFailure(error);
		return [];
	});
	const { body, headers = {} } = failure ?? item.response ?? {};
	const bodyError = failure
		? undefined
		: findBodyError(kind, options as { qs?: IDataObject }, body);
	if (bodyError) failure = { kind: 'outcomeUnknown', headers, body: undefined, reason: bodyError };
	admission.record({ headers, failure });
	const found = (body || {}) as IDataObject;
	const isToFail = failure
		? getNextStep(kind, failure, false) === 'report'
		: listDifferences(request, found).length > 0;
	// Before others are admitted: this response may be about to stop the run.
	if (isToFail) retry.onFailure(failure?.status);
	return failure ?? { items, body: found, time: Date.parse(String(headers.date)) };
}

/** Sends a request once, when the queue admits it. @throws {OutdatedError} when it is not current any more by then */
async function sendOnce(
	retry: RetryContext,
	request: RoutingRequest,
): Promise<CloseResponse | RequestFailure> {
	const { queue, item, deadline } = retry;
	const { leadsToText, isCurrent = () => true } = request;
	const isText = sendsText(getKind(request), getBody(request));
	const group = getGroup(retry, request);
	const admission = await queue.acquire({ item, group, deadline, sendsText: isText, leadsToText });
	let result: CloseResponse | RequestFailure | undefined;
	try {
		if (isCurrent()) result = await sendAdmitted(retry, request, admission);
		else admission.cancel();
	} finally {
		admission.release();
	}
	if (!result) throw new OutdatedError();
	if (!isResponse(result)) return result;
	rememberText(item, result.body);
	return (await request.upload?.uploadFile(result.body)) ?? result;
}

/** Like `sendOnce`, but the queue's errors that are final for the item are made into errors for a person. */
async function sendInTime(
	retry: RetryContext,
	request: RoutingRequest,
): Promise<CloseResponse | RequestFailure> {
	return await sendOnce(retry, request).catch((error: Error) => {
		if (error instanceof CancelledError) throw toCancelledFailure(retry.context);
		if (error instanceof DeadlineError) throw toDeadlineFailure(retry.context, error.waitedFor);
		throw error;
	});
}

/** When a request began by Close's clock, which a later response names; in milliseconds since 1970. */
function toCloseTime(startedAt: number, { time }: CloseResponse): number {
	const elapsed = monotonicNow() - startedAt;
	// Without Close's own time, the clocks may differ by a minute.
	return Number.isNaN(time) ? Date.now() - elapsed - 60_000 : time - elapsed;
}

/** Waits until Close has probably finished its work on a request whose response got lost. */
async function settle({ signal, item }: RetryContext): Promise<void> {
	if (!item.unknownOutcome) return;
	const { since, settleMs } = item.unknownOutcome;
	await delay(since + settleMs - monotonicNow(), signal);
}

/**
 * Reads what has become of an SMS after an unknown outcome.
 *
 * @returns the response if the request was carried out, otherwise the SMS as it is, and how long after the lost response
 * @throws {ItemFailure} of unknown outcome when it cannot be read; when the SMS can no longer be updated
 */
async function readBack(
	retry: RetryContext,
	request: RoutingRequest,
	failure: RequestFailure,
	startedAt: number,
): Promise<{ applied?: CloseResponse; current?: { found: SmsActivity; afterMs: number } }> {
	const { item } = retry;
	await settle(retry);
	const read = {
		...request,
		isCurrent: undefined,
		options: { ...request.options, method: 'GET' as const, body: undefined },
	};
	const found = await requestWithRetry(forFollowUp(retry), read).catch(() => undefined);
	if (!found) throw toUnknownFailure(retry, failure);
	const asked = getBody(request);
	const result = judgeReadBack(asked, found.body, toCloseTime(startedAt, found));
	if (result === 'unclear') throw toChangedFailure(retry, asked, found.body);
	const { since = startedAt } = item.unknownOutcome ?? {};
	item.unknownOutcome = undefined;
	if (result === 'applied') return { applied: found };
	if (result === 'locked') throw toLockedFailure(retry, asked, found.body as SmsActivity);
	return { current: { found: found.body as SmsActivity, afterMs: monotonicNow() - since } };
}

/** Records that a request may have been carried out. */
function recordUnknownOutcome(
	{ item }: RetryContext,
	request: RoutingRequest,
	failure: RequestFailure,
	startedAt: number,
): void {
	const body = getBody(request);
	const what = sendsText(getKind(request), body)
		? 'This text may have been sent'
		: request.options.method === 'POST' && body.status === 'draft'
			? 'A draft may have been left in Close, and nobody was texted'
			: 'This may have been done';
	item.unknownOutcome = {
		what,
		startedAt,
		since: monotonicNow(),
		settleMs: getSettleMs(failure),
	};
}

const FROM_EARLIER_TRY: RequestFailure = {
	kind: 'outcomeUnknown',
	headers: {},
	body: undefined,
	reason: 'the response to an earlier try got lost',
};

/**
 * Verifies that Close did what was asked. A text that it scheduled for another time is set back to a draft first.
 *
 * @throws {ItemFailure} that says what differs
 */
async function verifyResponse(
	retry: RetryContext,
	request: RoutingRequest,
	response: CloseResponse,
): Promise<CloseResponse> {
	if (listDifferences(request, response.body).length === 0) return response;
	const asked = getBody(request);
	const isCreated = request.options.method === 'POST';
	const { status, id } = response.body;
	if (asked.status !== 'scheduled' || status !== 'scheduled')
		throw toChangedFailure(retry, asked, response.body, { isCreated });
	const url = `/activity/sms/${String(id)}/`;
	const takeBack = {
		...request,
		isCurrent: undefined,
		options: { ...request.options, method: 'PUT' as const, url, body: { status: 'draft' } },
	};
	const taken = await requestWithRetry(forFollowUp(retry), takeBack).catch(() => undefined);
	throw toChangedFailure(retry, asked, response.body, { isCreated, takenBack: taken?.body });
}

/**
 * Sends a request until a proper response says that it was carried out as asked.
 *
 * 429, 503 and unreachable hosts: sent again, since nothing was accepted. 500, 502, 504, lost and unreadable responses:
 * read back first where a repeat could do something twice. Close has no idempotency key. See `retryPolicy`.
 *
 * @throws {ItemFailure} in Close's words; of unknown outcome when it stayed so; when the SMS is locked, Close did something
 * else, or the execution was cancelled
 * @throws {NotStartedError} @throws {StoppedError} when the run was stopped before
 * @throws {OutdatedError} when it was not current any more; what an earlier attempt did was read back before
 */
export async function requestWithRetry(
	retry: RetryContext,
	request: RoutingRequest,
): Promise<CloseResponse> {
	const { queue, signal, item } = retry;
	const kind = getKind(request);
	// That of an earlier try with an unknown outcome, if there was one: what that did must not pass for somebody else's change.
	const startedAt = item.unknownOutcome?.startedAt ?? monotonicNow();
	rememberText(item, getBody(request));
	let wasUnknown = item.unknownOutcome !== undefined;
	if (wasUnknown && kind === 'create') throw toUnknownFailure(retry, FROM_EARLIER_TRY);
	let mustReadFirst = wasUnknown && kind === 'updateSms';
	let failure = FROM_EARLIER_TRY;
	for (let attempts = 0; ; attempts++) {
		if (mustReadFirst) {
			const { applied } = await readBack(retry, request, failure, startedAt);
			if (applied) return applied;
		}
		const result = await sendInTime(retry, request);
		if (isResponse(result)) {
			if (kind !== 'read' && kind !== 'upload') item.unknownOutcome = undefined;
			return await verifyResponse(retry, request, result);
		}
		failure = result;
		const nextStep = getNextStep(kind, failure, wasUnknown);
		if (nextStep === 'done') {
			item.unknownOutcome = undefined;
			return { items: [], body: {}, time: NaN };
		}
		if (failure.kind === 'outcomeUnknown' && kind !== 'read' && kind !== 'upload') {
			wasUnknown = true;
			recordUnknownOutcome(retry, request, failure, startedAt);
		}
		mustReadFirst = nextStep === 'readBack';
		// A 429 of Close pauses the whole endpoint group already; one of its storage does not.
		const pausedForMs =
			failure.kind === 'rateLimited' ? queue.limiter.pausedForMs(getGroup(retry, request)) : 0;
		// Other processes with this key wait for the same moment: without jitter they would be rejected together again.
		const wait = pausedForMs + backoffDelay(attempts);
		const canRetry =
			nextStep !== 'report' &&
			failure.kind !== 'rejected' &&
			retry.retriesLeft-- > 0 &&
			monotonicNow() + wait <= retry.deadline.at;
		if (!canRetry) {
			if (nextStep !== 'readBack') {
				if (item.unknownOutcome && kind !== 'read') throw toUnknownFailure(retry, failure);
				throw toRequestFailure(retry, request, failure);
			}
			const { unknownOutcome } = item;
			const { applied, current } = await readBack(retry, request, failure, startedAt);
			if (applied) return applied;
			// Close may be at work on it still: the next try looks again before it sends anything.
			if (failure.kind !== 'rejected') item.unknownOutcome = unknownOutcome;
			throw toRequestFailure(retry, request, failure, current);
		}
		await delay(wait, signal);
	}
}
