import type { FastifyInstance } from 'fastify';

import type { Account } from './account/account';
import { process } from '../platform';
import type { Carrier } from './sms/carrier';
import type { Clock } from './clock';
import { controlRoutes } from './control/control';
import { parseDoubts, withDefaults, type Doubts } from './faults/doubts';
import type { Faults } from './faults/faults';
import type { Upload } from './sms/files';
import type { OAuth } from './http/oauth';
import type { RateLimit, RateLimitSetting } from './limits/rateLimit';
import { createServer } from './server';
import type { Exchange, ReceivedRequest, SmsActivity, Texted } from './types';
import type { Webhooks } from './webhooks/webhooks';
import { State } from './state';

export type { Account } from './account/account';
export type { CarrierError } from './sms/carrier';
export type { Doubts } from './faults/doubts';
export type { Fault, FaultKind, FaultMatch, RandomFaults } from './faults/faults';
export { CLOSE_RATE_LIMIT, type RateLimitSetting } from './limits/rateLimit';
export type * from './types';
export { signature, type Delivery } from './webhooks/webhookDelivery';
export type { WebhookEvent } from './webhooks/webhookEvents';
export type { Subscription } from './webhooks/webhooks';

export interface StartOptions {
	port?: number;
	doubts?: Partial<Doubts>;
	rateLimit?: RateLimitSetting;
}

/** A Close of our own on loopback, as strict as Close could be; it counts how often each person was really texted. */
export class Simulator {
	private constructor(
		private readonly state: State,
		private readonly app: FastifyInstance,
	) {}

	/**
	 * Starts one on the given port of loopback, else on a free one.
	 *
	 * @param doubts how it behaves where nobody knows how Close does, else as the environment's CLOSE_DOUBTS says, else
	 * as strictly as Close could (see `DOUBTS`)
	 * @param rateLimit none unless given
	 *
	 * A reset comes back to both.
	 */
	static async start({ port = 0, doubts, rateLimit }: StartOptions = {}): Promise<Simulator> {
		const state = new State({
			doubts: doubts ?? parseDoubts(process.env.CLOSE_DOUBTS),
			rateLimit,
		});
		const app = createServer(state);
		const close = new Simulator(state, app);
		app.register(async (control) => await controlRoutes(control, close));
		state.url = await app.listen({ host: '127.0.0.1', port });
		return close;
	}

	/** `http://127.0.0.1:PORT` */
	get url(): string {
		return this.state.url;
	}

	/** What goes into the credential's hidden `baseUrl`. */
	get baseUrl(): string {
		return `${this.url}/api/v1`;
	}

	/** The seed: keys, people, numbers, templates and texts by telling names. */
	get account(): Account {
		return this.state.account;
	}

	/** Everything that arrived under /api/v1, in order. */
	get requests(): ReceivedRequest[] {
		return this.state.requests;
	}

	/** The activity as the API would show it now. */
	sms(id: string): SmsActivity | undefined {
		return this.state.smsStore.get(id);
	}

	/** Makes a further API key, which is `account.apiKey` from now on: nobody remembers anything about it. */
	addApiKey(): void {
		this.state.addApiKey();
	}

	/** Puts an activity straight into the account, unchecked; what is not given has defaults (a draft). */
	addSms(known: Partial<SmsActivity> = {}): SmsActivity {
		return this.state.smsStore.add(known);
	}

	/** All activities, newest first. */
	allSms(): SmsActivity[] {
		return this.state.smsStore.newestFirst();
	}

	/** A customer texts the account; the contact is found by number. `to` is the main number unless given. */
	receive({
		from,
		text,
		to = this.account.phoneNumbers.main.number,
	}: {
		from: string;
		text: string;
		to?: string;
	}): SmsActivity {
		return this.state.smsStore.receive(from, to, text);
	}

	/** What really went to a phone, in order. */
	get texted(): Texted[] {
		return this.state.smsStore.texted;
	}

	/** How many texts really reached this number. */
	timesTexted(remotePhone: string): number {
		return this.state.smsStore.timesTexted(remotePhone);
	}

	/** Ids of logged incoming texts that asked for a notification in Close's Inbox. */
	get notifications(): string[] {
		return this.state.notifications;
	}

	/** Simulated time. */
	get clock(): Pick<Clock, 'now' | 'advance'> {
		return this.state.clock;
	}

	/** Files that were announced, with what was uploaded. */
	get uploads(): Upload[] {
		return this.state.files.uploads;
	}

	/** Consent, tokens and their life. */
	get oauth(): Pick<OAuth, 'deny' | 'tokenLife' | 'expireTokens' | 'refreshes'> {
		return this.state.oauth;
	}

	/** Subscriptions, and how their events are delivered. */
	get webhooks(): Webhooks {
		return this.state.webhooks;
	}

	/** What goes wrong on order. */
	get faults(): Faults {
		return this.state.faults;
	}

	/** Off until set, or given at the start. */
	get rateLimit(): RateLimit {
		return this.state.rateLimit;
	}

	/** In which way Close behaves where nobody knows. */
	get doubts(): Readonly<Doubts> {
		return this.state.doubts;
	}

	/** Behaves in these ways until the next reset; doubts that are not named stay. @throws Error for what there is not */
	setDoubts(doubts: Partial<Doubts>): void {
		this.state.doubts = withDefaults({ ...this.state.doubts, ...doubts });
	}

	/** Which numbers the carriers do not deliver to, and with which error. */
	get carrier(): Pick<Carrier, 'fails' | 'delivers'> {
		return this.state.carrier;
	}

	/** How long a text stays in the outbox, in milliseconds of simulated time. Default 20. */
	carrierDelay(ms: number): void {
		this.state.settings.carrierDelay = ms;
	}

	/** Every answer waits this long, in real milliseconds. Default 0. */
	latency(ms: number): void {
		this.state.settings.latency = ms;
	}

	/** The largest `_skip` Close takes. Default 250,000. */
	maxSkip(skip: number): void {
		this.state.settings.maxSkip = skip;
	}

	/** Calls `observer` with each request and its response, until the next reset. */
	observe(observer: (exchange: Exchange) => void): void {
		this.state.observer = observer;
	}

	/** What others do after a request was carried out and before its answer arrives. */
	meanwhile(act: (request: ReceivedRequest) => void): void {
		this.state.meanwhile = act;
	}

	/** Back to the fresh account and what it was started with: no requests, no faults, real time. */
	reset(): void {
		this.state.reset();
	}

	/** Stops listening and cuts every connection. */
	async stop(): Promise<void> {
		this.state.clock.reset();
		this.state.webhooks.reset();
		await this.app.close();
	}
}

/** Starts a simulator; `stop()` it when done. */
export const startSimulator = Simulator.start;
