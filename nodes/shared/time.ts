import { tryToParseDateTime } from 'n8n-workflow';

/** A Luxon `DateTime`; n8n-workflow hands them out without exporting the type. */
export type Time = ReturnType<typeof tryToParseDateTime>;

/** What n8n's date picker and databases write. Other forms would be read in the server's zone, not the workflow's. */
const CALENDAR_DATE = /^\d{4}-\d{2}-\d{2}([T ]|$)/;

const OFFSET = /(Z|[+-]\d{2}(:?\d{2})?)$/i;

/**
 * Reads a point in time; one without offset is read in the given zone.
 *
 * When clocks go back and a wall time exists twice, the earlier one is meant; when they go forward and it does not
 * exist, the time moves on by the jump (Luxon's rule).
 *
 * @param value ISO 8601 or SQL text, a Luxon `DateTime` or a `Date`
 * @param zone IANA name, e.g. `America/New_York`
 * @returns undefined when it cannot be read
 */
export function parseTime(value: unknown, zone: string): Time | undefined {
	const text = value instanceof Object ? undefined : String(value).trim();
	if (text !== undefined && !CALENDAR_DATE.test(text)) return undefined;
	try {
		const time = tryToParseDateTime(text ?? value, zone);
		const isWallTime = text !== undefined && !OFFSET.test(text.slice('2026-01-01'.length));
		// Luxon alone would choose between the two by the offset of today.
		return isWallTime ? (time.getPossibleOffsets()[0] ?? time) : time;
	} catch {
		return undefined;
	}
}
