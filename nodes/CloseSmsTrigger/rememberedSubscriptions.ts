import type { KnownSubscription } from './subscriptionDecision';

/**
 * The subscription of each trigger as this process knows it, by the trigger's address. It is there when n8n's static
 * data is lost or old: an execution of the workflow that changes static data writes all of it back as it was when the
 * execution began.
 */
const byAddress = new Map<string, KnownSubscription>();

export const rememberSubscription = (address: string, { id, signatureKey }: KnownSubscription) =>
	byAddress.set(address, { id, signatureKey });

export const getRememberedSubscription = (address: string) => byAddress.get(address);

export const forgetSubscription = (address: string) => byAddress.delete(address);
