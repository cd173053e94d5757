import { sleep } from 'n8n-workflow';

import { onVirtualTime } from './platform';
import { seededRandom } from './simulator/faults/random';
import { TokenBucket } from './simulator/limits/tokenBucket';
import { Deadline, RequestQueue } from '../nodes/CloseSms/transport/queue/requestQueue';
import { RequestScheduler } from '../nodes/CloseSms/transport/queue/requestScheduler';
import { newItemState } from '../nodes/CloseSms/transport/request/itemState';
import { backoffDelay, monotonicNow } from '../nodes/shared/delay';

/** What a worker sends: one execution of so many texts; or each an execution of its own, as webhooks make them. */
interface Worker {
	startsAtMs: number;
	texts: number;
	each?: { apartMs: number; atOnce: number };
}

/** Close's own throttle, and how it says when a window ends. */
export interface SharedLimit {
	perSecond: number;
	windowSeconds: number;
	reset?: 'decimal' | 'roundedUp';
}

interface SharedRun {
	/** Refused by Close, of all requests; 0 to 1. */
	refused: number;
	/** From the first request to the last, over the least that the limit allows. */
	overLeast: number;
	/** How often one and the same text was refused. */
	mostRefusals: number;
}

/** From sending to the response, in milliseconds. */
const LATENCY = [30, 150] as const;
const MAX_CONCURRENCY = 20;
/** n8n's: how many executions a worker runs at once, and all that are called for at once. */
const AT_ONCE = 25;

/** What the workers that share a key have to send, by what it is called; each takes half a window more than whole ones. */
export const SHAPES = {
	'one process, a batch': (texts) => [{ startsAtMs: 0, texts }],
	'two workers, a batch each': (texts, windowMs, random) => evenly(2, texts, random),
	'three workers, a batch each': (texts, windowMs, random) => evenly(3, texts, random),
	'two workers, executions of one SMS': (texts, windowMs, random) =>
		evenly(2, texts, random, windowMs),
	'three workers, executions of one SMS': (texts, windowMs, random) =>
		evenly(3, texts, random, windowMs),
	'a batch begins while another is sent': (texts, windowMs, random) => [
		{ startsAtMs: 0, texts: texts / 2 },
		{ startsAtMs: (1 + 2 * random()) * windowMs, texts: texts / 2 },
	],
	'a batch, and another a quarter of it': (texts, windowMs, random) => [
		{ startsAtMs: 0, texts: texts * 0.8 },
		{ startsAtMs: 1000 * random(), texts: texts * 0.2 },
	],
	'a batch, and an SMS now and then': (texts, windowMs, random) => [
		{ startsAtMs: 0, texts: texts - 5 },
		{ startsAtMs: 1000 * random(), texts: 5, each: { apartMs: windowMs * 0.9, atOnce: 1 } },
	],
} satisfies Record<string, (texts: number, windowMs: number, random: () => number) => Worker[]>;

/** So many workers with as many texts each, all of which the first windows would take if there were no limit. */
function evenly(count: number, texts: number, random: () => number, windowMs?: number): Worker[] {
	const each = windowMs && {
		apartMs: (windowMs * 6 * count) / texts,
		atOnce: Math.ceil((2 * AT_ONCE) / count),
	};
	return Array.from({ length: count }, (_, index) => ({
		startsAtMs: index === 0 ? 0 : 1000 * random(),
		texts: texts / count,
		...(each && { each }),
	}));
}

/**
 * Sends on a clock of its own, by the real rate limiter, from workers that share a key: what otherwise takes a real n8n
 * in queue mode and minutes, and is luck.
 *
 * @param shape one of `SHAPES`
 * @param seed decides when workers begin, how long responses take, and how long is waited after a refusal
 */
export async function simulateSharedKey(
	shape: keyof typeof SHAPES,
	{ perSecond, windowSeconds, reset = 'decimal' }: SharedLimit,
	seed: number,
): Promise<SharedRun> {
	const random = seededRandom(seed);
	const between = (from: number, to: number) => from + random() * (to - from);
	const limit = perSecond * windowSeconds;
	const windows = windowSeconds > 1 ? 7 : 20;
	const texts = Math.round(limit * (windows + 0.5));
	const workers = SHAPES[shape](texts, windowSeconds * 1000, random);
	const bucket = new TokenBucket({ rps: perSecond, window: windowSeconds });
	// Somewhere in a second.
	const began = 1_000_000 + random() * 1000;
	const sentAt: number[] = [];
	let refused = 0;
	let mostRefusals = 0;

	const answer = () => {
		const now = monotonicNow();
		sentAt.push(now);
		const { allowed, remaining, secondsLeft } = bucket.take(began + now);
		const left = reset === 'decimal' ? secondsLeft.toFixed(3) : Math.ceil(secondsLeft);
		const headers = { ratelimit: `limit=${limit}, remaining=${remaining}, reset=${left}` };
		return { allowed, headers };
	};

	const runWorker = async ({ startsAtMs, texts: count, each }: Worker) => {
		const scheduler = new RequestScheduler();
		const group = scheduler.limiter.group('PUT', '/activity/sms/acti_1/');
		const send = async (queue: RequestQueue, item: ReturnType<typeof newItemState>) => {
			for (let refusals = 0; ; refusals++) {
				mostRefusals = Math.max(mostRefusals, refusals);
				const deadline = new Deadline(Infinity);
				const admission = await queue.acquire({ item, group, deadline, sendsText: true });
				const oneWay = between(...LATENCY) / 2;
				await sleep(oneWay);
				const { allowed, headers } = answer();
				await sleep(oneWay);
				const failure = allowed ? undefined : { kind: 'rateLimited', body: undefined };
				admission.record({ headers, failure });
				admission.release();
				if (allowed) break;
				refused++;
				// As `requestWithRetry` does.
				await sleep(Math.max(group.pausedForMs, backoffDelay(refusals)));
			}
			queue.succeed(item);
			queue.finish(item);
		};
		const execute = async (size: number) => {
			const options = { maxConcurrency: MAX_CONCURRENCY, sendsFirstTextAlone: true };
			const queue = new RequestQueue(scheduler, options);
			const items = Array.from({ length: Math.round(size) }, (_, index) => newItemState(index));
			for (const item of items) queue.enter(item);
			await Promise.all(items.map(async (item) => await send(queue, item)));
		};
		await sleep(startsAtMs);
		if (!each) return await execute(count);
		let left = Math.round(count);
		let nextAt = monotonicNow();
		const callOneByOne = async () => {
			while (left-- > 0) {
				nextAt = Math.max(nextAt, monotonicNow()) + each.apartMs * between(0.7, 1.3);
				await sleep(nextAt - monotonicNow());
				await execute(1);
			}
		};
		await Promise.all(Array.from({ length: each.atOnce }, callOneByOne));
	};

	const realRandom = Math.random;
	Math.random = random;
	try {
		await onVirtualTime(async () => await Promise.all(workers.map(runWorker)));
	} finally {
		Math.random = realRandom;
	}
	return {
		refused: refused / sentAt.length,
		overLeast: (sentAt[sentAt.length - 1] - sentAt[0]) / (windows * windowSeconds * 1000),
		mostRefusals,
	};
}
