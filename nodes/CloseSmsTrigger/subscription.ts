import { createHash } from 'node:crypto';
import { NodeOperationError, type IDataObject, type IHookFunctions } from 'n8n-workflow';
import { closeCall, closeUrl, isFault, subscriptionError } from './closeCall';
import type { SubscribedEvent } from './events';
import type { Fault } from '../shared/faults';
import { forgetSeen } from './seen';

/** What a trigger keeps in n8n's static data; a run in test mode has its own. */
export interface Kept extends Record<string, unknown> {
	subscriptionId?: string;
	signatureKey?: string;
	/** Of what was asked of Close. */
	fingerprint?: string;
	/** The text of `Seen`. */
	seen?: unknown;
}

/** What a subscription of Close should be like. */
export interface Wanted {
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

const pathOf = (id: string) => `/webhook/${encodeURIComponent(id)}/`;

const keptBy = (context: IHookFunctions) => context.getWorkflowStaticData('node') as Kept;

/** The same for the same data, whatever the order of its keys; a key that is null counts as absent. */
function canonical(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(canonical);
	if (typeof value !== 'object' || value === null) return value;
	return Object.entries(value)
		.filter(([, entry]) => entry !== null && entry !== undefined)
		.sort(([one], [other]) => (one < other ? -1 : 1))
		.map(([key, entry]) => [key, canonical(entry)]);
}

const isSame = (one: unknown, other: unknown) =>
	JSON.stringify(canonical(one)) === JSON.stringify(canonical(other));

const fingerprintOf = (wanted: Wanted) =>
	createHash('sha256')
		.update(JSON.stringify(canonical(wanted)))
		.digest('base64url');

/** Remembers a subscription; the key may be missing in an answer about one that is known. */
function keep(context: IHookFunctions, { id, signature_key }: Subscription): void {
	const kept = keptBy(context);
	if (kept.subscriptionId !== id) for (const key of Object.keys(kept)) delete kept[key];
	kept.subscriptionId = id;
	kept.signatureKey = signature_key ?? kept.signatureKey;
}

/** A subscription of Close; undefined when it has none of this id. */
async function find(context: IHookFunctions, id: string) {
	const answer = await closeCall(context, 'GET', pathOf(id));
	return isFault(answer) && answer.status === 404 ? undefined : (answer as Subscription | Fault);
}

/** The address of a webhook without the part that `WEBHOOK_URL` gives: its last two segments name it. */
const nameOf = (url: string) => url.split('/').slice(-2).join('/');

/**
 * The subscription that this trigger made, if Close still has it. A workflow that was copied with its static data
 * points to that of the original, which is not its own.
 */
async function findOwn(context: IHookFunctions, { url }: Wanted) {
	const { subscriptionId } = keptBy(context);
	const found = subscriptionId ? await find(context, subscriptionId) : undefined;
	return !found || isFault(found) || nameOf(found.url) === nameOf(url) ? found : undefined;
}

const NOT_SHOWN = 'Close did not show the webhook subscription';

/**
 * Whether Close has just the subscription that is wanted, active, and its key is known here.
 *
 * n8n also asks when it starts, and takes its address away from a trigger that fails then. So when Close cannot be
 * asked, what was asked of it before is taken to be there still.
 *
 * @throws {NodeApiError} when Close cannot be asked, and was asked for something else before
 */
export async function isSubscribed(context: IHookFunctions, wanted: Wanted): Promise<boolean> {
	const own = await findOwn(context, wanted);
	const { fingerprint, signatureKey } = keptBy(context);
	if (!own || !isFault(own)) {
		const isRight = own?.status === 'active' && own.url === wanted.url;
		return isRight && isSame(own.events, wanted.events) && Boolean(signatureKey);
	}
	if (fingerprint !== fingerprintOf(wanted)) throw subscriptionError(context, NOT_SHOWN, own);
	context.logger.warn(`${NOT_SHOWN} (${own.reason}): it is taken to be as it was`);
	return true;
}

/** Changes a subscription, else makes a new one. */
const write = async (context: IHookFunctions, wanted: Wanted, id: string | undefined) =>
	id
		? await closeCall(context, 'PUT', pathOf(id), { ...wanted, status: 'active' })
		: await closeCall(context, 'POST', '/webhook/', wanted);

/** Removes a subscription; one that is gone already is fine. */
async function remove(context: IHookFunctions, id: string): Promise<Fault | undefined> {
	const answer = await closeCall(context, 'DELETE', pathOf(id));
	return isFault(answer) && answer.status !== 404 ? answer : undefined;
}

/** The ids in "Duplicate active subscription. Existing duplicates are: whsub_…". */
function duplicatesIn(answer: IDataObject | Fault): string[] {
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
async function takeOver(context: IHookFunctions, ids: string[], { url }: Wanted) {
	const ours: Subscription[] = [];
	for (const id of ids) {
		const found = await find(context, id);
		if (found && isFault(found)) throw subscriptionError(context, NOT_SHOWN, found);
		if (found?.url === url) ours.push(found);
	}
	const first = ours.find((one) => one.signature_key);
	for (const { id } of ours.filter((one) => one !== first)) {
		const fault = await remove(context, id);
		if (fault)
			throw subscriptionError(context, 'Close did not remove a webhook subscription', fault);
	}
	if (first) keep(context, first);
	return first?.id;
}

const ONLY_HERE = /^https?:\/\/(localhost|127\.|0\.0\.0\.0|\[::1\])/i;

/**
 * Close takes any address, and would never bring anything to one that only this machine knows.
 *
 * @throws {NodeOperationError}
 */
async function checkAddress(context: IHookFunctions, { url }: Wanted): Promise<void> {
	if (!ONLY_HERE.test(url) || ONLY_HERE.test(await closeUrl(context))) return;
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
export async function subscribe(context: IHookFunctions, wanted: Wanted): Promise<void> {
	await checkAddress(context, wanted);
	const own = await findOwn(context, wanted);
	if (own && isFault(own)) throw subscriptionError(context, NOT_SHOWN, own);
	let answer = await write(context, wanted, own?.id);
	const duplicates = duplicatesIn(answer);
	if (duplicates.length > 0) {
		const taken = await takeOver(context, duplicates, wanted);
		if (own && taken) await remove(context, own.id);
		answer = await write(context, wanted, taken ?? own?.id);
	}
	if (isFault(answer))
		throw subscriptionError(context, 'Close did not make the webhook subscription', answer);
	keep(context, answer as Subscription);
	keptBy(context).fingerprint = fingerprintOf(wanted);
	if (keptBy(context).signatureKey) return;
	throw new NodeOperationError(context.getNode(), 'Close gave no key to check its calls with', {
		description: 'Deactivate the workflow, then activate it again.',
	});
}

/**
 * Removes the own subscription.
 *
 * @returns what went wrong, for the log: n8n goes on deactivating anyway, and cannot be told in test mode
 */
export async function unsubscribe(context: IHookFunctions): Promise<Fault | undefined> {
	const kept = keptBy(context);
	if (!kept.subscriptionId) return undefined;
	const fault = await remove(context, kept.subscriptionId);
	if (fault) return fault;
	forgetSeen(kept.subscriptionId);
	for (const key of Object.keys(kept)) delete kept[key];
	return undefined;
}
