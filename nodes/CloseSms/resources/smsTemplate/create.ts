import { updateDisplayOptions, type INodeProperties } from 'n8n-workflow';
import { attachments } from '../../../shared/attachments';
import { bodyOf, checks, leaveOutEmpty, type Check } from '../../../shared/checks';
import { problem } from '../../../shared/problems';
import { templateFields } from './fields';

const hasName: Check = (context, request) => {
	if (!bodyOf(request).name)
		throw problem(context, "'Name' is empty", 'Close needs a name to find the template by.');
};

export const createChecks = checks(attachments, leaveOutEmpty, hasName);

const properties: INodeProperties[] = [
	{ ...templateFields.name, required: true },
	templateFields.text,
	{
		displayName: 'Additional Fields',
		name: 'additionalFields',
		type: 'collection',
		default: {},
		placeholder: 'Add Field',
		options: [
			{
				...templateFields.attachments,
				description: 'Up to 10 files that go with every text made of it',
			},
			templateFields.isShared,
		],
	},
];

export const templateCreateDescription = updateDisplayOptions(
	{ show: { resource: ['smsTemplate'], operation: ['create'] } },
	properties,
);
