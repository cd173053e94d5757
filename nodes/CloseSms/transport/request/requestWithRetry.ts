import type { IDataObject, IExecutePaginationFunctions, INodeExecutionData } from 'n8n-workflow';
import { OUTGOING_STATUSES, type SmsActivity } from '../../../shared/closeTypes';
import { backoffDelay, delay, monotonicNow, withinTime } from '../../../shared/delay';
import {
	toFailure,
	toLateFailure,
	type RequestFailure,
} from '../../../shared/errors/requestFailure';
import {
	toCancelledFailure,
	toChangedFailure,
	toDeadlineFailure,
	toEditedFailure,
	toLockedFailure,
	toRequestFailure,
	toUndeliveredFailure,
	toUnknownFailure,
} from './itemFailures';
import { Budget, type Attempts } from './budget';
import type { ItemState } from './itemState';
import type { CloseResponse, RoutingRequest } from './operationHandler';
import type { CreatedSms } from './createdSms';
import {
	findCreated,
	isCovered,
	listCandidates,
	toCreatedQuery,
	wasThereBefore,
} from './findCreated';
import { judgeReadBack } from './judgeReadBack';
import { findBodyError } from './responseBody';
import type { Admission, RequestQueue } from '../queue/requestQueue';
import { withNote } from '../../output/withNote';
import { describeChosenNumber, findDifferences, hasFailed } from './responseCheck';
import { getWholeResponse } from './wholeResponse';
import {
	addDoubt,
	countLooks,
	getNextStep,
	getRequestKind,
	readFailure,
	sendsText,
	SETTLE_MS,
	type NextStep,
	type RequestKind,
} from '../../../shared/retryPolicy';
import { CancelledError, DeadlineError, StaleError } from '../flowErrors';

/** What an item needs to send one request, with the retries and the time that it has left for it. */
interface RetryContext {
	context: IExecutePaginationFunctions;
	queue: RequestQueue;
	signal?: AbortSignal;
	item: ItemState;
	budget: Budget;
	/**
	 * Called when a response shows that the request has failed for good, before any other request is admitted.
	 *
	 * @param status of the response
	 */
	onFailure: (status?: number) => void;
	/** What the items of the run created. */
	created: CreatedSms;
}

/** The request for the user whose key it is (Close: "Me"). */
const ME = { url: '/me/', qs: { _fields: 'id' } };

/** Retries and time of a request that finds out or takes back what another one did. */
const FOLLOW_UP_RETRIES = 3;
const FOLLOW_UP_MS = 30_000;

/** A budget of its own: the outcome matters even when the request it is about has used up its own. */
const forFollowUp = (retry: RetryContext): RetryContext => ({
	...retry,
	budget: new Budget(Math.min(retry.item.options.maxRetries, FOLLOW_UP_RETRIES), FOLLOW_UP_MS),
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

/** What the item was to do, as far as this request brings it about. */
const getExpected = (request: RoutingRequest) => request.expected ?? getBody(request);

const isWrite = (kind: RequestKind) => kind !== 'read' && kind !== 'upload';

/** Steps that end in an error, unless a look shows otherwise. */
const REPORTED = new Set<NextStep>(['report', 'lookThenReport']);

const canLook = (kind: RequestKind) => kind === 'updateSms' || kind === 'createSms';

/** The fields in which the response to a write is not what the item was to do. */
function listDifferences(request: RoutingRequest, body: IDataObject): string[] {
	const kind = getKind(request);
	if (!isWrite(kind) || kind === 'delete') return [];
	return findDifferences(getExpected(request), body, canLook(kind));
}

/** What came of one attempt. */
interface Exchange {
	items: INodeExecutionData[];
	body: unknown;
	headers: IDataObject;
	failure?: RequestFailure;
}

/** One attempt, by the engine. Never throws. */
async function exchange(
	{ context, budget }: RetryContext,
	request: RoutingRequest,
): Promise<Exchange> {
	const { options } = request;
	// The engine writes into the options it is given; a retry must start from clean ones.
	const copy = {
		...request,
		options: {
			...options,
			headers: { ...options.headers },
			qs: { ...options.qs },
			timeout: budget.limitTimeout(options.timeout),
		},
	};
	const toFailed = (thrown: RequestFailure): Exchange => {
		const failure = readFailure(thrown, sendsText(getKind(request), getBody(request)));
		return { items: [], body: failure.body, headers: failure.headers, failure };
	};
	const sentAt = monotonicNow();
	const received = context.makeRoutingRequest(copy).then(
		(items): Exchange => ({ items, body: undefined, headers: {}, ...getWholeResponse(items) }),
		(error: unknown) => toFailed(toFailure(error, monotonicNow() - sentAt)),
	);
	// n8n's own time-out is for a connection on which nothing comes.
	return await withinTime(received, budget.limitTimeout(), (afterMs) =>
		toFailed(toLateFailure(afterMs)),
	);
}

async function sendAdmitted(
	retry: RetryContext,
	request: RoutingRequest,
	admission: Admission,
): Promise<CloseResponse | RequestFailure> {
	const { budget, created } = retry;
	const { options } = request;
	const kind = getKind(request);
	budget.sent++;
	const sentAt = monotonicNow();
	const sent = exchange(retry, request);
	const {
		items,
		body,
		headers,
		failure: thrown,
	} = kind === 'createSms' ? await created.during(getBody(request), sent) : await sent;
	let failure = thrown;
	const response = {
		items,
		body: (body || {}) as IDataObject,
		time: Date.parse(String(headers.date)),
	};
	const bodyError = failure
		? undefined
		: (findBodyError(kind, options as { qs?: IDataObject }, body) ??
			findOlder(retry, request, response, sentAt));
	if (bodyError) failure = { kind: 'outcomeUnknown', headers, body: undefined, reason: bodyError };
	admission.record({ headers, failure });
	const isToFail = failure
		? REPORTED.has(getNextStep(kind, failure, 'none'))
		: listDifferences(request, response.body).length > 0;
	// Before others are admitted: this response may be about to stop the run.
	if (isToFail) retry.onFailure(failure?.status);
	return failure ?? response;
}

/** By how much the clocks may differ where Close does not name its time, in milliseconds. */
const UNKNOWN_CLOCK_MS = 60_000;

/** When a request began by Close's clock, which a later response names; in milliseconds since 1970. */
function toCloseTime(startedAt: number, { time }: CloseResponse): number {
	const elapsed = monotonicNow() - startedAt;
	return Number.isNaN(time) ? Date.now() - elapsed - UNKNOWN_CLOCK_MS : time - elapsed;
}

/** Why a response to a create cannot be about what it created; that is then looked for. */
function findOlder(
	{ created }: RetryContext,
	request: RoutingRequest,
	response: CloseResponse,
	sentAt: number,
): string | undefined {
	if (getKind(request) !== 'createSms') return undefined;
	const { body } = response;
	const isOlder =
		created.isKnown(String(body.id)) ||
		wasThereBefore(getBody(request), body, toCloseTime(sentAt, response));
	return isOlder ? 'a response about another SMS, which was there before' : undefined;
}

/** The second step of an upload, if the request is one. @returns what went wrong, if something did */
async function uploadInTime(
	{ budget }: RetryContext,
	{ upload, options }: RoutingRequest,
	presigned: IDataObject,
): Promise<RequestFailure | undefined> {
	if (!upload) return undefined;
	const timeout = budget.limitTimeout(options.timeout);
	const uploading = upload.uploadFile(presigned, timeout);
	return await withinTime(uploading, budget.limitTimeout(), toLateFailure);
}

/**
 * Sends a request once, when the queue admits it.
 *
 * @throws {ItemFailure} when the execution was cancelled, or the queue did not admit it in time
 * @throws {StaleError} when it is stale by then @throws {NotStartedError} @throws {StoppedError}
 */
async function sendOnce(
	retry: RetryContext,
	request: RoutingRequest,
): Promise<CloseResponse | RequestFailure> {
	const { context, queue, item, budget } = retry;
	const { leadsToText, isStale = () => false } = request;
	const admitted = queue.acquire({
		item,
		group: getGroup(retry, request),
		deadline: budget.deadline,
		sendsText: sendsText(getKind(request), getBody(request)),
		leadsToText,
	});
	const admission = await admitted.catch((error: Error) => {
		if (error instanceof CancelledError) throw toCancelledFailure(context);
		if (error instanceof DeadlineError) throw toDeadlineFailure(context, error.waitedFor);
		throw error;
	});
	let result: CloseResponse | RequestFailure | undefined;
	try {
		if (isStale()) admission.cancel();
		else result = await sendAdmitted(retry, request, admission);
	} finally {
		admission.release();
	}
	if (!result) throw new StaleError();
	if (!isResponse(result)) return result;
	rememberText(item, result.body);
	return (await uploadInTime(retry, request, result.body)) ?? result;
}

/** What a look showed of a request. */
interface Look {
	/** The response, if it was carried out. */
	applied?: CloseResponse;
	/** Otherwise the SMS, if it could be read, and how long after the attempt. */
	current?: { found: SmsActivity; afterMs: number };
}

/** A read of what a request was to change or create; nothing when it failed. */
async function look(
	retry: RetryContext,
	request: RoutingRequest,
	settings: { url?: string; qs?: IDataObject } = {},
): Promise<CloseResponse | undefined> {
	const read = {
		...request,
		isStale: undefined,
		options: { ...request.options, ...settings, method: 'GET' as const, body: undefined },
	};
	return await requestWithRetry(forFollowUp(retry), read).catch(() => undefined);
}

/**
 * Waits until Close has probably ended its work on a request whose response got lost.
 *
 * @param times how often that time is to have passed
 */
async function settle({ signal, item }: RetryContext, times = 1): Promise<void> {
	if (!item.unknownOutcome) return;
	await delay(item.unknownOutcome.since + times * SETTLE_MS - monotonicNow(), signal);
}

/**
 * Reads what has become of an SMS; twice before it is believed that a request that can text a person was not carried out.
 *
 * @throws {ItemFailure} of unknown outcome when it cannot be read; when the SMS can no longer be updated
 */
async function readBack(
	retry: RetryContext,
	request: RoutingRequest,
	{ startedAt, lostAt, failure }: Attempts,
): Promise<Look> {
	const { item } = retry;
	const body = getBody(request);
	const looks = countLooks(getKind(request), body);
	for (let times = 1; ; times++) {
		await settle(retry, times);
		const askedAt = monotonicNow();
		const found = await look(retry, request);
		if (!found && item.unknownOutcome) throw toUnknownFailure(retry, failure);
		if (!found) return {};
		const began = toCloseTime(startedAt, found);
		// Close names the time when it responds: the response may have been long on its way.
		const startedBy =
			began + monotonicNow() - askedAt + (Number.isNaN(found.time) ? 2 * UNKNOWN_CLOCK_MS : 0);
		const { expected } = request;
		const { kept = request.kept } = item.unknownOutcome ?? {};
		const asked = { body, expected, kept, startedAt: began, startedBy };
		const sms = found.body as SmsActivity;
		const result = judgeReadBack(asked, sms);
		const afterMs = monotonicNow() - lostAt;
		if (result === 'notApplied') {
			const { since } = item.unknownOutcome ?? {};
			if (since !== undefined && times < looks && monotonicNow() < since + looks * SETTLE_MS)
				continue;
			return { current: { found: sms, afterMs } };
		}
		if (result === 'unclear' && sms.status === 'draft' && item.unknownOutcome)
			throw toEditedFailure(retry, failure, sms);
		if (result === 'unclear') throw toChangedFailure(retry, getExpected(request), sms, { afterMs });
		item.unknownOutcome = undefined;
		if (result === 'failed') throw toUndeliveredFailure(item, sms);
		if (result === 'locked') throw toLockedFailure(retry, body, sms);
		return { applied: withChosenNumber(request, found) };
	}
}

/**
 * Looks in Close's list for the SMS that a request created whose response did not come.
 *
 * @throws {ItemFailure} of unknown outcome when the list cannot be read, or it is not known which it is
 */
async function lookForCreated(
	retry: RetryContext,
	request: RoutingRequest,
	{ startedAt, failure }: Attempts,
): Promise<Look> {
	const { item, created } = retry;
	await settle(retry);
	const body = getExpected(request);
	const list = async (since: number) =>
		await look(retry, request, { qs: toCreatedQuery(body, since) });
	const askForUser = async () => (await look(retry, request, ME))?.body.id;
	const toUnclear = (ids: string[] = []) => {
		if (!item.unknownOutcome) recordUnknownOutcome(retry, request, startedAt);
		return toUnknownFailure(retry, failure, ids);
	};
	const guess = Date.now() - (monotonicNow() - startedAt);
	let found = await list(guess);
	if (!found) throw toUnclear();
	const began = toCloseTime(startedAt, found);
	// Our clock is ahead of Close's: what was created was not asked for.
	if (!isCovered(guess, began)) found = (await list(began)) ?? found;
	const create = { body, startedAt: began };
	const candidates = listCandidates(create, found.body, (taken) => created.isKnown(taken));
	if (!candidates) throw toUnclear();
	if (candidates.length === 0) return {};
	const result = findCreated(create, candidates, await created.getUserId(askForUser));
	if (result.result === 'notCreated') return {};
	if (result.result === 'unclear') throw toUnclear(result.ids);
	const id = String(result.sms.id);
	if (created.isAwaited(getBody(request))) throw toUnclear([id]);
	created.take(id);
	const applied = await look(retry, request, { url: `/activity/sms/${id}/`, qs: {} });
	// Somebody may have changed it since it was listed.
	const isSame = listCandidates(create, { data: [applied?.body ?? null] }, () => false)?.length;
	if (!applied || !isSame) {
		created.release(id);
		throw toUnclear([id]);
	}
	item.unknownOutcome = undefined;
	return { applied };
}

const findOut = async (
	retry: RetryContext,
	request: RoutingRequest,
	attempts: Attempts,
): Promise<Look> =>
	getKind(request) === 'createSms'
		? await lookForCreated(retry, request, attempts)
		: await readBack(retry, request, attempts);

function recordUnknownOutcome(
	{ item }: RetryContext,
	request: RoutingRequest,
	startedAt: number,
): void {
	const body = getBody(request);
	const what = sendsText(getKind(request), body)
		? 'This SMS may have been sent'
		: getKind(request) === 'createSms' && body.status === 'draft'
			? 'A draft may have been left in Close, and nobody was texted'
			: 'This may have been done';
	const { kept = request.kept } = item.unknownOutcome ?? {};
	item.unknownOutcome = { what, startedAt, since: monotonicNow(), kept };
}

const FROM_EARLIER_TRY: RequestFailure = {
	kind: 'outcomeUnknown',
	headers: {},
	body: undefined,
	reason: 'the response to an earlier try got lost',
};

/** Says which number Close chose to send from, where it is another than the item was to have. */
function withChosenNumber(request: RoutingRequest, response: CloseResponse): CloseResponse {
	const note = describeChosenNumber(getExpected(request), response.body);
	return { ...response, items: withNote(response.items, note) };
}

/**
 * Verifies that Close did what the item was to do. A text that it scheduled for another time is set back to a draft
 * first.
 *
 * @throws {ItemFailure} that says what differs, or why the text could not be sent
 */
async function verifyResponse(
	retry: RetryContext,
	request: RoutingRequest,
	response: CloseResponse,
	{ startedAt }: Attempts,
): Promise<CloseResponse> {
	const { body } = response;
	const expected = getExpected(request);
	if (listDifferences(request, body).length === 0) return withChosenNumber(request, response);
	if (OUTGOING_STATUSES.has(expected.status) && body.status === 'draft') {
		// What was so before, perhaps.
		const failure = { ...FROM_EARLIER_TRY, reason: 'Close showed it as a draft still' };
		const attempts = { startedAt, lostAt: monotonicNow(), failure, doubt: 'unknown' as const };
		recordUnknownOutcome(retry, request, startedAt);
		const { applied, current } = await readBack(retry, request, attempts);
		if (applied) return applied;
		throw toChangedFailure(retry, expected, current?.found ?? body, { afterMs: current?.afterMs });
	}
	if (hasFailed(expected, body)) throw toUndeliveredFailure(retry.item, body as SmsActivity);
	const isCreated = getKind(request) === 'createSms';
	if (expected.status !== 'scheduled' || body.status !== 'scheduled')
		throw toChangedFailure(retry, expected, body, { isCreated });
	const url = `/activity/sms/${String(body.id)}/`;
	const takeBack = {
		...request,
		isStale: undefined,
		expected: undefined,
		options: { ...request.options, method: 'PUT' as const, url, body: { status: 'draft' } },
	};
	const taken = await requestWithRetry(forFollowUp(retry), takeBack).catch(() => undefined);
	throw toChangedFailure(retry, expected, body, { isCreated, takenBack: taken?.body });
}

/**
 * Sends a request until a proper response says that it was carried out as asked.
 *
 * 429 and unreachable hosts: sent again, since nothing was accepted. 503 too where nobody is texted, but it may come after
 * the work: a refusal after it is looked into. 500, 502, 504, lost and unreadable responses, and a 503 to what can text a
 * person: looked into before anything is sent that could do something twice. Close has no idempotency key. See
 * `retryPolicy`.
 *
 * @throws {ItemFailure} in Close's words; of unknown outcome when it stayed so; when the SMS is locked, Close did something
 * else or could not send it, or the execution was cancelled
 * @throws {NotStartedError} @throws {StoppedError} when the run was stopped before
 * @throws {StaleError} when it was stale; what an earlier attempt did was looked at before
 */
export async function requestWithRetry(
	retry: RetryContext,
	request: RoutingRequest,
): Promise<CloseResponse> {
	const { signal, item, budget, created } = retry;
	const kind = getKind(request);
	const { unknownOutcome } = item;
	rememberText(item, getBody(request));
	const attempts = (budget.attempts ??= {
		// Those of an earlier try with an unknown outcome: what that did must not pass for somebody else's change.
		startedAt: unknownOutcome?.startedAt ?? monotonicNow(),
		lostAt: unknownOutcome?.since ?? monotonicNow(),
		failure: FROM_EARLIER_TRY,
		doubt: unknownOutcome ? 'unknown' : 'none',
	});
	if (unknownOutcome && kind === 'create') throw toUnknownFailure(retry, FROM_EARLIER_TRY);
	let mustLook = unknownOutcome !== undefined && canLook(kind);
	for (;;) {
		if (mustLook) {
			const { applied } = await findOut(retry, request, attempts);
			if (applied) return applied;
			// What may have been created must not be created again.
			if (kind === 'createSms' && item.unknownOutcome)
				throw toUnknownFailure(retry, attempts.failure);
		}
		const result = await sendOnce(retry, request);
		if (isResponse(result)) {
			if (isWrite(kind)) item.unknownOutcome = undefined;
			if (kind === 'createSms') created.record(getBody(request), result.body);
			return await verifyResponse(retry, request, result, attempts);
		}
		const nextStep = getNextStep(kind, result, attempts.doubt);
		if (nextStep === 'done') {
			item.unknownOutcome = undefined;
			return { items: [], body: {}, time: NaN };
		}
		attempts.failure = result;
		attempts.doubt = addDoubt(attempts.doubt, result);
		if (addDoubt('none', result) !== 'none') attempts.lostAt = monotonicNow();
		if (result.kind === 'outcomeUnknown' && isWrite(kind))
			recordUnknownOutcome(retry, request, attempts.startedAt);
		mustLook = nextStep === 'lookThenRetry' || nextStep === 'lookThenReport';
		// A 429 of Close pauses the whole endpoint group already; one of its storage does not.
		const pausedForMs = result.kind === 'rateLimited' ? getGroup(retry, request).pausedForMs : 0;
		// As soon as the pause ends: whoever comes later finds the new window used up, again and again.
		const wait = Math.max(pausedForMs, backoffDelay(budget.sent - 1));
		const lookMs = mustLook ? countLooks(kind, getBody(request)) * SETTLE_MS : 0;
		const isInTime = monotonicNow() + Math.max(wait, lookMs) <= budget.deadline.at;
		const canRetry = !REPORTED.has(nextStep) && budget.takeRetry() && isInTime;
		if (!canRetry) {
			const isToLook = mustLook || (canLook(kind) && attempts.doubt !== 'none');
			const { applied, current } = isToLook ? await findOut(retry, request, attempts) : {};
			if (applied) return applied;
			// Close would have refused what is not done yet. But it refuses to send again what it has sent, too.
			if (current && result.kind === 'rejected' && !sendsText(kind, getBody(request)))
				item.unknownOutcome = undefined;
			if (item.unknownOutcome && kind !== 'read' && !current) throw toUnknownFailure(retry, result);
			throw toRequestFailure(retry, request, result, current);
		}
		await delay(wait, signal);
	}
}
