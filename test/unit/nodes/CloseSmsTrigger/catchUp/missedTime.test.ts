import {
	findInterrupted,
	findMissedTime,
	findStartTime,
	toIso,
	toOwnClock,
	withMargin,
	type FormerSubscription,
	type StoredTimes,
} from '../../../../../nodes/CloseSmsTrigger/catchUp/missedTime';
import { closeClock } from '../../../../../nodes/shared/closeClock';
import type { Subscription } from '../../../../../nodes/CloseSmsTrigger/subscriptionDecision';

const HOUR = 3_600_000;
const NOW = Date.parse('2026-11-28T12:00:00Z');
const ago = (hours: number) => NOW - hours * HOUR;
/** As Close writes it: UTC without offset. */
const closeTime = (hours: number) => new Date(ago(hours)).toISOString().replace('Z', '000');

const subscription = (more: Partial<Subscription> = {}): Subscription => ({
	id: 'whsub_1',
	url: 'https://n8n.example/webhook/1/webhook',
	status: 'active',
	events: [],
	...more,
});
const paused = (hours: number, pause_reason: string) =>
	subscription({ status: 'paused', date_updated: closeTime(hours), pause_reason });

const times: StoredTimes = { wantedSince: ago(200) };
const since = (hours: number) => ({ from: ago(hours), until: NOW });

test.each<[string, StoredTimes, FormerSubscription, object | undefined]>([
	['it is published for the first time', {}, 'none', undefined],
	['Close has an active subscription', times, subscription(), undefined],
	['Close could not be asked', times, 'unknown', undefined],
	[
		'it was published again at once',
		{ ...times, unpublishedAt: ago(0) },
		subscription(),
		undefined,
	],
	['it was unpublished', { ...times, unpublishedAt: ago(5) }, 'none', since(5)],
	[
		'Close paused it, because all deliveries had failed for three days, which it counts in spans',
		times,
		paused(2, 'failures'),
		since(76),
	],
	['somebody paused it', times, paused(2, 'api'), since(2)],
	['it is gone, nobody knows since when', times, 'none', since(200)],
	['Close does not say when it was paused', times, subscription({ status: 'paused' }), since(200)],
	[
		'it is about what was not wanted before',
		{ wantedSince: ago(1), unpublishedAt: ago(5) },
		'none',
		since(1),
	],
	[
		'an earlier time was not caught up on',
		{ ...times, unpublishedAt: ago(5), missed: { from: ago(50), until: ago(40) } },
		'none',
		since(50),
	],
	[
		'only an earlier time was not caught up on',
		{ ...times, missed: { from: ago(50), until: ago(40) } },
		subscription(),
		{ from: ago(50), until: ago(40) },
	],
	[
		'an earlier time is more than four days ago, and n8n may have forgotten what it did then',
		{ ...times, missed: { from: ago(120), until: ago(97) } },
		subscription(),
		undefined,
	],
	[
		'it was unpublished, and an earlier time is more than four days ago',
		{ ...times, unpublishedAt: ago(5), missed: { from: ago(120), until: ago(97) } },
		'none',
		since(5),
	],
])('what was missed when %s', (_, stored, before, expected) => {
	expect(findMissedTime(stored, before, NOW)).toEqual(expected);
});

test('what is read begins five minutes earlier, and not before these events were wanted', () => {
	const missed = { from: ago(5), until: ago(1) };
	expect(withMargin(missed, times)).toEqual({ from: ago(5) - 300_000, until: ago(1) });
	expect(withMargin(missed, { wantedSince: ago(5) })).toEqual(missed);
});

test('what n8n may have accepted while it was starting is no older than a quarter of an hour before, and not what was not wanted then', () => {
	const start = findStartTime(ago(0.5), NOW);
	expect(withMargin(start, times)).toEqual({ from: ago(0.75), until: NOW });
	expect(withMargin(start, { wantedSince: ago(0.6) })).toEqual({ from: ago(0.6), until: NOW });
});

test.each([
	['there was nothing', undefined, undefined],
	['it was yesterday', { from: ago(25), until: ago(24) }, { from: ago(25), until: ago(24) }],
	[
		'it was just four days ago',
		{ from: ago(97), until: ago(96) },
		{ from: ago(97), until: ago(96) },
	],
	['it was more than four days ago', { from: ago(98), until: ago(97) }, undefined],
])('what another main process has not caught up on, when %s', (_, missed, expected) => {
	expect(findInterrupted({ missed }, NOW)).toEqual(expected);
});

test("what is stored by Close's clock is read by our own, which may be wrong", () => {
	const [from, until] = [ago(2), ago(1)];
	closeClock.record(Date.now() + HOUR);
	const own = toOwnClock({ from, until });
	closeClock.record(Date.now());

	// The two clocks were read one after the other.
	expect(Math.abs(own.from - (from - HOUR))).toBeLessThan(HOUR / 2);
	expect(own.until - own.from).toBe(until - from);
	expect(toOwnClock({ from, until })).toEqual({ from, until });
});

test('a time is written for Close in UTC', () => {
	expect(toIso(NOW)).toBe('2026-11-28T12:00:00.000Z');
});
