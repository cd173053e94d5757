import { NodeOperationError, type IHookFunctions } from 'n8n-workflow';
import { getBaseUrl, type CloseApiResponse } from '../shared/closeApiRequest';
import type { RequestFailure } from '../shared/errors/requestFailure';
import {
	deleteSubscription,
	getSubscription,
	subscriptionError,
	upsertSubscription,
} from './subscriptionApi';
import {
	decideDuplicates,
	decideSubscription,
	getForeign,
	parseDuplicateIds,
	toFingerprint,
	type DesiredSubscription,
	type ForeignSubscription,
	type KnownSubscription,
	type StoredSubscription,
	type Subscription,
} from './subscriptionDecision';
import { forgetProcessedEvents, getProcessedEvents } from './webhook/processedEvents';
import { isSignatureKey } from './webhook/signature';

/** What a trigger stores in n8n's static data; while it listens for a test event it has one of its own. */
export interface TriggerStaticData extends StoredSubscription, Record<string, unknown> {
	/** Of the subscription that Close was last asked for. */
	fingerprint?: string;
	/** What `ProcessedEvents` serializes. */
	processedEvents?: unknown;
}

const getStaticData = (context: IHookFunctions) =>
	context.getWorkflowStaticData('node') as TriggerStaticData;

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

function storeSubscription(
	context: IHookFunctions,
	desired: DesiredSubscription,
	{ id, signatureKey }: KnownSubscription,
): void {
	const staticData = getStaticData(context);
	if (staticData.subscriptionId !== id) forgetSubscription(staticData);
	const { url } = desired;
	const changes = { subscriptionId: id, url, signatureKey, fingerprint: toFingerprint(desired) };
	// Without a change n8n need not store it, which could undo what another process has just stored.
	for (const [name, value] of Object.entries(changes))
		if (staticData[name] !== value) staticData[name] = value;
}

/** The stored subscription as Close shows it. Close is not asked about one that was made for another address. */
async function findSubscription(context: IHookFunctions, url: string) {
	const stored = getStaticData(context);
	return stored.subscriptionId && !getForeign(stored, url)
		? await getSubscription(context, stored.subscriptionId)
		: {};
}

const NOT_READABLE = 'Close did not show the webhook subscription';

/**
 * Whether Close has just the subscription that is desired, and its key is known here.
 *
 * n8n also asks when it starts, and takes its address away from a trigger that fails then. So when Close cannot be
 * asked, the subscription is assumed to be as Close was last asked for it.
 *
 * @throws {NodeApiError} when Close cannot be asked, and something else is desired now
 */
export async function isSubscribed(
	context: IHookFunctions,
	desired: DesiredSubscription,
): Promise<boolean> {
	const { body: found, failure } = await findSubscription(context, desired.url);
	const stored = getStaticData(context);
	if (!failure) {
		const decision = decideSubscription(stored, found, desired);
		if (decision.action !== 'keep') return false;
		storeSubscription(context, desired, decision);
		return true;
	}
	if (stored.fingerprint !== toFingerprint(desired) || !isSignatureKey(stored.signatureKey))
		throw subscriptionError(context, NOT_READABLE, failure);
	context.logger.warn(`${NOT_READABLE} (${failure.reason}): it is assumed to be as it was`);
	return true;
}

/** @throws {NodeApiError} */
async function requireDeleted(context: IHookFunctions, ids: string[]): Promise<void> {
	for (const id of ids) {
		const failure = await deleteSubscription(context, id);
		if (failure)
			throw subscriptionError(context, 'Close did not remove a webhook subscription', failure);
	}
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

const describeForeign = ({ id, url }: ForeignSubscription) =>
	`The webhook subscription ${id} at Close is for another address, ${url}, so it was left as it is. If nothing uses it any more, delete it in Close.`;

/** Reads the subscriptions that Close calls duplicates. */
async function getDuplicates(context: IHookFunctions, ids: string[]): Promise<Subscription[]> {
	const duplicates: Subscription[] = [];
	for (const id of ids) {
		const { body, failure } = await getSubscription(context, id);
		if (failure) throw subscriptionError(context, NOT_READABLE, failure);
		if (body) duplicates.push(body);
	}
	return duplicates;
}

/**
 * Updates our subscription or creates one. When Close refuses because n8n lost track of another one for our address,
 * that one is adopted and ours deleted.
 *
 * @returns the subscription and, if it was known before, its key
 */
async function upsertOrAdopt(
	context: IHookFunctions,
	desired: DesiredSubscription,
	own: KnownSubscription | undefined,
): Promise<{ response: CloseApiResponse<Subscription>; known?: KnownSubscription }> {
	const response = await upsertSubscription(context, desired, own?.id);
	const ids = parseDuplicateIds(response.failure?.body).filter((id) => id !== own?.id);
	if (ids.length === 0) return { response, known: own };
	const { adopted, removed } = decideDuplicates(await getDuplicates(context, ids), desired);
	await requireDeleted(context, adopted && own ? [...removed, own.id] : removed);
	const known = adopted ?? own;
	return { response: await upsertSubscription(context, desired, known?.id), known };
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
	const { body: found, failure } = await findSubscription(context, desired.url);
	if (failure) throw subscriptionError(context, NOT_READABLE, failure);
	const decision = decideSubscription(getStaticData(context), found, desired);
	if (decision.action === 'create' && decision.foreign)
		context.logger.warn(describeForeign(decision.foreign));
	if (decision.action === 'replace') await requireDeleted(context, [decision.id]);
	const own = 'signatureKey' in decision ? decision : undefined;
	const { response, known } = await upsertOrAdopt(context, desired, own);
	if (response.failure)
		throw subscriptionError(
			context,
			'Close did not make the webhook subscription',
			response.failure,
		);
	const { id, signature_key: shownKey } = response.body;
	const signatureKey = [shownKey, known?.signatureKey].find(isSignatureKey);
	if (signatureKey) return storeSubscription(context, desired, { id, signatureKey });
	await requireDeleted(context, [id]);
	throw new NodeOperationError(context.getNode(), 'Close gave no key to check its calls with', {
		description: 'Activate the workflow again.',
	});
}

/**
 * Deletes the subscription if it is for our address.
 *
 * @returns why it could not be deleted, for the log: n8n deactivates the workflow anyway
 */
export async function unsubscribe(
	context: IHookFunctions,
	ownUrl: string,
): Promise<RequestFailure | undefined> {
	const staticData = getStaticData(context);
	const { body: found, failure } = await findSubscription(context, ownUrl);
	if (failure) return failure;
	const foreign =
		getForeign(staticData, ownUrl) ??
		(found && getForeign({ subscriptionId: found.id, url: found.url }, ownUrl));
	if (foreign) context.logger.warn(describeForeign(foreign));
	const failedDelete = found && !foreign && (await deleteSubscription(context, found.id));
	if (failedDelete) return failedDelete;
	forgetSubscription(staticData);
	if (found && !foreign) forgetProcessedEvents(found.id);
	return undefined;
}
