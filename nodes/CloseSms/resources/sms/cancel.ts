import { sendInOrder } from '../../transport/run/sendInOrder';
import { preSend } from '../../validation/preSend';
import type { Operation } from '../operation';
import { setSmsId } from './fields/smsId';
import { statusTransition } from './sending/statusTransition';

export const handleCancel = statusTransition({
	participle: 'canceled',
	assumedResponse: {
		body: { status: 'scheduled' },
		note: 'The SMS would be looked up first; this assumes that it is scheduled.',
	},
	transitions: {
		scheduled: (_, desired) => ({ updates: [desired] }),
		outbox: (_, desired) => ({ updates: [desired] }),
		draft: () => ({ unchanged: 'It was a draft already, so there was nothing to cancel.' }),
		sent: () => ({ rejection: 'An SMS that has gone out cannot be taken back.' }),
		inbox: () => ({ rejection: 'Only an SMS of your own can be canceled.' }),
		error: () => ({ rejection: 'It reached nobody, so there is nothing to cancel.' }),
	},
});

export const cancel: Operation = {
	option: {
		name: 'Cancel',
		value: 'cancel',
		action: 'Cancel scheduled SMS',
		description:
			'Set a scheduled SMS, or one in the outbox, back to a draft so that it does not go out. An SMS that has gone out cannot be taken back.',
		routing: {
			request: { method: 'PUT', url: '/activity/sms/{id}/', body: { status: 'draft' } },
			send: { preSend: [preSend(setSmsId)] },
			operations: { pagination: sendInOrder(handleCancel) },
		},
	},
	subtitle: 'Cancel an SMS',
	returnsSms: true,
	properties: [],
};
