import { sendInOrder } from '../../transport/run/sendInOrder';
import { preSend } from '../../validation/preSend';
import { handleDelete } from '../deleteHandler';
import type { Operation } from '../operation';
import { setTemplateId } from './templateId';

export const deleteTemplate: Operation = {
	option: {
		name: 'Delete',
		value: 'delete',
		action: 'Delete SMS template',
		description: 'Delete an SMS template permanently; SMS that were made from it stay',
		routing: {
			request: { method: 'DELETE', url: '/sms_template/{id}/' },
			send: { preSend: [preSend(setTemplateId)] },
			operations: { pagination: sendInOrder(handleDelete) },
		},
	},
	subtitle: 'Delete a template',
	properties: [],
};
