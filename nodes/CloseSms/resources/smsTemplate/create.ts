import { updateDisplayOptions, type INodeProperties } from 'n8n-workflow';
import { attachments } from '../../validation/attachments';
import { getBody, preSend, type PreSendValidator } from '../../validation/preSend';
import { validationError } from '../../validation/validationError';
import { templateFields } from './fields';
import {
	omitEmptyFields,
	parseFlags,
	rejectWholeExpression,
	validateText,
} from '../../validation/requestBody';
import { withWholeExpression } from '../../../shared/wholeExpression';

const requireName: PreSendValidator = (context, request) => {
	if (!getBody(request).name)
		throw validationError(context, "'Name' is empty", 'A template is found in Close by its name.');
};

export const preSendCreate = preSend(
	rejectWholeExpression('additionalFields', 'Additional Fields'),
	attachments,
	omitEmptyFields,
	validateText,
	parseFlags('body', 'is_shared'),
	requireName,
);

const properties: INodeProperties[] = [
	{ ...templateFields.name, required: true },
	templateFields.text,
	...withWholeExpression({
		displayName: 'Additional Fields',
		name: 'additionalFields',
		type: 'collection',
		default: {},
		placeholder: 'Add Field',
		options: [
			{
				...templateFields.attachments,
				description: 'Up to 10 files that go with every text made from it',
			},
			templateFields.isShared,
		],
	}),
];

export const smsTemplateCreateDescription = updateDisplayOptions(
	{ show: { resource: ['smsTemplate'], operation: ['create'] } },
	properties,
);
