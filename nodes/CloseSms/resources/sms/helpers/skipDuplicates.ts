import type { IDataObject, IExecutePaginationFunctions, INodeProperties } from 'n8n-workflow';
import { getBody, type PreSendValidator } from '../../../validation/preSend';
import type { SmsActivity } from '../../../../shared/closeTypes';
import type { CloseResponse, RoutingRequest } from '../../../transport/requestWithRetry';
import { validationError } from '../../../validation/validationError';
import type { Send } from '../../../transport/operationHandler';
import { paginateSms } from './paginateSms';

const LABEL = 'Skip If Texted Within';

export const skipIfTextedWithinOption: INodeProperties = {
	displayName: LABEL,
	name: 'skipIfTextedWithin',
	type: 'number',
	default: 60,
	typeOptions: { minValue: 0 },
	description:
		'For how many minutes back to look whether the same text to the same number was created in Close and was sent, is about to be, or is scheduled. Then it is not sent again: the output is that earlier text, and "_note" says so. With a lead or contact, its texts are looked at, else all. The same goes for two items of one run. Texts of a template are compared as Close renders them, in a draft that is deleted again. 0 switches this off.',
	displayOptions: {
		show: { '/resource': ['sms'], '/operation': ['create'], '/mode': ['schedule', 'send'] },
	},
};

type Context = Pick<IExecutePaginationFunctions, 'getNodeParameter'>;

/** Minutes; 0 when it is off. */
export const getSkipMinutes = (context: Context): number =>
	Number(context.getNodeParameter('options.skipIfTextedWithin', 0));

export const validateDuplicateCheck: PreSendValidator = (context, request) => {
	const minutes = getSkipMinutes(context);
	const { text, template_id: template } = getBody(request);
	if (!(minutes >= 0))
		throw validationError(context, `'${LABEL}' is not a number of minutes`, 'Give a number, or 0.');
	if (minutes > 0 && !text && !template)
		throw validationError(
			context,
			`'${LABEL}' has no text to compare`,
			"Give 'Text' or 'Template', or remove this option.",
		);
};

/** What makes two texts the same. */
export interface Message {
	text: unknown;
	remotePhone: unknown;
	/** A filter of Close that finds the texts of the same person. */
	recipientFilter: IDataObject;
	/** A draft that is this very text. */
	ownId?: string;
}

const normalizeText = (text: unknown) =>
	String(text ?? '')
		.replace(/\s+/g, ' ')
		.trim();

const DUPLICATE_STATUSES = new Set(['outbox', 'scheduled', 'sent']);

const FIELDS = 'id,date_created,direction,remote_phone,status,text';

/** An activity of the last minutes with the same text to the same number. */
async function findDuplicate(
	send: Send,
	request: RoutingRequest,
	{ text, remotePhone, recipientFilter, ownId }: Message,
	minutes: number,
): Promise<SmsActivity | undefined> {
	const since = new Date(Date.now() - minutes * 60_000).toISOString();
	const query = { ...recipientFilter, date_created__gte: since, _fields: FIELDS };
	const listed = paginateSms(send, request, query, Infinity, {
		body: {},
		note: 'The texts of that time would be looked up first; this assumes that the same one is not among them.',
	});
	for await (const { activities } of listed) {
		const duplicate = activities.find(
			(one) =>
				one.id !== ownId &&
				DUPLICATE_STATUSES.has(one.status) &&
				one.direction !== 'inbound' &&
				one.remote_phone === remotePhone &&
				normalizeText(one.text) === normalizeText(text),
		);
		if (duplicate) return duplicate;
	}
	return undefined;
}

/** For each run, or run of an agent: the last item with a message, and what came of it. */
const inProgress = new WeakMap<object, Map<string, Promise<SmsActivity | undefined>>>();

function getInProgress(run: object): Map<string, Promise<SmsActivity | undefined>> {
	const line = inProgress.get(run) ?? new Map();
	inProgress.set(run, line);
	return line;
}

/**
 * Does the work unless the same text went to the same number. Items of one run with the same message go one after
 * the other, so that the second knows of the first even before Close lists it.
 *
 * @param run the object that stands for the run
 */
export async function unlessDuplicate(
	run: object,
	send: Send,
	request: RoutingRequest,
	message: Message,
	minutes: number,
	work: () => Promise<CloseResponse>,
): Promise<{ duplicate: SmsActivity } | { answer: CloseResponse }> {
	const line = getInProgress(run);
	const key = JSON.stringify([message.remotePhone, normalizeText(message.text)]);
	const before = line.get(key);
	let settle!: (gone?: SmsActivity) => void;
	line.set(key, new Promise((resolve) => (settle = resolve)));
	try {
		const duplicate = (await before) ?? (await findDuplicate(send, request, message, minutes));
		if (duplicate) {
			settle(duplicate);
			return { duplicate };
		}
		const answer = await work();
		// A dry run has no answer.
		if (answer.body.id) settle(answer.body as SmsActivity);
		return { answer };
	} finally {
		settle();
	}
}
