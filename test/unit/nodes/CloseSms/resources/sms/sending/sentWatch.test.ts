import {
	getPollInterval,
	SentWatch,
} from '../../../../../../../nodes/CloseSms/resources/sms/sending/sentWatch';
import { countListeners } from '../../../../../abortListeners';
import type { SmsActivity } from '../../../../../../../nodes/shared/closeTypes';

beforeEach(() => jest.useFakeTimers({ doNotFake: ['nextTick'] }));
afterEach(() => jest.useRealTimers());

const pass = async (ms: number) => await jest.advanceTimersByTimeAsync(ms);

/** A watch, a Close whose texts have these statuses, and what it was asked for. */
function setUp(signal?: AbortSignal) {
	const watch = new SentWatch([signal]);
	const statuses = new Map<string, string>();
	const reads: string[][] = [];
	const results = new Map<string, string>();
	const close = { isDown: false };
	const readTexts = async (ids: string[]) => {
		reads.push(ids);
		if (close.isDown) return [];
		return ids
			.filter((id) => statuses.has(id))
			.map((id) => ({ id, status: statuses.get(id) }) as SmsActivity);
	};
	return {
		statuses,
		reads,
		results,
		close,
		wait: (id: string, seconds: number) => {
			statuses.set(id, 'outbox');
			void watch
				.wait(id, seconds * 1000, readTexts)
				.then((last) => results.set(id, last?.status ?? 'never read'));
		},
	};
}

test.each([
	[-5, 1, 1000],
	[0, 1, 1000],
	[6000, 1, 3000],
	[600_000, 1, 15_000],
	[0, 2000, 20_000],
	[0, 100, 1000],
	[0, 101, 1500],
])('after %d ms %d texts are read again in %d ms', (age, count, interval) => {
	expect(getPollInterval(age, count)).toBe(interval);
});

test('all that wait are read together, and each ends when it is sent or has failed', async () => {
	const { wait, statuses, reads, results } = setUp();
	for (const id of ['a', 'b', 'c']) wait(id, 60);
	await pass(1000);
	expect(reads).toEqual([['a', 'b', 'c']]);
	expect(results.size).toBe(0);
	statuses.set('a', 'sent');
	statuses.set('b', 'error');
	await pass(1000);
	expect(Object.fromEntries(results)).toEqual({ a: 'sent', b: 'error' });
	statuses.set('c', 'draft');
	await pass(5000);
	expect(results.get('c')).toBe('draft');
	expect(reads.slice(2)).toEqual([['c']]);
	expect(jest.getTimerCount()).toBe(0);
});

test('120 texts are three requests', async () => {
	const { wait, reads } = setUp();
	for (let n = 0; n < 120; n++) wait(`t${n}`, 60);
	await pass(1500);
	expect(reads.map(({ length }) => length)).toEqual([50, 50, 20]);
	expect(new Set(reads.flat()).size).toBe(120);
});

test('one that takes long is read less and less often', async () => {
	const { wait, reads } = setUp();
	wait('a', 600);
	await pass(20_000);
	const atFirst = reads.length;
	await pass(60_000);
	const later = reads.length - atFirst;
	expect(atFirst).toBeGreaterThanOrEqual(5);
	expect(later).toBeLessThanOrEqual(6);
});

test('when its time is over it is looked at once more, and is what it is', async () => {
	const { wait, statuses, reads, results } = setUp();
	wait('a', 600);
	await pass(590_000);
	const before = reads.length;
	wait('b', 2);
	await pass(1999);
	expect(results.size).toBe(0);
	statuses.set('b', 'sent');
	await pass(1);
	expect(results.get('b')).toBe('sent');
	await pass(8000);
	expect(results.get('a')).toBe('outbox');
	expect(reads.length).toBeGreaterThan(before);
	await pass(1000);
	expect(jest.getTimerCount()).toBe(0);
});

test('a text that goes out now does not wait for the slow pace of an old one', async () => {
	const { wait, statuses, results } = setUp();
	wait('old', 600);
	await pass(300_000);
	wait('new', 60);
	statuses.set('new', 'sent');
	await pass(2000);
	expect(results.get('new')).toBe('sent');
});

test('a read that fails says nothing; the next one counts', async () => {
	const { wait, statuses, results, close } = setUp();
	wait('a', 60);
	wait('b', 2);
	close.isDown = true;
	await pass(4000);
	expect(Object.fromEntries(results)).toEqual({ b: 'never read' });
	close.isDown = false;
	statuses.set('a', 'sent');
	await pass(5000);
	expect(results.get('a')).toBe('sent');
});

test('a list that does not hold what was asked for proves nothing', async () => {
	const { wait, statuses, results } = setUp();
	wait('a', 3);
	statuses.delete('a');
	await pass(3000);
	expect(results.get('a')).toBe('never read');
});

test('ends at once when the execution is cancelled', async () => {
	const controller = new AbortController();
	const { wait, reads, results } = setUp(controller.signal);
	wait('a', 600);
	wait('b', 600);
	await pass(1000);
	controller.abort();
	await pass(0);
	expect(Object.fromEntries(results)).toEqual({ a: 'outbox', b: 'outbox' });
	expect(reads).toHaveLength(1);
	await pass(1000);
	expect(jest.getTimerCount()).toBe(0);
});

test('it can wait again after a pause', async () => {
	const { wait, statuses, results } = setUp();
	wait('a', 60);
	statuses.set('a', 'sent');
	await pass(1000);
	await pass(3_600_000);
	wait('b', 60);
	statuses.set('b', 'sent');
	await pass(1000);
	expect(Object.fromEntries(results)).toEqual({ a: 'sent', b: 'sent' });
});

test('ends at once when its run was stopped, and does not begin after that', async () => {
	const controller = new AbortController();
	const { wait, reads, results } = setUp(controller.signal);
	wait('a', 600);
	controller.abort();
	wait('b', 600);
	await pass(0);
	expect(Object.fromEntries(results)).toEqual({ a: 'never read', b: 'never read' });
	await pass(60_000);
	expect(reads).toEqual([]);
});

test('a read that throws says nothing', async () => {
	const watch = new SentWatch();
	const last = watch.wait('a', 3000, async () => await Promise.reject(new Error('lost')));
	await pass(3000);
	expect(await last).toBeUndefined();
});

test('leaves no abort listener behind', async () => {
	const controller = new AbortController();
	const listeners = countListeners(controller.signal);
	const { wait, statuses } = setUp(controller.signal);
	for (const id of ['a', 'b']) {
		wait(id, 60);
		await pass(500);
		expect(listeners.count).toBeGreaterThan(0);
		statuses.set(id, 'sent');
		await pass(2000);
		expect(listeners.count).toBe(0);
	}
});
