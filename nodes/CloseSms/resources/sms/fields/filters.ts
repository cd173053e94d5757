import type { IDataObject, IExecuteSingleFunctions, INodeProperties } from 'n8n-workflow';
import { type PreSendValidator } from '../../../validation/preSend';
import type { SmsActivity } from '../../../../shared/closeTypes';
import { validationError } from '../../../validation/validationError';
import { smsFields, textContainsField } from './fields';
import {
	containsText,
	E164,
	E164_EXAMPLE,
	getLocatorValue,
	isBlank,
	parseFlag,
} from '../../../../shared/fieldValues';
import { toIsoTime } from '../../../validation/dates';

/** A field of an activity as a filter that Close applies: its value goes into the query under `property`. */
const queryFilter = (field: INodeProperties, property: string, description: string) => ({
	...field,
	description,
	routing: { send: { type: 'query' as const, property } },
});

const dateFilter = (displayName: string, name: string, property: string, description: string) =>
	queryFilter({ displayName, name, type: 'dateTime', default: '' }, property, description);

/** A filter that Close does not have: nothing is sent for it; it is applied to the response. */
const clientFilter = (field: INodeProperties, description: string): INodeProperties => ({
	...field,
	description,
	routing: undefined,
});

const TIME_ZONE_NOTE = 'A time without offset is read in the time zone of the workflow.';

/** The filters of 'Get Many'. */
export const listFilters: INodeProperties[] = [
	dateFilter(
		'Activity After',
		'activityAfter',
		'activity_at__gte',
		`Only texts that happened at this time or later. Close may require a lead with it. ${TIME_ZONE_NOTE}`,
	),
	dateFilter(
		'Activity Before',
		'activityBefore',
		'activity_at__lt',
		`Only texts that happened before this time. Close may require a lead with it. ${TIME_ZONE_NOTE}`,
	),
	queryFilter(smsFields.contactId, 'contact_id', 'Only texts of this contact'),
	dateFilter(
		'Created After',
		'createdAfter',
		'date_created__gte',
		`Only texts that were created in Close at this time or later. ${TIME_ZONE_NOTE}`,
	),
	dateFilter(
		'Created Before',
		'createdBefore',
		'date_created__lt',
		`Only texts that were created in Close before this time. ${TIME_ZONE_NOTE}`,
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
	queryFilter(smsFields.leadId, 'lead_id', 'Only texts of this lead'),
	clientFilter(smsFields.localPhone, 'Only texts from or to this number of yours'),
	clientFilter(
		smsFields.remotePhone,
		'Only texts to or from this number, in E.164 format. Without a lead, a contact or dates, every text is read for it; Get Conversation looks the number up instead.',
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
	textContainsField,
	queryFilter(
		smsFields.userId,
		'user_id',
		'Only texts that are attributed to this member of your team',
	),
];

interface SmsWithAttachments extends SmsActivity {
	attachments?: IDataObject[] | null;
}

/** A filter that Close does not have. */
interface ClientFilter {
	/** The field of the activity that it compares. */
	field: string;
	matches: (activity: SmsWithAttachments, value: unknown) => boolean;
	/** Whether a value, which an expression may have given, is one that the filter can have. */
	isValid?: (value: unknown) => boolean;
	/** For a person: which values are. */
	hint?: string;
}

const toList = (value: unknown) =>
	(Array.isArray(value) ? value : String(value).split(',')).map((one) => String(one).trim());

const STATUSES = ['draft', 'error', 'inbox', 'outbox', 'scheduled', 'sent'];
const DIRECTIONS = ['inbound', 'outbound'];

const phoneFilter = (field: 'local_phone' | 'remote_phone'): ClientFilter => ({
	field,
	matches: (activity, value) => activity[field] === value,
	isValid: (value) => typeof value === 'string' && E164.test(value),
	hint: E164_EXAMPLE,
});

const CLIENT_FILTERS: Record<string, ClientFilter> = {
	status: {
		field: 'status',
		matches: ({ status }, value) => toList(value).includes(status),
		isValid: (value) => toList(value).every((one) => STATUSES.includes(one)),
		hint: `Close knows ${STATUSES.join(', ')}.`,
	},
	direction: {
		field: 'direction',
		matches: ({ direction }, value) => direction === value,
		isValid: (value) => typeof value === 'string' && DIRECTIONS.includes(value),
		hint: `Close knows ${DIRECTIONS.join(' and ')}.`,
	},
	localPhone: phoneFilter('local_phone'),
	remotePhone: phoneFilter('remote_phone'),
	textContains: {
		field: 'text',
		matches: ({ text }, value) => containsText(text, value),
		isValid: (value) => typeof value === 'string' || typeof value === 'number',
		hint: 'It is a text, such as a word that must be in them.',
	},
	hasAttachments: {
		field: 'attachments',
		matches: ({ attachments }, value) => (attachments ?? []).length > 0 === parseFlag(value),
		isValid: (value) => parseFlag(value) !== undefined,
		hint: 'It is either true or false.',
	},
};

/** Close ignores what it does not know, such as a list that n8n spells `lead_id[]`, and would return all texts. */
const idFilter: Pick<ClientFilter, 'isValid' | 'hint'> = {
	isValid: (value) => typeof value === 'string',
	hint: 'It is one ID, or several in one text with commas.',
};

const QUERY_FILTERS: Record<string, typeof idFilter> = {
	contactId: idFilter,
	leadId: idFilter,
	userId: idFilter,
};

/** The filters that were added, by name. */
const getFilters = (context: IExecuteSingleFunctions): Array<[string, unknown]> =>
	Object.entries(context.getNodeParameter('filters', {}) as IDataObject).map(([name, value]) => [
		name,
		getLocatorValue(value),
	]);

/** Rejects empty filters instead of leaving them out: a later node may text or delete what they would let through. */
export const validateFilters: PreSendValidator = (context) => {
	for (const [name, value] of getFilters(context)) {
		const label = listFilters.find((filter) => filter.name === name)?.displayName ?? name;
		if (isBlank(value) || (Array.isArray(value) && value.length === 0)) {
			throw validationError(
				context,
				`'${label}' is empty`,
				'Without a value this would return more texts than meant. Give one, or remove the filter.',
			);
		}
		const { isValid, hint } = CLIENT_FILTERS[name] ?? QUERY_FILTERS[name] ?? {};
		if (isValid?.(value) === false)
			throw validationError(context, `'${label}' has an invalid value`, hint);
	}
};

/** Rewrites the dates in the query as ISO 8601 with an offset. */
export const formatFilterDates: PreSendValidator = (context, request) => {
	const qs = (request.qs ?? {}) as IDataObject;
	for (const { displayName, type, routing } of listFilters) {
		const property = String(routing?.send?.property);
		if (type === 'dateTime' && property in qs)
			qs[property] = toIsoTime(context, qs[property], displayName);
	}
};

/** The added filters that Close does not have: the fields they compare, and whether an activity passes all of them. */
export function getClientFilters(context: IExecuteSingleFunctions) {
	const added = getFilters(context).flatMap(([name, value]) =>
		name in CLIENT_FILTERS ? [{ ...CLIENT_FILTERS[name], value }] : [],
	);
	return {
		fields: added.map(({ field }) => field),
		matches: (activity: SmsActivity) =>
			added.every(({ matches: isMatch, value }) => isMatch(activity, value)),
	};
}
