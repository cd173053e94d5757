import { inZone } from '../../../shared/time';
import { sendInOrder } from '../../transport/run/sendInOrder';
import { preSend } from '../../validation/preSend';
import type { Operation } from '../operation';
import { setSmsId } from './fields/smsId';
import { statusTransition } from './sending/statusTransition';

export const handleSendDraft = statusTransition({
	participle: 'sent',
	assumedResponse: {
		body: { status: 'draft' },
		note: 'The SMS would be looked up first; this assumes that it is a draft.',
	},
	transitions: {
		draft: (_, desired) => ({ updates: [desired] }),
		outbox: () => ({ unchanged: 'It was in the outbox already, so it was not sent again.' }),
		sent: () => ({ unchanged: 'It was sent already, so it was not sent again.' }),
		scheduled: ({ date_scheduled: date }, desired, zone) => {
			// 'Sending Hours' moved it there, in an earlier run.
			const moved = inZone(desired.date_scheduled, zone);
			if (moved !== undefined && moved === inZone(date, zone))
				return { unchanged: `It was scheduled for ${moved} already.` };
			return {
				rejection:
					'It goes out at that time. To send it now, set it back to a draft with Cancel, then use Send Draft.',
			};
		},
		inbox: () => ({ rejection: 'To answer it, use Send.' }),
		error: () => ({ rejection: 'Close keeps it as it is. To try once more, use Send.' }),
	},
});

export const sendDraft: Operation = {
	option: {
		name: 'Send Draft',
		value: 'sendDraft',
		builderHint: {
			propertyHint:
				'Texts a real person with an existing draft, by its ID. For a new message use "send".',
		},
		action: 'Send SMS draft (texts real people)',
		description:
			'Text a real person with an existing draft, now. It cannot be taken back. An SMS that was sent already is not sent again.',
		routing: {
			request: { method: 'PUT', url: '/activity/sms/{id}/', body: { status: 'outbox' } },
			send: { preSend: [preSend(setSmsId)] },
			operations: { pagination: sendInOrder(handleSendDraft) },
		},
	},
	subtitle: 'Send a draft now',
	texts: 'existing',
	returnsSms: true,
	properties: [],
};
