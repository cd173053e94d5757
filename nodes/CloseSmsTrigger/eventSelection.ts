import {
	NodeOperationError,
	type IHookFunctions,
	type INodeProperties,
	type ITriggerFunctions,
	type IWebhookFunctions,
} from 'n8n-workflow';
import {
	commonFilters,
	invalidValue,
	type Filter,
} from '../CloseSms/resources/sms/fields/commonFilters';
import { getLocatorValue, isBlank, isRecord, parseList } from '../shared/fieldValues';
import type { Problem } from '../shared/phoneNumber';
import { eventOptions, type EventSelection } from './events';
import { isWholeExpression, withWholeExpression } from '../shared/wholeExpression';

type EventFilter = Omit<Filter, 'compares'> & Partial<Pick<Filter, 'compares'>>;

const MAKERS = ['anyone', 'integration', 'person'] as const;

/** Not of the text, but of what happened to it. */
const madeBy: EventFilter = {
	field: {
		displayName: 'Made By',
		name: 'madeBy',
		type: 'options',
		default: 'anyone',
		options: [
			{ name: 'Anyone', value: 'anyone', description: 'Whoever or whatever made the change' },
			{
				name: 'An Integration',
				value: 'integration',
				description: 'Made with an API key or through an app, such as this n8n',
			},
			{
				name: 'A Person in Close',
				value: 'person',
				description: 'Made in Close itself, such as by a colleague who answers',
			},
		],
		description:
			'Who made the change; for an SMS that was sent or failed, who let it go out. SMS that come in, and what Close does by itself, are made by neither.',
	},
	read: (value) => {
		const known = MAKERS.find((one) => one === value);
		return known ? { value: known } : invalidValue(value, `It is one of ${MAKERS.join(', ')}.`);
	},
};

const filters = new Map<string, EventFilter>(Object.entries({ ...commonFilters, madeBy }));

/** In the order of their labels. */
const filterFields = [...filters.values()]
	.map(({ field }) => field)
	.sort((one, other) => (one.displayName < other.displayName ? -1 : 1));

/** The parameters by which a user chooses what starts the workflow. */
export const eventSelectionProperties: INodeProperties[] = [
	{
		displayName: 'Events',
		name: 'events',
		type: 'multiOptions',
		required: true,
		default: ['received'],
		options: eventOptions,
		description:
			'What starts the workflow. All events share one webhook subscription of Close, of which an organization can have 40.',
	},
	...withWholeExpression({
		displayName: 'Filters',
		name: 'filters',
		type: 'collection',
		placeholder: 'Add Filter',
		default: {},
		options: filterFields,
	}),
];

const eventNames = eventOptions.map(({ value }) => value);

/** Names that were chosen, or that an expression gives as a list or as one text with commas. */
const parseEvents = (value: unknown): string[] | undefined =>
	isBlank(value) || typeof value === 'string' || Array.isArray(value)
		? parseList(value)
		: undefined;

/** Reads the value of a filter: as text, a phone number as Close has it. */
function readFilter({ read }: EventFilter, given: unknown): { value: string } | Problem {
	const value = getLocatorValue(given) ?? '';
	if (typeof value !== 'string' && typeof value !== 'number')
		return { problem: 'cannot be read', next: 'Give one value.' };
	const text = String(value).trim();
	if (text === '') return { problem: 'is empty', next: 'Give it a value, or remove the filter.' };
	const reading = read(text, {});
	return 'value' in reading ? { value: String(reading.value) } : reading;
}

/** What 'Events' and 'Filters' select. If they cannot be read, that is nothing. */
export function parseEventSelection(events: unknown, given: unknown): EventSelection {
	const names = parseEvents(events) ?? [];
	const fields: EventSelection['fields'] = {};
	const more: Pick<EventSelection, 'textContains' | 'madeBy'> = {};
	let isReadable = isRecord(given);
	for (const [name, value] of Object.entries(isRecord(given) ? given : {})) {
		const filter = filters.get(name);
		const reading = filter && readFilter(filter, value);
		if (!filter || !reading || 'problem' in reading) isReadable = false;
		else if (name === 'textContains') more.textContains = reading.value;
		else if (filter.compares) fields[filter.compares] = reading.value;
		else if (reading.value === 'person' || reading.value === 'integration')
			more.madeBy = reading.value;
	}
	const selected = isReadable ? eventNames.filter((name) => names.includes(name)) : [];
	return { events: selected, fields, ...more };
}

/** Finds filters that could never match, empty ones, which would match everything, and unknown events. */
export function findSelectionProblem(
	events: unknown,
	given: unknown,
): { what: string; next: string } | undefined {
	const choices = `Choose from ${eventNames.join(', ')}.`;
	const names = parseEvents(events);
	if (!names) return { what: "'Events' cannot be read", next: choices };
	if (names.length === 0)
		return { what: "'Events' is empty", next: 'Choose what is to start the workflow.' };
	const unknown = names.find((name) => !eventNames.some((known) => known === name));
	if (unknown !== undefined) return { what: `'Events' has no event "${unknown}"`, next: choices };
	if (!isRecord(given))
		return { what: "'Filters' cannot be read", next: 'Add each filter by itself.' };
	for (const [name, value] of Object.entries(given)) {
		const filter = filters.get(name);
		if (!filter)
			return { what: `'Filters' has no filter "${name}"`, next: 'Remove it, and add another.' };
		const reading = readFilter(filter, value);
		if ('problem' in reading)
			return { what: `'${filter.field.displayName}' ${reading.problem}`, next: reading.next };
	}
	return undefined;
}

/** Reads what the user chose. */
export const getEventSelection = (
	context: IHookFunctions | ITriggerFunctions | IWebhookFunctions,
): EventSelection =>
	parseEventSelection(
		context.getNodeParameter('events', []),
		context.getNodeParameter('filters', {}),
	);

/**
 * Rejects a selection by which the workflow would never start, or start for everything.
 *
 * @throws {NodeOperationError}
 */
export function validateEventSelection(context: IHookFunctions): void {
	// n8n drops such a collection, and the workflow would start for everything.
	const whole = ['filters', 'options'].find((name) => isWholeExpression(context.getNode(), name));
	const problem = whole
		? {
				what: `'${whole === 'filters' ? 'Filters' : 'Options'}' is one expression as a whole, which n8n cannot read`,
				next: 'Add each one by itself, and give each its own expression.',
			}
		: findSelectionProblem(
				context.getNodeParameter('events', []),
				context.getNodeParameter('filters', {}),
			);
	if (problem)
		throw new NodeOperationError(context.getNode(), problem.what, { description: problem.next });
}
