import fc from 'fast-check';
import { DateTime } from 'luxon';
import { parseTime } from '../../../../nodes/shared/time';

const zones = fc.constantFrom(
	'UTC',
	'America/New_York',
	'Europe/Berlin',
	'Asia/Kolkata',
	'Australia/Lord_Howe',
	'Pacific/Apia',
	'America/St_Johns',
);
const instants = fc.date({
	min: new Date('2020-01-01T00:00:00Z'),
	max: new Date('2036-12-31T00:00:00Z'),
	noInvalidDate: true,
});

test('a time with an offset is that instant, in whatever zone the workflow is', () => {
	fc.assert(
		fc.property(instants, zones, zones, (instant, written, workflow) => {
			const text = DateTime.fromJSDate(instant, { zone: written }).toISO()!;
			expect(parseTime(text, workflow)?.toMillis()).toBe(instant.getTime());
		}),
	);
});

test('a DateTime or Date is that instant', () => {
	fc.assert(
		fc.property(instants, zones, zones, (instant, written, workflow) => {
			expect(parseTime(instant, workflow)?.toMillis()).toBe(instant.getTime());
			expect(parseTime(DateTime.fromJSDate(instant, { zone: written }), workflow)?.toMillis()).toBe(
				instant.getTime(),
			);
		}),
	);
});

test('a wall-clock time is read in the zone of the workflow; of two such times, the earlier', () => {
	fc.assert(
		fc.property(instants, zones, (instant, zone) => {
			const local = DateTime.fromJSDate(instant, { zone });
			const wall = local.toFormat("yyyy-MM-dd'T'HH:mm:ss.SSS");
			const read = parseTime(wall, zone)!;
			expect(read.setZone(zone).toFormat("yyyy-MM-dd'T'HH:mm:ss.SSS")).toBe(wall);
			expect(read.toMillis()).toBeLessThanOrEqual(instant.getTime());
		}),
	);
});

test('a day that does not exist, and every other text, is refused, whatever the zone of the machine', () => {
	expect(parseTime('2026-02-29', 'UTC')).toBeUndefined();
	expect(parseTime('2028-02-29', 'UTC')?.toISODate()).toBe('2028-02-29');
	fc.assert(
		fc.property(fc.string(), (text) => {
			fc.pre(!/^\s*\d{4}-\d{2}-\d{2}/.test(text));
			expect(parseTime(text, 'UTC')).toBeUndefined();
		}),
	);
});

test('no value makes it throw', () => {
	fc.assert(
		fc.property(fc.anything(), (value) => {
			const read = parseTime(value, 'UTC');
			expect(read === undefined || read.isValid).toBe(true);
		}),
	);
});

test.each([
	['2026-12-01', '2026-12-01T05:00:00Z'],
	['2026-12-01T09:30', '2026-12-01T14:30:00Z'],
	['2026-12-01 09:30', '2026-12-01T14:30:00Z'],
	['  2026-12-01T09:30:15  ', '2026-12-01T14:30:15Z'],
	['2026-12-01T09:30:15.250', '2026-12-01T14:30:15.250Z'],
	['2026-12-01T09:30Z', '2026-12-01T09:30:00Z'],
	['2026-12-01T09:30+02', '2026-12-01T07:30:00Z'],
	['2026-12-01T09:30+0230', '2026-12-01T07:00:00Z'],
	['2026-12-01T09:30:15-02:30', '2026-12-01T12:00:15Z'],
	// Both exist twice; whatever season it is now, one of them is not what Luxon alone would choose.
	['2026-11-01T01:30', '2026-11-01T05:30:00Z'],
	['2026-04-05T02:30', '2026-04-04T15:30:00Z', 'Australia/Sydney'],
])('%s is %s', (text, instant, zone = 'America/New_York') => {
	expect(parseTime(text, zone)?.toMillis()).toBe(Date.parse(instant));
});

test.each([
	'on 2026-12-01',
	'2026-12-01 or so',
	'2026-12-01T09:30 or so',
	'2026-12-01T09',
	'2026-12-01T9:30',
	'2026-12-01T09:30+2',
	'2026-13-01',
	'12/01/2026',
	'',
	'   ',
	undefined,
	null,
	1_800_000_000_000,
	{},
])('%p is no time', (value) => {
	expect(parseTime(value, 'UTC')).toBeUndefined();
});

test.each([
	['2024-03-30T23:30:00', 'America/Godthab', '2024-03-31T01:30:00.000Z'],
	['2026-09-06', 'America/Santiago', '2026-09-06T04:00:00.000Z'],
	['2026-04-24 00:30', 'Africa/Cairo', '2026-04-23T22:30:00.000Z'],
])('a local time in a gap around midnight is read: %s in %s', (text, zone, expected) => {
	expect(parseTime(text, zone)?.toUTC().toISO()).toBe(expected);
});

test.each(['+25:00', '+14:60', '+15:00', '-13:00', '+99', '-24:00'])(
	'an offset that does not exist is refused: %s',
	(offset) => {
		expect(parseTime(`2026-06-01T12:00:00${offset}`, 'UTC')).toBeUndefined();
	},
);

test.each(['2026-02-30T10:00:00', '2026-02-30T10:00:00+02:00', '2026-06-01T24:00:00'])(
	'a day or an hour that does not exist is refused, with and without an offset: %s',
	(text) => {
		expect(parseTime(text, 'America/New_York')).toBeUndefined();
	},
);
