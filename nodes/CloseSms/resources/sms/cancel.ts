import { updateDisplayOptions } from 'n8n-workflow';
import { preSend } from '../../validation/preSend';
import { outputProperties } from '../../output/outputProperties';
import { statusTransition } from './sending/statusTransition';
import { setPathId } from '../../validation/pathId';

export const preSendCancel = preSend(setPathId('smsId', 'SMS'));

export const handleCancel = statusTransition({
	participle: 'canceled',
	assumedResponse: {
		body: { status: 'scheduled' },
		note: 'The text would be looked up first; this assumes that it is scheduled.',
	},
	transitions: {
		scheduled: (_, desired) => ({ updates: [desired] }),
		outbox: (_, desired) => ({ updates: [desired] }),
		draft: () => ({ unchanged: 'It was a draft already, so there was nothing to cancel.' }),
		sent: () => ({ rejection: 'A text that has gone out cannot be taken back.' }),
		inbox: () => ({ rejection: 'Only texts of your own can be canceled.' }),
		error: () => ({ rejection: 'It reached nobody, so there is nothing to cancel.' }),
	},
});

export const smsCancelDescription = updateDisplayOptions(
	{ show: { resource: ['sms'], operation: ['cancel'] } },
	outputProperties,
);
