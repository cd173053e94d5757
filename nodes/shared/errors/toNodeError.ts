import {
	NodeApiError,
	NodeError,
	NodeOperationError,
	type IDataObject,
	type INode,
} from 'n8n-workflow';
import {
	isLeftDraft,
	summarize,
	type FailureFacts,
	type ItemFailure,
	type TextFact,
} from './itemFailure';
import { joinSentences } from './joinSentences';
import { formatSeconds } from '../time';

/** What to do, by HTTP status. */
const ADVICE: Record<string, string> = {
	'400': 'Correct what Close names.',
	'401':
		'Test the credential in n8n. If the test fails, copy the key again from Close: Settings, then Developer, then API Keys. If it works, its Close user may lack the permission for this: ask an admin of your Close organization.',
	'402': 'Your Close plan or its credit does not cover this. See Settings, then Billing, in Close.',
	'403':
		'The Close user of this credential lacks the permission for this: ask an admin of your Close organization.',
	'404':
		'It may have been deleted, or it belongs to another Close organization than the credential.',
	'429':
		"Close limits how many requests a key may make. Raise 'Give Up After' or 'Max Retries' in Options, or run fewer workflows with this key at once.",
	none: 'Check the network between n8n and Close.',
};

const CLOSE_HAS_TROUBLE = "The problem is on Close's side and usually passes.";
const UNKNOWN_RESPONSE =
	'This node does not know this response. Update the package under Settings, Community Nodes; if that does not help, report it with this message.';

const ONLY_DRAFTS = 'Close edits only drafts.';

/** For a model, to which "run this item again" says nothing, and for whoever reads no further. */
const DO_NOT_REPEAT = 'Do not repeat it.';
const LOOK_IN_CLOSE =
	"Close's response got lost and what became of it could not be read back. Look at it in Close before you run this item again.";
const STILL_AT_WORK =
	'Close may still be at work on it. Look at it in Close before you run this item again.';

/** What was left is a draft of its own: to run the item again would create another. */
const SEND_THE_DRAFT =
	'Then send that draft with Send Draft, or delete it: to run this item again would create another.';

function getAdviceByCode(code: string, { text, itemIndex }: FailureFacts): string {
	if (code === '400' && text?.seen && text.seen.status !== 'draft')
		return text.seen.status === 'scheduled'
			? `${ONLY_DRAFTS} Cancel sets a scheduled SMS back to one.`
			: `${ONLY_DRAFTS} What went out stays as it is.`;
	const again =
		!isLeftDraft(text) &&
		(itemIndex === undefined ? 'Try again later.' : 'Run this item again later.');
	if (code.startsWith('5')) return joinSentences(CLOSE_HAS_TROUBLE, again);
	if (code === 'none') return joinSentences(ADVICE.none, again);
	return ADVICE[code] ?? UNKNOWN_RESPONSE;
}

/** What to do about a failure. */
function getAdvice(facts: FailureFacts): string | undefined {
	const { next, httpCode, outcome, text } = facts;
	if (outcome === 'unknown')
		return joinSentences(DO_NOT_REPEAT, next ?? (text?.seen ? STILL_AT_WORK : LOOK_IN_CLOSE));
	const advice = next ?? (httpCode && getAdviceByCode(httpCode, facts));
	return joinSentences(advice, isLeftDraft(text) && SEND_THE_DRAFT) || undefined;
}

/** What became of a text; never more certain than what was seen. */
function describeText({ id, origin, seen, wasSetBack, wasChangedByOther }: TextFact): string {
	if (!seen) return wasSetBack ? `${id} was set back to a draft before this` : `Its ID is ${id}`;
	const subject = origin === 'created' ? id : 'This SMS';
	if (wasChangedByOther) return `${subject} ${seen.words}, and not by this request`;
	if (seen.status === 'scheduled') return `${subject} ${seen.words}; Cancel stops it`;
	if (seen.status !== 'draft') return `${subject} ${seen.words}`;
	if (seen.afterMs !== undefined)
		return `${subject} was still a draft ${formatSeconds(seen.afterMs)} later`;
	if (wasSetBack) return `${id} was set back to a draft, and is one still`;
	return origin === 'created'
		? `It was left as the draft ${id}, and nobody was texted`
		: 'It is still a draft, and nobody was texted';
}

/** How n8n is to show a failure. */
interface Shown {
	/** Whether the message names the item; unless there is one, or it is the only one. */
	namesItem?: boolean;
	/** Whether the message holds the advice too: where n8n, or an AI agent, keeps only the message. */
	isOnlyMessage?: boolean;
	/** What became of other items: goes with the advice. */
	others?: string;
	/**
	 * Whether the engine's routing gets it: of anything but a `NodeApiError` that makes one of its own, with all that was
	 * entered in the node (n8n-core `RoutingNode`).
	 */
	isRouted?: boolean;
}

/** What happened, without full stop, and what to do about it. */
function toWords({ facts }: ItemFailure, { namesItem = true, others }: Shown) {
	const { itemIndex, text, what, recipient } = facts;
	const item = namesItem && itemIndex !== undefined ? ` [item ${itemIndex}]` : '';
	const happened = summarize({ ...facts, what: `${what}${item}` });
	return {
		message: text ? joinSentences(happened, describeText(text)).replace(/\.$/, '') : happened,
		advice: joinSentences(getAdvice(facts), recipient, others) || undefined,
	};
}

/**
 * A failure as fields, for the item that n8n gives out in its place and for an AI agent: what a workflow decides by, it
 * takes from here and not from words.
 */
export interface ErrorFields extends IDataObject {
	/** What happened. */
	message: string;
	whatToDo?: string;
	/**
	 * `notDone`: nothing was changed in Close. `partlyDone`: a draft was left, or a scheduled text was set back to one;
	 * `smsId` names it. `unknown`: it may have been done, and nobody may repeat it without looking. `undelivered`: Close
	 * sent the text, and the carrier did not deliver it.
	 */
	outcome: FailureFacts['outcome'] | 'partlyDone';
	/** Whether nothing was done because Close was busy or out of reach, so that the same may work later. */
	isTemporary: boolean;
	/** The text that it is about, as far as there is one. */
	smsId?: string;
	/** Its status in Close, as it was last seen. */
	smsStatus?: string;
}

function getOutcome({ outcome, text }: FailureFacts): ErrorFields['outcome'] {
	if (outcome !== 'notDone') return outcome;
	// Close may still be at work on what was seen.
	if (text?.seen?.afterMs !== undefined) return 'unknown';
	return text?.origin === 'created' || text?.wasSetBack ? 'partlyDone' : outcome;
}

/** A failure as fields. `shown.isOnlyMessage` is without meaning here. */
export function toErrorFields(failure: ItemFailure, shown: Shown = {}): ErrorFields {
	const { message, advice } = toWords(failure, shown);
	const { facts } = failure;
	const { isTemporary = false, text } = facts;
	const outcome = getOutcome(facts);
	return {
		message: joinSentences(message),
		...(advice && { whatToDo: advice }),
		outcome,
		// Whatever may have been done must not look as if it could be tried again.
		isTemporary: isTemporary && outcome === 'notDone',
		...(text && { smsId: text.id }),
		...(text?.seen && { smsStatus: text.seen.status }),
	};
}

/**
 * The node as n8n shows it beside an error, with nothing that was entered but what is done: n8n gives an error with its
 * node to error workflows, and writes it to its log. A message can be among the parameters.
 */
const withoutParameters = (node: INode): INode => {
	const { resource, operation } = node.parameters;
	return { ...node, parameters: { resource, operation } };
};

/**
 * Puts a failure into words for n8n. All errors of this package that a person reads are made here.
 *
 * Made anew rather than wrapped: the engine's own error contains the request with its credentials.
 */
export function toNodeError(
	context: { getNode(): INode },
	failure: ItemFailure,
	shown: Shown = {},
): NodeApiError | NodeOperationError {
	const { itemIndex, cause } = failure.facts;
	const httpCode = failure.facts.httpCode ?? (shown.isRouted ? 'none' : undefined);
	const words = toWords(failure, shown);
	const { advice } = words;
	const message =
		shown.isOnlyMessage && advice ? joinSentences(words.message, advice) : words.message;
	const node = withoutParameters(context.getNode());
	// An error of n8n's own would be handed back as it is.
	const source = cause instanceof NodeError ? message : (cause ?? message);
	const error =
		httpCode === undefined
			? new NodeOperationError(node, source, { itemIndex, description: advice })
			: new NodeApiError(node, { message }, { message, description: advice, httpCode, itemIndex });
	// The constructors replace messages that contain a code they know (ECONNRESET …) with a general one.
	error.message = message;
	return error;
}
