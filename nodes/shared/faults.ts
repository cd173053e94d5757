import type { IDataObject } from 'n8n-workflow';

/**
 * What became of a request that got no proper answer:
 * `limited` (429) and `busy` (503) were not accepted and `unreached` never arrived, so each may be sent again;
 * `refused` was answered with a reason; `unclear` may have been carried out or not.
 */
export type FaultKind = 'limited' | 'busy' | 'unreached' | 'refused' | 'unclear';

export interface Fault {
	kind: FaultKind;
	/** HTTP status, when Close answered. */
	status?: number;
	headers: IDataObject;
	body: unknown;
	/** For a person: "503", "ECONNRESET", "an empty answer". */
	reason: string;
	/** What to do about it, where the status does not say it. */
	next?: string;
}

/** Errors of Node.js that come before a single byte was sent. */
const NEVER_ARRIVED = new Set([
	'ECONNREFUSED',
	'ENOTFOUND',
	'EAI_AGAIN',
	'EHOSTUNREACH',
	'ENETUNREACH',
]);

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
}

function kindOf(status: number | undefined, code: string | undefined): FaultKind {
	if (status === 429) return 'limited';
	if (status === 503) return 'busy';
	if (status === undefined) return code && NEVER_ARRIVED.has(code) ? 'unreached' : 'unclear';
	// A good status in an error is an answer that was cut off.
	return status >= 500 || status < 300 ? 'unclear' : 'refused';
}

/** Codes by which n8n's OAuth client says that it was given no token (`@n8n/client-oauth2`). */
const NO_TOKEN = new Set(['EAUTH', 'ESTATUS']);

/**
 * What n8n says of a request that it did not send, or for which it could get no new token after Close had refused the
 * old one (n8n-core `requestOAuth2`). Either way nothing was carried out.
 */
function keptBack({ cause }: EngineError): Fault | undefined {
	if (!cause || cause.httpCode) return undefined;
	const isOfN8n = cause.shouldReport !== undefined || NO_TOKEN.has(cause.code ?? '');
	const isTokenServer = /\/oauth2\/token\b/.test(cause.config?.url ?? '');
	if (!isOfN8n && !isTokenServer) return undefined;
	return {
		kind: isOfN8n ? 'refused' : 'busy',
		headers: {},
		body: undefined,
		reason: cause.message ?? 'no token',
		next: cause.description ?? 'Open the credential in n8n and connect it again.',
	};
}

/**
 * Reads the error that n8n's request helper throws: a `NodeApiError` with the axios error as `cause`
 * (n8n-core `httpRequestWithAuthentication`), or, for OAuth2, the axios error itself.
 */
export function faultOf(thrown: unknown): Fault {
	const error = (thrown ?? {}) as EngineError;
	const unsent = keptBack(error);
	if (unsent) return unsent;
	const source = error.cause ?? error;
	const response = source.response ?? error.response;
	const status = response?.status ?? (Number(error.httpCode) || undefined);
	const code = source.code ?? error.code;
	return {
		kind: kindOf(status, code),
		status,
		headers: response?.headers ?? {},
		body: response?.data ?? error.context?.data,
		reason: status ? `HTTP ${status}` : (code ?? 'no answer'),
	};
}
