import { isLeftDraft, type FailureFacts } from '../../../shared/errors/itemFailure';
import { joinSentences } from '../../../shared/errors/joinSentences';
import type { ItemState } from '../request/itemState';

/** "Items 0 to 6 and 9" for 0, 1, 2, 3, 4, 5, 6, 9; "Item 4" for one. */
export function formatItems(indexes: Iterable<number>): string {
	const ranges: Array<[number, number]> = [];
	for (const index of [...indexes].sort((a, b) => a - b)) {
		const last = ranges[ranges.length - 1];
		if (last && last[1] === index - 1) last[1] = index;
		else ranges.push([index, index]);
	}
	const parts = ranges.map(([from, to]) => (from === to ? `${from}` : `${from} to ${to}`));
	const [first, second] = [parts.slice(0, -1).join(', '), parts[parts.length - 1]];
	const isOne = ranges.length === 1 && ranges[0][0] === ranges[0][1];
	return `${isOne ? 'Item' : 'Items'} ${first ? `${first} and ${second}` : second}`;
}

export type SummarizedItem = Pick<
	ItemState,
	| 'index'
	| 'validationError'
	| 'isStarted'
	| 'isHeldBack'
	| 'output'
	| 'earlierOutput'
	| 'error'
	| 'draftId'
	| 'unknownOutcome'
>;

/** "Items 1 and 3 may …", or nothing when there is none. */
const say = (items: SummarizedItem[], rest: string): string | false =>
	items.length > 0 && `${formatItems(items.map(({ index }) => index))} ${rest}`;

/** The texts that items left in Close, each with its item. */
const nameTexts = (what: string, items: SummarizedItem[]): string | false => {
	const left = items.filter(({ draftId }) => draftId !== undefined);
	const list = left.map(({ index, draftId }) => `${draftId} (item ${index})`).join(', ');
	return left.length > 0 && `${what} ${list}`;
};

/** This many IDs of each kind stand in the log. */
const MAX_LOGGED = 100;

/** "24 items: acti_a (item 0), acti_b (item 1) …": IDs and places alone, and not without end. */
function listForLog(
	what: string,
	items: SummarizedItem[],
	toId: (item: SummarizedItem) => unknown,
) {
	if (items.length === 0) return false;
	const named = items.slice(0, MAX_LOGGED).map((item) => {
		const id = toId(item);
		return `${typeof id === 'string' ? id : 'an unknown ID'} (item ${item.index})`;
	});
	const rest = items.length - named.length;
	return `${what}, ${items.length}: ${named.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

/**
 * What n8n's log says of a run that was canceled: n8n keeps nothing of the node's output then, and without this nobody
 * could know who was texted.
 *
 * @param total the number of input items
 */
export function describeCanceled(items: SummarizedItem[], total: number): string {
	const done = items.filter(isDone);
	const unknown = items.filter(
		(item) => !isDone(item) && (item.unknownOutcome || !hasOutcome('notDone')(item)) && item.error,
	);
	const left = items.filter(
		(item) => !isDone(item) && !unknown.includes(item) && item.draftId !== undefined,
	);
	const rest = total - done.length - unknown.length - left.length;
	return joinSentences(
		'The execution was canceled',
		listForLog(
			'Done',
			done,
			({ output, earlierOutput }) => (output ?? earlierOutput)?.[0]?.json.id,
		),
		listForLog(
			'May have been done, look in Close',
			unknown,
			({ error, draftId }) => error?.facts.text?.id ?? draftId,
		),
		listForLog('Left in Close as a draft', left, ({ draftId }) => draftId),
		rest > 0 && `Not done: ${rest}`,
	);
}

/** Of an item that failed, or that an earlier try began: it may be a draft, or more by now. */
const CHECK_IT = 'Check in Close what became of';

/** Whether its own draft was seen as one, and Close was not at work on it any more. */
const isLeftAsDraft = ({ error }: SummarizedItem) => isLeftDraft(error?.facts.text);

const hasOutcome =
	(outcome: FailureFacts['outcome']) =>
	({ error }: SummarizedItem) =>
		error?.facts.outcome === outcome;

const isDone = ({ output, earlierOutput }: SummarizedItem) =>
	output !== undefined || earlierOutput !== undefined;

/**
 * What "Stop Workflow" adds to the error of the first item that is not valid: which others are not, what an earlier try
 * did, and that nothing was sent, if that is so.
 *
 * @param total the number of input items
 */
export function describeValidationErrors(items: SummarizedItem[], total: number): string {
	const [first, ...others] = items.filter(({ validationError }) => validationError);
	const done = items.filter(isDone);
	const unknown = items.filter((item) => item !== first && item.unknownOutcome);
	const isUntouched = done.length === 0 && !items.some(({ unknownOutcome }) => unknownOutcome);
	return joinSentences(
		say(others, others.length === 1 ? 'also has an error' : 'also have errors'),
		done.length > 0 &&
			`Done by an earlier try: ${formatItems(done.map(({ index }) => index)).toLowerCase()}`,
		say(unknown, 'may have been sent by an earlier try: look in Close'),
		nameTexts(
			CHECK_IT,
			items.filter((item) => item !== first && !isDone(item)),
		),
		total > 1 &&
			(isUntouched
				? 'All items are checked before the first is sent, so nothing was sent for any of them'
				: 'All items are checked before the first is sent, so this try sent nothing'),
	);
}

/**
 * What "Stop Workflow" adds to the error of the first item that failed: what was done before, what else failed or may
 * have been sent, what was held back, and what was not started.
 *
 * @param total the number of input items
 */
export function describeStop(items: SummarizedItem[], total: number): string {
	const [first, ...others] = items.filter(({ error }) => error);
	const unknown = others.filter(hasOutcome('unknown'));
	const undelivered = others.filter(hasOutcome('undelivered'));
	const failed = others.filter(hasOutcome('notDone'));
	const done = items.filter(isDone);
	const heldBack = items.filter(({ isHeldBack, isStarted }) => isHeldBack && isStarted);
	const touched = new Set([first, ...others, ...done, ...heldBack].map((item) => item?.index));
	const untouched = Array.from({ length: total }, (_, index) => index).filter(
		(index) => !touched.has(index),
	);
	const isMany = total > 1;
	return joinSentences(
		say(unknown, 'may have been sent: look in Close'),
		say(
			undelivered,
			undelivered.length === 1 ? 'was sent, but not delivered' : 'were sent, but not delivered',
		),
		nameTexts('In Close:', undelivered),
		say(failed, 'failed too'),
		isMany &&
			(done.length > 0
				? `Done: ${formatItems(done.map(({ index }) => index)).toLowerCase()}`
				: unknown.length + undelivered.length === 0 && 'No other item was done'),
		isMany &&
			heldBack.length > 0 &&
			`Held back, nobody was texted: ${formatItems(heldBack.map(({ index }) => index)).toLowerCase()}`,
		nameTexts('Left in Close as a draft:', [...heldBack, ...others.filter(isLeftAsDraft)]),
		nameTexts(
			CHECK_IT,
			items.filter(
				(item) =>
					item !== first &&
					!isDone(item) &&
					![...heldBack, ...undelivered].includes(item) &&
					!isLeftAsDraft(item),
			),
		),
		untouched.length > 0 && `Not started: ${formatItems(untouched).toLowerCase()}`,
		isMany &&
			done.length + unknown.length + undelivered.length > 0 &&
			'Do not run all of them again: run only those that were not done',
	);
}
