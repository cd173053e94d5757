import type { IExecuteSingleFunctions } from 'n8n-workflow';
import type { CountryCode, PhoneReadingOptions } from '../../shared/phoneNumber';
import { isWholeExpression } from '../../shared/wholeExpression';
import { addMessageInfo } from '../output/messageInfo';
import { choiceOption, flagOption, numberOption, type Option } from './option';
import { sendingHoursOption } from './sendingHours';
import { validationError, type ItemContext } from './validationError';

const DAY = 24 * 60;

const COUNTRY_CHOICES: Array<{ name: string; value: CountryCode }> = [
	{ name: 'Australia (+61)', value: '61' },
	{ name: 'Belgium (+32)', value: '32' },
	{ name: 'Denmark (+45)', value: '45' },
	{ name: 'France (+33)', value: '33' },
	{ name: 'Israel (+972)', value: '972' },
	{ name: 'South Africa (+27)', value: '27' },
	{ name: 'United Kingdom (+44)', value: '44' },
	{ name: 'US and Canada (+1)', value: '1' },
];

/** Every option, by its name, in the order in which the editor lists them. */
export const OPTIONS = {
	addMessageInfo: flagOption({
		displayName: 'Add Message Info',
		description:
			'Whether to add "segments" (how many SMS the message is charged as), "localTime" (the scheduled time in the time zone of the workflow) and, for an SMS that failed, "error_reason" and what to do',
		scope: 'returnsSms',
		mayBeEmpty: true,
		routing: { output: { postReceive: [addMessageInfo] } },
	}),
	/** Reads the recipient's number in Close before anything goes out. */
	checkOptOut: flagOption({
		displayName: 'Check Opt-Out',
		description:
			'Whether to look the number up in Close first. If Close has blocked SMS to it, or no contact has it, nobody is texted, which is an error.',
		scope: 'texts',
	}),
	/** The country code of numbers that come without a plus. */
	countryCode: choiceOption({
		displayName: 'Country of Numbers Without +',
		description:
			'The country of numbers without a plus sign in front, such as (415) 555-0123. Without this option they are an error.',
		scope: 'takesNumbers',
		choices: COUNTRY_CHOICES,
		default: '1',
		absent: undefined,
	}),
	dryRun: flagOption({
		displayName: 'Dry Run',
		description:
			'Whether to send nothing, and to return what would be done: in words under "summary", and as "requests" to Close. "_note" says what is assumed about what would be read first.',
	}),
	/** Seconds that a request may wait for Close, all its retries and slow responses included. */
	giveUpAfter: numberOption({
		displayName: 'Give Up After (Seconds)',
		description:
			'How long a request may wait for Close, all its retries and slow responses included, before its item fails',
		min: 1,
		max: DAY * 60,
		unit: 'seconds',
		default: 300,
	}),
	/** What to do with a hole in the words of a text. */
	missingValues: choiceOption({
		displayName: 'If a Value in the Message Is Missing',
		description:
			'What to do with a message in which an expression gives nothing, an object or no number, or in which nobody filled a placeholder in double braces',
		scope: 'takesWords',
		choices: [
			{ name: 'Return an Error', value: 'stop', description: 'Nobody is texted' },
			{ name: 'Send It All the Same', value: 'send', description: 'With what is there' },
		],
		default: 'stop',
		absent: 'stop',
	}),
	/**
	 * What to do with a new text whose lead is not given and cannot be told by the number. By default it goes out: whom it
	 * reaches is decided by the number that was given, the lead only says where Close files it, and a number that is not in
	 * Close yet is what a new lead has.
	 */
	unknownRecipient: choiceOption({
		displayName: 'If No Single Lead Matches',
		description:
			'What to do with an SMS that is given neither lead nor contact when no lead in Close has the number, or several have it',
		scope: 'textsAnew',
		choices: [
			{ name: 'Return an Error', value: 'error', description: 'Nobody is texted' },
			{
				name: 'Send Without a Lead',
				value: 'sendWithoutLead',
				description: 'Close decides where the SMS belongs; "_note" says why',
			},
		],
		default: 'sendWithoutLead',
		absent: 'sendWithoutLead',
	}),
	/** Items in progress at once. */
	maxConcurrency: numberOption({
		displayName: 'Max Concurrency',
		description:
			'How many items may be in progress at once. The node starts with two and speeds up as long as Close responds well.',
		min: 1,
		max: 50,
		isInteger: true,
		unit: 'items',
		default: 20,
	}),
	/** Attempts after the first, for one request. */
	maxRetries: numberOption({
		displayName: 'Max Retries',
		description:
			'How often a request may be tried again when Close is busy or out of reach. A request that can text a person is repeated only after the SMS was looked up.',
		min: 0,
		max: 100,
		isInteger: true,
		unit: 'retries',
		default: 8,
	}),
	/** Segments that a text may have. */
	maxSegments: numberOption({
		displayName: 'Max Segments',
		description:
			'How many segments a message may take, each of which is charged as one SMS; more are an error. One with files goes out as MMS, which has none.',
		scope: 'hasWords',
		min: 1,
		max: 20,
		isInteger: true,
		unit: 'segments',
		default: 3,
		absent: Infinity,
	}),
	sendingHours: sendingHoursOption,
	/** Minutes; 0 is off. */
	skipIfTextedAnythingWithin: numberOption({
		displayName: 'Skip If Texted Anything Within (Minutes)',
		description:
			'Sends nothing if any other SMS of yours is at the same phone within this time, before or after, whatever it says. That one is returned with "_note". 0 is off.',
		scope: 'textsAnew',
		min: 0,
		max: 366 * DAY,
		unit: 'minutes',
		default: 60,
		absent: 0,
	}),
	/** Minutes; 0 is off. */
	skipIfTextedWithin: numberOption({
		displayName: 'Skip If Texted Within (Minutes)',
		description:
			'Sends nothing if the same message is at the same phone within this time, before or after. That one is returned with "_note". Waits for a draft of it from the last minute. 0 is off.',
		scope: 'textsAnew',
		min: 0,
		max: 366 * DAY,
		unit: 'minutes',
		default: 60,
		absent: 0,
	}),
	skipNumbersThatFailed: flagOption({
		displayName: 'Skip Numbers That Failed',
		description:
			'Whether to skip a number that no SMS can reach, such as a landline: the last SMS to it within 90 days failed for such a reason. That one is returned with "_note", and nothing is sent.',
		scope: 'textsAnew',
		mayBeEmpty: true,
	}),
	/** Seconds to wait until the text was sent; 0 is off. An execution that waits keeps its place in n8n. */
	waitUntilSent: numberOption({
		displayName: 'Wait Until Sent (Seconds)',
		description:
			'How long to wait until the SMS was sent. One that the carrier does not deliver is an error with its reason; one still on its way after this time is returned as it is. 0 does not wait.',
		scope: 'texts',
		min: 0,
		max: 3600,
		unit: 'seconds',
		default: 60,
		absent: 0,
	}),
};

type Table = typeof OPTIONS;

/** What the user set under 'Options', with the defaults for what was not added. */
export type NodeOptions = { [Name in keyof Table]: Table[Name]['absent'] };

const SKIP_OPTIONS = [
	'skipIfTextedWithin',
	'skipIfTextedAnythingWithin',
	'skipNumbersThatFailed',
] as const;

/** The options that are set by which an earlier text keeps one back: who has the number is searched for them. */
export const getSkipOptions = (options: NodeOptions) =>
	SKIP_OPTIONS.filter((name) => options[name]);

/** How the numbers of an item are read. */
export const toPhoneReadingOptions = ({
	countryCode: country,
}: Pick<NodeOptions, 'countryCode'>): PhoneReadingOptions => ({
	country,
	countryOption: OPTIONS.countryCode.field.displayName,
});

/** The value that each option has by `toValue`. The one place where the types of a table and its values must be told. */
const mapOptions = (toValue: <T>(name: string, option: Option<T>) => T) =>
	Object.fromEntries(
		Object.entries(OPTIONS).map(([name, option]) => [
			name,
			toValue<unknown>(name, option as Option<unknown>),
		]),
	) as NodeOptions;

/** What counts for options that were not added. */
export const DEFAULT_OPTIONS: NodeOptions = mapOptions((_, { absent }) => absent);

/**
 * Reads 'Options' of one item. An option that was set and cannot be read is an error: in doubt nobody is texted.
 *
 * @throws {ItemFailure}
 */
export function readOptions(
	context: ItemContext & Pick<IExecuteSingleFunctions, 'getNode' | 'getNodeParameter'>,
): NodeOptions {
	const given: unknown = context.getNodeParameter('options', {});
	if (
		isWholeExpression(context.getNode(), 'options') ||
		typeof given !== 'object' ||
		given === null ||
		Array.isArray(given)
	)
		throw validationError(
			context,
			"'Options' cannot be read",
			'Add each option by itself, and give each its own expression: n8n cannot read one for all of them.',
		);
	const values = new Map<string, unknown>(Object.entries(given));
	return mapOptions((name, { read, absent }) =>
		values.has(name) ? read(context, values.get(name)) : absent,
	);
}
