import { isBlank } from '../../shared/fieldValues';
import { isTimeZone } from './localTime';
import { requireChoice, validationError, type ItemContext } from './validationError';

/** Days of the week, by the values of the field. */
export const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Day = (typeof DAYS)[number];

/** Hours of a day, in minutes since midnight; `to` is not included, and at most `from` when they go over midnight. */
export interface DailyHours {
	from: number;
	/** 0 to 1440. */
	to: number;
	/** The days on which they open. */
	days: Day[];
}

/** 'Sending Hours' of one item, as the user set them. */
export interface SendingHours extends DailyHours {
	zone: 'recipient' | 'workflow' | 'named';
	/** IANA name; set when the zone is `named`. */
	timezone?: string;
	/** IANA name, for a recipient whose zone is not known. */
	fallbackTimezone?: string;
	/** What is done with a text outside of them. */
	outside: 'schedule' | 'stop';
}

const LABEL = 'Sending Hours';

/** What `sendingHoursOption` has as the defaults of its fields. */
const DEFAULT_SENDING_HOURS = {
	from: '08:00',
	to: '21:00',
	days: [...DAYS] as Day[],
	zone: 'recipient',
	timezone: '',
	fallbackTimezone: '',
	outside: 'schedule',
};

const TIME_OF_DAY = /^([01]?\d|2[0-3]):([0-5]\d)$|^(24):(00)$/;

const label = (field: string) => `'${field}' of '${LABEL}'`;

function requireTimeOfDay(context: ItemContext, value: unknown, field: string): number {
	const [, hour, minute, endHour, endMinute] =
		TIME_OF_DAY.exec(typeof value === 'string' ? value.trim() : '') ?? [];
	const minutes = Number(hour ?? endHour) * 60 + Number(minute ?? endMinute);
	if (!Number.isNaN(minutes) && (field === 'To' || minutes < 1440)) return minutes;
	throw validationError(
		context,
		`${label(field)} is not a time of day`,
		'Give hours and minutes in 24-hour time, such as 08:00 or 21:00.',
	);
}

function requireDays(context: ItemContext, value: unknown): Day[] {
	const names: unknown[] =
		typeof value === 'string' ? value.split(',') : Array.isArray(value) ? value : [value];
	const given = names.filter((name) => !isBlank(name));
	if (given.length === 0)
		throw validationError(
			context,
			`${label('Days')} is empty, so no text could ever go out`,
			'Choose at least one day, or remove the option.',
		);
	return given.map((name) => {
		const day = String(name).trim().toLowerCase() as Day;
		if (DAYS.includes(day)) return day;
		throw validationError(
			context,
			`${label('Days')} has a day that does not exist`,
			`It accepts ${DAYS.join(', ')}.`,
		);
	});
}

function requireZone(context: ItemContext, value: unknown, field: string): string {
	const name = typeof value === 'string' ? value.trim() : value;
	if (isTimeZone(name)) return name;
	throw validationError(
		context,
		isBlank(value) ? `${label(field)} is empty` : `${label(field)} is not a time zone`,
		'Give an IANA name such as America/New_York or Europe/Berlin.',
	);
}

/**
 * Reads 'Sending Hours' strictly: in doubt nobody is texted.
 *
 * @param value of the option, `{ hours: { … } }`
 * @throws {NodeOperationError} that names the field
 */
export function readSendingHours(context: ItemContext, value: unknown): SendingHours {
	const entry: unknown =
		typeof value === 'object' && value !== null && !Array.isArray(value) && 'hours' in value
			? value.hours
			: undefined;
	if (typeof entry !== 'object' || entry === null || Array.isArray(entry))
		throw validationError(
			context,
			`'${LABEL}' has no hours`,
			"Choose 'Add Hours' in it and give each field its own value or expression, or remove the option.",
		);
	const given: Record<string, unknown> = { ...DEFAULT_SENDING_HOURS, ...entry };
	const from = requireTimeOfDay(context, given.from, 'From');
	const to = requireTimeOfDay(context, given.to, 'To');
	if (from === to)
		throw validationError(
			context,
			`${label('From')} and 'To' are the same`,
			'For the whole day give 00:00 and 24:00.',
		);
	const zone = requireChoice(context, label('Time Zone Of'), given.zone, [
		'recipient',
		'workflow',
		'named',
	] as const);
	return {
		from,
		to,
		days: requireDays(context, given.days),
		zone,
		outside: requireChoice(context, label('Outside the Hours'), given.outside, [
			'schedule',
			'stop',
		] as const),
		...(zone === 'named' && { timezone: requireZone(context, given.timezone, 'Time Zone') }),
		...(zone === 'recipient' &&
			!isBlank(given.fallbackTimezone) && {
				fallbackTimezone: requireZone(context, given.fallbackTimezone, 'Fallback Time Zone'),
			}),
	};
}
