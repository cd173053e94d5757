import type { FastifyInstance } from 'fastify';

import type { Account } from './account/account';
import type { Carrier } from './sms/carrier';
import type { Clock } from './clock';
import { withDefaults, type Doubts } from './faults/doubts';
import type { Faults } from './faults/faults';
import type { Moment } from './faults/interruptions';
import { toLatency, type Latency } from './faults/latency';
import type { Somebody } from './faults/somebody';
import type { Upload } from './sms/files';
import type { OAuth } from './http/oauth';
import type { RateLimit } from './limits/rateLimit';
import type { Exchange, ReceivedRequest, SmsActivity, Texted } from './types';
import type { Webhooks } from './webhooks/webhooks';
import type { State } from './state';

/** A Close of our own on loopback, as strict as Close could be; it counts how often each person was really texted. */
export class Simulator {
	private addresses = 0;

	constructor(
		private readonly state: State,
		private readonly app: FastifyInstance,
	) {}

	/** `http://127.0.0.1:PORT` */
	get url(): string {
		return this.state.url;
	}

	/** What goes into the credential's hidden `baseUrl`. */
	get baseUrl(): string {
		const { addresses } = this;
		return `${this.url}${addresses === 0 ? '' : `/address-${addresses}`}/api/v1`;
	}

	/** Has another base URL from now on; those before stay valid. Nobody remembers anything about what is there. */
	addAddress(): void {
		this.addresses++;
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
	get clock(): Pick<Clock, 'now' | 'advance' | 'differ'> {
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

	/**
	 * How long each answer is on its way back, after the request was carried out; default 0.
	 *
	 * @param there how long each request is on its way to Close; its body is not known yet
	 */
	latency(back: Latency, { there = 0 }: { there?: Latency } = {}): void {
		this.state.wayBack = toLatency(back);
		this.state.wayThere = toLatency(there);
	}

	/** The largest `_skip` Close takes. Default 250,000. */
	maxSkip(skip: number): void {
		this.state.settings.maxSkip = skip;
	}

	/** Calls `observer` with each request and its response, until the next reset. */
	observe(observer: (exchange: Exchange) => void): void {
		this.state.observer = observer;
	}

	/** What happens once, as this request arrives and before Close looks at it. */
	before(moment: Moment, act: (request: ReceivedRequest) => void): void {
		this.state.interruptions.add('before', moment, act);
	}

	/** What happens once, after this request was carried out and before its answer arrives. */
	after(moment: Moment, act: (request: ReceivedRequest) => void): void {
		this.state.interruptions.add('after', moment, act);
	}

	/** A second person at work in Close itself. */
	get somebody(): Somebody {
		return this.state.somebody;
	}

	/** What others do each time after a request was carried out and before its answer arrives. */
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
