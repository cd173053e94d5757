/** What a limiter says of one request. */
export interface Verdict {
	allowed: boolean;
	/** how many a window takes */
	limit: number;
	/** how many are left; with burst it can be more than `limit` */
	remaining: number;
	/** until the window ends, e.g. 4.25 */
	secondsLeft: number;
}

/** Decides how many requests go through. */
export interface Limiter {
	/** @param now milliseconds since 1970 */
	take(now: number): Verdict;
}

export interface Throttle {
	/** requests a second, on average; 0 lets none through */
	rps: number;
	/** how much more than a window's worth a full bucket holds; default 1 */
	burst?: number;
	/** whole seconds; default 5 */
	window?: number;
}

/**
 * Close's own throttle, as `closeio/limitlion` has it in `throttle.lua` (that the API uses it is INFERRED): a bucket of
 * `ceil(rps × burst × window)` tokens. A request takes one; a refused one takes none. Nothing trickles in: at the end of
 * each window `rps × window` tokens come at once, as far as there is room. The first window begins on the whole second
 * of the first request, so it is shorter by up to a second; a bucket that nobody used for `2 × burst × window` seconds
 * is forgotten, and begins anew.
 */
export class TokenBucket implements Limiter {
	private readonly rps: number;
	private readonly burst: number;
	private readonly window: number;
	private readonly capacity: number;
	private tokens: number;
	/** the whole second, since 1970, in which the window began; undefined for a new bucket */
	private refreshed: number | undefined;
	/** when it is forgotten, in milliseconds */
	private expires = Infinity;

	constructor({ rps, burst = 1, window = 5 }: Throttle) {
		this.rps = rps;
		this.burst = burst;
		this.window = window;
		this.capacity = Math.ceil(rps * burst * window);
		this.tokens = this.capacity;
	}

	take(now: number): Verdict {
		const limit = this.rps * this.window;
		if (this.rps === 0) return { allowed: false, limit, remaining: 0, secondsLeft: this.window };
		const began = this.refill(now);
		const allowed = this.tokens >= 1;
		if (allowed) this.tokens--;
		this.expires = now + Math.floor(this.burst * this.window * 2) * 1000;
		// As in the original: the time may have been set back, and then a whole second counts as the window's first.
		const secondsPast = Math.max(0, Math.floor(now / 1000) - began);
		const secondsLeft = this.window - secondsPast - (now % 1000) / 1000;
		return { allowed, limit, remaining: this.tokens, secondsLeft };
	}

	/** Adds what the windows that are over have brought. @returns the second in which the present one began */
	private refill(now: number): number {
		const second = Math.floor(now / 1000);
		if (now >= this.expires) {
			this.tokens = this.capacity;
			this.refreshed = undefined;
		}
		this.refreshed ??= second;
		const windows = Math.floor(Math.max(0, second - this.refreshed) / this.window);
		const added = Math.ceil(windows * this.rps * this.window);
		this.tokens = Math.min(this.capacity, this.tokens + added);
		this.refreshed += windows * this.window;
		return this.refreshed;
	}
}
