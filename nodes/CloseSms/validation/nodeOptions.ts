import type { IExecuteSingleFunctions } from 'n8n-workflow';
import { isBlank, parseFlag, parseNumber } from '../../shared/fieldValues';
import { isWholeExpression } from '../../shared/wholeExpression';
import { readSendingHours, type SendingHours } from './sendingHours';
import { requireChoice, validationError } from './validationError';

/** What the user set under 'Options', with the defaults for what was not added. */
export interface NodeOptions {
	dryRun: boolean;
	addMessageInfo: boolean;
	/** Seconds that a request may wait for Close, all its retries included. */
	giveUpAfter: number;
	/** Items in progress at once. */
	maxConcurrency: number;
	/** Attempts after the first, for one request. */
	maxRetries: number;
	/** Minutes; 0 is off. */
	skipIfTextedWithin: number;
	/** Reads the recipient's number in Close before anything goes out. */
	checkOptOut: boolean;
	/** Seconds to wait until the text was sent; 0 is off. */
	waitUntilSent: number;
	sendingHours?: SendingHours;
	/** What to do with a new text whose lead is not given and cannot be told by the number. */
	unknownRecipient: 'sendWithoutLead' | 'error';
}

export const DEFAULT_OPTIONS: NodeOptions = {
	dryRun: false,
	addMessageInfo: false,
	giveUpAfter: 300,
	maxConcurrency: 20,
	maxRetries: 8,
	skipIfTextedWithin: 0,
	checkOptOut: false,
	waitUntilSent: 0,
	unknownRecipient: 'sendWithoutLead',
};

const DAY = 24 * 60;

interface Bounds {
	label: string;
	min: number;
	max: number;
	isInteger?: boolean;
	unit: string;
}

/** The bounds of each number; they keep an absurd one from becoming a date that does not exist. */
const NUMBERS: Record<string, Bounds> = {
	giveUpAfter: { label: 'Give Up After', min: 0, max: DAY * 60, unit: 'seconds' },
	maxConcurrency: { label: 'Max Concurrency', min: 1, max: 50, isInteger: true, unit: 'items' },
	maxRetries: { label: 'Max Retries', min: 0, max: 100, isInteger: true, unit: 'retries' },
	skipIfTextedWithin: { label: 'Skip If Texted Within', min: 0, max: 366 * DAY, unit: 'minutes' },
	// An execution that waits keeps its place in n8n.
	waitUntilSent: { label: 'Wait Until Sent (Seconds)', min: 0, max: 3600, unit: 'seconds' },
};

const FLAGS: Record<string, string> = {
	dryRun: 'Dry Run',
	addMessageInfo: 'Add Message Info',
	checkOptOut: 'Check Opt-Out',
};

const CHOICES: Record<string, { field: string; values: string[] }> = {
	unknownRecipient: { field: "'If No Single Lead Matches'", values: ['sendWithoutLead', 'error'] },
};

type Context = Pick<IExecuteSingleFunctions, 'getNode' | 'getItemIndex' | 'getNodeParameter'>;

/**
 * Reads a flag that an expression may have given.
 *
 * @param label of the field, for an error
 * @throws {NodeOperationError} when it is neither true nor false
 */
export function requireFlag(context: Context, value: unknown, label: string): boolean {
	const flag = parseFlag(value);
	if (flag !== undefined) return flag;
	throw validationError(
		context,
		`'${label}' is neither true nor false`,
		'Give true or false. In doubt nothing is sent.',
	);
}

function requireNumber(context: Context, value: unknown, { label, unit, ...bounds }: Bounds) {
	const number = parseNumber(value, bounds);
	if (number !== undefined) return number;
	throw validationError(
		context,
		isBlank(value) ? `'${label}' is empty` : `'${label}' is not a number of ${unit}`,
		`Give ${bounds.min} to ${bounds.max} ${unit}, or remove the option.`,
	);
}

/**
 * Reads 'Options' of one item. An option that was set and cannot be read is an error: in doubt nobody is texted.
 *
 * @throws {NodeOperationError}
 */
export function readOptions(context: Context): NodeOptions {
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
	const options = { ...DEFAULT_OPTIONS } as unknown as Record<string, unknown>;
	for (const [name, value] of Object.entries(given)) {
		if (name in FLAGS) options[name] = requireFlag(context, value, FLAGS[name]);
		if (name in CHOICES) {
			const { field, values } = CHOICES[name];
			options[name] = requireChoice(context, field, value, values);
		}
		if (name in NUMBERS) options[name] = requireNumber(context, value, NUMBERS[name]);
		if (name === 'sendingHours') options[name] = readSendingHours(context, value);
	}
	return options as unknown as NodeOptions;
}
