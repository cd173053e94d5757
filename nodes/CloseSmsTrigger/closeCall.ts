import {
	sleep,
	type IDataObject,
	type IHookFunctions,
	type IHttpRequestMethods,
	type IHttpRequestOptions,
} from 'n8n-workflow';
import { getCredentialType } from '../shared/authentication';
import { closeError } from '../shared/errors/closeError';
import { toFailure, type RequestFailure } from '../shared/errors/requestFailure';
import { retryAfterMs } from '../shared/rateLimitHeaders';
import { backoffDelay } from '../shared/delay';

const TRIES = 4;
/** Someone waits at the editor for the workflow to become active; in milliseconds. */
const LONGEST_WAIT = 20_000;
const TIMEOUT = 30_000;

export const isFault = (answer: object): answer is RequestFailure =>
	'kind' in answer && 'reason' in answer;

/** Every answer about subscriptions is one with its id, except to DELETE. */
const isReadable = (answer: unknown): answer is IDataObject =>
	typeof answer === 'object' && answer !== null && 'id' in answer;

/** Where Close is for this node. */
export const closeUrl = async (context: IHookFunctions) =>
	(await context.getCredentials<{ baseUrl: string }>(getCredentialType(context))).baseUrl;

async function callOnce(
	context: IHookFunctions,
	method: IHttpRequestMethods,
	url: string,
	body?: object,
): Promise<IDataObject | RequestFailure> {
	const request: IHttpRequestOptions = {
		baseURL: await closeUrl(context),
		url,
		method,
		body,
		headers: { 'User-Agent': 'n8n-nodes-close-sms' },
		json: true,
		disableFollowRedirect: true,
		timeout: TIMEOUT,
	};
	try {
		const answer: unknown = await context.helpers.httpRequestWithAuthentication.call(
			context,
			getCredentialType(context),
			request,
		);
		if (method === 'DELETE') return {};
		if (isReadable(answer)) return answer;
		return {
			kind: 'outcomeUnknown',
			headers: {},
			body: undefined,
			reason: 'an answer that is not JSON',
		};
	} catch (error) {
		return toFailure(error);
	}
}

/**
 * Asks Close for something about subscriptions, a few times if it is busy or out of reach: each of these requests may
 * be carried out twice without harm.
 *
 * @param url path below the base URL, with its trailing slash
 * @returns the answer, or what became of the last try
 */
export async function closeCall(
	context: IHookFunctions,
	method: IHttpRequestMethods,
	url: string,
	body?: object,
): Promise<IDataObject | RequestFailure> {
	for (let attempt = 1; ; attempt++) {
		const answer = await callOnce(context, method, url, body);
		if (!isFault(answer) || answer.kind === 'rejected' || attempt === TRIES) return answer;
		const wait = retryAfterMs(answer.headers, answer.body) ?? backoffDelay(attempt - 1);
		if (wait > LONGEST_WAIT) return answer;
		await sleep(wait);
	}
}

const NEXT: Record<number, string> = {
	400: 'Correct what Close names. An organization of Close can have 40 webhook subscriptions, and each Close SMS Trigger uses one.',
	429: 'Close limits how many requests a key may make. Wait a minute and try again.',
};

/** The error to throw when Close did not do what a trigger needs. */
export const subscriptionError = (context: IHookFunctions, what: string, fault: RequestFailure) =>
	closeError(context, { failure: fault, what, next: NEXT[fault.status ?? 0] });
