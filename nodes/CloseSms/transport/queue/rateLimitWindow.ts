/** What Close lets a key do in an endpoint group until its current window ends. */
export interface RateLimitWindow {
	readonly limit: number;
	/** How many requests are left, according to Close's newest response. */
	readonly remaining: number;
	/** Requests that may still be sent: our share of `remaining`, minus those in flight that the header did not count. */
	readonly available: number;
	/** Responses to our own requests. */
	readonly responses: number;
	/** Our part of all requests with this key, 0 to 1: another process may use it too. */
	readonly share: number;
	/** When the window before it ended, by `monotonicNow`. Undefined in the first window. */
	readonly startsAt?: number;
	/** When it ends, by `monotonicNow`. Undefined until a response to a request in it says so. */
	readonly resetAt?: number;
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

/** The slower a response, the later the end it seems to name, so the earliest is right, unless whole seconds are rounded down. */
const mergeResetAt = (one: number, other: number, reset: number) =>
	Number.isInteger(reset) ? Math.max(one, other) : Math.min(one, other);

/** Below 1 only if our responses and requests in flight cannot explain all usage: then someone else uses the key too. */
function estimateShare(
	{ limit, remaining, responses, share }: RateLimitWindow,
	inFlight: number,
): number {
	const used = limit - remaining;
	const own = responses + inFlight < used ? responses / used : 1;
	// Below half usage the sample is too small: keep the previous estimate.
	return used * 2 >= limit ? own : Math.min(share, own);
}

/** The window that follows one that is over. When it ends is not known yet. */
export function getNextWindow(window: RateLimitWindow, inFlight: number): RateLimitWindow {
	// Claim half of what was left unused; another process may claim the other half.
	const share = Math.min(1, window.share + window.remaining / Math.max(1, window.limit) / 2);
	const available = Math.max(1, Math.floor(window.limit * share) - inFlight);
	return {
		...window,
		share,
		available,
		startsAt: window.resetAt ?? window.startsAt,
		resetAt: undefined,
	};
}

/**
 * The current window after one more response.
 *
 * @param last the current window so far, or one whose end is not known yet
 * @param responses how many responses to our requests this header stands for: this one, and those that named no limit
 * @param inFlight our requests that have no response yet
 * @param now by `monotonicNow`
 */
export function updateWindow(
	last: RateLimitWindow | undefined,
	named: NamedLimit,
	{ responses, inFlight, now }: { responses: number; inFlight: number; now: number },
): RateLimitWindow {
	const { remaining, reset, limit = Math.max(remaining, last?.limit ?? 0) } = named;
	const { share = 1, startsAt } = last ?? {};
	const resetAt = now + reset * 1000 + WINDOW_MARGIN_MS;
	if (last?.resetAt === undefined)
		return withAvailable(
			{ limit, remaining, available: 0, responses, share, startsAt, resetAt },
			inFlight,
		);
	const latest = {
		...last,
		limit,
		responses: last.responses + responses,
		resetAt: mergeResetAt(last.resetAt, resetAt, reset),
	};
	if (remaining < last.remaining) return withAvailable({ ...latest, remaining }, inFlight);
	// Responses overtake each other: the one with the least remaining is the newest. It had counted this request already,
	// so one was taken off too much.
	const available = Math.min(last.available + 1, Math.floor(last.remaining * last.share));
	return { ...latest, available };
}

/** Close may not have counted the requests that are still in flight. */
function withAvailable(window: RateLimitWindow, inFlight: number): RateLimitWindow {
	const share = estimateShare(window, inFlight);
	return { ...window, share, available: Math.floor(window.remaining * share) - inFlight };
}
