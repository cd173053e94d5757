import type { IDataObject } from 'n8n-workflow';
import { parseRateLimit, retryAfterMs } from '../../shared/rateLimitHeaders';
import { backoffDelay, monotonicNow } from '../../shared/delay';

/** What Close lets a key do in a group of endpoints until its current window ends. */
interface RateLimitWindow {
	/** What Close said last is left. */
	remaining: number;
	/** How many more may be sent: those that Close had not counted then are taken off. */
	available: number;
	limit: number;
	/** Answers to our own requests. */
	responses: number;
	/** Our part of what is used, 0 to 1: another run may work with the same key. */
	share: number;
	/** By the clock `now`; unknown, Infinity, from when the last window ended until an answer tells of the new one. */
	resetAt: number;
}

/** Endpoints that Close counts together: the same method and path, whatever the ID (Close: "Rate limits"). */
export interface EndpointGroup {
	/** Requests that were sent and not yet answered. */
	inFlight: number;
	window?: RateLimitWindow;
}

/** How fast a run may go, learned from Close's answers. */
export interface RateLimiter {
	/** How many requests may be under way at once; grows while answers are good. */
	concurrency: number;
	readonly maxConcurrency: number;
	/** Up to here concurrency doubles each round, beyond it grows by one. */
	slowStartThreshold: number;
	/** Nothing goes out before this time, by the clock `now`. */
	resumeAt: number;
	inFlight: number;
	/** 429 answers in a row, for the back-off when Close names no time. */
	consecutive429s: number;
	groups: Map<string, EndpointGroup>;
}

const FIRST_CONCURRENCY = 2;
/** Clocks of two machines and timers differ by a few milliseconds; a window that is not over refuses. */
const WINDOW_MARGIN = 5;

export const newRateLimiter = (maxConcurrency: number): RateLimiter => ({
	concurrency: Math.min(FIRST_CONCURRENCY, maxConcurrency),
	maxConcurrency,
	slowStartThreshold: maxConcurrency,
	resumeAt: 0,
	inFlight: 0,
	consecutive429s: 0,
	groups: new Map(),
});

/** The group that a request counts in. The ID is the last part of a path, and the only one with an underscore there. */
export function endpointGroup(pace: RateLimiter, method: string, url: string): EndpointGroup {
	const name = `${method} ${url.replace(/(\/.+\/)\w+_\w+\/$/, '$1{id}/')}`;
	const known = pace.groups.get(name);
	if (known) return known;
	const group = { inFlight: 0 };
	pace.groups.set(name, group);
	return group;
}

/** Learns from a good answer: grows. */
export function recordSuccess(pace: RateLimiter): void {
	const growth = pace.concurrency < pace.slowStartThreshold ? 1 : 1 / pace.concurrency;
	pace.concurrency = Math.min(pace.maxConcurrency, pace.concurrency + growth);
	pace.consecutive429s = 0;
}

/** Learns from a 429: holds the whole run for the time that Close names, then goes on at half the concurrency. */
export function recordRateLimited(pace: RateLimiter, headers: IDataObject, body: unknown): void {
	const wait = retryAfterMs(headers, body) ?? backoffDelay(pace.consecutive429s);
	const alreadyHeld = pace.resumeAt > monotonicNow();
	pace.resumeAt = Math.max(pace.resumeAt, monotonicNow() + wait + WINDOW_MARGIN);
	if (alreadyHeld) return;
	pace.consecutive429s++;
	pace.concurrency = Math.max(1, Math.floor(pace.concurrency / 2));
	pace.slowStartThreshold = pace.concurrency;
}

/** Learns from the `RateLimit` header of any answer what is left of a group's window. */
export function recordWindow(group: EndpointGroup, headers: IDataObject): void {
	const { limit, remaining, reset } = parseRateLimit(headers.ratelimit);
	if (remaining === undefined || reset === undefined) return;
	const last = group.window;
	const resetAt = monotonicNow() + reset * 1000 + WINDOW_MARGIN;
	const isSame = last !== undefined && Math.abs(last.resetAt - resetAt) < reset * 500 + 50;
	const seen: RateLimitWindow = {
		remaining,
		available: 0,
		limit: limit ?? Math.max(remaining, last?.limit ?? 0),
		responses: isSame ? last.responses + 1 : 1,
		share: last?.share ?? 1,
		resetAt: isSame ? mergeResetAt(last.resetAt, resetAt, reset) : resetAt,
	};
	// Answers overtake each other: the one with the least remaining is the newest.
	if (isSame && remaining >= last.remaining) {
		// It was counted before the newest, so it need not have been taken off there.
		const available = Math.min(last.available + 1, Math.floor(last.remaining * last.share));
		group.window = { ...seen, remaining: last.remaining, available };
		return;
	}
	seen.share = estimateShare(seen, group.inFlight);
	// Close may not have counted those yet that are still open.
	seen.available = Math.floor(remaining * seen.share) - group.inFlight;
	group.window = seen;
}

/** An answer is on its way for a while, so the earliest end is the right one; but whole seconds may be rounded down. */
const mergeResetAt = (one: number, other: number, reset: number) =>
	Number.isInteger(reset) ? Math.max(one, other) : Math.min(one, other);

/** Less than all only when even with what is still open we cannot have used all that is used. */
function estimateShare(
	{ limit, remaining, responses, share }: RateLimitWindow,
	inFlight: number,
): number {
	const used = limit - remaining;
	const own = responses + inFlight < used ? responses / used : 1;
	// While little of a window is used it says little; until then what the last one said holds.
	return used * 2 >= limit ? own : Math.min(share, own);
}

/**
 * When the next request of a group may go out; Infinity when an answer to another must come first. Something is open
 * then, so that one will come.
 */
export function availableAt(pace: RateLimiter, group: EndpointGroup): number {
	const time = monotonicNow();
	if (pace.resumeAt > time) return pace.resumeAt;
	if (pace.inFlight >= Math.floor(pace.concurrency)) return Infinity;
	const { window } = group;
	if (!window) return time;
	const isOver = window.resetAt <= time || (window.resetAt === Infinity && group.inFlight === 0);
	if (isOver) {
		// Of what nobody used, half is for us: another run may be as modest.
		window.share = Math.min(1, window.share + window.remaining / Math.max(1, window.limit) / 2);
		window.available = Math.max(1, Math.floor(window.limit * window.share) - group.inFlight);
		window.resetAt = Infinity;
	}
	return window.available > 0 ? time : window.resetAt;
}

/** Counts a request that goes out. */
export function recordSent(pace: RateLimiter, group: EndpointGroup): void {
	pace.inFlight++;
	group.inFlight++;
	if (group.window) group.window.available--;
}

/** Counts the answer to a request, or that none will come. */
export function recordResponse(pace: RateLimiter, group: EndpointGroup): void {
	pace.inFlight--;
	group.inFlight--;
}
