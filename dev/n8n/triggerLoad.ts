import axios from 'axios';
import type { N8n } from './n8n';
import { performance, wait } from '../platform';
import { signature, type Subscription } from '../simulator';
import { seededRandom } from '../simulator/random';

export interface Load {
	/** texts that arrive at Close */
	texts: number;
	/** how many of them are delivered a second time */
	repeated: number;
	/** deliveries at the same time */
	atOnce: number;
	/** n8n is killed when so many deliveries were answered, and started again */
	killAfter: number;
}

export interface LoadResult {
	seconds: number;
	/** attempts that were not answered with 2xx, and made again, as Close does for three days */
	failedAttempts: number;
	/** the longest time that n8n took for an answer, in milliseconds */
	slowestMs: number;
}

/** Close's own time-out for a delivery is not documented; ours ends an attempt well before any that is usual. */
const TIMEOUT_MS = 30_000;
const RETRY_MS = 500;

const eventBody = (number: number, subscription: string) =>
	JSON.stringify({
		event: {
			id: `ev_${number}`,
			action: 'created',
			object_type: 'activity.sms',
			date_updated: new Date().toISOString().replace('Z', '000'),
			changed_fields: [],
			previous_data: {},
			data: { text: String(number), direction: 'inbound' },
		},
		subscription_id: subscription,
	});

function signed(body: string, key: string) {
	const timestamp = String(Math.floor(Date.now() / 1000));
	return {
		'content-type': 'application/json',
		'close-sig-timestamp': timestamp,
		'close-sig-hash': signature(key, timestamp, body),
	};
}

/**
 * Delivers texts to a trigger as Close does: several at once, some twice, each again until it was answered with 2xx. In
 * the middle n8n is killed and started again.
 */
export async function deliverOverCrash(
	n8n: N8n,
	{ id, url, signature_key: key }: Subscription,
	{ texts, repeated, atOnce, killAfter }: Load,
): Promise<LoadResult> {
	const random = seededRandom(7);
	const numbers = Array.from({ length: texts }, (_, number) => number);
	const again = Array.from({ length: repeated }, () => Math.floor(random() * texts));
	const queue = [...numbers, ...again]
		.map((number) => ({ body: eventBody(number, id), place: random() }))
		.sort((a, b) => a.place - b.place);
	const result: LoadResult = { seconds: 0, failedAttempts: 0, slowestMs: 0 };
	let answered = 0;
	let restarted: Promise<void> | undefined;
	const deliver = async (body: string) => {
		for (;;) {
			const start = performance.now();
			const isTaken = await axios
				.post(url, body, { headers: signed(body, key), timeout: TIMEOUT_MS, proxy: false })
				.then(() => true)
				.catch(() => false);
			if (isTaken) {
				result.slowestMs = Math.max(result.slowestMs, performance.now() - start);
				return;
			}
			result.failedAttempts++;
			await wait(RETRY_MS);
		}
	};
	const caller = async () => {
		for (let next = queue.pop(); next; next = queue.pop()) {
			await deliver(next.body);
			// While the others have deliveries under way.
			if (++answered === killAfter) restarted = n8n.restart('kill');
		}
	};
	const start = performance.now();
	await Promise.all(Array.from({ length: atOnce }, caller));
	await restarted;
	result.seconds = (performance.now() - start) / 1000;
	return result;
}
