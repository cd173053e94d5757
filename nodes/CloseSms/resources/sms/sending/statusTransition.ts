import type { IDataObject } from 'n8n-workflow';
import { OUTGOING_STATUSES, type SmsActivity, type SmsStatus } from '../../../../shared/closeTypes';
import { describeStatus, toTextFact } from '../../../../shared/describeStatus';
import {
	isRequestFailure,
	ItemFailure,
	type TextFact,
} from '../../../../shared/errors/itemFailure';
import { validationError } from '../../../../shared/errors/validationError';
import { withNote } from '../../../output/withNote';
import { StoppedError } from '../../../transport/flowErrors';
import type {
	AssumedResponse,
	CloseResponse,
	HandlerContext,
	OperationHandler,
} from '../../../transport/request/operationHandler';
import { smsRead, smsUpdate, tryReadSms } from '../api/smsRequest';
import { dispatch, getFreshSince } from './dispatch';
import { pickChecked, pickKept, rejectTooLong, requireContent } from './draftThenSend';
import { inTurn } from './oneAtATime';
import type { SendPlan } from './planSend';
import { readSendRules } from './sendRules';
import { waitUntilSent } from './waitUntilSent';

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

/** A text that an operation is about to change. */
interface Change extends TransitionOperation {
	/** The text as it was read before. */
	found: CloseResponse;
	/** Whether the change lets it go out. */
	goesOut: boolean;
	/** How it goes out, as last decided. */
	plan: SendPlan;
	/** What the transition says was done. */
	note?: string;
	/** An update before the last one was carried out, so it is a draft now. */
	wasSetBack: boolean;
}

interface Result {
	response: CloseResponse;
	notes: Array<string | undefined>;
}

/** Statuses from which a text can still go out at a time that we choose. */
const CAN_GO_OUT = new Set<unknown>(['draft', 'scheduled']);

const seeText = ({ n8n }: HandlerContext, { body }: CloseResponse): TextFact =>
	toTextFact(body as SmsActivity, n8n.getTimezone(), { origin: 'given' });

/**
 * Decides how the text goes out.
 *
 * @param since when what the decision rests on must have been read at the earliest, by `monotonicNow`
 * @throws {ItemFailure} why it must not go out
 */
async function decide(
	context: HandlerContext,
	{ found, goesOut }: Pick<Change, 'found' | 'goesOut'>,
	since: number,
): Promise<SendPlan> {
	const desired = context.request.options.body as IDataObject;
	if (!goesOut) return { body: desired, at: NaN, isStale: () => false };
	const { remote_phone: remotePhone, contact_id: contactId, lead_id: leadId } = found.body;
	const planSend = await readSendRules(context, { remotePhone, contactId, leadId }, since);
	return planSend(desired, context.now());
}

/** @throws {ItemFailure} when the operation cannot be done with the text as it is */
function resolveTransition(
	{ n8n }: HandlerContext,
	{ participle, transitions, plan }: Change,
	{ body }: CloseResponse,
): Exclude<Transition, { rejection: string }> {
	const zone = n8n.getTimezone();
	const found = body as SmsActivity;
	const transition = transitions[found.status]?.(found, plan.body, zone) ?? {
		rejection: 'Look at it in Close.',
	};
	if (!('rejection' in transition)) return transition;
	throw validationError(
		n8n,
		`This SMS ${describeStatus(found, zone)}, so it cannot be ${participle}`,
		transition.rejection,
	);
}

/** @param updates the last of them gives way to what the plan says as it goes out */
async function sendUpdates(
	context: HandlerContext,
	change: Change,
	updates: IDataObject[],
): Promise<CloseResponse> {
	const { send } = context;
	const { found, goesOut } = change;
	let { date_updated } = found.body;
	for (const body of updates.slice(0, -1)) {
		const response = await send({ ...smsUpdate(context, body), leadsToText: true });
		({ date_updated } = response.body);
		change.wasSetBack = true;
	}
	const checked = goesOut ? pickChecked(found.body) : {};
	const kept = goesOut ? { ...pickKept(found.body), date_updated } : {};
	const { response } = await dispatch(context, {
		decide: async (since) => (change.plan = await decide(context, change, since)),
		toRequest: ({ body }) => ({
			...smsUpdate(context, { ...checked, ...body }),
			kept,
			expected: { ...kept, ...body },
		}),
		send,
	});
	return response;
}

/**
 * Finds out what became of a text whose change failed: somebody else may have changed it, or its time may have come.
 *
 * @returns the text, if it is in the desired state after all
 * @throws {ItemFailure} with what is known of the text
 */
async function recover(context: HandlerContext, change: Change, error: unknown): Promise<Result> {
	const { found, note, plan, wasSetBack } = change;
	const { id, status } = found.body as SmsActivity;
	// Only what is a draft now: a scheduled text that was not reached still goes out at its time.
	const isDraft = status === 'draft' || wasSetBack;
	if (error instanceof StoppedError && isDraft) context.item.draftId = id;
	if (!(error instanceof ItemFailure)) throw error;
	const current = isRequestFailure(error) ? await tryReadSms(context) : undefined;
	const transition = current && resolveTransition(context, change, current);
	if (current && transition && 'unchanged' in transition)
		return { response: current, notes: wasSetBack ? [note, plan.note] : [transition.unchanged] };
	const { text } = error.facts;
	if (!wasSetBack || (text && !isRequestFailure(error))) throw error;
	// Close may have been at work still when it was seen: a read just after that knows no better.
	const isSeen = text?.seen?.afterMs !== undefined;
	const last = isSeen ? text : current && seeText(context, current);
	throw error.with({ text: { ...(last ?? { id, origin: 'given' }), wasSetBack } });
}

/** Brings a text into the desired state; one that is in it stays as it is. @throws {ItemFailure} */
async function changeStatus(
	context: HandlerContext,
	operation: TransitionOperation,
	{ found, goesOut }: Pick<Change, 'found' | 'goesOut'>,
): Promise<Result> {
	const { n8n, item } = context;
	if (goesOut) rejectTooLong(context, found.body, seeText(context, found));
	if (goesOut && !item.options.dryRun) requireContent(n8n, found.body);
	const first = decide(context, { found, goesOut }, getFreshSince());
	const plan = await first.catch((error: unknown) => {
		const stillGoesOut = error instanceof ItemFailure && found.body.status === 'scheduled';
		throw stillGoesOut ? error.with({ text: seeText(context, found) }) : error;
	});
	const change: Change = { ...operation, found, goesOut, plan, wasSetBack: false };
	const transition = resolveTransition(context, change, found);
	if ('unchanged' in transition)
		return { response: found, notes: [plan.note, transition.unchanged] };
	change.note = transition.note;
	return await sendUpdates(context, change, transition.updates).then(
		(response) => ({ response, notes: [change.note, change.plan.note] }),
		async (error: unknown) => await recover(context, change, error),
	);
}

/** Makes a handler that reads the text, and then changes it in its turn. */
export const statusTransition =
	(operation: TransitionOperation): OperationHandler =>
	async (context) => {
		const { url, body } = context.request.options;
		const sendsText = OUTGOING_STATUSES.has((body as IDataObject).status);
		const read = async () =>
			await context.send({ ...smsRead(context), assumed: operation.assumedResponse });
		const first = await read();
		const { response, notes } = await inTurn(context, {
			url: String(url),
			sendsText,
			work: async ({ hasWaited, current }) => {
				const found = current ?? (hasWaited ? await read() : first);
				const goesOut = sendsText && CAN_GO_OUT.has(found.body.status);
				return await changeStatus(context, operation, { found, goesOut });
			},
		});
		return withNote(
			sendsText ? await waitUntilSent(context, response) : response.items,
			notes.filter(Boolean).join(' '),
		);
	};
