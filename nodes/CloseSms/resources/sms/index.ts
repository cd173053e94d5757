import type { INodeProperties } from 'n8n-workflow';
import { inTurn } from '../../../shared/inTurn';
import { withUploads } from '../../../shared/uploads';
import { cancelChecks, cancelSteps, smsCancelDescription } from './cancel';
import { createChecks, smsCreateDescription } from './create';
import { deleteChecks, deleteSteps } from './delete';
import { createSteps } from './draftThenSend';
import { getChecks, smsGetDescription } from './get';
import { getAllChecks, getAllSteps, smsGetAllDescription } from './getAll';
import { scheduleChecks, scheduleSteps, smsScheduleDescription } from './schedule';
import { sendChecks, sendSteps, smsSendDescription } from './send';
import { smsId } from './smsId';
import { smsUpdateDescription, updateChecks, updateSteps } from './update';

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
				name: 'Cancel',
				value: 'cancel',
				action: 'Cancel SMS',
				description:
					'Set a scheduled text, or one in the outbox, back to a draft so that it does not go out. A text that has gone out cannot be taken back.',
				routing: {
					request: { method: 'PUT', url: '/activity/sms/{id}/', body: { status: 'draft' } },
					send: { preSend: [cancelChecks] },
					operations: { pagination: inTurn(cancelSteps) },
				},
			},
			{
				name: 'Create',
				value: 'create',
				action: 'Create SMS',
				description:
					'Create a new SMS activity: a draft (default), a record of a text from elsewhere, or one that really texts the person now or later, which cannot be taken back once gone',
				routing: {
					request: { method: 'POST', url: '/activity/sms/' },
					send: { preSend: [createChecks] },
					operations: { pagination: inTurn(withUploads(createSteps)) },
				},
			},
			{
				name: 'Delete',
				value: 'delete',
				action: 'Delete SMS',
				description:
					'Delete an SMS activity permanently. It cannot be restored; a scheduled text does not go out any more, and one that has gone out stays on the phone of the person.',
				routing: {
					request: { method: 'DELETE', url: '/activity/sms/{id}/' },
					send: { preSend: [deleteChecks] },
					operations: { pagination: inTurn(deleteSteps) },
				},
			},
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
				name: 'Get Many',
				value: 'getAll',
				action: 'Get many SMS',
				description: 'Retrieve a list of SMS activities, the newest first',
				routing: {
					request: { method: 'GET', url: '/activity/sms/' },
					send: { preSend: [getAllChecks] },
					output: { postReceive: [{ type: 'rootProperty', properties: { property: 'data' } }] },
					operations: { pagination: inTurn(getAllSteps) },
				},
			},
			{
				name: 'Schedule',
				value: 'schedule',
				action: 'Schedule SMS',
				description:
					'Send a draft later, or move a scheduled text to another time. At that time it really texts the person, which cannot be taken back; until then Cancel stops it.',
				routing: {
					request: { method: 'PUT', url: '/activity/sms/{id}/', body: { status: 'scheduled' } },
					send: { preSend: [scheduleChecks] },
					operations: { pagination: inTurn(scheduleSteps) },
				},
			},
			{
				name: 'Send',
				value: 'send',
				action: 'Send SMS',
				description:
					'Really text the person with a draft, now. It cannot be taken back. A text that was sent already is not sent again.',
				routing: {
					request: { method: 'PUT', url: '/activity/sms/{id}/', body: { status: 'outbox' } },
					send: { preSend: [sendChecks] },
					operations: { pagination: inTurn(sendSteps) },
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
					operations: { pagination: inTurn(updateSteps) },
				},
			},
		],
	},
	smsId,
	...smsCancelDescription,
	...smsCreateDescription,
	...smsGetDescription,
	...smsGetAllDescription,
	...smsScheduleDescription,
	...smsSendDescription,
	...smsUpdateDescription,
];
