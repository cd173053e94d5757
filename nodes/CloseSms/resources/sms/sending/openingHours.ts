import { toLocalTime } from '../../../validation/localTime';
import { DAYS, type DailyHours } from '../../../validation/sendingHours';

const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;

/** How far ahead an opening is looked for: more than a week, so that every day of the week and a change of clocks is seen. */
const SEARCH_MS = 15 * DAY_MINUTES * MINUTE_MS;

/** Whether hours are open at a local time. Hours over midnight belong to the day on which they open. */
function isOpenAt({ from, to, days }: DailyHours, localTime: number): boolean {
	const minute = Math.floor(localTime / MINUTE_MS) % DAY_MINUTES;
	// 1 January 1970, day 0, was a Thursday.
	const day = (Math.floor(localTime / MINUTE_MS / DAY_MINUTES) + 3) % 7;
	const isSelected = (index: number) => days.includes(DAYS[index]);
	if (from < to) return isSelected(day) && from <= minute && minute < to;
	return minute >= from ? isSelected(day) : minute < to && isSelected((day + 6) % 7);
}

/**
 * Whether a point in time is within the hours in every one of the zones. The hours go by the clock on the wall: an hour
 * that comes twice when clocks go back is open twice, and one that is left out is not.
 *
 * @param zones IANA names, at least one
 * @param at milliseconds since 1970
 */
export const isOpen = (hours: DailyHours, zones: string[], at: number): boolean =>
	zones.every((zone) => isOpenAt(hours, toLocalTime(zone, at)));

/** The first minute after `start` at which the offset of the zone is another than at `start`, if there is one by `end`. */
function findOffsetChange(zone: string, start: number, end: number): number | undefined {
	const offsetAt = (at: number) => toLocalTime(zone, at) - at;
	const before = offsetAt(start);
	if (offsetAt(end) === before) return undefined;
	let [low, high] = [start, end];
	while (high - low > MINUTE_MS) {
		const middle = low + Math.floor((high - low) / 2 / MINUTE_MS) * MINUTE_MS;
		if (offsetAt(middle) === before) low = middle;
		else high = middle;
	}
	return high;
}

/** A point in time, after a minute in which the hours are not open, before which they cannot open. */
function skipClosed({ from }: DailyHours, zone: string, minute: number): number {
	const local = Math.floor(toLocalTime(zone, minute) / MINUTE_MS) % DAY_MINUTES;
	const end = minute + ((from - local + DAY_MINUTES) % DAY_MINUTES || DAY_MINUTES) * MINUTE_MS;
	return findOffsetChange(zone, minute, end) ?? end;
}

/**
 * The first point in time at which the hours are open in every one of the zones: `earliest` itself, or the start of a
 * minute after it.
 *
 * @param zones IANA names, at least one
 * @param earliest milliseconds since 1970
 * @param lasting for how long they must be open still, in milliseconds
 * @returns milliseconds since 1970; undefined when they do not open within 15 days
 */
export function findOpening(
	hours: DailyHours,
	zones: string[],
	{ earliest, lasting = 0 }: { earliest: number; lasting?: number },
): number | undefined {
	const isEnough = (at: number) => isOpen(hours, zones, at) && isOpen(hours, zones, at + lasting);
	if (isEnough(earliest)) return earliest;
	let minute = Math.floor(earliest / MINUTE_MS) * MINUTE_MS;
	while (minute <= earliest + SEARCH_MS) {
		const closed = zones.find((zone) => !isOpenAt(hours, toLocalTime(zone, minute)));
		if (closed === undefined && minute >= earliest && isEnough(minute)) return minute;
		minute = closed === undefined ? minute + MINUTE_MS : skipClosed(hours, closed, minute);
	}
	return undefined;
}
