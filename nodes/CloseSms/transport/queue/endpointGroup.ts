import type { IDataObject } from 'n8n-workflow';
import { backoffDelay, monotonicNow } from '../../../shared/delay';
import { parseRateLimit, retryAfterMs } from '../../../shared/rateLimitHeaders';
import {
	countAvailable,
	countUnnamed,
	getNextWindow,
	getSharesUntil,
	updateWindow,
	WINDOW_MARGIN_MS,
	type RateLimitWindow,
} from './rateLimitWindow';

/**
 * What limits the requests in flight:
 * - `slowStart`: Close has named no limit yet. Their number doubles each round.
 * - `firstWindow`: a part of what is left in the first window that Close has named.
 * - `windows`: only what is left in each window.
 * - `congestionAvoidance`: Close has refused one, and named no window that is used up. Their number grows by one each round.
 */
type Mode = 'slowStart' | 'firstWindow' | 'windows' | 'congestionAvoidance';

/** What is known of the limit at some time. */
interface LimitState {
	readonly mode: Mode;
	/** How many may be in flight in the modes `slowStart` and `congestionAvoidance`; a fraction counts once it is whole. */
	readonly concurrency: number;
	readonly window?: RateLimitWindow;
	/** For the back-off when Close names no time. */
	readonly consecutive429s: number;
	/** Responses since the last one that named the limit: a Close that names it only in a 429 has counted them too. */
	readonly uncounted: number;
}

/** When one more request may be sent. */
export interface Availability {
	/** By `monotonicNow`. */
	at: number;
	/** It waits for Close's rate limit. Otherwise for the response to a request in flight, which may come sooner. */
	isRateLimited: boolean;
}

/** How many requests may go out before the first response: Close may refuse these, and no more. */
const INITIAL_CONCURRENCY = 2;
/** The part of what is left that may be in flight in the first window: who else uses the key shows only with the responses. */
const FIRST_WINDOW_PART = 1 / 4;
/** How many may be in flight after the first refusal that a window which Close had named does not explain. */
const UNEXPLAINED_CONCURRENCY = 10;
/** How long to wait for a response before one more request is sent: a request that hangs must not hold up all executions. */
const STALL_TIMEOUT_MS = 2000;
/** However long a wait Close names, one request asks again after this time: the wait holds up all executions, and may be wrong. */
const PROBE_INTERVAL_MS = 60_000;
/** Forget the limit after this much time without a request: another process may use the key by now. */
const FORGET_AFTER_MS = 10_000;

/**
 * The endpoints that Close counts together: the same method and path, whatever the ID (Close: "Rate limits"). Learns from
 * Close's responses how many requests may be sent, and when.
 */
export class EndpointGroup {
	private open = 0;
	/** When the last request was sent or answered, by `monotonicNow`; at first, when the group was made. */
	private lastAt = monotonicNow();
	/** A 429 pauses the group until then, by `monotonicNow`. */
	private resumeAt = 0;
	private readonly initial: LimitState;
	/** As of the last request or response: see `stateAt`. */
	private state: LimitState;

	/** @param concurrency how many requests may go out before the first response */
	constructor(concurrency = INITIAL_CONCURRENCY) {
		this.initial = { mode: 'slowStart', concurrency, consecutive429s: 0, uncounted: 0 };
		this.state = this.initial;
	}

	/** Requests that have no response yet. */
	get inFlight(): number {
		return this.open;
	}

	/** How many requests may be in flight at once, apart from what is left in a window; undefined if that alone counts. */
	get concurrency(): number | undefined {
		return this.getConcurrency(this.stateAt(monotonicNow()));
	}

	/** Milliseconds until a pause that a 429 asked for is over. */
	get pausedForMs(): number {
		return Math.max(0, this.resumeAt - monotonicNow());
	}

	/** When the next request may be sent at the latest. */
	getAvailability(): Availability {
		const now = monotonicNow();
		const state = this.stateAt(now);
		const whenLimitEnds = (end: number): Availability => {
			const at = Math.max(now, Math.min(end, this.lastAt + PROBE_INTERVAL_MS));
			return { at, isRateLimited: at > now };
		};
		const whenResponded = {
			at: Math.max(now, this.lastAt + STALL_TIMEOUT_MS),
			isRateLimited: false,
		};
		if (this.resumeAt > now) return whenLimitEnds(this.resumeAt);
		const concurrency = this.getConcurrency(state);
		if (concurrency !== undefined && this.open >= concurrency) return whenResponded;
		const { window } = state;
		if (!window || countAvailable(window, this.open, now) > 0)
			return { at: now, isRateLimited: false };
		const sharesUntil = getSharesUntil(window);
		if (now < sharesUntil && countAvailable(window, this.open, sharesUntil) > 0)
			return whenLimitEnds(sharesUntil);
		return window.resetAt === undefined ? whenResponded : whenLimitEnds(window.resetAt);
	}

	/** Counts a request that is sent. */
	recordSent(): void {
		this.update(monotonicNow());
		this.open++;
	}

	/**
	 * Counts the response to a request, or that none will come, and reads its `RateLimit` header.
	 *
	 * @param sentAt when the request was sent, by `monotonicNow`: a header from before a reset is about the window before
	 * @param isCounted whether Close has counted it: not if it was refused
	 */
	recordResponse(headers: IDataObject, sentAt = monotonicNow(), isCounted = true): void {
		const now = monotonicNow();
		this.update(now);
		this.open--;
		const { window: last, uncounted, mode } = this.state;
		const counted = uncounted + (isCounted ? 1 : 0);
		const { limit, remaining, reset } = parseRateLimit(headers.ratelimit);
		const isOld = sentAt < (last?.startsAt ?? 0);
		if (isOld || remaining === undefined || reset === undefined) {
			if (!last) this.change({ uncounted: counted });
			else if (isCounted) this.change({ window: countUnnamed(last) });
			return;
		}
		const window = updateWindow(last, { limit, remaining, reset }, { counted, sentAt, now });
		this.change({ window, uncounted: 0, mode: mode === 'slowStart' ? 'firstWindow' : mode });
	}

	/** Takes back that a request was sent. */
	recordNotSent(): void {
		this.open--;
	}

	/** Raises the concurrency after a successful response, if at least half of it was used. */
	recordSuccess(): void {
		const { mode, concurrency } = this.state;
		this.change({ consecutive429s: 0 });
		if ((this.open + 1) * 2 < concurrency) return;
		if (mode === 'slowStart') this.change({ concurrency: concurrency + 1 });
		if (mode === 'congestionAvoidance') this.change({ concurrency: concurrency + 1 / concurrency });
	}

	/** After a 429: pauses the group for the time that Close names; then, unless its window was used up, at half the concurrency. */
	recordRateLimited(headers: IDataObject, body: unknown): void {
		const now = monotonicNow();
		const { mode, concurrency, consecutive429s } = this.state;
		const wait = retryAfterMs(headers, body) ?? backoffDelay(consecutive429s);
		const isPaused = this.resumeAt > now;
		this.lastAt = now;
		this.resumeAt = Math.max(this.resumeAt, now + wait + WINDOW_MARGIN_MS);
		// The others were sent before Close asked for the pause.
		if (isPaused) return;
		const isByWindow = mode === 'firstWindow' || mode === 'windows';
		this.change({ consecutive429s: consecutive429s + 1 });
		// Another process has used up the window, and what each has of the next follows from that.
		if (isByWindow && this.state.window?.remaining === 0) return;
		this.change({
			mode: 'congestionAvoidance',
			concurrency: isByWindow ? UNEXPLAINED_CONCURRENCY : Math.max(1, Math.floor(concurrency / 2)),
		});
	}

	/** What is known at a time without any further request or response: the limit may be forgotten, or its window over. */
	private stateAt(time: number): LimitState {
		const { window, mode } = this.state;
		const isIdle = this.open === 0;
		const lastKnownAt = Math.max(this.lastAt, this.resumeAt, window?.resetAt ?? 0);
		if (isIdle && time > lastKnownAt + FORGET_AFTER_MS) return this.initial;
		// Where no response says when a window ends, it ends with its requests.
		const isOver = window && (window.resetAt === undefined ? isIdle : window.resetAt <= time);
		if (!isOver) return this.state;
		return {
			...this.state,
			mode: mode === 'firstWindow' ? 'windows' : mode,
			window: getNextWindow(window, this.open),
		};
	}

	/** Called for each request and response. */
	private update(time: number): void {
		this.state = this.stateAt(time);
		this.lastAt = time;
	}

	private change(changes: Partial<LimitState>): void {
		this.state = { ...this.state, ...changes };
	}

	private getConcurrency({ mode, concurrency, window }: LimitState): number | undefined {
		if (mode === 'windows') return undefined;
		if (mode === 'firstWindow' && window)
			return Math.floor(Math.max(this.initial.concurrency, window.remaining * FIRST_WINDOW_PART));
		return Math.floor(concurrency);
	}
}
