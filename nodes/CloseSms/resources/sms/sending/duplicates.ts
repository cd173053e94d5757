import type { IDataObject } from 'n8n-workflow';
import { TEXTS_NOBODY, type SmsActivity } from '../../../../shared/closeTypes';
import { normalizeText } from '../../../../shared/fieldValues';
import { isSamePhoneNumber } from '../../../../shared/phoneNumber';
import {
	isSurvived,
	WaitTimeoutError,
	type HandlerContext,
} from '../../../transport/request/operationHandler';
import { validationError } from '../../../validation/validationError';
import { paginateSms } from '../api/paginateSms';
import { smsRead } from '../api/smsRequest';

/** What makes two texts the same. */
interface Message {
	text: unknown;
	remotePhone: unknown;
	/** A filter of Close that finds the texts of the same person. */
	recipientFilter: IDataObject;
	/** The draft of this very text, where there is one already. */
	ownId?: string;
	minutes: number;
}

/** In doubt, as of a status that is new in Close, nobody is texted again. */
const textsSomebody = ({ status }: SmsActivity) => !TEXTS_NOBODY.has(status);

/** Clocks that differ by less count as equal. */
const CLOCK_TOLERANCE_MS = 60_000;

const FIELDS = 'id,date_created,direction,remote_phone,status,text';

/** Finds an activity of the last minutes with the same text to the same number. */
async function findDuplicate(
	context: HandlerContext,
	message: Message,
	/** By how many milliseconds Close's clock, which dates its texts, is ahead of ours, once that is known. */
	clockOffset?: number,
): Promise<SmsActivity | undefined> {
	const { text, remotePhone, recipientFilter, ownId, minutes } = message;
	const now = Date.now() + (clockOffset ?? 0);
	const since = new Date(now - minutes * 60_000).toISOString();
	const query = { ...recipientFilter, date_created__gte: since, _fields: FIELDS };
	const assumed = {
		body: {},
		note: 'The texts of that time would be looked up first; this assumes that the same one is not among them.',
	};
	const listed = paginateSms(context, query, { assumed });
	for await (const { activities, time } of listed) {
		const offset = time - Date.now();
		if (clockOffset === undefined && Math.abs(offset) > CLOCK_TOLERANCE_MS)
			return await findDuplicate(context, message, offset);
		const duplicate = activities.find(
			(one) =>
				one.id !== ownId &&
				textsSomebody(one) &&
				one.direction !== 'inbound' &&
				isSamePhoneNumber(one.remote_phone, remotePhone) &&
				normalizeText(one.text) === normalizeText(text),
		);
		if (duplicate) return duplicate;
	}
	return undefined;
}

/** How sending a text ended. */
interface Outcome {
	/** The SMS, if one was created. */
	id?: string;
	/** It may have been sent. */
	isUnknown: boolean;
	/** In milliseconds since 1970. */
	endedAt: number;
}

/**
 * The texts that this process is sending, or sent within the last minute: Close may not list them yet. Each waits for
 * the one before it with the same words to the same number, whichever execution that belongs to.
 */
const textsInProgress = new Map<
	string,
	{
		outcome: Promise<Outcome | undefined>;
		/** In milliseconds since 1970; Infinity until the outcome is known. */
		endedAt: number;
		run: WeakRef<object>;
	}
>();
const REMEMBERED_MS = 60_000;

function forgetEnded(): void {
	const before = Date.now() - REMEMBERED_MS;
	// In the order in which they began: the first that is to be kept ends the search.
	for (const [key, { endedAt }] of textsInProgress) {
		if (endedAt > before) return;
		textsInProgress.delete(key);
	}
}

/** The same text may have been sent just now, by another item or execution. @param reason why nobody knows, as a sentence */
const toMayBeDuplicate = ({ n8n }: HandlerContext, reason: string) =>
	validationError(
		n8n,
		'Not sent: the same text may just have been sent to the same number',
		`${reason} Look at it in Close before you run this item again.`,
	);

/** The status of a text that was deleted since. */
const DELETED = new Set(['404']);

/**
 * Reads what an earlier item or execution of this process sent.
 *
 * @returns undefined when it sent nothing, or what it sent does not go out any more
 * @throws {ItemFailure} when it may have sent it, and Close does not show that yet
 */
async function readEarlier(
	context: HandlerContext,
	{ ownId, minutes }: Message,
	earlier: Outcome | undefined,
): Promise<SmsActivity | undefined> {
	if (!earlier?.id || earlier.id === ownId) return undefined;
	if (earlier.endedAt < Date.now() - minutes * 60_000) return undefined;
	const response = await context.trySend(smsRead(context, earlier.id), DELETED);
	if (isSurvived(response)) return undefined;
	const found = response.body as SmsActivity;
	if (textsSomebody(found)) return found;
	if (earlier.isUnknown) throw toMayBeDuplicate(context, "Close's response to that one got lost.");
	return undefined;
}

/** @throws {ItemFailure} when it took too long */
async function waitForText(
	context: HandlerContext,
	outcome: Promise<Outcome | undefined>,
	ms?: number,
): Promise<Outcome | undefined> {
	return await context.waitFor(outcome, ms).catch((error: Error) => {
		throw error instanceof WaitTimeoutError
			? toMayBeDuplicate(
					context,
					"Another execution has been sending that one for longer than 'Give Up After'.",
				)
			: error;
	});
}

export interface DuplicateCheck {
	/** The same text, which went to the same number. */
	duplicate?: SmsActivity;
	/** Tells those who wait to send the same text how this one ended. To be called in any case. */
	end: (hasBegunToSend: boolean) => void;
}

/**
 * Looks for the same text to the same number. Whoever is about to send that too, in this process, waits until `end`.
 *
 * @param account identifies the account of Close
 * @throws {ItemFailure} when the same text may have been sent just now; whatever a request throws
 */
export async function checkDuplicate(
	context: HandlerContext,
	account: string,
	message: Message,
): Promise<DuplicateCheck> {
	const { item } = context;
	if (item.options.dryRun) {
		await findDuplicate(context, message);
		return { end: () => {} };
	}
	forgetEnded();
	const key = JSON.stringify([account, message.remotePhone, normalizeText(message.text)]);
	const before = textsInProgress.get(key);
	let resolve!: (outcome: Outcome | undefined | Promise<Outcome | undefined>) => void;
	const own = {
		outcome: new Promise<Outcome | undefined>((settled) => (resolve = settled)),
		endedAt: Infinity,
		run: new WeakRef(context.run),
	};
	void own.outcome.then(() => (own.endedAt = Date.now()));
	textsInProgress.delete(key);
	textsInProgress.set(key, own);
	const end = (hasBegunToSend: boolean) => {
		const isUnknown = item.unknownOutcome !== undefined;
		// Who waits for this one waits for the one before it, if that has not ended.
		resolve(
			hasBegunToSend ? { id: item.draftId, isUnknown, endedAt: Date.now() } : before?.outcome,
		);
	};
	const ms = before?.run.deref() === context.run ? undefined : item.options.giveUpAfter * 1000;
	const find = async () => {
		const earlier = before && (await waitForText(context, before.outcome, ms));
		return (
			(await readEarlier(context, message, earlier)) ?? (await findDuplicate(context, message))
		);
	};
	const duplicate = await find().catch((error: Error) => {
		end(false);
		throw error;
	});
	return { duplicate, end };
}
