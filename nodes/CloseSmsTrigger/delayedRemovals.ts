import { randomUUID } from 'node:crypto';
import { delay } from '../shared/delay';

/**
 * n8n publishes a trigger with other settings by unpublishing it and then publishing it anew, and tells the first of the
 * two from nothing. Between them it writes to its database a few times.
 */
const DELAY_MS = 10_000;

/** Names this process in what is stored. */
export const PROCESS_ID = randomUUID();

interface Removal {
	address: string;
	/** Removes it, once. */
	remove: () => Promise<void>;
}

/** By the ID of the subscription. */
const removals = new Map<string, Removal>();

/** By the trigger's address: the last of what is to be done about its subscriptions. */
const turns = new Map<string, Promise<unknown>>();

/**
 * Does one thing after the other about the subscriptions of a trigger, so that none is removed while it is looked at to
 * be kept, and none is made that a removal under way does not see.
 */
export async function inTurn<T>(address: string, act: () => Promise<T>): Promise<T> {
	const earlier = turns.get(address) ?? Promise.resolve();
	const turn = earlier.catch(() => undefined).then(act);
	turns.set(address, turn);
	try {
		return await turn;
	} finally {
		if (turns.get(address) === turn) turns.delete(address);
	}
}

/**
 * Removes a subscription in a while, unless it is kept until then.
 *
 * @param address the trigger's
 * @param remove must not throw
 */
export function removeLater(id: string, address: string, remove: () => Promise<void>): void {
	let removing: Promise<void> | undefined;
	const removal: Removal = {
		address,
		remove: async () => await (removing ??= remove().finally(() => removals.delete(id))),
	};
	const isWanted = () => removals.get(id) === removal;
	const carryOut = async () => {
		await delay(DELAY_MS, undefined, isWanted);
		if (isWanted())
			await inTurn(address, async () => {
				if (isWanted()) await removal.remove();
			});
	};
	removals.set(id, removal);
	void carryOut();
}

export const isToBeRemoved = (id: string): boolean => removals.has(id);

/** Leaves a subscription that was to be removed as it is. To be called in turn. */
export const keep = (id: string): void => void removals.delete(id);

/** Removes what is to be removed of a trigger now. */
export async function removeNow(address: string): Promise<void> {
	for (const removal of [...removals.values()])
		if (removal.address === address) await removal.remove();
}
