import { updateDisplayOptions, type INodeProperties } from 'n8n-workflow';
import { attachments } from '../../../shared/attachments';
import { changesSomething, checks, idInPath, leaveOutEmpty } from '../../../shared/checks';
import { templateFields } from './fields';

export const updateChecks = checks(
	idInPath('templateId', 'Template', 'smstmpl_…'),
	attachments,
	leaveOutEmpty,
	changesSomething,
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

export const templateUpdateDescription = updateDisplayOptions(
	{ show: { resource: ['smsTemplate'], operation: ['update'] } },
	properties,
);
