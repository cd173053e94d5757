import type { INodeProperties } from 'n8n-workflow';
import { checks, idInPath } from '../../../shared/checks';
import { inTurn } from '../../../shared/inTurn';
import { oneRequest } from '../../../shared/steps';
import { withUploads } from '../../../shared/uploads';
import { deleteSteps } from '../sms/delete';
import { createChecks, templateCreateDescription } from './create';
import { getAllChecks, getAllSteps, templateGetAllDescription } from './getAll';
import { templateId } from './templateId';
import { templateUpdateDescription, updateChecks } from './update';

const onlyId = checks(idInPath('templateId', 'Template', 'smstmpl_…'));

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
				action: 'Create SMS template',
				description: 'Create a new SMS template',
				routing: {
					request: { method: 'POST', url: '/sms_template/' },
					send: { preSend: [createChecks] },
					operations: { pagination: inTurn(withUploads(oneRequest)) },
				},
			},
			{
				name: 'Delete',
				value: 'delete',
				action: 'Delete SMS template',
				description: 'Delete an SMS template permanently; texts that were made of it stay',
				routing: {
					request: { method: 'DELETE', url: '/sms_template/{id}/' },
					send: { preSend: [onlyId] },
					operations: { pagination: inTurn(deleteSteps) },
				},
			},
			{
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
					send: { preSend: [onlyId] },
				},
			},
			{
				name: 'Get Many',
				value: 'getAll',
				action: 'Get many SMS templates',
				description: 'Retrieve a list of SMS templates, archived ones too',
				routing: {
					request: { method: 'GET', url: '/sms_template/' },
					send: { preSend: [getAllChecks] },
					output: { postReceive: [{ type: 'rootProperty', properties: { property: 'data' } }] },
					operations: { pagination: inTurn(getAllSteps) },
				},
			},
			{
				name: 'Update',
				value: 'update',
				action: 'Update SMS template',
				description: 'Update the name, the text or other fields of an SMS template',
				routing: {
					request: { method: 'PUT', url: '/sms_template/{id}/' },
					send: { preSend: [updateChecks] },
					operations: { pagination: inTurn(withUploads(oneRequest)) },
				},
			},
		],
	},
	templateId,
	...templateCreateDescription,
	...templateGetAllDescription,
	...templateUpdateDescription,
];
