import {
	sleep,
	type IDataObject,
	type IHookFunctions,
	type IHttpRequestMethods,
	type ILoadOptionsFunctions,
	type ITriggerFunctions,
	type IWebhookFunctions,
} from 'n8n-workflow';
import { getCredentialType, readCredential } from './authentication';
import { closeClock } from './closeClock';
import { backoffDelay, monotonicNow, withinTime } from './delay';
import { toFailure, toLateFailure, type RequestFailure } from './errors/requestFailure';
import { isRecord } from './fieldValues';
import { retryAfterMs } from './rateLimitHeaders';
import { addDoubt, getNextStep, getRequestKind, type Doubt, type RequestKind } from './retryPolicy';

type Context = IHookFunctions | ILoadOptionsFunctions | ITriggerFunctions | IWebhookFunctions;

/** A request outside a run. */
export interface CloseApiRequest {
	method?: IHttpRequestMethods;
	/** Path below the base URL, with its trailing slash. */
	url: string;
	qs?: IDataObject;
	body?: object;
	/** Carrying it out twice does no harm, although its method does not say so. */
	isSafeToRepeat?: boolean;
	/** How often it may be sent; 4 times unless given. */
	maxAttempts?: number;
	/** Whether a response is complete; a JSON object always is, unless this says otherwise. */
	isValidBody?: (body: object) => boolean;
}

export type CloseApiResponse<T> =
	| { body: T; failure?: undefined }
	| { body?: undefined; failure: RequestFailure };

/** As n8n returns it with `returnFullResponse`. */
interface FullResponse {
	headers?: IDataObject;
	body: unknown;
}

/** Close shows it beside the key as "Last used". */
export const USER_AGENT = 'n8n-nodes-close-sms';

const TIMEOUT_MS = 30_000;
const MAX_ATTEMPTS = 4;
/** For all retries of a request together: someone is waiting in the editor. */
const MAX_WAIT_MS = 30_000;

export const getBaseUrl = async (context: Context) => (await readCredential(context)).baseUrl;

/**
 * How long to wait before the next attempt, in milliseconds: as long as Close says, else longer each time.
 *
 * @param kind decides whether it may be sent again (`retryPolicy.ts`)
 * @param attempt 1 for the first
 * @param doubt what earlier attempts leave in doubt
 * @param waited milliseconds that this request has waited already
 * @returns undefined when there is to be no further attempt
 */
export function retryDelay(
	failure: RequestFailure,
	{
		kind,
		attempt,
		doubt = 'none',
		waited,
		maxAttempts = MAX_ATTEMPTS,
	}: {
		kind: RequestKind;
		attempt: number;
		doubt?: Doubt;
		waited: number;
		maxAttempts?: number;
	},
): number | undefined {
	const canRetry = getNextStep(kind, failure, doubt) === 'retry';
	if (!canRetry || failure.kind === 'rejected' || attempt >= maxAttempts) return undefined;
	const wait = retryAfterMs(failure.headers, failure.body) ?? backoffDelay(attempt - 1);
	return waited + wait > MAX_WAIT_MS ? undefined : wait;
}

const NOT_JSON: RequestFailure = {
	kind: 'outcomeUnknown',
	headers: {},
	body: undefined,
	reason: 'a response that is not JSON',
};

async function sendOnce<T extends object>(
	context: Context,
	{ method = 'GET', url, qs, body, isValidBody = () => true }: CloseApiRequest,
): Promise<CloseApiResponse<T>> {
	const request = {
		method,
		baseURL: await getBaseUrl(context),
		url,
		qs,
		body,
		headers: { 'User-Agent': USER_AGENT },
		json: true,
		// A redirect could take the key along to another host.
		disableFollowRedirect: true,
		timeout: TIMEOUT_MS,
		returnFullResponse: true,
	};
	const startedAt = Date.now();
	const read = ({ headers, body: response }: FullResponse): CloseApiResponse<T> => {
		closeClock.record(Date.parse(String(headers?.date)), startedAt);
		// The body of a DELETE response is ignored.
		if (method === 'DELETE') return { body: {} as T };
		return isRecord(response) && isValidBody(response)
			? { body: response as T }
			: { failure: NOT_JSON };
	};
	const sentAt = monotonicNow();
	const received = context.helpers.httpRequestWithAuthentication
		.call(context, getCredentialType(context), request)
		.then(read, (error: unknown) => ({ failure: toFailure(error, monotonicNow() - sentAt) }));
	// n8n's own time-out is for a connection on which nothing comes.
	return await withinTime(received, TIMEOUT_MS, (afterMs) => ({ failure: toLateFailure(afterMs) }));
}

/**
 * Sends a request to Close outside a run, for a picker or about a subscription. It does not share the runs' rate limiter:
 * such requests are few, go to other endpoint groups, often come from another process, and a person waits for each. A
 * read is repeated a few times after any failure of Close or the network, a write only when Close did not accept it.
 *
 * @returns the response, or why the last attempt failed
 */
export async function closeApiRequest<T extends object>(
	context: Context,
	request: CloseApiRequest,
): Promise<CloseApiResponse<T>> {
	const { isSafeToRepeat, maxAttempts } = request;
	const kind = isSafeToRepeat ? 'edit' : getRequestKind(request);
	let waited = 0;
	let doubt: Doubt = 'none';
	for (let attempt = 1; ; attempt++) {
		const response = await sendOnce<T>(context, request);
		const { failure } = response;
		if (!failure) return response;
		const wait = retryDelay(failure, { kind, attempt, doubt, waited, maxAttempts });
		if (wait === undefined) return response;
		doubt = addDoubt(doubt, failure);
		await sleep(wait);
		waited += wait;
	}
}
