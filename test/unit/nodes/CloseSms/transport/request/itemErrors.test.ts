import { NodeApiError, NodeOperationError, type IDataObject } from 'n8n-workflow';
import type { RequestFailure } from '../../../../../../nodes/shared/errors/requestFailure';
import type { SmsActivity } from '../../../../../../nodes/shared/closeTypes';
import {
	appendToMessage,
	toCancelledError,
	toChangedError,
	toDeadlineError,
	toFailureError,
	toItemError,
	toLockedError,
	toUnknownError,
} from '../../../../../../nodes/CloseSms/transport/request/itemErrors';
import { validationError } from '../../../../../../nodes/CloseSms/validation/validationError';
import { fakeContext, fakeItem, fakeRequest } from '../../../../fakeContext';

const context = fakeContext({ itemIndex: 7, zone: 'America/New_York' });
const REQUEST = fakeRequest('PUT', '/activity/sms/acti_1/');
const TIME = '2026-12-01T09:00:00Z';
const LOCAL_TIME = '2026-12-01T04:00:00-05:00';
const MAY_BE_SENT = 'This text may have been sent';

const item = (more = {}) => fakeItem({ index: 7, ...more });
const unknownOutcome = { message: MAY_BE_SENT, startedAt: 0, since: 0, settleMs: 0 };

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
	])('%s', (_, given, words) => {
		const error = toFailureError(context, item(), REQUEST, given);
		expect(error).toBeInstanceOf(NodeApiError);
		expect(error.message).toBe(words);
		expect(error.context.itemIndex).toBe(7);
		expect(error.httpCode).toBe(given.status ? String(given.status) : 'none');
	});

	test('an upload names its file', () => {
		const upload = { filename: 'a.pdf', uploadFile: async () => undefined };
		expect(toFailureError(context, item(), { ...REQUEST, upload }, BUSY).message).toBe(
			"'a.pdf' could not be uploaded [item 7]: HTTP 503",
		);
	});

	test.each<[string, SmsActivity, string]>([
		['still a draft', sms('draft'), 'It is still a draft, and nobody was texted'],
		[
			'scheduled',
			sms('scheduled', { date_scheduled: TIME }),
			`This text is scheduled for ${LOCAL_TIME}`,
		],
	])('and then was read, %s: that is said', (_, current, words) => {
		expect(toFailureError(context, item(), REQUEST, BUSY, current).message).toBe(
			`Close was busy or out of reach [item 7]: HTTP 503. ${words}`,
		);
	});

	test('the words of the message do not stand in it', () => {
		const secretTexts = new Set(['Your code is 4711']);
		const body = { error: 'Cannot send Your code is 4711 to it' };
		expect(toFailureError(context, item({ secretTexts }), REQUEST, failure({ body })).message).toBe(
			'Close refused this [item 7]: Cannot send (text) to it',
		);
	});
});

describe('a request whose outcome is unknown', () => {
	const LOST = failure({
		kind: 'outcomeUnknown',
		status: undefined,
		body: '',
		reason: 'ECONNRESET',
	});
	const LOOK = /could not be read back. Look at it in Close before you run this item again/;

	test('says what may have been done', () => {
		const error = toUnknownError({ context, item: item({ unknownOutcome }) }, LOST);
		expect(error.message).toBe(`${MAY_BE_SENT} [item 7]: ECONNRESET`);
		expect(error.description).toMatch(LOOK);
	});

	test('without more to say, that it may have been done', () => {
		expect(toUnknownError({ context, item: item() }, LOST).message).toBe(
			'This may have been done [item 7]: ECONNRESET',
		);
	});

	test('the words of the message do not stand in it', () => {
		const secretTexts = new Set(['Your code is 4711']);
		const given = { ...LOST, body: { error: 'Your code is 4711' } };
		expect(toUnknownError({ context, item: item({ secretTexts }) }, given).message).toBe(
			'This may have been done [item 7]: (text)',
		);
	});

	const refused = () => toFailureError(context, item(), REQUEST, failure());
	const busy = () =>
		toFailureError(context, item(), REQUEST, failure({ kind: 'unavailable', body: '' }));

	test.each<[string, () => NodeApiError | NodeOperationError, string]>([
		['refused', refused, 'Only drafts can be edited.'],
		['busy', busy, 'HTTP 400'],
		[
			'cancelled',
			() => toCancelledError(context),
			'The execution was canceled before this was done [item 7]',
		],
		[
			'too late',
			() => toDeadlineError(context),
			"Close's rate limit has no capacity within 'Give Up After'",
		],
	])('no later error hides that: %s', (_, make, reason) => {
		const error = toItemError({ item: item({ unknownOutcome }) }, make());
		expect(error.message).toBe(`${MAY_BE_SENT} [item 7]: ${reason}`);
		expect(error.message).not.toMatch(/refused|busy|nothing was sent|nobody/i);
		expect(error.description).toMatch(LOOK);
	});

	test('nor one of a later item', () => {
		const later = fakeContext({ itemIndex: 12 });
		const state = fakeItem({ index: 12, unknownOutcome });
		const error = toItemError({ item: state }, toFailureError(later, state, REQUEST, failure()));
		expect(error.message).toBe(`${MAY_BE_SENT} [item 12]: Only drafts can be edited.`);
	});

	test('nor does a check that fails in a second try', () => {
		const invalid = validationError(context, "'Date Scheduled' is in the past", 'Choose another.');
		const state = item({ unknownOutcome, validationError: invalid });
		const error = toItemError({ item: state }, invalid);
		expect(error.message).toBe(`${MAY_BE_SENT} [item 7]: the response to an earlier try got lost`);
		expect(error.description).toMatch(LOOK);
	});

	test('it names the text that was created for the item, once', () => {
		const state = item({ draftId: 'acti_7' });
		const error = toItemError({ item: state }, refused());
		expect(error.message).toBe(`${refused().message.replace(/\.$/, '')}. Its ID is acti_7`);
		const { message } = error;
		expect(toItemError({ item: state }, error).message).toBe(message);
		const lost = item({ draftId: 'acti_7', unknownOutcome });
		expect(toItemError({ item: lost }, refused()).message).toBe(
			`${MAY_BE_SENT} [item 7]: Only drafts can be edited. Its ID is acti_7`,
		);
	});

	test('it is said once, however often it passes by', () => {
		const state = item({ unknownOutcome });
		const own = toUnknownError({ context, item: state }, LOST);
		expect(toItemError({ item: state }, own).message).toBe(`${MAY_BE_SENT} [item 7]: ECONNRESET`);

		const other = toItemError({ item: state }, refused());
		const { message } = other;
		expect(toItemError({ item: state }, other).message).toBe(message);
	});

	test('without one, an error stays as it is', () => {
		const error = refused();
		const { message, description } = error;
		expect(toItemError({ item: item() }, error)).toBe(error);
		expect(error).toMatchObject({ message, description });
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
			/Cancel sets a scheduled text back/,
		],
	])('asked %j', (asked, found, state, next) => {
		const error = toLockedError({ context, item: item() }, asked, found);
		expect(error.message).toBe(
			`This was not done [item 7]: this text ${state}, and not by this request`,
		);
		expect(error.description).toMatch(next);
		expect(error.context.itemIndex).toBe(7);
	});
});

describe('a response that is not what was asked', () => {
	const CAN_BE_CANCELED = /can be canceled until it has gone/;
	const ASKED = { status: 'scheduled', date_scheduled: TIME };

	test.each<[string, IDataObject, SmsActivity, string, boolean]>([
		[
			'scheduled for another time',
			ASKED,
			sms('scheduled', { date_scheduled: '2026-12-01T10:00:00Z' }),
			`'Date Scheduled' is 2026-12-01T10:00:00Z instead of ${TIME}. acti_1 is scheduled for 2026-12-01T05:00:00-05:00`,
			true,
		],
		[
			'a status that was ignored',
			{ status: 'outbox' },
			sms('draft'),
			"'Status' is draft instead of outbox. acti_1 is a draft",
			false,
		],
		[
			'in the outbox with other words',
			{ status: 'outbox', text: 'New' },
			sms('outbox', { text: 'Old' }),
			"'Text' is not what was sent. acti_1 is in the outbox, about to go out",
			true,
		],
		[
			'gone out with other words',
			{ status: 'outbox', text: 'New' },
			sms('sent', { text: 'Old' }),
			"'Text' is not what was sent. acti_1 was sent",
			true,
		],
		[
			'without an ID',
			{ status: 'outbox' },
			sms('draft', { id: undefined }),
			"'Status' is draft instead of outbox. This text is a draft",
			false,
		],
	])('%s', (_, asked, found, words, isOut) => {
		const state = item();
		const error = toChangedError({ context, item: state }, asked, found);
		expect(error.message).toBe(`Close did something other than what was asked [item 7]: ${words}`);
		expect(CAN_BE_CANCELED.test(String(error.description))).toBe(isOut);
		expect(error.context.itemIndex).toBe(7);
		// Whoever repeats it may text the person again.
		expect(state.unknownOutcome?.message).toBe(isOut ? MAY_BE_SENT : undefined);
	});

	test('another time, and taken back to draft', () => {
		const state = item();
		const found = sms('scheduled', { date_scheduled: null });
		const error = toChangedError({ context, item: state }, ASKED, found, sms('draft'));
		expect(error.message).toBe(
			`Close did something other than what was asked [item 7]: 'Date Scheduled' is empty instead of ${TIME}. acti_1 was set back to a draft, and nobody was texted`,
		);
		expect(error.description).toMatch(/^Compare it in Close/);
		expect(state.unknownOutcome).toBeUndefined();
	});

	test('what was unknown before is told as it was', () => {
		const state = item({ unknownOutcome });
		toChangedError({ context, item: state }, { text: 'New' }, sms('sent', { text: 'Old' }));
		expect(state.unknownOutcome).toBe(unknownOutcome);
	});

	test('it is not made less clear by what comes after', () => {
		const state = item();
		const error = toChangedError({ context, item: state }, ASKED, sms('sent'));
		const { message } = error;
		expect(toItemError({ item: state }, error).message).toBe(message);
	});
});

test('a cancelled execution', () => {
	const error = toCancelledError(context);
	expect(error.message).toBe('The execution was canceled before this was done [item 7]');
	expect(error.context.itemIndex).toBe(7);
	expect(error.description).toBeTruthy();
});

test("a wait for Close's rate limit that is too long", () => {
	const error = toDeadlineError(context);
	expect(error.message).toBe(
		"Close was busy or out of reach [item 7]: Close's rate limit has no capacity within 'Give Up After'",
	);
	expect(error.description).toMatch(/Raise 'Give Up After'/);
});

test.each([
	['It failed', 'Nobody was texted', 'It failed. Nobody was texted'],
	['It failed.', 'Nobody was texted.', 'It failed. Nobody was texted'],
])('%j and %j: %j', (message, sentence, words) => {
	expect(appendToMessage(new Error(message), sentence).message).toBe(words);
});
