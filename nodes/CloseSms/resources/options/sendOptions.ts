import type { INodeProperties } from 'n8n-workflow';
import type { Day } from '../../validation/sendingHours';

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

const hours: INodeProperties[] = [
	{
		displayName: 'From',
		name: 'from',
		type: 'string',
		default: '08:00',
		placeholder: 'e.g. 08:00',
		description: 'When texts may begin to go out, in 24-hour time',
	},
	{
		displayName: 'To',
		name: 'to',
		type: 'string',
		default: '21:00',
		placeholder: 'e.g. 21:00',
		description:
			'From when on no text may go out. A time before From is on the next day; 24:00 is midnight.',
	},
	{
		displayName: 'Days',
		name: 'days',
		type: 'multiOptions',
		default: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'],
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
		description: `For a recipient whose time zone Close does not know; without it that is an error. ${ZONE_HINT}.`,
		displayOptions: { show: { zone: ['recipient'] } },
	},
	{
		displayName: 'Outside the Hours',
		name: 'outside',
		type: 'options',
		default: 'schedule',
		description: 'What happens to a text that would go out at another time',
		options: [
			{
				name: 'Schedule',
				value: 'schedule',
				description: 'It is scheduled for when the hours begin next, and "_note" says so',
			},
			{ name: 'Stop', value: 'stop', description: 'It is not sent: an error' },
		],
	},
];

export const sendingHoursOption: INodeProperties = {
	displayName: 'Sending Hours',
	name: 'sendingHours',
	type: 'fixedCollection',
	default: {},
	placeholder: 'Add Hours',
	description:
		'When a person may be texted, by default 8:00 to 21:00 at their place. It counts when the text goes out. Update pays no attention to it.',
	options: [{ displayName: 'Hours', name: 'hours', values: hours }],
};

export const checkOptOutOption: INodeProperties = {
	displayName: 'Check Opt-Out',
	name: 'checkOptOut',
	type: 'boolean',
	default: false,
	description:
		'Whether to look the person up in Close first, and to text nobody whose number Close has blocked for texts, which is an error',
};

export const waitUntilSentOption: INodeProperties = {
	displayName: 'Wait Until Sent (Seconds)',
	name: 'waitUntilSent',
	type: 'number',
	default: 60,
	typeOptions: { minValue: 0, maxValue: 3600 },
	description:
		'How long to wait until the text was sent. One that the carrier does not deliver is an error with its reason; one still on its way after this time is returned as it is. 0 does not wait.',
};

export const skipIfTextedWithinOption: INodeProperties = {
	displayName: 'Skip If Texted Within (Minutes)',
	name: 'skipIfTextedWithin',
	type: 'number',
	default: 60,
	typeOptions: { minValue: 0 },
	description:
		'How far back to look for the same text to the same number. If there is one, in Close or in this run, it is returned with "_note", and nothing is sent. 0 switches this off.',
};
