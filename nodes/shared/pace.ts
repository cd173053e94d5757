import { sleep, type IDataObject } from 'n8n-workflow';

/** How fast a run may go, learned from Close's answers. All times are milliseconds since 1970. */
export interface Pace {
	/** How many items may be under way at once; grows while answers are good. */
	concurrency: number;
	readonly maxConcurrency: number;
	/** Up to here concurrency doubles each round, beyond it grows by one. */
	easyUpTo: number;
	/** Nothing goes out before this time. */
	resumeAt: number;
	/** What is left of Close's limit in its current window. */
	budget?: { left: number; limit: number; until: number };
	/** Requests that were sent and not yet answered. */
	open: number;
	/** 429 answers in a row, for the back-off when Close names no time. */
	refusals: number;
}

const FIRST_CONCURRENCY = 2;
const FIRST_BACKOFF = 500;
const LONGEST_BACKOFF = 30_000;
/** Clocks of two machines and timers differ by a few milliseconds; a window that is not over refuses. */
const WINDOW_MARGIN = 5;

export const newPace = (maxConcurrency: number): Pace => ({
	concurrency: Math.min(FIRST_CONCURRENCY, maxConcurrency),
	maxConcurrency,
	easyUpTo: maxConcurrency,
	resumeAt: 0,
	open: 0,
	refusals: 0,
});

/**
 * Reads Close's header `RateLimit: limit=100, remaining=50, reset=5` (Close: "Rate limits"; `reset` is in seconds and
 * may be a decimal). Parts that are missing or not numbers are left out.
 */
export function parseRateLimit(header: unknown): {
	limit?: number;
	remaining?: number;
	reset?: number;
} {
	if (typeof header !== 'string') return {};
	const found = header.matchAll(/\b(limit|remaining|reset)\s*=\s*(\d+(?:\.\d+)?)/gi);
	return Object.fromEntries(
		[...found].map(([, name, value]) => [name.toLowerCase(), Number(value)]),
	);
}

/**
 * How long Close wants us to wait after a 429, in milliseconds: the `reset` of `RateLimit`, else `retry-after`
 * (seconds), else `rate_reset` of the older body. Undefined when it names no time.
 */
export function waitNamedByClose(headers: IDataObject, body?: unknown): number | undefined {
	const { reset } = parseRateLimit(headers.ratelimit);
	const old = (body as { error?: { rate_reset?: unknown } } | undefined)?.error?.rate_reset;
	const named = [reset, headers['retry-after'], old]
		.filter((value) => value !== undefined && value !== null && value !== '')
		.map(Number)
		.find((seconds) => Number.isFinite(seconds) && seconds >= 0);
	return named === undefined ? undefined : named * 1000;
}

/** 0.5, 1, 2 … seconds up to half a minute, each with jitter so that two runs do not wake together. */
export const backOff = (attempt: number): number =>
	Math.min(LONGEST_BACKOFF, FIRST_BACKOFF * 2 ** attempt) * (0.5 + Math.random() / 2);

/** Learns from a good answer: grows, and takes over what Close says is left. */
export function noteGoodAnswer(pace: Pace, headers: IDataObject): void {
	const growth = pace.concurrency < pace.easyUpTo ? 1 : 1 / pace.concurrency;
	pace.concurrency = Math.min(pace.maxConcurrency, pace.concurrency + growth);
	pace.refusals = 0;
	const { limit, remaining, reset } = parseRateLimit(headers.ratelimit);
	if (remaining === undefined || reset === undefined) return;
	const until = Date.now() + reset * 1000 + WINDOW_MARGIN;
	// Answers overtake each other: within one window only the smallest number is the newest.
	const sameWindow =
		pace.budget !== undefined && Math.abs(pace.budget.until - until) < reset * 500 + 50;
	const left = Math.max(0, remaining - pace.open);
	pace.budget = {
		left: sameWindow ? Math.min(left, pace.budget!.left) : left,
		limit: limit ?? remaining,
		until: sameWindow ? Math.max(until, pace.budget!.until) : until,
	};
}

/** Learns from a 429: holds the whole run for the time that Close names, then goes on at half the concurrency. */
export function noteRefusal(pace: Pace, headers: IDataObject, body: unknown): void {
	const wait = waitNamedByClose(headers, body) ?? backOff(pace.refusals);
	const resumeAt = Date.now() + wait + WINDOW_MARGIN;
	const alreadyHeld = pace.resumeAt > Date.now();
	pace.resumeAt = Math.max(pace.resumeAt, resumeAt);
	if (alreadyHeld) return;
	pace.refusals++;
	pace.concurrency = Math.max(1, Math.floor(pace.concurrency / 2));
	pace.easyUpTo = pace.concurrency;
}

/** When the next request may go out, after `now`; takes one from the budget when that is at once. */
function nextTurn(pace: Pace, now: number): number {
	if (pace.resumeAt > now) return pace.resumeAt;
	const { budget } = pace;
	if (!budget) return now;
	if (budget.until <= now)
		pace.budget = { ...budget, left: budget.limit - pace.open, until: Infinity };
	if (pace.budget!.left <= 0 && pace.budget!.until !== Infinity) return pace.budget!.until;
	pace.budget!.left--;
	return now;
}

/** n8n-workflow's `sleep` cannot be ended, so a long wait is made of short ones: none outlives its run for long. */
const LONGEST_SLEEP = 1000;

/** Waits, at most until the execution is cancelled. */
export async function waitFor(milliseconds: number, signal?: AbortSignal): Promise<void> {
	let wake!: () => void;
	const cancelled = new Promise<void>((resolve) => (wake = resolve));
	signal?.addEventListener('abort', wake);
	for (let left = milliseconds; left > 0 && !signal?.aborted; left -= LONGEST_SLEEP) {
		await Promise.race([sleep(Math.min(left, LONGEST_SLEEP)), cancelled]);
	}
	signal?.removeEventListener('abort', wake);
}

/** Waits until a request may go out. */
export async function turnOf(pace: Pace, signal?: AbortSignal): Promise<void> {
	for (
		let now = Date.now(), at = nextTurn(pace, now);
		at > now;
		now = Date.now(), at = nextTurn(pace, now)
	) {
		await waitFor(at - now, signal);
		if (signal?.aborted) return;
	}
}
