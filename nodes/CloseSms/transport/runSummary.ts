import type { NodeError, Run } from './run';

/** "0 to 6, 9" for 0, 1, 2, 3, 4, 5, 6, 9. */
function formatRanges(indexes: Iterable<number>): string {
	const found: Array<[number, number]> = [];
	for (const index of [...indexes].sort((a, b) => a - b)) {
		const last = found[found.length - 1];
		if (last && last[1] === index - 1) last[1] = index;
		else found.push([index, index]);
	}
	return found.map(([from, to]) => (from === to ? `${from}` : `${from} to ${to}`)).join(', ');
}

/** Whether an item is the one that speaks for all that failed: the first of the input. */
export const isFirstFailure = ({ failures }: Run, index: number): boolean =>
	[...failures.keys()].every((other) => index <= other);

/** Joins what there is to say, each part with a full stop. */
export const joinSentences = (...parts: Array<string | false | null | undefined>) =>
	parts
		.filter((part) => typeof part === 'string' && part !== '')
		.map((part) => (/[.!?]$/.test(String(part)) ? part : `${part}.`))
		.join(' ');

/** What "Stop Workflow" shows when a check failed: nothing was sent for any item. */
export function describeValidationErrors({ problems, total }: Run): NodeError {
	const [first, ...others] = [...problems.keys()].sort((a, b) => a - b);
	const error = problems.get(first)!;
	error.description = joinSentences(
		error.description,
		others.length > 0 && `Items ${formatRanges(others)} need a look too`,
		total > 1 &&
			'All items are checked before the first is sent, so nothing was sent for any of them',
	);
	return error;
}

/** What "Stop Workflow" shows when Close refused an item: what was done before and what was not started. */
export function describeStop(
	{ failures, done, doneBefore, started, total }: Run,
	index: number,
): NodeError {
	const error = failures.get(index)!;
	const others = [...failures.keys()].filter((other) => other !== index);
	const finished = new Set([...done.keys(), ...doneBefore.keys()]);
	const untouched = Array.from({ length: total }, (_, item) => item).filter(
		(item) => !started.has(item) && !finished.has(item) && !failures.has(item),
	);
	error.description = joinSentences(
		error.description,
		others.length > 0 && `Items ${formatRanges(others)} did not go through either`,
		total > 1 &&
			(finished.size > 0 ? `Done: items ${formatRanges(finished)}` : 'No other item was done'),
		untouched.length > 0 && `Not started: items ${formatRanges(untouched)}`,
	);
	return error;
}
