import {
	updateDisplayOptions,
	type IDataObject,
	type IExecutePaginationFunctions,
	type IExecuteSingleFunctions,
	type INodeExecutionData,
	type INodeProperties,
} from 'n8n-workflow';
import type { SmsActivity } from '../../../shared/closeTypes';
import { getPhones, type Contact } from '../../../shared/contactSearch';
import { getTime, isExchanged } from '../../../shared/exchangedText';
import { isNewestFirst } from '../../../shared/isNewestFirst';
import { isBlank } from '../../../shared/fieldValues';
import { isSamePhoneNumber } from '../../../shared/phoneNumber';
import { showValue } from '../../../shared/showValue';
import { parseTime, withZoneNote } from '../../../shared/time';
import { outputProperties } from '../../output/outputProperties';
import type { HandlerContext, OperationHandler } from '../../transport/request/operationHandler';
import { sendInOrder } from '../../transport/run/sendInOrder';
import { toIsoTime } from '../../validation/dates';
import type { NodeOptions } from '../../validation/nodeOptions';
import { requirePhoneNumber } from '../../validation/phones';
import { preSend, type PreSendValidator } from '../../validation/preSend';
import { selectResponseFields } from '../../validation/responseFields';
import { requireChoice, validationError } from '../../validation/validationError';
import { limitProperty, requireLimit } from '../limit';
import type { Operation } from '../operation';
import { paginateSms } from './api/paginateSms';
import { withSettings } from './api/smsRequest';
import {
	CONVERSATION_FIELDS,
	sortByTime,
	parsePersonId,
	toMessage,
	type PersonById,
} from './conversation';
import { listMode, numberMode, textMode } from './fields/locatorModes';
import { ASSUMED_LEAD, findContactsByNumber, getContact } from './people/lookUp';

type Context = IExecuteSingleFunctions | IExecutePaginationFunctions;

/** Whose texts are wanted, by what the user chose under 'Person'. */
type Person = PersonById | { kind: 'number'; number: string };

/** What each mode of 'Person' takes, for a person who reads an error. */
const MODES: Record<string, { what: string; example: string }> = {
	list: { what: 'somebody from the list', example: 'Choose somebody from the list.' },
	contact: {
		what: 'a contact',
		example:
			'Give the ID of a contact, such as cont_…, or the address of a page of Close that has it.',
	},
	lead: {
		what: 'a lead',
		example: 'Give the ID of a lead, such as lead_…, or the address of its page in Close.',
	},
	sms: {
		what: 'an SMS',
		example: 'Give the ID of an SMS, such as acti_…, or its address in Close.',
	},
};

const ANY_MODE = {
	what: 'a choice it offers',
	example: 'Choose a contact, a lead, a number or an SMS.',
};

/** @throws {ItemFailure} when 'Person' cannot be read */
function getPerson(context: Context, options: NodeOptions): Person {
	const locator: unknown = context.getNodeParameter('person', {});
	const { mode, value } = (locator ?? {}) as { mode?: unknown; value?: unknown };
	if (mode === 'number')
		return { kind: 'number', number: requirePhoneNumber(context, value, 'Person', options) };
	const person = parsePersonId(mode, value);
	if (person) return person;
	const { what, example } = MODES[String(mode)] ?? ANY_MODE;
	throw validationError(
		context,
		isBlank(value) ? "'Person' is empty" : `'Person' is not ${what}: ${showValue(value)}`,
		example,
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
	requireChoice(context, "'Format'", String(format), FORMATS);
};

const selectFields = selectResponseFields(() => CONVERSATION_FIELDS);

/** Asks Close only for the fields that are needed. */
const setResponseFields: PreSendValidator = (context, request, options) => {
	if (context.getNodeParameter('format', 'activities') !== 'messages')
		return selectFields(context, request, options);
	const _fields = ['id', 'text', 'attachments', ...CONVERSATION_FIELDS].join(',');
	request.qs = { ...request.qs, _fields };
};

const preSendGetConversation = preSend(
	(context, _, options) => void getPerson(context, options),
	(context) => void requireLimit(context),
	validateSince,
	validateFormat,
	setResponseFields,
);

/** Where Close has the texts of a person, and which of those are theirs. */
interface Source {
	/** Lists that together hold their texts. */
	queries: IDataObject[];
	isTheirs: (activity: SmsActivity) => boolean;
}

/** IDs in one request: half a page, so that its address stays short. */
const MAX_IDS = 50;

/** The texts of these leads, in as many lists as it takes. */
const toLeadQueries = (leads: Iterable<string>): IDataObject[] => {
	const ids = [...new Set(leads)];
	return Array.from({ length: Math.ceil(ids.length / MAX_IDS) }, (_, batch) => ({
		lead_id: ids.slice(batch * MAX_IDS, (batch + 1) * MAX_IDS).join(','),
	}));
};

const getLeadIds = (contacts: Contact[]): string[] =>
	contacts.flatMap(({ lead_id: lead }) => lead ?? []);

/**
 * The texts with a contact and with its numbers, on its lead and on every other that has one of them: Close may file an
 * answer under another contact with the number. When Close does not search, only its own lead is read.
 */
async function findContact(context: HandlerContext, id: string): Promise<Source> {
	const contact = await getContact(context, id);
	const lead = context.item.options.dryRun ? ASSUMED_LEAD : contact.lead_id;
	const numbers = getPhones(contact).map(({ phone }) => phone);
	const others: Contact[] = [];
	for (const number of numbers) {
		const lookup = await findContactsByNumber(context, number);
		if ('contacts' in lookup) others.push(...lookup.contacts);
	}
	const leads = [...(lead ? [lead] : []), ...getLeadIds(others)];
	return {
		queries: lead ? toLeadQueries(leads) : [{ contact_id: id }, ...toLeadQueries(leads)],
		isTheirs: ({ contact_id: filedUnder, remote_phone: theirs }) =>
			filedUnder === id || numbers.some((number) => isSamePhoneNumber(number, theirs)),
	};
}

/**
 * The texts with a number, on every lead that has it: those on no lead could only be found by reading all texts.
 *
 * @throws {ItemFailure} when no lead has it, or it cannot be looked up
 */
async function findNumber(context: HandlerContext, number: string): Promise<Source> {
	const lookup = await findContactsByNumber(context, number);
	const fail = (what: string) =>
		validationError(
			context.n8n,
			what,
			"What was exchanged with it cannot be listed without reading every SMS of the organization. Add the number to a contact in Close, or choose a contact, a lead or an SMS under 'Person'.",
		);
	if ('rejection' in lookup) throw fail(`The number could not be looked up (${lookup.rejection})`);
	const leads = getLeadIds(lookup.contacts);
	if (leads.length === 0) throw fail('No contact in Close has this number');
	return {
		queries: toLeadQueries(leads),
		isTheirs: ({ remote_phone: theirs }) => isSamePhoneNumber(theirs, number),
	};
}

const PERSON_FIELDS = 'id,contact_id,lead_id,remote_phone';

/** The texts with the number of an SMS, on its lead. */
async function findSms(context: HandlerContext, id: string): Promise<Source> {
	const { body } = await context.send({
		...withSettings(context, { url: `/activity/sms/${id}/`, qs: { _fields: PERSON_FIELDS } }),
		assumed: {
			body: { id, lead_id: ASSUMED_LEAD, remote_phone: '{number}' },
			note: 'The SMS would be read first, for its lead and its number.',
		},
	});
	const { lead_id: lead, contact_id: contact, remote_phone: number } = body as SmsActivity;
	if (!number)
		throw validationError(
			context.n8n,
			"The SMS under 'Person' has no number, so it is nobody's",
			'Choose one that was sent or received.',
		);
	if (!lead && !contact) return await findNumber(context, number);
	return {
		queries: [lead ? { lead_id: lead } : { contact_id: contact }],
		isTheirs: ({ remote_phone: theirs }) => isSamePhoneNumber(theirs, number),
	};
}

async function findSource(context: HandlerContext): Promise<Source> {
	const person = getPerson(context.n8n, context.item.options);
	switch (person.kind) {
		case 'number':
			return await findNumber(context, person.number);
		case 'contact':
			return await findContact(context, person.id);
		case 'sms':
			return await findSms(context, person.id);
		case 'lead':
			return { queries: toLeadQueries([person.id]), isTheirs: () => true };
	}
}

/** A text of the conversation, and the output item that the node's settings made of it. */
interface ConversationText {
	activity: SmsActivity;
	item: INodeExecutionData;
}

/**
 * Reads back from the newest text, whole pages, until each list has given enough or its texts are too old. The order on a
 * page is that of creation, and a text that was scheduled is created long before it is said; on one page this makes no
 * difference.
 */
async function readConversation(context: HandlerContext): Promise<ConversationText[]> {
	const { n8n, request } = context;
	const [limit, since] = [requireLimit(n8n), getSince(n8n)];
	const { queries, isTheirs } = await findSource(context);
	const assumed = {
		body: {},
		note: 'If this page is not enough, earlier ones would follow, each from where the one before it ended.',
	};
	const found = new Map<string, ConversationText>();
	for (const query of queries) {
		const pages = paginateSms(context, { ...request.options.qs, ...query }, { assumed });
		const foundBefore = found.size;
		for await (const { activities, items } of pages) {
			activities.forEach((activity, index) => {
				// A text without a time that can be read is not known to be too old.
				if (isTheirs(activity) && isExchanged(activity) && !(getTime(activity) < since))
					found.set(activity.id, { activity, item: items[index] });
			});
			const oldest = activities[activities.length - 1];
			const isTooOld = oldest && Date.parse(oldest.date_created) < since;
			const isEnough = found.size - foundBefore >= limit || isTooOld;
			if (isEnough && isNewestFirst(activities)) break;
		}
	}
	return sortByTime([...found.values()]).slice(-limit);
}

/**
 * @throws {ItemFailure} in Close's words; when nobody has the number
 */
const handleGetConversation: OperationHandler = async (context) => {
	const { n8n } = context;
	const said = await readConversation(context);
	if (n8n.getNodeParameter('format', 'activities') !== 'messages')
		return said.map(({ item }) => item);
	const messages = said.map(({ activity }) => toMessage(activity, n8n.getTimezone()));
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
			'Whose SMS to return. Contact: theirs, also filed elsewhere with their numbers. Lead: those of all its contacts. Number: those on all leads that have it. SMS: those with its number on its lead.',
		modes: [
			listMode('getPeople'),
			textMode('Contact', 'contact', 'cont_…'),
			textMode('Lead', 'lead', 'lead_…'),
			numberMode('+14155550123'),
			textMode('SMS', 'sms', 'acti_…'),
		],
	},
	limitProperty,
	{
		displayName: 'Since',
		name: 'since',
		type: 'dateTime',
		default: '',
		description: withZoneNote('Only SMS of this time or later; if empty, from the beginning.'),
	},
	{
		displayName: 'Format',
		name: 'format',
		type: 'options',
		default: 'activities',
		options: [
			{ name: 'Activities', value: 'activities', description: 'One item for each SMS' },
			{
				name: 'Messages',
				value: 'messages',
				description:
					'One item with "messages", for an AI model: each with "role" ("user" is the person), "text" and "time"',
			},
		],
		description: 'How to return them, the oldest first',
	},
	...updateDisplayOptions({ show: { format: ['activities'] } }, outputProperties),
];

export const getConversation: Operation = {
	option: {
		name: 'Get Conversation',
		value: 'getConversation',
		action: 'Get SMS conversation',
		description:
			'Retrieve the SMS that one person and you have sent each other, the oldest first. Drafts, scheduled and failed ones are left out.',
		routing: {
			request: { method: 'GET', url: '/activity/sms/' },
			send: { preSend: [preSendGetConversation] },
			output: { postReceive: [{ type: 'rootProperty', properties: { property: 'data' } }] },
			operations: { pagination: sendInOrder(handleGetConversation) },
		},
	},
	subtitle: 'Get a conversation',
	takesNumbers: true,
	properties,
};
