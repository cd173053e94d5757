import type { INodeProperties } from 'n8n-workflow';
import { preSend } from '../../validation/preSend';
import { sendInOrder } from '../../transport/run/sendInOrder';
import { singleRequest } from '../../transport/request/operationHandler';
import { withUploads } from '../withUploads';
import { handleDelete } from '../deleteHandler';
import { preSendCreate, smsTemplateCreateDescription } from './create';
import { preSendGetAll, handleGetAll, smsTemplateGetAllDescription } from './getAll';
import { templateId } from './templateId';
import { smsTemplateUpdateDescription, preSendUpdate } from './update';
import { setPathId } from '../../validation/pathId';

const preSendId = preSend(setPathId('templateId', 'Template', 'smstmpl_…'));

export const smsTemplateDescription: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['smsTemplate'] } },
		default: 'getAll',
		options: [
			{
				name: 'Create',
				value: 'create',
				action: 'Create an SMS template',
				description: 'Create a new SMS template',
				routing: {
					request: { method: 'POST', url: '/sms_template/' },
					send: { preSend: [preSendCreate] },
					operations: { pagination: sendInOrder(withUploads(singleRequest)) },
				},
			},
			{
				name: 'Delete',
				value: 'delete',
				action: 'Delete an SMS template',
				description: 'Delete an SMS template permanently; texts that were made from it stay',
				routing: {
					request: { method: 'DELETE', url: '/sms_template/{id}/' },
					send: { preSend: [preSendId] },
					operations: { pagination: sendInOrder(handleDelete) },
				},
			},
			{
				name: 'Get',
				value: 'get',
				action: 'Get an SMS template',
				description: 'Retrieve one SMS template with its attachments',
				routing: {
					request: {
						method: 'GET',
						url: '/sms_template/{id}/',
						qs: { include_attachments: 'true' },
					},
					send: { preSend: [preSendId] },
				},
			},
			{
				name: 'Get Many',
				value: 'getAll',
				action: 'Get many SMS templates',
				description: 'Retrieve a list of SMS templates, archived ones too',
				routing: {
					request: { method: 'GET', url: '/sms_template/' },
					send: { preSend: [preSendGetAll] },
					output: { postReceive: [{ type: 'rootProperty', properties: { property: 'data' } }] },
					operations: { pagination: sendInOrder(handleGetAll) },
				},
			},
			{
				name: 'Update',
				value: 'update',
				action: 'Update an SMS template',
				description: 'Update the name, the text or other fields of an SMS template',
				routing: {
					request: { method: 'PUT', url: '/sms_template/{id}/' },
					send: { preSend: [preSendUpdate] },
					operations: { pagination: sendInOrder(withUploads(singleRequest)) },
				},
			},
		],
	},
	templateId,
	...smsTemplateCreateDescription,
	...smsTemplateGetAllDescription,
	...smsTemplateUpdateDescription,
];
