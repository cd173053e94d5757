import type { IHookFunctions, IWebhookFunctions } from 'n8n-workflow';
import {
	closeApiRequest,
	type CloseApiRequest,
	type CloseApiResponse,
} from '../shared/closeApiRequest';
import { isRecord } from '../shared/fieldValues';
import { closeError } from '../shared/errors/closeError';
import type { RequestFailure } from '../shared/errors/requestFailure';
import type { DesiredSubscription, Subscription } from './subscriptionDecision';

type Context = IHookFunctions | IWebhookFunctions;

const ADVICE: Record<number, string> = {
	400: 'Correct what Close names. An organization of Close can have 40 webhook subscriptions, and each Close SMS Trigger uses one.',
	429: 'Close limits how many requests a key may make. Wait a minute and try again.',
};

/** The error to throw when Close did not do what a trigger needs. */
export const subscriptionError = (context: IHookFunctions, what: string, failure: RequestFailure) =>
	closeError(context, { failure, what, next: ADVICE[failure.status ?? 0] });

const toPath = (id: string) => `/webhook/${encodeURIComponent(id)}/`;

/** Each of these requests may be repeated: Close refuses to make the same subscription twice. */
const webhookRequest = async (
	context: Context,
	request: CloseApiRequest,
): Promise<CloseApiResponse<Subscription>> =>
	await closeApiRequest<Subscription>(context, {
		...request,
		isSafeToRepeat: true,
		isValidBody: (body) => 'id' in body,
	});

/** Reads a subscription; without body when Close has none of this ID. */
export async function getSubscription(
	context: Context,
	id: string,
	options: Pick<CloseApiRequest, 'maxAttempts'> = {},
): Promise<Partial<CloseApiResponse<Subscription>>> {
	const response = await webhookRequest(context, { url: toPath(id), ...options });
	return response.failure?.status === 404 ? {} : response;
}

/** Reads all subscriptions of the organization that the credential may see. */
export const listSubscriptions = async (context: IHookFunctions) =>
	await closeApiRequest<{ data: Subscription[] }>(context, {
		url: '/webhook/',
		isSafeToRepeat: true,
		isValidBody: (body) => 'data' in body && Array.isArray(body.data) && body.data.every(isRecord),
	});

/** Updates a subscription, or creates one when there is no ID. */
export const upsertSubscription = async (
	context: IHookFunctions,
	desired: DesiredSubscription,
	id: string | undefined,
) =>
	id
		? await webhookRequest(context, {
				method: 'PUT',
				url: toPath(id),
				body: { ...desired, status: 'active' },
			})
		: await webhookRequest(context, { method: 'POST', url: '/webhook/', body: desired });

/** Deletes a subscription, or finds that it is gone already. */
export async function deleteSubscription(
	context: IHookFunctions,
	id: string,
): Promise<RequestFailure | undefined> {
	const { failure } = await webhookRequest(context, { method: 'DELETE', url: toPath(id) });
	return failure?.status === 404 ? undefined : failure;
}
