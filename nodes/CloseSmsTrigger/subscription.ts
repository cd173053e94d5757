import { NodeOperationError, type IHookFunctions } from 'n8n-workflow';
import { getBaseUrl, type CloseApiResponse } from '../shared/closeApiRequest';
import {
	deleteSubscription,
	getSubscription,
	listSubscriptions,
	subscriptionError,
	upsertSubscription,
} from './subscriptionApi';
import { askAgain, forLater, stopAsking } from './askAgain';
import { inTurn, isToBeRemoved, keep, PROCESS_ID, removeLater, removeNow } from './delayedRemovals';
import { noteListening, noteUnpublished } from './catchUp/listening';
import { forgetProcessedEvents } from './processedEvents';
import {
	forgetSubscription,
	getRememberedSubscription,
	rememberSubscription,
} from './rememberedSubscriptions';
import { isSignatureKey } from './signature';
import {
	getStaticData,
	getUnpublished,
	setUnpublished,
	type TriggerStaticData,
} from './staticData';
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
	type StoredSubscription,
	type Subscription,
} from './subscriptionDecision';
import { toTriggerKey } from './triggerKey';

function storeSubscription(
	context: IHookFunctions,
	desired: DesiredSubscription,
	{ id, signatureKey }: KnownSubscription,
): void {
	const { url } = desired;
	keep(id);
	rememberSubscription(url, { id, signatureKey });
	const staticData = getStaticData(context);
	if ('removedBy' in staticData) delete staticData.removedBy;
	const changes = { subscriptionId: id, url, signatureKey, fingerprint: toFingerprint(desired) };
	// Without a change n8n need not store it, which could undo what another process has just stored.
	for (const [name, value] of Object.entries(changes))
		if (staticData[name] !== value) staticData[name] = value;
}

/** What is stored of the subscription, also of a trigger that has another name now; else what this process remembers. */
function getStored(context: IHookFunctions, url: string): StoredSubscription {
	const former = getUnpublished(context);
	const { removedBy, ...stored } = former?.url === url ? former : getStaticData(context);
	if (stored.subscriptionId)
		return { ...stored, isLeaving: removedBy !== undefined && removedBy !== PROCESS_ID };
	const { id, signatureKey } = getRememberedSubscription(url) ?? {};
	return id ? { subscriptionId: id, url, signatureKey } : {};
}

/** The stored subscription as Close shows it. Close is not asked about one that was made for another address. */
async function findSubscription(context: IHookFunctions, url: string) {
	const stored = getStored(context, url);
	const response =
		stored.subscriptionId && !getForeign(stored, url)
			? await getSubscription(context, stored.subscriptionId)
			: {};
	return { ...response, stored };
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
export const isSubscribed = async (
	context: IHookFunctions,
	desired: DesiredSubscription,
): Promise<boolean> =>
	await inTurn(desired.url, async () => await isSubscribedNow(context, desired));

async function isSubscribedNow(
	context: IHookFunctions,
	desired: DesiredSubscription,
): Promise<boolean> {
	stopAsking(toTriggerKey(context));
	const { body: found, failure, stored } = await findSubscription(context, desired.url);
	if (!failure) {
		const decision = decideSubscription(stored, found, desired);
		if (decision.action !== 'keep') return false;
		await noteListening(context, found ?? 'none');
		storeSubscription(context, desired, decision);
		return true;
	}
	const { fingerprint } = getStaticData(context);
	if (fingerprint !== toFingerprint(desired) || !isSignatureKey(stored.signatureKey))
		throw subscriptionError(context, NOT_READABLE, failure);
	context.logger.warn(
		`${NOT_READABLE} (${failure.reason}): it is assumed to be as it was. Close is asked again in a minute.`,
	);
	await noteListening(context, 'unknown');
	const later = forLater(context);
	askAgain(
		toTriggerKey(context),
		async (isWanted) =>
			await inTurn(desired.url, async () => !isWanted() || (await isRepaired(later, desired))),
	);
	return true;
}

/**
 * Makes the subscription what it should be, if Close shows by now that it is not.
 *
 * @returns whether nothing is left to do
 */
async function isRepaired(context: IHookFunctions, desired: DesiredSubscription): Promise<boolean> {
	const { body: found, failure, stored } = await findSubscription(context, desired.url);
	if (failure) return false;
	if (decideSubscription(stored, found, desired).action === 'keep') return true;
	try {
		await subscribeNow(context, desired);
	} catch (error) {
		context.logger.warn(
			`The webhook subscription of this trigger is paused, gone or another at Close, and could not be made anew: ${(error as Error).message}. It is tried again.`,
		);
		return false;
	}
	context.logger.warn(
		'The webhook subscription of this trigger was paused, gone or another at Close when n8n started. It is active again.',
	);
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
				"Set n8n's environment variable N8N_WEBHOOK_URL (WEBHOOK_URL before n8n 2.30) to an address that is reachable from the internet, and start n8n again.",
		},
	);
}

const describeForeign = ({ id, url }: ForeignSubscription) =>
	`The webhook subscription ${id} at Close is for another address, ${url}, so it was left as it is. If nothing uses it anymore, delete it in Close.`;

/** Reads the subscriptions that Close calls duplicates. @throws {NodeApiError} when Close cannot be asked */
async function readDuplicates(context: IHookFunctions, ids: string[]): Promise<Subscription[]> {
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
 * @returns the subscription and, if there was one before, its key and how it was
 */
async function upsertOrAdopt(
	context: IHookFunctions,
	desired: DesiredSubscription,
	own: KnownSubscription | undefined,
	found: Subscription | undefined,
): Promise<{
	response: CloseApiResponse<Subscription>;
	known?: KnownSubscription;
	before?: Subscription;
}> {
	const response = await upsertSubscription(context, desired, own?.id);
	const ids = parseDuplicateIds(response.failure?.body).filter((id) => id !== own?.id);
	if (ids.length === 0) return { response, known: own, before: own && found };
	const duplicates = await readDuplicates(context, ids);
	const { adopted, removed } = decideDuplicates(duplicates, desired);
	await requireDeleted(context, adopted && own ? [...removed, own.id] : removed);
	const known = adopted ?? own;
	return {
		response: await upsertSubscription(context, desired, known?.id),
		known,
		before: [found, ...duplicates].find((one) => one && one.id === known?.id),
	};
}

/**
 * Makes the subscription at Close what it should be: updates the one that is stored here, adopts one that n8n lost track
 * of, or creates a new one.
 *
 * @throws {NodeApiError} in Close's words
 */
export const subscribe = async (
	context: IHookFunctions,
	desired: DesiredSubscription,
): Promise<void> => await inTurn(desired.url, async () => await subscribeNow(context, desired));

async function subscribeNow(context: IHookFunctions, desired: DesiredSubscription): Promise<void> {
	await rejectLoopbackUrl(context, desired);
	const { body: found, failure, stored } = await findSubscription(context, desired.url);
	if (failure) throw subscriptionError(context, NOT_READABLE, failure);
	const decision = decideSubscription(stored, found, desired);
	const foreign = decision.action === 'create' ? decision.foreign : undefined;
	// One that this process removes in a moment was this trigger's, under its former address.
	if (foreign && !isToBeRemoved(foreign.id)) context.logger.warn(describeForeign(foreign));
	const { subscriptionId, removedBy } = getStaticData(context);
	if (subscriptionId && !removedBy && !found && decision.action === 'create' && !foreign)
		context.logger.warn(describeMissing(subscriptionId, desired.url));
	if (decision.action === 'replace') await requireDeleted(context, [decision.id]);
	// Another credential does not show it, and Close takes no second one for this address.
	if (decision.action === 'create') await removeNow(desired.url);
	const own = 'signatureKey' in decision ? decision : undefined;
	const { response, known, before } = await upsertOrAdopt(context, desired, own, found);
	if (response.failure)
		throw subscriptionError(
			context,
			'Close did not create the webhook subscription',
			response.failure,
		);
	const { id, signature_key: shownKey } = response.body;
	const signatureKey = [shownKey, known?.signatureKey].find(isSignatureKey);
	if (signatureKey) {
		await noteListening(context, before ?? 'none');
		return storeSubscription(context, desired, { id, signatureKey });
	}
	await requireDeleted(context, [id]);
	throw new NodeOperationError(
		context.getNode(),
		'Close did not return the signature key of the webhook subscription',
		{
			description: 'Publish the workflow again.',
		},
	);
}

const describeLeft = (id: string, address: string, why: string) =>
	`The webhook subscription ${id} at Close, for ${address}, was not removed: ${why}. Close calls it in vain until it pauses it after three days. To remove it now, send DELETE /webhook/${id}/ to Close with a key of the organization that it is in.`;

const describeMissing = (id: string, address: string) =>
	`Close does not show the webhook subscription ${id}, for ${address}, to the credential of this trigger. Either it is gone, or it is in another organization, because the credential's key has changed; then it stays there. To remove it, send DELETE /webhook/${id}/ to Close with a key of that organization.`;

const describeChanged = (id: string, address: string) =>
	`The webhook subscription ${id} at Close, for ${address}, was changed after the workflow was unpublished, for example by another process of n8n that published it again, so it was left as it is. If the workflow is not published, delete it in Close.`;

/** A subscription when the workflow is unpublished; `own` too if it cannot be read. */
type Look = { is: 'own'; changedAt?: string } | { is: 'missing' | 'foreign' };

async function lookAt(context: IHookFunctions, id: string, ownUrl: string): Promise<Look> {
	const { body: found, failure } = await getSubscription(context, id);
	if (failure) return { is: 'own' };
	if (!found) return { is: 'missing' };
	if (isSameUrl(found.url, ownUrl)) return { is: 'own', changedAt: found.date_updated };
	context.logger.warn(describeForeign(found));
	return { is: 'foreign' };
}

/**
 * Removes a subscription if it is still as it was. What cannot be removed is named in the log.
 *
 * @returns whether nothing is left
 */
async function removeOwn(
	context: IHookFunctions,
	id: string,
	{ ownUrl, changedAt }: { ownUrl: string; changedAt?: string },
): Promise<boolean> {
	const { body: found, failure } = await getSubscription(context, id);
	if (found && !isSameUrl(found.url, ownUrl)) {
		context.logger.warn(describeForeign(found));
		return true;
	}
	const isChanged = found && changedAt && found.date_updated !== changedAt;
	if (isChanged && found.status !== 'paused') {
		context.logger.warn(describeChanged(id, ownUrl));
		return true;
	}
	const failed = failure ?? (found && (await deleteSubscription(context, id)));
	if (failed) {
		context.logger.error(describeLeft(id, ownUrl, failed.reason));
		return false;
	}
	forgetProcessedEvents(id);
	if (getRememberedSubscription(ownUrl)?.id === id) forgetSubscription(ownUrl);
	return true;
}

/** The subscriptions for our address that nobody here knows of. */
async function findLost(context: IHookFunctions, ownUrl: string): Promise<string[]> {
	const { body } = await listSubscriptions(context);
	return (body?.data ?? []).filter(({ url }) => isSameUrl(url, ownUrl)).map(({ id }) => id);
}

/** The subscriptions to remove, with when Close last changed them. */
async function findOwn(context: IHookFunctions, ownUrl: string) {
	const stored = getStaticData(context);
	const foreign = getForeign(stored, ownUrl);
	if (foreign) context.logger.warn(describeForeign(foreign));
	const known = [
		foreign ? undefined : stored.subscriptionId,
		getRememberedSubscription(ownUrl)?.id,
	];
	const own = new Map<string, string | undefined>();
	const missing: string[] = [];
	const look = async (id: string) => {
		const found = await lookAt(context, id, ownUrl).catch((error: Error) => {
			// For example: the credential was deleted.
			context.logger.error(describeLeft(id, ownUrl, error.message));
			throw error;
		});
		if (found.is === 'own') own.set(id, found.changedAt);
		if (found.is === 'missing') missing.push(id);
	};
	const ids = [...new Set(known)].filter((id) => id !== undefined);
	for (const id of ids) if (!isToBeRemoved(id)) await look(id);
	// n8n unpublishes again when it could not publish.
	if (own.size > 0 || ids.some(isToBeRemoved)) return own;
	for (const id of await findLost(context, ownUrl)) await look(id);
	if (own.size === 0) for (const id of missing) context.logger.warn(describeMissing(id, ownUrl));
	return own;
}

const clear = (staticData: TriggerStaticData, keys = Object.keys(staticData)) => {
	for (const key of keys) delete staticData[key];
};

/**
 * Removes the subscription, and whatever else there is for our address: in a while, for n8n unpublishes a trigger also
 * to publish it with other settings, and then it is changed in place. What is stored of it stays until then. That of a
 * test goes at once.
 *
 * @returns whether nothing was left that is known of
 */
export const unsubscribe = async (context: IHookFunctions, ownUrl: string): Promise<boolean> =>
	await inTurn(ownUrl, async () => await unsubscribeNow(context, ownUrl));

async function unsubscribeNow(context: IHookFunctions, ownUrl: string): Promise<boolean> {
	stopAsking(toTriggerKey(context));
	const stored = getStaticData(context);
	const own = await findOwn(context, ownUrl);
	if (context.getMode() === 'manual') {
		let isAllRemoved = true;
		for (const [id, changedAt] of own)
			isAllRemoved = (await removeOwn(context, id, { ownUrl, changedAt })) && isAllRemoved;
		if (isAllRemoved) clear(stored);
		return isAllRemoved;
	}
	for (const [id, changedAt] of own)
		removeLater(id, ownUrl, async () => {
			await removeOwn(context, id, { ownUrl, changedAt }).catch((error: Error) =>
				// For example: the credential was deleted.
				context.logger.error(describeLeft(id, ownUrl, error.message)),
			);
		});
	await noteUnpublished(context, Boolean(own.get(stored.subscriptionId ?? '')));
	// Without it nothing is assumed of a subscription that Close does not show.
	delete stored.fingerprint;
	if (stored.subscriptionId && isToBeRemoved(stored.subscriptionId)) stored.removedBy = PROCESS_ID;
	else clear(stored, ['subscriptionId', 'url', 'signatureKey', 'removedBy']);
	setUnpublished(context, stored);
	return true;
}
