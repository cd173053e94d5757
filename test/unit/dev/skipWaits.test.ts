import http from 'axios';

import {
	clearTimeout,
	createServer,
	holdUp,
	performance as realClock,
	setImmediate,
	setTimeout,
	skipWaits,
	wait,
} from '../../../dev/platform';

let putBack: () => void;
beforeEach(() => {
	putBack = skipWaits();
});
afterEach(() => putBack());

const listen = async (server: ReturnType<typeof createServer>) => {
	await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
	return `http://127.0.0.1:${(server.address() as { port: number }).port}`;
};

/** Something happens for a while, without a timer. */
const work = async () => {
	const since = realClock.now();
	while (realClock.now() - since < 50) await new Promise((resolve) => setImmediate(resolve));
};

/** Seconds that an act takes, by the skipped clocks and by a real one. */
const timed = async (act: () => Promise<unknown>) => {
	const since = { date: Date.now(), monotonic: performance.now(), real: realClock.now() };
	await act();
	return {
		byDate: (Date.now() - since.date) / 1000,
		byClock: (performance.now() - since.monotonic) / 1000,
		real: (realClock.now() - since.real) / 1000,
	};
};

test('a minute of waits is over at once, and the clocks say that it has passed', async () => {
	const took = await timed(async () => {
		for (let n = 0; n < 60; n++) await wait(1000);
	});

	expect(took.byDate).toBeCloseTo(60, 1);
	expect(took.byClock).toBeCloseTo(60, 6);
	expect(took.real).toBeLessThan(30);
});

test('waits end in the order of their ends, each at its time', async () => {
	const since = performance.now();
	const ends: number[] = [];
	await Promise.all(
		[3000, 500, 1000, 500].map(async (ms) => {
			await wait(ms);
			ends.push(performance.now() - since);
		}),
	);

	expect(ends.map(Math.round)).toEqual([500, 500, 1000, 3000]);
});

test('work takes no time', async () => {
	const took = await timed(async () => {
		const since = realClock.now();
		while (realClock.now() - since < 30);
	});

	expect(took.byDate).toBe(0);
	expect(took.byClock).toBeCloseTo(0, 6);
	expect(took.real).toBeGreaterThanOrEqual(0.03);
});

test('a limit is not skipped: a timer that nobody waits for ends when others have got as far', async () => {
	const ended: string[] = [];
	void wait(1500, undefined, { ref: false }).then(() => ended.push('limit'));
	await wait(1000);
	expect(ended).toEqual([]);

	await wait(1000);
	expect(ended).toEqual(['limit']);
});

test('nor is a timer of more than six seconds', async () => {
	let ended = false;
	const timer = setTimeout(() => (ended = true), 7000);
	await wait(5000);
	expect(ended).toBe(false);
	clearTimeout(timer);
});

test('nothing is skipped while a request is under way', async () => {
	const server = createServer((_, response) => {
		const since = realClock.now();
		const answerLate = (): unknown =>
			realClock.now() - since > 50 ? response.end('late') : setImmediate(answerLate);
		answerLate();
	});
	const url = await listen(server);
	const order: string[] = [];
	await Promise.all([
		wait(3000).then(() => order.push('wait')),
		http.get(url).then(() => order.push('response')),
	]);
	server.close();

	expect(order).toEqual(['response', 'wait']);
});

/** A server that holds up its response. */
const startHolding = async (ms: number, onHeldUp = () => {}) => {
	const server = createServer((_, response) => {
		void holdUp(response, ms).then(() => response.end('late'));
		onHeldUp();
	});
	return { server, url: await listen(server) };
};

test('a response that is held up on purpose arrives at its time, and does not take that long', async () => {
	const { server, url } = await startHolding(600_000);
	const since = performance.now();
	const order: string[] = [];
	const took = await timed(async () => {
		await Promise.all([
			http.get(url).then(() => order.push(`response ${Math.round(performance.now() - since)}`)),
			wait(3000).then(() => order.push(`wait ${Math.round(performance.now() - since)}`)),
		]);
	});
	server.close();

	expect(order).toEqual(['wait 3000', 'response 600000']);
	expect(took.real).toBeLessThan(60);
});

test('what reacts to one timer comes before the next one', async () => {
	const { server, url } = await startHolding(600_000);
	const order: string[] = [];
	const limit = setTimeout(() => order.push('limit'), 20_000);
	await Promise.all([
		http.get(url).then(() => order.push('response')),
		wait(5000).then(() => clearTimeout(limit)),
	]);
	server.close();

	expect(order).toEqual(['response']);
});

test('a response that nobody waits for any more is not waited for', async () => {
	const caller = new AbortController();
	const { server, url } = await startHolding(600_000, () => caller.abort());
	const { byDate } = await timed(async () => {
		await expect(http.get(url, { signal: caller.signal })).rejects.toThrow();
		await work();
	});
	server.close();

	expect(byDate).toBe(0);
});

test('nor is one that is held up only once nobody waits for it', async () => {
	const caller = new AbortController();
	const server = createServer((_, response) => {
		response.once('close', () => void holdUp(response, 600_000));
		caller.abort();
	});
	const url = await listen(server);
	const { byDate } = await timed(async () => {
		await expect(http.get(url, { signal: caller.signal })).rejects.toThrow();
		await work();
	});
	server.close();

	expect(byDate).toBe(0);
});

test('a wait that is called off never ends, also after time was skipped', async () => {
	let ended = false;
	const timer = setTimeout(() => (ended = true), 5000);
	await wait(1000);
	clearTimeout(timer);
	await wait(5000);

	expect(ended).toBe(false);
});

test('put back, time is real again', async () => {
	await wait(3000);
	putBack();
	const took = await timed(async () => await wait(20));

	expect(took.byDate).toBeLessThan(1);
	expect(took.real).toBeGreaterThanOrEqual(0.019);
});
