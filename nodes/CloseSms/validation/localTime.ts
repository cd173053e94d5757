/** A time zone. Constructing its format takes 1,000 times longer than using it, and using it 100 times longer than adding. */
interface Zone {
	format: Intl.DateTimeFormat;
	/** Its offset from UTC in milliseconds, by the minute since 1970: clocks are changed at the start of one. */
	offsets: Map<number, number>;
}

const MINUTE_MS = 60_000;
/** Minutes of which a zone's offset is remembered. */
const MAX_OFFSETS = 1000;

const zones = new Map<string, Zone>();

function getZone(zone: string): Zone {
	const known = zones.get(zone);
	if (known) return known;
	const format = new Intl.DateTimeFormat('en-US', {
		timeZone: zone,
		calendar: 'gregory',
		numberingSystem: 'latn',
		hourCycle: 'h23',
		year: 'numeric',
		month: 'numeric',
		day: 'numeric',
		hour: 'numeric',
		minute: 'numeric',
		second: 'numeric',
	});
	const made = { format, offsets: new Map<number, number>() };
	zones.set(zone, made);
	return made;
}

/** Whether a value is the name of a time zone, e.g. `America/New_York`. Offsets such as `+02:00` are none: they know no daylight saving. */
export function isTimeZone(value: unknown): value is string {
	if (typeof value !== 'string' || !/^[a-z]/i.test(value)) return false;
	try {
		getZone(value);
		return true;
	} catch {
		return false;
	}
}

/** Names of IANA's database for fixed offsets. Who lives at such a place has other clocks in summer, or another name for them. */
const FIXED_OFFSETS = /^(?:EST|MST|HST|Etc\/GMT[+-]\d+)$/i;

/** Whether a value is the name of a time zone in which people live: `EST` is no place, and knows no daylight saving. */
export const isLivedInZone = (value: unknown): value is string =>
	isTimeZone(value) && !FIXED_OFFSETS.test(value);

/**
 * The local time in a zone, as the milliseconds since 1970 at which clocks in UTC show the same; to the second.
 *
 * @param zone IANA name
 * @param at milliseconds since 1970
 * @throws {RangeError} when there is no such zone
 */
export function toLocalTime(zone: string, at: number): number {
	const { format, offsets } = getZone(zone);
	const minute = Math.floor(at / MINUTE_MS);
	let offset = offsets.get(minute);
	if (offset === undefined) {
		offset = readLocalTime(format, minute * MINUTE_MS) - minute * MINUTE_MS;
		if (offsets.size >= MAX_OFFSETS) offsets.clear();
		offsets.set(minute, offset);
	}
	return Math.floor(at / 1000) * 1000 + offset;
}

function readLocalTime(format: Intl.DateTimeFormat, at: number): number {
	const parts: Record<string, number> = {};
	for (const { type, value } of format.formatToParts(at)) parts[type] = Number(value);
	const { year, month, day, hour, minute, second } = parts;
	return Date.UTC(year, month - 1, day, hour, minute, second);
}
