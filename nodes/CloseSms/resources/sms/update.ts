import { updateDisplayOptions, type INodeProperties } from 'n8n-workflow';
import { attachments } from '../../validation/attachments';
import { preSend } from '../../validation/preSend';
import { outputProperties } from '../../output/outputProperties';
import { singleRequest } from '../../transport/request/operationHandler';
import { withUploads } from '../withUploads';
import { smsFields, STATUSES } from './fields/fields';
import { textsNotice } from './fields/textsNotice';
import { withCurrentStatus } from './sending/withCurrentStatus';
import {
	requireChange,
	requireOneOf,
	setClearedFields,
	omitEmptyFields,
	rejectTextWithTemplate,
	validateText,
} from '../../validation/requestBody';
import { formatDates, validateSchedule } from '../../validation/dates';
import { setPathId } from '../../validation/pathId';
import { validatePhones } from '../../validation/phones';

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
export const preSendUpdate = preSend(
	setPathId('smsId', 'SMS'),
	attachments,
	omitEmptyFields,
	validateText,
	requireOneOf('status', STATUSES),
	setClearedFields(CLEARABLE_FIELDS.map(({ value }) => value)),
	requireChange,
	formatDates('activity_at', 'date_scheduled'),
	validateSchedule,
	validatePhones('local_phone', 'remote_phone'),
	rejectTextWithTemplate,
);

export const handleUpdate = withCurrentStatus(withUploads(singleRequest));

const properties: INodeProperties[] = [
	textsNotice('updateNotice', { 'updateFields.status': ['outbox', 'scheduled'] }),
	{
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
	},
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

export const smsUpdateDescription = updateDisplayOptions(
	{ show: { resource: ['sms'], operation: ['update'] } },
	properties,
);
