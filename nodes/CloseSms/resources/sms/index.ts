import type { INodeProperties } from 'n8n-workflow';
import { smsUpdateDescription, updateChecks } from './update';

export const smsDescription: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['sms'] } },
		default: 'update',
		options: [
			{
				name: 'Update',
				value: 'update',
				action: 'Update SMS',
				description:
					'Change a draft, send it now (status outbox), schedule it, or cancel it (status draft). A text that is sent cannot be taken back.',
				routing: {
					request: { method: 'PUT', url: '/activity/sms/{id}/' },
					send: { preSend: [updateChecks] },
				},
			},
		],
	},
	...smsUpdateDescription,
];
