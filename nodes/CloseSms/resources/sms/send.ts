import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { monotonicNow } from '../../../shared/delay';
import { showValue } from '../../../shared/showValue';
import { withNote } from '../../output/withNote';
import type { OperationHandler, RoutingRequest } from '../../transport/request/operationHandler';
import { findDifferences } from '../../transport/request/responseCheck';
import { sendInOrder } from '../../transport/run/sendInOrder';
import { attachments, rejectBlankAttachments } from '../../validation/attachments';
import { formatDates, rejectPastSchedule, requireTimeOfDay } from '../../validation/dates';
import { readIds } from '../../validation/ids';
import { limitLength } from '../../validation/messageLength';
import { rejectHoles } from '../../validation/missingValues';
import { readPhones } from '../../validation/phones';
import { getBody, preSend, type PreSendValidator } from '../../validation/preSend';
import { PICKED_CONTACT, setRecipient } from '../../validation/recipient';
import { omitEmptyFields, rejectWholeExpression, validateText } from '../../validation/requestBody';
import { requireChoice, validationError } from '../../validation/validationError';
import type { Operation } from '../operation';
import { withUploads } from '../withUploads';
import { smsRead, smsUpdate } from './api/smsRequest';
import { newSmsAttachments, sendAtField, smsFields } from './fields/fields';
import { fileExpiryHint } from './fields/hints';
import { listMode, numberMode, textMode } from './fields/locatorModes';
import { dispatch, getFreshSince } from './sending/dispatch';
import {
	createDraft,
	pickChecked,
	pickKept,
	checkDraft,
	readEarlierDraft,
	sendDraft,
	toSkipOutput,
	withDraftDeleted,
} from './sending/draftThenSend';
import { guardAgainstDuplicates } from './sending/duplicates';
import { inTurn } from './sending/oneAtATime';
import type { SendPlan } from './sending/planSend';
import { readSendRules } from './sending/sendRules';
import type { Ending } from './sending/textsInProgress';
import { waitUntilSent } from './sending/waitUntilSent';
import { withChosenNumber } from './sending/withChosenNumber';
import { withRecipient } from './sending/withRecipient';

const WHEN = ['now', 'at'] as const;
const MESSAGE_TYPES = ['text', 'template'] as const;

/** Both are shown, and sent, where an expression gives 'When': then the choice and the time must agree. */
const setStatusFromWhen: PreSendValidator = (context, request) => {
	const body = getBody(request);
	const when = requireChoice(context, "'When'", context.getNodeParameter('when', 'now'), WHEN);
	const { date_scheduled: date } = body;
	if (when === 'at' && !date)
		throw validationError(context, "'Send At' is empty", 'Give the time to send at.');
	if (when === 'now' && date)
		throw validationError(
			context,
			`'Send At' is set but 'When' is Now: ${showValue(date)}`,
			"Set 'When' to At a Time, or empty 'Send At'.",
		);
	body.status = when === 'now' ? 'outbox' : 'scheduled';
};

/** Both are shown, and sent, where an expression gives 'Message Type'. */
const validateMessage: PreSendValidator = (context, request) => {
	const { text, template_id: template } = getBody(request);
	const given: unknown = context.getNodeParameter('messageType', 'text');
	const isText = requireChoice(context, "'Message Type'", given, MESSAGE_TYPES) === 'text';
	if (isText ? template : text)
		throw validationError(
			context,
			isText
				? `'Template' is set but 'Message Type' is Own Words: ${showValue(template)}`
				: "'Message' is set but 'Message Type' is Template",
			'Close renders a template into the message: set one of them.',
		);
	if (isText && !text)
		throw validationError(
			context,
			"'Message' is empty",
			'Give what the person will read. To send files alone, make a draft with Create, then use Send Draft.',
		);
	if (!isText && !template)
		throw validationError(
			context,
			"'Template' is empty",
			'Choose one from the list or give its ID.',
		);
};

const requirePhones: PreSendValidator = (context, request) => {
	const { remote_phone: to, local_phone: from } = getBody(request);
	if (!to)
		throw validationError(context, "'To' is empty", 'Choose a person or give a phone number.');
	if (!from)
		throw validationError(context, "'From' is empty", 'Choose the number of yours to text from.');
};

/** Validates and completes the request, in this order. */
const preSendSend = preSend(
	rejectWholeExpression('additionalFields', 'Additional Fields'),
	rejectBlankAttachments,
	attachments,
	omitEmptyFields,
	requirePhones,
	setRecipient,
	readPhones,
	readIds,
	validateText,
	validateMessage,
	rejectHoles('message'),
	limitLength,
	setStatusFromWhen,
	requireTimeOfDay,
	formatDates('date_scheduled'),
	rejectPastSchedule,
);

/**
 * Texts a person. The text is created as a draft first and then sent by its ID: Close has no idempotency key, so after a
 * lost response nobody could say whether a create had texted the person. A lost draft texts nobody, and a draft whose ID
 * is known can be read.
 */
export const handleSend: OperationHandler = async (context) => {
	const { request, item } = context;
	const {
		status,
		date_scheduled: date,
		[PICKED_CONTACT]: pickedContactId,
		...body
	} = request.options.body as IDataObject;
	const desired = { status, ...(date ? { date_scheduled: date } : {}) };
	const { remote_phone: remotePhone, contact_id: contactId, lead_id: leadId } = body;
	const addressee = { remotePhone, contactId, leadId, pickedContactId };
	const decideWhen = async (since: number) => {
		const plan = await readSendRules(context, addressee, since);
		return plan(desired, context.now());
	};
	let draft = await readEarlierDraft(context);
	const isDone = (asked: IDataObject) =>
		draft !== undefined && findDifferences(asked, draft.body).length === 0;
	if (draft && isDone(desired)) return await waitUntilSent(context, draft);
	const first = await decideWhen(getFreshSince());
	if (draft && isDone(first.body)) return withNote(await waitUntilSent(context, draft), first.note);
	// Only Close knows the words of a template.
	if (body.template_id) draft ??= await createDraft(context, body);
	const words: unknown = body.template_id ? draft?.body.text : body.text;
	const guard = await guardAgainstDuplicates(context, {
		text: words,
		attachments: body.attachments ?? draft?.body.attachments,
		remotePhone,
		leadId,
	});
	let ending: Ending | undefined;
	const { skipIfTextedWithin, dryRun } = item.options;
	const areWordsKnown = words === null || typeof words === 'string' || dryRun;
	const sendText = async () => {
		if (skipIfTextedWithin > 0 && !areWordsKnown)
			throw validationError(
				context.n8n,
				'It is not known whether this SMS was sent before: Close does not show its words',
				"In doubt nobody is texted. Remove 'Skip If Texted Within' to send it all the same.",
			);
		const skip = await guard.find({ id: item.draftId, at: first.at }, getFreshSince());
		if (skip) return skip;
		const { body: drafted } = (draft ??= await createDraft(context, body));
		const draftedAt = monotonicNow();
		checkDraft(context, drafted);
		const checked = {
			...pickChecked(drafted),
			...(body.attachments ? { attachments: body.attachments } : {}),
		};
		const kept = pickKept(drafted);
		const update = {
			decide: async (since: number) => {
				const plan = await decideWhen(since);
				const own = { id: item.draftId, at: plan.at };
				const skip =
					(await guard.find(own, since)) ??
					(await guard.findConcurrent(own, Math.max(since, draftedAt)));
				if (skip) return skip;
				ending = { id: item.draftId, at: plan.at, isUnknown: false };
				return plan;
			},
			toRequest: (plan: SendPlan) => ({
				...smsUpdate(context, { ...checked, ...plan.body }, item.draftId),
				kept,
				expected: { ...kept, ...body, ...checked, ...plan.body },
			}),
			send: async (update: RoutingRequest) => await sendDraft(context, update),
		};
		const { url } = smsRead(context, item.draftId).options;
		return await inTurn(context, {
			url: String(url),
			sendsText: true,
			work: async () => await dispatch(context, update),
		});
	};
	const sent = await sendText()
		.catch(async (error: unknown) => {
			throw await withDraftDeleted(context, error, ending !== undefined);
		})
		.finally(() =>
			guard.end(ending && { ...ending, isUnknown: item.unknownOutcome !== undefined }),
		);
	if ('earlier' in sent) return await toSkipOutput(context, sent);
	return withNote(await waitUntilSent(context, sent.response), sent.plan.note);
};

const properties: INodeProperties[] = [
	{
		displayName: 'To',
		name: 'to',
		type: 'resourceLocator',
		required: true,
		default: { mode: 'list', value: '' },
		description:
			'The person to text. For a contact, the node chooses the number, a mobile one before others; a contact who opted out at any of their numbers is not texted.',
		modes: [
			listMode('getPeople'),
			numberMode('+14155550123'),
			textMode('Contact', 'contact', 'cont_…'),
		],
		routing: { send: { type: 'body', property: 'remote_phone' } },
	},
	{
		...smsFields.localPhone,
		displayName: 'From',
		name: 'from',
		required: true,
		description: 'Your number to text from. It must be one of your numbers in Close that can text.',
	},
	{
		displayName: 'Message Type',
		name: 'messageType',
		type: 'options',
		default: 'text',
		description: 'Where the words come from',
		options: [
			{ name: 'Own Words', value: 'text', description: 'You write them here' },
			{ name: 'Template', value: 'template', description: 'Close renders an SMS template' },
		],
	},
	{
		...smsFields.text,
		displayName: 'Message',
		name: 'message',
		required: true,
		displayOptions: { show: { messageType: ['text'] } },
	},
	{
		...smsFields.templateId,
		required: true,
		description: 'The SMS template that Close renders for the person',
		displayOptions: { show: { messageType: ['template'] } },
	},
	{
		displayName: 'When',
		name: 'when',
		type: 'options',
		default: 'now',
		description: 'When the person is texted',
		options: [
			{ name: 'Now', value: 'now', description: 'At once; it cannot be taken back' },
			{ name: 'At a Time', value: 'at', description: 'Later; until then it can be canceled' },
		],
	},
	{ ...sendAtField, required: true, displayOptions: { show: { when: ['at'] } } },
];

export const send: Operation = {
	option: {
		name: 'Send',
		value: 'send',
		builderHint: {
			propertyHint:
				'Texts a real person with a new message. To let a person approve the message first, use "create" with the mode "draft" instead.',
		},
		action: 'Send SMS (texts real people)',
		description: 'Text a real person, now or at a time. What has gone out cannot be taken back.',
		routing: {
			request: { method: 'POST', url: '/activity/sms/' },
			send: { preSend: [preSendSend] },
			operations: {
				pagination: sendInOrder(withChosenNumber(withRecipient(withUploads(handleSend)))),
			},
		},
	},
	subtitle: 'Send a new SMS',
	subtitleBy: {
		setting: '$rawParameter.when',
		words: { now: 'Send a new SMS now', at: 'Send a new SMS at a time' },
	},
	texts: 'new',
	returnsSms: true,
	hints: [
		fileExpiryHint({
			operation: 'send',
			isLater: '$parameter["when"] === "at"',
			collection: 'additionalFields',
			date: '$parameter["sendAt"]',
		}),
	],
	takesNumbers: true,
	takesWords: true,
	properties,
	additionalFields: [newSmsAttachments, smsFields.contactId, smsFields.leadId, smsFields.userId],
};
