/** What Close lets a key do in an endpoint group until its current window ends. */
export interface RateLimitWindow {
	readonly limit: number;
	/** How many requests are left at most, according to Close's newest response; the limit until there is one. */
	readonly remaining: number;
	/** Our own requests that Close has counted. */
	readonly own: number;
	/** Our share while others use the key too: what we had in the window before, and a little less. */
	readonly share: number;
	/** What others had in the window before; 0 if the key is ours alone. */
	readonly others: number;
	/** When the window before it ended, by `monotonicNow`. Undefined in the first window. */
	readonly startsAt?: number;
	/** When it ends, by `monotonicNow`. Undefined until a response to a request in it says so. */
	readonly resetAt?: number;
	/** Whether `remaining` is from a time at which others had taken their share. */
	readonly isSettled: boolean;
}

/** What the `RateLimit` header of a response says. */
interface NamedLimit {
	limit?: number;
	remaining: number;
	/** Seconds until the window ends. */
	reset: number;
}

/** Clocks and timers differ by a few milliseconds, and a request that comes before the reset is rejected. */
export const WINDOW_MARGIN_MS = 5;
/** The part of a window in which each process takes its share, and no more: others may be a little later. */
const SHARES_PART = 1 / 8;
/** The part of its share that each gives up from window to window, and all compete for: so all come to have the same. */
const GIVEN_UP_PART = 1 / 8;
/** The part of what is left that may be in flight: two others may send as much at the same time. */
const GROWTH_PART = 1 / 3;
/** Others of whom less is expected are gone: one request, halved in each of three windows in which nothing is seen of them. */
const GONE = 0.2;

/** The slower a response, the later the end it seems to name, so the earliest is right, unless whole seconds are rounded down. */
const mergeResetAt = (one: number, other: number, reset: number) =>
	Number.isInteger(reset) ? Math.max(one, other) : Math.min(one, other);

const giveUpPart = (share: number) => share - Math.floor(share * GIVEN_UP_PART);

/** What others have used for sure: neither our responses nor our requests in flight can explain it. */
const countOthers = ({ limit, remaining, own }: RateLimitWindow, inFlight: number) =>
	Math.max(0, limit - remaining - own - inFlight);

/** Until when each takes its share only, by `monotonicNow`; Infinity until it is known when the window ends. */
export function getSharesUntil({ startsAt, resetAt = Infinity }: RateLimitWindow): number {
	return startsAt === undefined ? 0 : startsAt + (resetAt - startsAt) * SHARES_PART;
}

/**
 * How many more requests may be sent. A key that is ours alone may use up its window at once. Where others use it too,
 * each first takes its share, and the shares of all are never more than the limit, since each is what was had in the
 * window before. What is then left is taken step by step, as responses tell of it.
 *
 * @param now by `monotonicNow`
 */
export function countAvailable(window: RateLimitWindow, inFlight: number, now: number): number {
	const { remaining, own, share, isSettled } = window;
	const others = countOthers(window, inFlight);
	if (window.others + others === 0) return remaining - inFlight;
	const ofShare = window.others > 0 ? Math.min(share - own, remaining) - inFlight : 0;
	if (now < getSharesUntil(window)) return ofShare;
	const reserved = isSettled ? 0 : Math.max(0, giveUpPart(window.others) - others);
	return Math.max(ofShare, Math.floor((remaining - reserved) * GROWTH_PART) - inFlight);
}

/** The window that follows one that is over. When it ends is not known yet. */
export function getNextWindow(window: RateLimitWindow, inFlight: number): RateLimitWindow {
	const { limit, own, remaining, resetAt, startsAt, isSettled } = window;
	const next = {
		...window,
		remaining: Math.max(1, limit),
		own: 0,
		startsAt: resetAt ?? startsAt,
		resetAt: undefined,
		isSettled: false,
	};
	if (resetAt === undefined) return next;
	const seen = countOthers(window, inFlight);
	// Others may have come after our last response.
	const others = isSettled || remaining === 0 ? seen : Math.max(seen, window.others / 2);
	return { ...next, share: Math.max(1, giveUpPart(own)), others: others < GONE ? 0 : others };
}

/**
 * The current window after one more response.
 *
 * @param last the current window so far, or one whose end is not known yet
 * @param counted how many of our requests Close has counted since the last header: this one unless Close refused it, and
 * those that named no limit
 * @param sentAt when the request was sent, by `monotonicNow`
 * @param now by `monotonicNow`
 */
export function updateWindow(
	last: RateLimitWindow | undefined,
	named: NamedLimit,
	{ counted, sentAt, now }: { counted: number; sentAt: number; now: number },
): RateLimitWindow {
	const { remaining, reset, limit = Math.max(remaining, last?.limit ?? 0) } = named;
	const resetAt = now + reset * 1000 + WINDOW_MARGIN_MS;
	const before = last ?? { own: 0, share: 1, others: 0, isSettled: false };
	const own = before.own + counted;
	if (last?.resetAt === undefined) return { ...before, limit, remaining, own, resetAt };
	const isNewest = remaining < last.remaining;
	return {
		...last,
		limit,
		own,
		// Responses overtake each other: the one with the least remaining is the newest.
		remaining: Math.min(remaining, last.remaining),
		resetAt: mergeResetAt(last.resetAt, resetAt, reset),
		isSettled: last.isSettled || (isNewest && sentAt >= getSharesUntil(last)),
	};
}

/** The current window after a response that says nothing of it. Close may have counted the request in it. */
export const countUnnamed = (window: RateLimitWindow): RateLimitWindow => ({
	...window,
	own: window.own + 1,
	remaining: window.remaining - 1,
});
