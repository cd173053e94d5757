import { tryToParseDateTime } from 'n8n-workflow';

/** Adds what is said of every field that takes a time. */
export const withZoneNote = (words: string) =>
	`${words} A time without offset is read in the time zone of the workflow.`;

/** A Luxon `DateTime`; n8n-workflow returns them without exporting the type. */
export type DateTime = ReturnType<typeof tryToParseDateTime>;

/**
 * What n8n's date picker, ISO 8601 and databases write. Anything else would be read by `Date.parse`, which takes the
 * zone of the server instead of the workflow's. Offsets are those that exist, -12:00 to +14:00.
 */
const DATE_TIME_PATTERN =
	/^(\d{4}-\d{2}-\d{2})([T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?: ?(Z|(?:-(?:0\d|1[0-2])|\+(?:0\d|1[0-4]))(?::?[0-5]\d)?))?)?$/i;

const isTimeObject = (value: unknown) =>
	value instanceof Date || typeof (value as { toISO?: unknown } | null)?.toISO === 'function';

/** `Date.parse` makes 30 February 2 March, and 24:00 the next day. */
const isOnDay = (time: DateTime, date: string) => time.toISO()?.startsWith(date) === true;

/**
 * Reads a time without offset in `zone`; undefined on a day that does not exist. n8n-workflow takes a zone only since
 * late 1.x, and before that silently reads in the server's, so the time is read in UTC and then moved to the zone with
 * the same local time.
 */
function parseLocalTime(zone: string, date: string, clock = 'T00:00'): DateTime | undefined {
	const inUtc = tryToParseDateTime(`${date}T${clock.slice(1)}Z`);
	if (!isOnDay(inUtc, date)) return undefined;
	// Where clocks go forward at midnight, the day may be another one now.
	const time = inUtc.setZone(zone, { keepLocalTime: true });
	// Luxon alone would choose between two such times by today's offset.
	return time.getPossibleOffsets()[0] ?? time;
}

/**
 * Reads a point in time; one without offset is read in the given zone.
 *
 * A local time that exists twice, because clocks go back, is the earlier one; one that does not exist, because they go
 * forward, moves on by the jump (Luxon's rule).
 *
 * @param value ISO 8601 or SQL text, a Luxon `DateTime` or a `Date`
 * @param zone IANA name, e.g. `America/New_York`
 * @returns undefined when it cannot be read
 */
export function parseTime(value: unknown, zone: string): DateTime | undefined {
	const text = typeof value === 'string' ? value.trim() : '';
	const [, date, clock, offset] = DATE_TIME_PATTERN.exec(text) ?? [];
	if (!date && !isTimeObject(value)) return undefined;
	try {
		if (value instanceof Date) return tryToParseDateTime(value).setZone(zone);
		if (!date) return tryToParseDateTime(value);
		if (!offset) return parseLocalTime(zone, date, clock);
		const time = tryToParseDateTime(text);
		return isOnDay(time, date) ? time : undefined;
	} catch {
		return undefined;
	}
}

/** A point in time as local time in the given zone, in ISO 8601; undefined when it cannot be read. */
export const inZone = (value: unknown, zone: string): string | undefined =>
	parseTime(value, zone)?.setZone(zone).toISO({ suppressMilliseconds: true }) ?? undefined;

/** "5 seconds", "1 second". */
export function formatSeconds(ms: number): string {
	const seconds = Math.max(1, Math.round(ms / 1000));
	return seconds === 1 ? '1 second' : `${seconds} seconds`;
}
