import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { withWholeExpression } from '../../../shared/wholeExpression';
import { outputProperties } from '../../output/outputProperties';
import { singleRequest, type OperationHandler } from '../../transport/request/operationHandler';
import { sendInOrder } from '../../transport/run/sendInOrder';
import { attachments } from '../../validation/attachments';
import { formatDates, validateSchedule } from '../../validation/dates';
import { readPhones } from '../../validation/phones';
import { preSend } from '../../validation/preSend';
import {
	rejectWholeExpression,
	requireChange,
	requireOneOf,
	setClearedFields,
	omitEmptyFields,
	rejectTextWithTemplate,
	validateText,
} from '../../validation/requestBody';
import type { Operation } from '../operation';
import { sendsTextNotice } from '../sendsTextNotice';
import { withUploads } from '../withUploads';
import { smsFields, STATUSES } from './fields/fields';
import { fileExpiryHint } from './fields/hints';
import { setSmsId } from './fields/smsId';
import { dispatch } from './sending/dispatch';
import { planAsAsked } from './sending/planSend';
import { withCurrentStatus } from './sending/withCurrentStatus';

/** Fields that may be empty in Close (Close: "Update an SMS activity"). */
const CLEARABLE_FIELDS = [
	{ name: 'Activity At', value: 'activityAt' },
	{ name: 'Attachments', value: 'attachments' },
	{ name: 'Contact', value: 'contactId' },
	{ name: 'Lead', value: 'leadId' },
	{ name: 'Local Phone', value: 'localPhone' },
	{ name: 'Remote Phone', value: 'remotePhone' },
	{ name: 'Template', value: 'templateId' },
	{ name: 'Text', value: 'text' },
	{ name: 'User', value: 'userId' },
];

/** Validates and completes the request, in this order. */
const preSendUpdate = preSend(
	rejectWholeExpression('updateFields', 'Update Fields'),
	setSmsId,
	attachments,
	omitEmptyFields,
	validateText,
	requireOneOf('status', STATUSES),
	setClearedFields(CLEARABLE_FIELDS.map(({ value }) => value)),
	requireChange,
	formatDates('activity_at', 'date_scheduled'),
	validateSchedule,
	readPhones,
	rejectTextWithTemplate,
);

/** A time to send at that passes while the update waits is an error: Close would send the text at once. */
const sendUpdate: OperationHandler = async (context) => {
	const { n8n, request, send } = context;
	const body = request.options.body as IDataObject;
	if (body.status !== 'scheduled') return await singleRequest(context);
	const plan = planAsAsked(n8n);
	const sent = await dispatch(context, {
		decide: async () => plan(body, context.now()),
		toRequest: () => request,
		send,
	});
	return sent.response.items;
};

const handleUpdate = withCurrentStatus(withUploads(sendUpdate));

const properties: INodeProperties[] = [
	sendsTextNotice('updateNotice', { 'updateFields.status': ['outbox', 'scheduled'] }),
	...withWholeExpression({
		displayName: 'Update Fields',
		name: 'updateFields',
		type: 'collection',
		default: {},
		placeholder: 'Add Field',
		description: 'What to change. Fields that are not added, or are empty, stay as they are.',
		options: [
			smsFields.activityAt,
			smsFields.attachments,
			smsFields.contactId,
			smsFields.dateScheduled,
			smsFields.leadId,
			smsFields.localPhone,
			smsFields.remotePhone,
			smsFields.status,
			smsFields.templateId,
			smsFields.text,
			smsFields.userId,
		],
	}),
	{
		displayName: 'Clear Fields',
		name: 'clearFields',
		type: 'multiOptions',
		default: [],
		description: 'Fields to empty in Close',
		options: CLEARABLE_FIELDS,
	},
	...outputProperties,
];

export const update: Operation = {
	option: {
		name: 'Update',
		value: 'update',
		builderHint: {
			propertyHint:
				'Texts a person only with the status "outbox" (at once) or "scheduled" (needs dateScheduled). The status "sent" only records and texts nobody.',
		},
		action: 'Update SMS (may text real people)',
		description:
			'Change a draft, send it now, schedule it, or cancel it. What was sent cannot be taken back.',
		routing: {
			request: { method: 'PUT', url: '/activity/sms/{id}/' },
			send: { preSend: [preSendUpdate] },
			operations: { pagination: sendInOrder(handleUpdate) },
		},
	},
	subtitle: 'Update an SMS',
	subtitleBy: {
		setting: '$rawParameter.updateFields?.status',
		words: {
			draft: 'Set back to a draft',
			inbox: 'Log as received',
			outbox: 'Update and send now',
			scheduled: 'Update and send later',
			sent: 'Log as sent',
		},
	},
	returnsSms: true,
	hints: [
		fileExpiryHint({
			operation: 'update',
			isLater: '$parameter["updateFields"]?.status === "scheduled"',
			collection: 'updateFields',
			date: '$parameter["updateFields"]?.dateScheduled',
		}),
	],
	takesNumbers: true,
	properties,
};
