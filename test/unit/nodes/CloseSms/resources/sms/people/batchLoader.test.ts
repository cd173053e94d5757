import fc from 'fast-check';
import { sleep } from 'n8n-workflow';
import {
	BatchLoader,
	type Load,
} from '../../../../../../../nodes/CloseSms/resources/sms/people/batchLoader';
import { Turns } from '../../../../../../../nodes/CloseSms/resources/sms/sending/turns';
import { RateLimiter } from '../../../../../../../nodes/CloseSms/transport/queue/rateLimiter';
import {
	Deadline,
	RequestQueue,
} from '../../../../../../../nodes/CloseSms/transport/queue/requestQueue';
import { RequestScheduler } from '../../../../../../../nodes/CloseSms/transport/queue/requestScheduler';
import {
	newItemState,
	type ItemState,
} from '../../../../../../../nodes/CloseSms/transport/request/itemState';
import { monotonicNow } from '../../../../../../../nodes/shared/delay';

const context: Load<string>['context'] = {
	item: newItemState(0),
	waitFor: async (other) => await other,
};

/** A loader, and what it reads: each key with the number of the read that gave it. */
function setUp(maxBatchSize: number, answer: (keys: string[]) => Promise<void> = async () => {}) {
	const loader = new BatchLoader<string>(maxBatchSize);
	const reads: string[][] = [];
	const read = async (keys: string[]) => {
		reads.push(keys);
		const count = reads.length;
		await answer(keys);
		return new Map(keys.map((key) => [key, `${key}${count}`]));
	};
	const load = async (key: string, since = 0) => await loader.load(key, { since, read, context });
	return { loader, read, reads, load };
}

test('keys that are asked for in the same moment are in one read, each once', async () => {
	const { load, reads } = setUp(50);
	expect(await Promise.all(['a', 'b', 'a', 'c'].map((key) => load(key)))).toEqual([
		'a1',
		'b1',
		'a1',
		'c1',
	]);
	expect(reads).toEqual([['a', 'b', 'c']]);
});

test('a read takes no more keys than it can', async () => {
	const { load, reads } = setUp(2);
	await Promise.all(['a', 'b', 'c'].map((key) => load(key)));
	expect(reads).toEqual([['a', 'b'], ['c']]);
});

test('with one key a read, keys are read side by side', async () => {
	let open = 0;
	let most = 0;
	const { load } = setUp(1, async () => {
		most = Math.max(most, ++open);
		await sleep(5);
		open--;
	});
	await Promise.all(['a', 'b', 'c'].map((key) => load(key)));
	expect(most).toBe(3);
});

test('what is known is not read again until it is too old', async () => {
	const { load, reads } = setUp(50);
	await load('a');
	expect(await load('a')).toBe('a1');
	expect(await load('a', monotonicNow())).toBe('a2');
	expect(reads).toHaveLength(2);
});

test('a record that is read again takes along the ones after it that are too old', async () => {
	const { load, loader, reads } = setUp(3);
	await Promise.all(['a', 'b', 'c'].map((key) => load(key)));
	await Promise.all(['d', 'e', 'f'].map((key) => load(key)));
	const now = monotonicNow();
	loader.prime('c', 'fresh', now);
	await load('b', now);
	expect(reads[2]).toEqual(['b', 'd', 'e']);
	expect(await load('d', now)).toBe('d3');
	expect(await load('a', now)).toBe('a4');
	expect(reads[3]).toEqual(['a', 'f']);
	expect(loader.peek('a')).toBe('a4');
	expect(loader.peek('z')).toBeUndefined();
});

test('a record that is read again does not take along the ones before it', async () => {
	const { load, reads } = setUp(4);
	await Promise.all(['a', 'b', 'c', 'd'].map((key) => load(key)));
	await load('c', monotonicNow());
	expect(reads[1]).toEqual(['c', 'd']);
});

test('a read that began before the wanted moment says nothing of what is so now', async () => {
	const { load, reads } = setUp(50, async () => await sleep(20));
	const early = load('a');
	await sleep(10);
	const now = monotonicNow();
	const late = [load('a', now), load('a', now)];
	expect(await Promise.all([early, ...late])).toEqual(['a1', 'a2', 'a2']);
	expect(reads).toEqual([['a'], ['a']]);
});

test('keys that are asked for during a read are in the next one together', async () => {
	let release!: () => void;
	const isReleased = new Promise<void>((resolve) => (release = resolve));
	const { load, reads } = setUp(50, async (keys) => {
		if (keys.includes('a')) await isReleased;
	});
	const first = load('a');
	await sleep(1);
	const second = load('b');
	await sleep(1);
	const third = load('c');
	release();
	await Promise.all([first, second, third]);
	expect(reads).toEqual([['a'], ['b', 'c']]);
});

test('after a read that failed, each item reads for itself, and its own failure is its own', async () => {
	const { load, reads } = setUp(50, async (keys) => {
		if (keys.length > 1 || keys[0] === 'b') throw new Error(`no ${keys.join()}`);
	});
	const [a, b, c] = await Promise.allSettled(['a', 'b', 'c'].map((key) => load(key)));
	expect([a, b, c]).toMatchObject([
		{ reason: { message: 'no a,b,c' } },
		{ reason: { message: 'no b' } },
		{ value: 'c3' },
	]);
	expect(reads).toEqual([['a', 'b', 'c'], ['b'], ['c']]);
	expect(await load('a')).toBe('a4');
});

test('what a failing read gave before it failed is kept', async () => {
	let count = 0;
	const { load } = setUp(1 + 1, async () => {
		if (++count === 2) throw new Error('lost');
	});
	const results = await Promise.allSettled(['a', 'b', 'c'].map((key) => load(key)));
	expect(results).toMatchObject([{ value: 'a1' }, { value: 'b1' }, { value: 'c3' }]);
});

test('a record that came along with others is known', async () => {
	const { loader, load, reads } = setUp(50);
	const now = monotonicNow();
	loader.prime('a', 'primed', now);
	expect(await load('a', now)).toBe('primed');
	expect(reads).toEqual([]);
});

test('a key that a read does not give is undefined, and is asked for again', async () => {
	const loader = new BatchLoader<string>(50);
	let reads = 0;
	const read = async () => {
		reads++;
		return new Map<string, string>();
	};
	const load = async () => await loader.load('a', { since: 0, read, context });
	expect([await load(), await load()]).toEqual([undefined, undefined]);
	expect(reads).toBe(2);
	expect(await Promise.all([load(), load()])).toEqual([undefined, undefined]);
	expect(reads).toBe(4);
});

test('whoever asks whenever, each gets a record that was read after the moment it wants', async () => {
	const asked = fc.array(
		fc.record({
			key: fc.constantFrom('a', 'b', 'c'),
			after: fc.nat(6),
			isFresh: fc.boolean(),
		}),
		{ maxLength: 12 },
	);
	await fc.assert(
		fc.asyncProperty(asked, fc.constantFrom(1, 2, 50), async (calls, size) => {
			const loader = new BatchLoader<number>(size);
			const read = async (keys: string[]) => {
				const at = monotonicNow();
				await sleep(2);
				return new Map(keys.map((key) => [key, at]));
			};
			await Promise.all(
				calls.map(async ({ key, after, isFresh }) => {
					await sleep(after);
					const since = isFresh ? monotonicNow() : 0;
					const readAt = await loader.load(key, { since, read, context });
					expect(readAt).toBeGreaterThanOrEqual(since);
				}),
			);
		}),
		{ numRuns: 50 },
	);
});

test.each([
	['an item before it keeps its place, so that those after it do not overtake it', 1, 2, true],
	['an item after it gives up its place: that one may not be able to start before it', 2, 1, false],
])('an item that waits for the read of %s', async (_, reader, waiting, keepsPlace) => {
	const loader = new BatchLoader<string>(1);
	const waits: unknown[] = [];
	const read = async (keys: string[]) => {
		await sleep(1);
		return new Map(keys.map((key) => [key, key]));
	};
	const load = async (index: number) =>
		await loader.load('a', {
			since: 0,
			read,
			context: {
				item: newItemState(index),
				waitFor: async (other, options) => {
					waits.push({ index, ...options });
					return await other;
				},
			},
		});
	await Promise.all([load(reader), load(waiting)]);
	expect(waits).toEqual([{ index: waiting, keepsPlace }]);
});

test('an item gives up its place for a batch that waits for the batch of an item after it', async () => {
	let respond!: () => void;
	const response = new Promise<void>((given) => (respond = given));
	const { loader, read, reads } = setUp(50, async () => await response);
	const kept: Array<[index: number, keepsPlace?: boolean]> = [];
	const loadBy = async (index: number, key: string) =>
		await loader.load(key, {
			since: 0,
			read,
			context: {
				item: newItemState(index),
				waitFor: async (other, { keepsPlace } = {}) => {
					kept.push([index, keepsPlace]);
					return await other;
				},
			},
		});
	const last = loadBy(2, 'c');
	while (reads.length === 0) await sleep(0);
	const others = [loadBy(0, 'a'), loadBy(1, 'b')];
	respond();
	await Promise.all([...others, last]);
	expect(kept).toEqual([
		[0, false],
		[1, false],
	]);

	await Promise.all([loadBy(3, 'd'), loadBy(4, 'e')]);
	expect(kept.slice(2)).toEqual([[4, true]]);
});

describe('in a run', () => {
	beforeEach(() => jest.useFakeTimers({ doNotFake: ['nextTick'] }));
	afterEach(() => jest.useRealTimers());

	/** What an item does before it goes out, one after the other. */
	type Step =
		| { is: 'load'; by: number; key: string; ms: number }
		| { is: 'send'; ms: number }
		| { is: 'turn'; key: string };

	const ms = fc.integer({ min: 1, max: 50 });
	const key = fc.constantFrom('a', 'b', 'c');
	const step: fc.Arbitrary<Step> = fc.oneof(
		fc.record({ is: fc.constant('load'), by: fc.integer({ min: 0, max: 2 }), key, ms }),
		fc.record({ is: fc.constant('send'), ms }),
	);
	/** It takes its turn among those with the same words once. */
	const steps = fc
		.tuple(fc.array(step, { maxLength: 3 }), key, fc.array(step, { maxLength: 3 }))
		.map(([before, words, after]): Step[] => [...before, { is: 'turn', key: words }, ...after]);

	/** @returns how many of the items have ended within a minute */
	async function countEnded(items: Step[][], maxConcurrency: number): Promise<number> {
		const limiter = new RateLimiter(50);
		const queue = new RequestQueue(new RequestScheduler(limiter), { maxConcurrency });
		const group = limiter.group('GET', '/contact/cont_1/');
		const loaders = [50, 50, 1].map((size) => new BatchLoader<string>(size));
		const turns = new Turns();
		const states = items.map((_, index) => newItemState(index));
		for (const item of states) queue.enter(item);
		let ended = 0;
		const carryOut = async (own: Step[], item: ItemState) => {
			const send = async (responseMs: number) => {
				const deadline = new Deadline(Infinity);
				const admission = await queue.acquire({ item, group, deadline, sendsText: false });
				await sleep(responseMs);
				admission.record({ headers: {} });
				admission.release();
			};
			const context: Load<string>['context'] = {
				item,
				waitFor: async (other, { keepsPlace } = {}) => await queue.suspend(item, other, keepsPlace),
			};
			let end = () => {};
			for (const one of own) {
				if (one.is === 'send') await send(one.ms);
				else if (one.is === 'load')
					await loaders[one.by].load(one.key, {
						since: 0,
						context,
						read: async (keys) => {
							await send(one.ms);
							return new Map(keys.map((read) => [read, read]));
						},
					});
				else {
					const turn = turns.take(one.key, queue);
					({ end } = turn);
					if (!turn.isFirst) await queue.suspend(item, turn.before);
				}
			}
			end();
			queue.finish(item);
			ended++;
		};
		for (const [index, own] of items.entries()) void carryOut(own, states[index]);
		await jest.advanceTimersByTimeAsync(60_000);
		return ended;
	}

	test('whatever items read, wait for and send, none waits for ever', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(steps, { minLength: 2, maxLength: 8 }),
				fc.integer({ min: 1, max: 8 }),
				async (items, maxConcurrency) =>
					expect(await countEnded(items, maxConcurrency)).toBe(items.length),
			),
			{ numRuns: 2000 },
		);
	});
});
