import { updateDisplayOptions } from 'n8n-workflow';
import { preSend } from '../../validation/preSend';
import { outputProperties } from '../../output/outputProperties';
import { statusTransition } from './helpers/statusTransition';
import { setPathId } from '../../validation/pathId';

export const preSendSend = preSend(setPathId('smsId', 'SMS'));

export const handleSend = statusTransition({
	participle: 'sent',
	assumedResponse: {
		body: { status: 'draft' },
		note: 'The text would be looked up first; this assumes that it is a draft.',
	},
	transitions: {
		draft: (_, desired) => ({ updates: [desired] }),
		outbox: () => ({ unchanged: 'It was in the outbox already, so it was not sent again.' }),
		sent: () => ({ unchanged: 'It was sent already, so it was not sent again.' }),
		scheduled: () => ({
			rejection:
				'It goes out at that time. To send it now, set it back to a draft with Cancel, then use Send.',
		}),
		inbox: () => ({ rejection: 'To answer it, use Create.' }),
		error: () => ({ rejection: 'Close keeps it as it is. To try once more, use Create.' }),
	},
});

export const smsSendDescription = updateDisplayOptions(
	{ show: { resource: ['sms'], operation: ['send'] } },
	outputProperties,
);
