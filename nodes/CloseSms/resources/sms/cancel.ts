import { updateDisplayOptions } from 'n8n-workflow';
import { checks, idInPath } from '../../../shared/checks';
import { outputProperties } from '../../../shared/output';
import { lookFirst } from './lookFirst';

export const cancelChecks = checks(idInPath('smsId', 'SMS'));

export const cancelSteps = lookFirst({
	participle: 'canceled',
	assumed: {
		answer: { status: 'scheduled' },
		note: 'The text would be looked up first; this assumes that it is scheduled.',
	},
	verdicts: {
		scheduled: (_, wanted) => ({ change: [wanted] }),
		outbox: (_, wanted) => ({ change: [wanted] }),
		draft: () => ({ alreadySo: 'It was a draft already, so there was nothing to cancel.' }),
		sent: () => ({ instead: 'A text that has gone out cannot be taken back.' }),
		inbox: () => ({ instead: 'Only texts of your own can be canceled.' }),
		error: () => ({ instead: 'It reached nobody, so there is nothing to cancel.' }),
	},
});

export const smsCancelDescription = updateDisplayOptions(
	{ show: { resource: ['sms'], operation: ['cancel'] } },
	outputProperties,
);
