import type { INodeProperties } from 'n8n-workflow';
import { withWholeExpression } from '../../../shared/wholeExpression';
import { singleRequest } from '../../transport/request/operationHandler';
import { sendInOrder } from '../../transport/run/sendInOrder';
import { attachments } from '../../validation/attachments';
import { preSend } from '../../validation/preSend';
import {
	omitEmptyFields,
	requireFlags,
	rejectWholeExpression,
	requireChange,
	requireOneOf,
	validateText,
} from '../../validation/requestBody';
import type { Operation } from '../operation';
import { withUploads } from '../withUploads';
import { templateFields } from './fields';
import { setTemplateId } from './templateId';

const preSendUpdateTemplate = preSend(
	rejectWholeExpression('templateFields', 'Update Fields'),
	setTemplateId,
	attachments,
	omitEmptyFields,
	validateText,
	requireFlags('body', 'is_shared'),
	requireOneOf('status', ['active', 'archived']),
	requireChange,
);

const properties: INodeProperties[] = [
	...withWholeExpression({
		displayName: 'Update Fields',
		// Not `updateFields` as for an SMS: the engine would evaluate the expressions of one under the name of the other too.
		name: 'templateFields',
		type: 'collection',
		default: {},
		placeholder: 'Add Field',
		description: 'What to change. Fields that are not added, or are empty, stay as they are.',
		options: Object.values(templateFields),
	}),
];

export const update: Operation = {
	option: {
		name: 'Update',
		value: 'update',
		action: 'Update SMS template',
		description: 'Update the name, the message or other fields of an SMS template',
		routing: {
			request: { method: 'PUT', url: '/sms_template/{id}/' },
			send: { preSend: [preSendUpdateTemplate] },
			operations: { pagination: sendInOrder(withUploads(singleRequest)) },
		},
	},
	subtitle: 'Update a template',
	properties,
};
