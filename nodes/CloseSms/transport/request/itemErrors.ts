import {
	NodeApiError,
	NodeOperationError,
	type IDataObject,
	type IExecutePaginationFunctions,
} from 'n8n-workflow';
import { TEXTS_NOBODY, type SmsActivity } from '../../../shared/closeTypes';
import { monotonicNow } from '../../../shared/delay';
import { closeError } from '../../../shared/errors/closeError';
import { joinSentences } from '../../../shared/errors/joinSentences';
import type { RequestFailure } from '../../../shared/errors/requestFailure';
import { describeStatus } from '../../../shared/describeStatus';
import type { ItemState, NodeError } from './itemState';
import type { RoutingRequest } from './operationHandler';
import { describeDifferences, findDifferences } from './responseCheck';

interface ErrorContext {
	context: IExecutePaginationFunctions;
	item: ItemState;
}

const LOOK_IN_CLOSE =
	"Close's response got lost and what became of it could not be read back. Look at it in Close before you run this item again.";

const RATE_LIMIT_NEXT =
	"Close limits how many requests a key may make. Raise 'Give Up After' in Options, or run fewer workflows with this key at once.";

export const STILL_A_DRAFT = 'It is still a draft, and nobody was texted';

/** Errors that say that an outcome is unknown. */
const unknownErrors = new WeakSet<Error>();

/** Close had taken a text, and its carrier did not deliver it. To carry the item out again would text the person again. */
export class DeliveryError extends NodeOperationError {}

/** Adds a sentence to the message of an error: n8n keeps only the message in its "Continue" modes. */
export function appendToMessage<T extends Error>(error: T, sentence: string): T {
	error.message = joinSentences(error.message, sentence).replace(/\.$/, '');
	return error;
}

/** Close rejected a request, or was busy or out of reach until the retries were used up. */
export function toFailureError(
	context: IExecutePaginationFunctions,
	item: ItemState,
	{ upload }: RoutingRequest,
	failure: RequestFailure,
	/** The SMS as it was read after that, unchanged. */
	current?: SmsActivity,
): NodeApiError {
	const what = upload
		? `'${upload.filename}' could not be uploaded`
		: failure.kind === 'rejected'
			? 'Close refused this'
			: 'Close was busy or out of reach';
	const error = closeError(context, { failure, what, secretTexts: item.secretTexts });
	if (!current) return error;
	return appendToMessage(
		error,
		current.status === 'draft'
			? STILL_A_DRAFT
			: `This text ${describeStatus(current, context.getTimezone())}`,
	);
}

/** It is unknown whether a request was carried out. */
export function toUnknownError(
	{ context, item }: ErrorContext,
	failure: RequestFailure,
): NodeApiError {
	const error = closeError(context, {
		failure,
		what: item.unknownOutcome?.message ?? 'This may have been done',
		next: LOOK_IN_CLOSE,
		secretTexts: item.secretTexts,
	});
	unknownErrors.add(error);
	return error;
}

/**
 * The error that a person sees for an item: once an outcome is unknown, no later error may say that nothing was done.
 * It names the text that was created for the item.
 */
export function toItemError({ item }: Pick<ErrorContext, 'item'>, error: NodeError): NodeError {
	const { draftId } = item;
	const known = toKnownError(item, error);
	if (!draftId || known.message.includes(draftId)) return known;
	return appendToMessage(known, `Its ID is ${draftId}`);
}

function toKnownError(item: ItemState, error: NodeError): NodeError {
	if (!item.unknownOutcome || unknownErrors.has(error)) return error;
	// What is wrong with it now says nothing of what an earlier try did.
	const reason =
		error === item.validationError
			? 'the response to an earlier try got lost'
			: error.message.replace(/^.*? \[item \d+\]: /, '');
	error.message = `${item.unknownOutcome.message} [item ${item.index}]: ${reason}`;
	error.description = LOOK_IN_CLOSE;
	unknownErrors.add(error);
	return error;
}

/** The SMS can no longer be updated, and this request is not what changed it. */
export function toLockedError(
	{ context, item }: ErrorContext,
	asked: IDataObject,
	found: SmsActivity,
): NodeOperationError {
	const state = describeStatus(found, context.getTimezone());
	return new NodeOperationError(
		context.getNode(),
		`This was not done [item ${item.index}]: this text ${state}, and not by this request`,
		{
			itemIndex: item.index,
			description:
				asked.status === 'outbox' && found.status === 'sent'
					? 'It was not sent again. Close edits only drafts.'
					: 'Close edits only drafts. Cancel sets a scheduled text back to one.',
		},
	);
}

/**
 * What Close's response, or a read, shows is not what was asked.
 *
 * @param takenBack the SMS after it was taken back to draft, if that was tried and done
 */
export function toChangedError(
	{ context, item }: ErrorContext,
	asked: IDataObject,
	found: IDataObject,
	takenBack?: IDataObject,
): NodeOperationError {
	const current = (takenBack ?? found) as SmsActivity;
	const state = describeStatus(current, context.getTimezone());
	const differences = describeDifferences(
		findDifferences(asked, found),
		asked,
		found,
		context.getNode(),
	);
	const isOut = 'status' in current && !TEXTS_NOBODY.has(current.status);
	const error = new NodeOperationError(
		context.getNode(),
		joinSentences(
			`Close did something other than what was asked [item ${item.index}]: ${differences}`,
			takenBack
				? `${String(found.id)} was set back to a draft, and nobody was texted`
				: `${current.id ?? 'This text'} ${state}`,
		).replace(/\.$/, ''),
		{
			itemIndex: item.index,
			description: isOut
				? 'Look at it in Close now: what should not go out can be canceled until it has gone.'
				: 'Compare it in Close with what this item was to do.',
		},
	);
	// Whoever repeats this may text the person again.
	if (isOut)
		item.unknownOutcome ??= {
			message: 'This text may have been sent',
			startedAt: monotonicNow(),
			since: monotonicNow(),
			settleMs: 0,
		};
	unknownErrors.add(error);
	return error;
}

export const toCancelledError = (context: IExecutePaginationFunctions): NodeOperationError =>
	new NodeOperationError(
		context.getNode(),
		`The execution was canceled before this was done [item ${context.getItemIndex()}]`,
		{
			itemIndex: context.getItemIndex(),
			description: 'Run this item again if it is still needed.',
		},
	);

export const toDeadlineError = (context: IExecutePaginationFunctions): NodeApiError =>
	closeError(context, {
		failure: {
			kind: 'rateLimited',
			headers: {},
			body: undefined,
			reason: "Close's rate limit has no capacity within 'Give Up After'",
			next: RATE_LIMIT_NEXT,
		},
		what: 'Close was busy or out of reach',
	});
