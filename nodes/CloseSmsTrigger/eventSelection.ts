import {
	NodeOperationError,
	type IDataObject,
	type IHookFunctions,
	type INodeProperties,
	type IWebhookFunctions,
} from 'n8n-workflow';
import { smsFields } from '../CloseSms/resources/sms/helpers/fields';
import { E164, E164_EXAMPLE, E164_HINT, getLocatorValue, isBlank } from '../shared/fieldValues';
import { eventOptions, type EventName, type EventSelection } from './events';

/** A field of the SMS as a filter. */
const filter = (field: INodeProperties, description: string): INodeProperties => ({
	...field,
	description,
	routing: undefined,
});

const filters = [
	filter(smsFields.leadId, 'Only texts of this lead'),
	filter(smsFields.localPhone, 'Only texts from or to this number of yours'),
	filter(smsFields.remotePhone, `Only texts to or from this number. ${E164_HINT}.`),
	filter(smsFields.userId, 'Only texts that are attributed to this member of your team'),
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
	{
		displayName: 'Filters',
		name: 'filters',
		type: 'collection',
		placeholder: 'Add Filter',
		default: {},
		options: filters,
	},
];

const CLOSE_FIELDS: Record<string, string> = {
	leadId: 'lead_id',
	localPhone: 'local_phone',
	remotePhone: 'remote_phone',
	userId: 'user_id',
};

/** Reads what the user chose. */
export function getEventSelection(context: IHookFunctions | IWebhookFunctions): EventSelection {
	const added = Object.entries(context.getNodeParameter('filters', {}) as IDataObject);
	return {
		events: context.getNodeParameter('events', []) as EventName[],
		fields: Object.fromEntries(
			added.map(([name, value]) => [
				CLOSE_FIELDS[name],
				String(getLocatorValue(value) ?? '').trim(),
			]),
		),
	};
}

/**
 * Rejects filters that could never match, and empty ones, which would match everything.
 *
 * @throws {NodeOperationError}
 */
export function validateEventSelection(
	context: IHookFunctions,
	{ events, fields }: EventSelection,
): void {
	const fail = (what: string, description: string) => {
		throw new NodeOperationError(context.getNode(), what, { description });
	};
	const known = eventOptions.map(({ value }) => value);
	if (events.length === 0) fail("'Events' is empty", 'Choose what is to start the workflow.');
	const unknown = events.find((event) => !known.includes(event));
	if (unknown) fail(`'Events' has no event "${unknown}"`, `Choose from ${known.join(', ')}.`);
	for (const { name, displayName } of filters) {
		const value = fields[CLOSE_FIELDS[name]];
		if (value === undefined) continue;
		if (isBlank(value)) fail(`'${displayName}' is empty`, 'Give it a value, or remove the filter.');
		if (name.endsWith('Phone') && !E164.test(value)) {
			fail(`'${displayName}' is not a phone number in E.164 format`, E164_EXAMPLE);
		}
	}
}
