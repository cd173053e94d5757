import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { OUTGOING_STATUSES, type SmsActivity } from '../../../shared/closeTypes';
import { toTextFact } from '../../../shared/describeStatus';
import { fieldLabel } from '../../../shared/errors/fieldLabel';
import { withWholeExpression } from '../../../shared/wholeExpression';
import type { HandlerContext, OperationHandler } from '../../transport/request/operationHandler';
import { sendInOrder } from '../../transport/run/sendInOrder';
import { attachments } from '../../validation/attachments';
import { formatDates, validateSchedule, requireTimeOfDay } from '../../validation/dates';
import { readIds } from '../../validation/ids';
import { limitLength } from '../../validation/messageLength';
import { rejectHoles } from '../../validation/missingValues';
import { readPhones } from '../../validation/phones';
import { getBody, preSend, type PreSendValidator } from '../../validation/preSend';
import {
	rejectBlankInSending,
	rejectWholeExpression,
	requireChange,
	requireOneOf,
	setClearedFields,
	omitEmptyFields,
	rejectTextWithTemplate,
	validateText,
} from '../../validation/requestBody';
import { validationError } from '../../validation/validationError';
import type { Operation } from '../operation';
import { sendsTextNotice } from '../sendsTextNotice';
import { withUploads } from '../withUploads';
import { smsFields, STATUSES } from './fields/fields';
import { smsRead } from './api/smsRequest';
import { fileExpiryHint } from './fields/hints';
import { setSmsId } from './fields/smsId';
import { dispatch } from './sending/dispatch';
import { rejectTooLong } from './sending/draftThenSend';
import { oneAtATime } from './sending/oneAtATime';
import { planAsAsked } from './sending/planSend';
import { withCurrentStatus } from './sending/withCurrentStatus';

/** Fields that may be empty in Close (Close: "Update an SMS activity"). */
const CLEARABLE_FIELDS = [
	{ name: 'Activity At', value: 'activityAt' },
	{ name: 'Attachments', value: 'attachments' },
	{ name: 'Contact', value: 'contactId' },
	{ name: 'Lead', value: 'leadId' },
	{ name: 'Local Phone', value: 'localPhone' },
	{ name: 'Remote Phone', value: 'remotePhone' },
	{ name: 'Template', value: 'templateId' },
	{ name: 'Text', value: 'text' },
	{ name: 'User', value: 'userId' },
];

/** Close renders the template as the text goes out: nobody sees its words before. */
const rejectUncountable: PreSendValidator = (context, request, { maxSegments }) => {
	const { status, template_id: template } = getBody(request);
	if (!template || maxSegments === Infinity || !OUTGOING_STATUSES.has(status)) return;
	throw validationError(
		context,
		"'Max Segments' cannot be checked for a template that Update sends",
		'Use Send with the template, or update the draft first and then send it with Send Draft.',
	);
};

/** Rejects an SMS that is to go out without what Close needs for that. Runs after `setClearedFields`. */
const rejectClearedInSending: PreSendValidator = (context, request) => {
	const body = getBody(request);
	if (!OUTGOING_STATUSES.has(body.status)) return;
	const toNext = (what: string) =>
		`Remove ${what} from 'Clear Fields', or remove 'Status' to change only the draft.`;
	const needed = ['remote_phone', 'local_phone'].find((field) => body[field] === null);
	if (needed)
		throw validationError(
			context,
			`'${fieldLabel(needed)}' is cleared, but an SMS that goes out needs it`,
			toNext('it'),
		);
	if (body.text === null && body.attachments === null && !body.template_id)
		throw validationError(
			context,
			"'Text' and 'Attachments' are cleared, so nothing would go out",
			toNext('one of them'),
		);
};

/** Validates and completes the request, in this order. */
const preSendUpdate = preSend(
	rejectWholeExpression('updateFields', 'Update Fields'),
	setSmsId,
	attachments,
	rejectBlankInSending,
	omitEmptyFields,
	validateText,
	rejectHoles('updateFields.text'),
	limitLength,
	requireOneOf('status', STATUSES),
	setClearedFields(CLEARABLE_FIELDS.map(({ value }) => value)),
	rejectClearedInSending,
	requireChange,
	requireTimeOfDay,
	formatDates('activity_at', 'date_scheduled'),
	validateSchedule,
	readPhones,
	readIds,
	rejectTextWithTemplate,
	rejectUncountable,
);

/**
 * Counts what is in Close already, for 'Max Segments', before it goes out. Without that option Update reads nothing.
 *
 * @returns what was counted, for the request that lets it go out: somebody may change it in between
 * @throws {ItemFailure} when it is too long
 */
async function checkStoredWords({
	n8n,
	request,
	item,
	send,
}: HandlerContext): Promise<IDataObject> {
	const body = request.options.body as IDataObject;
	const isAsked = item.options.maxSegments < Infinity && OUTGOING_STATUSES.has(body.status);
	if (!isAsked || body.text !== undefined) return {};
	const found = await send({
		...smsRead({ request }),
		assumed: { body: {}, note: 'The SMS would be read first, to count its segments.' },
	});
	const seen = toTextFact(found.body as SmsActivity, n8n.getTimezone(), { origin: 'given' });
	rejectTooLong({ n8n, item }, { ...found.body, ...body }, seen);
	const { text } = found.body;
	return typeof text === 'string' && text !== '' ? { text } : {};
}

/** A time to send at that passes while the update waits is an error: Close would send the text at once. */
const sendUpdate: OperationHandler = async (context) => {
	const { n8n, send } = context;
	const counted = await checkStoredWords(context);
	const body = { ...(context.request.options.body as IDataObject), ...counted };
	const request = { ...context.request, options: { ...context.request.options, body } };
	if (body.status !== 'scheduled') return (await send(request)).items;
	const plan = planAsAsked(n8n);
	const sent = await dispatch(context, {
		decide: async () => plan(body, context.now()),
		toRequest: () => request,
		send,
	});
	return sent.response.items;
};

const handleUpdate = withCurrentStatus(withUploads(oneAtATime(sendUpdate)));

const properties: INodeProperties[] = [
	sendsTextNotice('updateNotice', { '/updateFields.status': ['outbox', 'scheduled'] }),
	...withWholeExpression({
		displayName: 'Update Fields',
		name: 'updateFields',
		type: 'collection',
		default: {},
		placeholder: 'Add Field',
		description: 'What to change. Fields that are not added, or are empty, stay as they are.',
		options: [
			smsFields.activityAt,
			smsFields.attachments,
			smsFields.contactId,
			smsFields.dateScheduled,
			smsFields.leadId,
			smsFields.localPhone,
			smsFields.remotePhone,
			smsFields.status,
			smsFields.templateId,
			smsFields.text,
			smsFields.userId,
		],
	}),
	{
		displayName: 'Clear Fields',
		name: 'clearFields',
		type: 'multiOptions',
		default: [],
		description: 'Fields to empty in Close',
		options: CLEARABLE_FIELDS,
	},
];

export const update: Operation = {
	option: {
		name: 'Update',
		value: 'update',
		builderHint: {
			propertyHint:
				'Texts a person only with the status "outbox" (at once) or "scheduled" (needs dateScheduled). The status "sent" only records and texts nobody.',
		},
		action: 'Update SMS (may text real people)',
		description:
			'Change a draft, send it now, schedule it, or cancel it. What was sent cannot be taken back.',
		routing: {
			request: { method: 'PUT', url: '/activity/sms/{id}/' },
			send: { preSend: [preSendUpdate] },
			operations: { pagination: sendInOrder(handleUpdate) },
		},
	},
	subtitle: 'Update an SMS',
	subtitleBy: {
		setting: '$rawParameter.updateFields?.status',
		words: {
			draft: 'Set back to a draft',
			inbox: 'Log as received',
			outbox: 'Update and send now',
			scheduled: 'Update and send later',
			sent: 'Log as sent',
		},
	},
	returnsSms: true,
	hints: [
		fileExpiryHint({
			operation: 'update',
			isLater: '$parameter["updateFields"]?.status === "scheduled"',
			collection: 'updateFields',
			date: '$parameter["updateFields"]?.dateScheduled',
		}),
	],
	takesNumbers: true,
	takesWords: true,
	properties,
};
