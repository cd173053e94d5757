import {
	NodeOperationError,
	type IHookFunctions,
	type INodeProperties,
	type IWebhookFunctions,
} from 'n8n-workflow';
import { smsFields, textContainsField } from '../CloseSms/resources/sms/fields/fields';
import { E164, E164_EXAMPLE, E164_HINT, getLocatorValue, isBlank } from '../shared/fieldValues';
import { eventOptions, type EventSelection } from './events';
import { isWholeExpression, withWholeExpression } from '../shared/wholeExpression';

/** A field of the SMS as a filter. */
const toFilter = (field: INodeProperties, description: string): INodeProperties => ({
	...field,
	description,
	routing: undefined,
});

const filterProperties = [
	toFilter(smsFields.contactId, 'Only texts of this contact'),
	toFilter(smsFields.leadId, 'Only texts of this lead'),
	toFilter(smsFields.localPhone, 'Only texts from or to this number of yours'),
	toFilter(smsFields.remotePhone, `Only texts to or from this number. ${E164_HINT}.`),
	textContainsField,
	toFilter(smsFields.userId, 'Only texts that are attributed to this member of your team'),
];

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
		options: filterProperties,
	}),
];

const CLOSE_FIELDS: Record<string, string> = {
	contactId: 'contact_id',
	leadId: 'lead_id',
	localPhone: 'local_phone',
	remotePhone: 'remote_phone',
	userId: 'user_id',
};

const eventNames = eventOptions.map(({ value }) => value);

/** Names that were chosen, or that an expression gives as a list or as one text with commas. */
function parseEvents(value: unknown): string[] | undefined {
	if (isBlank(value)) return [];
	if (typeof value === 'string') return value.split(',').map((name) => name.trim());
	return Array.isArray(value) ? value.map(String) : undefined;
}

/** The value of a filter as text; undefined for what has no text. */
function parseFilter(filter: unknown): string | undefined {
	const value = getLocatorValue(filter) ?? '';
	return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : undefined;
}

const asObject = (value: unknown): object | undefined =>
	typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;

/** What 'Events' and 'Filters' select. If they cannot be read, that is nothing. */
export function parseEventSelection(events: unknown, filters: unknown): EventSelection {
	const names = parseEvents(events) ?? [];
	const fields: EventSelection['fields'] = {};
	let textContains: string | undefined;
	let isReadable = asObject(filters) !== undefined;
	for (const [name, filter] of Object.entries(asObject(filters) ?? {})) {
		const value = parseFilter(filter);
		if (name === 'textContains' && value) textContains = value;
		else if (name in CLOSE_FIELDS && value !== undefined) fields[CLOSE_FIELDS[name]] = value;
		else isReadable = false;
	}
	const selected = isReadable ? eventNames.filter((name) => names.includes(name)) : [];
	return { events: selected, fields, ...(textContains && { textContains }) };
}

/** What is wrong with a setting, and what to do about it. */
interface Problem {
	what: string;
	next: string;
}

function findFilterProblem(
	{ name, displayName }: INodeProperties,
	filter: unknown,
): Problem | undefined {
	const value = parseFilter(filter);
	if (value === undefined)
		return { what: `'${displayName}' cannot be read`, next: 'Give it as text.' };
	if (value === '')
		return { what: `'${displayName}' is empty`, next: 'Give it a value, or remove the filter.' };
	if (name.endsWith('Phone') && !E164.test(value))
		return {
			what: `'${displayName}' is not a phone number in E.164 format`,
			next: E164_EXAMPLE,
		};
	return undefined;
}

/** Finds filters that could never match, empty ones, which would match everything, and unknown events. */
export function findSelectionProblem(events: unknown, filters: unknown): Problem | undefined {
	const choices = `Choose from ${eventNames.join(', ')}.`;
	const names = parseEvents(events);
	if (!names) return { what: "'Events' cannot be read", next: choices };
	if (names.length === 0)
		return { what: "'Events' is empty", next: 'Choose what is to start the workflow.' };
	const unknown = names.find((name) => !eventNames.some((known) => known === name));
	if (unknown !== undefined) return { what: `'Events' has no event "${unknown}"`, next: choices };
	const values = asObject(filters);
	if (!values) return { what: "'Filters' cannot be read", next: 'Add each filter by itself.' };
	for (const [name, value] of Object.entries(values)) {
		const property = filterProperties.find((filter) => filter.name === name);
		if (!property)
			return { what: `'Filters' has no filter "${name}"`, next: 'Remove it, and add another.' };
		const problem = findFilterProblem(property, value);
		if (problem) return problem;
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
