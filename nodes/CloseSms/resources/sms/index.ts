import type { INodeProperties } from 'n8n-workflow';
import { inTurn, oneRequest } from '../../../shared/send';
import { withUploads } from '../../../shared/uploads';
import { getChecks, smsGetDescription } from './get';
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
				name: 'Get',
				value: 'get',
				action: 'Get SMS',
				description: 'Retrieve one SMS activity by its ID',
				routing: {
					request: { method: 'GET', url: '/activity/sms/{id}/' },
					send: { preSend: [getChecks] },
				},
			},
			{
				name: 'Update',
				value: 'update',
				action: 'Update SMS',
				description:
					'Change a draft, send it now (status outbox), schedule it, or cancel it (status draft). A text that is sent cannot be taken back.',
				routing: {
					request: { method: 'PUT', url: '/activity/sms/{id}/' },
					send: { preSend: [updateChecks] },
					operations: { pagination: inTurn(withUploads(oneRequest)) },
				},
			},
		],
	},
	...smsGetDescription,
	...smsUpdateDescription,
];
