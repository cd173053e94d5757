import { monotonicNow } from '../../../shared/delay';
import { parseNumber } from '../../../shared/fieldValues';
import type { RequestFailure } from '../../../shared/errors/requestFailure';
import type { Doubt } from '../../../shared/retryPolicy';
import { Deadline } from '../queue/requestQueue';

/** What is known of a request whose attempts failed. */
export interface Attempts {
	/** When the first began, by `monotonicNow`. */
	startedAt: number;
	/** When the last of which nobody knows the outcome failed, by `monotonicNow`. */
	lostAt: number;
	/** Why the last one failed. */
	failure: RequestFailure;
	doubt: Doubt;
}

/** A response takes a moment: what would be cut off sooner than this is not worth sending, in milliseconds. */
const MIN_TIMEOUT_MS = 1000;

/**
 * The attempts and the time that a request has: 'Max Retries' and 'Give Up After'. Requests that are one step for the item
 * share one, and with it what their attempts have shown.
 */
export class Budget {
	/** How many attempts were sent. */
	sent = 0;
	attempts?: Attempts;
	readonly deadline: Deadline;

	/** @param ms how long it may wait for Close, in milliseconds */
	constructor(
		private retriesLeft: number,
		ms: number,
	) {
		this.deadline = new Deadline(ms);
	}

	/**
	 * The time-out of one attempt: its own, which an expression may have given, or what is left if that is less. In
	 * milliseconds.
	 */
	limitTimeout(own?: unknown): number {
		const limit = parseNumber(own, { min: 1, max: Infinity }) ?? Infinity;
		return Math.ceil(Math.min(limit, Math.max(this.deadline.at - monotonicNow(), MIN_TIMEOUT_MS)));
	}

	/** Takes one retry. @returns whether there was one left */
	takeRetry(): boolean {
		return this.retriesLeft-- > 0;
	}
}
