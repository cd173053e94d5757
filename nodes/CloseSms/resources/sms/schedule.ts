import type { INodeProperties } from 'n8n-workflow';
import { isBlank } from '../../../shared/fieldValues';
import { inZone, withZoneNote } from '../../../shared/time';
import { sendInOrder } from '../../transport/run/sendInOrder';
import { formatDates, rejectPastSchedule, requireTimeOfDay } from '../../validation/dates';
import { getBody, preSend, type PreSendValidator } from '../../validation/preSend';
import { validationError } from '../../validation/validationError';
import type { Operation } from '../operation';
import { sendAtField } from './fields/fields';
import { setSmsId } from './fields/smsId';
import { statusTransition } from './sending/statusTransition';

const requireSendAt: PreSendValidator = (context, request) => {
	if (!isBlank(getBody(request).date_scheduled)) return;
	throw validationError(context, "'Send At' is empty", 'Give the time to send at.');
};

const preSendSchedule = preSend(
	setSmsId,
	requireSendAt,
	requireTimeOfDay,
	formatDates('date_scheduled'),
	rejectPastSchedule,
);

export const handleSchedule = statusTransition({
	participle: 'scheduled',
	assumedResponse: {
		body: { status: 'draft' },
		note: 'The SMS would be looked up first; this assumes that it is a draft. One that is scheduled for another time would be set back to draft before.',
	},
	transitions: {
		draft: (_, desired) => ({ updates: [desired] }),
		scheduled: ({ date_scheduled: was }, desired, zone) => {
			const [from, to] = [inZone(was, zone), inZone(desired.date_scheduled, zone)];
			if (from === to) return { unchanged: `It was scheduled for ${to} already.` };
			// Close lets only a draft be edited.
			const note = `Moved from ${from ?? 'no time'} to ${to}.`;
			return { updates: [{ status: 'draft' }, desired], note };
		},
		outbox: () => ({
			rejection: 'Cancel may still stop it. If it does, the SMS can be scheduled.',
		}),
		sent: () => ({ rejection: 'It cannot be taken back. To text again, use Send.' }),
		inbox: () => ({ rejection: 'To answer it later, use Send with a time.' }),
		error: () => ({ rejection: 'Close keeps it as it is. To try once more, use Send.' }),
	},
});

const properties: INodeProperties[] = [
	{
		...sendAtField,
		required: true,
		description: withZoneNote('When to send. An SMS that is scheduled already is moved.'),
	},
];

export const schedule: Operation = {
	option: {
		name: 'Schedule',
		value: 'schedule',
		action: 'Schedule SMS draft (texts real people)',
		description:
			'Send a draft later, or move a scheduled SMS to another time. Texts a real person at that time, which cannot be taken back; until then Cancel stops it.',
		routing: {
			request: { method: 'PUT', url: '/activity/sms/{id}/', body: { status: 'scheduled' } },
			send: { preSend: [preSendSchedule] },
			operations: { pagination: sendInOrder(handleSchedule) },
		},
	},
	subtitle: 'Schedule a draft',
	texts: 'existing',
	returnsSms: true,
	properties,
};
