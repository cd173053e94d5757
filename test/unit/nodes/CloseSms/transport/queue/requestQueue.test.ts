import fc from 'fast-check';
import { sleep } from 'n8n-workflow';
import {
	newItemState,
	type ItemState,
} from '../../../../../../nodes/CloseSms/transport/request/itemState';
import { EndpointGroup } from '../../../../../../nodes/CloseSms/transport/queue/endpointGroup';
import { RateLimiter } from '../../../../../../nodes/CloseSms/transport/queue/rateLimiter';
import {
	Deadline,
	RequestQueue,
	type Batching,
} from '../../../../../../nodes/CloseSms/transport/queue/requestQueue';
import { RequestScheduler } from '../../../../../../nodes/CloseSms/transport/queue/requestScheduler';
import { countListeners } from '../../../../abortListeners';
import { seededRandom } from '../../../../../../dev/simulator/faults/random';
import {
	CancelledError,
	DeadlineError,
	NotStartedError,
	StoppedError,
} from '../../../../../../nodes/CloseSms/transport/flowErrors';

beforeEach(() => jest.useFakeTimers({ doNotFake: ['nextTick'] }));
afterEach(() => jest.useRealTimers());

const pass = async (ms = 1) => await jest.advanceTimersByTimeAsync(ms);

interface Setting {
	/** How many items may be under way at once. */
	slots?: number;
	batching?: Batching;
	signal?: AbortSignal;
	sendsFirstTextAlone?: boolean;
}

interface Asked {
	/** Whether the request can text a person. */
	text?: boolean;
	/** 'Give Up After' in seconds, for this request. */
	giveUpAfter?: number;
	group?: EndpointGroup;
}

/** A queue, and what came of each request, in the order in which it came. */
function setUp({ slots = 50, ...more }: Setting = {}) {
	// As after many good responses.
	const limiter = new RateLimiter(slots);
	const scheduler = new RequestScheduler(limiter);
	const queue = new RequestQueue(scheduler, { maxConcurrency: slots, ...more });
	const group = limiter.group('PUT', '/activity/sms/acti_1/');
	const items = new Map<number, ItemState>();
	const enter = (...indexes: number[]) => {
		for (const index of indexes) {
			items.set(index, newItemState(index));
			queue.enter(items.get(index)!);
		}
	};
	const item = (index: number) => {
		if (!items.has(index)) enter(index);
		return items.get(index)!;
	};
	/** E.g. `0` for a request of item 0 that went out, `1 StoppedError` for one that did not. */
	const log: Array<number | string> = [];
	const ask = (index: number, { text = true, giveUpAfter = Infinity, ...more }: Asked = {}) => {
		const deadline = new Deadline(giveUpAfter * 1000);
		void queue
			.acquire({ item: item(index), group: more.group ?? group, deadline, sendsText: text })
			.then(
				() => log.push(index),
				(error: Error) => log.push(`${index} ${error.constructor.name}`),
			);
	};
	const answer = (which = group) => {
		which.recordResponse({});
		scheduler.release(which);
	};
	const end = (index: number) => {
		group.recordResponse({});
		scheduler.release(group);
		queue.finish(item(index));
	};
	/** What was logged since this was asked last. */
	const news = () => log.splice(0);
	return { scheduler, limiter, queue, group, item, enter, ask, answer, end, log, news };
}

/** Items under way, each with its first request out. */
async function underWay(count: number, setting: Setting = {}) {
	const run = setUp(setting);
	for (let index = 0; index < count; index++) run.ask(index);
	await pass();
	run.news();
	return run;
}

describe('order', () => {
	test('items start in input order, whatever the order in which they ask', async () => {
		const { enter, ask, log } = setUp();
		enter(0, 1, 2, 3, 4);
		for (const index of [3, 0, 4, 1, 2]) ask(index);
		await pass();

		expect(log).toEqual([0, 1, 2, 3, 4]);
	});

	test('an item waits for those that entered before it, however long they take to ask', async () => {
		const { enter, ask, news } = setUp();
		enter(0, 1, 2);
		ask(2);
		ask(1);
		await pass(60_000);
		expect(news()).toEqual([]);
		ask(0);
		await pass();
		expect(news()).toEqual([0, 1, 2]);
	});

	test('an item that ends without a request lets those after it start', async () => {
		const { enter, ask, queue, item, news } = setUp();
		enter(0, 1);
		ask(1);
		queue.finish(item(0));
		await pass();
		expect(news()).toEqual([1]);
	});

	test('an item that waits for one after it lets the others start, and is the first when it asks', async () => {
		const { enter, ask, end, queue, item, news } = setUp({ slots: 1 });
		enter(0, 1, 2, 3);
		void queue.suspend(item(1), new Promise(() => {}));
		for (const index of [3, 2, 0]) ask(index);
		await pass();
		expect(news()).toEqual([0]);
		end(0);
		await pass();
		expect(news()).toEqual([2]);
		ask(1);
		end(2);
		await pass();
		expect(news()).toEqual([1]);
	});

	test('an item that waits for one before it is not overtaken', async () => {
		const { enter, ask, queue, item, news } = setUp();
		enter(0, 1, 2);
		ask(0);
		void queue.suspend(item(1), new Promise(() => {}), true);
		ask(2);
		await pass();
		expect(news()).toEqual([0]);
		ask(1);
		await pass();
		expect(news()).toEqual([1, 2]);
	});

	test('an item that asks for two things at once has started with the first of them', async () => {
		const { enter, ask, news } = setUp();
		enter(0, 1);
		ask(1);
		ask(0);
		ask(0);
		await pass();
		expect(news()).toEqual([0, 0, 1]);
	});

	test.each<[string, (controller: AbortController, queue: RequestQueue) => void]>([
		['was stopped', (_, queue) => queue.stop()],
		['was cancelled', (controller) => controller.abort()],
	])('after the run %s, nobody waits for an item that has not asked', async (_, end) => {
		const controller = new AbortController();
		const { enter, ask, queue, news } = setUp({ signal: controller.signal });
		enter(0, 1);
		ask(1);
		end(controller, queue);
		await pass();
		expect(news()).toEqual(['1 NotStartedError']);
	});

	test('further requests of items that have started go first, those of the lowest item before all', async () => {
		const { ask, answer, news } = await underWay(3, { slots: 3 });
		ask(3);
		ask(2);
		ask(0);
		await pass();
		expect(news()).toEqual([]);
		answer();
		await pass();
		expect(news()).toEqual([0]);
		answer();
		await pass();
		expect(news()).toEqual([2]);
		answer();
		await pass();
		// The three that have started hold all places.
		expect(news()).toEqual([]);
	});

	test('requests of one item stay in the order in which it asked', async () => {
		const { ask, answer, queue, item, limiter } = await underWay(1, { slots: 1 });
		const order: string[] = [];
		const group = limiter.group('GET', '/activity/sms/');
		for (const name of ['first', 'second'])
			void queue
				.acquire({ item: item(0), group, deadline: new Deadline(Infinity), sendsText: false })
				.then(() => order.push(name));
		ask(1);
		answer();
		await pass();
		answer(group);
		await pass();

		expect(order).toEqual(['first', 'second']);
	});

	test('an item that comes late is served before those that wait and come after it in the input', async () => {
		const { ask, end, news } = await underWay(1, { slots: 1 });
		ask(5);
		ask(9);
		await pass();
		ask(7);
		ask(2);
		await pass();
		for (const next of [2, 5, 7, 9]) {
			end([0, 2, 5, 7][[2, 5, 7, 9].indexOf(next)]);
			await pass();
			expect(news()).toEqual([next]);
		}
	});
});

describe('places', () => {
	test('no more items are in progress than there are places, and the end of one lets the next start', async () => {
		const { ask, end, item, news } = setUp({ slots: 2 });
		for (let index = 0; index < 4; index++) ask(index);
		await pass();
		expect(news()).toEqual([0, 1]);
		expect([0, 1, 2].map((index) => item(index).isStarted)).toEqual([true, true, false]);

		end(1);
		await pass();
		expect(news()).toEqual([2]);
		end(2);
		end(0);
		await pass();
		expect(news()).toEqual([3]);
	});

	test('a response alone does not give up the place of its item', async () => {
		const { ask, answer, news } = await underWay(1, { slots: 1 });
		ask(1);
		answer();
		await pass(60_000);

		expect(news()).toEqual([]);
	});

	test('a request that was admitted counts as sent in its endpoint group', async () => {
		const { group } = await underWay(3);
		expect(group.inFlight).toBe(3);
	});

	test('an item that waits for another leaves its place to others until then', async () => {
		const { queue, item, ask, answer, news } = await underWay(1, { slots: 1 });
		ask(1);
		answer();
		let settle!: (words: string) => void;
		const waiting = queue.suspend(item(0), new Promise<string>((resolve) => (settle = resolve)));
		await pass();
		expect(news()).toEqual([1]);

		settle('done');
		expect(await waiting).toBe('done');
		answer();
		ask(2);
		await pass();
		expect(news()).toEqual([]);
		queue.finish(item(1));
		await pass();
		// Item 0 has its place again.
		expect(news()).toEqual([]);
		queue.finish(item(0));
		await pass();
		expect(news()).toEqual([2]);
	});

	test('what a waiting item reads takes no place of another item', async () => {
		const { queue, item, ask, answer, news } = await underWay(1, { slots: 1 });
		answer();
		void queue.suspend(item(0), new Promise(() => undefined));
		ask(0, { text: false });
		await pass();
		answer();
		ask(1);
		await pass();
		expect(news()).toEqual([0, 1]);
	});

	test('an item whose wait for another fails has its place again', async () => {
		const { queue, item, ask, answer, news } = await underWay(1, { slots: 1 });
		answer();
		const lost = Promise.reject(new Error('lost'));
		await expect(queue.suspend(item(0), lost)).rejects.toThrow('lost');
		ask(1);
		await pass();

		expect(news()).toEqual([]);
	});

	test('an item that waits before it has started gives up no place, and takes none', async () => {
		const { queue, item, ask, news } = setUp({ slots: 1 });
		expect(await queue.suspend(item(7), Promise.resolve('done'))).toBe('done');
		ask(0);
		await pass();

		expect(news()).toEqual([0]);
	});
});

describe('while an item whose request failed is read back', () => {
	test('while a failed item is read back, no other item starts and nothing that can text a person goes out', async () => {
		const { queue, item, ask, answer, news } = await underWay(2);
		queue.pause(item(0));
		answer();
		answer();
		ask(1);
		ask(2);
		ask(3, { text: false });
		await pass(9_000);
		expect(news()).toEqual([]);

		queue.finish(item(0));
		await pass();
		expect(news()).toEqual([1, 2, 3]);
	});

	test('while a failed item is read back, others may read, and it goes on itself', async () => {
		const { queue, item, ask, answer, news } = await underWay(2);
		queue.pause(item(0));
		answer();
		answer();
		ask(1, { text: false });
		ask(0, { text: false });
		await pass();
		expect(news().sort()).toEqual([0, 1]);
		ask(0, { text: true });
		await pass();
		expect(news()).toEqual([0]);
	});

	test('of two failed items, the one that goes on waits for the result of the other and holds it up no more', async () => {
		const { queue, item, ask, answer, news } = await underWay(2);
		queue.pause(item(0));
		queue.pause(item(1));
		answer();
		answer();
		ask(0);
		ask(2);
		await pass();
		expect(news()).toEqual([]);
		ask(1);
		await pass();
		expect(news().sort()).toEqual([0, 1, 2]);
	});

	test('a failed item that waits for another holds nobody up', async () => {
		const { queue, item, ask, answer, news } = await underWay(2);
		queue.pause(item(0));
		answer();
		answer();
		ask(1);
		ask(2);
		await pass();
		expect(news()).toEqual([]);
		void queue.suspend(item(0), new Promise(() => undefined));
		await pass();
		expect(news()).toEqual([1, 2]);
	});

	test('a failed item that has gone on holds nobody up', async () => {
		const { queue, item, ask, answer, news } = await underWay(2);
		queue.pause(item(0));
		answer();
		answer();
		ask(1);
		queue.succeed(item(0));
		await pass();
		expect(news()).toEqual([1]);
	});

	test("a response to another item does not end a failed item's pause", async () => {
		const { queue, item, ask, answer, news } = await underWay(2);
		queue.pause(item(0));
		ask(2);
		answer();
		queue.finish(item(1));
		await pass();

		expect(news()).toEqual([]);
	});
});

describe('in Stop mode the first text goes alone', () => {
	const setUpAlone = () => setUp({ sendsFirstTextAlone: true });

	test('in Stop mode the other texts follow once the first has succeeded', async () => {
		const { queue, item, ask, answer, news } = setUpAlone();
		for (const index of [0, 1, 2]) ask(index);
		await pass();
		expect(news()).toEqual([0]);
		answer();
		await pass();
		expect(news()).toEqual([]);
		queue.succeed(item(0));
		await pass();
		expect(news()).toEqual([1, 2]);
	});

	test('in Stop mode what cannot text goes out beside the first text, and its success lets no other text go', async () => {
		const { queue, item, ask, answer, news } = setUpAlone();
		ask(0, { text: false });
		ask(1, { text: false });
		await pass();
		answer();
		answer();
		queue.succeed(item(0));
		queue.succeed(item(1));
		ask(1);
		await pass();
		ask(0);
		await pass();
		expect(news()).toEqual([0, 1, 1]);
		queue.succeed(item(0));
		ask(2, { text: false });
		await pass();
		expect(news()).toEqual([2]);
	});

	test('in Stop mode, when the item of the first text ends without success, the next text goes alone', async () => {
		const { ask, end, news } = setUpAlone();
		for (const index of [0, 1, 2]) ask(index);
		await pass();
		end(0);
		await pass();
		expect(news()).toEqual([0, 1]);
	});

	test("in Stop mode the wait for the first text ends by 'Give Up After'", async () => {
		const { ask, answer, news } = setUpAlone();
		ask(0, { text: false });
		ask(1, { text: false });
		await pass();
		answer();
		answer();
		ask(0);
		ask(1, { giveUpAfter: 5 });
		await pass(5_001);
		expect(news()).toEqual([0, 1, 0, '1 DeadlineError']);
	});
});

describe('an admission', () => {
	const admitted = async () => {
		const { queue, group, item } = setUp();
		const request = { item: item(0), group, deadline: new Deadline(Infinity), sendsText: true };
		const admitting = queue.acquire(request);
		await pass();
		return { group, admission: await admitting };
	};

	test('an admission counts as sent until a response was recorded', async () => {
		const { group, admission } = await admitted();
		expect(group.inFlight).toBe(1);
		admission.record({ headers: {} });
		expect(group.inFlight).toBe(0);
		admission.release();
		expect(group.inFlight).toBe(0);
	});

	test.each(['cancel', 'release'] as const)(
		'%s of an admission gives its place back, once',
		async (how) => {
			const { group, admission } = await admitted();
			admission[how]();
			admission.release();
			expect(group.inFlight).toBe(0);
		},
	);

	test('a 429 that an admission records pauses its endpoint group', async () => {
		const { group, admission } = await admitted();
		const failure = { kind: 'rateLimited', body: undefined };
		admission.record({ headers: { 'retry-after': '5' }, failure });
		expect(group.pausedForMs).toBe(5005);
	});
});

describe('after it was stopped', () => {
	test('after a stop no item starts and nothing that can text a person goes out; the rest may', async () => {
		const { queue, ask, news } = await underWay(3);
		queue.stop();
		ask(0, { text: true });
		ask(1, { text: false });
		ask(3, { text: true });
		ask(4, { text: false });
		await pass();

		expect(news().sort()).toEqual(
			['0 StoppedError', 1, '3 NotStartedError', '4 NotStartedError'].sort(),
		);
	});

	test('after a stop all that waits is rejected at once', async () => {
		const { scheduler, queue, ask, item, limiter, news } = await underWay(3, { slots: 3 });
		ask(0, { text: true });
		ask(1, { text: false });
		ask(3);
		await pass();
		queue.stop();
		await pass();
		expect(news()).toEqual(['0 StoppedError', '3 NotStartedError']);
		expect(item(3).isStarted).toBe(false);

		// The other one waits for an answer, as before.
		const group = limiter.group('PUT', '/activity/sms/acti_1/');
		group.recordResponse({});
		scheduler.release(group);
		await pass();
		expect(news()).toEqual([1]);
	});

	test('a pause does not keep a stop from ending a wait', async () => {
		const { queue, item, ask, news } = await underWay(2);
		queue.pause(item(0));
		ask(1);
		ask(2);
		queue.stop();
		await pass();

		expect(news()).toEqual(['1 StoppedError', '2 NotStartedError']);
	});

	test("Close's limit, batches and a missing place do not keep a stop from ending a wait", async () => {
		const batching = { size: 1, intervalMs: 60_000 };
		const { queue, group, ask, news } = await underWay(1, { slots: 1, batching });
		group.recordRateLimited({ 'retry-after': '60' }, undefined);
		ask(0);
		ask(1);
		queue.stop();
		await pass();

		expect(news()).toEqual(['0 StoppedError', '1 NotStartedError']);
	});
});

describe('after the execution was cancelled', () => {
	test('after a cancel nothing goes out any more, whatever it is', async () => {
		const controller = new AbortController();
		const { ask, news } = await underWay(2, { signal: controller.signal });
		controller.abort();
		ask(0, { text: true });
		ask(1, { text: false });
		ask(2);
		await pass();

		expect(news()).toEqual(['0 CancelledError', '1 CancelledError', '2 NotStartedError']);
	});

	test('after a cancel all that waits is rejected at once', async () => {
		const controller = new AbortController();
		const { ask, group, news } = await underWay(2, {
			slots: 2,
			signal: controller.signal,
		});
		group.recordRateLimited({ 'retry-after': '600' }, undefined);
		ask(0);
		ask(1, { text: false });
		ask(2);
		await pass();
		expect(news()).toEqual([]);
		controller.abort();
		await pass();

		expect(news()).toEqual(['0 CancelledError', '1 CancelledError', '2 NotStartedError']);
	});

	test('nothing listens for a cancel once nothing waits, since the signal outlives the run', async () => {
		const controller = new AbortController();
		const listeners = countListeners(controller.signal);
		const { ask, answer, end, news } = await underWay(2, { slots: 2, signal: controller.signal });
		expect(listeners.count).toBe(0);
		ask(2);
		ask(0);
		await pass();
		expect(listeners.count).toBe(1);
		answer();
		end(1);
		end(0);
		await pass();
		expect(news().sort()).toEqual([0, 2]);
		expect(listeners.count).toBe(0);
	});

	test('a cancel rejects what waits also when the run was stopped before', async () => {
		const controller = new AbortController();
		const { queue, ask, news } = await underWay(1, { signal: controller.signal });
		queue.stop();
		controller.abort();
		ask(0);
		await pass();

		expect(news()).toEqual(['0 CancelledError']);
	});

	test('a run that is canceled before it begins sends nothing', async () => {
		const controller = new AbortController();
		controller.abort();
		const { ask, news } = setUp({ signal: controller.signal });
		ask(0);
		await pass();

		expect(news()).toEqual(['0 NotStartedError']);
	});

	test('a cancel ends the interval between two batches', async () => {
		const controller = new AbortController();
		const batching = { size: 1, intervalMs: 60_000 };
		const { ask, news } = setUp({ batching, signal: controller.signal });
		ask(0);
		ask(1);
		await pass();
		controller.abort();
		await pass();

		expect(news()).toEqual([0, '1 NotStartedError']);
	});
});

describe("'Give Up After'", () => {
	const limited = async (seconds: number, setting: Setting = {}) => {
		const run = await underWay(1, setting);
		run.group.recordRateLimited({ 'retry-after': String(seconds) }, undefined);
		run.answer();
		return run;
	};

	test("a wait for Close's limit beyond 'Give Up After' ends at once, for first and for further requests", async () => {
		const { ask, item, news } = await limited(10);
		ask(0, { giveUpAfter: 9 });
		ask(1, { giveUpAfter: 9 });
		await pass();

		expect(news()).toEqual(['0 DeadlineError', '1 DeadlineError']);
		expect(item(1).isStarted).toBe(false);
	});

	test("a wait for Close's limit within 'Give Up After' is waited", async () => {
		const { ask, news } = await limited(10);
		ask(0, { giveUpAfter: 11 });
		ask(1, { giveUpAfter: 11 });
		await pass(9_900);
		expect(news()).toEqual([]);
		await pass(200);
		expect(news()).toEqual([0, 1]);
	});

	test('an item that gives up leaves its turn to the next', async () => {
		const { ask, news } = await limited(10);
		ask(1, { giveUpAfter: 1 });
		ask(2, { giveUpAfter: 60 });
		await pass();
		expect(news()).toEqual(['1 DeadlineError']);
		await pass(11_000);
		expect(news()).toEqual([2]);
	});

	test("'Give Up After' runs from the head of the queue, so items behind it do not give up there", async () => {
		const { ask, end, group, news } = await underWay(1, { slots: 1 });
		for (let index = 1; index < 4; index++) ask(index, { giveUpAfter: 5 });
		await pass(60_000);
		expect(news()).toEqual([]);
		// At the head, Close's limit is not free for four seconds: less than five.
		group.recordRateLimited({ 'retry-after': '4' }, undefined);
		end(0);
		await pass(4_100);
		expect(news()).toEqual([1]);
	});

	test("the wait for the response to another request is not taken for a wait for Close's limit", async () => {
		const { ask, answer, news } = await underWay(1, { slots: 1 });
		ask(0, { giveUpAfter: 0.5 });
		await pass(1_900);
		expect(news()).toEqual([]);
		answer();
		await pass();
		expect(news()).toEqual([0]);
	});

	test("'Give Up After' ends the wait for the result of another item", async () => {
		const { queue, item, ask, answer, news } = await underWay(2);
		queue.pause(item(0));
		answer();
		answer();
		ask(1, { giveUpAfter: 5 });
		ask(1, { giveUpAfter: 9 });
		await pass(4_900);
		expect(news()).toEqual([]);
		await pass(200);
		expect(news()).toEqual(['1 DeadlineError']);
		queue.finish(item(0));
		await pass();
		expect(news()).toEqual([1]);
	});

	test("'Give Up After' ends the wait as soon as Close's limit asks for more", async () => {
		const { ask, answer, group, news } = await underWay(1, { slots: 1 });
		ask(0, { giveUpAfter: 1 });
		await pass(1_500);
		group.recordRateLimited({ 'retry-after': '1' }, undefined);
		answer();
		await pass();

		expect(news()).toEqual(['0 DeadlineError']);
	});

	test("'Give Up After' runs on over all attempts of a request", async () => {
		const deadline = new Deadline(1000);
		expect(deadline.at).toBe(Infinity);
		deadline.start();
		const { at } = deadline;
		await pass(500);
		deadline.start();
		expect(deadline.at).toBe(at);
		expect(at).toBe(performance.now() + 500);
	});
});

describe("Close's limit", () => {
	const windowOf = (group: EndpointGroup, seconds: number) => {
		group.recordSent();
		group.recordResponse({ ratelimit: `limit=2, remaining=0, reset=${seconds}.5` });
	};

	test.each<[string, { own: number; reading?: number }, number]>([
		['of one endpoint group does not keep further requests to another', { own: 4 }, 4_400],
		[
			'ends a wait at the earliest moment, also when a later one was known before',
			{ own: 9, reading: 2 },
			2_600,
		],
	])("Close's limit %s", async (_, windows, firstMs) => {
		const { limiter, group, ask, answer, news } = await underWay(2);
		const reading = limiter.group('GET', '/activity/sms/acti_1/');
		answer();
		answer();
		windowOf(group, windows.own);
		if (windows.reading) windowOf(reading, windows.reading);
		ask(0);
		ask(1, { text: false, group: reading });
		await pass(firstMs);
		expect(news()).toEqual([1]);
		await pass(windows.own * 1000 + 600 - firstMs);
		expect(news()).toEqual([0]);
	});

	test("the later items wait behind the first one that Close's limit holds up, and start in order", async () => {
		const { limiter, group, ask, news } = setUp();
		windowOf(group, 4);
		ask(0);
		ask(1, { group: limiter.group('GET', '/activity/sms/acti_1/') });
		await pass(4_400);
		expect(news()).toEqual([]);
		await pass(200);
		expect(news()).toEqual([0, 1]);
	});

	test('a longer wait that Close names meanwhile is waited for as well', async () => {
		const { group, ask, answer, news } = await underWay(1);
		group.recordRateLimited({ 'retry-after': '2' }, undefined);
		answer();
		ask(0);
		await pass(1_000);
		group.recordRateLimited({ 'retry-after': '5' }, undefined);
		await pass(4_900);
		expect(news()).toEqual([]);
		await pass(200);
		expect(news()).toEqual([0]);
	});

	test('no timer outlives the run: its sleep ends within a second once nothing waits', async () => {
		const { group, queue, ask, answer } = await underWay(1);
		group.recordRateLimited({ 'retry-after': '600' }, undefined);
		answer();
		ask(0);
		await pass();
		queue.stop();
		await pass(1_001);

		expect(jest.getTimerCount()).toBe(0);
	});
});

describe("n8n's Batching", () => {
	test('a batch of items starts, then an interval passes', async () => {
		const { ask, news } = setUp({ batching: { size: 2, intervalMs: 1000 } });
		for (let index = 0; index < 5; index++) ask(index);
		await pass();
		expect(news()).toEqual([0, 1]);
		await pass(990);
		expect(news()).toEqual([]);
		await pass(20);
		expect(news()).toEqual([2, 3]);
		await pass(1010);
		expect(news()).toEqual([4]);
	});

	test('batching counts items, not requests', async () => {
		const { ask, answer, news } = setUp({ batching: { size: 1, intervalMs: 1000 } });
		ask(0);
		ask(1);
		await pass();
		answer();
		ask(0);
		ask(0);
		await pass();
		expect(news()).toEqual([0, 0, 0]);
		await pass(1000);
		expect(news()).toEqual([1]);
	});

	test('further requests take nothing from a batch', async () => {
		const { ask, answer, news } = setUp({ batching: { size: 3, intervalMs: 1000 } });
		ask(0);
		await pass();
		answer();
		ask(0);
		ask(0);
		await pass();
		ask(1);
		ask(2);
		await pass();
		expect(news()).toEqual([0, 0, 0, 1, 2]);
	});

	test('an item that ends in the interval does not shorten it', async () => {
		const { ask, end, news } = setUp({ batching: { size: 1, intervalMs: 1000 } });
		ask(0);
		ask(1);
		await pass();
		end(0);
		await pass(900);
		expect(news()).toEqual([0]);
		await pass(110);
		expect(news()).toEqual([1]);
	});

	test('an item that comes after the interval starts a new batch', async () => {
		const { ask, news } = setUp({ batching: { size: 2, intervalMs: 1000 } });
		for (let index = 0; index < 3; index++) ask(index);
		await pass(1010);
		expect(news()).toEqual([0, 1, 2]);
		ask(3);
		ask(4);
		await pass();
		expect(news()).toEqual([3]);
		await pass(1010);
		expect(news()).toEqual([4]);
	});
});

describe('the end of all', () => {
	const whenIdle = (queue: RequestQueue) => {
		const state = { isIdle: false };
		void queue.onIdle().then(() => (state.isIdle = true));
		return state;
	};

	test('onIdle resolves at once when no item is in progress', async () => {
		const state = whenIdle(setUp().queue);
		await pass();
		expect(state.isIdle).toBe(true);
	});

	test('onIdle resolves with the end of the last started item, for all who wait', async () => {
		const { queue, end } = await underWay(2);
		const [one, other] = [whenIdle(queue), whenIdle(queue)];
		end(0);
		await pass();
		expect(one.isIdle).toBe(false);
		end(1);
		await pass();
		expect([one.isIdle, other.isIdle]).toEqual([true, true]);
	});

	test('onIdle does not wait for items that will not start', async () => {
		const { queue, ask, end } = await underWay(1, { slots: 1 });
		ask(1);
		queue.stop();
		const state = whenIdle(queue);
		end(0);
		await pass();
		expect(state.isIdle).toBe(true);
	});

	test('onIdle waits for an item in progress though another one waits in the queue', async () => {
		const { queue, item } = await underWay(2);
		void queue.suspend(item(0), new Promise(() => undefined));
		const state = whenIdle(queue);
		await pass();
		expect(state.isIdle).toBe(false);
	});

	test('onIdle waits for an item that waits for another', async () => {
		const { scheduler, queue, group, item, answer } = await underWay(1);
		answer();
		let settle!: () => void;
		void queue.suspend(item(0), new Promise<void>((resolve) => (settle = resolve)));
		const state = whenIdle(queue);
		scheduler.release(group);
		await pass();
		expect(state.isIdle).toBe(false);
		settle();
		await pass();
		queue.finish(item(0));
		await pass();
		expect(state.isIdle).toBe(true);
	});
});

describe('many items', () => {
	/** How often the limiter is asked and items are compared: the work, whatever the machine. */
	const countWork = async (order: (count: number) => number[], count: number) => {
		const scheduler = new RequestScheduler();
		const { limiter } = scheduler;
		const queue = new RequestQueue(scheduler, { maxConcurrency: 20 });
		const group = limiter.group('PUT', '/activity/sms/acti_1/');
		const work = { asked: 0, compared: 0 };
		const { getAvailability } = EndpointGroup.prototype;
		group.getAvailability = () => {
			work.asked++;
			return getAvailability.call(group);
		};
		const started: number[] = [];
		const items = Array.from({ length: count }, (_, index) =>
			Object.defineProperty(newItemState(index), 'index', {
				get: () => {
					work.compared++;
					return index;
				},
			}),
		);
		for (const item of items) queue.enter(item);
		const one = async (index: number) => {
			const item = items[index];
			const acquire = async () =>
				await queue.acquire({ item, group, deadline: new Deadline(Infinity), sendsText: true });
			await acquire();
			started.push(index);
			group.recordResponse({});
			group.recordSuccess();
			scheduler.release(group);
			await acquire();
			group.recordResponse({});
			scheduler.release(group);
			queue.finish(item);
		};
		const all = Promise.all(order(count).map(one));
		await pass();
		await all;
		expect(started).toEqual(Array.from({ length: count }, (_, index) => index));
		return work;
	};

	const inOrder = (count: number) => Array.from({ length: count }, (_, index) => index);
	const nearlySo = (count: number) => inOrder(count).map((index) => index ^ 1);

	test.each<[string, (count: number) => number[], number]>([
		['in input order', inOrder, 10_000],
		['nearly so', nearlySo, 1_000],
	])('each item costs the queue the same, however many there are: %s', async (_, order, count) => {
		const few = await countWork(order, 100);
		const many = await countWork(order, count);

		expect(many.asked / count).toBeLessThan((few.asked / 100) * 1.5);
		expect(many.compared / count).toBeLessThan((few.compared / 100) * 1.5);
	});
});

describe('whatever happens, in whatever order', () => {
	const setting = fc.record({
		count: fc.integer({ min: 1, max: 30 }),
		slots: fc.integer({ min: 1, max: 8 }),
		requests: fc.integer({ min: 1, max: 3 }),
		latencyMs: fc.integer({ min: 0, max: 400 }),
		batching: fc.option(
			fc.record({
				size: fc.integer({ min: 1, max: 5 }),
				intervalMs: fc.integer({ min: 1, max: 500 }),
			}),
			{ nil: undefined },
		),
		/** The item that fails for good, and is read back before the run stops. */
		failing: fc.option(fc.nat(29), { nil: undefined }),
		cancelAfterMs: fc.option(fc.nat(1500), { nil: undefined }),
		limitAfterMs: fc.option(fc.nat(800), { nil: undefined }),
		seed: fc.integer(),
	});

	test('in any order of events each request comes to an end, items start in order, and what was stopped stays so', async () => {
		await fc.assert(
			fc.asyncProperty(setting, async (given) => {
				const { count, slots, requests, latencyMs, batching, failing, seed } = given;
				const random = seededRandom(seed);
				const controller = new AbortController();
				const { scheduler, queue, group, item } = setUp({
					slots,
					batching,
					signal: controller.signal,
				});
				const started: number[] = [];
				const ends: string[] = [];
				let [isStopped, mostUnderWay, wrong] = [false, 0, 0];
				const underWayNow = new Set<number>();

				const carryOut = async (index: number) => {
					const state = item(index);
					await sleep(random() * 3);
					try {
						for (let n = 0; n < requests; n++) {
							const sendsText = n === requests - 1;
							const deadline = new Deadline(Infinity);
							await queue.acquire({ item: state, group, deadline, sendsText });
							if (controller.signal.aborted || (isStopped && (sendsText || n === 0))) wrong++;
							if (n === 0) started.push(index);
							underWayNow.add(index);
							mostUnderWay = Math.max(mostUnderWay, underWayNow.size);
							await sleep(random() * latencyMs);
							group.recordResponse({});
							if (index === failing && sendsText) queue.pause(state);
							scheduler.release(group);
						}
						if (index === failing) {
							await sleep(random() * latencyMs);
							isStopped = true;
							queue.stop();
						}
						ends.push('done');
					} catch (error) {
						ends.push((error as Error).constructor.name);
						const isKnown = [NotStartedError, StoppedError, CancelledError].some(
							(known) => error instanceof known,
						);
						if (!isKnown || error instanceof NotStartedError === state.isStarted) wrong++;
					}
					underWayNow.delete(index);
					queue.finish(state);
				};
				for (let index = 0; index < count; index++) void carryOut(index);
				const at = async (ms: number | undefined, act: () => void) => {
					if (ms === undefined) return;
					await sleep(ms);
					act();
				};
				void at(given.cancelAfterMs, () => controller.abort());
				void at(given.limitAfterMs, () => {
					group.recordRateLimited({ 'retry-after': '1' }, undefined);
					scheduler.release(group);
				});
				for (let waited = 0; ends.length < count && waited < 60_000; waited += 50) await pass(50);
				let isIdle = false;
				void queue.onIdle().then(() => (isIdle = true));
				await pass(1_001);

				expect({ ends: ends.length, wrong, isIdle }).toEqual({
					ends: count,
					wrong: 0,
					isIdle: true,
				});
				expect(mostUnderWay).toBeLessThanOrEqual(slots);
				expect(new Set(started).size).toBe(started.length);
				jest.clearAllTimers();
			}),
			{ numRuns: 40 },
		);
	});

	test('items that ask at once start in input order, whatever comes between', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.shuffledSubarray([...Array(12).keys()], { minLength: 2 }),
				fc.integer({ min: 1, max: 4 }),
				fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }),
				async (order, slots, isTwo) => {
					const { enter, ask, answer, end, log } = setUp({ slots });
					enter(...[...order].sort((a, b) => a - b));
					for (const index of order) ask(index);
					const firsts: number[] = [];
					for (let n = 0; n < 60 && firsts.length < order.length; n++) {
						await pass();
						for (const index of log.splice(0) as number[]) {
							if (firsts.includes(index)) end(index);
							else {
								firsts.push(index);
								if (isTwo[index]) {
									answer();
									ask(index);
								} else end(index);
							}
						}
					}
					expect(firsts).toEqual([...order].sort((a, b) => a - b));
				},
			),
			{ numRuns: 40 },
		);
	});
});

test('the four errors by which a wait ends are told apart', () => {
	const ends = [NotStartedError, CancelledError, DeadlineError, StoppedError];
	for (const end of ends)
		for (const other of ends) expect(new end() instanceof other).toBe(end === other);
});
