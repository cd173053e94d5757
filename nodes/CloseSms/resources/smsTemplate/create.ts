import type { INodeProperties } from 'n8n-workflow';
import { singleRequest } from '../../transport/request/operationHandler';
import { sendInOrder } from '../../transport/run/sendInOrder';
import { attachments } from '../../validation/attachments';
import { getBody, preSend, type PreSendValidator } from '../../validation/preSend';
import {
	omitEmptyFields,
	requireFlags,
	rejectWholeExpression,
	validateText,
} from '../../validation/requestBody';
import { validationError } from '../../validation/validationError';
import type { Operation } from '../operation';
import { withUploads } from '../withUploads';
import { templateFields } from './fields';

const requireName: PreSendValidator = (context, request) => {
	if (!getBody(request).name)
		throw validationError(context, "'Name' is empty", 'A template is found in Close by its name.');
};

const preSendCreateTemplate = preSend(
	rejectWholeExpression('additionalFields', 'Additional Fields'),
	attachments,
	omitEmptyFields,
	validateText,
	requireFlags('body', 'is_shared'),
	requireName,
);

const properties: INodeProperties[] = [
	{ ...templateFields.name, required: true },
	templateFields.text,
];

export const create: Operation = {
	option: {
		name: 'Create',
		value: 'create',
		action: 'Create SMS template',
		description: 'Create a new SMS template',
		routing: {
			request: { method: 'POST', url: '/sms_template/' },
			send: { preSend: [preSendCreateTemplate] },
			operations: { pagination: sendInOrder(withUploads(singleRequest)) },
		},
	},
	subtitle: 'Create a template',
	properties,
	additionalFields: [
		{
			...templateFields.attachments,
			description: 'Up to 10 files that go with every SMS made from it',
		},
		templateFields.isShared,
	],
};
