import axios from 'axios';
import fastify from 'fastify';
import type { INode, INodeParameters } from 'n8n-workflow';
import { close } from '../simulator/fixture';
import { wait } from '../../dev/platform';
import type { RunOptions } from '../../dev/engine/runNode';
import { byId } from '../../dev/locators';
import { simulatorCredential } from '../../dev/simulator/credential';
import { ERROR_MODES, errorOf, setUpSms } from './setUpSms';
import { setUpSkippedWaits } from '../skippedWaits';

setUpSkippedWaits();

const sms = setUpSms();

type Item = ReturnType<typeof sms.drafts>[number];

/** Sends the draft of each item. */
const sendAll = async (
	items: Item[],
	{
		fields = {},
		options = {},
		requestOptions = {},
		node = {},
	}: {
		fields?: INodeParameters;
		options?: INodeParameters;
		requestOptions?: INodeParameters;
		node?: Partial<INode>;
	} = {},
	more: Partial<RunOptions> = {},
) =>
	await sms.run(
		'update',
		{
			smsId: byId('={{ $json.id }}'),
			updateFields: { status: 'outbox', ...fields },
			options,
			requestOptions,
		},
		{ items, node, ...more },
	);

const askedFor = (items: Item[]) =>
	close.requests
		.filter(({ method }) => method === 'PUT')
		.map(({ path }) => items.findIndex(({ id }) => path === `/activity/sms/${id}/`));

const timesTexted = async (items: Item[]) => {
	await wait(100);
	return items.map(({ remotePhone }) => close.timesTexted(remotePhone));
};

const ofEach = (count: number, times: (n: number) => number) =>
	Array.from({ length: count }, (_, n) => times(n));

describe('all items are checked before the first is sent', () => {
	test.each<[string, INodeParameters, RegExp]>([
		[
			'a bad phone',
			{ remotePhone: '={{ $json.n === 40 ? "12" : $json.remotePhone }}' },
			/^'Remote Phone' has no country code: 12 \[item 40\]$/,
		],
		[
			'an expression that fails',
			{ text: '={{ $json.n === 40 ? $("Nowhere").item.json.x : "x" }}' },
			/Referenced node doesn't exist/,
		],
	])('%s in the 40th of 50: nobody is texted', async (_, fields, message) => {
		const { error } = await sendAll(sms.drafts(50), { fields });

		expect(error?.message).toMatch(message);
		expect(error?.context.itemIndex).toBe(40);
		expect(close.requests).toEqual([]);
	});

	test('several bad items are all named, the first in the message', async () => {
		const remotePhone = '={{ [3, 4, 5, 8].includes($json.n) ? "12" : $json.remotePhone }}';
		const { error } = await sendAll(sms.drafts(10), { fields: { remotePhone } });

		expect(error?.message).toMatch(/\[item 3\]$/);
		expect(error?.description).toMatch(
			/Items 4 to 5 and 8 also have errors\. All items are checked before the first is sent, so nothing was sent/,
		);
	});

	test('"Execute Once" does not wait for items that never come', async () => {
		const items = sms.drafts(5);
		await sendAll(items, { node: { executeOnce: true } });

		expect(await timesTexted(items)).toEqual([1, 0, 0, 0, 0]);
	});
});

describe('items are sent in order, and after a failure none is started', () => {
	const refuseThe = (item: Item) =>
		close.faults.order({
			kind: 'status',
			status: 400,
			body: { error: 'No.' },
			match: { path: item.id },
		});

	test('one at a time: the 7th of 50 refused makes 8 requests', async () => {
		const items = sms.drafts(50);
		refuseThe(items[7]);
		const { error } = await sendAll(items, { options: { maxConcurrency: 1 } });

		expect(askedFor(items)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
		expect(error?.message).toBe('Close refused this [item 7]: No.');
		expect(error?.context.itemIndex).toBe(7);
		expect(error?.description).toMatch(
			/Done: items 0 to 6\. Not started: items 8 to 49\. Do not run all of them again/,
		);
		expect(await timesTexted(items)).toEqual(ofEach(50, (n) => (n < 7 ? 1 : 0)));
	});

	test('several at a time: those in flight finish, no other starts, and the error names them', async () => {
		const items = sms.drafts(50);
		close.latency(30);
		refuseThe(items[20]);
		const { error } = await sendAll(items, { options: { maxConcurrency: 10 } });
		const asked = askedFor(items);
		const last = Math.max(...asked);

		expect([...asked].sort((a, b) => a - b)).toEqual(ofEach(last + 1, (n) => n));
		expect(last).toBeLessThan(20 + 10);
		expect(error?.description).toContain(`Not started: items ${last + 1} to 49.`);
		expect(await timesTexted(items)).toEqual(ofEach(50, (n) => (n <= last && n !== 20 ? 1 : 0)));
	});

	test('the first item refused: nothing else was done', async () => {
		const items = sms.drafts(3);
		refuseThe(items[0]);
		const { error } = await sendAll(items, { options: { maxConcurrency: 1 } });

		expect(error?.description).toMatch(/No other item was done\. Not started: items 1 to 2\.$/);
	});

	test.each(['continueRegularOutput', 'continueErrorOutput'] as const)(
		'%s: one result or error for each input, paired, in order',
		async (onError) => {
			const items = sms.drafts(30);
			refuseThe(items[7]);
			const remotePhone = '={{ $json.n === 9 ? "12" : $json.remotePhone }}';
			const { outputs, error } = await sendAll(items, {
				fields: { remotePhone },
				node: { onError },
			});
			const failed = outputs.flat().filter(({ json }) => json.error);
			const succeeded = outputs[0].filter(({ json }) => !json.error);

			expect(error).toBeUndefined();
			expect(failed.map((item) => [errorOf(item), item.pairedItem])).toEqual([
				[
					{
						message: 'Close refused this [item 7]: No.',
						whatToDo: 'Correct what Close names.',
						outcome: 'notDone',
						isTemporary: false,
					},
					{ item: 7 },
				],
				[
					{
						message: "'Remote Phone' has no country code: 12 [item 9].",
						whatToDo: expect.stringMatching(/\w/) as string,
						outcome: 'notDone',
						isTemporary: false,
					},
					{ item: 9 },
				],
			]);
			expect(succeeded.map(({ json, pairedItem }) => [json.id, pairedItem])).toEqual(
				items.filter(({ n }) => n !== 7 && n !== 9).map(({ id, n }) => [id, { item: n }]),
			);
			expect(outputs.length).toBe(onError === 'continueErrorOutput' ? 2 : 1);
			expect(await timesTexted(items)).toEqual(ofEach(30, (n) => (n === 7 || n === 9 ? 0 : 1)));
		},
	);
});

describe("n8n's Retry On Fail", () => {
	const node = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };

	test('what an earlier try sent is not sent again, and the output says so', async () => {
		const items = sms.drafts(6);
		close.faults.order({ kind: 'status', status: 400, match: { path: items[3].id } });
		const { error, json } = await sendAll(items, { node, options: { maxConcurrency: 1 } });

		expect(error).toBeUndefined();
		expect(askedFor(items)).toEqual([0, 1, 2, 3, 3, 4, 5]);
		expect(json.map(({ id, _note }) => [id, _note])).toEqual(
			items.map(({ id, n }) => [
				id,
				n < 3 ? 'Done by an earlier try of this run; not sent again.' : undefined,
			]),
		);
		expect(await timesTexted(items)).toEqual([1, 1, 1, 1, 1, 1]);
	});

	test('a bad item is checked again in each try, and nothing is sent', async () => {
		const remotePhone = '={{ $json.n === 2 ? "12" : $json.remotePhone }}';
		const { error } = await sendAll(sms.drafts(4), { fields: { remotePhone }, node });

		expect(error?.message).toMatch(/\[item 2\]$/);
		expect(close.requests).toEqual([]);
	});

	test('an item whose outcome stayed unknown is read back in the next try, and not sent twice', async () => {
		const items = sms.drafts(2);
		close.faults.order({ kind: 'resetAfter', match: { method: 'PUT', path: items[0].id } });
		close.faults.order({
			kind: 'status',
			status: 502,
			match: { method: 'GET', path: items[0].id },
		});
		const { error, json } = await sendAll(items, {
			node,
			options: { maxRetries: 0, maxConcurrency: 1 },
		});

		expect(error).toBeUndefined();
		expect(json.map(({ id }) => id)).toEqual(items.map(({ id }) => id));
		expect(await timesTexted(items)).toEqual([1, 1]);
	});
});

describe('rate limit', () => {
	const body = { error: 'Too many requests.' };

	test.each<[string, Record<string, string>, unknown]>([
		[
			'RateLimit with decimals',
			{ ratelimit: 'limit=100, remaining=0, reset=0.4', 'retry-after': '1' },
			body,
		],
		['retry-after alone', { 'retry-after': '1' }, body],
		['the older body', {}, { error: { rate_reset: 0.4, message: 'Too many requests.' } }],
		['nothing: back off', {}, body],
	])('429 with %s holds the whole run', async (_, headers, answer) => {
		const items = sms.drafts(40);
		close.faults.order({ kind: 'status', status: 429, headers, body: answer, after: 20 });
		const { error } = await sendAll(items, { options: { maxConcurrency: 4 } });
		const refusedAt = close.requests.find(({ status }) => status === 429)!.at;
		const meanwhile = close.requests.filter(({ at }) => at > refusedAt && at < refusedAt + 240);

		expect(error).toBeUndefined();
		// Those that were in flight already.
		expect(meanwhile.length).toBeLessThan(4);
		expect(await timesTexted(items)).toEqual(ofEach(40, () => 1));
	});

	test("with Close's limit in the headers hardly anything is refused", async () => {
		const items = sms.drafts(100);
		close.rateLimit.set({ limit: 40, windowSeconds: 0.5 });
		const { error } = await sendAll(items);

		expect(error).toBeUndefined();
		expect(close.requests.filter(({ status }) => status === 429).length).toBeLessThanOrEqual(1);
		expect(await timesTexted(items)).toEqual(ofEach(100, () => 1));
	});

	test('two runs with one key share the limit, and neither is left without', async () => {
		const [ours, theirs] = [sms.drafts(200).slice(0, 100), sms.drafts(200).slice(100)];
		close.rateLimit.set({ limit: 40, windowSeconds: 0.5 });
		const runs = await Promise.all([sendAll(ours), sendAll(theirs)]);
		const isOurs = close.requests
			.filter(({ status }) => status === 200)
			.map(({ path }) => ours.some(({ id }) => path.includes(id)));
		// On a busy machine one begins a while after the other.
		const bothHaveBegun = Math.max(isOurs.indexOf(true), isOurs.indexOf(false));
		const share = isOurs.slice(bothHaveBegun, bothHaveBegun + 40).filter(Boolean).length;

		expect(runs.map(({ error }) => error)).toEqual([undefined, undefined]);
		expect(share).toBeGreaterThan(10);
		expect(share).toBeLessThan(30);
		expect(await timesTexted([...ours, ...theirs])).toEqual(ofEach(200, () => 1));
	});

	test('Max Concurrency is never exceeded', async () => {
		let open = 0;
		let most = 0;
		const server = fastify();
		server.put('*', async ({ url }) => {
			most = Math.max(most, ++open);
			await wait(5);
			open--;
			return { id: /acti_\w+/.exec(url)?.[0], status: 'outbox' };
		});
		const baseUrl = await server.listen({ host: '127.0.0.1', port: 0 });
		await sendAll(
			sms.drafts(60),
			{ options: { maxConcurrency: 4 } },
			{ credential: simulatorCredential({ account: close.account, baseUrl }) },
		);
		await server.close();

		expect(most).toBe(4);
	});

	test('Max Retries 0: a 429 is reported at once', async () => {
		close.faults.order({ kind: 'status', status: 429, body, headers: { 'retry-after': '60' } });
		const { error } = await sendAll(sms.drafts(1), { options: { maxRetries: 0 } });

		expect(error?.message).toBe('Close was busy or out of reach: Too many requests.');
		expect(close.requests.length).toBe(1);
	});

	test('Give Up After: a longer wait is not started', async () => {
		close.faults.order({ kind: 'status', status: 429, body, headers: { 'retry-after': '60' } });
		const { error } = await sendAll(sms.drafts(1), { options: { giveUpAfter: 5 } });

		expect(error?.message).toBe('Close was busy or out of reach: Too many requests.');
	});
});

describe('cancelling the execution', () => {
	const cancelAfter = (requests: number) => async (execution: { cancel(): void }) => {
		while (close.requests.length < requests) await wait(2);
		execution.cancel();
	};

	test('starts nothing more', async () => {
		const items = sms.drafts(200);
		close.latency(20);
		await sendAll(items, {}, { onStart: cancelAfter(20) }).catch(() => undefined);
		await wait(300);

		// The twenty that it waited for, and those in flight then.
		expect(close.requests.length).toBeLessThanOrEqual(20 + 2 * 20);
	});

	test('ends a wait at once', async () => {
		close.faults.order({
			kind: 'status',
			status: 429,
			headers: { 'retry-after': '30' },
			times: 99,
		});
		const run = sendAll(sms.drafts(3), {}, { onStart: cancelAfter(1) }).catch(() => undefined);

		expect(
			await Promise.race([run.then(() => 'ended'), wait(5000, 'still waiting', { ref: false })]),
		).toBe('ended');
		expect(close.requests.length).toBeLessThanOrEqual(2);
	});
});

describe("n8n's own Request Options", () => {
	test('batching: a pause after each batch', async () => {
		const requestOptions = { batching: { batch: { batchSize: 2, batchInterval: 300 } } };
		for (const onError of ERROR_MODES) {
			const items = sms.drafts(4);
			await sendAll(items, { requestOptions, node: { onError } });
			const ours = close.requests.filter(({ path }) => items.some(({ id }) => path.includes(id)));
			const [, second, third] = ours.map(({ at }) => at);

			expect(ours.length).toBe(items.length);
			expect(third - second).toBeGreaterThan(200);
		}
	});

	test('timeout: the response comes too late, so the text is read back and not sent twice', async () => {
		const items = sms.drafts(1);
		close.faults.order({ kind: 'slow', delayMs: 5000, match: { method: 'PUT' } });
		const { json } = await sendAll(items, { requestOptions: { timeout: 200 } });

		expect(json).toMatchObject([{ id: items[0].id, status: expect.stringMatching(/outbox|sent/) }]);
		expect(close.requests.map(({ method }) => method)).toEqual(['PUT', 'GET']);
		expect(await timesTexted(items)).toEqual([1]);
	});

	test('proxy: every request goes through it', async () => {
		const seen: string[] = [];
		const proxy = fastify();
		proxy.put('*', async (request) => {
			seen.push(request.raw.url!);
			const { host, ...headers } = request.headers;
			expect(host).toBe(new URL(close.url).host);
			return (
				await axios.put(
					`${close.url}${new URL(request.raw.url!, close.url).pathname}`,
					request.body,
					{ headers },
				)
			).data as unknown;
		});
		const address = await proxy.listen({ host: '127.0.0.1', port: 0 });
		const items = sms.drafts(2);
		const { error } = await sendAll(items, { requestOptions: { proxy: address } });
		await proxy.close();

		expect(error).toBeUndefined();
		expect(seen.map((url) => url.replace(close.baseUrl, '')).sort()).toEqual(
			items.map(({ id }) => `/activity/sms/${id}/`).sort(),
		);
	});
});
