import type { INodeProperties } from 'n8n-workflow';
import { isBlank, isRecord, parseList } from '../../shared/fieldValues';
import { isLivedInZone, isTimeZone } from './localTime';
import type { Option } from './option';
import { showValue } from '../../shared/showValue';
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

/** In the order of the week, which n8n's linter would have sorted by name in a literal list. */
const WEEK: Array<[value: Day, name: string]> = [
	['mon', 'Monday'],
	['tue', 'Tuesday'],
	['wed', 'Wednesday'],
	['thu', 'Thursday'],
	['fri', 'Friday'],
	['sat', 'Saturday'],
	['sun', 'Sunday'],
];

const ZONE_HINT = 'An IANA name such as America/New_York or Europe/Berlin';

const fields: INodeProperties[] = [
	{
		displayName: 'Not Before',
		name: 'from',
		type: 'string',
		default: '08:00',
		placeholder: 'e.g. 08:00',
		description: 'When SMS start going out, in 24-hour time',
	},
	{
		displayName: 'Not After',
		name: 'to',
		type: 'string',
		default: '21:00',
		placeholder: 'e.g. 21:00',
		description:
			'When SMS stop going out. A time earlier than Not Before is on the next day; 24:00 is midnight.',
	},
	{
		displayName: 'Days',
		name: 'days',
		type: 'multiOptions',
		default: [...DAYS],
		description: 'The days on which the hours begin',
		options: WEEK.map(([value, name]) => ({ name, value })),
	},
	{
		displayName: 'Time Zone Of',
		name: 'zone',
		type: 'options',
		default: 'recipient',
		description: 'Whose clock counts',
		options: [
			{
				name: 'Recipient',
				value: 'recipient',
				description:
					"The contact's time zone in Close, else that of the number, else that of the lead's address",
			},
			{
				name: 'Workflow',
				value: 'workflow',
				description: "The time zone in the workflow's settings",
			},
			{ name: 'Another', value: 'named', description: 'One that you name' },
		],
	},
	{
		displayName: 'Time Zone',
		name: 'timezone',
		type: 'string',
		default: '',
		placeholder: 'e.g. America/New_York',
		description: ZONE_HINT,
		displayOptions: { show: { zone: ['named'] } },
	},
	{
		displayName: 'Fallback Time Zone',
		name: 'fallbackTimezone',
		type: 'string',
		default: '',
		placeholder: 'e.g. America/New_York',
		description: `Used when Close does not know the recipient's time zone. If empty, that is an error. ${ZONE_HINT}.`,
		displayOptions: { show: { zone: ['recipient'] } },
	},
	{
		displayName: 'Outside the Hours',
		name: 'outside',
		type: 'options',
		default: 'schedule',
		description: 'What happens to an SMS that would go out at another time',
		options: [
			{
				name: 'Schedule',
				value: 'schedule',
				description: 'It is scheduled for when the hours next begin, and "_note" says so',
			},
			{ name: 'Stop', value: 'stop', description: 'It is not sent: an error' },
		],
	},
];

/** What counts for a field that is not given. */
const DEFAULTS = Object.fromEntries(fields.map(({ name, default: initial }) => [name, initial]));

const TIME_OF_DAY = /^([01]?\d|2[0-3]):([0-5]\d)$|^(24):(00)$/;

const label = (field: string) => `'${field}' of '${LABEL}'`;

function requireTimeOfDay(context: ItemContext, value: unknown, field: string): number {
	const [, hour, minute, endHour, endMinute] =
		TIME_OF_DAY.exec(typeof value === 'string' ? value.trim() : '') ?? [];
	const minutes = Number(hour ?? endHour) * 60 + Number(minute ?? endMinute);
	if (!Number.isNaN(minutes) && (field === 'Not After' || minutes < 1440)) return minutes;
	throw validationError(
		context,
		isBlank(value)
			? `${label(field)} is empty`
			: `${label(field)} is not a time of day: ${showValue(value)}`,
		'Give hours and minutes in 24-hour time, such as 08:00 or 21:00.',
	);
}

function requireDays(context: ItemContext, value: unknown): Day[] {
	const given = parseList(value);
	if (given.length === 0)
		throw validationError(
			context,
			`${label('Days')} is empty, so no SMS could ever go out`,
			'Choose at least one day, or remove the option.',
		);
	return given.map((name) => {
		const day = DAYS.find((one) => one === name.toLowerCase());
		if (day) return day;
		throw validationError(
			context,
			`${label('Days')} has a day that does not exist: ${showValue(name)}`,
			`It accepts ${DAYS.join(', ')}.`,
		);
	});
}

function requireZone(context: ItemContext, value: unknown, field: string): string {
	const name = typeof value === 'string' ? value.trim() : value;
	if (isLivedInZone(name)) return name;
	throw isTimeZone(name)
		? validationError(
				context,
				`${label(field)} is a zone without daylight saving time: ${name}`,
				'Nobody lives by it all year, so in summer it would be an hour off. Name a place: America/New_York, America/Chicago, America/Denver, America/Phoenix, America/Los_Angeles or Pacific/Honolulu.',
			)
		: validationError(
				context,
				isBlank(value)
					? `${label(field)} is empty`
					: `${label(field)} is not a time zone: ${showValue(value)}`,
				'Give an IANA name such as America/New_York or Europe/Berlin.',
			);
}

/**
 * Reads 'Sending Hours' strictly: in doubt nobody is texted.
 *
 * @param value of the option, `{ hours: { … } }`
 * @throws {ItemFailure} that names the field
 */
function readSendingHours(context: ItemContext, value: unknown): SendingHours {
	const entry = isRecord(value) ? value.hours : undefined;
	if (!isRecord(entry))
		throw validationError(
			context,
			`'${LABEL}' has no hours`,
			"Choose 'Add Hours' in it and give each field its own value or expression, or remove the option.",
		);
	const given: Record<string, unknown> = { ...DEFAULTS, ...entry };
	const from = requireTimeOfDay(context, given.from, 'Not Before');
	const to = requireTimeOfDay(context, given.to, 'Not After');
	if (from === to)
		throw validationError(
			context,
			`${label('Not Before')} and 'Not After' are the same: ${showValue(given.from)}`,
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

export const sendingHoursOption: Option<SendingHours | undefined> = {
	field: {
		displayName: LABEL,
		type: 'fixedCollection',
		default: {},
		placeholder: 'Add Hours',
		description:
			'When a person may be texted, by default 8:00 to 21:00 where they are. What counts is when the SMS goes out. Does not apply to Update.',
		options: [{ displayName: 'Hours', name: 'hours', values: fields }],
	},
	scope: 'texts',
	absent: undefined,
	read: readSendingHours,
};
