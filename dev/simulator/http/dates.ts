import { DateTime, FixedOffsetZone } from 'luxon';

/**
 * Simulated milliseconds as Close's activities print them: `2016-10-03T16:06:11.167000+00:00`,
 * and without the fraction when there is none.
 */
export const closeTime = (ms: number): string => `${naiveTime(ms)}+00:00`;

/** The same without an offset, as templates, webhooks and events print it. It is UTC. */
export function naiveTime(ms: number): string {
	return new Date(ms)
		.toISOString()
		.replace(/\.(\d{3})Z$/, (_, fraction: string) => (fraction === '000' ? '' : `.${fraction}000`));
}

/**
 * Reads a date or date-time. One without an offset is read at `offsetHours` (header `x-tz-offset`), else as UTC.
 *
 * @returns milliseconds, or undefined for what is no ISO 8601 date
 */
export function readTime(value: string, offsetHours = 0): number | undefined {
	const zone = FixedOffsetZone.instance(offsetHours * 60);
	const time = DateTime.fromISO(value.replace(/^(\d{4}-\d\d-\d\d) /, '$1T'), { zone });
	return time.isValid ? time.toMillis() : undefined;
}
