import type { INodeProperties } from 'n8n-workflow';
import { PHONE_HINT } from '../../../../shared/phoneNumber';
import { withZoneNote } from '../../../../shared/time';
import { attachmentsField } from '../../attachmentsField';
import { listMode, numberMode, textMode } from './locatorModes';

/** A field whose value is an ID, picked from a list or entered. */
const idLocator = (
	displayName: string,
	name: string,
	property: string,
	searchListMethod: string,
	example: string,
): INodeProperties => ({
	displayName,
	name,
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	modes: [listMode(searchListMethod), textMode('By ID', 'id', example)],
	routing: { send: { type: 'body', property } },
});

/** Every field of an SMS activity that can be written, with the place in the request where its value goes. */
export const smsFields = {
	activityAt: {
		displayName: 'Activity At',
		name: 'activityAt',
		type: 'dateTime',
		default: '',
		description: withZoneNote('When the SMS really happened.'),
		routing: { send: { type: 'body', property: 'activity_at' } },
	},
	attachments: attachmentsField,
	contactId: {
		...idLocator('Contact', 'contactId', 'contact_id', 'getContacts', 'cont_…'),
		description: 'The contact that the SMS belongs to',
	},
	dateScheduled: {
		displayName: 'Date Scheduled',
		name: 'dateScheduled',
		type: 'dateTime',
		default: '',
		description: withZoneNote('When to send a scheduled SMS.'),
		routing: { send: { type: 'body', property: 'date_scheduled' } },
	},
	leadId: {
		...idLocator('Lead', 'leadId', 'lead_id', 'getLeads', 'lead_…'),
		description: 'The lead that the SMS belongs to',
	},
	localPhone: {
		displayName: 'Local Phone',
		name: 'localPhone',
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		description:
			'Your number that the SMS comes from. It must be one of your numbers in Close that can text.',
		modes: [listMode('getPhoneNumbers'), numberMode('+14155550100')],
		routing: { send: { type: 'body', property: 'local_phone' } },
	},
	remotePhone: {
		displayName: 'Remote Phone',
		name: 'remotePhone',
		type: 'string',
		default: '',
		placeholder: 'e.g. +14155550123',
		description: `The number of the person you text. ${PHONE_HINT}.`,
		routing: { send: { type: 'body', property: 'remote_phone' } },
	},
	status: {
		displayName: 'Status',
		name: 'status',
		type: 'options',
		default: 'draft',
		description:
			'What happens to the SMS: "outbox" texts a real person at once, "scheduled" later. "draft" texts nobody. "sent" and "inbox" only record. What was sent cannot be taken back.',
		builderHint: {
			propertyHint:
				'"outbox" sends the SMS to a real person at once, and "scheduled" at dateScheduled, which it needs. "sent" and "inbox" only record an SMS that was sent or received elsewhere and text nobody: never use "sent" to send. "draft" also cancels a scheduled SMS.',
		},
		options: [
			{
				name: 'Keep as Draft or Cancel',
				value: 'draft',
				description: 'Texts nobody; a scheduled SMS that has not gone out becomes a draft again',
			},
			{
				name: 'Log as Received (Texts Nobody)',
				value: 'inbox',
				description: 'Only records an SMS that was already received',
			},
			{
				name: 'Log as Sent (Texts Nobody)',
				value: 'sent',
				description: 'Only records an SMS that was sent elsewhere',
			},
			{
				name: 'Send Later',
				value: 'scheduled',
				description: 'Texts a real person at the scheduled date; until then it can be canceled',
			},
			{
				name: 'Send Now',
				value: 'outbox',
				description: 'Texts a real person at once; it cannot be taken back',
			},
		],
		routing: { send: { type: 'body', property: 'status' } },
	},
	templateId: {
		...idLocator('Template', 'templateId', 'template_id', 'getTemplates', 'smstmpl_…'),
		description: 'An SMS template, which Close renders into the message',
	},
	text: {
		displayName: 'Text',
		name: 'text',
		type: 'string',
		typeOptions: { rows: 3 },
		default: '',
		placeholder: 'e.g. Hi Ann, does 3 pm suit you?',
		description: 'What the person will read',
		routing: { send: { type: 'body', property: 'text' } },
	},
	userId: {
		...idLocator('User', 'userId', 'user_id', 'getUsers', 'user_…'),
		description: 'The member of your team that the SMS is attributed to',
	},
} satisfies Record<string, INodeProperties>;

/** The time of a text, where the operation itself says that it is to go out. */
export const sendAtField: INodeProperties = {
	...smsFields.dateScheduled,
	displayName: 'Send At',
	name: 'sendAt',
	description: withZoneNote('When to send.'),
};

/** Files of an SMS that is made. */
export const newSmsAttachments: INodeProperties = {
	...attachmentsField,
	description: 'Up to 10 files; an SMS with attachments goes out as MMS',
};

/** A filter by the words of a text. */
export const textContainsField = {
	displayName: 'Message Contains',
	name: 'textContains',
	type: 'string',
	default: '',
	placeholder: 'e.g. appointment',
	description: 'Only SMS whose message contains these characters, in upper or lower case',
} satisfies INodeProperties;

/** Values that 'Status' can have. */
export const STATUSES = smsFields.status.options.map(({ value }) => value);
