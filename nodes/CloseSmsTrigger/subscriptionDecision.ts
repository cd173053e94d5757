import { createHash } from 'node:crypto';
import type { IDataObject } from 'n8n-workflow';
import type { SubscribedEvent } from './events';
import { isSignatureKey } from './signature';

/** What the subscription at Close should be like. */
export interface DesiredSubscription {
	url: string;
	events: SubscribedEvent[];
}

/** A subscription as Close shows it. */
export interface Subscription {
	id: string;
	url: string;
	status: string;
	events: IDataObject[];
	signature_key?: unknown;
	date_updated?: string;
	pause_reason?: unknown;
}

/** What is stored of the subscription that was made last. */
export interface StoredSubscription {
	subscriptionId?: string;
	/** The address that it was made for. A copy of the workflow or of the database has another one itself. */
	url?: string;
	signatureKey?: string;
	/** Another process is about to remove it, or was when it ended. */
	isLeaving?: boolean;
}

/** A subscription of ours, and its key. */
export interface KnownSubscription {
	id: string;
	signatureKey: string;
}

/** A subscription for another address: another trigger may use it. */
export interface ForeignSubscription {
	id: string;
	url: string;
}

/**
 * What is to be done: `keep` a subscription that is as desired, `update` one that is ours but differs, `replace` one
 * that is ours but whose key nobody knows, or that another process removes, or `create` one. Foreign ones are neither changed nor deleted.
 */
type SubscriptionDecision =
	| ({ action: 'keep' | 'update' } & KnownSubscription)
	| { action: 'replace'; id: string }
	| { action: 'create'; foreign?: ForeignSubscription };

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

/** Short text that is the same for equal data. */
export const toFingerprint = (desired: object) =>
	createHash('sha256')
		.update(JSON.stringify(canonical(desired)))
		.digest('base64url');

/** An address as Close may write it: host in lower case, without the usual port. */
export function normalizeUrl(url: string): string {
	try {
		return new URL(url).href;
	} catch {
		return url;
	}
}

/** Where an address leads, without what may be secret about it. */
export function getHost(url: string): string {
	try {
		return new URL(url).host;
	} catch {
		return 'an unknown host';
	}
}

export const isSameUrl = (one: string, other: string) => normalizeUrl(one) === normalizeUrl(other);

/** The stored subscription, if it was made for another address than ours; no need to ask Close about it. */
export function getForeign(
	{ subscriptionId: id, url }: StoredSubscription,
	ownUrl: string,
): ForeignSubscription | undefined {
	return id && url && !isSameUrl(url, ownUrl) ? { id, url } : undefined;
}

/**
 * Decides about the stored subscription.
 *
 * @param found the same as Close shows it; undefined when it has none
 */
export function decideSubscription(
	stored: StoredSubscription,
	found: Subscription | undefined,
	desired: DesiredSubscription,
): SubscriptionDecision {
	const foreign = getForeign(stored, desired.url);
	if (foreign || !found) return { action: 'create', foreign };
	const { id, url, status, events, signature_key: shownKey } = found;
	if (!isSameUrl(url, desired.url)) return { action: 'create', foreign: { id, url } };
	const signatureKey = [shownKey, stored.signatureKey].find(isSignatureKey);
	if (!signatureKey || stored.isLeaving) return { action: 'replace', id };
	const isUpToDate = status === 'active' && isEqual(events, desired.events);
	return { action: isUpToDate ? 'keep' : 'update', id, signatureKey };
}

/** The IDs in "Duplicate active subscription. Existing duplicates are: whsub_…". */
export function parseDuplicateIds(body: unknown): string[] {
	const words = JSON.stringify(body ?? '');
	return /duplicate/i.test(words) ? [...new Set(words.match(/whsub_\w+/g))] : [];
}

/**
 * Decides about subscriptions that Close calls duplicates, because n8n lost track of them. Of those for our own address
 * the first whose key Close shows is adopted, with the events that Close still has to deliver to it; the others are
 * removed, or else every event would be delivered once more.
 */
export function decideDuplicates(
	duplicates: Subscription[],
	desired: DesiredSubscription,
): { adopted?: KnownSubscription; removed: string[] } {
	const decisions = duplicates.map((found) => decideSubscription({}, found, desired));
	const ours = decisions.flatMap((decision) => (decision.action === 'create' ? [] : [decision]));
	const adopted = ours.find((decision) => decision.action !== 'replace');
	return {
		adopted: adopted && { id: adopted.id, signatureKey: adopted.signatureKey },
		removed: ours.filter((decision) => decision !== adopted).map(({ id }) => id),
	};
}
