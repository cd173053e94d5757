import { api, close } from './fixture';
import { CLOSE_RATE_LIMIT, type Fault } from '../../dev/simulator';
import { clientOf } from '../../dev/simulator/client';

const draftUrl = () => `/activity/sms/${close.account.texts.draft.id}/`;
const status = () => close.sms(close.account.texts.draft.id)?.status;

describe('rate limit', () => {
	const get = async (apiKey?: string) => await clientOf(close, apiKey).get('/me/');

	test('counts by key and endpoint, tells what is left, and refuses with the time to wait', async () => {
		close.rateLimit.set({ limit: 2, windowSeconds: 60 });
		expect((await get()).headers.ratelimit).toMatch(/^limit=2, remaining=1, reset=\d+\.\d{3}$/);
		await get();
		const refused = await get();
		expect(refused).toMatchObject({ status: 429, data: { error: expect.any(String) } });
		expect(refused.headers.ratelimit).toMatch(/^limit=2, remaining=0, reset=\d+\.\d{3}$/);
		const [, reset] = /reset=([\d.]+)/.exec(String(refused.headers.ratelimit)) ?? [];
		expect(refused.headers['retry-after']).toBe(String(Math.ceil(Number(reset))));
		expect((await get(close.account.secondApiKey)).status).toBe(200);
		expect((await api.get('/user/')).status).toBe(200);
		expect(close.rateLimit.refused).toBe(1);
		close.clock.advance(60_000);
		expect((await get()).status).toBe(200);
	});

	test('an update counts by address, not by id', async () => {
		close.rateLimit.set({ perSecond: 1, windowSeconds: 60 });
		const statuses = [
			await api.put('/activity/sms/acti_x/', {}),
			await api.put(draftUrl(), {}),
		].map((one) => one.status);
		expect(statuses).toEqual([404, 429]);
	});

	test('the organization has three times as much', async () => {
		close.rateLimit.set({ limit: 2, windowSeconds: 60 });
		const keys = [close.account.apiKey, close.account.secondApiKey, close.account.limitedApiKey];
		for (const key of keys) await Promise.all([get(key), get(key)]);
		const last = await get(close.account.forbiddenApiKey);
		expect([last.status, last.headers.ratelimit]).toEqual([
			429,
			expect.stringMatching(/^limit=6, remaining=0/),
		]);
	});

	test.each([
		['old', 'none', { error: { rate_reset: expect.any(Number) } }, undefined],
		['new', 'resetOnly', { error: expect.any(String) }, expect.stringMatching(/^reset=\d+\.\d+$/)],
	] as const)(
		'can answer with the %s body and header %s',
		async (body, header, data, ratelimit) => {
			close.rateLimit.set({ limit: 0, body, header });
			const refused = await get();
			expect(refused.data).toMatchObject(data);
			expect(refused.headers.ratelimit).toEqual(ratelimit);
			expect(refused.headers['retry-after']).toBe('1');
		},
	);
});

describe("a token bucket, as Close's own throttle", () => {
	const window = 8;
	/** On a whole second, so that no window ends where it should not. */
	const nextSecond = () => close.clock.advance(1000 - (close.clock.now().getTime() % 1000));

	test('is told in the header; a 429 waits for the end of the window', async () => {
		close.rateLimit.set({ throttle: { rps: 0.25, burst: 1.5, window } });
		nextSecond();
		const first = await api.get('/me/');
		expect(first.headers.ratelimit).toMatch(/^limit=2, remaining=2, reset=\d\.\d{3}$/);
		await api.get('/me/');
		await api.get('/me/');
		const { status, headers } = await api.get('/me/');
		expect([status, headers.ratelimit, headers['retry-after']]).toEqual([
			429,
			expect.stringMatching(/^limit=2, remaining=0, reset=\d\.\d{3}$/),
			expect.stringMatching(/^\d$/),
		]);
		close.clock.advance(window * 1000);
		expect((await api.get('/me/')).headers.ratelimit).toMatch(/^limit=2, remaining=1, /);
	});

	test('is tighter for search', async () => {
		close.rateLimit.set(CLOSE_RATE_LIMIT);
		const query = { type: 'object_type', object_type: 'lead' };
		const search = await api.post('/data/search/', { query });
		expect(search.headers.ratelimit).toMatch(/^limit=16, remaining=15, /);
		expect((await api.get('/me/')).headers.ratelimit).toMatch(/^limit=160, remaining=159, /);
	});

	test('may count POST and PUT of a resource together', async () => {
		close.rateLimit.set({ throttle: { rps: 1, window: 60 }, groups: 'writesTogether' });
		await api.post('/activity/sms/', { status: 'draft' });
		expect((await api.put(draftUrl(), { text: 'x' })).headers.ratelimit).toMatch(/remaining=58,/);
		expect((await api.get(draftUrl())).headers.ratelimit).toMatch(/remaining=59,/);
	});

	test('may be told with semicolons and in whole seconds', async () => {
		close.rateLimit.set({
			throttle: { rps: 20, window },
			separator: '; ',
			reset: 'roundedUp',
		});
		nextSecond();
		expect((await api.get('/me/')).headers.ratelimit).toBe('limit=160; remaining=159; reset=8');
	});

	test("three keys' worth is the organization's", async () => {
		close.rateLimit.set({ throttle: { rps: 1 / 64, window: 64 } });
		const others = [close.account.secondApiKey, close.account.limitedApiKey];
		const all = [api, ...others.map((key) => clientOf(close, key))];
		const answers = [];
		for (const client of all) answers.push((await client.get('/me/')).status);
		expect(answers).toEqual([200, 200, 200]);
		expect((await clientOf(close, close.account.forbiddenApiKey).get('/me/')).status).toBe(429);
	});
});

describe('a fault', () => {
	const send = async () =>
		await api.put(draftUrl(), { status: 'outbox' }).then(
			(answer) => answer,
			(error: { code?: string }) => ({ status: error.code, data: undefined }),
		);
	beforeEach(() => close.carrierDelay(3_600_000));

	test.each<[Fault, unknown, string | undefined]>([
		[{ kind: 'status' }, 503, 'draft'],
		[{ kind: 'status', status: 500, applied: true }, 500, 'outbox'],
		[{ kind: 'html' }, 502, 'draft'],
		[{ kind: 'html', status: 504, applied: true }, 504, 'outbox'],
		[{ kind: 'resetBefore' }, 'ECONNRESET', 'draft'],
		[{ kind: 'resetAfter' }, 'ECONNRESET', 'outbox'],
		[{ kind: 'emptyBody' }, 200, 'outbox'],
		[{ kind: 'emptyBody', applied: false }, 503, 'draft'],
		[{ kind: 'cutJson' }, 'ERR_BAD_RESPONSE', 'outbox'],
		[{ kind: 'cutJson', framing: 'whole' }, 200, 'outbox'],
		[{ kind: 'slow', delayMs: 5 }, 200, 'outbox'],
		[{ kind: 'drip', delayMs: 0 }, 200, 'outbox'],
		[{ kind: 'drip', delayMs: 0, applied: false }, 503, 'draft'],
		[{ kind: 'slow', delayMs: 5, applied: false }, 200, 'outbox'],
	])('%j is seen as %s and leaves the text %s', async (fault, seen, expected) => {
		close.faults.order(fault);
		expect((await send()).status).toBe(seen);
		expect(status()).toBe(expected);
		expect(close.requests.at(-1)?.fault).toBe(fault.kind);
		expect((await api.get(draftUrl())).status).toBe(200);
	});

	test('slow answers after the request was carried out', async () => {
		close.faults.order({ kind: 'slow', delayMs: 60_000 });
		const gaveUp = new AbortController();
		const sent = api.put(draftUrl(), { status: 'outbox' }, { signal: gaveUp.signal });
		while (status() !== 'outbox') await api.get('/me/');
		gaveUp.abort();
		await expect(sent).rejects.toMatchObject({ code: 'ERR_CANCELED' });
	});

	test('drip answers byte by byte, the altered body too', async () => {
		close.faults.order({ kind: 'drip', delayMs: 1, answerWith: { text: 'other' } });
		const chunks: number[] = [];
		const onDownloadProgress = ({ loaded }: { loaded: number }) => void chunks.push(loaded);
		const { data } = await api.get(draftUrl(), { onDownloadProgress });
		expect(data).toMatchObject({ text: 'other' });
		expect(chunks.length).toBeGreaterThan(1);
	});

	test.each<Fault>([
		{ kind: 'status', status: 504, carriedOutAfter: 1000 },
		{ kind: 'slow', delayMs: 5, carriedOutAfter: 1000 },
		{ kind: 'resetBefore', carriedOutAfter: 1000 },
	])('%j: carried out late, whatever has come in between', async (fault) => {
		close.carrierDelay(20);
		close.faults.order(fault);
		await send();
		expect(status()).toBe('draft');
		expect((await send()).status).toBe(200);
		close.clock.advance(2000);
		expect(close.texted).toHaveLength(2);
	});

	test('alters what Close makes of a request', async () => {
		close.faults.order({ kind: 'altered', bodyWith: { text: 'other', status: undefined } });
		const { data } = await api.put(draftUrl(), { text: 'x', status: 'outbox' });
		expect(data).toMatchObject({ text: 'other', status: 'draft' });
		expect(close.requests[0].body).toEqual({ text: 'x', status: 'outbox' });
	});

	test('alters what the answer shows, but no refusal', async () => {
		close.faults.order({ kind: 'altered', answerWith: { text: 'other' }, times: 2 });
		expect((await api.put(draftUrl(), { text: 'x' })).data).toMatchObject({ text: 'other' });
		expect(close.sms(close.account.texts.draft.id)?.text).toBe('x');
		expect((await api.put(draftUrl(), { no: 'x' })).data).not.toHaveProperty('text');
	});

	test('has a body and headers of its own', async () => {
		close.faults.order({
			kind: 'status',
			status: 429,
			headers: { 'retry-after': '7' },
			body: { error: { rate_reset: 7 } },
		});
		expect(await send()).toMatchObject({
			status: 429,
			headers: { 'retry-after': '7' },
			data: { error: { rate_reset: 7 } },
		});
	});

	test('strikes only what it is meant for, as often as ordered', async () => {
		close.faults.order({
			kind: 'status',
			match: { method: 'GET', path: '/sms/acti_' },
			after: 1,
			times: 2,
		});
		close.faults.order({ kind: 'status', status: 500, match: { bodyHas: { status: 'outbox' } } });
		const gets = [];
		for (let count = 0; count < 4; count++) gets.push((await api.get(draftUrl())).status);
		expect(gets).toEqual([200, 503, 503, 200]);
		expect((await api.get('/activity/sms/')).status).toBe(200);
		expect((await api.put(draftUrl(), { text: 'x' })).status).toBe(200);
		expect((await send()).status).toBe(500);
		expect((await send()).status).toBe(200);
	});

	test('by chance is the same for the same seed', async () => {
		const run = async (seed: number) => {
			close.faults.random({ seed, share: 0.5, kinds: ['status', { kind: 'html', status: 504 }] });
			const seen = [];
			for (let count = 0; count < 20; count++) seen.push((await api.get('/me/')).status);
			return seen;
		};
		const first = await run(1);
		expect(await run(1)).toEqual(first);
		expect(await run(2)).not.toEqual(first);
		expect(new Set(first)).toEqual(new Set([200, 503, 504]));
	});
});
