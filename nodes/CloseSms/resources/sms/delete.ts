import { sendInOrder } from '../../transport/run/sendInOrder';
import { preSend } from '../../validation/preSend';
import { handleDelete } from '../deleteHandler';
import type { Operation } from '../operation';
import { setSmsId } from './fields/smsId';
import { oneAtATime } from './sending/oneAtATime';

export const deleteSms: Operation = {
	option: {
		name: 'Delete',
		value: 'delete',
		action: 'Delete SMS',
		description:
			'Delete an SMS activity permanently. It cannot be restored; a scheduled SMS no longer goes out, and one that has gone out stays on the phone of the person.',
		routing: {
			request: { method: 'DELETE', url: '/activity/sms/{id}/' },
			send: { preSend: [preSend(setSmsId)] },
			operations: { pagination: sendInOrder(oneAtATime(handleDelete)) },
		},
	},
	subtitle: 'Delete an SMS',
	properties: [],
};
