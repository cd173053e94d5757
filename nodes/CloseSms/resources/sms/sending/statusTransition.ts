import type { IDataObject, IExecutePaginationFunctions } from 'n8n-workflow';
import { OUTGOING_STATUSES, type SmsActivity, type SmsStatus } from '../../../../shared/closeTypes';
import { isRequestFailure, ItemFailure } from '../../../../shared/errors/itemFailure';
import { withNote } from '../../../output/withNote';
import { findTooLong } from '../../../validation/messageLength';
import { validationError } from '../../../validation/validationError';
import {
	isSurvived,
	type AssumedResponse,
	type CloseResponse,
	type HandlerContext,
	type OperationHandler,
} from '../../../transport/request/operationHandler';
import { dispatch, getFreshSince } from './dispatch';
import { pickChecked, pickKept, requireContent } from './draftThenSend';
import { inTurn } from './oneAtATime';
import type { SendPlan } from './planSend';
import { readSendRules } from './sendRules';
import { smsRead, smsUpdate } from '../api/smsRequest';
import { waitUntilSent } from './waitUntilSent';
import { describeStatus, toTextFact } from '../../../../shared/describeStatus';
import { StoppedError } from '../../../transport/flowErrors';

/** What an operation does with a text in the state in which it was read. */
type Transition =
	/** Sends these bodies one after the other. */
	| { updates: IDataObject[]; note?: string }
	/** Returns it as it is, with this note. */
	| { unchanged: string }
	/** Cannot be done; the sentence says what can be done instead. */
	| { rejection: string };

interface TransitionOperation {
	/** What it does to a text, as in "so it cannot be sent". */
	participle: string;
	transitions: Partial<
		Record<SmsStatus, (found: SmsActivity, desired: IDataObject, zone: string) => Transition>
	>;
	/** What a dry run takes as the text that was read. */
	assumedResponse: AssumedResponse;
}

type Context = Pick<IExecutePaginationFunctions, 'getItemIndex' | 'getNode' | 'getTimezone'>;

/** @throws {ItemFailure} when the operation cannot be done with the text */
function resolveTransition(
	context: Context,
	{ participle, transitions }: TransitionOperation,
	{ found, desired }: { found: SmsActivity; desired: IDataObject },
): Exclude<Transition, { rejection: string }> {
	const zone = context.getTimezone();
	const transition = transitions[found.status]?.(found, desired, zone) ?? {
		rejection: 'Look at it in Close.',
	};
	if (!('rejection' in transition)) return transition;
	const state = describeStatus(found, zone);
	throw validationError(
		context,
		`This SMS ${state}, so it cannot be ${participle}`,
		transition.rejection,
	);
}

/** Statuses from which a text can still go out at a time that we choose. */
const CAN_GO_OUT = new Set<unknown>(['draft', 'scheduled']);

/**
 * Brings a text into the state that is desired: what is so already is left as it is.
 *
 * @param found the text as it was read
 * @returns the last response, with notes
 * @throws {ItemFailure}
 */
async function changeStatus(
	context: HandlerContext,
	operation: TransitionOperation,
	found: CloseResponse,
): Promise<{ response: CloseResponse; notes: Array<string | undefined> }> {
	const { n8n, request, item, send, trySend } = context;
	const desired = request.options.body as IDataObject;
	const sendsText = OUTGOING_STATUSES.has(desired.status);
	const { id, status, remote_phone, contact_id, lead_id } = found.body as SmsActivity;
	const see = ({ body }: CloseResponse, wasSetBack = false) =>
		toTextFact(body as SmsActivity, n8n.getTimezone(), { origin: 'given', wasSetBack });
	const goesOut = sendsText && CAN_GO_OUT.has(status);
	const tooLong = goesOut && findTooLong(found.body, item.options);
	if (tooLong)
		throw validationError(n8n, `The message ${tooLong.problem}`, tooLong.next).with({
			text: see(found),
		});
	if (goesOut && !item.options.dryRun) requireContent(n8n, found.body);
	const decide = async (since: number): Promise<SendPlan> => {
		if (!goesOut) return { body: desired, at: NaN, isStale: () => false };
		const addressee = { remotePhone: remote_phone, contactId: contact_id, leadId: lead_id };
		return (await readSendRules(context, addressee, since))(desired, context.now());
	};
	let plan = await decide(getFreshSince()).catch((error: unknown) => {
		const stillGoesOut = status === 'scheduled' ? see(found) : undefined;
		throw error instanceof ItemFailure && stillGoesOut ? error.with({ text: stillGoesOut }) : error;
	});
	const resolve = ({ body }: CloseResponse) =>
		resolveTransition(n8n, operation, { found: body as SmsActivity, desired: plan.body });
	const transition = resolve(found);
	if ('unchanged' in transition)
		return { response: found, notes: [plan.note, transition.unchanged] };
	const checked = goesOut ? pickChecked(found.body) : {};
	let sentUpdates = 0;
	const sendUpdates = async () => {
		let { date_updated } = found.body;
		for (const body of transition.updates.slice(0, -1)) {
			const update = { ...smsUpdate(context, body), leadsToText: true };
			({ date_updated } = (await send(update)).body);
			sentUpdates++;
		}
		const kept = goesOut ? { ...pickKept(found.body), date_updated } : {};
		const sent = await dispatch(context, {
			decide: async (since) => (plan = await decide(since)),
			toRequest: (next) => ({
				...smsUpdate(context, { ...checked, ...next.body }),
				kept,
				expected: { ...kept, ...next.body },
			}),
			send,
		});
		return { response: sent.response, notes: [transition.note, plan.note] };
	};
	return await sendUpdates().catch(async (error: unknown) => {
		// Only what is a draft now: a scheduled text that was not reached still goes out at its time.
		const isDraft = status === 'draft' || sentUpdates > 0;
		if (error instanceof StoppedError && isDraft) item.draftId = id;
		if (!(error instanceof ItemFailure)) throw error;
		const wasSetBack = sentUpdates > 0;
		// E.g. a cancelled execution.
		if (!isRequestFailure(error))
			throw wasSetBack && !error.facts.text
				? error.with({ text: { id, origin: 'given', wasSetBack } })
				: error;
		// Somebody else may have changed it, or its time may have come: its present state decides.
		const reread = item.unknownOutcome ? undefined : await trySend(smsRead(context));
		const current = reread && !isSurvived(reread) ? reread : undefined;
		const currentTransition = current && resolve(current);
		if (current && currentTransition && 'unchanged' in currentTransition)
			return {
				response: current,
				notes: wasSetBack ? [transition.note, plan.note] : [currentTransition.unchanged],
			};
		if (!wasSetBack) throw error;
		// Close may have been at work still when it was seen: a read just after that knows no better.
		const seen = error.facts.text?.seen?.afterMs === undefined ? undefined : error.facts.text;
		const unseen = { id, origin: 'given' as const };
		const text = seen ?? (current ? see(current) : unseen);
		throw error.with({ text: { ...text, wasSetBack } });
	});
}

/** Makes a handler that reads the text first. */
export const statusTransition =
	(operation: TransitionOperation): OperationHandler =>
	async (context) => {
		const { url, body } = context.request.options;
		const sendsText = OUTGOING_STATUSES.has((body as IDataObject).status);
		const read = async () =>
			await context.send({ ...smsRead(context), assumed: operation.assumedResponse });
		const found = await read();
		const { response, notes } = await inTurn(context, {
			url: String(url),
			sendsText,
			work: async (isLate) => await changeStatus(context, operation, isLate ? await read() : found),
		});
		return withNote(
			sendsText ? await waitUntilSent(context, response) : response.items,
			notes.filter(Boolean).join(' '),
		);
	};
