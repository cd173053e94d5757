import type { INodeProperties } from 'n8n-workflow';
import { inTurn } from '../../../shared/send';
import { cancelChecks, cancelSteps, smsCancelDescription } from './cancel';
import { deleteChecks, deleteSteps, smsDeleteDescription } from './delete';
import { getChecks, smsGetDescription } from './get';
import { getAllChecks, getAllSteps, smsGetAllDescription } from './getAll';
import { scheduleChecks, scheduleSteps, smsScheduleDescription } from './schedule';
import { sendChecks, sendSteps, smsSendDescription } from './send';
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
	...smsCancelDescription,
	...smsDeleteDescription,
	...smsGetDescription,
	...smsGetAllDescription,
	...smsScheduleDescription,
	...smsSendDescription,
	...smsUpdateDescription,
];
