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

/**
 * Which events of one subscription have started the workflow. Kept as short text, because n8n stores it with the
 * workflow at every event and once more in each saved execution.
 *
 * Close may add later changes to an event, which then comes once more under the same id with a later time: that is
 * news. What comes late with an earlier time is not; the later one told all of it.
 */
export class ProcessedEvents {
	/** Times by hashed id, in order of arrival. */
	private readonly times = new Map<string, string>();
	private readonly released = new Set<string>();
	/** The last serialized state that was merged or written; it is not parsed again. */
	private lastSerialized = '';

	/**
	 * Notes an event; false when it is known already.
	 *
	 * @param time milliseconds since 1970 of its last change; NaN when that cannot be read
	 */
	claim(id: string, time: number): boolean {
		const hash = toHash(id);
		this.released.delete(hash);
		const isNew = this.record(hash, toTimeKey(time));
		this.evict();
		return isNew;
	}

	/** Forgets an event that could not start the workflow, so that Close's next try can. */
	release(id: string): void {
		this.times.delete(toHash(id));
		this.released.add(toHash(id));
	}

	/** Adds what was stored, by this n8n before it was restarted or by another one. */
	merge(stored: unknown): void {
		if (typeof stored !== 'string' || stored === this.lastSerialized) return;
		this.lastSerialized = stored;
		for (let start = 0; start + WIDTH <= stored.length; start += WIDTH) {
			const hash = stored.slice(start, start + HASH_WIDTH);
			if (!this.released.has(hash))
				this.record(hash, stored.slice(start + HASH_WIDTH, start + WIDTH));
		}
		this.evict();
	}

	/** What `read` reads. */
	serialize(): string {
		this.lastSerialized = [...this.times].map(([hash, time]) => hash + time).join('');
		return this.lastSerialized;
	}

	private record(hash: string, time: string): boolean {
		if ((this.times.get(hash) ?? '') >= time) return false;
		// Puts it at the end.
		this.times.delete(hash);
		this.times.set(hash, time);
		return true;
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
 * By subscription, as long as this n8n runs: n8n reads what is stored before each delivery and writes it back after,
 * so of deliveries that come at the same time one would undo what the other stored.
 */
const processedBySubscription = new Map<string, ProcessedEvents>();

/** What is known of a subscription's events, with what was stored. */
export function getProcessedEvents(subscriptionId: string, stored: unknown): ProcessedEvents {
	const seen = processedBySubscription.get(subscriptionId) ?? new ProcessedEvents();
	processedBySubscription.set(subscriptionId, seen);
	seen.merge(stored);
	return seen;
}

export const forgetProcessedEvents = (subscriptionId: string) =>
	processedBySubscription.delete(subscriptionId);
