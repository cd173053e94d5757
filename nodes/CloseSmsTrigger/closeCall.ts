import {
	sleep,
	type IDataObject,
	type IHookFunctions,
	type IHttpRequestMethods,
	type IHttpRequestOptions,
} from 'n8n-workflow';
import { credentialOf } from '../shared/authentication';
import { closeError } from '../shared/closeError';
import { faultOf, type Fault } from '../shared/faults';
import { waitNamedByClose } from '../shared/rateLimit';
import { backOff } from '../shared/waiting';

const TRIES = 4;
/** Someone waits at the editor for the workflow to become active; in milliseconds. */
const LONGEST_WAIT = 20_000;
const TIMEOUT = 30_000;

export const isFault = (answer: object): answer is Fault => 'kind' in answer && 'reason' in answer;

/** Every answer about subscriptions is one with its id, except to DELETE. */
const isReadable = (answer: unknown): answer is IDataObject =>
	typeof answer === 'object' && answer !== null && 'id' in answer;

/** Where Close is for this node. */
export const closeUrl = async (context: IHookFunctions) =>
	(await context.getCredentials<{ baseUrl: string }>(credentialOf(context))).baseUrl;

async function callOnce(
	context: IHookFunctions,
	method: IHttpRequestMethods,
	url: string,
	body?: object,
): Promise<IDataObject | Fault> {
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
			credentialOf(context),
			request,
		);
		if (method === 'DELETE') return {};
		if (isReadable(answer)) return answer;
		return { kind: 'unclear', headers: {}, body: undefined, reason: 'an answer that is not JSON' };
	} catch (error) {
		return faultOf(error);
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
): Promise<IDataObject | Fault> {
	for (let attempt = 1; ; attempt++) {
		const answer = await callOnce(context, method, url, body);
		if (!isFault(answer) || answer.kind === 'refused' || attempt === TRIES) return answer;
		const wait = waitNamedByClose(answer.headers, answer.body) ?? backOff(attempt - 1);
		if (wait > LONGEST_WAIT) return answer;
		await sleep(wait);
	}
}

const NEXT: Record<number, string> = {
	400: 'Correct what Close names. An organization of Close can have 40 webhook subscriptions, and each Close SMS Trigger uses one.',
	429: 'Close limits how many requests a key may make. Wait a minute and try again.',
};

/** The error to throw when Close did not do what a trigger needs. */
export const subscriptionError = (context: IHookFunctions, what: string, fault: Fault) =>
	closeError(context, { fault, what, next: NEXT[fault.status ?? 0] });
