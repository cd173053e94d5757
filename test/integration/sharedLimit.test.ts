import { wait } from '../../dev/platform';
import { byId } from '../../dev/locators';
import { simulatorCredential } from '../../dev/simulator/credential';
import type { RunOptions } from '../../dev/engine/runNode';
import { setUpSms } from './setUpSms';
import { setUpSkippedWaits } from '../skippedWaits';

setUpSkippedWaits();

const sms = setUpSms();

type Item = ReturnType<typeof sms.drafts>[number];

/** One execution that sends these drafts. */
const send = async (items: Item[], more: Partial<RunOptions> = {}, options = {}) =>
	await sms.run(
		'update',
		{ smsId: byId('={{ $json.id }}'), updateFields: { status: 'outbox' }, options },
		{ items, ...more },
	);

const timesTexted = (items: Item[]) => {
	sms.deliver();
	return items.map(({ remotePhone }) => sms.close.timesTexted(remotePhone));
};

const onceEach = (items: Item[]) => items.map(() => 1);

describe('executions of one text each, with one key', () => {
	test.each([
		['at once', 0],
		['spread out', 10],
	])('300 %s: under 2 % is refused, none gives up, each phone rings once', async (_, apartMs) => {
		const items = sms.drafts(300);
		sms.close.rateLimit.set({ limit: 60 });
		const runs = await Promise.all(
			items.map(async (item, n) => {
				if (apartMs > 0) await wait(n * apartMs);
				return await send([item]);
			}),
		);

		expect(runs.map(({ error }) => error)).toEqual(items.map(() => undefined));
		expect(sms.close.rateLimit.refused).toBeLessThan(0.02 * sms.close.requests.length);
		expect(timesTexted(items)).toEqual(onceEach(items));
	});

	test('a text that comes while a long run is sent goes out among the next, not after the run', async () => {
		const [single, ...items] = sms.drafts(121);
		sms.close.rateLimit.set({ limit: 20, windowSeconds: 0.5 });
		const long = send(items);
		while (sms.close.requests.length < 30) await wait(2);
		const { error } = await send([single]);
		const before = sms.close.requests.length;
		await long;

		expect(error).toBeUndefined();
		// In the current window or the next.
		expect(before).toBeLessThanOrEqual(70);
		expect(timesTexted([single, ...items])).toEqual(onceEach([single, ...items]));
	});

	test.each<[string, Partial<RunOptions>, object, (item: Item) => void]>([
		[
			'is cancelled',
			{ onStart: (execution) => void wait(300).then(() => execution.cancel()) },
			{},
			() => {},
		],
		[
			'fails',
			{},
			{},
			({ id }) =>
				sms.close.faults.order({ kind: 'status', status: 400, times: 1, match: { path: id } }),
		],
		[
			'gives up',
			{},
			{ giveUpAfter: 1 },
			() => sms.close.rateLimit.set({ limit: 10, windowSeconds: 1 }),
		],
		['only tries what it would do', {}, { dryRun: true }, () => {}],
	])('one that %s leaves the others alone', async (_, more, options, prepare) => {
		const items = sms.drafts(60);
		const [ended, others] = [items.slice(0, 20), items.slice(20)];
		sms.close.rateLimit.set({ limit: 10, windowSeconds: 0.4 });
		prepare(ended[7]);
		const [one, ...runs] = await Promise.all([
			send(ended, more, options),
			...others.map(async (item) => await send([item])),
		]);
		const texted = timesTexted(ended);

		expect(runs.map(({ error }) => error)).toEqual(others.map(() => undefined));
		expect(timesTexted(others)).toEqual(onceEach(others));
		expect(texted.filter((times) => times > 1)).toEqual([]);
		expect(one.error === undefined).toBe('dryRun' in options);
		// Nothing is held: the next one has the whole window.
		const [next] = sms.drafts(1);
		await wait(450);
		const requests = sms.close.requests.length;
		await send([next]);
		expect(sms.close.requests.length - requests).toBe(1);
	});

	test('the second try of Retry On Fail takes its turn like any other', async () => {
		const items = sms.drafts(24);
		const [retried, others] = [items.slice(0, 4), items.slice(4)];
		sms.close.rateLimit.set({ limit: 8, windowSeconds: 0.4 });
		sms.close.faults.order({
			kind: 'status',
			status: 400,
			times: 1,
			match: { path: retried[2].id },
		});
		const node = { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 };
		const runs = await Promise.all([
			send(retried, { node }),
			...others.map(async (item) => await send([item])),
		]);

		expect(runs.map(({ error }) => error)).toEqual(runs.map(() => undefined));
		expect(timesTexted(items)).toEqual(onceEach(items));
	});
});

describe('another key', () => {
	const busy = { kind: 'status', status: 429, headers: { 'retry-after': '60' } } as const;

	/** Whether one more text goes out while the first key has to wait for a minute. */
	const goesOut = async (credential: ReturnType<typeof simulatorCredential>) => {
		const [refused, other] = sms.drafts(2);
		sms.close.faults.order({ ...busy, times: 1 });
		await send([refused], {}, { maxRetries: 0 });
		const before = sms.close.requests.length;
		await send([other], { credential }, { giveUpAfter: 1 });
		return sms.close.requests.length > before;
	};

	test('the same key waits: the control', async () => {
		expect(await goesOut(simulatorCredential(sms.close))).toBe(false);
	});

	test("does not wait for the first one's limit", async () => {
		const credential = simulatorCredential(sms.close, sms.close.account.secondApiKey);
		expect(await goesOut(credential)).toBe(true);
	});

	test('another key in the same credential has a limit of its own', async () => {
		const credential = simulatorCredential(sms.close);
		const [refused, other] = sms.drafts(2);
		sms.close.faults.order({ ...busy, times: 1 });
		await send([refused], { credential }, { maxRetries: 0 });
		sms.close.addApiKey();
		const renewed = { ...credential, apiKey: sms.close.account.apiKey };
		const { error } = await send([other], { credential: renewed }, { giveUpAfter: 1 });

		expect(error).toBeUndefined();
	});

	test('a token is another than a key', async () => {
		const credential = {
			...simulatorCredential(sms.close),
			authentication: 'bearer',
			accessToken: sms.close.account.accessToken,
		};
		expect(await goesOut(credential)).toBe(true);
	});

	test('at another address the same key is another', async () => {
		const baseUrl = `${sms.close.baseUrl}/`;
		expect(await goesOut({ ...simulatorCredential(sms.close), baseUrl })).toBe(true);
	});
});
