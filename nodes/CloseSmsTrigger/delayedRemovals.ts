import { randomUUID } from 'node:crypto';
import { sleep } from 'n8n-workflow';

/**
 * n8n publishes a trigger with other settings by unpublishing it and then publishing it anew, and tells the first of the
 * two from nothing. Between them it writes to its database a few times.
 */
const DELAY_MS = 10_000;
const POLL_MS = 50;

/** Names this process in what is stored. */
export const PROCESS_ID = randomUUID();

interface Removal {
	address: string;
	state: 'waiting' | 'kept' | 'due' | 'underWay';
	done: Promise<void>;
}

/** By the ID of the subscription. */
const removals = new Map<string, Removal>();

const atAddress = (address: string) =>
	[...removals.values()].filter((removal) => removal.address === address);

/**
 * Removes a subscription in a while, unless it is kept until then.
 *
 * @param address the trigger's
 * @param remove must not throw
 */
export function removeLater(id: string, address: string, remove: () => Promise<void>): void {
	const removal: Removal = { address, state: 'waiting', done: Promise.resolve() };
	const carryOut = async () => {
		for (let waited = 0; waited < DELAY_MS && removal.state === 'waiting'; waited += POLL_MS)
			await sleep(POLL_MS);
		if (removal.state === 'kept') return;
		removal.state = 'underWay';
		await remove().finally(() => removals.delete(id));
	};
	removals.set(id, removal);
	removal.done = carryOut();
}

export const isToBeRemoved = (id: string): boolean => removals.has(id);

/** Leaves a subscription that was to be removed as it is. */
export function keep(id: string): void {
	const removal = removals.get(id);
	if (removal?.state !== 'waiting') return;
	removal.state = 'kept';
	removals.delete(id);
}

/** Resolves when none of the subscriptions of a trigger is just being removed. */
export async function untilNoneIsUnderWay(address: string): Promise<void> {
	for (const { state, done } of atAddress(address)) if (state !== 'waiting') await done;
}

/** Removes what is to be removed of a trigger now. */
export async function removeNow(address: string): Promise<void> {
	for (const removal of atAddress(address)) {
		if (removal.state === 'waiting') removal.state = 'due';
		await removal.done;
	}
}
