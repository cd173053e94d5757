import type { INodeProperties } from 'n8n-workflow';
import { sendInOrder } from '../../transport/run/sendInOrder';
import { singleRequest } from '../../transport/request/operationHandler';
import { withUploads } from '../withUploads';
import { preSendCancel, handleCancel, smsCancelDescription } from './cancel';
import { preSendCreate, smsCreateDescription } from './create';
import { preSendDelete, handleDelete } from '../deleteHandler';
import { handleSend } from './sending/draftThenSend';
import { preSendGet, smsGetDescription } from './get';
import { preSendGetAll, handleGetAll, smsGetAllDescription } from './getAll';
import {
	preSendGetConversation,
	handleGetConversation,
	smsGetConversationDescription,
} from './getConversation';
import { preSendSchedule, handleSchedule, smsScheduleDescription } from './schedule';
import { preSendSend, smsSendDescription } from './send';
import { preSendSendDraft, handleSendDraft, smsSendDraftDescription } from './sendDraft';
import { smsId } from './fields/smsId';
import { withRecipient } from './sending/withRecipient';
import { smsUpdateDescription, preSendUpdate, handleUpdate } from './update';

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
				action: 'Cancel an SMS',
				description:
					'Set a scheduled text, or one in the outbox, back to a draft so that it does not go out. A text that has gone out cannot be taken back.',
				routing: {
					request: { method: 'PUT', url: '/activity/sms/{id}/', body: { status: 'draft' } },
					send: { preSend: [preSendCancel] },
					operations: { pagination: sendInOrder(handleCancel) },
				},
			},
			{
				name: 'Create',
				value: 'create',
				builderHint: {
					propertyHint:
						'Texts nobody: it makes a draft, or only records a text that was sent or received elsewhere. To text a person use "send".',
				},
				action: 'Create an SMS draft or record',
				description:
					'Create a draft, or a record of a text that was sent or received elsewhere. It texts nobody.',
				routing: {
					request: { method: 'POST', url: '/activity/sms/' },
					send: { preSend: [preSendCreate] },
					operations: { pagination: sendInOrder(withUploads(singleRequest)) },
				},
			},
			{
				name: 'Delete',
				value: 'delete',
				action: 'Delete an SMS',
				description:
					'Delete an SMS activity permanently. It cannot be restored; a scheduled text does not go out any more, and one that has gone out stays on the phone of the person.',
				routing: {
					request: { method: 'DELETE', url: '/activity/sms/{id}/' },
					send: { preSend: [preSendDelete] },
					operations: { pagination: sendInOrder(handleDelete) },
				},
			},
			{
				name: 'Get',
				value: 'get',
				action: 'Get an SMS',
				description: 'Retrieve one SMS activity by its ID',
				routing: {
					request: { method: 'GET', url: '/activity/sms/{id}/' },
					send: { preSend: [preSendGet] },
				},
			},
			{
				name: 'Get Conversation',
				value: 'getConversation',
				action: 'Get an SMS conversation',
				description:
					'Retrieve the texts that one person and you have sent each other, the oldest first. Drafts, scheduled and failed texts are left out.',
				routing: {
					request: { method: 'GET', url: '/activity/sms/' },
					send: { preSend: [preSendGetConversation] },
					output: { postReceive: [{ type: 'rootProperty', properties: { property: 'data' } }] },
					operations: { pagination: sendInOrder(handleGetConversation) },
				},
			},
			{
				name: 'Get Many',
				value: 'getAll',
				action: 'Get many SMS',
				description: 'Retrieve a list of SMS activities, the newest first',
				routing: {
					request: { method: 'GET', url: '/activity/sms/' },
					send: { preSend: [preSendGetAll] },
					output: { postReceive: [{ type: 'rootProperty', properties: { property: 'data' } }] },
					operations: { pagination: sendInOrder(handleGetAll) },
				},
			},
			{
				name: 'Schedule',
				value: 'schedule',
				action: 'Schedule an SMS',
				description:
					'Send a draft later, or move a scheduled text to another time. At that time it really texts the person, which cannot be taken back; until then Cancel stops it.',
				routing: {
					request: { method: 'PUT', url: '/activity/sms/{id}/', body: { status: 'scheduled' } },
					send: { preSend: [preSendSchedule] },
					operations: { pagination: sendInOrder(handleSchedule) },
				},
			},
			{
				name: 'Send',
				value: 'send',
				builderHint: {
					propertyHint:
						'Texts a real person with a new message. To let a person approve the text first, use "create" with the mode "draft" instead.',
				},
				action: 'Send an SMS',
				description:
					'Text a person, now or at a time. It really texts them, and cannot be taken back once gone.',
				routing: {
					request: { method: 'POST', url: '/activity/sms/' },
					send: { preSend: [preSendSend] },
					operations: { pagination: sendInOrder(withRecipient(withUploads(handleSend))) },
				},
			},
			{
				name: 'Send Draft',
				value: 'sendDraft',
				builderHint: {
					propertyHint:
						'Texts a real person with an existing draft, by its ID. For a new message use "send".',
				},
				action: 'Send an SMS draft',
				description:
					'Text the person with an existing draft, now. It cannot be taken back. A text that was sent already is not sent again.',
				routing: {
					request: { method: 'PUT', url: '/activity/sms/{id}/', body: { status: 'outbox' } },
					send: { preSend: [preSendSendDraft] },
					operations: { pagination: sendInOrder(handleSendDraft) },
				},
			},
			{
				name: 'Update',
				value: 'update',
				builderHint: {
					propertyHint:
						'Texts a person only with the status "outbox" (at once) or "scheduled" (needs dateScheduled). The status "sent" only records and texts nobody.',
				},
				action: 'Update an SMS',
				description:
					'Change a draft, send it now, schedule it, or cancel it. What was sent cannot be taken back.',
				routing: {
					request: { method: 'PUT', url: '/activity/sms/{id}/' },
					send: { preSend: [preSendUpdate] },
					operations: { pagination: sendInOrder(handleUpdate) },
				},
			},
		],
	},
	smsId,
	...smsCancelDescription,
	...smsCreateDescription,
	...smsGetDescription,
	...smsGetAllDescription,
	...smsGetConversationDescription,
	...smsScheduleDescription,
	...smsSendDescription,
	...smsSendDraftDescription,
	...smsUpdateDescription,
];
