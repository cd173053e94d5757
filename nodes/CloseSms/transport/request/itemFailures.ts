import type { IDataObject, IExecutePaginationFunctions } from 'n8n-workflow';
import { explainFailure } from '../../../shared/carrierErrors';
import { TEXTS_NOBODY, type SmsActivity } from '../../../shared/closeTypes';
import { monotonicNow } from '../../../shared/delay';
import { describeReason, toTextFact } from '../../../shared/describeStatus';
import { closeFailure } from '../../../shared/errors/closeError';
import { ItemFailure, summarize, type TextFact } from '../../../shared/errors/itemFailure';
import { joinSentences } from '../../../shared/errors/joinSentences';
import type { RequestFailure } from '../../../shared/errors/requestFailure';
import { toFailureOfItem } from '../../../shared/errors/toFailureOfItem';
import { validationError } from '../../../shared/errors/validationError';
import type { ItemState } from './itemState';
import type { RoutingRequest } from './operationHandler';
import { describeDifferences, findDifferences } from './responseCheck';

interface FailureContext {
	context: IExecutePaginationFunctions;
	item: ItemState;
}

const RATE_LIMIT_NEXT =
	"Close limits how many requests a key may make. Raise 'Give Up After' in Options, or run fewer workflows with this key at once.";

const BUSY = 'Close was busy or out of reach';

/** Where the text that an item is about came from. */
const getOrigin = ({ draftId }: Pick<ItemState, 'draftId'>, id: string): TextFact['origin'] =>
	draftId !== undefined && draftId === id ? 'created' : 'given';

/** What was seen of the text that an item is about. */
const seeText = (
	{ context, item }: FailureContext,
	found: SmsActivity,
	more: Partial<Parameters<typeof toTextFact>[2]> = {},
): TextFact =>
	toTextFact(found, context.getTimezone(), {
		origin: getOrigin(item, found.id),
		...more,
	});

/**
 * Close rejected a request, or was busy or out of reach until the retries were used up.
 *
 * @param current the SMS as a read showed it after that
 */
export function toRequestFailure(
	{ context, item }: FailureContext,
	{ upload }: RoutingRequest,
	failure: RequestFailure,
	current?: { found: SmsActivity; afterMs: number },
): ItemFailure {
	const isRejected = failure.kind === 'rejected';
	const { found, afterMs } = current ?? {};
	return closeFailure(context, {
		failure,
		what: upload
			? `'${upload.filename}' could not be uploaded`
			: isRejected
				? 'Close refused this'
				: BUSY,
		secretTexts: item.secretTexts,
		// What it looks like now is no proof that Close is not at work any more.
		outcome: current && item.unknownOutcome ? 'unknown' : 'notDone',
		text: found && seeText({ context, item }, found, { afterMs }),
	});
}

/** It is unknown whether a request was carried out. */
export const toUnknownFailure = (
	{ context, item }: FailureContext,
	failure: RequestFailure,
	/** What it may have created. */
	ids: string[] = [],
): ItemFailure =>
	closeFailure(context, {
		failure,
		what: item.unknownOutcome?.what ?? 'This may have been done',
		secretTexts: item.secretTexts,
		outcome: 'unknown',
	}).with({
		next:
			ids.length === 0
				? undefined
				: `Close's response got lost. It may be ${ids.join(' or ')}, or somebody else's: look at it in Close before you run this item again.`,
	});

/** A text whose response got lost is a draft that was changed since: it may have gone out, or been set back before. */
export const toEditedFailure = (
	{ context, item }: FailureContext,
	failure: RequestFailure,
	{ id }: SmsActivity,
): ItemFailure =>
	toUnknownFailure({ context, item }, failure).with({
		next: 'It is a draft now that was changed since then: somebody may have set it back. Look at it in Close before you run this item again.',
		text: { id, origin: getOrigin(item, id) },
	});

/**
 * The failure of an item as it is told: once an outcome is unknown, no later failure may say that nothing was done. It
 * names the text that was created for the item.
 */
export function toItemFailure(item: ItemState, error: unknown): ItemFailure {
	const failure = toFailureOfItem({ getItemIndex: () => item.index }, error);
	const { draftId, unknownOutcome } = item;
	const { facts } = failure;
	const text: TextFact | undefined =
		facts.text ?? (draftId === undefined ? undefined : { id: draftId, origin: 'created' });
	if (!unknownOutcome || facts.outcome === 'unknown') return failure.with({ text });
	return failure.with({
		what: unknownOutcome.what,
		// What is wrong with it now says nothing of what an earlier try did.
		words:
			failure === item.validationError
				? 'the response to an earlier try got lost'
				: (facts.words ?? summarize(facts)),
		next: undefined,
		outcome: 'unknown',
		text,
	});
}

/** The SMS can no longer be updated, and this request is not what changed it. */
export const toLockedFailure = (
	{ context, item }: FailureContext,
	asked: IDataObject,
	found: SmsActivity,
): ItemFailure =>
	validationError(
		context,
		'This was not done',
		asked.status === 'outbox' && found.status === 'sent'
			? 'It was not sent again. Close edits only drafts.'
			: 'Close edits only drafts. Cancel sets a scheduled SMS back to one.',
	).with({ text: seeText({ context, item }, found, { wasChangedByOther: true }) });

/**
 * What Close's response, or a read, shows is not what was asked.
 *
 * @param isCreated whether the request was to create it
 * @param takenBack the SMS after it was taken back to draft, if that was tried and done
 * @param afterMs how long after the failed request it was read, where Close may be at work on it still
 */
export function toChangedFailure(
	{ context, item }: FailureContext,
	asked: IDataObject,
	found: IDataObject,
	{
		isCreated = false,
		takenBack,
		afterMs,
	}: { isCreated?: boolean; takenBack?: IDataObject; afterMs?: number } = {},
): ItemFailure {
	const current = (takenBack ?? found) as SmsActivity;
	const isOut = 'status' in current && !TEXTS_NOBODY.has(current.status);
	// Whoever repeats this may text the person again.
	if (isOut)
		item.unknownOutcome ??= {
			what: 'This SMS may have been sent',
			startedAt: monotonicNow(),
			since: monotonicNow(),
			// Whoever takes it back after this has the last word.
			kept: { date_updated: current.date_updated },
		};
	return new ItemFailure({
		what: 'Close did something other than what was asked',
		words: describeDifferences(findDifferences(asked, found), asked, found, context.getNode()),
		next: isOut
			? 'Look at it in Close now: what should not go out can be canceled until it has gone.'
			: 'Compare it in Close with what this item was to do.',
		outcome: isOut || item.unknownOutcome ? 'unknown' : 'notDone',
		itemIndex: item.index,
		text:
			'status' in current
				? seeText({ context, item }, current, {
						...(isCreated && { origin: 'created' as const }),
						wasSetBack: takenBack !== undefined,
						afterMs,
					})
				: undefined,
	});
}

/** Close had taken a text, and it was not delivered. To carry the item out again would text the person again. */
export function toUndeliveredFailure(
	item: Pick<ItemState, 'index' | 'draftId'>,
	text: SmsActivity,
): ItemFailure {
	const { error_reason: reason, error_next_step: nextStep } =
		explainFailure(text.error_message) ?? {};
	return new ItemFailure({
		what: 'This SMS was not delivered',
		words: joinSentences(describeReason(text), reason),
		next: joinSentences(nextStep, 'It was not sent again.'),
		outcome: 'undelivered',
		itemIndex: item.index,
		text: { id: text.id, origin: getOrigin(item, text.id) },
	});
}

export const toCancelledFailure = (context: IExecutePaginationFunctions): ItemFailure =>
	validationError(
		context,
		'The execution was canceled before this was done',
		'Run this item again if it is still needed.',
	);

export const toDeadlineFailure = (
	context: IExecutePaginationFunctions,
	waitedFor: 'rateLimit' | 'otherItem',
): ItemFailure =>
	closeFailure(context, {
		failure: {
			kind: 'rateLimited',
			headers: {},
			body: undefined,
			reason:
				waitedFor === 'rateLimit'
					? "Close's rate limit has no capacity within 'Give Up After'"
					: "it was not known within 'Give Up After' what became of another item",
			next: RATE_LIMIT_NEXT,
		},
		what: BUSY,
	});
