import type { IDataObject } from 'n8n-workflow';
import { backoffDelay, monotonicNow } from '../../shared/delay';
import { parseRateLimit, retryAfterMs } from '../../shared/rateLimitHeaders';

/** What Close lets a key do in an endpoint group until its current window ends. */
interface RateLimitWindow {
	/** How many requests are left, by Close's newest response. */
	remaining: number;
	/** Requests we may still send in this window: our share of `remaining`, minus those in flight that the header did not count. */
	available: number;
	limit: number;
	/** Responses to our own requests. */
	responses: number;
	/** Our part of all requests with this key, 0 to 1: another run may use it too. */
	share: number;
	/** When the window resets, by `monotonicNow`. Infinity after a reset, until a response names the next one. */
	resetAt: number;
}

/** Endpoints that Close counts together: the same method and path, whatever the ID (Close: "Rate limits"). */
export interface EndpointGroup {
	/** Requests that have no response yet. */
	inFlight: number;
	window?: RateLimitWindow;
}

const INITIAL_CONCURRENCY = 2;
/** Clocks and timers differ by a few milliseconds, and a request that comes before the reset is rejected. */
const WINDOW_MARGIN_MS = 5;

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

/** Decides how many requests may be sent, and when; learns it from Close's responses. */
export class RateLimiter {
	/** How many may be in flight at once; doubles each round up to the slow start threshold, then grows by one. */
	private allowed: number;
	private slowStartThreshold: number;
	private readonly groups = new Map<string, EndpointGroup>();
	private inFlight = 0;
	/** Nothing is sent before this time, by `monotonicNow`. */
	private resumeAt = 0;
	/** 429 responses in a row, for the back-off when Close names no time. */
	private consecutive429s = 0;

	constructor(private readonly maxConcurrency: number) {
		this.allowed = Math.min(INITIAL_CONCURRENCY, maxConcurrency);
		this.slowStartThreshold = maxConcurrency;
	}

	get concurrency(): number {
		return Math.floor(this.allowed);
	}

	/** Milliseconds until a pause that a 429 asked for is over. */
	get pausedForMs(): number {
		return Math.max(0, this.resumeAt - monotonicNow());
	}

	/** The endpoint group that a request counts in. The ID is the last part of a path, and the only one with an underscore there. */
	group(method: string, url: string): EndpointGroup {
		const name = `${method} ${url.replace(/(\/.+\/)\w+_\w+\/$/, '$1{id}/')}`;
		const known = this.groups.get(name);
		if (known) return known;
		const group = { inFlight: 0 };
		this.groups.set(name, group);
		return group;
	}

	/**
	 * When the next request of a group may be sent, by `monotonicNow`; Infinity when a response to another request must
	 * come first. There is one in flight then.
	 */
	availableAt(group: EndpointGroup): number {
		const time = monotonicNow();
		if (this.resumeAt > time) return this.resumeAt;
		if (this.inFlight >= this.concurrency) return Infinity;
		const { window } = group;
		if (!window) return time;
		const isOver = window.resetAt <= time || (window.resetAt === Infinity && group.inFlight === 0);
		if (isOver) {
			// Regrow: claim half of the unused quota; another run may claim the other half.
			window.share = Math.min(1, window.share + window.remaining / Math.max(1, window.limit) / 2);
			window.available = Math.max(1, Math.floor(window.limit * window.share) - group.inFlight);
			window.resetAt = Infinity;
		}
		return window.available > 0 ? time : window.resetAt;
	}

	/** Counts a request that is sent. */
	recordSent(group: EndpointGroup): void {
		this.inFlight++;
		group.inFlight++;
		if (group.window) group.window.available--;
	}

	/** Counts the response to a request, or that none will come, and reads its `RateLimit` header. */
	recordResponse(group: EndpointGroup, headers: IDataObject): void {
		this.inFlight--;
		group.inFlight--;
		this.recordWindow(group, headers);
	}

	/** Raises the concurrency after a successful response. */
	recordSuccess(): void {
		const growth = this.allowed < this.slowStartThreshold ? 1 : 1 / this.allowed;
		this.allowed = Math.min(this.maxConcurrency, this.allowed + growth);
		this.consecutive429s = 0;
	}

	/** After a 429: pauses everything for the time that Close names, and then continues at half the concurrency. */
	recordRateLimited(headers: IDataObject, body: unknown): void {
		const wait = retryAfterMs(headers, body) ?? backoffDelay(this.consecutive429s);
		const isPaused = this.resumeAt > monotonicNow();
		this.resumeAt = Math.max(this.resumeAt, monotonicNow() + wait + WINDOW_MARGIN_MS);
		if (isPaused) return;
		this.consecutive429s++;
		this.allowed = Math.max(1, Math.floor(this.allowed / 2));
		this.slowStartThreshold = this.allowed;
	}

	private recordWindow(group: EndpointGroup, headers: IDataObject): void {
		const { limit, remaining, reset } = parseRateLimit(headers.ratelimit);
		if (remaining === undefined || reset === undefined) return;
		const last = group.window;
		const resetAt = monotonicNow() + reset * 1000 + WINDOW_MARGIN_MS;
		const isSame = last !== undefined && Math.abs(last.resetAt - resetAt) < reset * 500 + 50;
		const latest: RateLimitWindow = {
			remaining,
			available: 0,
			limit: limit ?? Math.max(remaining, last?.limit ?? 0),
			responses: isSame ? last.responses + 1 : 1,
			share: last?.share ?? 1,
			resetAt: isSame ? mergeResetAt(last.resetAt, resetAt, reset) : resetAt,
		};
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
