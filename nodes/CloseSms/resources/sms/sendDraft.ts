import { updateDisplayOptions } from 'n8n-workflow';
import { preSend } from '../../validation/preSend';
import { outputProperties } from '../../output/outputProperties';
import { inZone } from '../../../shared/time';
import { statusTransition } from './sending/statusTransition';
import { textsNotice } from './fields/textsNotice';
import { setPathId } from '../../validation/pathId';

export const preSendSendDraft = preSend(setPathId('smsId', 'SMS'));

export const handleSendDraft = statusTransition({
	participle: 'sent',
	assumedResponse: {
		body: { status: 'draft' },
		note: 'The text would be looked up first; this assumes that it is a draft.',
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

export const smsSendDraftDescription = updateDisplayOptions(
	{ show: { resource: ['sms'], operation: ['sendDraft'] } },
	[textsNotice('sendDraftNotice'), ...outputProperties],
);
