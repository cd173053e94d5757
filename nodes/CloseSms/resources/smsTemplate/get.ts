import { preSend } from '../../validation/preSend';
import type { Operation } from '../operation';
import { setTemplateId } from './templateId';

export const get: Operation = {
	option: {
		name: 'Get',
		value: 'get',
		action: 'Get SMS template',
		description: 'Retrieve one SMS template with its attachments',
		routing: {
			request: {
				method: 'GET',
				url: '/sms_template/{id}/',
				qs: { include_attachments: 'true' },
			},
			send: { preSend: [preSend(setTemplateId)] },
		},
	},
	subtitle: 'Get a template',
	properties: [],
};
