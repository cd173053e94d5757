import { createHash } from 'node:crypto';

/** Characters of an id's hash: among 10,000 events, a new one is taken for an old one once in 28 billion times. */
const HASH_WIDTH = 8;
/** Characters of a time: milliseconds since 1970 to the base of 36, which sort as text. */
const TIME_WIDTH = 9;
const WIDTH = HASH_WIDTH + TIME_WIDTH;
const LATEST = 36 ** TIME_WIDTH - 1;

/** Never more than this are remembered: 170 kB in n8n's database. */
const MOST = 10_000;
/** So many are remembered however old they are. */
const FEW = 100;
/** Close tries for 72 hours to bring an event (Close: "Webhooks"); one day is added to be on the safe side. */
const REPEATED_FOR = 96 * 3_600_000;

const hashOf = (id: string) =>
	createHash('sha256').update(id).digest('base64url').slice(0, HASH_WIDTH);

const written = (time: number) =>
	Math.min(Math.max(time || 0, 0), LATEST)
		.toString(36)
		.padStart(TIME_WIDTH, '0');

/**
 * Which events of one subscription have started the workflow. Kept as short text, because n8n stores it with the
 * workflow at every event and once more in each saved execution.
 *
 * Close may add later changes to an event, which then comes once more under the same id with a later time: that is
 * news. What comes late with an earlier time is not; the later one told all of it.
 */
export class Seen {
	/** Times by hashed id, in order of arrival. */
	private readonly times = new Map<string, string>();
	private readonly takenBack = new Set<string>();
	/** The text that holds nothing new. */
	private known = '';

	/**
	 * Notes an event; false when it is known already.
	 *
	 * @param time milliseconds since 1970 of its last change; NaN when that cannot be read
	 */
	take(id: string, time: number): boolean {
		const hash = hashOf(id);
		this.takenBack.delete(hash);
		const isNew = this.note(hash, written(time));
		this.forget();
		return isNew;
	}

	/** Forgets an event that could not start the workflow, so that Close's next try can. */
	takeBack(id: string): void {
		this.times.delete(hashOf(id));
		this.takenBack.add(hashOf(id));
	}

	/** Adds what was stored, by this n8n before it was restarted or by another one. */
	read(stored: unknown): void {
		if (typeof stored !== 'string' || stored === this.known) return;
		this.known = stored;
		for (let start = 0; start + WIDTH <= stored.length; start += WIDTH) {
			const hash = stored.slice(start, start + HASH_WIDTH);
			if (!this.takenBack.has(hash))
				this.note(hash, stored.slice(start + HASH_WIDTH, start + WIDTH));
		}
		this.forget();
	}

	/** What `read` reads. */
	text(): string {
		this.known = [...this.times].map(([hash, time]) => hash + time).join('');
		return this.known;
	}

	private note(hash: string, time: string): boolean {
		if ((this.times.get(hash) ?? '') >= time) return false;
		// Puts it at the end.
		this.times.delete(hash);
		this.times.set(hash, time);
		return true;
	}

	private forget(): void {
		const old = written(Date.now() - REPEATED_FOR);
		for (const [hash, time] of this.times) {
			if (this.times.size <= FEW || (this.times.size <= MOST && time > old)) return;
			this.times.delete(hash);
		}
	}
}

/**
 * By subscription, as long as this n8n runs: n8n reads what is stored before each delivery and writes it back after,
 * so of deliveries that come at the same time one would undo what the other stored.
 */
const memories = new Map<string, Seen>();

/** What is known of a subscription's events, with what was stored. */
export function seenOf(subscriptionId: string, stored: unknown): Seen {
	const seen = memories.get(subscriptionId) ?? new Seen();
	memories.set(subscriptionId, seen);
	seen.read(stored);
	return seen;
}

export const forgetSeen = (subscriptionId: string) => memories.delete(subscriptionId);
