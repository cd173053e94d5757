import type { IDataObject } from 'n8n-workflow';
import { backoffDelay, monotonicNow } from '../../../shared/delay';
import { parseRateLimit, retryAfterMs } from '../../../shared/rateLimitHeaders';

/** What Close lets a key do in an endpoint group until its current window ends. */
interface RateLimitWindow {
	/** How many requests are left, by Close's newest response. */
	remaining: number;
	/** Requests we may still send in this window: our share of `remaining`, minus those in flight that the header did not count. */
	available: number;
	limit: number;
	/** Responses to our own requests. */
	responses: number;
	/** Our part of all requests with this key, 0 to 1: another process may use it too. */
	share: number;
	/** When the window before it was over, by `monotonicNow`. */
	beganAt: number;
	/** When the window resets, by `monotonicNow`. Infinity after a reset, until a response names the next one. */
	resetAt: number;
}

/** Endpoints that Close counts together: the same method and path, whatever the ID (Close: "Rate limits"). */
export interface EndpointGroup {
	/** Requests that have no response yet. */
	inFlight: number;
	/**
	 * How many may be in flight at once. While Close names no limit it doubles each round; in the first window that Close
	 * names it is a part of what is left; from then on Infinity, since the windows decide. After a 429 it grows by one from
	 * half of what it was.
	 */
	allowed: number;
	slowStartThreshold: number;
	/** When the last request was sent or answered, by `monotonicNow`; at first, when the group was made. */
	lastAt: number;
	/** Nothing is sent before this time, by `monotonicNow`. */
	resumeAt: number;
	/** 429 responses in a row, for the back-off when Close names no time. */
	consecutive429s: number;
	/** Responses since the last one that named the limit: a Close that names it only in a 429 has counted them too. */
	unnamed: number;
	window: RateLimitWindow | undefined;
}

/** How many requests may go out before the first response: Close may refuse these, and no more. */
const INITIAL_CONCURRENCY = 2;
/** The part of what is left that may be in flight in the first window: who else uses the key shows only with the responses. */
const FIRST_WINDOW_PART = 1 / 4;
/** How many may be in flight after the first refusal, although Close had named its limit: another process uses the key too. */
const SHARED_CONCURRENCY = 10;
/** Clocks and timers differ by a few milliseconds, and a request that comes before the reset is rejected. */
const WINDOW_MARGIN_MS = 5;
/** So long others wait for the response to a request. After that one more is sent: a request that hangs must not hold up all executions. */
const PATIENCE_MS = 2000;
/** However long a wait Close names, one request asks again after so long: it holds for all executions, and may be wrong. */
const MAX_SILENCE_MS = 60_000;

/** What Close said of its limit is old after so long without a request: another process may use the key by now. */
const FORGET_AFTER_MS = 10_000;

const newGroup = (): EndpointGroup => ({
	inFlight: 0,
	allowed: INITIAL_CONCURRENCY,
	slowStartThreshold: Infinity,
	lastAt: monotonicNow(),
	resumeAt: -Infinity,
	consecutive429s: 0,
	unnamed: 0,
	window: undefined,
});

/** The longer a response took, the later the end that it seems to name: so the earliest is right, unless whole seconds are rounded down. */
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

/** Decides how many requests may be sent with a key, and when; learns it from Close's responses. */
export class RateLimiter {
	private readonly groups = new Map<string, EndpointGroup>();

	/** The endpoint group that a request counts in. The ID is the last part of a path, and the only one with an underscore there. */
	group(method: string, url: string): EndpointGroup {
		const name = `${method} ${url.replace(/(\/.+\/)\w+_\w+\/$/, '$1{id}/')}`;
		const known = this.groups.get(name);
		if (known) return known;
		const group = newGroup();
		this.groups.set(name, group);
		return group;
	}

	/** How many requests of a group may be in flight at once. */
	concurrency = ({ allowed }: EndpointGroup): number => Math.floor(allowed);

	/** Milliseconds until a pause that a 429 asked for is over. */
	pausedForMs = ({ resumeAt }: EndpointGroup): number => Math.max(0, resumeAt - monotonicNow());

	/** When one more request of a group may be sent although a response to the others is missing, by `monotonicNow`. */
	patienceEndsAt = ({ lastAt }: EndpointGroup): number => lastAt + PATIENCE_MS;

	/** When the next request of a group may be sent at the latest, by `monotonicNow`: a response may come before. */
	nextAttemptAt(group: EndpointGroup): number {
		const at = this.availableAt(group);
		return at === Infinity ? this.patienceEndsAt(group) : at;
	}

	/**
	 * When the next request of a group may be sent, by `monotonicNow`; Infinity when a response to another request must
	 * come first. There is one in flight then.
	 */
	availableAt(group: EndpointGroup): number {
		const time = monotonicNow();
		if (this.isOutdated(group, time)) Object.assign(group, newGroup());
		const askAgainAt = group.lastAt + MAX_SILENCE_MS;
		if (group.resumeAt > time) return Math.max(time, Math.min(group.resumeAt, askAgainAt));
		const forResponse = this.patienceEndsAt(group) <= time ? time : Infinity;
		const { window } = group;
		const isOver =
			window && (window.resetAt <= time || (window.resetAt === Infinity && group.inFlight === 0));
		if (isOver) {
			// Regrow: claim half of the unused quota; another process may claim the other half.
			window.share = Math.min(1, window.share + window.remaining / Math.max(1, window.limit) / 2);
			window.available = Math.max(1, Math.floor(window.limit * window.share) - group.inFlight);
			window.resetAt = Infinity;
			window.beganAt = time;
			if (!this.wasRefused(group)) group.allowed = Infinity;
		}
		if (group.inFlight >= this.concurrency(group)) return forResponse;
		if (!window || window.available > 0) return time;
		if (window.resetAt === Infinity) return forResponse;
		return Math.max(time, Math.min(window.resetAt, askAgainAt));
	}

	/** Counts a request that is sent. */
	recordSent(group: EndpointGroup): void {
		group.inFlight++;
		group.lastAt = monotonicNow();
		if (group.window) group.window.available--;
	}

	/**
	 * Counts the response to a request, or that none will come, and reads its `RateLimit` header.
	 *
	 * @param sentAt when the request was sent, by `monotonicNow`: a header from before a reset tells of the window before
	 */
	recordResponse(group: EndpointGroup, headers: IDataObject, sentAt = monotonicNow()): void {
		group.inFlight--;
		group.lastAt = monotonicNow();
		if (!group.window || sentAt >= group.window.beganAt) this.recordWindow(group, headers);
		const { window, allowed } = group;
		if (window && allowed !== Infinity && !this.wasRefused(group))
			group.allowed = Math.max(INITIAL_CONCURRENCY, window.remaining * FIRST_WINDOW_PART);
	}

	/** Takes back that a request was sent. */
	recordNotSent(group: EndpointGroup): void {
		group.inFlight--;
		if (group.window) group.window.available++;
	}

	/** Raises the concurrency after a successful response, if at least half of it was used. */
	recordSuccess(group: EndpointGroup): void {
		group.consecutive429s = 0;
		if ((group.inFlight + 1) * 2 < group.allowed) return;
		group.allowed += group.allowed < group.slowStartThreshold ? 1 : 1 / group.allowed;
	}

	/** After a 429: pauses the group for the time that Close names, and then continues at half the concurrency. */
	recordRateLimited(group: EndpointGroup, headers: IDataObject, body: unknown): void {
		const wait = retryAfterMs(headers, body) ?? backoffDelay(group.consecutive429s);
		const isPaused = group.resumeAt > monotonicNow();
		group.lastAt = monotonicNow();
		group.resumeAt = Math.max(group.resumeAt, monotonicNow() + wait + WINDOW_MARGIN_MS);
		if (isPaused) return;
		group.consecutive429s++;
		const isFirst = group.window !== undefined && !this.wasRefused(group);
		group.allowed = isFirst ? SHARED_CONCURRENCY : Math.max(1, Math.floor(group.allowed / 2));
		group.slowStartThreshold = group.allowed;
	}

	private isOutdated({ inFlight, lastAt, resumeAt, window }: EndpointGroup, time: number): boolean {
		const resetAt = window && window.resetAt < Infinity ? window.resetAt : -Infinity;
		return inFlight === 0 && time > Math.max(lastAt, resumeAt, resetAt) + FORGET_AFTER_MS;
	}

	private wasRefused = ({ slowStartThreshold }: EndpointGroup) => slowStartThreshold !== Infinity;

	private recordWindow(group: EndpointGroup, headers: IDataObject): void {
		const { limit, remaining, reset } = parseRateLimit(headers.ratelimit);
		if (remaining === undefined || reset === undefined) {
			group.unnamed++;
			return;
		}
		const last = group.window;
		const resetAt = monotonicNow() + reset * 1000 + WINDOW_MARGIN_MS;
		// Until it is over there is no other: a response that was read late seems to name a later one.
		const isSame = last !== undefined && last.resetAt !== Infinity && last.resetAt > monotonicNow();
		const latest: RateLimitWindow = {
			remaining,
			available: 0,
			limit: limit ?? Math.max(remaining, last?.limit ?? 0),
			responses: (isSame ? last.responses : 0) + group.unnamed + 1,
			share: last?.share ?? 1,
			beganAt: last?.beganAt ?? -Infinity,
			resetAt: isSame ? mergeResetAt(last.resetAt, resetAt, reset) : resetAt,
		};
		group.unnamed = 0;
		// Responses overtake each other: the one with the least remaining is the newest.
		if (isSame && remaining >= last.remaining) {
			// The newest had counted this request already, so one was taken off too much.
			const available = Math.min(last.available + 1, Math.floor(last.remaining * last.share));
			group.window = { ...latest, remaining: last.remaining, available };
			return;
		}
		latest.share = estimateShare(latest, group.inFlight);
		// Close may not have counted the requests that are still in flight.
		latest.available = Math.floor(remaining * latest.share) - group.inFlight;
		group.window = latest;
	}
}
