import fc from 'fast-check';
import { sleep } from 'n8n-workflow';
import { heapInUse, wait } from '../../../../../../dev/platform';
import { seededRandom } from '../../../../../../dev/simulator/faults/random';
import { newItemState } from '../../../../../../nodes/CloseSms/transport/request/itemState';
import {
	Deadline,
	RequestQueue,
} from '../../../../../../nodes/CloseSms/transport/queue/requestQueue';
import {
	getScheduler,
	RequestScheduler,
} from '../../../../../../nodes/CloseSms/transport/queue/requestScheduler';
import { RateLimiter } from '../../../../../../nodes/CloseSms/transport/queue/rateLimiter';
import { monotonicNow } from '../../../../../../nodes/shared/delay';

const pass = async (ms = 1) => await jest.advanceTimersByTimeAsync(ms);

describe('whose requests share a limit', () => {
	const address = 'https://api.close.com/api/v1';

	test('runs with the same key and address share a limit, whoever makes them', () => {
		expect(getScheduler([address, 'one'])).toBe(getScheduler([address, 'one']));
	});

	test.each([
		['another key', [address, 'two']],
		['another address', ['http://127.0.0.1:1/api/v1', 'one']],
		['no key', [address, undefined]],
		['the same letters, divided otherwise', [`${address}one`, '']],
	])('runs with %s do not share a limit', (_, sent) => {
		expect(getScheduler(sent)).not.toBe(getScheduler([address, 'one']));
	});

	test('a shared limit is held only while a run uses it', async () => {
		const given = new WeakRef(getScheduler(['gone']));
		// A reference that was followed lives until the end of the current job.
		await wait(1);
		heapInUse();
		await wait(1);

		expect(given.deref()).toBeUndefined();
		expect(getScheduler(['gone'])).toBeInstanceOf(RequestScheduler);
	});
});

describe('turns', () => {
	beforeEach(() => jest.useFakeTimers({ doNotFake: ['nextTick'] }));
	afterEach(() => jest.useRealTimers());

	/** Executions that use one key, which may have one request in flight. */
	function setUp(concurrency = 1) {
		const scheduler = new RequestScheduler(new RateLimiter(concurrency));
		const group = scheduler.limiter.group('PUT', '/activity/sms/acti_1/');
		const log: string[] = [];
		const inFlight: Array<() => void> = [];
		const execution = (name: string, signal?: AbortSignal, giveUpAfterMs = Infinity) => {
			const queue = new RequestQueue(scheduler, { maxConcurrency: 20, signal });
			const send = (count = 1) => {
				for (let index = 0; index < count; index++) {
					const item = newItemState(index);
					const deadline = new Deadline(giveUpAfterMs);
					const admitted = () => {
						log.push(name);
						inFlight.push(() => {
							scheduler.release(group);
							queue.finish(item);
						});
					};
					void queue
						.acquire({ item, group, deadline, sendsText: true })
						.then(admitted, (error: Error) => log.push(`${name} ${error.constructor.name}`));
				}
			};
			return { queue, send };
		};
		/** Close answers the request that was sent first, and its item is finished. */
		const answer = async () => {
			group.recordResponse({});
			inFlight.shift()!();
			await pass();
		};
		const news = () => log.splice(0);
		return { scheduler, group, execution, answer, news };
	}

	test('a single text waits for one request of a long run, not for its end', async () => {
		const { execution, answer, news } = setUp();
		execution('long').send(1000);
		await pass();
		expect(news()).toEqual(['long']);
		execution('single').send();
		await pass();
		await answer();
		await answer();

		expect(news()).toContain('single');
	});

	test('a long run has its turn among any number of single texts', async () => {
		const { execution, answer, news } = setUp();
		execution('long').send(3);
		for (let n = 0; n < 5; n++) execution('single').send();
		await pass();
		for (let n = 0; n < 20; n++) {
			// More and more come while it waits.
			execution('late').send();
			await answer();
		}

		expect(news().filter((name) => name === 'long').length).toBe(3);
	});

	/** How many queues have been asked for their turn. */
	const countTurns = (count: { turns: number }) => {
		const { drainOne } = RequestQueue.prototype;
		jest.spyOn(RequestQueue.prototype, 'drainOne').mockImplementation(function (
			this: RequestQueue,
		) {
			count.turns++;
			return drainOne.call(this);
		});
	};
	afterEach(() => jest.restoreAllMocks());

	const header = (remaining: number, reset: string) => ({
		ratelimit: `limit=10, remaining=${remaining}, reset=${reset}`,
	});

	test('all requests of a run are admitted as soon as there is room', async () => {
		const { execution, news } = setUp(50);
		execution('a').send(5);
		await pass();

		expect(news()).toEqual(['a', 'a', 'a', 'a', 'a']);
	});

	test('while there is no room, a response asks no run, and a new run asks only itself', async () => {
		const count = { turns: 0 };
		const { scheduler, group, execution } = setUp(2);
		execution('first').send(2);
		await pass();
		for (let n = 0; n < 100; n++) execution('single').send();
		await pass();
		countTurns(count);
		group.recordResponse(header(0, '1.0'));
		scheduler.release(group);
		expect(count.turns).toBe(0);
		execution('late').send();
		await pass();

		expect(count.turns).toBe(1);
	});

	test('the other runs go on when a response says that the window ends', async () => {
		const { scheduler, group, execution, news } = setUp();
		execution('first').send();
		await pass();
		execution('single').send();
		await pass();
		news();
		group.recordResponse(header(0, '1.0'));
		scheduler.release(group);
		await pass(1_000);
		expect(news()).toEqual([]);
		await pass(10);

		expect(news()).toEqual(['single']);
	});

	test('a request that cannot wait until the end of a pause is rejected at once', async () => {
		const { scheduler, group, execution, news } = setUp();
		execution('first').send();
		await pass();
		execution('single', undefined, 1_000).send();
		await pass();
		news();
		group.recordResponse({});
		group.recordRateLimited({ 'retry-after': '60' }, undefined);
		scheduler.release(group);
		await pass();

		expect(news()).toEqual(['single DeadlineError']);
	});

	test('runs with the same key send one request each in turn', async () => {
		const { group, execution, answer, news } = setUp();
		group.recordRateLimited({ 'retry-after': '1' }, undefined);
		for (const name of ['a', 'b', 'c']) execution(name).send(3);
		await pass(1_100);
		for (let n = 0; n < 8; n++) await answer();

		expect(news().join('')).toBe('abcabcabc');
	});

	test('a run that waits for another endpoint group holds up nobody', async () => {
		const { scheduler, group, execution, news } = setUp(50);
		group.recordRateLimited({ 'retry-after': '60' }, undefined);
		execution('waits').send();
		await pass();
		const queue = new RequestQueue(scheduler, { maxConcurrency: 1 });
		const other = scheduler.limiter.group('GET', '/activity/sms/');
		const request = { item: newItemState(0), group: other, deadline: new Deadline(Infinity) };
		let isAdmitted = false;
		void queue.acquire({ ...request, sendsText: false }).then(() => (isAdmitted = true));
		await pass();

		expect(isAdmitted).toBe(true);
		expect(news()).toEqual([]);
	});

	test.each<[string, (controller: AbortController, queue: RequestQueue) => void, string]>([
		['cancelled', (controller) => controller.abort(), 'NotStartedError'],
		['stopped', (_, queue) => queue.stop(), 'NotStartedError'],
	])('when one execution is %s, the others go on in their order', async (_, end, error) => {
		const { group, execution, news } = setUp(50);
		group.recordRateLimited({ 'retry-after': '5' }, undefined);
		const controller = new AbortController();
		execution('a').send(2);
		const ended = execution('b', controller.signal);
		ended.send(2);
		execution('c').send(2);
		await pass(1000);
		end(controller, ended.queue);
		await pass();
		expect(news()).toEqual([`b ${error}`, `b ${error}`]);
		await pass(5000);

		expect(news()).toEqual(['a', 'c', 'a', 'c']);
	});

	test('a run that is paused while a failure is read back holds up no other', async () => {
		const { execution, news } = setUp(50);
		const [one, other] = [execution('one'), execution('other')];
		one.queue.pause(newItemState(9));
		one.send(2);
		other.send(2);
		await pass();

		expect(news()).toEqual(['other', 'other']);
	});

	test('a request that hangs holds up others for two seconds, not until its time-out', async () => {
		const { execution, news } = setUp();
		execution('hangs').send();
		await pass();
		execution('single').send();
		await pass(1_900);
		expect(news()).toEqual(['hangs']);
		await pass(200);
		expect(news()).toEqual(['single']);
	});

	test('no timer outlives the last execution for more than a second', async () => {
		const { group, execution } = setUp();
		const controller = new AbortController();
		group.recordRateLimited({ 'retry-after': '600' }, undefined);
		execution('a', controller.signal).send();
		await pass();
		controller.abort();
		await pass(1_001);

		expect(jest.getTimerCount()).toBe(0);
	});
});

describe('whatever the executions do', () => {
	beforeEach(() => jest.useFakeTimers({ doNotFake: ['nextTick'] }));
	afterEach(() => jest.useRealTimers());

	const setting = fc.record({
		limit: fc.integer({ min: 3, max: 30 }),
		windowMs: fc.integer({ min: 500, max: 2000 }),
		latencyMs: fc.integer({ min: 0, max: 100 }),
		executions: fc.array(
			fc.record({
				items: fc.integer({ min: 1, max: 25 }),
				startMs: fc.nat(3000),
				maxConcurrency: fc.integer({ min: 1, max: 20 }),
				/** How it ends before its time. */
				end: fc.option(
					fc.record({ kind: fc.constantFrom('cancel', 'stop'), ms: fc.nat(4000) } as const),
					{ nil: undefined },
				),
			}),
			{ minLength: 1, maxLength: 12 },
		),
		seed: fc.integer(),
	});

	test('Close refuses no more than the first two, each request comes to an end, and no timer is left over', async () => {
		await fc.assert(
			fc.asyncProperty(setting, async ({ limit, windowMs, latencyMs, executions, seed }) => {
				const random = seededRandom(seed);
				const scheduler = new RequestScheduler();
				const { limiter } = scheduler;
				const group = limiter.group('PUT', '/activity/sms/acti_1/');
				const window = { ends: 0, used: 0 };
				let [refused, open] = [0, 0];
				/** Close answers, and says what is left. */
				const exchange = async () => {
					await sleep(random() * latencyMs);
					if (window.ends <= monotonicNow())
						Object.assign(window, { ends: monotonicNow() + windowMs, used: 0 });
					const isTaken = window.used < limit;
					if (isTaken) window.used++;
					else refused++;
					const reset = ((window.ends - monotonicNow()) / 1000).toFixed(3);
					const headers = {
						ratelimit: `limit=${limit}, remaining=${limit - window.used}, reset=${reset}`,
					};
					await sleep(random() * latencyMs);
					return { isTaken, headers };
				};
				const execute = async ({
					items,
					startMs,
					maxConcurrency,
					end,
				}: (typeof executions)[number]) => {
					await sleep(startMs);
					const controller = new AbortController();
					const { signal } = controller;
					const queue = new RequestQueue(scheduler, { maxConcurrency, signal });
					const endEarly = async () => {
						if (!end) return;
						await sleep(end.ms);
						if (end.kind === 'cancel') controller.abort();
						else queue.stop();
					};
					void endEarly();
					const carryOut = async (index: number) => {
						const item = newItemState(index);
						const request = { item, group, deadline: new Deadline(Infinity), sendsText: true };
						try {
							for (;;) {
								await queue.acquire(request);
								const sentAt = monotonicNow();
								const { isTaken, headers } = await exchange();
								group.recordResponse(headers, sentAt, isTaken);
								if (isTaken) group.recordSuccess();
								else group.recordRateLimited(headers, undefined);
								scheduler.release(group);
								if (isTaken) break;
							}
						} catch {
							// Stopped or cancelled.
						}
						queue.finish(item);
					};
					await Promise.all(Array.from({ length: items }, async (_, n) => await carryOut(n)));
					open--;
				};
				open = executions.length;
				for (const one of executions) void execute(one);
				const requests = executions.reduce((sum, { items }) => sum + items, 0);
				const most = 8_000 + (Math.ceil(requests / limit) + 2) * (windowMs + 250) + requests * 250;
				for (let waited = 0; open > 0 && waited < most; waited += 50) await pass(50);

				expect({ open, inFlight: group.inFlight }).toEqual({ open: 0, inFlight: 0 });
				expect(refused).toBeLessThanOrEqual(2);
				await pass(1_001);
				jest.clearAllTimers();
			}),
			// What is sent in the last milliseconds of a window may count in the next, and one more be refused: one draw in some
			// 1,000. The same draws each time.
			{ numRuns: 60, seed: 1 },
		);
	});
});
