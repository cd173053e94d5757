import type { INodeProperties } from 'n8n-workflow';
import { withZoneNote } from '../../../shared/time';
import { showValue } from '../../../shared/showValue';
import { singleRequest } from '../../transport/request/operationHandler';
import { sendInOrder } from '../../transport/run/sendInOrder';
import { attachments } from '../../validation/attachments';
import { formatDates } from '../../validation/dates';
import { readIds } from '../../validation/ids';
import { limitLength } from '../../validation/messageLength';
import { rejectHoles } from '../../validation/missingValues';
import { readPhones } from '../../validation/phones';
import { getBody, preSend, type PreSendValidator } from '../../validation/preSend';
import {
	omitEmptyFields,
	requireFlags,
	rejectTextWithTemplate,
	rejectWholeExpression,
	requireOneOf,
	validateText,
} from '../../validation/requestBody';
import { validationError } from '../../validation/validationError';
import type { Operation } from '../operation';
import { withUploads } from '../withUploads';
import { newSmsAttachments, smsFields } from './fields/fields';

/** The status at Close that each mode leads to (Close: "Create an SMS activity"). */
const STATUS_BY_MODE = new Map([
	['draft', 'draft'],
	['logReceived', 'inbox'],
	['logSent', 'sent'],
]);

/** Not done by the routing of the options of 'Mode', which the engine skips when the mode is an expression. */
const setStatusFromMode: PreSendValidator = (context, request) => {
	const mode: unknown = context.getNodeParameter('mode', 'draft');
	const status = STATUS_BY_MODE.get(String(mode));
	if (!status)
		throw validationError(
			context,
			`'Mode' has an invalid value: ${showValue(mode)}`,
			`It is one of ${[...STATUS_BY_MODE.keys()].join(', ')}. To text a person, use the operation Send.`,
		);
	getBody(request).status = status;
};

/** Validates and completes the request, in this order. */
const preSendCreate = preSend(
	rejectWholeExpression('additionalFields', 'Additional Fields'),
	attachments,
	omitEmptyFields,
	validateText,
	rejectHoles('text'),
	limitLength,
	requireFlags('qs', 'send_to_inbox'),
	requireOneOf('direction', ['inbound', 'outbound']),
	requireOneOf('source', ['Close.io', 'External']),
	setStatusFromMode,
	rejectTextWithTemplate,
	formatDates('activity_at', 'date_created'),
	readPhones,
	readIds,
);

const showForModes = (...modes: string[]) => ({ show: { '/mode': modes } });

const additionalFields: INodeProperties[] = [
	smsFields.activityAt,
	newSmsAttachments,
	{
		displayName: 'Date Created',
		name: 'dateCreated',
		type: 'dateTime',
		default: '',
		description: withZoneNote('Back-dates the record.'),
		routing: { send: { type: 'body', property: 'date_created' } },
	},
	{
		displayName: 'Direction',
		name: 'direction',
		type: 'options',
		default: 'outbound',
		description:
			'Whether the person wrote the message (inbound) or you did (outbound). Unless set, it is what the mode suggests.',
		options: [
			{ name: 'Inbound', value: 'inbound' },
			{ name: 'Outbound', value: 'outbound' },
		],
		routing: { send: { type: 'body', property: 'direction' } },
	},
	{
		displayName: 'Send to Inbox',
		name: 'sendToInbox',
		type: 'boolean',
		default: true,
		description: 'Whether to also notify the Close Inbox, as for a newly received SMS',
		displayOptions: showForModes('logReceived'),
		routing: { send: { type: 'query', property: 'send_to_inbox' } },
	},
	{
		displayName: 'Source',
		name: 'source',
		type: 'options',
		default: 'External',
		description: 'Where the SMS was handled',
		options: [
			{ name: 'Close.io', value: 'Close.io', description: 'By the telephony of Close' },
			{ name: 'External', value: 'External', description: 'Elsewhere; Close only logs it' },
		],
		routing: { send: { type: 'body', property: 'source' } },
	},
	smsFields.userId,
];

const properties: INodeProperties[] = [
	{
		displayName: 'Mode',
		name: 'mode',
		type: 'options',
		default: 'draft',
		description: 'What is created; none of these texts anybody',
		options: [
			{
				name: 'Draft',
				value: 'draft',
				description: 'Stores it, for a person or a later step to send',
			},
			{
				name: 'Log as Received',
				value: 'logReceived',
				description: 'Only records an SMS that was received elsewhere',
			},
			{
				name: 'Log as Sent',
				value: 'logSent',
				builderHint: {
					propertyHint:
						'Sends nothing: use it only for an SMS that was sent elsewhere. To text a person use the operation "send".',
				},
				description: 'Only records an SMS that was sent elsewhere',
			},
		],
	},
	smsFields.leadId,
	smsFields.contactId,
	smsFields.remotePhone,
	smsFields.localPhone,
	smsFields.text,
	smsFields.templateId,
];

export const create: Operation = {
	option: {
		name: 'Create',
		value: 'create',
		builderHint: {
			propertyHint:
				'Texts nobody: it makes a draft, or only records an SMS that was sent or received elsewhere. To text a person use "send".',
		},
		action: 'Create SMS draft or record (texts nobody)',
		description:
			'Create a draft, or a record of an SMS that was sent or received elsewhere. It texts nobody.',
		routing: {
			request: { method: 'POST', url: '/activity/sms/' },
			send: { preSend: [preSendCreate] },
			operations: { pagination: sendInOrder(withUploads(singleRequest)) },
		},
	},
	subtitle: 'Create a draft or a record',
	subtitleBy: {
		setting: '$rawParameter.mode',
		words: {
			draft: 'Create a draft',
			logReceived: 'Log a received SMS',
			logSent: 'Log a sent SMS',
		},
	},
	returnsSms: true,
	takesNumbers: true,
	takesWords: true,
	properties,
	additionalFields,
};
