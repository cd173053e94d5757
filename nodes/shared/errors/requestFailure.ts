import type { IDataObject } from 'n8n-workflow';
import { formatSeconds } from '../time';

/**
 * What became of a request without a proper response:
 * `rateLimited` (429) and `unavailable` (503) were not accepted and `unreachable` never arrived, so each may be sent again
 * (but see `readFailure` of `retryPolicy.ts` for a 503 to what can text a person);
 * `rejected` was not carried out, for a reason that Close gives; `outcomeUnknown` may have been carried out or not.
 */
export type FailureKind =
	| 'rateLimited'
	| 'unavailable'
	| 'unreachable'
	| 'rejected'
	| 'outcomeUnknown';

export interface RequestFailure {
	kind: FailureKind;
	/** The HTTP status, if there was a response. */
	status?: number;
	headers: IDataObject;
	body: unknown;
	/** For a person: "HTTP 503", "ECONNRESET", "an empty response". */
	reason: string;
	/** What to do about it, where the status does not say it. */
	next?: string;
}

/** Error codes of Node.js for a request of which not a single byte was sent. */
const NEVER_SENT_CODES = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN']);

/** Such a code comes while connecting, and also from a connection that was in use: then the request may have arrived. */
const UNREACHABLE_CODES = new Set(['EHOSTUNREACH', 'ENETUNREACH']);

/** Whether Node.js got no connection; of several addresses it gives all errors. */
const isConnectError = ({ message, cause }: EngineError) =>
	message?.startsWith('connect ') === true || cause?.errors !== undefined;

/**
 * Not by Close, but by a gateway in front of it, which may have passed the request on: 408 and 499 say that somebody
 * waited too long or hung up, 425 that it may be a repeated request. Those above 500 (520 to 527 of Cloudflare) are alike.
 */
const GATEWAY_STATUSES = new Set([408, 425, 499]);

interface EngineError {
	message?: string;
	description?: string | null;
	/** Only on errors that n8n itself made. */
	shouldReport?: boolean;
	config?: { url?: string };
	httpCode?: string | null;
	code?: string;
	context?: { data?: unknown };
	response?: { status?: number; headers?: IDataObject; data?: unknown };
	cause?: EngineError;
	/** Only on an `AggregateError`. */
	errors?: unknown[];
}

function classify(
	status: number | undefined,
	code: string | undefined,
	source: EngineError,
): FailureKind {
	if (status === 429) return 'rateLimited';
	if (status === 503) return 'unavailable';
	if (status === undefined) {
		const isNeverSent =
			NEVER_SENT_CODES.has(code!) || (UNREACHABLE_CODES.has(code!) && isConnectError(source));
		return isNeverSent ? 'unreachable' : 'outcomeUnknown';
	}
	// A 2xx in an error is a response that was cut off.
	const isUnknown = status >= 500 || status < 300 || GATEWAY_STATUSES.has(status);
	return isUnknown ? 'outcomeUnknown' : 'rejected';
}

/** Error codes of n8n's OAuth client when it was given no token (`@n8n/client-oauth2`). */
const NO_TOKEN_CODES = new Set(['EAUTH', 'ESTATUS']);

/**
 * Reads the error of a request that n8n did not send, or for which it could get no new token after Close had rejected
 * the old one (n8n-core `requestOAuth2`). Either way nothing was carried out.
 *
 * @returns undefined for every other error
 */
function toCredentialFailure({ cause }: EngineError): RequestFailure | undefined {
	if (!cause || cause.httpCode) return undefined;
	const isOfN8n = cause.shouldReport !== undefined || NO_TOKEN_CODES.has(cause.code ?? '');
	const isTokenServer = /\/oauth2\/token\b/.test(cause.config?.url ?? '');
	if (!isOfN8n && !isTokenServer) return undefined;
	return {
		kind: isOfN8n ? 'rejected' : 'unavailable',
		headers: {},
		body: undefined,
		reason: cause.message ?? 'no token',
		next: cause.description ?? 'Open the credential in n8n and connect it again.',
	};
}

/** What n8n's HTTP client calls a response that did not come in time. */
const TIME_OUT_CODES = new Set(['ECONNABORTED', 'ESOCKETTIMEDOUT', 'ETIMEDOUT']);

const toReason = (code = 'no response', afterMs?: number): string =>
	TIME_OUT_CODES.has(code) && afterMs !== undefined
		? `no response within ${formatSeconds(afterMs)}`
		: code;

/** A response that was not there, as a whole, in time. @param afterMs how long it was waited for, in milliseconds */
export const toLateFailure = (afterMs: number): RequestFailure =>
	toFailure({ code: 'ETIMEDOUT' }, afterMs);

/**
 * Reads the error that n8n's request helper throws: a `NodeApiError` with the axios error as `cause`
 * (n8n-core `httpRequestWithAuthentication`), or, for OAuth2, the axios error itself. Never throws.
 *
 * @param afterMs how long the request took, in milliseconds
 */
export function toFailure(thrown: unknown, afterMs?: number): RequestFailure {
	const error = (thrown ?? {}) as EngineError;
	const unsent = toCredentialFailure(error);
	if (unsent) return unsent;
	const source = error.cause ?? error;
	const response = source.response ?? error.response;
	const status = response?.status ?? (Number(error.httpCode) || undefined);
	const code = source.code ?? error.code;
	return {
		kind: classify(status, code, source),
		status,
		headers: response?.headers ?? {},
		body: response?.data ?? error.context?.data,
		reason: status ? `HTTP ${status}` : toReason(code, afterMs),
	};
}
