import { NodeApiError, NodeOperationError, type IDataObject } from 'n8n-workflow';
import type { SmsActivity } from '../../../../../../nodes/shared/closeTypes';
import type { ItemFailure } from '../../../../../../nodes/shared/errors/itemFailure';
import type { RequestFailure } from '../../../../../../nodes/shared/errors/requestFailure';
import { toNodeError } from '../../../../../../nodes/shared/errors/toNodeError';
import { validationError } from '../../../../../../nodes/shared/errors/validationError';
import {
	toCancelledFailure,
	toChangedFailure,
	toDeadlineFailure,
	toItemFailure,
	toLockedFailure,
	toRequestFailure,
	toUndeliveredFailure,
	toUnknownFailure,
} from '../../../../../../nodes/CloseSms/transport/request/itemFailures';
import type { ItemState } from '../../../../../../nodes/CloseSms/transport/request/itemState';
import { fakeContext, fakeItem, fakeRequest } from '../../../../fakeContext';

const context = fakeContext({ itemIndex: 7, zone: 'America/New_York' });
const REQUEST = fakeRequest('PUT', '/activity/sms/acti_1/');
const TIME = '2026-12-01T09:00:00Z';
const LOCAL_TIME = '2026-12-01T04:00:00-05:00';
const MAY_BE_SENT = 'This SMS may have been sent';

const item = (more: Partial<ItemState> = {}) => fakeItem({ index: 7, ...more });
const unknownOutcome = { what: MAY_BE_SENT, startedAt: 0, since: 0 };
const shown = (failure: ItemFailure) => toNodeError(context, failure);

const failure = (more: Partial<RequestFailure> = {}): RequestFailure => ({
	kind: 'rejected',
	status: 400,
	headers: {},
	body: { error: 'Only drafts can be edited.' },
	reason: 'HTTP 400',
	...more,
});

const sms = (status: string, more: IDataObject = {}) =>
	({ id: 'acti_1', status, date_sent: null, date_scheduled: null, ...more }) as SmsActivity;

describe('a request that failed', () => {
	const BUSY = failure({ kind: 'unavailable', status: 503, body: '', reason: 'HTTP 503' });
	const LOST = failure({ kind: 'outcomeUnknown', status: 502, body: '', reason: 'HTTP 502' });
	const NEVER_SENT = failure({
		kind: 'unreachable',
		status: undefined,
		body: '',
		reason: 'ENOTFOUND',
	});

	test.each<[string, RequestFailure, string]>([
		['rejected', failure(), 'Close refused this [item 7]: Only drafts can be edited.'],
		['busy', BUSY, 'Close was busy or out of reach [item 7]: HTTP 503'],
		['out of reach', NEVER_SENT, 'Close was busy or out of reach [item 7]: ENOTFOUND'],
	])('a failed request is told as %s', (_, given, words) => {
		const made = toRequestFailure({ context, item: item() }, REQUEST, given);
		expect(made.facts.outcome).toBe('notDone');
		const error = shown(made);
		expect(error).toBeInstanceOf(NodeApiError);
		expect(error.message).toBe(words);
		expect(error.context.itemIndex).toBe(7);
		expect(error).toMatchObject({ httpCode: given.status ? String(given.status) : 'none' });
	});

	test('the failure of an upload names its file', () => {
		const upload = { filename: 'a.pdf', uploadFile: async () => undefined };
		const made = toRequestFailure({ context, item: item() }, { ...REQUEST, upload }, BUSY);
		expect(shown(made).message).toBe("'a.pdf' could not be uploaded [item 7]: HTTP 503");
	});

	test.each<[string, SmsActivity, number, string | undefined, string]>([
		['a draft', sms('draft'), 4_600, undefined, 'This SMS was still a draft 5 seconds later'],
		['a draft soon', sms('draft'), 20, undefined, 'This SMS was still a draft 1 second later'],
		['its own draft', sms('draft'), 500, 'acti_1', 'acti_1 was still a draft 1 second later'],
		[
			'scheduled',
			sms('scheduled', { date_scheduled: TIME }),
			500,
			undefined,
			`This SMS is scheduled for ${LOCAL_TIME}; Cancel stops it`,
		],
	])(
		'with Close perhaps at work still, says what was seen and when: %s',
		(_, found, afterMs, draftId, words) => {
			const made = toRequestFailure(
				{ context, item: item({ draftId, unknownOutcome }) },
				REQUEST,
				LOST,
				{ found, afterMs },
			);
			expect(made.facts.outcome).toBe('unknown');
			const error = shown(made);
			expect(error.message).toBe(`Close was busy or out of reach [item 7]: HTTP 502. ${words}`);
			expect(error.message).not.toMatch(/nobody/);
			expect(error.description).toMatch(/may still be at work.*Look at it in Close/);
		},
	);

	test('a request that was rejected after an earlier attempt got lost is said not to be done', () => {
		const current = { found: sms('draft'), afterMs: 500 };
		const made = toRequestFailure({ context, item: item() }, REQUEST, failure(), current);
		expect(made.facts.outcome).toBe('notDone');
	});

	test('the failure of a request does not contain the words of the message', () => {
		const secretTexts = new Set(['Your code is 4711']);
		const body = { error: 'Cannot send Your code is 4711 to it' };
		const made = toRequestFailure(
			{ context, item: item({ secretTexts }) },
			REQUEST,
			failure({ body }),
		);
		expect(shown(made).message).toBe('Close refused this [item 7]: Cannot send (message) to it');
	});
});

test('a text that was not delivered has the reason in words, its ID, and that it was not sent again', () => {
	const text = sms('error', { error_message: 'Error 30006: Landline' });
	const made = toUndeliveredFailure(item({ draftId: 'acti_1' }), text);
	expect(made.facts).toMatchObject({ outcome: 'undelivered', text: { origin: 'created' } });
	const error = shown(made);
	expect(error.message).toMatch(/^This SMS was not delivered \[item 7\]: Error 30006: Landline\./);
	expect(error.message).toContain('acti_1');
	expect(error.description).toMatch(/It was not sent again\.$/);
	expect(toUndeliveredFailure(item(), sms('error')).facts.text?.origin).toBe('given');
});

describe('a request whose outcome is unknown', () => {
	const LOST = failure({
		kind: 'outcomeUnknown',
		status: undefined,
		body: '',
		reason: 'ECONNRESET',
	});
	const LOOK = /could not be read back. Look at it in Close before you run this item again/;

	test('an unknown outcome says what may have been done', () => {
		const error = shown(toUnknownFailure({ context, item: item({ unknownOutcome }) }, LOST));
		expect(error.message).toBe(`${MAY_BE_SENT} [item 7]: ECONNRESET`);
		expect(error.description).toMatch(LOOK);
	});

	test('an unknown outcome names what may have been created', () => {
		const made = toUnknownFailure({ context, item: item({ unknownOutcome }) }, LOST, [
			'acti_1',
			'acti_2',
		]);
		expect(shown(made).description).toBe(
			"Do not repeat it. Close's response got lost. It may be acti_1 or acti_2, or somebody else's: look at it in Close before you run this item again.",
		);
	});

	test('an unknown outcome of which no more is known says that it may have been done', () => {
		const made = toUnknownFailure({ context, item: item() }, LOST);
		expect(shown(made).message).toBe('This may have been done [item 7]: ECONNRESET');
	});

	test('an unknown outcome does not contain the words of the message', () => {
		const secretTexts = new Set(['Your code is 4711']);
		const given = { ...LOST, body: { error: 'Your code is 4711' } };
		const made = toUnknownFailure({ context, item: item({ secretTexts }) }, given);
		expect(shown(made).message).toBe('This may have been done [item 7]: (message)');
	});

	const refused = () => toRequestFailure({ context, item: item() }, REQUEST, failure());
	const busy = () =>
		toRequestFailure(
			{ context, item: item() },
			REQUEST,
			failure({ kind: 'unavailable', body: '' }),
		);

	test.each<[string, () => ItemFailure, string]>([
		['refused', refused, 'Only drafts can be edited.'],
		['busy', busy, 'HTTP 400'],
		[
			'cancelled',
			() => toCancelledFailure(context),
			'The execution was canceled before this was done',
		],
		[
			'too late',
			() => toDeadlineFailure(context, 'rateLimit'),
			"Close's rate limit has no capacity within 'Give Up After'",
		],
	])('no later failure hides an unknown outcome: %s', (_, make, reason) => {
		const error = shown(toItemFailure(item({ unknownOutcome }), make()));
		expect(error.message).toBe(`${MAY_BE_SENT} [item 7]: ${reason}`);
		expect(error.message).not.toMatch(/refused|busy|nothing was sent|nobody/i);
		expect(error.description).toMatch(LOOK);
	});

	test('an invalid field in a second try does not hide an unknown outcome', () => {
		const invalid = validationError(context, "'Date Scheduled' is in the past", 'Choose another.');
		const state = item({ unknownOutcome, validationError: invalid });
		const error = shown(toItemFailure(state, invalid));
		expect(error.message).toBe(`${MAY_BE_SENT} [item 7]: the response to an earlier try got lost`);
		expect(error.description).toMatch(LOOK);
	});

	test('an unknown outcome is told once, however often the failure is passed on', () => {
		const state = item({ unknownOutcome });
		const own = toUnknownFailure({ context, item: state }, LOST);
		const words = `${MAY_BE_SENT} [item 7]: ECONNRESET`;
		expect(shown(toItemFailure(state, toItemFailure(state, own))).message).toBe(words);

		const other = toItemFailure(state, refused());
		expect(toItemFailure(state, other).facts).toEqual(other.facts);
	});
});

describe('the failure of an item', () => {
	const refused = () => toRequestFailure({ context, item: item() }, REQUEST, failure());

	test("an item's failure names the text that was created for the item, once", () => {
		const state = item({ draftId: 'acti_7' });
		const first = toItemFailure(state, refused());
		expect(shown(first).message).toBe(
			'Close refused this [item 7]: Only drafts can be edited. Its ID is acti_7',
		);
		expect(toItemFailure(state, first).facts).toEqual(first.facts);
		const lost = item({ draftId: 'acti_7', unknownOutcome });
		expect(shown(toItemFailure(lost, refused())).message).toBe(
			`${MAY_BE_SENT} [item 7]: Only drafts can be edited. Its ID is acti_7`,
		);
	});

	test("an item's failure keeps what is known of a text", () => {
		const text = {
			id: 'acti_7',
			origin: 'created' as const,
			seen: { status: 'sent', words: 'was sent' },
		};
		const made = toItemFailure(item({ draftId: 'acti_7' }), refused().with({ text }));
		expect(shown(made).message).toMatch(/\. acti_7 was sent$/);
	});

	test('an error of n8n becomes a failure in its words', () => {
		const error = new NodeOperationError(context.getNode(), 'No such field', {
			description: 'Look at the expression.',
		});
		expect(toItemFailure(item(), error).facts).toMatchObject({
			what: 'No such field',
			next: 'Look at the expression.',
			outcome: 'notDone',
			itemIndex: 7,
		});
	});

	test.each([
		[new TypeError('x is not a function'), 'x is not a function'],
		['a word', 'a word'],
		[undefined, 'undefined'],
		[null, 'null'],
		[{ message: 7 }, '[object Object]'],
	])('whatever was thrown becomes a failure: %s', (thrown, what) => {
		expect(toItemFailure(item(), thrown).facts).toMatchObject({ what, outcome: 'notDone' });
	});
});

describe('a text that was not updated by this request, and can no longer be', () => {
	test.each<[IDataObject, SmsActivity, string, RegExp]>([
		[
			{ status: 'outbox' },
			sms('sent', { date_sent: TIME }),
			`was sent at ${LOCAL_TIME}`,
			/^It was not sent again/,
		],
		[{ status: 'outbox' }, sms('inbox'), 'was received', /^Close edits only drafts/],
		[{ text: 'New' }, sms('sent'), 'was sent', /^Close edits only drafts/],
		[
			{ text: 'New' },
			sms('scheduled', { date_scheduled: TIME }),
			`is scheduled for ${LOCAL_TIME}`,
			/Cancel sets a scheduled SMS back/,
		],
	])(
		'an update by %j of a text that can no longer be updated says why',
		(asked, found, state, next) => {
			const error = shown(toLockedFailure({ context, item: item() }, asked, found));
			expect(error.message).toBe(
				`This was not done [item 7]. This SMS ${state}, and not by this request`,
			);
			expect(error.description).toMatch(next);
			expect(error.context.itemIndex).toBe(7);
		},
	);
});

describe('a response that is not what was asked', () => {
	const CAN_BE_CANCELED = /can be canceled until it has gone/;
	const ASKED = { status: 'scheduled', date_scheduled: TIME };

	test.each<[string, IDataObject, SmsActivity, string, boolean]>([
		[
			'scheduled for another time',
			ASKED,
			sms('scheduled', { date_scheduled: '2026-12-01T10:00:00Z' }),
			`'Date Scheduled' is 2026-12-01T10:00:00Z instead of ${TIME}. This SMS is scheduled for 2026-12-01T05:00:00-05:00; Cancel stops it`,
			true,
		],
		[
			'a status that was ignored',
			{ status: 'outbox' },
			sms('draft'),
			"'Status' is draft instead of outbox. It is still a draft, and nobody was texted",
			false,
		],
		[
			'in the outbox with other words',
			{ status: 'outbox', text: 'New' },
			sms('outbox', { text: 'Old' }),
			"'Text' is not what was asked. This SMS is in the outbox, about to go out",
			true,
		],
		[
			'gone out with other words',
			{ status: 'outbox', text: 'New' },
			sms('sent', { text: 'Old' }),
			"'Text' is not what was asked. This SMS was sent",
			true,
		],
		[
			'without an ID',
			{ status: 'outbox' },
			sms('draft', { id: undefined }),
			"'Status' is draft instead of outbox. It is still a draft, and nobody was texted",
			false,
		],
	])('a response that is not what was asked is told: %s', (_, asked, found, words, isOut) => {
		const state = item();
		const error = shown(toChangedFailure({ context, item: state }, asked, found));
		expect(error.message).toBe(`Close did something other than what was asked [item 7]: ${words}`);
		expect(CAN_BE_CANCELED.test(String(error.description))).toBe(isOut);
		expect(error.context.itemIndex).toBe(7);
		// Whoever repeats it may text the person again.
		expect(state.unknownOutcome?.what).toBe(isOut ? MAY_BE_SENT : undefined);
	});

	test('a text that Close scheduled for another time is said to be set back to a draft', () => {
		const state = item();
		const found = sms('scheduled', { date_scheduled: null });
		const error = shown(
			toChangedFailure({ context, item: state }, ASKED, found, { takenBack: sms('draft') }),
		);
		expect(error.message).toBe(
			`Close did something other than what was asked [item 7]: 'Date Scheduled' is empty instead of ${TIME}. acti_1 was set back to a draft, and is one still`,
		);
		expect(error.description).toMatch(/^Compare it in Close/);
		expect(state.unknownOutcome).toBeUndefined();
	});

	test('a response that is not what was asked tells an earlier unknown outcome as it was', () => {
		const state = item({ unknownOutcome });
		toChangedFailure({ context, item: state }, { text: 'New' }, sms('sent', { text: 'Old' }));
		expect(state.unknownOutcome).toBe(unknownOutcome);
	});

	test('a response that is not what was asked is not made less clear by what comes after', () => {
		const state = item();
		const made = toChangedFailure({ context, item: state }, ASKED, sms('sent'));
		expect(toItemFailure(state, made).facts).toEqual(made.facts);
	});
});

test('a canceled execution is told as canceled', () => {
	const error = shown(toCancelledFailure(context));
	expect(error.message).toBe('The execution was canceled before this was done [item 7]');
	expect(error.context.itemIndex).toBe(7);
	expect(error.description).toBeTruthy();
});

test("a wait for Close's rate limit that is too long says how to wait longer", () => {
	const error = shown(toDeadlineFailure(context, 'rateLimit'));
	expect(error.message).toBe(
		"Close was busy or out of reach [item 7]: Close's rate limit has no capacity within 'Give Up After'",
	);
	expect(error.description).toMatch(/Raise 'Give Up After'/);
});

test('a wait for the result of another item that is too long does not blame the rate limit', () => {
	const { message } = shown(toDeadlineFailure(context, 'otherItem'));
	expect(message).toMatch(/not known within 'Give Up After' what became of another item/);
	expect(message).not.toMatch(/rate limit/);
});
