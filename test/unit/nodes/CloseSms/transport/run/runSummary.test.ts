import fc from 'fast-check';
import { ItemFailure } from '../../../../../../nodes/shared/errors/itemFailure';
import {
	describeCanceled,
	describeStop,
	describeValidationErrors,
	formatItems,
	type SummarizedItem,
} from '../../../../../../nodes/CloseSms/transport/run/runSummary';

describe('item numbers', () => {
	test.each<[number[], string]>([
		[[4], 'Item 4'],
		[[0], 'Item 0'],
		[[0, 1], 'Items 0 to 1'],
		[[0, 2], 'Items 0 and 2'],
		[[0, 1, 2, 3, 4, 5, 6, 9], 'Items 0 to 6 and 9'],
		[[4, 5, 8], 'Items 4 to 5 and 8'],
		[[0, 2, 4, 5], 'Items 0, 2 and 4 to 5'],
		[[9, 1, 10, 2], 'Items 1 to 2 and 9 to 10'],
	])('%j: %s', (indexes, words) => {
		expect(formatItems(indexes)).toBe(words);
	});

	test('name each item once, whatever their order', () => {
		fc.assert(
			fc.property(fc.uniqueArray(fc.nat(30), { minLength: 1 }), (indexes) => {
				const named = [...formatItems(indexes).matchAll(/(\d+)(?: to (\d+))?/g)].flatMap(
					([, from, to = from]) =>
						Array.from({ length: +to - +from + 1 }, (_, offset) => +from + offset),
				);
				expect(named).toEqual([...indexes].sort((a, b) => a - b));
			}),
		);
	});
});

const error = new ItemFailure({ what: 'Close refused this', outcome: 'notDone' });
const unknownOutcome = {} as SummarizedItem['unknownOutcome'];

/** Items by their place in the list. */
const items = (...states: Array<Partial<SummarizedItem>>): SummarizedItem[] =>
	states.map((state, index) => ({ index, isStarted: true, isHeldBack: false, ...state }));

const done = { output: [] };
const doneBefore = { earlierOutput: [], isStarted: false };
const failed = { error };
const unknown = { error: error.with({ outcome: 'unknown' }), unknownOutcome };
const undelivered = { error: error.with({ outcome: 'undelivered' }) };
const leftAsDraft = (id: string) => ({
	error: error.with({
		text: { id, origin: 'created', seen: { status: 'draft', words: 'is a draft' } },
	}),
	draftId: id,
});
const invalid = { validationError: error, isStarted: false };
const valid = { isStarted: false };
const heldBack = { isHeldBack: true };
const notStarted = { isStarted: false, isHeldBack: true };
const draft = (id: string) => ({ isHeldBack: true, draftId: id });

const NOT_ALL_AGAIN = 'Do not run all of them again: run only those that were not done.';

describe('what "Stop Workflow" adds to the error of the first item that failed', () => {
	test.each<[string, SummarizedItem[], number, string]>([
		['the only item', items(failed), 1, ''],
		[
			'the first of two',
			items(failed, notStarted),
			2,
			'No other item was done. Not started: item 1.',
		],
		[
			'the first of two, the other was not even seen',
			items(failed),
			2,
			'No other item was done. Not started: item 1.',
		],
		['the last of two', items(done, failed), 2, `Done: item 0. ${NOT_ALL_AGAIN}`],
		[
			'one in the middle',
			items(done, done, failed, notStarted, notStarted),
			5,
			`Done: items 0 to 1. Not started: items 3 to 4. ${NOT_ALL_AGAIN}`,
		],
		[
			'of those under way, some were done and one failed too',
			items(failed, done, failed, done),
			5,
			`Item 2 failed too. Done: items 1 and 3. Not started: item 4. ${NOT_ALL_AGAIN}`,
		],
		[
			'others that may have been sent',
			items(failed, unknown, unknown, failed),
			4,
			`Items 1 to 2 may have been sent: look in Close. Item 3 failed too. ${NOT_ALL_AGAIN}`,
		],
		[
			'others were sent, and not delivered',
			items(failed, undelivered, undelivered),
			3,
			`Items 1 to 2 were sent, but not delivered. ${NOT_ALL_AGAIN}`,
		],
		[
			'of what was sent, and not delivered, nothing is left to find out',
			items(failed, { ...undelivered, draftId: 'acti_1' }),
			2,
			`Item 1 was sent, but not delivered. In Close: acti_1 (item 1). ${NOT_ALL_AGAIN}`,
		],
		[
			'another failed, and its draft was seen',
			items(failed, leftAsDraft('acti_1'), draft('acti_2')),
			3,
			'Item 1 failed too. No other item was done. Held back, nobody was texted: item 2. Left in Close as a draft: acti_2 (item 2), acti_1 (item 1).',
		],
		[
			'the first itself may have been sent: its own message says so',
			items(unknown, notStarted),
			2,
			'No other item was done. Not started: item 1.',
		],
		[
			'those under way were held back',
			items(failed, heldBack, heldBack, notStarted),
			4,
			'No other item was done. Held back, nobody was texted: items 1 to 2. Not started: item 3.',
		],
		[
			'and left drafts',
			items(done, failed, draft('acti_2'), heldBack, draft('acti_4')),
			5,
			`Done: item 0. Held back, nobody was texted: items 2 to 4. Left in Close as a draft: acti_2 (item 2), acti_4 (item 4). ${NOT_ALL_AGAIN}`,
		],
		[
			'an earlier try did some',
			items(doneBefore, failed, notStarted),
			3,
			`Done: item 0. Not started: item 2. ${NOT_ALL_AGAIN}`,
		],
		[
			'an earlier try left drafts, whose items did not start again',
			items(failed, { ...notStarted, draftId: 'acti_1' }, { draftId: 'acti_2' }),
			3,
			'No other item was done. Check in Close what became of acti_1 (item 1), acti_2 (item 2). Not started: items 1 to 2.',
		],
		[
			'others failed too, or may have been sent, after something was created for them',
			items(
				{ ...failed, draftId: 'acti_0' },
				{ ...failed, draftId: 'acti_1' },
				{ ...done, draftId: 'acti_2' },
				{ ...unknown, draftId: 'acti_3' },
				draft('acti_4'),
			),
			5,
			`Item 3 may have been sent: look in Close. Item 1 failed too. Done: item 2. Held back, nobody was texted: item 4. Left in Close as a draft: acti_4 (item 4). Check in Close what became of acti_1 (item 1), acti_3 (item 3). ${NOT_ALL_AGAIN}`,
		],
	])('%s', (_, all, total, words) => {
		expect(describeStop(all, total)).toBe(words);
	});

	test('every item is in exactly one of the lists, or is the one that the error is about', () => {
		const state = fc.constantFrom<Partial<SummarizedItem>>(
			done,
			doneBefore,
			failed,
			unknown,
			undelivered,
			heldBack,
			notStarted,
		);
		fc.assert(
			fc.property(fc.array(state, { minLength: 1, maxLength: 12 }), fc.nat(3), (states, more) => {
				fc.pre(states.some((one) => one.error));
				const total = states.length + more;
				const words = describeStop(items(...states), total);
				const first = states.findIndex((one) => one.error);
				const named = [...words.matchAll(/(\d+)(?: to (\d+))?/g)].flatMap(([, from, to = from]) =>
					Array.from({ length: +to - +from + 1 }, (_, offset) => +from + offset),
				);
				const expected = Array.from({ length: total }, (_, index) => index).filter(
					(index) => index !== first,
				);
				expect(named.sort((a, b) => a - b)).toEqual(expected);
			}),
		);
	});
});

describe('what "Stop Workflow" adds to the error of the first item that is not valid', () => {
	const NOTHING_SENT =
		'All items are checked before the first is sent, so nothing was sent for any of them.';
	const THIS_TRY = 'All items are checked before the first is sent, so this try sent nothing.';

	test.each<[string, SummarizedItem[], number, string]>([
		['the only item', items(invalid), 1, ''],
		['one of three', items(valid, invalid, valid), 3, NOTHING_SENT],
		[
			'two of three',
			items(invalid, valid, invalid),
			3,
			`Item 2 also has an error. ${NOTHING_SENT}`,
		],
		[
			'four of nine',
			items(valid, invalid, valid, valid, invalid, invalid, valid, valid, invalid),
			9,
			`Items 4 to 5 and 8 also have errors. ${NOTHING_SENT}`,
		],
		[
			'an earlier try did one',
			items(doneBefore, invalid),
			2,
			`Done by an earlier try: item 0. ${THIS_TRY}`,
		],
		[
			'an earlier try did two',
			items(doneBefore, doneBefore, invalid),
			3,
			`Done by an earlier try: items 0 to 1. ${THIS_TRY}`,
		],
		[
			'an earlier try may have sent one',
			items({ ...valid, unknownOutcome }, invalid),
			2,
			`Item 0 may have been sent by an earlier try: look in Close. ${THIS_TRY}`,
		],
		[
			'an earlier try may have sent the very item: its own message says so',
			items({ ...invalid, unknownOutcome, draftId: 'acti_0' }, valid),
			2,
			THIS_TRY,
		],
		[
			'an earlier try left a draft',
			items(
				{ ...doneBefore, draftId: 'acti_0' },
				{ ...valid, draftId: 'acti_1' },
				{ ...invalid, draftId: 'acti_2' },
				{ ...invalid, draftId: 'acti_3' },
			),
			4,
			`Item 3 also has an error. Done by an earlier try: item 0. Check in Close what became of acti_1 (item 1), acti_3 (item 3). ${THIS_TRY}`,
		],
	])('%s', (_, all, total, words) => {
		expect(describeValidationErrors(all, total)).toBe(words);
	});
});

describe('what the log says of a run that was canceled', () => {
	const output = (id: string) => ({ output: [{ json: { id, text: 'Your code is 1234' } }] });

	test('whom each was about, by ID and place alone', () => {
		const words = describeCanceled(
			items(
				output('acti_0'),
				{
					error: unknown.error.with({ text: { id: 'acti_1', origin: 'created' } }),
					unknownOutcome,
				},
				{ error, draftId: 'acti_2' },
				failed,
			),
			6,
		);
		expect(words).toBe(
			'The execution was canceled. Done, 1: acti_0 (item 0). ' +
				'May have been done, look in Close, 1: acti_1 (item 1). ' +
				'Left in Close as a draft, 1: acti_2 (item 2). Not done: 3.',
		);
	});

	test('a hundred IDs at most, however many were texted', () => {
		const many = Array.from({ length: 1000 }, (_, n) => output(`acti_${n}`));
		const words = describeCanceled(items(...many), 1000);
		expect(words).toContain('Done, 1000: acti_0 (item 0), ');
		expect(words).toMatch(/acti_99 \(item 99\) and 900 more\.$/);
		expect(words).not.toContain('1234');
	});

	test('nothing done: that alone', () => {
		expect(describeCanceled(items(notStarted), 5)).toBe('The execution was canceled. Not done: 5.');
	});
});
