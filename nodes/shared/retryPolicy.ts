import type { IDataObject, IHttpRequestMethods } from 'n8n-workflow';
import { OUTGOING_STATUSES } from './closeTypes';
import type { RequestFailure } from './errors/requestFailure';

/** Kinds of requests, by what repeating them would do. */
export type RequestKind =
	/** Can be repeated without harm. */
	| 'read'
	| 'upload'
	/** Sets fields to values: to do it twice is to do it once. */
	| 'edit'
	| 'delete'
	/** Updates an SMS: it may text a person, and what is no draft any more cannot be updated again. */
	| 'updateSms'
	/** Each one creates a further SMS, which is in Close's list by the time that it was created. */
	| 'createSms'
	/** Each one creates something new. */
	| 'create';

/** What to do after a request that failed. To look is to read the SMS, or to list what was created. */
export type NextStep =
	/** Send it again, after a wait. */
	| 'retry'
	/** Look, after a wait, and send it again only if it was not carried out. */
	| 'lookThenRetry'
	/** Look. If it was not carried out, or nobody can say, give up: an error. */
	| 'lookThenReport'
	/** Give up: an error. */
	| 'report'
	/** An earlier attempt carried it out. */
	| 'done';

/** Whether attempts that failed may have been carried out; each is more than the one before. */
export type Doubt =
	/** Close says that none was. */
	| 'none'
	/** Only of what texts nobody: a 503 may come after the work was done, or while it still is. */
	| 'unlikely'
	/** No response says so, or not. */
	| 'unknown';

export function getRequestKind({
	method = 'GET',
	url = '',
	isUpload = false,
}: {
	method?: IHttpRequestMethods;
	url?: string;
	isUpload?: boolean;
}): RequestKind {
	if (isUpload) return 'upload';
	switch (method) {
		case 'GET':
			return 'read';
		case 'DELETE':
			return 'delete';
		case 'PUT':
			return url.startsWith('/activity/sms/') ? 'updateSms' : 'edit';
		default:
			// A search changes nothing.
			if (url === '/data/search/') return 'read';
			return url === '/activity/sms/' ? 'createSms' : 'create';
	}
}

/** Whether Close delivers a text to a phone, now or later, because of this request. */
export const sendsText = (kind: RequestKind, body: IDataObject): boolean =>
	(kind === 'updateSms' || kind === 'createSms') && OUTGOING_STATUSES.has(body.status);

/** Failures after which the same request may go out again. */
const NOT_ACCEPTED = new Set(['rateLimited', 'unavailable', 'unreachable']);

/** What a failure leaves in doubt, together with the failures before it. */
export function addDoubt(earlier: Doubt, { kind }: Pick<RequestFailure, 'kind'>): Doubt {
	if (kind === 'outcomeUnknown') return 'unknown';
	return kind === 'unavailable' && earlier === 'none' ? 'unlikely' : earlier;
}

/**
 * What to do after a failed request. Close has no idempotency key.
 *
 * @param failure why it failed
 * @param earlier what earlier attempts of the same request leave in doubt
 */
export function getNextStep(
	kind: RequestKind,
	{ kind: failure, status }: Pick<RequestFailure, 'kind' | 'status'>,
	earlier: Doubt,
): NextStep {
	const doubt = addDoubt(earlier, { kind: failure });
	const isRejected = !NOT_ACCEPTED.has(failure) && failure !== 'outcomeUnknown';
	switch (kind) {
		case 'updateSms':
			if (isRejected) return doubt === 'none' ? 'report' : 'lookThenReport';
			return doubt === 'unknown' ? 'lookThenRetry' : 'retry';
		case 'createSms':
			if (doubt === 'none') return isRejected ? 'report' : 'retry';
			// What may have been created must not be created again.
			return isRejected || doubt === 'unknown' ? 'lookThenReport' : 'lookThenRetry';
		case 'create':
			return isRejected || doubt === 'unknown' ? 'report' : 'retry';
		case 'delete':
			if (status === 404 && doubt !== 'none') return 'done';
			return isRejected ? 'report' : 'retry';
		default:
			return isRejected ? 'report' : 'retry';
	}
}

/**
 * What a failure says of a request: a 503 of Close may come while it is still at work, or after. Where a text may go out
 * that is as unknown as after a 502; what texts nobody is repeated.
 */
export function readFailure(failure: RequestFailure, isText: boolean): RequestFailure {
	const isInDoubt = isText && failure.kind === 'unavailable' && failure.status === 503;
	return isInDoubt ? { ...failure, kind: 'outcomeUnknown' } : failure;
}

/**
 * How long Close may still be at work on a request whose outcome is unknown, in milliseconds: a look before that may show
 * what was so before. Close documents nothing, so this is a guess, and the same for a time-out, a broken connection, an
 * unreadable response and each status: what takes longer than an SMS usually does hangs somewhere, and the 502 of a
 * gateway says no more about that than a broken connection. Before anything that can text a person is repeated, Close is
 * looked at twice, the time between being as long again: work that ends within ten seconds is seen. Web servers commonly
 * let it go on for up to 30 seconds (gunicorn's `timeout`); to wait for that after each lost response would hold up a run
 * for minutes, so an error says how long was waited.
 */
export const SETTLE_MS = 5000;

/** How often to look before a request is repeated, or given up: twice where it may text a person. */
export const countLooks = (kind: RequestKind, body: IDataObject): number =>
	sendsText(kind, body) ? 2 : 1;
