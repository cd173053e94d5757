import { sleep } from 'n8n-workflow';
import { EntryStore, type AddEntries } from './entryStore';

/**
 * What a claim results in: `claimed`: this execution goes on; `claimedByAnother`: another one went on with this event;
 * `claimedBefore`: this very execution has claimed it before, and n8n has begun it once more.
 */
type ClaimResult = 'claimed' | 'claimedByAnother' | 'claimedBefore';

/** An execution that wants to go on with an event. */
interface Claimant {
	event: string;
	executionId: string;
	/** Whether another process may claim an event of this trigger at the same moment. */
	isShared: boolean;
}

/** Many times longer than another process takes to read and write the entries. */
const SETTLE_MS = 250;
/** The same, as a multiple of how long it just took here. With less than 4, a chain of overlapping writes can undo it. */
const SETTLE_FACTOR = 10;
const MAX_ROUNDS = 20;
/** When two processes store the first entry of a trigger at the same moment, n8n's database refuses one of them. */
const MAX_ATTEMPTS = 3;

/**
 * Decides which execution goes on with an event. n8n stores the claims, so the decision outlives this process.
 *
 * n8n reads all entries, adds to them, and writes them back, and not as one step. Within a process that is done once at
 * a time. Among several, one can undo what another wrote. So each looks again after a while, as in Fischer's algorithm
 * for mutual exclusion: the one that finds its own token wrote last, and whoever begins later sees it.
 */
export class EventClaims {
	private readonly claiming = new Map<string, Promise<unknown>>();
	private readonly store = new EntryStore();

	/** @throws what n8n's storage throws */
	async claim(claimant: Claimant, addEntries: AddEntries): Promise<ClaimResult> {
		const { event } = claimant;
		const earlier = this.claiming.get(event) ?? Promise.resolve();
		const result = earlier
			.catch(() => undefined)
			.then(async () => await this.decide(claimant, addEntries));
		this.claiming.set(event, result);
		try {
			return await result;
		} finally {
			if (this.claiming.get(event) === result) this.claiming.delete(event);
		}
	}

	private async decide(claimant: Claimant, addEntries: AddEntries): Promise<ClaimResult> {
		const { event, executionId, isShared } = claimant;
		if (!isShared) {
			const added = await this.store.add([event], addEntries);
			return added.has(event) ? 'claimed' : 'claimedByAnother';
		}
		const token = `${event} ${executionId}`;
		const startedAt = Date.now();
		const added = await this.addWithRetry([event, token], addEntries);
		if (!added.has(event)) return added.has(token) ? 'claimedByAnother' : 'claimedBefore';
		const settleMs = Math.max(SETTLE_MS, SETTLE_FACTOR * (Date.now() - startedAt));
		for (let round = 0; round < MAX_ROUNDS; round++) {
			await sleep(settleMs);
			const missing = await this.addWithRetry([event, token], addEntries);
			if (!missing.has(token)) return 'claimed';
			if (!missing.has(event)) return 'claimedByAnother';
			// Another process overwrote both. They have been written again.
		}
		throw new Error('Other processes kept overwriting it');
	}

	private async addWithRetry(
		entries: string[],
		addEntries: AddEntries,
		attempts = MAX_ATTEMPTS,
	): Promise<Set<unknown>> {
		const added = this.store.add(entries, addEntries);
		if (attempts === 1) return await added;
		return await added.catch(async () => {
			await sleep(SETTLE_MS);
			return await this.addWithRetry(entries, addEntries, attempts - 1);
		});
	}
}

const claimsByTrigger = new Map<string, EventClaims>();

/** @param trigger identifies the trigger, see `toTriggerKey` */
export function getEventClaims(trigger: string): EventClaims {
	const claims = claimsByTrigger.get(trigger) ?? new EventClaims();
	claimsByTrigger.set(trigger, claims);
	return claims;
}
