import { wait } from '../../dev/platform';
import { toLatency } from '../../dev/simulator/faults/latency';
import { api, close } from './fixture';

/** How long some requests take, one after the other, in milliseconds. */
async function times(count: number): Promise<number[]> {
	const all: number[] = [];
	for (let n = 0; n < count; n++) {
		const begin = performance.now();
		await api.get('/me/');
		all.push(performance.now() - begin);
	}
	return all;
}

test('each request can have a latency of its own, and answers overtake each other', async () => {
	close.latency(({ body }) => ((body as { text: string }).text === 'slow' ? 150 : 0));
	const order: string[] = [];
	await Promise.all(
		['slow', 'quick'].map(async (text) => {
			await api.post('/activity/sms/', { status: 'draft', text });
			order.push(text);
		}),
	);
	expect(order).toEqual(['quick', 'slow']);
	// Both were carried out as they arrived.
	expect(
		close
			.allSms()
			.slice(0, 2)
			.map(({ text }) => text),
	).toContain('slow');
});

test('a latency by chance is the same for the same seed', async () => {
	await api.get('/me/');
	const ofSeed = (seed: number) => {
		const next = toLatency({ seed, from: 20, to: 60 });
		return Array.from({ length: 20 }, () => next(close.requests[0]));
	};
	expect(ofSeed(1)).toEqual(ofSeed(1));
	expect(ofSeed(2)).not.toEqual(ofSeed(1));
	expect(Math.min(...ofSeed(1))).toBeGreaterThanOrEqual(20);
	expect(Math.max(...ofSeed(1))).toBeLessThan(60);

	close.latency({ seed: 1, from: 20, to: 60 });
	const waited = await times(4);
	// A timer may be early by less than a millisecond.
	ofSeed(1)
		.slice(0, 4)
		.forEach((ms, n) => expect(waited[n]).toBeGreaterThan(ms - 1));
});

test('a request can be long on its way to Close: it is carried out when it arrives', async () => {
	close.latency(0, { there: ({ method }) => (method === 'PUT' ? 100 : 0) });
	const { id } = close.account.texts.draft;
	const late = api.put(`/activity/sms/${id}/`, { text: 'late' });
	const { data } = await api.get(`/activity/sms/${id}/`);
	expect(data.text).toBe(close.account.texts.draft.text);
	expect((await late).data.text).toBe('late');
	expect(close.requests.map(({ method }) => method)).toEqual(['GET', 'PUT']);
});

test('a request that arrives after a reset is cut off: it changes nothing in the fresh account', async () => {
	close.latency(0, { there: 50 });
	const { id } = close.account.texts.draft;
	const late = api.put(`/activity/sms/${id}/`, { text: 'late' });
	await wait(20);
	close.reset();
	await expect(late).rejects.toMatchObject({ code: 'ECONNRESET' });
	expect([close.requests, close.sms(id)?.text]).toEqual([[], close.account.texts.draft.text]);
});
