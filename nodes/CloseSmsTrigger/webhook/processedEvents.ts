import { createHash } from 'node:crypto';

/** Characters of an ID's hash: among 10,000 events, a new one is taken for an old one once in 28 billion times. */
const HASH_WIDTH = 8;
/** Characters of a time: milliseconds since 1970 in base 36, which sort as text. */
const TIME_WIDTH = 9;
const WIDTH = HASH_WIDTH + TIME_WIDTH;
const MAX_TIME = 36 ** TIME_WIDTH - 1;

/** Never more than this are kept: 170 kB in n8n's database. */
const MAX_ENTRIES = 10_000;
/** So many are kept however old they are. */
const MIN_ENTRIES = 100;
/** Close tries for 72 hours to deliver an event (Close: "Webhooks"); one day is added to be on the safe side. */
const RETENTION_MS = 96 * 3_600_000;

const toHash = (id: string) =>
	createHash('sha256').update(id).digest('base64url').slice(0, HASH_WIDTH);

const toTimeKey = (time: number) =>
	Math.min(Math.max(time || 0, 0), MAX_TIME)
		.toString(36)
		.padStart(TIME_WIDTH, '0');

/** By what an event is known to have started the workflow. */
export interface EventKey {
	id: string;
	/** Milliseconds since 1970 of the last change that Close merged into the event; NaN when it cannot be read. */
	time: number;
	/** Whether a later time makes it new. */
	isRepeatable: boolean;
}

/**
 * What a claim results in: `claimed`: the workflow may start; `underWay`: n8n is still starting it for an earlier
 * delivery, and may yet fail; `processed`: it has started before.
 */
type Claim = 'claimed' | 'underWay' | 'processed';

/**
 * Which events of one subscription have started the workflow, and for which n8n is just starting it. Those that have
 * are kept as short text, because n8n stores it with the workflow at every event and once more in each execution.
 *
 * Close may merge later changes into an event and deliver it again under the same ID with a later time. What is
 * repeatable is new then; an earlier state that arrives late is not, because the later one contained all of it.
 */
export class ProcessedEvents {
	/** Times by hashed ID, in order of arrival. */
	private readonly times = new Map<string, string>();
	/** Whether n8n is still starting the workflow, by hashed ID. */
	private readonly starting = new Map<string, () => boolean>();
	/** The last serialized state that was merged or written; it is not parsed again. */
	private lastSerialized = '';

	/**
	 * Decides what becomes of a delivery. Whoever claims an event starts the workflow, then calls `complete`.
	 *
	 * @param isStarting whether n8n is still starting the workflow for this claim; once it is not, and `complete` was not
	 * called, the claim is void
	 */
	claim(key: EventKey, isStarting: () => boolean): Claim {
		const hash = toHash(key.id);
		if (this.isProcessed(hash, key)) {
			// What Close still delivers is kept longer.
			this.record(hash, toTimeKey(key.time));
			return 'processed';
		}
		if (this.starting.get(hash)?.()) return 'underWay';
		this.starting.set(hash, isStarting);
		return 'claimed';
	}

	/** Records that an event has started the workflow. */
	complete({ id, time }: EventKey): void {
		const hash = toHash(id);
		this.starting.delete(hash);
		this.record(hash, toTimeKey(time));
		this.evict();
	}

	/** Adds what was stored, by this n8n before it was restarted or by another process. */
	merge(stored: unknown): void {
		if (typeof stored !== 'string' || stored === this.lastSerialized) return;
		this.lastSerialized = stored;
		for (let start = 0; start + WIDTH <= stored.length; start += WIDTH)
			this.record(
				stored.slice(start, start + HASH_WIDTH),
				stored.slice(start + HASH_WIDTH, start + WIDTH),
			);
		this.evict();
	}

	/** What `merge` reads. An event for which n8n is still starting the workflow is not part of it. */
	serialize(): string {
		this.lastSerialized = [...this.times].map(([hash, time]) => hash + time).join('');
		return this.lastSerialized;
	}

	private isProcessed(hash: string, { time, isRepeatable }: EventKey): boolean {
		const known = this.times.get(hash);
		return known !== undefined && (!isRepeatable || known >= toTimeKey(time));
	}

	private record(hash: string, time: string): void {
		if ((this.times.get(hash) ?? '') >= time) return;
		// Moves it to the end.
		this.times.delete(hash);
		this.times.set(hash, time);
	}

	private evict(): void {
		const old = toTimeKey(Date.now() - RETENTION_MS);
		for (const [hash, time] of this.times) {
			if (this.times.size <= MIN_ENTRIES || (this.times.size <= MAX_ENTRIES && time > old)) return;
			this.times.delete(hash);
		}
	}
}

/**
 * By subscription, as long as this process runs: n8n reads what is stored before each delivery and writes it back
 * after, so of simultaneous deliveries one would undo what the other stored.
 */
const processedBySubscription = new Map<string, ProcessedEvents>();

/** What is known of the events of a subscription, including what was stored. */
export function getProcessedEvents(subscriptionId: string, stored: unknown): ProcessedEvents {
	const processed = processedBySubscription.get(subscriptionId) ?? new ProcessedEvents();
	processedBySubscription.set(subscriptionId, processed);
	processed.merge(stored);
	return processed;
}

export const forgetProcessedEvents = (subscriptionId: string) =>
	processedBySubscription.delete(subscriptionId);
