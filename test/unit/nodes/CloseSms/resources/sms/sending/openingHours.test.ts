import fc from 'fast-check';
import { DateTime } from 'luxon';
import {
	findOpening,
	isOpen,
} from '../../../../../../../nodes/CloseSms/resources/sms/sending/openingHours';
import {
	DAYS,
	type DailyHours,
	type Day,
} from '../../../../../../../nodes/CloseSms/validation/sendingHours';

const MINUTE = 60_000;
const at = (iso: string) => Date.parse(iso);
const minutes = (clock: string) => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));
const hours = (from: string, to: string, days: readonly Day[] = DAYS): DailyHours => ({
	from: minutes(from),
	to: minutes(to),
	days: [...days],
});
const opening = (daily: DailyHours, zones: string[], from: string) => {
	const found = findOpening(daily, zones, { earliest: at(from) });
	return found === undefined ? undefined : new Date(found).toISOString();
};

const DAYTIME = hours('08:00', '21:00');
const WEEKDAYS: Day[] = ['mon', 'tue', 'wed', 'thu', 'fri'];
const NEW_YORK = ['America/New_York'];
const BERLIN = ['Europe/Berlin'];

test.each([
	['at From', '2026-12-01T08:00:00-05:00', true],
	['a second before From', '2026-12-01T07:59:59-05:00', false],
	['a second before To', '2026-12-01T20:59:59-05:00', true],
	['at To', '2026-12-01T21:00:00-05:00', false],
	['at the same hour elsewhere', '2026-12-01T08:00:00+01:00', false],
])('%s', (_, iso, expected) => {
	expect(isOpen(DAYTIME, NEW_YORK, at(iso))).toBe(expected);
});

test.each([
	['at From', '2026-12-01T20:00:00Z', true],
	['a second before From', '2026-12-01T19:59:59Z', false],
	['a second before To', '2026-12-01T01:59:59Z', true],
	['at To', '2026-12-01T02:00:00Z', false],
])('hours over midnight, %s', (_, iso, expected) => {
	expect(isOpen(hours('20:00', '02:00'), ['UTC'], at(iso))).toBe(expected);
});

test.each<[string, DailyHours, string[], string, string]>([
	['in the hours: at once', DAYTIME, NEW_YORK, '2026-12-01T12:00:30Z', '2026-12-01T13:00:00.000Z'],
	['too early', DAYTIME, NEW_YORK, '2026-12-01T10:00:00Z', '2026-12-01T13:00:00.000Z'],
	['too late', DAYTIME, NEW_YORK, '2026-12-02T02:00:00Z', '2026-12-02T13:00:00.000Z'],
	[
		'Friday evening, weekdays only: Monday',
		hours('09:00', '17:00', WEEKDAYS),
		BERLIN,
		'2026-11-27T17:00:00Z',
		'2026-11-30T08:00:00.000Z',
	],
	[
		'one day a week, just over: a week later',
		hours('09:00', '10:00', ['wed']),
		['UTC'],
		'2026-11-25T10:00:00Z',
		'2026-12-02T09:00:00.000Z',
	],
	[
		'over midnight, at night after the day it opened on',
		hours('20:00', '02:00', ['mon']),
		['UTC'],
		'2026-12-01T01:59:59Z',
		'2026-12-01T01:59:59.000Z',
	],
	[
		'over midnight, at night before the day it opens on',
		hours('20:00', '02:00', ['mon']),
		['UTC'],
		'2026-11-30T01:00:00Z',
		'2026-11-30T20:00:00.000Z',
	],
	[
		'until midnight',
		hours('08:00', '24:00'),
		['UTC'],
		'2026-12-01T23:59:00Z',
		'2026-12-01T23:59:00.000Z',
	],
	[
		'until 00:00 is until midnight too',
		hours('08:00', '00:00'),
		['UTC'],
		'2026-12-01T23:59:00Z',
		'2026-12-01T23:59:00.000Z',
	],
	[
		'clocks go forward over the opening: when they have',
		hours('02:30', '05:00'),
		NEW_YORK,
		'2027-03-14T06:00:00Z',
		'2027-03-14T07:00:00.000Z',
	],
	[
		'clocks go forward in the night: eight in summer time',
		DAYTIME,
		NEW_YORK,
		'2027-03-14T05:00:00Z',
		'2027-03-14T12:00:00.000Z',
	],
	[
		'clocks go back in the night: eight in winter time',
		DAYTIME,
		NEW_YORK,
		'2026-11-01T04:00:00Z',
		'2026-11-01T13:00:00.000Z',
	],
	[
		'a half-hour zone',
		DAYTIME,
		['Asia/Kolkata'],
		'2026-12-01T00:00:00Z',
		'2026-12-01T02:30:00.000Z',
	],
	[
		'a quarter-hour zone',
		DAYTIME,
		['Asia/Kathmandu'],
		'2026-12-01T00:00:00Z',
		'2026-12-01T02:15:00.000Z',
	],
	[
		'several zones: the latest opening',
		DAYTIME,
		['America/New_York', 'America/Los_Angeles'],
		'2026-12-01T13:00:00Z',
		'2026-12-01T16:00:00.000Z',
	],
	[
		'several zones, closed in the east already',
		DAYTIME,
		['America/New_York', 'America/Los_Angeles'],
		'2026-12-02T02:00:00Z',
		'2026-12-02T16:00:00.000Z',
	],
])('%s', (_, daily, zones, from, expected) => {
	expect(opening(daily, zones, from)).toBe(expected);
});

test('hours that never overlap in the zones have no opening', () => {
	expect(
		opening(hours('09:00', '12:00'), ['America/Los_Angeles', 'Asia/Kolkata'], '2026-12-01T00:00Z'),
	).toBeUndefined();
});

const ZONES = [
	'UTC',
	'America/New_York',
	'America/Los_Angeles',
	'America/Sao_Paulo',
	'America/St_Johns',
	'Africa/Casablanca',
	'Asia/Kolkata',
	'Asia/Kathmandu',
	'Australia/Lord_Howe',
	'Europe/Berlin',
	'Pacific/Apia',
	'Pacific/Chatham',
];

/** The same, from Luxon's local time and day of the week. */
function isOpenByLuxon({ from, to, days }: DailyHours, zones: string[], ms: number): boolean {
	return zones.every((zone) => {
		const local = DateTime.fromMillis(ms, { zone });
		const minute = local.hour * 60 + local.minute;
		const [today, yesterday] = [
			DAYS[local.weekday - 1],
			DAYS[local.minus({ days: 1 }).weekday - 1],
		];
		if (from < to) return days.includes(today) && minute >= from && minute < to;
		return (minute >= from && days.includes(today)) || (minute < to && days.includes(yesterday));
	});
}

const dailyHours: fc.Arbitrary<DailyHours> = fc
	.record({
		from: fc.integer({ min: 0, max: 1439 }),
		to: fc.integer({ min: 0, max: 1440 }),
		days: fc.uniqueArray(fc.constantFrom(...DAYS), { minLength: 1 }),
	})
	.filter(({ from, to }) => from !== to);
const zoneLists = fc.uniqueArray(fc.constantFrom(...ZONES), { minLength: 1, maxLength: 3 });

/** Any time, and often one within two days of a change of clocks. */
const instants = fc.oneof(
	fc.integer({ min: at('2020-01-01T00:00Z'), max: at('2036-01-01T00:00Z') }),
	fc
		.tuple(
			fc.constantFrom(
				'2026-10-25T01:00Z',
				'2026-11-01T06:00Z',
				'2027-03-14T07:00Z',
				'2027-03-28T01:00Z',
				'2027-04-03T15:00Z',
				'2026-10-03T15:30Z',
				'2027-02-07T03:00Z',
				'2027-03-14T02:00Z',
			),
			fc.integer({ min: -2 * 86_400_000, max: 86_400_000 }),
		)
		.map(([change, offset]) => at(change) + offset),
);

test('whether it is open is what Luxon says', () => {
	fc.assert(
		fc.property(dailyHours, zoneLists, instants, (daily, zones, ms) => {
			expect(isOpen(daily, zones, ms)).toBe(isOpenByLuxon(daily, zones, ms));
		}),
		{ numRuns: 600 },
	);
});

test('the opening is the first minute at which it is open, by Luxon', () => {
	fc.assert(
		fc.property(dailyHours, zoneLists, instants, (daily, zones, ms) => {
			const found = findOpening(daily, zones, { earliest: ms });
			// Each minute of the last hours before it; further back only some, or it takes too long.
			const end = found ?? ms + 15 * 86_400_000;
			for (let minutesBefore = 1; ; minutesBefore += minutesBefore < 200 ? 1 : 23) {
				const minute = Math.ceil(end / MINUTE - minutesBefore) * MINUTE;
				if (minute < ms) break;
				if (isOpenByLuxon(daily, zones, minute))
					throw new Error(`Open at ${new Date(minute).toISOString()}`);
			}
			if (found === undefined) return;
			expect(found).toBeGreaterThanOrEqual(ms);
			expect(isOpenByLuxon(daily, zones, found)).toBe(true);
		}),
		{ numRuns: 25 },
	);
});
