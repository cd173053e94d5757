import type { INodeProperties } from 'n8n-workflow';
import { smsFields } from '../sms/fields/fields';

/** The template that an operation is about. */
export const templateId: INodeProperties = {
	...smsFields.templateId,
	description: 'The SMS template',
	required: true,
	displayOptions: {
		show: { resource: ['smsTemplate'], operation: ['delete', 'get', 'update'] },
	},
	routing: undefined,
};
