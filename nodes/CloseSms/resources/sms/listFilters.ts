import type {
	IDataObject,
	IExecuteSingleFunctions,
	INodeParameterResourceLocator,
	INodeProperties,
} from 'n8n-workflow';
import { E164, isBlank, timeOf, type Check } from '../../../shared/checks';
import type { SmsActivity } from '../../../shared/closeTypes';
import { problem } from '../../../shared/problems';
import { smsFields } from './fields';

/** A field of an activity as a filter: its value goes into the query under `property`. */
const inQuery = (field: INodeProperties, property: string, description: string) => ({
	...field,
	description,
	routing: { send: { type: 'query' as const, property } },
});

const date = (displayName: string, name: string, property: string, description: string) =>
	inQuery({ displayName, name, type: 'dateTime', default: '' }, property, description);

/** For filters that Close lacks: nothing is sent, they are applied to what it answers. */
const here = (field: INodeProperties, description: string): INodeProperties => ({
	...field,
	description,
	routing: undefined,
});

const ZONE = 'A time without offset is read in the time zone of the workflow.';

/** The filters of 'Get Many'. */
export const listFilters: INodeProperties[] = [
	date(
		'Activity After',
		'activityAfter',
		'activity_at__gte',
		`Only texts that happened at this time or later. Close may want a lead with it. ${ZONE}`,
	),
	date(
		'Activity Before',
		'activityBefore',
		'activity_at__lt',
		`Only texts that happened before this time. Close may want a lead with it. ${ZONE}`,
	),
	inQuery(smsFields.contactId, 'contact_id', 'Only texts of this contact'),
	date(
		'Created After',
		'createdAfter',
		'date_created__gte',
		`Only texts that were created in Close at this time or later. ${ZONE}`,
	),
	date(
		'Created Before',
		'createdBefore',
		'date_created__lt',
		`Only texts that were created in Close before this time. ${ZONE}`,
	),
	{
		displayName: 'Direction',
		name: 'direction',
		type: 'options',
		default: 'inbound',
		description: 'Only texts that were received, or only those of your own',
		options: [
			{ name: 'Inbound', value: 'inbound' },
			{ name: 'Outbound', value: 'outbound' },
		],
	},
	{
		displayName: 'Has Attachments',
		name: 'hasAttachments',
		type: 'boolean',
		default: true,
		description: 'Whether to return only texts with attachments, or only those without',
	},
	inQuery(smsFields.leadId, 'lead_id', 'Only texts of this lead'),
	here(smsFields.localPhone, 'Only texts from or to this number of yours'),
	here(
		smsFields.remotePhone,
		'Only texts to or from this number. In E.164 format: a plus sign, the country code and the number.',
	),
	{
		displayName: 'Status',
		name: 'status',
		type: 'multiOptions',
		default: ['draft'],
		description: 'Only texts in one of these states',
		options: [
			{ name: 'Draft', value: 'draft' },
			{ name: 'Failed (Error)', value: 'error' },
			{ name: 'Outbox (About to Go Out)', value: 'outbox' },
			{ name: 'Received (Inbox)', value: 'inbox' },
			{ name: 'Scheduled', value: 'scheduled' },
			{ name: 'Sent', value: 'sent' },
		],
	},
	{
		displayName: 'Text Contains',
		name: 'textContains',
		type: 'string',
		default: '',
		placeholder: 'e.g. appointment',
		description: 'Only texts with these characters in them; capital and small letters are the same',
	},
	inQuery(
		smsFields.userId,
		'user_id',
		'Only texts that are attributed to this member of your team',
	),
];

interface Activity extends SmsActivity {
	attachments?: IDataObject[] | null;
}

/** A filter that Close lacks. */
interface Local {
	/** The field of the activity that it looks at. */
	field: string;
	fits: (activity: Activity, value: unknown) => boolean;
	/** Whether a value, which an expression may have given, makes sense; else what would. */
	accepts?: (value: unknown) => boolean;
	instead?: string;
}

const listed = (value: unknown) =>
	(Array.isArray(value) ? value : String(value).split(',')).map((one) => String(one).trim());

const STATUSES = ['draft', 'error', 'inbox', 'outbox', 'scheduled', 'sent'];
const DIRECTIONS = ['inbound', 'outbound'];

const phone = (field: 'local_phone' | 'remote_phone'): Local => ({
	field,
	fits: (activity, value) => activity[field] === value,
	accepts: (value) => E164.test(String(value)),
	instead: 'It should look like +14155550123: a plus sign, the country code and the number.',
});

const LOCAL: Record<string, Local> = {
	status: {
		field: 'status',
		fits: ({ status }, value) => listed(value).includes(status),
		accepts: (value) => listed(value).every((one) => STATUSES.includes(one)),
		instead: `Close knows ${STATUSES.join(', ')}.`,
	},
	direction: {
		field: 'direction',
		fits: ({ direction }, value) => direction === value,
		accepts: (value) => DIRECTIONS.includes(String(value)),
		instead: `Close knows ${DIRECTIONS.join(' and ')}.`,
	},
	localPhone: phone('local_phone'),
	remotePhone: phone('remote_phone'),
	textContains: {
		field: 'text',
		fits: ({ text }, value) => (text ?? '').toLowerCase().includes(String(value).toLowerCase()),
	},
	hasAttachments: {
		field: 'attachments',
		fits: ({ attachments }, value) => (attachments ?? []).length > 0 === value,
		accepts: (value) => typeof value === 'boolean',
		instead: 'It is either true or false.',
	},
};

const plain = (value: unknown) =>
	typeof value === 'object' && value !== null && '__rl' in value
		? (value as INodeParameterResourceLocator).value
		: value;

/** The filters that were added, by name. */
const filtersOf = (context: IExecuteSingleFunctions): Array<[string, unknown]> =>
	Object.entries(context.getNodeParameter('filters', {}) as IDataObject).map(([name, value]) => [
		name,
		plain(value),
	]);

/** What an empty filter would let through may be texted or deleted by a later node, so it must not be left out. */
export const filtersHaveValues: Check = (context) => {
	for (const [name, value] of filtersOf(context)) {
		const label = listFilters.find((filter) => filter.name === name)?.displayName ?? name;
		if (isBlank(value) || (Array.isArray(value) && value.length === 0)) {
			throw problem(
				context,
				`'${label}' is empty`,
				'Without a value this would return more texts than meant. Give one, or remove the filter.',
			);
		}
		const { accepts, instead } = LOCAL[name] ?? {};
		if (accepts?.(value) === false)
			throw problem(context, `'${label}' has a value that it cannot have`, instead);
	}
};

/** Gives the dates in the query an offset. */
export const filterDates: Check = (context, request) => {
	const qs = (request.qs ?? {}) as IDataObject;
	for (const { displayName, type, routing } of listFilters) {
		const property = String(routing?.send?.property);
		if (type === 'dateTime' && property in qs)
			qs[property] = timeOf(context, qs[property], displayName);
	}
};

/** The added filters that Close lacks: the fields they look at, and whether an activity passes all of them. */
export function localFilters(context: IExecuteSingleFunctions) {
	const added = filtersOf(context).flatMap(([name, value]) =>
		name in LOCAL ? [{ ...LOCAL[name], value }] : [],
	);
	return {
		fields: added.map(({ field }) => field),
		fits: (activity: SmsActivity) => added.every(({ fits, value }) => fits(activity, value)),
	};
}
