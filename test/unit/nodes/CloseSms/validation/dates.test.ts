import { DateTime } from 'luxon';
import type { IDataObject } from 'n8n-workflow';
import {
	formatDates,
	rejectPastSchedule,
	toIsoTime,
	validateSchedule,
} from '../../../../../nodes/CloseSms/validation/dates';
import { DEFAULT_OPTIONS } from '../../../../../nodes/CloseSms/validation/nodeOptions';
import type { PreSendValidator } from '../../../../../nodes/CloseSms/validation/preSend';
import { fakeContext, thrownBy } from '../../../fakeContext';

const NOW = '2026-11-25T12:00:00Z';
const context = fakeContext({ itemIndex: 3, zone: 'America/New_York' });

beforeEach(() => jest.useFakeTimers({ now: new Date(NOW) }));
afterEach(() => jest.useRealTimers());

const run = (validator: PreSendValidator, body: IDataObject) => {
	validator(context, { url: '', body }, DEFAULT_OPTIONS);
	return body;
};

test.each<[string, unknown, string]>([
	[
		'without an offset, in the zone of the workflow',
		'2026-12-01T09:00',
		'2026-12-01T09:00:00-05:00',
	],
	['the same in summer', '2027-06-01 09:00:00', '2027-06-01T09:00:00-04:00'],
	['a day', '2026-12-01', '2026-12-01T00:00:00-05:00'],
	['with an offset', '2026-12-01T09:00:00+01:00', '2026-12-01T09:00:00+01:00'],
	['in UTC', '2026-12-01T09:00:00Z', '2026-12-01T09:00:00Z'],
	[
		'a Luxon DateTime',
		DateTime.fromISO('2026-12-01T09:00', { zone: 'Europe/Berlin' }),
		'2026-12-01T09:00:00+01:00',
	],
	['a Date', new Date('2026-12-01T09:00:00Z'), '2026-12-01T04:00:00-05:00'],
	['in whole seconds', '2026-12-01T09:00:00.987Z', '2026-12-01T09:00:00Z'],
])('a time %s', (_, value, expected) => {
	// Which zone an instant is written in does not matter, the instant and that it has an offset do.
	const iso = toIsoTime(context, value, 'Send At');
	expect(Date.parse(iso)).toBe(Date.parse(expected));
	expect(iso).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$/);
});

test.each(['soon', '2026-02-30', '', 7, null, {}, new Date(NaN)])('%p is no time', (value) => {
	const error = thrownBy(() => toIsoTime(context, value, 'Send At'));
	expect(error.message).toMatch(
		/^'Send At' is not a date and time that can be read: .+ \[item 3\]$/,
	);
	expect(error.description).toMatch(/ISO 8601/);
});

describe('the dates of a request', () => {
	test('get an offset, and other fields stay', () => {
		const body = {
			activity_at: '2026-12-01T09:00',
			date_scheduled: '2026-12-02',
			text: '2026-12-01',
		};
		expect(run(formatDates('activity_at', 'date_scheduled'), body)).toEqual({
			activity_at: '2026-12-01T09:00:00-05:00',
			date_scheduled: '2026-12-02T00:00:00-05:00',
			text: '2026-12-01',
		});
	});

	test('one that is not set, or cleared, stays so', () => {
		expect(run(formatDates('activity_at', 'date_scheduled'), { activity_at: null })).toEqual({
			activity_at: null,
		});
	});

	test('one that cannot be read is an error by its label', () => {
		expect(() => run(formatDates('activity_at'), { activity_at: 'soon' })).toThrow(
			"'Activity At' is not a date and time",
		);
	});
});

describe('a schedule', () => {
	test.each([
		['in a second', '2026-11-25T12:00:01Z'],
		['tomorrow', '2026-11-26T00:00:00-05:00'],
	])('%s', (_, date_scheduled) => {
		expect(run(rejectPastSchedule, { date_scheduled })).toEqual({ date_scheduled });
	});

	test.each([
		['now', '2026-11-25T07:00:00-05:00'],
		['a second ago', '2026-11-25T06:59:59-05:00'],
	])('%s is over: both times are told', (_, date_scheduled) => {
		const error = thrownBy(() => run(rejectPastSchedule, { date_scheduled }));
		expect(error.message).toBe(
			`'Date Scheduled' is in the past: it is ${date_scheduled}, and now it is 2026-11-25T07:00:00-05:00 [item 3]`,
		);
		expect(error.description).toMatch(/zone of the workflow/);
	});

	test.each([undefined, null])('%p is none', (date_scheduled) => {
		expect(() => run(rejectPastSchedule, { date_scheduled })).not.toThrow();
	});
});

describe("'Status' and 'Date Scheduled'", () => {
	const AHEAD = '2026-12-01T09:00:00Z';
	test.each<[string, IDataObject, string | undefined]>([
		['scheduled, with a time', { status: 'scheduled', date_scheduled: AHEAD }, undefined],
		['neither', { text: 'Hi' }, undefined],
		['another status, without a time', { status: 'outbox' }, undefined],
		[
			'scheduled, without a time',
			{ status: 'scheduled' },
			"'Status' is Send Later but 'Date Scheduled' is empty",
		],
		[
			'a time alone',
			{ date_scheduled: AHEAD },
			"'Date Scheduled' is set but 'Status' is not Send Later",
		],
		[
			'a time with another status',
			{ status: 'outbox', date_scheduled: AHEAD },
			"'Date Scheduled' is set but 'Status' is not Send Later",
		],
		[
			'scheduled for a time that is over',
			{ status: 'scheduled', date_scheduled: NOW },
			"'Date Scheduled' is in the past",
		],
	])('%s', (_, body, message) => {
		const validating = () => run(validateSchedule, body);
		if (!message) expect(validating).not.toThrow();
		else {
			const error = thrownBy(validating);
			expect(error.message).toMatch(message);
			expect(error.message).toMatch('[item 3]');
			expect(error.description).toBeTruthy();
		}
	});
});
