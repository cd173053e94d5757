import fc from 'fast-check';
import { sleep } from 'n8n-workflow';
import { process } from '../../../../../dev/platform';
import { EventClaims } from '../../../../../nodes/CloseSmsTrigger/execution/eventClaims';

beforeEach(() => jest.useFakeTimers({ doNotFake: ['nextTick'] }));
afterEach(() => jest.useRealTimers());

/** n8n's storage: all entries are read, then all are written, and another process can do the same in between. */
class Storage {
	entries: string[] = [];
	calls = 0;

	/** @param takes how long each call takes from reading to writing, in milliseconds */
	adder(takes: () => number = () => 1) {
		return async (added: string[]) => {
			this.calls++;
			const read = [...this.entries];
			await sleep(takes());
			const missing = added.filter((entry) => !read.includes(entry));
			this.entries = [...read, ...missing];
			return missing;
		};
	}
}

const finish = async <T>(promise: Promise<T>) => {
	const settled = promise.then(
		(value) => ({ value }),
		(error: Error) => ({ error: error.message }),
	);
	await jest.advanceTimersByTimeAsync(120_000);
	return await settled;
};
const claim = (executionId: string, { event = 'acti_1 received', isShared = false } = {}) => ({
	event,
	executionId,
	isShared,
});

describe.each([false, true])('shared with another process: %p', (isShared) => {
	test('the first execution of an event goes on, and no later one, also after a restart', async () => {
		const storage = new Storage();
		const [before, after] = [new EventClaims(), new EventClaims()];
		const first = await finish(before.claim(claim('1', { isShared }), storage.adder()));
		const second = await finish(before.claim(claim('2', { isShared }), storage.adder()));
		const third = await finish(after.claim(claim('3', { isShared }), storage.adder()));
		expect([first, second, third]).toEqual([
			{ value: 'claimed' },
			{ value: 'claimedByAnother' },
			{ value: 'claimedByAnother' },
		]);
	});

	test('of executions that begin at the same moment in one process one goes on', async () => {
		const [storage, claims] = [new Storage(), new EventClaims()];
		const all = ['1', '2', '3', '4'].map(
			async (id) => await claims.claim(claim(id, { isShared }), storage.adder()),
		);
		const { value } = (await finish(Promise.all(all))) as { value: string[] };
		expect(value.filter((result) => result === 'claimed')).toHaveLength(1);
	});

	test('other events are other claims', async () => {
		const [storage, claims] = [new Storage(), new EventClaims()];
		const all = Array.from({ length: 50 }, async (_, index) => {
			const event = `acti_${index} received`;
			return await claims.claim(claim(String(index), { event, isShared }), storage.adder());
		});
		const { value } = (await finish(Promise.all(all))) as { value: string[] };
		expect(new Set(value)).toEqual(new Set(['claimed']));
		expect(storage.calls).toBeLessThan(10);
	});
});

test('an execution that n8n begins a second time does not go on', async () => {
	const storage = new Storage();
	const shared = { isShared: true };
	await finish(new EventClaims().claim(claim('1', shared), storage.adder()));
	const again = new EventClaims().claim(claim('1', shared), storage.adder());
	expect(await finish(again)).toEqual({ value: 'claimedBefore' });
});

describe("when n8n's storage fails", () => {
	const broken = async () => await Promise.reject(new Error('database is locked'));

	test.each([false, true])(
		'the claim fails too, and a later one is as good; shared: %p',
		async (isShared) => {
			const [storage, claims] = [new Storage(), new EventClaims()];
			expect(await finish(claims.claim(claim('1', { isShared }), broken))).toEqual({
				error: 'database is locked',
			});
			const later = claims.claim(claim('2', { isShared }), storage.adder());
			expect(await finish(later)).toEqual({ value: 'claimed' });
		},
	);

	test('because two processes stored the first entry at once, the one that was refused tries again', async () => {
		const storage = new Storage();
		const add = storage.adder();
		let refusals = 1;
		const refusedOnce = async (entries: string[]) =>
			refusals-- > 0 ? await broken() : await add(entries);
		const result = new EventClaims().claim(claim('1', { isShared: true }), refusedOnce);
		expect(await finish(result)).toEqual({ value: 'claimed' });
	});

	test('after it has written, the execution does not go on unseen', async () => {
		const storage = new Storage();
		const add = storage.adder();
		let failures = 1;
		const failsAfterWriting = async (entries: string[]) => {
			const added = await add(entries);
			return failures-- > 0 ? await broken() : added;
		};
		const result = new EventClaims().claim(claim('1', { isShared: true }), failsAfterWriting);
		expect(await finish(result)).toEqual({ value: 'claimedBefore' });
	});
});

test('of several processes that claim the same events at nearly the same time, just one goes on with each', async () => {
	const execution = fc.record({
		process: fc.integer({ min: 0, max: 2 }),
		event: fc.integer({ min: 0, max: 3 }),
		startsAt: fc.integer({ min: 0, max: 600 }),
	});
	const durations = fc.array(fc.integer({ min: 1, max: 25 }), { minLength: 5, maxLength: 20 });
	await fc.assert(
		fc.asyncProperty(
			fc.array(execution, { minLength: 2, maxLength: 12 }),
			durations,
			async (executions, takes) => {
				const storage = new Storage();
				const processes = [0, 1, 2].map(() => new EventClaims());
				let call = 0;
				const add = storage.adder(() => takes[call++ % takes.length]);
				const results = executions.map(async ({ process, event, startsAt }, id) => {
					await sleep(startsAt);
					const claimant = claim(String(id), { event: `ev_${event}`, isShared: true });
					return { event, result: await processes[process].claim(claimant, add) };
				});
				const { value } = (await finish(Promise.all(results))) as {
					value: Array<{ event: number; result: string }>;
				};
				const winners = value.filter(({ result }) => result === 'claimed');
				const events = new Set(executions.map(({ event }) => event));
				expect(winners.map(({ event }) => event).sort()).toEqual([...events].sort());
				expect(value.filter(({ result }) => result === 'claimedBefore')).toEqual([]);
			},
		),
		{ numRuns: Number(process.env.CLAIM_RUNS ?? 300) },
	);
});
