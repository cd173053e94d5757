import {
	updateDisplayOptions,
	type IDataObject,
	type IExecutePaginationFunctions,
	type IExecuteSingleFunctions,
	type INodeExecutionData,
	type INodeProperties,
} from 'n8n-workflow';
import { MAX_PAGE_SIZE, type SmsActivity } from '../../../shared/closeTypes';
import { phoneQuery, searchBody, type Contact } from '../../../shared/contactSearch';
import { isBlank } from '../../../shared/fieldValues';
import { parseTime } from '../../../shared/time';
import { outputProperties, parseSelectedFields } from '../../output/outputProperties';
import type { OperationHandler, RoutingRequest, Send } from '../../transport/operationHandler';
import { toIsoTime } from '../../validation/dates';
import { preSend, type PreSendValidator } from '../../validation/preSend';
import { validationError } from '../../validation/validationError';
import { requireLimit } from '../limit';
import {
	CONVERSATION_FIELDS,
	getTime,
	inOrder,
	isSaid,
	parsePerson,
	toMessage,
	type Person,
} from './helpers/conversation';
import { isNewestFirst, paginateSms } from './helpers/paginateSms';

type Context = IExecuteSingleFunctions | IExecutePaginationFunctions;

/** What each mode of 'Person' takes, for a person who reads an error. */
const EXAMPLES: Record<string, string> = {
	list: 'Choose somebody from the list.',
	contact:
		'Give the ID of a contact, such as cont_…, or the address of a page of Close that has it.',
	lead: 'Give the ID of a lead, such as lead_…, or the address of its page in Close.',
	number:
		'It should look like +14155550123: a plus sign, the country code and the number, without spaces, dashes or brackets.',
	sms: 'Give the ID of an SMS, such as acti_…, or its address in Close.',
};

const KINDS: Record<string, string> = {
	list: 'somebody from the list',
	contact: 'a contact',
	lead: 'a lead',
	number: 'a phone number in E.164 format',
	sms: 'an SMS',
};

/** @throws {NodeOperationError} when 'Person' cannot be read */
function getPerson(context: Context): Person {
	const locator: unknown = context.getNodeParameter('person', {});
	const { mode, value } = (locator ?? {}) as { mode?: unknown; value?: unknown };
	const person = parsePerson(mode, value);
	if (person) return person;
	const name = String(mode);
	throw validationError(
		context,
		isBlank(value) ? "'Person' is empty" : `'Person' is not ${KINDS[name] ?? 'a choice it offers'}`,
		EXAMPLES[name] ?? 'Choose a contact, a lead, a number or an SMS.',
	);
}

/** The time of 'Since' in milliseconds since 1970; -Infinity when it is not set. */
function getSince(context: Context): number {
	const since: unknown = context.getNodeParameter('since', '');
	if (isBlank(since)) return -Infinity;
	return parseTime(since, context.getTimezone())?.toMillis() ?? -Infinity;
}

const validateSince: PreSendValidator = (context) => {
	const since: unknown = context.getNodeParameter('since', '');
	if (!isBlank(since)) toIsoTime(context, since, 'Since');
};

const FORMATS = ['activities', 'messages'];

const validateFormat: PreSendValidator = (context) => {
	const format: unknown = context.getNodeParameter('format', 'activities');
	if (FORMATS.includes(String(format))) return;
	throw validationError(
		context,
		"'Format' has a value that it cannot have",
		`It is one of ${FORMATS.join(', ')}.`,
	);
};

/** Asks Close only for the fields that are needed. */
const setResponseFields: PreSendValidator = (context, request) => {
	const isMessages = context.getNodeParameter('format', 'activities') === 'messages';
	if (!isMessages && context.getNodeParameter('output', 'raw') !== 'selected') return;
	const wanted = isMessages
		? ['id', 'text', 'attachments']
		: parseSelectedFields(context.getNodeParameter('fields', []));
	request.qs = {
		...request.qs,
		_fields: [...new Set([...wanted, ...CONVERSATION_FIELDS])].join(','),
	};
};

export const preSendGetConversation = preSend(
	(context) => void getPerson(context),
	(context) => void requireLimit(context),
	validateSince,
	validateFormat,
	setResponseFields,
);

/** Where Close has the texts of a person, and which of those are theirs. */
interface Source {
	query: IDataObject;
	isTheirs: (activity: SmsActivity) => boolean;
}

const everything = () => true;

const getRequest = (request: RoutingRequest, url: string, fields: string[]): RoutingRequest => ({
	...request,
	options: { ...request.options, method: 'GET', url, qs: { _fields: fields.join(',') } },
});

/** The texts with a contact; those that Close has with the lead only are theirs by the number. */
async function findContact(send: Send, request: RoutingRequest, id: string): Promise<Source> {
	const { body } = await send(getRequest(request, `/contact/${id}/`, ['id', 'lead_id', 'phones']), {
		body: { id, lead_id: '<the lead of the contact>' },
		note: 'The contact would be read first, for its lead.',
	});
	const { lead_id: lead, phones = [] } = body as unknown as Contact;
	const numbers = new Set(phones.map(({ phone }) => phone));
	return {
		query: lead ? { lead_id: lead } : { contact_id: id },
		isTheirs: ({ contact_id: contact, remote_phone: number }) =>
			contact ? contact === id : numbers.has(String(number)),
	};
}

/** The contacts that have a number. */
async function findContactsByNumber(
	send: Send,
	request: RoutingRequest,
	number: string,
): Promise<Contact[]> {
	const body = searchBody(
		'contact',
		phoneQuery([number], 'full_words'),
		['id', 'lead_id', 'phones'],
		MAX_PAGE_SIZE,
	);
	const search = {
		...request,
		options: { ...request.options, method: 'POST' as const, url: '/data/search/', qs: {}, body },
	};
	const { body: found } = await send(search, {
		body: { data: [{ lead_id: '<the lead with this number>', phones: [{ phone: number }] }] },
		note: 'The number would be looked up first.',
	});
	return ((found.data ?? []) as unknown as Contact[]).filter(({ phones = [] }) =>
		phones.some(({ phone }) => phone === number),
	);
}

/** The texts with a number, on every lead that has it: what is on no lead cannot be found but among all texts. */
async function findNumber(
	context: IExecutePaginationFunctions,
	send: Send,
	request: RoutingRequest,
	number: string,
): Promise<Source> {
	const contacts = await findContactsByNumber(send, request, number);
	const leads = [...new Set(contacts.flatMap(({ lead_id: lead }) => lead ?? []))];
	if (leads.length === 0)
		throw validationError(
			context,
			'No contact in Close has this number',
			"Its texts cannot be listed without reading those of all people. Add the number to a contact in Close, or choose a lead, a contact or an SMS under 'Person'.",
		);
	return {
		query: { lead_id: leads.join(',') },
		isTheirs: ({ remote_phone: theirs }) => theirs === number,
	};
}

/** The texts with the number of an SMS, on its lead. */
async function findSms(
	context: IExecutePaginationFunctions,
	send: Send,
	request: RoutingRequest,
	id: string,
): Promise<Source> {
	const { body } = await send(
		getRequest(request, `/activity/sms/${id}/`, ['id', 'contact_id', 'lead_id', 'remote_phone']),
		{
			body: { id, lead_id: '<the lead of the SMS>', remote_phone: '<its number>' },
			note: 'The SMS would be read first, for its lead and its number.',
		},
	);
	const { lead_id: lead, contact_id: contact, remote_phone: number } = body as SmsActivity;
	if (!number)
		throw validationError(
			context,
			"The SMS under 'Person' has no number, so it is nobody's",
			'Choose one that was sent or received.',
		);
	if (!lead && !contact) return await findNumber(context, send, request, number);
	return {
		query: lead ? { lead_id: lead } : { contact_id: contact },
		isTheirs: ({ remote_phone: theirs }) => theirs === number,
	};
}

async function findSource(
	context: IExecutePaginationFunctions,
	send: Send,
	request: RoutingRequest,
): Promise<Source> {
	const person = getPerson(context);
	switch (person.kind) {
		case 'number':
			return await findNumber(context, send, request, person.number);
		case 'contact':
			return await findContact(send, request, person.id);
		case 'sms':
			return await findSms(context, send, request, person.id);
		case 'lead':
			return { query: { lead_id: person.id }, isTheirs: everything };
	}
}

/** A text of the conversation, and the output item that the node's settings made of it. */
interface Said {
	activity: SmsActivity;
	item: INodeExecutionData;
}

/**
 * Reads back from the newest text, whole pages, until there are enough or they are too old. The order on a page is that
 * of creation, and a text that was scheduled is created long before it is said; on one page this makes no difference.
 */
async function readConversation(
	context: IExecutePaginationFunctions,
	send: Send,
	request: RoutingRequest,
): Promise<Said[]> {
	const [limit, since] = [requireLimit(context), getSince(context)];
	const { query, isTheirs } = await findSource(context, send, request);
	const pages = paginateSms(send, request, { ...request.options.qs, ...query }, Infinity, {
		body: {},
		note: 'If this page is not enough, earlier ones would follow, each from where the one before it ended.',
	});
	const found: Said[] = [];
	for await (const { activities, items } of pages) {
		activities.forEach((activity, index) => {
			if (isTheirs(activity) && isSaid(activity) && getTime(activity) >= since)
				found.push({ activity, item: items[index] });
		});
		const oldest = activities[activities.length - 1];
		const isEnough = found.length >= limit || (oldest && Date.parse(oldest.date_created) < since);
		if (isEnough && isNewestFirst(activities)) break;
	}
	return inOrder(found).slice(-limit);
}

/**
 * @throws {NodeApiError} @throws {NodeOperationError} in Close's words; when nobody has the number
 */
export const handleGetConversation: OperationHandler = async function (send, request) {
	const said = await readConversation(this, send, request);
	if (this.getNodeParameter('format', 'activities') !== 'messages')
		return said.map(({ item }) => item);
	const messages = said.map(({ activity }) => toMessage(activity, this.getTimezone()));
	return [{ json: { messages } }];
};

const properties: INodeProperties[] = [
	{
		displayName: 'Person',
		name: 'person',
		type: 'resourceLocator',
		required: true,
		default: { mode: 'list', value: '' },
		description:
			'Whose texts to return. A lead gives the texts of all its contacts; a number those on every lead that has it; an SMS those with its number.',
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				typeOptions: { searchListMethod: 'getPeople', searchable: true },
			},
			{ displayName: 'Contact', name: 'contact', type: 'string', placeholder: 'e.g. cont_…' },
			{ displayName: 'Lead', name: 'lead', type: 'string', placeholder: 'e.g. lead_…' },
			{ displayName: 'Number', name: 'number', type: 'string', placeholder: 'e.g. +14155550123' },
			{ displayName: 'SMS', name: 'sms', type: 'string', placeholder: 'e.g. acti_…' },
		],
	},
	{
		displayName: 'Limit',
		name: 'limit',
		type: 'number',
		default: 50,
		typeOptions: { minValue: 1 },
		description: 'Max number of results to return',
	},
	{
		displayName: 'Since',
		name: 'since',
		type: 'dateTime',
		default: '',
		description:
			'Only texts of this time or later. A time without offset is read in the time zone of the workflow. Empty: from the beginning.',
	},
	{
		displayName: 'Format',
		name: 'format',
		type: 'options',
		default: 'activities',
		options: [
			{ name: 'Activities', value: 'activities', description: 'One item for each text' },
			{
				name: 'Messages',
				value: 'messages',
				description:
					'One item with "messages", for an AI model: each with "role" ("user" is the person), "text" and "time"',
			},
		],
		description: 'How to return the texts, the oldest first',
	},
	...updateDisplayOptions({ show: { format: ['activities'] } }, outputProperties),
];

export const smsGetConversationDescription = updateDisplayOptions(
	{ show: { resource: ['sms'], operation: ['getConversation'] } },
	properties,
);
