import { createHash } from 'node:crypto';
import { NodeOperationError, type IDataObject, type IHookFunctions } from 'n8n-workflow';
import {
	closeApiRequest,
	getBaseUrl,
	type CloseApiRequest,
	type CloseApiResponse,
} from '../shared/closeApiRequest';
import { closeError } from '../shared/errors/closeError';
import type { RequestFailure } from '../shared/errors/requestFailure';
import type { SubscribedEvent } from './events';
import { forgetProcessedEvents, getProcessedEvents } from './webhook/processedEvents';

/** What a trigger stores in n8n's static data; while it listens for a test event it has one of its own. */
export interface TriggerStaticData extends Record<string, unknown> {
	subscriptionId?: string;
	signatureKey?: string;
	/** Of the subscription that Close was last asked for. */
	fingerprint?: string;
	/** What `ProcessedEvents` serializes. */
	processedEvents?: unknown;
}

/** What the subscription at Close should be like. */
export interface DesiredSubscription {
	url: string;
	events: SubscribedEvent[];
}

/** A subscription as Close shows it. */
interface Subscription extends IDataObject {
	id: string;
	url: string;
	status: string;
	events: IDataObject[];
	signature_key?: string;
}

const NEXT_STEP: Record<number, string> = {
	400: 'Correct what Close names. An organization of Close can have 40 webhook subscriptions, and each Close SMS Trigger uses one.',
	429: 'Close limits how many requests a key may make. Wait a minute and try again.',
};

/** The error to throw when Close did not do what a trigger needs. */
const subscriptionError = (context: IHookFunctions, what: string, failure: RequestFailure) =>
	closeError(context, { failure, what, next: NEXT_STEP[failure.status ?? 0] });

/** Sends a request about subscriptions. Each of them may be repeated: Close refuses to make the same one twice. */
const webhookRequest = async (
	context: IHookFunctions,
	request: CloseApiRequest,
): Promise<CloseApiResponse<Subscription>> =>
	await closeApiRequest<Subscription>(context, {
		...request,
		isSafeToRepeat: true,
		isValidBody: (body) => 'id' in body,
	});

const toPath = (id: string) => `/webhook/${encodeURIComponent(id)}/`;

const getStaticData = (context: IHookFunctions) =>
	context.getWorkflowStaticData('node') as TriggerStaticData;

/** Equal for equal data, whatever the order of its keys; a key that is null counts as absent. */
function canonical(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(canonical);
	if (typeof value !== 'object' || value === null) return value;
	return Object.entries(value)
		.filter(([, entry]) => entry !== null && entry !== undefined)
		.sort(([one], [other]) => (one < other ? -1 : 1))
		.map(([key, entry]) => [key, canonical(entry)]);
}

const isEqual = (one: unknown, other: unknown) =>
	JSON.stringify(canonical(one)) === JSON.stringify(canonical(other));

const toFingerprint = (desired: DesiredSubscription) =>
	createHash('sha256')
		.update(JSON.stringify(canonical(desired)))
		.digest('base64url');

/**
 * Forgets a subscription, but not which events have started the workflow: whatever subscription Close delivers them to,
 * they must not start it again. n8n makes a new one each time a workflow is published.
 */
function forgetSubscription(staticData: TriggerStaticData): void {
	const { subscriptionId, processedEvents: stored } = staticData;
	const processedEvents = subscriptionId
		? getProcessedEvents(subscriptionId, stored).serialize()
		: stored;
	for (const key of Object.keys(staticData)) delete staticData[key];
	if (processedEvents) staticData.processedEvents = processedEvents;
}

/** Stores a subscription. A response about one that is known may lack its key. */
function storeSubscription(context: IHookFunctions, { id, signature_key }: Subscription): void {
	const staticData = getStaticData(context);
	if (staticData.subscriptionId !== id) forgetSubscription(staticData);
	staticData.subscriptionId = id;
	staticData.signatureKey = signature_key ?? staticData.signatureKey;
}

/** A subscription of Close; without body when there is none of this ID. */
async function getSubscription(
	context: IHookFunctions,
	id: string,
): Promise<Partial<CloseApiResponse<Subscription>>> {
	const response = await webhookRequest(context, { url: toPath(id) });
	return response.failure?.status === 404 ? {} : response;
}

/** The last two segments of a webhook's address, which name it; `WEBHOOK_URL` gives what stands before. */
const getWebhookPath = (url: string) => url.split('/').slice(-2).join('/');

/**
 * The subscription that this trigger made, if Close still has it. A workflow that was copied with its static data
 * points to that of the original, which is not its own.
 */
async function getOwnSubscription(context: IHookFunctions, { url }: DesiredSubscription) {
	const { subscriptionId } = getStaticData(context);
	const found = subscriptionId ? await getSubscription(context, subscriptionId) : {};
	return !found.body || getWebhookPath(found.body.url) === getWebhookPath(url) ? found : {};
}

const NOT_READABLE = 'Close did not show the webhook subscription';

/**
 * Whether Close has just the subscription that is wanted, active, and its key is known here.
 *
 * n8n also asks when it starts, and takes its address away from a trigger that fails then. So when Close cannot be
 * asked, what was asked of it before is taken to be there still.
 *
 * @throws {NodeApiError} when Close cannot be asked, and was asked for something else before
 */
export async function isSubscribed(
	context: IHookFunctions,
	desired: DesiredSubscription,
): Promise<boolean> {
	const { body: own, failure } = await getOwnSubscription(context, desired);
	const { fingerprint, signatureKey } = getStaticData(context);
	if (!failure) {
		const isUpToDate = own?.status === 'active' && own.url === desired.url;
		return isUpToDate && isEqual(own.events, desired.events) && Boolean(signatureKey);
	}
	if (fingerprint !== toFingerprint(desired))
		throw subscriptionError(context, NOT_READABLE, failure);
	context.logger.warn(`${NOT_READABLE} (${failure.reason}): it is taken to be as it was`);
	return true;
}

/** Updates a subscription, or creates one when there is no ID. */
const upsertSubscription = async (
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
async function deleteSubscription(
	context: IHookFunctions,
	id: string,
): Promise<RequestFailure | undefined> {
	const { failure } = await webhookRequest(context, { method: 'DELETE', url: toPath(id) });
	return failure?.status === 404 ? undefined : failure;
}

/** The IDs in "Duplicate active subscription. Existing duplicates are: whsub_…". */
function parseDuplicateIds(failure: RequestFailure | undefined): string[] {
	const words = JSON.stringify(failure?.body ?? '');
	return /duplicate/i.test(words) ? [...new Set(words.match(/whsub_\w+/g))] : [];
}

/**
 * Adopts a subscription that n8n lost track of. Of those for our own address the first one stays, with the events that
 * Close still has to deliver to it; the others are deleted, and all are if Close does not show their keys. Those for
 * other addresses are not ours.
 *
 * @returns the ID of the one that stays
 */
async function adoptDuplicate(
	context: IHookFunctions,
	ids: string[],
	{ url }: DesiredSubscription,
) {
	const ours: Subscription[] = [];
	for (const id of ids) {
		const { body: found, failure } = await getSubscription(context, id);
		if (failure) throw subscriptionError(context, NOT_READABLE, failure);
		if (found?.url === url) ours.push(found);
	}
	const first = ours.find(({ signature_key: key }) => key);
	for (const { id } of ours.filter((duplicate) => duplicate !== first)) {
		const failure = await deleteSubscription(context, id);
		if (failure)
			throw subscriptionError(context, 'Close did not remove a webhook subscription', failure);
	}
	if (first) storeSubscription(context, first);
	return first?.id;
}

const LOOPBACK_URL = /^https?:\/\/(localhost|127\.|0\.0\.0\.0|\[::1\])/i;

/**
 * Close accepts any address, and would never reach one that only this machine knows.
 *
 * @throws {NodeOperationError}
 */
async function rejectLoopbackUrl(
	context: IHookFunctions,
	{ url }: DesiredSubscription,
): Promise<void> {
	if (!LOOPBACK_URL.test(url) || LOOPBACK_URL.test(await getBaseUrl(context))) return;
	throw new NodeOperationError(
		context.getNode(),
		`Close cannot reach n8n at ${new URL(url).origin}`,
		{
			description:
				"Set n8n's environment variable WEBHOOK_URL to an address that is reachable from the internet, and start n8n again.",
		},
	);
}

/**
 * Makes the subscription at Close what it should be: updates the one that is stored here, adopts one that n8n lost track
 * of, or creates a new one.
 *
 * @throws {NodeApiError} in Close's words
 */
export async function subscribe(
	context: IHookFunctions,
	desired: DesiredSubscription,
): Promise<void> {
	await rejectLoopbackUrl(context, desired);
	const { body: own, failure } = await getOwnSubscription(context, desired);
	if (failure) throw subscriptionError(context, NOT_READABLE, failure);
	let response = await upsertSubscription(context, desired, own?.id);
	const duplicates = parseDuplicateIds(response.failure);
	if (duplicates.length > 0) {
		const adopted = await adoptDuplicate(context, duplicates, desired);
		if (own && adopted) await deleteSubscription(context, own.id);
		response = await upsertSubscription(context, desired, adopted ?? own?.id);
	}
	if (response.failure)
		throw subscriptionError(
			context,
			'Close did not make the webhook subscription',
			response.failure,
		);
	storeSubscription(context, response.body);
	getStaticData(context).fingerprint = toFingerprint(desired);
	if (getStaticData(context).signatureKey) return;
	throw new NodeOperationError(context.getNode(), 'Close gave no key to check its calls with', {
		description: 'Deactivate the workflow, then activate it again.',
	});
}

/**
 * Deletes the subscription.
 *
 * @returns why it could not be deleted, for the log: n8n deactivates the workflow anyway
 */
export async function unsubscribe(context: IHookFunctions): Promise<RequestFailure | undefined> {
	const staticData = getStaticData(context);
	if (!staticData.subscriptionId) return undefined;
	const failure = await deleteSubscription(context, staticData.subscriptionId);
	if (failure) return failure;
	const { subscriptionId } = staticData;
	forgetSubscription(staticData);
	forgetProcessedEvents(subscriptionId);
	return undefined;
}
