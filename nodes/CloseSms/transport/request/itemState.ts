import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import type { ItemFailure } from '../../../shared/errors/itemFailure';
import { DEFAULT_OPTIONS, type NodeOptions } from '../../validation/nodeOptions';

/** A request that may have been carried out, although no response says so. */
interface UnknownOutcome {
	/** For a person, e.g. "This SMS may have been sent". */
	what: string;
	/** When the request began, by `monotonicNow`: a state from before that proves nothing about it. */
	startedAt: number;
	/** When the response got lost, by `monotonicNow`: Close may still be at work for a while. */
	since: number;
	/** What the SMS was before, as in a request's `kept`: a later try reads what it has become. */
	kept?: IDataObject;
}

/** Whom 'To' was found to be, by the card of a contact. */
export interface ChosenRecipient {
	/** Of the text, by Close's names. */
	fields: IDataObject;
	/** A sentence for the person who reads the result. */
	note: string;
}

/** Everything that a run knows about one of its items. */
export interface ItemState {
	readonly index: number;
	validationError?: ItemFailure;
	options: NodeOptions;
	/** Its first request was admitted; written by the queue alone. */
	isStarted: boolean;
	/** Its result: output or an error; neither while it is in progress, nor when it was held back. */
	output?: INodeExecutionData[];
	error?: ItemFailure;
	/** Its text was not sent, because another item had failed before. */
	isHeldBack: boolean;
	/** Kept until a read has shown what became of the request. */
	unknownOutcome?: UnknownOutcome;
	/** The draft that was created in order to send it. */
	draftId?: string;
	/** What of it a person gets, as Close showed it then. */
	drafted?: IDataObject;
	/** The number that was chosen for it; that of the draft, once there is one. */
	chosen?: ChosenRecipient;
	/** The texts of its messages, which must not appear in an error. */
	readonly secretTexts: Set<string>;
	/** The output that an earlier try of n8n's Retry On Fail gave. */
	earlierOutput?: INodeExecutionData[];
	/** That its text was not delivered, found out in an earlier try: to carry it out again would text the person again. */
	undelivered?: ItemFailure;
}

/**
 * @param earlier the same item in the try before (n8n's Retry On Fail): its output, its draft with the number, an unknown
 * outcome and that it was not delivered are kept
 */
export const newItemState = (index: number, earlier?: ItemState): ItemState => ({
	index,
	options: DEFAULT_OPTIONS,
	isStarted: false,
	isHeldBack: false,
	secretTexts: new Set(),
	unknownOutcome: earlier?.unknownOutcome,
	draftId: earlier?.draftId,
	drafted: earlier?.drafted,
	chosen: earlier?.draftId === undefined ? undefined : earlier.chosen,
	earlierOutput: earlier?.output ?? earlier?.earlierOutput,
	undelivered:
		earlier?.error?.facts.outcome === 'undelivered' ? earlier.error : earlier?.undelivered,
});
