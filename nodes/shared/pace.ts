import type { IDataObject } from 'n8n-workflow';
import { parseRateLimit, waitNamedByClose } from './rateLimit';
import { backOff, now } from './waiting';

/** What Close lets a key do in a group of endpoints until its current window ends. */
interface Window {
	/** What Close said last is left. */
	remaining: number;
	/** How many more may be sent: those that Close had not counted then are taken off. */
	left: number;
	limit: number;
	/** Answers to our own requests. */
	answered: number;
	/** Our part of what is used, 0 to 1: another run may work with the same key. */
	share: number;
	/** By the clock `now`; unknown, Infinity, from when the last window ended until an answer tells of the new one. */
	ends: number;
}

/** Endpoints that Close counts together: the same method and path, whatever the ID (Close: "Rate limits"). */
export interface Group {
	/** Requests that were sent and not yet answered. */
	open: number;
	window?: Window;
}

/** How fast a run may go, learned from Close's answers. */
export interface Pace {
	/** How many requests may be under way at once; grows while answers are good. */
	concurrency: number;
	readonly maxConcurrency: number;
	/** Up to here concurrency doubles each round, beyond it grows by one. */
	easyUpTo: number;
	/** Nothing goes out before this time, by the clock `now`. */
	resumeAt: number;
	open: number;
	/** 429 answers in a row, for the back-off when Close names no time. */
	refusals: number;
	groups: Map<string, Group>;
}

const FIRST_CONCURRENCY = 2;
/** Clocks of two machines and timers differ by a few milliseconds; a window that is not over refuses. */
const WINDOW_MARGIN = 5;

export const newPace = (maxConcurrency: number): Pace => ({
	concurrency: Math.min(FIRST_CONCURRENCY, maxConcurrency),
	maxConcurrency,
	easyUpTo: maxConcurrency,
	resumeAt: 0,
	open: 0,
	refusals: 0,
	groups: new Map(),
});

/** The group that a request counts in. The ID is the last part of a path, and the only one with an underscore there. */
export function groupOf(pace: Pace, method: string, url: string): Group {
	const name = `${method} ${url.replace(/(\/.+\/)\w+_\w+\/$/, '$1{id}/')}`;
	const known = pace.groups.get(name);
	if (known) return known;
	const group = { open: 0 };
	pace.groups.set(name, group);
	return group;
}

/** Learns from a good answer: grows. */
export function noteGoodAnswer(pace: Pace): void {
	const growth = pace.concurrency < pace.easyUpTo ? 1 : 1 / pace.concurrency;
	pace.concurrency = Math.min(pace.maxConcurrency, pace.concurrency + growth);
	pace.refusals = 0;
}

/** Learns from a 429: holds the whole run for the time that Close names, then goes on at half the concurrency. */
export function noteRefusal(pace: Pace, headers: IDataObject, body: unknown): void {
	const wait = waitNamedByClose(headers, body) ?? backOff(pace.refusals);
	const alreadyHeld = pace.resumeAt > now();
	pace.resumeAt = Math.max(pace.resumeAt, now() + wait + WINDOW_MARGIN);
	if (alreadyHeld) return;
	pace.refusals++;
	pace.concurrency = Math.max(1, Math.floor(pace.concurrency / 2));
	pace.easyUpTo = pace.concurrency;
}

/** Learns from the `RateLimit` header of any answer what is left of a group's window. */
export function noteLimit(group: Group, headers: IDataObject): void {
	const { limit, remaining, reset } = parseRateLimit(headers.ratelimit);
	if (remaining === undefined || reset === undefined) return;
	const last = group.window;
	const ends = now() + reset * 1000 + WINDOW_MARGIN;
	const isSame = last !== undefined && Math.abs(last.ends - ends) < reset * 500 + 50;
	const seen: Window = {
		remaining,
		left: 0,
		limit: limit ?? Math.max(remaining, last?.limit ?? 0),
		answered: isSame ? last.answered + 1 : 1,
		share: last?.share ?? 1,
		ends: isSame ? endOf(last.ends, ends, reset) : ends,
	};
	// Answers overtake each other: the one with the least remaining is the newest.
	if (isSame && remaining >= last.remaining) {
		// It was counted before the newest, so it need not have been taken off there.
		const left = Math.min(last.left + 1, Math.floor(last.remaining * last.share));
		group.window = { ...seen, remaining: last.remaining, left };
		return;
	}
	seen.share = shareOf(seen, group.open);
	// Close may not have counted those yet that are still open.
	seen.left = Math.floor(remaining * seen.share) - group.open;
	group.window = seen;
}

/** An answer is on its way for a while, so the earliest end is the right one; but whole seconds may be rounded down. */
const endOf = (one: number, other: number, reset: number) =>
	Number.isInteger(reset) ? Math.max(one, other) : Math.min(one, other);

/** Less than all only when even with what is still open we cannot have used all that is used. */
function shareOf({ limit, remaining, answered, share }: Window, open: number): number {
	const used = limit - remaining;
	const own = answered + open < used ? answered / used : 1;
	// While little of a window is used it says little; until then what the last one said holds.
	return used * 2 >= limit ? own : Math.min(share, own);
}

/**
 * When the next request of a group may go out; Infinity when an answer to another must come first. Something is open
 * then, so that one will come.
 */
export function nextTurn(pace: Pace, group: Group): number {
	const time = now();
	if (pace.resumeAt > time) return pace.resumeAt;
	if (pace.open >= Math.floor(pace.concurrency)) return Infinity;
	const { window } = group;
	if (!window) return time;
	const isOver = window.ends <= time || (window.ends === Infinity && group.open === 0);
	if (isOver) {
		// Of what nobody used, half is for us: another run may be as modest.
		window.share = Math.min(1, window.share + window.remaining / Math.max(1, window.limit) / 2);
		window.left = Math.max(1, Math.floor(window.limit * window.share) - group.open);
		window.ends = Infinity;
	}
	return window.left > 0 ? time : window.ends;
}

/** Counts a request that goes out. */
export function noteSent(pace: Pace, group: Group): void {
	pace.open++;
	group.open++;
	if (group.window) group.window.left--;
}

/** Counts the answer to a request, or that none will come. */
export function noteAnswered(pace: Pace, group: Group): void {
	pace.open--;
	group.open--;
}
