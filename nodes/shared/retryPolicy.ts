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
	/** Each one creates something new. */
	| 'create';

/** What to do after a request that failed. */
export type NextStep =
	/** Send it again, after a wait. */
	| 'retry'
	/** Read the SMS, after a wait, and send the request again only if it was not carried out. */
	| 'readBack'
	/** Give up: an error. */
	| 'report'
	/** An earlier attempt carried it out. */
	| 'done';

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
			return url === '/data/search/' ? 'read' : 'create';
	}
}

/** Whether Close delivers a text to a phone, now or later, because of this request. */
export const sendsText = (kind: RequestKind, body: IDataObject): boolean =>
	(kind === 'updateSms' || kind === 'create') && OUTGOING_STATUSES.has(body.status);

/** Failures after which nothing was carried out, so that the same request may go out again. */
const NOT_ACCEPTED = new Set(['rateLimited', 'unavailable', 'unreachable']);

/**
 * What to do after a failed request. Close has no idempotency key.
 *
 * @param failure why it failed
 * @param wasUnknown whether an earlier attempt of the same request had an unknown outcome
 */
export function getNextStep(
	kind: RequestKind,
	{ kind: failure, status }: Pick<RequestFailure, 'kind' | 'status'>,
	wasUnknown: boolean,
): NextStep {
	if (kind === 'delete' && wasUnknown && status === 404) return 'done';
	const isUnknown = failure === 'outcomeUnknown';
	if (kind === 'updateSms' && (isUnknown || wasUnknown)) return 'readBack';
	// A create that may have been carried out must not be repeated.
	if (kind === 'create' && (isUnknown || wasUnknown)) return 'report';
	return isUnknown || NOT_ACCEPTED.has(failure) ? 'retry' : 'report';
}

/** What n8n's HTTP client calls a response that did not come in time. */
const TIME_OUT = /^(ETIMEDOUT|ECONNABORTED|ESOCKETTIMEDOUT|HTTP 504)$/;
const BROKEN_CONNECTION = /^(ECONNRESET|EPIPE|ERR_STREAM|socket hang up)/;

/**
 * How long Close may still be at work on a request whose response got lost, in milliseconds: a read before that may
 * show what was so before. Close documents nothing; a gateway that timed out leaves its server running, a broken
 * connection may, while a whole response, however unreadable, comes after the work.
 */
export function getSettleMs({ reason }: Pick<RequestFailure, 'reason'>): number {
	if (TIME_OUT.test(reason)) return 5000;
	return BROKEN_CONNECTION.test(reason) ? 2000 : 500;
}
