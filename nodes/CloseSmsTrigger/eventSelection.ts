import {
	NodeOperationError,
	type IHookFunctions,
	type INodeProperties,
	type IWebhookFunctions,
} from 'n8n-workflow';
import { commonFilters, type Filter } from '../CloseSms/resources/sms/fields/commonFilters';
import { getLocatorValue, isBlank, isRecord, parseList } from '../shared/fieldValues';
import type { Problem } from '../shared/phoneNumber';
import { eventOptions, type EventSelection } from './events';
import { isWholeExpression, withWholeExpression } from '../shared/wholeExpression';

const filterNames = Object.keys(commonFilters) as Array<keyof typeof commonFilters>;

const getFilter = (name: string): Filter | undefined => {
	const known = filterNames.find((one) => one === name);
	return known && commonFilters[known];
};

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
		options: filterNames.map((name) => commonFilters[name].field),
	}),
];

const eventNames = eventOptions.map(({ value }) => value);

/** Names that were chosen, or that an expression gives as a list or as one text with commas. */
const parseEvents = (value: unknown): string[] | undefined =>
	isBlank(value) || typeof value === 'string' || Array.isArray(value)
		? parseList(value)
		: undefined;

/** Reads the value of a filter: as text, a phone number as Close has it. */
function readFilter({ read }: Filter, given: unknown): { value: string } | Problem {
	const value = getLocatorValue(given) ?? '';
	if (typeof value !== 'string' && typeof value !== 'number')
		return { problem: 'cannot be read', next: 'Give it as text.' };
	const text = String(value).trim();
	if (text === '') return { problem: 'is empty', next: 'Give it a value, or remove the filter.' };
	const reading = read(text, {});
	return 'value' in reading ? { value: String(reading.value) } : reading;
}

/** What 'Events' and 'Filters' select. If they cannot be read, that is nothing. */
export function parseEventSelection(events: unknown, filters: unknown): EventSelection {
	const names = parseEvents(events) ?? [];
	const fields: EventSelection['fields'] = {};
	let textContains: string | undefined;
	let isReadable = isRecord(filters);
	for (const [name, given] of Object.entries(isRecord(filters) ? filters : {})) {
		const filter = getFilter(name);
		const reading = filter && readFilter(filter, given);
		if (!filter || !reading || 'problem' in reading) isReadable = false;
		else if (name === 'textContains') textContains = reading.value;
		else fields[filter.compares] = reading.value;
	}
	const selected = isReadable ? eventNames.filter((name) => names.includes(name)) : [];
	return { events: selected, fields, ...(textContains && { textContains }) };
}

/** Finds filters that could never match, empty ones, which would match everything, and unknown events. */
export function findSelectionProblem(
	events: unknown,
	filters: unknown,
): { what: string; next: string } | undefined {
	const choices = `Choose from ${eventNames.join(', ')}.`;
	const names = parseEvents(events);
	if (!names) return { what: "'Events' cannot be read", next: choices };
	if (names.length === 0)
		return { what: "'Events' is empty", next: 'Choose what is to start the workflow.' };
	const unknown = names.find((name) => !eventNames.some((known) => known === name));
	if (unknown !== undefined) return { what: `'Events' has no event "${unknown}"`, next: choices };
	if (!isRecord(filters))
		return { what: "'Filters' cannot be read", next: 'Add each filter by itself.' };
	for (const [name, value] of Object.entries(filters)) {
		const filter = getFilter(name);
		if (!filter)
			return { what: `'Filters' has no filter "${name}"`, next: 'Remove it, and add another.' };
		const reading = readFilter(filter, value);
		if ('problem' in reading)
			return { what: `'${filter.field.displayName}' ${reading.problem}`, next: reading.next };
	}
	return undefined;
}

/** Reads what the user chose. */
export const getEventSelection = (context: IHookFunctions | IWebhookFunctions): EventSelection =>
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
