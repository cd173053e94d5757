import { createHash } from 'node:crypto';
import { delay, monotonicNow } from '../../../shared/delay';
import type { EndpointGroup } from './endpointGroup';
import { RateLimiter } from './rateLimiter';

/** What became of a queue's turn. */
export interface DrainResult {
	/** One request was admitted. */
	hasAdmitted: boolean;
	/** Requests are left. */
	isWaiting: boolean;
	/** When the next of them may be sent, by `monotonicNow`; Infinity while nobody knows. */
	nextAt: number;
}

/** The queue of one run. */
export interface Drainable {
	/** Admits at most one request, and rejects those that will never be sent. */
	drainOne(): DrainResult;
}

/**
 * Admits the requests of all runs of this process that use the same key, one of each run in turn (round robin): a single
 * text never waits for more than one request of a long run, and a long run gets its turn among any number of single texts.
 */
export class RequestScheduler {
	/** The queues with requests that wait, the one that was served least recently first. */
	private readonly waiting = new Set<Drainable>();
	/** Time of the next scheduled drain. */
	private wakeAt = Infinity;

	constructor(readonly limiter = new RateLimiter()) {}

	/** Admits what a queue may send after a change of its own. */
	update(queue: Drainable): void {
		this.waiting.add(queue);
		const { hasAdmitted, nextAt } = this.take(queue);
		// There is room, maybe for the others too.
		if (hasAdmitted) this.drain();
		else this.wakeBy(nextAt);
	}

	/** Admits what may be sent after a response in an endpoint group, of every queue. */
	release(group: EndpointGroup): void {
		// A pause may outlast the deadlines of others, which are told at once.
		this.drain(group.pausedForMs > 0 ? undefined : group);
	}

	/**
	 * Admits every request that may be sent now.
	 *
	 * @param only ends as soon as this group, in which alone something has changed, has no more room: thousands may wait
	 */
	private drain(only?: EndpointGroup): void {
		let next = Infinity;
		for (const queue of this.waiting) {
			const opensAt = only?.getAvailability().at ?? 0;
			if (opensAt > monotonicNow()) {
				next = Math.min(next, opensAt);
				break;
			}
			const { hasAdmitted, nextAt } = this.take(queue);
			if (!hasAdmitted) next = Math.min(next, nextAt);
		}
		this.wakeBy(next);
	}

	/** A queue that was served goes behind the others; one in which nothing is left takes part no longer. */
	private take(queue: Drainable): DrainResult {
		const result = queue.drainOne();
		if (result.hasAdmitted || !result.isWaiting) this.waiting.delete(queue);
		if (result.hasAdmitted && result.isWaiting) this.waiting.add(queue);
		return result;
	}

	private wakeBy(at: number): void {
		if (at < this.wakeAt) void this.wakeLater(at);
	}

	private async wakeLater(at: number): Promise<void> {
		this.wakeAt = at;
		await delay(at - monotonicNow(), undefined, () => this.waiting.size > 0);
		if (this.wakeAt === at) this.wakeAt = Infinity;
		this.drain();
	}
}

/** By a digest of address and key. Garbage-collected with the last run that uses them. */
const schedulers = new Map<string, WeakRef<RequestScheduler>>();

/**
 * The scheduler of all runs of this process that send with the same key to the same address.
 *
 * @param sent what Close is really sent (address, key or token): a credential whose key was changed is another. It is
 * not kept, only its digest
 */
export function getScheduler(sent: unknown[]): RequestScheduler {
	for (const [digest, scheduler] of schedulers) if (!scheduler.deref()) schedulers.delete(digest);
	const digest = createHash('sha256').update(JSON.stringify(sent)).digest('base64');
	const known = schedulers.get(digest)?.deref();
	if (known) return known;
	const scheduler = new RequestScheduler();
	schedulers.set(digest, new WeakRef(scheduler));
	return scheduler;
}
