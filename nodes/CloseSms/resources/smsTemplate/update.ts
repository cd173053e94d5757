import { updateDisplayOptions, type INodeProperties } from 'n8n-workflow';
import { attachments } from '../../validation/attachments';
import { preSend } from '../../validation/preSend';
import { templateFields } from './fields';
import {
	omitEmptyFields,
	parseFlags,
	requireChange,
	requireOneOf,
	validateText,
} from '../../validation/requestBody';
import { setPathId } from '../../validation/pathId';

export const preSendUpdate = preSend(
	setPathId('templateId', 'Template', 'smstmpl_…'),
	attachments,
	omitEmptyFields,
	validateText,
	parseFlags('body', 'is_shared'),
	requireOneOf('status', ['active', 'archived']),
	requireChange,
);

const properties: INodeProperties[] = [
	{
		displayName: 'Update Fields',
		// Not `updateFields` as for an SMS: the engine would evaluate the expressions of one under the name of the other too.
		name: 'templateFields',
		type: 'collection',
		default: {},
		placeholder: 'Add Field',
		description: 'What to change. Fields that are not added, or are empty, stay as they are.',
		options: Object.values(templateFields),
	},
];

export const smsTemplateUpdateDescription = updateDisplayOptions(
	{ show: { resource: ['smsTemplate'], operation: ['update'] } },
	properties,
);
