import type { IWebhookFunctions } from 'n8n-workflow';
import { rememberSubscription } from '../rememberedSubscriptions';
import { getSubscription } from '../subscriptionApi';
import { decideSubscription, getHost, type KnownSubscription } from '../subscriptionDecision';

/** A subscription that a request names, which looks as if Close had made it. */
interface NamedSubscription {
	id: string;
	/** The address of the trigger. */
	address: string;
	/** Whether the request was signed with this key. */
	isItsOwn: (signatureKey: string) => boolean;
}

/** Why a subscription is not this trigger's. */
interface Refusal {
	reason: string;
}

const MINUTE_MS = 60_000;
/** Anybody can name subscriptions: so many are looked up per minute and trigger, each of them once. */
const MAX_LOOK_UPS = 5;
const LOG_INTERVAL_MS = 60 * MINUTE_MS;

/** By address: the look-ups of the last minute, by ID, and when a refusal was logged last. */
const states = new Map<string, { lookUps: Map<string, LookUp>; loggedAt: number }>();

interface LookUp {
	at: number;
	result: Promise<KnownSubscription | Refusal>;
}

const getState = (address: string) => {
	const state = states.get(address) ?? { lookUps: new Map<string, LookUp>(), loggedAt: -Infinity };
	states.set(address, state);
	return state;
};

async function lookUp(
	context: IWebhookFunctions,
	{ id, address }: NamedSubscription,
): Promise<KnownSubscription | Refusal> {
	const { body: found, failure } = await getSubscription(context, id, { maxAttempts: 1 });
	if (failure) return { reason: `Close did not show it: ${failure.reason}` };
	if (!found) return { reason: 'Close does not show it to the credential of this trigger' };
	const decision = decideSubscription({}, found, { url: address, events: [] });
	// Anybody can name one, and the path of such an address may be a secret.
	if (decision.action === 'create')
		return { reason: `it is for another address, at ${getHost(found.url)}` };
	return 'signatureKey' in decision
		? decision
		: { reason: 'Close does not show its signature key' };
}

/**
 * Takes over a subscription that points to this trigger, whose key Close shows, and whose key signed the request. It is
 * remembered by this process only: a delivery must not write static data.
 */
export async function adoptSubscription(
	context: IWebhookFunctions,
	named: NamedSubscription,
): Promise<KnownSubscription | undefined> {
	const { id, address, isItsOwn } = named;
	const state = getState(address);
	for (const [other, { at }] of state.lookUps)
		if (at < Date.now() - MINUTE_MS) state.lookUps.delete(other);
	const earlier = state.lookUps.get(id);
	if (!earlier && state.lookUps.size >= MAX_LOOK_UPS) return undefined;
	const { result } = earlier ?? { result: lookUp(context, named) };
	if (!earlier) state.lookUps.set(id, { at: Date.now(), result });
	const found = await result;
	if ('signatureKey' in found && isItsOwn(found.signatureKey)) {
		rememberSubscription(address, found);
		if (!earlier)
			context.logger.info(
				`n8n had lost track of the webhook subscription ${id} at Close. It is for this trigger, so it is used from now on.`,
			);
		return found;
	}
	if (state.loggedAt <= Date.now() - LOG_INTERVAL_MS) {
		state.loggedAt = Date.now();
		const reason = 'reason' in found ? found.reason : 'its key did not sign the call';
		context.logger.warn(
			`A call that looks like one of Close was refused. It is about the webhook subscription ${id}, which is not this trigger's: ${reason}. If messages are missing, unpublish the workflow and publish it again. (Logged once an hour at most.)`,
		);
	}
	return undefined;
}
