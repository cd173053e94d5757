import type { IExecuteSingleFunctions, NodeApiError, NodeOperationError } from 'n8n-workflow';
import { closeErrorMessage } from './closeErrorMessage';
import { ItemFailure, type FailureFacts } from './itemFailure';
import type { RequestFailure } from './requestFailure';
import { toNodeError } from './toNodeError';
import type { ItemContext } from './validationError';

type Context = Pick<IExecuteSingleFunctions, 'getNode'> & ItemContext;

interface CloseFailure extends Pick<FailureFacts, 'what' | 'next' | 'text'> {
	/** Why the request has no proper response. */
	failure: RequestFailure;
	/** `notDone` unless given. */
	outcome?: FailureFacts['outcome'];
	/** Texts of messages, which are masked where Close quotes them. */
	secretTexts?: Iterable<string>;
}

/** "Unauthorized" alone tells nobody what is wrong; Close may answer so to a missing permission too (flask-mongorest). */
const explain = (words: string, status?: number): string =>
	status === 401
		? `it does not know this key or token, or its user lacks the permission (${words})`
		: words;

/** Close did not do what was asked: the failure of an item, with Close's own words. */
export const closeFailure = (
	context: Context,
	{ failure, next, outcome = 'notDone', secretTexts, ...facts }: CloseFailure,
): ItemFailure =>
	new ItemFailure({
		...facts,
		words: explain(
			closeErrorMessage(failure.body, secretTexts, context.getNode()) ?? failure.reason,
			failure.status,
		),
		next: next ?? failure.next,
		isTemporary: failure.kind !== 'rejected',
		httpCode: failure.status ? String(failure.status) : 'none',
		outcome,
		itemIndex: context.getItemIndex?.(),
	});

/** The same where there are no items, as n8n shows it: for a trigger or a picker. */
export const closeError = (
	context: Pick<Context, 'getNode'>,
	failure: CloseFailure,
): NodeApiError | NodeOperationError => toNodeError(context, closeFailure(context, failure));
