import fc from 'fast-check';
import { sleep } from 'n8n-workflow';
import { newItemState } from '../../../../../../nodes/CloseSms/transport/request/itemState';
import {
	Deadline,
	RequestQueue,
} from '../../../../../../nodes/CloseSms/transport/queue/requestQueue';
import { RequestScheduler } from '../../../../../../nodes/CloseSms/transport/queue/requestScheduler';
import { DEFAULT_OPTIONS } from '../../../../../../nodes/CloseSms/validation/nodeOptions';
import { monotonicNow } from '../../../../../../nodes/shared/delay';
import { onVirtualTime } from '../../../../../../dev/platform';
import { SHAPES, simulateSharedKey } from '../../../../../../dev/sharedKey';
import { seededRandom } from '../../../../../../dev/simulator/faults/random';

const header = (limit: number, remaining: number, reset: number | string) => ({
	ratelimit: `limit=${limit}, remaining=${remaining}, reset=${reset}`,
});

interface Setting {
	limit: number;
	windowMs: number;
	latencyMs: number;
	maxConcurrency: number;
	requests: number;
	withHeader: boolean;
	seed: number;
}

/** A Close that counts in fixed windows, for one key. */
function countingClose({ limit, windowMs, withHeader }: Setting) {
	const window = { ends: 0, used: 0 };
	return () => {
		if (window.ends <= monotonicNow())
			Object.assign(window, { ends: monotonicNow() + windowMs, used: 0 });
		const isTaken = window.used < limit;
		if (isTaken) window.used++;
		const reset = ((window.ends - monotonicNow()) / 1000).toFixed(3);
		const full = withHeader ? header(limit, limit - window.used, reset) : {};
		return { isTaken, headers: isTaken ? full : { ...full, 'retry-after': reset } };
	};
}

/** A run that sends all its requests, with a random latency each. */
async function run(
	{ latencyMs, maxConcurrency, requests }: Setting,
	answer: ReturnType<typeof countingClose>,
	random: () => number,
	scheduler: RequestScheduler,
) {
	const { limiter } = scheduler;
	const queue = new RequestQueue(scheduler, { maxConcurrency });
	const group = limiter.group('PUT', '/activity/sms/acti_1/');
	const seen = { refused: 0, order: [] as number[], mostRefused: 0, mostOpen: 0, end: 0 };
	const items = Array.from({ length: requests }, (_, index) => newItemState(index));
	const sendOnce = async (index: number, refusals = 0): Promise<void> => {
		const item = items[index];
		if (refusals === 0) queue.enter(item);
		await queue.acquire({ item, group, deadline: new Deadline(Infinity), sendsText: true });
		seen.mostOpen = Math.max(seen.mostOpen, group.inFlight);
		if (refusals === 0) seen.order.push(index);
		const sentAt = monotonicNow();
		await sleep(random() * latencyMs);
		const { isTaken, headers } = answer();
		await sleep(random() * latencyMs);
		group.recordResponse(headers, sentAt, isTaken);
		if (isTaken) group.recordSuccess();
		else group.recordRateLimited(headers, undefined);
		scheduler.release(group);
		if (isTaken) return queue.finish(item);
		seen.refused++;
		seen.mostRefused = Math.max(seen.mostRefused, refusals + 1);
		await sendOnce(index, refusals + 1);
	};
	const start = monotonicNow();
	await Promise.all(Array.from({ length: requests }, async (_, index) => await sendOnce(index)));
	seen.end = monotonicNow() - start;
	return seen;
}

/**
 * Several runs with one key, each so long after the one before it, all on the clock of the test.
 *
 * @param scheduler of all of them, as in one process; one each, as in several processes, unless given
 */
async function drive(setting: Setting, runs = 1, laterMs = 0, scheduler?: RequestScheduler) {
	const random = seededRandom(setting.seed);
	const answer = countingClose(setting);
	const one = async (index: number) => {
		if (laterMs > 0) await sleep(index * laterMs);
		return await run(setting, answer, random, scheduler ?? new RequestScheduler());
	};
	return await onVirtualTime(
		async () =>
			await Promise.all(Array.from({ length: runs }, async (_, index) => await one(index))),
	);
}

// Time is the test's own; how long a busy machine takes to simulate it says nothing.
jest.setTimeout(600_000);

describe('a run against a limit, on the clock of the test', () => {
	afterEach(() => jest.useRealTimers());

	test('setting the clock back during a wait does not lengthen it', async () => {
		jest.useFakeTimers({ doNotFake: ['nextTick'] });
		const scheduler = new RequestScheduler();
		const group = scheduler.limiter.group('PUT', '/activity/sms/acti_1/');
		group.recordRateLimited({ 'retry-after': '2' }, undefined);
		const request = {
			item: newItemState(0),
			group,
			deadline: new Deadline(Infinity),
			sendsText: true,
		};
		const turn = new RequestQueue(scheduler, { maxConcurrency: 1 })
			.acquire(request)
			.then(() => 'admitted');
		await jest.advanceTimersByTimeAsync(1000);
		jest.setSystemTime(Date.now() - 3_600_000);
		await jest.advanceTimersByTimeAsync(1500);

		expect(await Promise.race([turn, Promise.resolve('still waiting')])).toBe('admitted');
	});

	const setting = (windowMs: number, latencyMs: number, withHeader: boolean) =>
		fc.record({
			limit: fc.integer({ min: 1, max: 40 }),
			windowMs: fc.integer({ min: windowMs, max: 3000 }),
			latencyMs: fc.integer({ min: 0, max: latencyMs }),
			maxConcurrency: fc.integer({ min: 1, max: 50 }),
			requests: fc.integer({ min: 1, max: 120 }),
			withHeader: fc.constant(withHeader),
			seed: fc.integer(),
		});

	test('with the header: none is refused, all in order, and next to no time is lost', async () => {
		await fc.assert(
			fc.asyncProperty(setting(800, 80, true), async (given) => {
				const { limit, windowMs, latencyMs, maxConcurrency, requests } = given;
				const [{ refused, order, mostOpen, end }] = await drive(given);
				const windows = Math.ceil(requests / limit) - 1;
				const roundTrip = 2 * latencyMs + 20;
				const rounds = requests / maxConcurrency + Math.log2(maxConcurrency) + 1;

				// Two are sent before the first answer.
				expect(refused).toBeLessThanOrEqual(Math.max(0, 2 - limit));
				expect(order).toEqual(Array.from({ length: requests }, (_, n) => n));
				expect(mostOpen).toBeLessThanOrEqual(maxConcurrency);
				expect(end).toBeLessThan(windows * (windowMs + roundTrip) + rounds * roundTrip + 100);
			}),
			{ numRuns: 25 },
		);
	});

	test.each([true, false])(
		'short windows, high latency, header: %s: all go out, and none is refused so often that it is given up',
		async (withHeader) => {
			await fc.assert(
				fc.asyncProperty(setting(200, 150, withHeader), async (given) => {
					const [{ order, mostOpen, mostRefused }] = await drive(given);

					expect(order.length).toBe(given.requests);
					expect(mostOpen).toBeLessThanOrEqual(given.maxConcurrency);
					// Once in 1,000 runs without the header one is refused four times or five.
					expect(mostRefused).toBeLessThan(DEFAULT_OPTIONS.maxRetries);
				}),
				{ numRuns: 25 },
			);
		},
	);

	test.each([2, 3])(
		'%s processes with one key: they share it, and hardly one is refused',
		async (runs) => {
			const requests = 300;
			const given = { limit: 60, windowMs: 1000, maxConcurrency: 20, requests, withHeader: true };
			const ways = fc.record({ latencyMs: fc.integer({ min: 5, max: 60 }), seed: fc.integer() });
			await fc.assert(
				fc.asyncProperty(ways, async (way) => {
					const all = await drive({ ...given, ...way }, runs);
					const refused = all.reduce((sum, one) => sum + one.refused, 0);
					const least = ((runs * requests) / given.limit) * given.windowMs;

					expect(refused).toBeLessThan(runs * requests * 0.05);
					for (const { end } of all) {
						expect(end).toBeLessThan(least * 1.1);
						expect(end).toBeGreaterThan(least / 2);
					}
				}),
				// How evenly they share is also luck (one draw in some 200 ends sooner): the same draws each time.
				{ numRuns: 8, seed: 1 },
			);
		},
	);

	test('300 executions of one item in one process, at once or spread out: the limit is used up, and next to none is refused', async () => {
		const ways = fc.record({
			latencyMs: fc.integer({ min: 1, max: 60 }),
			limit: fc.integer({ min: 5, max: 60 }),
			apartMs: fc.constantFrom(0, 33),
			seed: fc.integer(),
		});
		await fc.assert(
			fc.asyncProperty(ways, async ({ apartMs, ...way }) => {
				const [windowMs, runs] = [1000, 300];
				const given = { windowMs, maxConcurrency: 20, requests: 1, withHeader: true, ...way };
				const all = await drive(given, runs, apartMs, new RequestScheduler());
				const took = Math.max(...all.map(({ end }, index) => index * apartMs + end));
				const refused = all.reduce((sum, one) => sum + one.refused, 0);
				const windows = Math.ceil(runs / given.limit);
				const least = Math.max(windows * windowMs, runs * apartMs);

				expect(refused).toBeLessThanOrEqual(runs * 0.02);
				// A round trip a window is lost, since the first response of each names it.
				expect(took).toBeLessThan(least + windows * (2 * given.latencyMs + 20) + 500);
			}),
			{ numRuns: 8 },
		);
	});

	test('a run that finds a window used up by another gets its share of the next ones', async () => {
		const given = { limit: 60, windowMs: 1000, latencyMs: 1, maxConcurrency: 20, requests: 150 };
		const [, late] = await drive({ ...given, withHeader: true, seed: 1 }, 2, 30);

		// 300 are five windows.
		expect(late.end).toBeLessThan(6000);
	});
});

describe('workers that share a key and know of each other only by what is left', () => {
	const seeds = Array.from({ length: 10 }, (_, index) => index + 1);
	const sorted = (values: number[]) => values.sort((one, other) => one - other);

	test.each<[keyof typeof SHAPES, number, 'decimal' | 'roundedUp']>([
		...(Object.keys(SHAPES) as Array<keyof typeof SHAPES>).flatMap((shape) =>
			(['decimal', 'roundedUp'] as const).map((reset): [typeof shape, number, typeof reset] => [
				shape,
				5,
				reset,
			]),
		),
		['two workers, a batch each', 20, 'roundedUp'],
		['two workers, executions of one SMS', 20, 'roundedUp'],
	])(
		'%s, %s a second, reset %s: at most 3 %% are refused, no text often, and sending takes at most 1.1 of the least',
		async (shape, perSecond, reset) => {
			const limit = { perSecond, windowSeconds: 8, reset };
			const runs: Array<Awaited<ReturnType<typeof simulateSharedKey>>> = [];
			for (const seed of seeds) runs.push(await simulateSharedKey(shape, limit, seed));
			const refused = sorted(runs.map((one) => one.refused));
			const overLeast = sorted(runs.map((one) => one.overLeast));
			const nearlyAll = seeds.length - 2;

			expect(refused[nearlyAll]).toBeLessThanOrEqual(0.03);
			expect(overLeast[nearlyAll]).toBeLessThanOrEqual(1.1);
			for (const { mostRefusals } of runs)
				expect(mostRefusals).toBeLessThanOrEqual(DEFAULT_OPTIONS.maxRetries / 2);
		},
	);

	test.each([5, 20])(
		'one process alone, %s a second: none is refused, and sending takes at most 1.05 of the least',
		async (perSecond) => {
			for (const seed of seeds) {
				const limit = { perSecond, windowSeconds: 8 };
				const run = await simulateSharedKey('one process, a batch', limit, seed);

				expect(run.refused).toBe(0);
				expect(run.overLeast).toBeLessThanOrEqual(1.05);
			}
		},
	);
});
