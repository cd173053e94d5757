import {
	NodeOperationError,
	type IHookFunctions,
	type INodeProperties,
	type ITriggerFunctions,
	type IWebhookFunctions,
} from 'n8n-workflow';
import { isBlank, isRecord, parseFlag, parseNumber } from '../shared/fieldValues';
import { showValue } from '../shared/showValue';

/** The default, and the largest value, in minutes. Close tries for three days to deliver an event; of older ones it is not known whether they were processed. */
const MAX_AGE_MINUTES = 4 * 24 * 60;

/** Close keeps events for 30 days. */
const MAX_CATCH_UP_HOURS = 30 * 24;

export const triggerOptionsProperty: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add Option',
	default: {},
	options: [
		{
			displayName: 'Catch Up (Hours)',
			name: 'catchUp',
			type: 'number',
			default: 24,
			typeOptions: { minValue: 1, maxValue: MAX_CATCH_UP_HOURS },
			description:
				"How far back to look, when the workflow is published or n8n starts, for events that the workflow missed. It then starts for these too, once each. What is older than an hour needs an admin's key.",
		},
		{
			displayName: 'Ignore Opt-Out Words',
			name: 'ignoreOptOutWords',
			type: 'boolean',
			default: true,
			description:
				'Whether Received leaves out SMS that are only STOP, START or another word by which people opt out or in. Opted Out and Opted In are not affected.',
		},
		{
			displayName: 'Max Age (Minutes)',
			name: 'maxAge',
			type: 'number',
			default: MAX_AGE_MINUTES,
			typeOptions: { minValue: 1, maxValue: MAX_AGE_MINUTES },
			description:
				'How old the signature of a delivery may be. Close tries for three days to deliver an event that n8n did not accept, and may sign only the first attempt, so a low value can lose events.',
		},
	],
};

export const ignoreOwnChangesProperty: INodeProperties = {
	displayName: 'Ignore Own Changes',
	name: 'ignoreOwnChanges',
	type: 'boolean',
	default: true,
	description:
		'Whether to ignore what the API key or OAuth app of this credential did, so that a workflow cannot start itself. Failed always comes. A token entered by hand is not recognized.',
};

export const outputProperty: INodeProperties = {
	displayName: 'Output',
	name: 'output',
	type: 'options',
	default: 'simplified',
	options: [
		{
			name: 'Raw',
			value: 'raw',
			description: 'The event as Close sent it, with the whole SMS under "data"',
		},
		{
			name: 'Simplified',
			value: 'simplified',
			description:
				'The ten most useful fields of the SMS, why it failed if it did, and under "event" what happened, when and by whom',
		},
	],
	description: 'What the workflow gets for each event',
};

/**
 * Reads 'Max Age' out of 'Options'.
 *
 * @returns minutes; undefined when it was set and is not such a number
 */
export function parseMaxAge(options: unknown): number | undefined {
	if (typeof options !== 'object' || options === null || Array.isArray(options)) return undefined;
	return 'maxAge' in options
		? parseNumber(options.maxAge, { min: 1, max: MAX_AGE_MINUTES })
		: MAX_AGE_MINUTES;
}

/**
 * Reads 'Catch Up' out of 'Options'.
 *
 * @returns hours, 0 when it was not added; undefined when it was and is not such a number
 */
export function parseCatchUp(options: unknown): number | undefined {
	if (!isRecord(options) || !('catchUp' in options)) return 0;
	return parseNumber(options.catchUp, { min: 1, max: MAX_CATCH_UP_HOURS });
}

/** Reads 'Ignore Opt-Out Words' out of 'Options'; undefined when it was set and is neither true nor false. */
const parseKeywordFlag = (options: unknown): boolean | undefined =>
	parseFlag((options as { ignoreOptOutWords?: unknown } | null)?.ignoreOptOutWords);

type Context = IHookFunctions | ITriggerFunctions | IWebhookFunctions;

/** Minutes. What has become unreadable since the activation is the default: the protection is never off. */
export const getMaxAge = (context: IWebhookFunctions): number =>
	parseMaxAge(context.getNodeParameter('options', {})) ?? MAX_AGE_MINUTES;

/** Hours; 0 when the trigger does not catch up. */
export const getCatchUp = (context: Context): number =>
	parseCatchUp(context.getNodeParameter('options', {})) ?? 0;

/** What has become unreadable since the activation is true: nobody gets an answer to STOP. */
export const ignoresKeywords = (context: Context): boolean =>
	parseKeywordFlag(context.getNodeParameter('options', {})) ?? true;

/** What has become unreadable since the activation is true: the workflow does not start itself over and over. */
export const ignoresOwnChanges = (context: Context): boolean =>
	parseFlag(context.getNodeParameter('ignoreOwnChanges', true)) ?? true;

/**
 * Rejects settings that cannot be read.
 *
 * @throws {NodeOperationError}
 */
export function validateOptions(context: IHookFunctions): void {
	const fail = (what: string, description: string) => {
		throw new NodeOperationError(context.getNode(), what, { description });
	};
	const options = context.getNodeParameter('options', {}) as {
		maxAge?: unknown;
		catchUp?: unknown;
		ignoreOptOutWords?: unknown;
	};
	const ignoreOwnChanges: unknown = context.getNodeParameter('ignoreOwnChanges', true);
	if (parseMaxAge(options) === undefined)
		fail(
			isBlank(options.maxAge)
				? "'Max Age' is empty"
				: `'Max Age' is not a number of minutes that it can have: ${showValue(options.maxAge)}`,
			`Give 1 to ${MAX_AGE_MINUTES} minutes, or remove the option.`,
		);
	if (parseCatchUp(options) === undefined)
		fail(
			isBlank(options.catchUp)
				? "'Catch Up' is empty"
				: `'Catch Up' is not a number of hours that it can have: ${showValue(options.catchUp)}`,
			`Give 1 to ${MAX_CATCH_UP_HOURS} hours, or remove the option.`,
		);
	if (parseKeywordFlag(options) === undefined)
		fail(
			`'Ignore Opt-Out Words' is neither true nor false: ${showValue(options.ignoreOptOutWords)}`,
			'Give true or false.',
		);
	if (parseFlag(ignoreOwnChanges) === undefined)
		fail(
			`'Ignore Own Changes' is neither true nor false: ${showValue(ignoreOwnChanges)}`,
			'Give true or false.',
		);
}
