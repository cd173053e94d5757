import { NodeApiError, type IExecuteSingleFunctions } from 'n8n-workflow';
import { closeErrorMessage } from './closeErrorMessage';
import type { RequestFailure } from './requestFailure';

const NEXT_STEP: Record<number, string> = {
	400: 'Correct what Close names. Only drafts can be edited: cancel a scheduled text first; one that went out stays as it is.',
	401: 'Test the credential in n8n. If it works, its Close user may lack the permission for this: ask an admin of your Close organization.',
	402: 'Your Close plan or its credit does not cover this. See Settings, then Billing, in Close.',
	403: 'The Close user of this credential lacks the permission for this: ask an admin of your Close organization.',
	404: 'It may have been deleted, or it belongs to another Close organization than the credential.',
	429: "Close limits how many requests a key may make. Raise 'Give Up After' or 'Max Retries' in Options, or run fewer workflows with this key at once.",
};

const NO_RESPONSE = 'Check the network between n8n and Close, then run this item again.';
const CLOSE_HAS_TROUBLE =
	'The trouble is on the side of Close and mostly passes. Run this item again later.';
const NOT_KNOWN =
	'This node does not know this response. Update the package under Settings, Community Nodes; if that does not help, report it with this message.';

function getNextStep({ status, next }: RequestFailure): string {
	if (next) return next;
	if (!status) return NO_RESPONSE;
	return NEXT_STEP[status] ?? (status >= 500 ? CLOSE_HAS_TROUBLE : NOT_KNOWN);
}

/**
 * The error that a person sees when Close did not do what was asked.
 *
 * Created anew rather than wrapped: the engine's own error contains the request with its credentials.
 *
 * @param failure why the request has no proper response
 * @param what what happened, e.g. "Close refused this"; the item and Close's own words are appended
 * @param next what to do about it, where the HTTP status alone does not say it
 * @param secretTexts texts of messages, which are masked where Close quotes them
 */
export function closeError(
	context: Pick<IExecuteSingleFunctions, 'getNode'> &
		Partial<Pick<IExecuteSingleFunctions, 'getItemIndex'>>,
	{
		failure,
		what,
		next,
		secretTexts,
	}: { failure: RequestFailure; what: string; next?: string; secretTexts?: Iterable<string> },
): NodeApiError {
	// A trigger has no items.
	const itemIndex = context.getItemIndex?.();
	const words = closeErrorMessage(failure.body, secretTexts, context.getNode()) ?? failure.reason;
	const message = `${what}${itemIndex === undefined ? '' : ` [item ${itemIndex}]`}: ${words}`;
	const error = new NodeApiError(
		context.getNode(),
		{ message },
		{
			message,
			description: next ?? getNextStep(failure),
			httpCode: failure.status ? String(failure.status) : 'none',
			itemIndex,
		},
	);
	// The constructor replaces messages that contain a code it knows (ECONNRESET …) with a general one.
	error.message = message;
	return error;
}
