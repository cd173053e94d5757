import type { IDataObject, INodeProperties } from 'n8n-workflow';
import type { SmsActivity } from '../../../../shared/closeTypes';
import type {
	CloseResponse,
	RoutingRequest,
	Send,
	WaitFor,
} from '../../../transport/operationHandler';
import { getBody, type PreSendValidator } from '../../../validation/preSend';
import { validationError } from '../../../validation/validationError';
import { paginateSms } from './paginateSms';

const LABEL = 'Skip If Texted Within';

export const skipIfTextedWithinOption: INodeProperties = {
	displayName: LABEL,
	name: 'skipIfTextedWithin',
	type: 'number',
	default: 60,
	typeOptions: { minValue: 0 },
	description:
		'How many minutes back to look in Close for the same text to the same number that was sent, is about to be sent, or is scheduled. If there is one, the text is not sent again: the output is the earlier text, and "_note" says so. With a lead or contact, only its texts are compared, otherwise all. The same goes for two items of one run. Texts of a template are compared as Close renders them, in a draft that is deleted again. 0 switches this off.',
	displayOptions: {
		show: { '/resource': ['sms'], '/operation': ['create'], '/mode': ['schedule', 'send'] },
	},
};

export const validateDuplicateCheck: PreSendValidator = (context, request, options) => {
	const { text, template_id: template } = getBody(request);
	if (options.skipIfTextedWithin > 0 && !text && !template)
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
	/** The draft of this very text, where there is one already. */
	ownId?: string;
	minutes: number;
}

const normalizeText = (text: unknown) =>
	String(text ?? '')
		.replace(/\s+/g, ' ')
		.trim();

const DUPLICATE_STATUSES = new Set(['outbox', 'scheduled', 'sent']);

const FIELDS = 'id,date_created,direction,remote_phone,status,text';

/** Finds an activity of the last minutes with the same text to the same number. */
async function findDuplicate(
	send: Send,
	request: RoutingRequest,
	{ text, remotePhone, recipientFilter, ownId, minutes }: Message,
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

/** How sending a text ended. */
interface Outcome {
	sms?: SmsActivity;
	/** It may have been sent. */
	isUnknown?: boolean;
	/** In milliseconds since 1970. */
	endedAt?: number;
}

/**
 * The texts that this process is sending, or sent within the last minute: Close may not list them yet. Each waits for
 * the one before it with the same words to the same number, whichever execution that belongs to.
 */
const textsInProgress = new Map<string, { outcome: Promise<Outcome>; endedAt: number }>();
const REMEMBERED_MS = 60_000;

function forgetEnded(): void {
	const before = Date.now() - REMEMBERED_MS;
	// In the order in which they began: the first that is to be kept ends the search.
	for (const [key, { endedAt }] of textsInProgress) {
		if (endedAt > before) return;
		textsInProgress.delete(key);
	}
}

/** Thrown when the same text may have been sent just now, by another item or execution. */
export class MayBeDuplicateError extends Error {}

/**
 * Sends a text unless the same one went to the same number.
 *
 * @param isUnknown whether the text may have been sent, when sending it failed
 * @throws {MayBeDuplicateError} when the same text may have been sent just now
 */
export async function unlessDuplicate(
	send: Send,
	request: RoutingRequest,
	waitFor: WaitFor,
	message: Message,
	sendText: () => Promise<CloseResponse>,
	isUnknown: () => boolean,
): Promise<{ duplicate: SmsActivity } | { response: CloseResponse }> {
	forgetEnded();
	const { remotePhone, text, ownId, minutes } = message;
	const key = JSON.stringify([request.options.baseURL, remotePhone, normalizeText(text)]);
	const before = textsInProgress.get(key)?.outcome;
	let settle!: (outcome: Outcome) => void;
	const own = {
		outcome: new Promise<Outcome>((resolve) => (settle = resolve)),
		endedAt: Infinity,
	};
	textsInProgress.delete(key);
	textsInProgress.set(key, own);
	let outcome: Outcome = {};
	try {
		const earlier = before && (await waitFor(before));
		const isRecent = (earlier?.endedAt ?? 0) > Date.now() - minutes * 60_000;
		if (isRecent) outcome = earlier!;
		if (isRecent && earlier!.isUnknown) throw new MayBeDuplicateError();
		const known = isRecent && earlier!.sms?.id !== ownId ? earlier!.sms : undefined;
		const duplicate = known ?? (await findDuplicate(send, request, message));
		if (duplicate) {
			outcome = { sms: duplicate, endedAt: earlier?.endedAt ?? Date.now() };
			return { duplicate };
		}
		const response = await sendText().catch((error) => {
			outcome = { isUnknown: isUnknown(), endedAt: Date.now() };
			throw error;
		});
		// A dry run has no response.
		if (response.body.id) outcome = { sms: response.body as SmsActivity, endedAt: Date.now() };
		return { response };
	} finally {
		own.endedAt = Date.now();
		settle(outcome);
	}
}
