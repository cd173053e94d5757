import axios from 'axios';

import { createHmac } from '../../platform';
import { seededRandom } from '../faults/random';
import type { Clock } from '../clock';
import type { Subscription } from './subscription';
import type { WebhookEvent } from './webhookEvents';

/** One attempt, for a test to look at. */
export interface Delivery {
	subscriptionId: string;
	event: WebhookEvent;
	/** 1 for the first */
	attempt: number;
	/** the receiver's answer, or the error's code when there was none */
	result: number | string;
}

/** The subscriptions as a delivery needs them. */
interface Subscriptions {
	/** as it is now */
	current(id: string): Subscription | undefined;
	/** Notes how a delivery went. */
	note(id: string, error: string | undefined): void;
}

interface Job {
	subscription: Subscription;
	event: WebhookEvent;
	attempt: number;
	/** simulated milliseconds of the first attempt */
	firstAt: number | undefined;
}

const MINUTE = 60_000;
/** Close's retries: up to one every 20 minutes, for up to 72 hours. */
const FIRST_WAIT = 10_000;
const LONGEST_WAIT = 20 * MINUTE;
const GIVE_UP = 72 * 60 * MINUTE;
/** A receiver has this long, in real milliseconds; Close gives no number. */
const TIMEOUT = 10_000;
const PARALLEL = 10;
const LOOPBACK = /^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/;

/**
 * Close's signature: HMAC-SHA256 in hex, keyed with the hex-decoded key, over timestamp and raw body.
 *
 * @param timestamp Unix seconds, as the header says it
 */
export const signature = (signatureKey: string, timestamp: string, body: string): string =>
	createHmac('sha256', Buffer.from(signatureKey, 'hex'))
		.update(timestamp + body)
		.digest('hex');

/** Brings events to their receivers: in parallel, again after failures, and as a test orders it. */
export class WebhookDelivery {
	readonly log: Delivery[] = [];
	/** retries come so many times faster */
	speed = 1;
	/** whether a retry is signed anew or carries the first timestamp; Close does not say */
	retrySignature: 'fresh' | 'first' = 'fresh';
	private held = false;
	private shuffled: (() => number) | undefined;
	private doubled: (() => boolean) | undefined;
	private queue: Job[] = [];
	private readonly underWay = new Set<Promise<void>>();
	private aborter = new AbortController();

	constructor(
		private readonly clock: Clock,
		private readonly subscriptions: Subscriptions,
	) {}

	/** Drops everything; attempts under way are cut. */
	reset(): void {
		this.aborter.abort();
		this.aborter = new AbortController();
		this.log.length = 0;
		this.queue = [];
		this.speed = 1;
		this.retrySignature = 'fresh';
		this.held = false;
		this.shuffled = undefined;
		this.doubled = undefined;
	}

	/** Keeps deliveries back until `deliverAll`. */
	hold(): void {
		this.held = true;
	}

	/** Keeps deliveries back; `deliverAll` brings them in the order of this seed, one after the other. */
	shuffle(seed: number): void {
		this.hold();
		this.shuffled = seededRandom(seed);
	}

	/** Brings a share (0 to 1) of all events twice. */
	duplicate(share: number, seed = 1): void {
		const next = seededRandom(seed);
		this.doubled = () => next() < share;
	}

	add(subscription: Subscription, event: WebhookEvent): void {
		const job: Job = { subscription, event, attempt: 1, firstAt: undefined };
		this.queue.push(job);
		if (this.doubled?.()) this.queue.push({ ...job });
		if (!this.held) this.pump();
	}

	/** Brings all that waits; resolves when every receiver has answered (retries come later, by the clock). */
	async deliverAll(): Promise<void> {
		const { shuffled } = this;
		if (shuffled) {
			const order = new Map(this.queue.map((job) => [job, shuffled()]));
			this.queue.sort((a, b) => (order.get(a) as number) - (order.get(b) as number));
			for (const job of this.queue.splice(0)) await this.attempt(job);
		}
		this.pump();
		while (this.underWay.size > 0) await Promise.all(this.underWay);
	}

	/** Forgets what waits for this subscription. */
	drop(subscription: Subscription): void {
		this.queue = this.queue.filter((job) => job.subscription.id !== subscription.id);
	}

	private pump(): void {
		while (this.underWay.size < PARALLEL) {
			const job = this.queue.shift();
			if (!job) return;
			const run: Promise<void> = this.attempt(job).finally(() => {
				this.underWay.delete(run);
				if (!this.held || this.underWay.size > 0) this.pump();
			});
			this.underWay.add(run);
		}
	}

	private async attempt(job: Job): Promise<void> {
		const subscription = this.subscriptions.current(job.subscription.id);
		if (subscription?.status !== 'active') return;
		const now = this.clock.ms();
		job.firstAt ??= now;
		const { signal } = this.aborter;
		const result = await this.post(
			subscription,
			job,
			this.retrySignature === 'first' ? job.firstAt : now,
		);
		if (signal.aborted) return;
		this.log.push({
			subscriptionId: subscription.id,
			event: job.event,
			attempt: job.attempt,
			result,
		});
		const delivered = typeof result === 'number' && result >= 200 && result < 300;
		this.subscriptions.note(subscription.id, delivered ? undefined : String(result));
		if (!delivered) this.later(job);
	}

	private async post(
		{ id, url, signature_key }: Subscription,
		{ event }: Job,
		at: number,
	): Promise<number | string> {
		if (!LOOPBACK.test(new URL(url).hostname)) return 'NOT_LOOPBACK';
		const body = JSON.stringify({ event, subscription_id: id });
		const timestamp = String(Math.floor(at / 1000));
		const headers = {
			'content-type': 'application/json',
			'close-sig-hash': signature(signature_key, timestamp, body),
			'close-sig-timestamp': timestamp,
		};
		const { signal } = this.aborter;
		const options = {
			headers,
			signal,
			timeout: TIMEOUT,
			proxy: false,
			maxRedirects: 0,
			validateStatus: () => true,
		} as const;
		return await axios.post(url, body, options).then(
			({ status }) => status,
			(error: { code?: string }) => error.code ?? 'FAILED',
		);
	}

	/** Tries again after a wait that doubles, until 72 hours are over. */
	private later(job: Job): void {
		const { clock } = this;
		const wait = Math.min(FIRST_WAIT * 2 ** (job.attempt - 1), LONGEST_WAIT) / this.speed;
		const due = clock.ms() + wait;
		if (due > (job.firstAt as number) + GIVE_UP / this.speed) return;
		clock.at(due, () => {
			this.queue.push({ ...job, attempt: job.attempt + 1 });
			if (!this.held) this.pump();
		});
	}
}
