import fc from 'fast-check';
import { countListeners } from '../../abortListeners';
import {
	backoffDelay,
	delay,
	monotonicNow,
	untilAborted,
	withinTime,
} from '../../../../nodes/shared/delay';

test('the back-off grows, has jitter and stays below half a minute', () => {
	fc.assert(
		fc.property(fc.nat(60), (attempt) => {
			const wait = backoffDelay(attempt);
			expect(wait).toBeGreaterThanOrEqual(Math.min(30_000, 500 * 2 ** attempt) / 2);
			expect(wait).toBeLessThanOrEqual(Math.min(30_000, 500 * 2 ** attempt));
		}),
	);
});

test('two runs do not wake together', () => {
	const waits = Array.from({ length: 20 }, () => backoffDelay(3));
	expect(new Set(waits).size).toBeGreaterThan(1);
});

describe('a wait', () => {
	beforeEach(() => jest.useFakeTimers({ doNotFake: ['nextTick'] }));
	afterEach(() => jest.useRealTimers());

	const start = (...given: Parameters<typeof delay>) => {
		const state = { isOver: false };
		void delay(...given).then(() => (state.isOver = true));
		return state;
	};

	test.each([1, 500, 1000, 1500, 60_000])('of %d ms takes as long', async (ms) => {
		const state = start(ms);
		await jest.advanceTimersByTimeAsync(ms - 1);
		expect(state.isOver).toBe(false);
		await jest.advanceTimersByTimeAsync(1);
		expect(state.isOver).toBe(true);
	});

	test.each([0, -1, -Infinity, NaN])('of %d ms is none', async (ms) => {
		const state = start(ms);
		await jest.advanceTimersByTimeAsync(0);
		expect(state.isOver).toBe(true);
		expect(jest.getTimerCount()).toBe(0);
	});

	test('ends when the execution is cancelled', async () => {
		const controller = new AbortController();
		const state = start(60_000, controller.signal);
		await jest.advanceTimersByTimeAsync(500);
		controller.abort();
		await jest.advanceTimersByTimeAsync(0);
		expect(state.isOver).toBe(true);
	});

	test('does not begin when it was cancelled before', async () => {
		const controller = new AbortController();
		controller.abort();
		const state = start(60_000, controller.signal);
		await jest.advanceTimersByTimeAsync(0);
		expect(state.isOver).toBe(true);
		expect(jest.getTimerCount()).toBe(0);
	});

	test('leaves no listener behind', async () => {
		const { signal } = new AbortController();
		const listeners = new Set<unknown>();
		signal.addEventListener = (_: string, listener: unknown) => void listeners.add(listener);
		signal.removeEventListener = (_: string, listener: unknown) => void listeners.delete(listener);
		start(500, signal);
		expect(listeners.size).toBe(1);
		await jest.advanceTimersByTimeAsync(500);
		expect(listeners.size).toBe(0);
	});

	test('shares its listener with all others, and the last to end removes it', async () => {
		const controller = new AbortController();
		const added = jest.spyOn(controller.signal, 'addEventListener');
		const left = countListeners(controller.signal);
		const states = [500, ...Array<number>(30).fill(60_000)].map((ms) =>
			start(ms, controller.signal),
		);
		const either = untilAborted(new Promise(() => {}), [controller.signal]);
		await jest.advanceTimersByTimeAsync(500);
		expect(states.map(({ isOver }) => isOver)).toEqual([true, ...Array<boolean>(30).fill(false)]);
		expect(left.count).toBe(1);
		expect(added).toHaveBeenCalledTimes(1);
		controller.abort();
		await either;
		await jest.advanceTimersByTimeAsync(0);
		expect(states.every(({ isOver }) => isOver)).toBe(true);
		expect(left.count).toBe(0);
	});

	test('that begins after all others have ended listens anew', async () => {
		const controller = new AbortController();
		start(500, controller.signal);
		await jest.advanceTimersByTimeAsync(500);
		const state = start(60_000, controller.signal);
		controller.abort();
		await jest.advanceTimersByTimeAsync(0);
		expect(state.isOver).toBe(true);
	});

	test('ends within a second when nobody waits any more', async () => {
		let isWanted = true;
		const state = start(60_000, undefined, () => isWanted);
		await jest.advanceTimersByTimeAsync(5_500);
		isWanted = false;
		expect(state.isOver).toBe(false);
		await jest.advanceTimersByTimeAsync(500);
		expect(state.isOver).toBe(true);
		expect(jest.getTimerCount()).toBe(0);
	});

	test('does not go by the clock on the wall', async () => {
		const state = start(2_000);
		const before = monotonicNow();
		await jest.advanceTimersByTimeAsync(500);
		jest.setSystemTime(Date.now() - 3_600_000);
		await jest.advanceTimersByTimeAsync(1_500);
		expect(state.isOver).toBe(true);
		expect(monotonicNow() - before).toBe(2_000);
	});
});

describe('untilAborted', () => {
	test.each<[string, (controller: AbortController) => Promise<unknown>]>([
		['what it waits for', async () => await Promise.resolve()],
		['a failure of that', async () => await Promise.reject(new Error('lost'))],
		[
			'an abort',
			async (controller) => {
				queueMicrotask(() => controller.abort());
				await new Promise(() => undefined);
			},
		],
	])('ends with %s, and leaves no listener behind', async (_, begin) => {
		const controller = new AbortController();
		const listeners = countListeners(controller.signal);
		await untilAborted(begin(controller), [undefined, controller.signal]);

		expect(listeners.count).toBe(0);
	});

	test('ends at once when a signal is aborted already', async () => {
		await untilAborted(new Promise(() => undefined), [AbortSignal.abort()]);
	});
});

describe('what is awaited for a limited time', () => {
	beforeEach(() => jest.useFakeTimers({ doNotFake: ['nextTick'] }));
	afterEach(() => jest.useRealTimers());

	const after = async <T>(ms: number, act: () => T) => {
		await delay(ms);
		return act();
	};
	const ask = (promise: Promise<string>, ms = 5000) => {
		const seen: string[] = [];
		void withinTime(promise, ms, () => 'late').then(
			(value) => seen.push(value),
			(error: Error) => seen.push(error.message),
		);
		return seen;
	};

	test('is there in time', async () => {
		const seen = ask(after(4900, () => 'in time'));
		await jest.advanceTimersByTimeAsync(10_000);
		expect(seen).toEqual(['in time']);
	});

	test('fails in time', async () => {
		const seen = ask(
			after(4900, () => {
				throw new Error('failed');
			}),
		);
		await jest.advanceTimersByTimeAsync(10_000);
		expect(seen).toEqual(['failed']);
	});

	test('comes too late, or never', async () => {
		const seen = [ask(after(5100, () => 'in time')), ask(new Promise<string>(() => {}))];
		await jest.advanceTimersByTimeAsync(4999);
		expect(seen).toEqual([[], []]);
		await jest.advanceTimersByTimeAsync(1);
		expect(seen).toEqual([['late'], ['late']]);
		await jest.advanceTimersByTimeAsync(10_000);
		expect(seen).toEqual([['late'], ['late']]);
	});

	test('leaves no timer behind for longer than a second', async () => {
		ask(Promise.resolve('at once'), 3_600_000);
		await jest.advanceTimersByTimeAsync(1000);
		expect(jest.getTimerCount()).toBe(0);
	});
});
