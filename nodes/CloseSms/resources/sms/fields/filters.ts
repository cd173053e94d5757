import type { IDataObject, IExecuteSingleFunctions, INodeProperties } from 'n8n-workflow';
import type { SmsActivity } from '../../../../shared/closeTypes';
import {
	containsText,
	getLocatorValue,
	isBlank,
	parseFlag,
	parseList,
} from '../../../../shared/fieldValues';
import { isSamePhoneNumber, type Problem } from '../../../../shared/phoneNumber';
import { withZoneNote } from '../../../../shared/time';
import { toIsoTime } from '../../../validation/dates';
import { toPhoneReadingOptions, type NodeOptions } from '../../../validation/nodeOptions';
import type { PreSendValidator } from '../../../validation/preSend';
import { validationError } from '../../../validation/validationError';
import { commonFilters, invalidValue, type Filter } from './commonFilters';

/** A filter of 'Get Many': Close applies it, as a parameter of its list, or it is applied to what Close lists. */
type ListFilter = Filter &
	(
		| { parameter: string; matches?: undefined }
		| { parameter?: undefined; matches: (activity: SmsActivity, value: unknown) => boolean }
	);

const dateFilter = (
	displayName: string,
	name: string,
	parameter: string,
	words: string,
): ListFilter => ({
	field: {
		displayName,
		name,
		type: 'dateTime',
		default: '',
		description: withZoneNote(`Only SMS that ${words}.`),
	},
	compares: parameter.startsWith('activity_at') ? 'activity_at' : 'date_created',
	parameter,
	// `formatFilterDates` reads it: that needs the zone of the workflow.
	read: (value) => ({ value }),
});

const phoneFilter = (
	filter: typeof commonFilters.localPhone,
	field: 'local_phone' | 'remote_phone',
): ListFilter => ({
	...filter,
	matches: (activity, value) => isSamePhoneNumber(activity[field], value),
});

/**
 * A filter by one ID, or by several in one text with commas. Close ignores what it does not know, such as a list that n8n
 * spells `lead_id[]`, and would return all texts.
 */
const idFilter = (
	filter: Pick<typeof commonFilters.leadId, 'field' | 'compares' | 'read'>,
	parameter: string,
): ListFilter => ({
	...filter,
	parameter,
	read: (value, phones) => {
		if (typeof value !== 'string')
			return invalidValue(value, 'It is one ID, or several with commas between them.');
		const readings = parseList(value).map((one) => filter.read(one, phones));
		return (
			readings.find((reading) => 'problem' in reading) ?? {
				value: readings.flatMap((reading) => ('value' in reading ? reading.value : [])).join(','),
			}
		);
	},
});

const DIRECTIONS = [
	{ name: 'Inbound', value: 'inbound' },
	{ name: 'Outbound', value: 'outbound' },
];
const STATUSES = [
	{ name: 'Draft', value: 'draft' },
	{ name: 'Failed (Error)', value: 'error' },
	{ name: 'Outbox (About to Go Out)', value: 'outbox' },
	{ name: 'Received (Inbox)', value: 'inbox' },
	{ name: 'Scheduled', value: 'scheduled' },
	{ name: 'Sent', value: 'sent' },
];

const valuesOf = (options: Array<{ value: string }>) => options.map(({ value }) => value);

const FILTERS: ListFilter[] = [
	dateFilter(
		'Activity After',
		'activityAfter',
		'activity_at__gte',
		'happened at this time or later. Close may require a lead with it',
	),
	dateFilter(
		'Activity Before',
		'activityBefore',
		'activity_at__lt',
		'happened before this time. Close may require a lead with it',
	),
	idFilter(commonFilters.contactId, 'contact_id'),
	dateFilter(
		'Created After',
		'createdAfter',
		'date_created__gte',
		'were created in Close at this time or later',
	),
	dateFilter(
		'Created Before',
		'createdBefore',
		'date_created__lt',
		'were created in Close before this time',
	),
	{
		field: {
			displayName: 'Direction',
			name: 'direction',
			type: 'options',
			default: 'inbound',
			description: 'Only SMS that came in, or only those from you',
			options: DIRECTIONS,
		},
		compares: 'direction',
		read: (value) =>
			valuesOf(DIRECTIONS).some((one) => one === value)
				? { value }
				: invalidValue(value, `Close knows ${valuesOf(DIRECTIONS).join(' and ')}.`),
		matches: ({ direction }, value) => direction === value,
	},
	{
		field: {
			displayName: 'Has Attachments',
			name: 'hasAttachments',
			type: 'boolean',
			default: true,
			description: 'Whether to return only SMS with attachments, or only those without',
		},
		compares: 'attachments',
		read: (value) => {
			const flag = parseFlag(value);
			return flag === undefined
				? invalidValue(value, 'It is either true or false.')
				: { value: flag };
		},
		matches: ({ attachments }, value) => (attachments ?? []).length > 0 === value,
	},
	idFilter(commonFilters.leadId, 'lead_id'),
	phoneFilter(commonFilters.localPhone, 'local_phone'),
	{
		...commonFilters.textContains,
		matches: ({ text }, value) => containsText(text, value),
	},
	phoneFilter(
		{
			...commonFilters.remotePhone,
			field: {
				...commonFilters.remotePhone.field,
				description:
					'Only SMS to or from this number. Without a lead, a contact or dates, every SMS is read for it; Get Conversation looks the number up instead.',
			},
		},
		'remote_phone',
	),
	{
		field: {
			displayName: 'Status',
			name: 'status',
			type: 'multiOptions',
			default: ['draft'],
			description: 'Only SMS in one of these states',
			options: STATUSES,
		},
		compares: 'status',
		read: (value) => {
			const statuses = parseList(value);
			return statuses.every((one) => valuesOf(STATUSES).includes(one))
				? { value: statuses }
				: invalidValue(value, `Close knows ${valuesOf(STATUSES).join(', ')}.`);
		},
		matches: ({ status }, value) => parseList(value).includes(status),
	},
	idFilter(commonFilters.userId, 'user_id'),
];

/** The fields of the filters of 'Get Many'. */
export const listFilters: INodeProperties[] = FILTERS.map(({ field, parameter }) => ({
	...field,
	...(parameter && { routing: { send: { type: 'query', property: parameter } } }),
}));

/** The filters that were added, with their values as they were given; one of a later version is not known. */
const getFilters = (
	context: Pick<IExecuteSingleFunctions, 'getNodeParameter'>,
): Array<{ name: string; filter?: ListFilter; given: unknown }> =>
	Object.entries(context.getNodeParameter('filters', {}) as IDataObject).map(([name, given]) => ({
		name,
		filter: FILTERS.find(({ field }) => field.name === name),
		given: getLocatorValue(given),
	}));

/** Rejects empty filters instead of leaving them out: a later node may text or delete what they would let through. */
export const validateFilters: PreSendValidator = (context, request, options) => {
	const qs = (request.qs ?? {}) as IDataObject;
	const toError = (label: string, { problem, next }: Problem) =>
		validationError(context, `'${label}' ${problem}`, next);
	for (const { name, filter, given } of getFilters(context)) {
		if (!filter)
			throw toError('Filters', {
				problem: `has no filter "${name}"`,
				next: 'Remove it, and add another.',
			});
		const { displayName } = filter.field;
		if (isBlank(given) || (Array.isArray(given) && given.length === 0))
			throw toError(displayName, {
				problem: 'is empty',
				next: 'Without a value this would return more SMS than meant. Give one, or remove the filter.',
			});
		const reading = filter.read(given, toPhoneReadingOptions(options));
		if ('problem' in reading) throw toError(displayName, reading);
		if (filter.parameter && filter.parameter in qs)
			qs[filter.parameter] = reading.value as IDataObject[string];
	}
};

/** Rewrites the dates in the query as ISO 8601 with an offset. */
export const formatFilterDates: PreSendValidator = (context, request) => {
	const qs = (request.qs ?? {}) as IDataObject;
	for (const { field, parameter } of FILTERS)
		if (field.type === 'dateTime' && parameter && parameter in qs)
			qs[parameter] = toIsoTime(context, qs[parameter], field.displayName);
};

/** The added filters that Close does not have: the fields they compare, and whether an activity passes all of them. */
export function getClientFilters(
	context: Pick<IExecuteSingleFunctions, 'getNodeParameter'>,
	options: NodeOptions,
) {
	const phones = toPhoneReadingOptions(options);
	const added = getFilters(context).flatMap(({ filter, given }) => {
		const reading = filter?.read(given, phones);
		const { compares, matches } = filter ?? {};
		return compares && matches && reading && 'value' in reading
			? [{ compares, isMatch: (one: SmsActivity) => matches(one, reading.value) }]
			: [];
	});
	return {
		fields: added.map(({ compares }) => compares),
		matches: (activity: SmsActivity) => added.every(({ isMatch }) => isMatch(activity)),
	};
}
