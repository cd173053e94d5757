import type { Limiter, Verdict } from './tokenBucket';

interface Window {
	/** milliseconds since 1970 */
	end: number;
	used: number;
}

/** So many requests in a window, which begins with the first of them. Not Close's own way, but easy to foresee in a test. */
export class FixedWindow implements Limiter {
	private window: Window = { end: -Infinity, used: 0 };

	constructor(
		private readonly limit: number,
		private readonly windowSeconds: number,
	) {}

	take(now: number): Verdict {
		const { limit } = this;
		if (this.window.end <= now) this.window = { end: now + this.windowSeconds * 1000, used: 0 };
		const allowed = this.window.used < limit;
		if (allowed) this.window.used++;
		return {
			allowed,
			limit,
			remaining: Math.max(0, limit - this.window.used),
			secondsLeft: Math.max(0, this.window.end - now) / 1000,
		};
	}
}
