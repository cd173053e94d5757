import { updateDisplayOptions, type INodeProperties } from 'n8n-workflow';
import { bodyOf, checks, dates, idInPath, notInPast, type Check } from '../../../shared/checks';
import { outputProperties } from '../../../shared/output';
import { problem } from '../../../shared/problems';
import { inZone } from '../../../shared/time';
import { smsFields } from './fields';
import { lookFirst } from './lookFirst';

export const needsDate: Check = (context, request) => {
	const { date_scheduled: date } = bodyOf(request);
	if (date !== undefined && date !== null && String(date).trim() !== '') return;
	throw problem(context, "'Date Scheduled' is empty", 'Give the time to send at.');
};

export const scheduleChecks = checks(
	idInPath('smsId', 'SMS'),
	needsDate,
	dates('date_scheduled'),
	notInPast,
);

export const scheduleSteps = lookFirst({
	participle: 'scheduled',
	assumed: {
		answer: { status: 'draft' },
		note: 'The text would be looked up first; this assumes that it is a draft. One that is scheduled for another time would be set back to draft before.',
	},
	verdicts: {
		draft: (_, wanted) => ({ change: [wanted] }),
		scheduled: ({ date_scheduled: was }, wanted, zone) => {
			const [from, to] = [inZone(was, zone), inZone(wanted.date_scheduled, zone)];
			if (from === to) return { alreadySo: `It was scheduled for ${to} already.` };
			// Close lets only a draft be edited.
			return { change: [{ status: 'draft' }, wanted], note: `Moved from ${from} to ${to}.` };
		},
		outbox: () => ({
			instead: 'Cancel may still stop it. If it does, the text can be scheduled.',
		}),
		sent: () => ({ instead: 'It cannot be taken back. To text again, use Create.' }),
		inbox: () => ({ instead: 'To answer it later, use Create with the mode Schedule.' }),
		error: () => ({ instead: 'Close keeps it as it is. To try once more, use Create.' }),
	},
});

const properties: INodeProperties[] = [
	{
		...smsFields.dateScheduled,
		required: true,
		description:
			'When to send. A text that is scheduled already is moved. A time without offset is read in the time zone of the workflow.',
	},
	...outputProperties,
];

export const smsScheduleDescription = updateDisplayOptions(
	{ show: { resource: ['sms'], operation: ['schedule'] } },
	properties,
);
