import { updateDisplayOptions } from 'n8n-workflow';
import { checks, idInPath } from '../../../shared/checks';
import { outputProperties } from '../../../shared/output';
import { lookFirst } from './lookFirst';

export const sendChecks = checks(idInPath('smsId', 'SMS'));

export const sendSteps = lookFirst({
	participle: 'sent',
	assumed: {
		answer: { status: 'draft' },
		note: 'The text would be looked up first; this assumes that it is a draft.',
	},
	verdicts: {
		draft: (_, wanted) => ({ change: [wanted] }),
		outbox: () => ({ alreadySo: 'It was in the outbox already, so it was not sent again.' }),
		sent: () => ({ alreadySo: 'It was sent already, so it was not sent again.' }),
		scheduled: () => ({
			instead:
				'It goes out at that time. To send it now, set it back to a draft with Cancel, then use Send.',
		}),
		inbox: () => ({ instead: 'To answer it, use Create.' }),
		error: () => ({ instead: 'Close keeps it as it is. To try once more, use Create.' }),
	},
});

export const smsSendDescription = updateDisplayOptions(
	{ show: { resource: ['sms'], operation: ['send'] } },
	outputProperties,
);
