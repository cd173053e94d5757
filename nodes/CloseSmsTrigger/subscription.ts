import { createHash } from 'node:crypto';
import { NodeOperationError, type IDataObject, type IHookFunctions } from 'n8n-workflow';
import { closeCall, closeUrl, isFault, subscriptionError } from './closeCall';
import type { SubscribedEvent } from './events';
import type { RequestFailure } from '../shared/errors/requestFailure';
import { forgetProcessedEvents } from './webhook/processedEvents';

/** What a trigger keeps in n8n's static data; a run in test mode has its own. */
export interface TriggerStaticData extends Record<string, unknown> {
	subscriptionId?: string;
	signatureKey?: string;
	/** Of what was asked of Close. */
	fingerprint?: string;
	/** The text of `Seen`. */
	seen?: unknown;
}

/** What a subscription of Close should be like. */
export interface DesiredSubscription {
	url: string;
	events: SubscribedEvent[];
}

interface Subscription extends IDataObject {
	id: string;
	url: string;
	status: string;
	events: IDataObject[];
	signature_key?: string;
}

const toPath = (id: string) => `/webhook/${encodeURIComponent(id)}/`;

const getStaticData = (context: IHookFunctions) =>
	context.getWorkflowStaticData('node') as TriggerStaticData;

/** The same for the same data, whatever the order of its keys; a key that is null counts as absent. */
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

/** Remembers a subscription; the key may be missing in an answer about one that is known. */
function storeSubscription(context: IHookFunctions, { id, signature_key }: Subscription): void {
	const staticData = getStaticData(context);
	if (staticData.subscriptionId !== id)
		for (const key of Object.keys(staticData)) delete staticData[key];
	staticData.subscriptionId = id;
	staticData.signatureKey = signature_key ?? staticData.signatureKey;
}

/** A subscription of Close; undefined when it has none of this id. */
async function getSubscription(context: IHookFunctions, id: string) {
	const answer = await closeCall(context, 'GET', toPath(id));
	return isFault(answer) && answer.status === 404
		? undefined
		: (answer as Subscription | RequestFailure);
}

/** The address of a webhook without the part that `WEBHOOK_URL` gives: its last two segments name it. */
const getWebhookPath = (url: string) => url.split('/').slice(-2).join('/');

/**
 * The subscription that this trigger made, if Close still has it. A workflow that was copied with its static data
 * points to that of the original, which is not its own.
 */
async function getOwnSubscription(context: IHookFunctions, { url }: DesiredSubscription) {
	const { subscriptionId } = getStaticData(context);
	const found = subscriptionId ? await getSubscription(context, subscriptionId) : undefined;
	return !found || isFault(found) || getWebhookPath(found.url) === getWebhookPath(url)
		? found
		: undefined;
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
	const own = await getOwnSubscription(context, desired);
	const { fingerprint, signatureKey } = getStaticData(context);
	if (!own || !isFault(own)) {
		const isUpToDate = own?.status === 'active' && own.url === desired.url;
		return isUpToDate && isEqual(own.events, desired.events) && Boolean(signatureKey);
	}
	if (fingerprint !== toFingerprint(desired)) throw subscriptionError(context, NOT_READABLE, own);
	context.logger.warn(`${NOT_READABLE} (${own.reason}): it is taken to be as it was`);
	return true;
}

/** Changes a subscription, else makes a new one. */
const upsertSubscription = async (
	context: IHookFunctions,
	desired: DesiredSubscription,
	id: string | undefined,
) =>
	id
		? await closeCall(context, 'PUT', toPath(id), { ...desired, status: 'active' })
		: await closeCall(context, 'POST', '/webhook/', desired);

/** Removes a subscription; one that is gone already is fine. */
async function deleteSubscription(
	context: IHookFunctions,
	id: string,
): Promise<RequestFailure | undefined> {
	const answer = await closeCall(context, 'DELETE', toPath(id));
	return isFault(answer) && answer.status !== 404 ? answer : undefined;
}

/** The ids in "Duplicate active subscription. Existing duplicates are: whsub_…". */
function parseDuplicateIds(answer: IDataObject | RequestFailure): string[] {
	const words = isFault(answer) ? JSON.stringify(answer.body ?? '') : '';
	return /duplicate/i.test(words) ? [...new Set(words.match(/whsub_\w+/g))] : [];
}

/**
 * Takes over what n8n lost track of: of the subscriptions for our own address, the first stays, with what Close still
 * has to bring to it; the others go, and all do if Close does not give their keys away. Those for other addresses are
 * not ours.
 *
 * @returns the id of the one that stays
 */
async function adoptDuplicate(
	context: IHookFunctions,
	ids: string[],
	{ url }: DesiredSubscription,
) {
	const ours: Subscription[] = [];
	for (const id of ids) {
		const found = await getSubscription(context, id);
		if (found && isFault(found)) throw subscriptionError(context, NOT_READABLE, found);
		if (found?.url === url) ours.push(found);
	}
	const first = ours.find((one) => one.signature_key);
	for (const { id } of ours.filter((one) => one !== first)) {
		const fault = await deleteSubscription(context, id);
		if (fault)
			throw subscriptionError(context, 'Close did not remove a webhook subscription', fault);
	}
	if (first) storeSubscription(context, first);
	return first?.id;
}

const LOOPBACK_URL = /^https?:\/\/(localhost|127\.|0\.0\.0\.0|\[::1\])/i;

/**
 * Close takes any address, and would never bring anything to one that only this machine knows.
 *
 * @throws {NodeOperationError}
 */
async function rejectLoopbackUrl(
	context: IHookFunctions,
	{ url }: DesiredSubscription,
): Promise<void> {
	if (!LOOPBACK_URL.test(url) || LOOPBACK_URL.test(await closeUrl(context))) return;
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
 * Makes Close's subscription what it should be: changes the own one, takes over one that was lost, or makes a new one.
 *
 * @throws {NodeApiError} in Close's words
 */
export async function subscribe(
	context: IHookFunctions,
	desired: DesiredSubscription,
): Promise<void> {
	await rejectLoopbackUrl(context, desired);
	const own = await getOwnSubscription(context, desired);
	if (own && isFault(own)) throw subscriptionError(context, NOT_READABLE, own);
	let answer = await upsertSubscription(context, desired, own?.id);
	const duplicates = parseDuplicateIds(answer);
	if (duplicates.length > 0) {
		const taken = await adoptDuplicate(context, duplicates, desired);
		if (own && taken) await deleteSubscription(context, own.id);
		answer = await upsertSubscription(context, desired, taken ?? own?.id);
	}
	if (isFault(answer))
		throw subscriptionError(context, 'Close did not make the webhook subscription', answer);
	storeSubscription(context, answer as Subscription);
	getStaticData(context).fingerprint = toFingerprint(desired);
	if (getStaticData(context).signatureKey) return;
	throw new NodeOperationError(context.getNode(), 'Close gave no key to check its calls with', {
		description: 'Deactivate the workflow, then activate it again.',
	});
}

/**
 * Removes the own subscription.
 *
 * @returns what went wrong, for the log: n8n goes on deactivating anyway, and cannot be told in test mode
 */
export async function unsubscribe(context: IHookFunctions): Promise<RequestFailure | undefined> {
	const staticData = getStaticData(context);
	if (!staticData.subscriptionId) return undefined;
	const fault = await deleteSubscription(context, staticData.subscriptionId);
	if (fault) return fault;
	forgetProcessedEvents(staticData.subscriptionId);
	for (const key of Object.keys(staticData)) delete staticData[key];
	return undefined;
}
