import {
	NodeApiError,
	NodeOperationError,
	type IDataObject,
	type IExecutePaginationFunctions,
} from 'n8n-workflow';
import type { SmsActivity, SmsStatus } from '../../../../shared/closeTypes';
import { withNote } from '../../../output/withNote';
import { validationError } from '../../../validation/validationError';
import type {
	AssumedResponse,
	CloseResponse,
	OperationHandler,
} from '../../../transport/operationHandler';
import { appendToMessage } from '../../../transport/finalErrors';
import { StoppedError } from '../../../transport/requestQueue';
import { smsRequest } from './smsRequest';
import { describeStatus } from '../../../output/describeStatus';

/** What an operation does with a text in the state in which it was read. */
export type Transition =
	/** Sends these bodies one after the other. */
	| { updates: IDataObject[]; note?: string }
	/** Returns it as it is, with this note. */
	| { unchanged: string }
	/** Cannot be done; the sentence says what can be done instead. */
	| { rejection: string };

export interface TransitionOperation {
	/** What it does to a text, as in "so it cannot be sent". */
	participle: string;
	transitions: Partial<
		Record<SmsStatus, (found: SmsActivity, desired: IDataObject, zone: string) => Transition>
	>;
	/** What a dry run takes as the text that was read. */
	assumedResponse: AssumedResponse;
}

type Context = Pick<IExecutePaginationFunctions, 'getItemIndex' | 'getNode' | 'getTimezone'>;

/** @throws {NodeOperationError} when the operation cannot be done with the text */
function resolveTransition(
	context: Context,
	{ participle, transitions }: TransitionOperation,
	found: SmsActivity,
	desired: IDataObject,
): Exclude<Transition, { rejection: string }> {
	const zone = context.getTimezone();
	const transition = transitions[found.status]?.(found, desired, zone) ?? {
		rejection: 'Look at it in Close.',
	};
	if (!('rejection' in transition)) return transition;
	const state = describeStatus(found, zone);
	throw validationError(
		context,
		`This text ${state}, so it cannot be ${participle}`,
		transition.rejection,
	);
}

/** What to say of a text that was set back to draft when the next request failed. */
const partialUpdateNote = (id: unknown, current?: CloseResponse) =>
	current?.body.status === 'draft'
		? `It is a draft now, so it does not go out: ${String(id)}`
		: `Before this it was set back to draft: ${String(id)}`;

/** Makes a handler that reads the text first: what is already as desired is left as it is. */
export const statusTransition = (operation: TransitionOperation): OperationHandler =>
	async function (send, request, item) {
		const desired = request.options.body as IDataObject;
		const read = async () => await send(smsRequest(request, 'GET'), operation.assumedResponse);
		const resolve = ({ body }: CloseResponse) =>
			resolveTransition(this, operation, body as SmsActivity, desired);
		const found = await read();
		const transition = resolve(found);
		if ('unchanged' in transition) return withNote(found.items, transition.unchanged);
		let sentUpdates = 0;
		const sendUpdates = async () => {
			let response = found;
			for (const [index, body] of transition.updates.entries()) {
				const leadsToText = index < transition.updates.length - 1;
				response = await send({ ...smsRequest(request, 'PUT', body), leadsToText });
				sentUpdates++;
			}
			return withNote(response.items, transition.note);
		};
		return await sendUpdates().catch(async (error: Error) => {
			// Only what is a draft now: a scheduled text that was not reached still goes out at its time.
			const isDraft = found.body.status === 'draft' || sentUpdates > 0;
			if (error instanceof StoppedError && isDraft) item.draftId = String(found.body.id);
			if (!(error instanceof NodeApiError)) {
				const id = String(found.body.id);
				// E.g. a cancelled execution; other errors say what the text is now.
				if (error instanceof NodeOperationError && sentUpdates > 0 && !error.message.includes(id))
					appendToMessage(error, partialUpdateNote(id));
				throw error;
			}
			// Somebody else may have changed it, or its time may have come: its present state decides.
			const current = item.unknownOutcome ? undefined : await read().catch(() => undefined);
			const currentTransition = current && resolve(current);
			if (current && currentTransition && 'unchanged' in currentTransition)
				return withNote(
					current.items,
					sentUpdates > 0 ? transition.note : currentTransition.unchanged,
				);
			if (sentUpdates > 0) appendToMessage(error, partialUpdateNote(found.body.id, current));
			throw error;
		});
	};
