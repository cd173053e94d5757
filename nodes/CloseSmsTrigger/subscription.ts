import { NodeOperationError, type IHookFunctions } from 'n8n-workflow';
import { getBaseUrl, type CloseApiResponse } from '../shared/closeApiRequest';
import {
	deleteSubscription,
	getSubscription,
	listSubscriptions,
	subscriptionError,
	upsertSubscription,
} from './subscriptionApi';
import { forgetProcessedEvents } from './processedEvents';
import {
	forgetSubscription,
	getRememberedSubscription,
	rememberSubscription,
} from './rememberedSubscriptions';
import { isSignatureKey } from './signature';
import { getStaticData } from './staticData';
import {
	decideDuplicates,
	decideSubscription,
	getForeign,
	isSameUrl,
	parseDuplicateIds,
	toFingerprint,
	type DesiredSubscription,
	type ForeignSubscription,
	type KnownSubscription,
	type Subscription,
} from './subscriptionDecision';

function storeSubscription(
	context: IHookFunctions,
	desired: DesiredSubscription,
	{ id, signatureKey }: KnownSubscription,
): void {
	const { url } = desired;
	rememberSubscription(url, { id, signatureKey });
	const staticData = getStaticData(context);
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
				"Set n8n's environment variable N8N_WEBHOOK_URL (WEBHOOK_URL in an older n8n) to an address that is reachable from the internet, and start n8n again.",
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
	const { subscriptionId } = getStaticData(context);
	if (subscriptionId && !found && decision.action === 'create' && !decision.foreign)
		context.logger.warn(describeMissing(subscriptionId, desired.url));
	if (decision.action === 'replace') await requireDeleted(context, [decision.id]);
	const own = 'signatureKey' in decision ? decision : undefined;
	const { response, known } = await upsertOrAdopt(context, desired, own);
	if (response.failure)
		throw subscriptionError(
			context,
			'Close did not create the webhook subscription',
			response.failure,
		);
	const { id, signature_key: shownKey } = response.body;
	const signatureKey = [shownKey, known?.signatureKey].find(isSignatureKey);
	if (signatureKey) return storeSubscription(context, desired, { id, signatureKey });
	await requireDeleted(context, [id]);
	throw new NodeOperationError(
		context.getNode(),
		'Close did not return the signature key of the webhook subscription',
		{
			description: 'Activate the workflow again.',
		},
	);
}

const describeLeft = (id: string, address: string, why: string) =>
	`The webhook subscription ${id} at Close, for ${address}, was not removed: ${why}. Close calls it in vain until it pauses it after three days. To remove it now, send DELETE /webhook/${id}/ to Close with a key of the organization that it is in.`;

const describeMissing = (id: string, address: string) =>
	`Close does not show the webhook subscription ${id}, for ${address}, to the credential of this trigger. Either it is gone, or it is in another organization, because the credential's key has changed; then it stays there. To remove it, send DELETE /webhook/${id}/ to Close with a key of that organization.`;

/** What became of a subscription: `missing`: Close does not show it, `left`: it could not be removed. */
type Outcome = 'removed' | 'missing' | 'foreign' | 'left';

/** Removes a subscription if it is for our address. */
async function removeOwn(context: IHookFunctions, id: string, ownUrl: string): Promise<Outcome> {
	const { body: found, failure } = await getSubscription(context, id);
	if (!found && !failure) return 'missing';
	if (found && !isSameUrl(found.url, ownUrl)) {
		context.logger.warn(describeForeign(found));
		return 'foreign';
	}
	const failed = failure ?? (await deleteSubscription(context, id));
	if (!failed) return 'removed';
	context.logger.error(describeLeft(id, ownUrl, failed.reason));
	return 'left';
}

/** The subscriptions for our address that nobody here knows of. */
async function findLost(context: IHookFunctions, ownUrl: string): Promise<string[]> {
	const { body } = await listSubscriptions(context);
	return (body?.data ?? []).filter(({ url }) => isSameUrl(url, ownUrl)).map(({ id }) => id);
}

/**
 * Removes the subscription, and whatever else there is for our address. What cannot be removed is named in the log, for
 * n8n unpublishes the workflow anyway.
 *
 * @returns whether nothing was left that is known of
 */
export async function unsubscribe(context: IHookFunctions, ownUrl: string): Promise<boolean> {
	const stored = getStaticData(context);
	const foreign = getForeign(stored, ownUrl);
	if (foreign) context.logger.warn(describeForeign(foreign));
	const known = [!foreign && stored.subscriptionId, getRememberedSubscription(ownUrl)?.id];
	const outcomes = new Map<string, Outcome>();
	const remove = async (id: string) => {
		if (!outcomes.has(id)) outcomes.set(id, await removeOwn(context, id, ownUrl));
	};
	for (const id of known) if (id) await remove(id);
	const has = (outcome: Outcome) => [...outcomes.values()].includes(outcome);
	if (!has('removed') && !has('left'))
		for (const id of await findLost(context, ownUrl)) await remove(id);
	if (has('left')) return false;
	for (const [id, outcome] of outcomes)
		if (outcome === 'missing' && !has('removed')) context.logger.warn(describeMissing(id, ownUrl));
	for (const id of outcomes.keys()) forgetProcessedEvents(id);
	forgetSubscription(ownUrl);
	for (const key of Object.keys(stored)) delete stored[key];
	return true;
}
