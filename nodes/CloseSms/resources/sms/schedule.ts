import { updateDisplayOptions, type INodeProperties } from 'n8n-workflow';
import { getBody, preSend, type PreSendValidator } from '../../validation/preSend';
import { outputProperties } from '../../output/outputProperties';
import { validationError } from '../../validation/validationError';
import { inZone } from '../../../shared/time';
import { smsFields } from './helpers/fields';
import { statusTransition } from './helpers/statusTransition';
import { formatDates, rejectPastSchedule } from '../../validation/dates';
import { setPathId } from '../../validation/pathId';

export const requireDateScheduled: PreSendValidator = (context, request) => {
	const { date_scheduled: date } = getBody(request);
	if (date !== undefined && date !== null && String(date).trim() !== '') return;
	throw validationError(context, "'Date Scheduled' is empty", 'Give the time to send at.');
};

export const preSendSchedule = preSend(
	setPathId('smsId', 'SMS'),
	requireDateScheduled,
	formatDates('date_scheduled'),
	rejectPastSchedule,
);

export const handleSchedule = statusTransition({
	participle: 'scheduled',
	assumedResponse: {
		body: { status: 'draft' },
		note: 'The text would be looked up first; this assumes that it is a draft. One that is scheduled for another time would be set back to draft before.',
	},
	transitions: {
		draft: (_, desired) => ({ updates: [desired] }),
		scheduled: ({ date_scheduled: was }, desired, zone) => {
			const [from, to] = [inZone(was, zone), inZone(desired.date_scheduled, zone)];
			if (from === to) return { unchanged: `It was scheduled for ${to} already.` };
			// Close lets only a draft be edited.
			return { updates: [{ status: 'draft' }, desired], note: `Moved from ${from} to ${to}.` };
		},
		outbox: () => ({
			rejection: 'Cancel may still stop it. If it does, the text can be scheduled.',
		}),
		sent: () => ({ rejection: 'It cannot be taken back. To text again, use Create.' }),
		inbox: () => ({ rejection: 'To answer it later, use Create with the mode Schedule.' }),
		error: () => ({ rejection: 'Close keeps it as it is. To try once more, use Create.' }),
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
