import type { FastifyInstance } from 'fastify';

import type { CarrierError } from '../sms/carrier';
import type { Doubts } from '../faults/doubts';
import type { Fault, RandomFaults } from '../faults/faults';
import type { Moment } from '../faults/interruptions';
import type { ChosenLatency } from '../faults/latency';
import type { Simulator } from '../simulator';
import { dashboard, tables } from './dashboard';
import type { RateLimitSetting } from '../limits/rateLimit';
import type { SmsInput } from '../sms/smsRules';
import type { SmsActivity } from '../types';

type Body<T> = { Body: T };

interface Settings {
	carrierDelay?: number;
	latency?: ChosenLatency;
	/** the way to Close */
	latencyThere?: ChosenLatency;
	maxSkip?: number;
}

interface WebhookSettings {
	duplicate?: { share: number; seed?: number };
	shuffle?: { seed: number };
	hold?: boolean;
	speed?: number;
	consolidation?: number;
	retrySignature?: 'fresh' | 'first';
}

interface OAuthSettings {
	denied?: boolean;
	tokenLife?: number;
	expireTokens?: boolean;
}

/** What somebody does now, or as a request arrives or was carried out. */
interface SomebodyElse {
	before?: Moment;
	after?: Moment;
	edits?: { id: string; change: SmsInput };
	/** ids */
	sends?: string;
	deletes?: string;
	/** numbers */
	blocks?: string;
	unblocks?: string;
}

const DONE = { done: true };

function letSomebody(
	{ before, after, edits, sends, deletes, blocks, unblocks }: SomebodyElse,
	close: Simulator,
): void {
	const act = () => {
		if (edits) close.somebody.edits(edits.id, edits.change);
		if (sends) close.somebody.sends(sends);
		if (deletes) close.somebody.deletes(deletes);
		if (blocks) close.somebody.blocks(blocks);
		if (unblocks) close.somebody.unblocks(unblocks);
	};
	if (before) close.before(before, act);
	else if (after) close.after(after, act);
	else act();
}

function watching(app: FastifyInstance, close: Simulator): void {
	app.get('/', (_, reply) => reply.type('text/html').send(dashboard(close)));
	app.get('/simulator/tables', (_, reply) => reply.type('text/html').send(tables(close)));
	app.get('/simulator', () => ({
		url: close.url,
		baseUrl: close.baseUrl,
		account: close.account,
		now: close.clock.now(),
		doubts: close.doubts,
		rateLimit: { refused: close.rateLimit.refused },
	}));
	app.get('/simulator/requests', () => close.requests);
	app.get('/simulator/sms', () => close.allSms());
	app.get<{ Params: { id: string } }>(
		'/simulator/sms/:id',
		({ params }) => close.sms(params.id) ?? null,
	);
	app.get<{ Querystring: { remotePhone?: string } }>(
		'/simulator/texted',
		({ query: { remotePhone } }) =>
			close.texted.filter((one) => remotePhone === undefined || one.remotePhone === remotePhone),
	);
}

function acting(app: FastifyInstance, close: Simulator): void {
	app.post<Body<Partial<SmsActivity>>>('/simulator/sms', ({ body }) => close.addSms(body));
	app.post<Body<{ from: string; text: string; to?: string }>>('/simulator/receive', ({ body }) =>
		close.receive(body),
	);
	app.post<Body<{ ms: number }>>('/simulator/clock/advance', ({ body }) => {
		close.clock.advance(body.ms);
		return { now: close.clock.now() };
	});
	app.post<Body<Settings>>('/simulator/settings', ({ body }) => {
		if (body.carrierDelay !== undefined) close.carrierDelay(body.carrierDelay);
		if (body.latency !== undefined || body.latencyThere !== undefined)
			close.latency(body.latency ?? 0, { there: body.latencyThere });
		if (body.maxSkip !== undefined) close.maxSkip(body.maxSkip);
		return DONE;
	});
	app.post<Body<Partial<Doubts>>>('/simulator/doubts', ({ body }) => {
		close.setDoubts(body);
		return close.doubts;
	});
	app.post<Body<{ remotePhone: string; code: CarrierError; after?: number }>>(
		'/simulator/carrier',
		({ body: { remotePhone, code, after } }) => {
			close.carrier.fails(remotePhone, code, { after });
			return DONE;
		},
	);
	app.post('/simulator/reset', () => {
		close.reset();
		return DONE;
	});
}

function trouble(app: FastifyInstance, close: Simulator): void {
	app.put<Body<RateLimitSetting>>('/simulator/rateLimit', ({ body }) => {
		close.rateLimit.set(body);
		return DONE;
	});
	app.delete('/simulator/rateLimit', () => {
		close.rateLimit.set(undefined);
		return DONE;
	});
	app.post<Body<Fault>>('/simulator/faults', ({ body }) => {
		close.faults.order(body);
		return DONE;
	});
	app.post<Body<RandomFaults>>('/simulator/faults/random', ({ body }) => {
		close.faults.random(body);
		return DONE;
	});
	app.post<Body<SomebodyElse>>('/simulator/somebody', ({ body }) => {
		letSomebody(body, close);
		return DONE;
	});
	app.delete('/simulator/faults', () => {
		close.faults.clear();
		return DONE;
	});
}

function webhooks(app: FastifyInstance, close: Simulator): void {
	app.get('/simulator/webhooks', () => ({
		subscriptions: close.webhooks.list(),
		deliveries: close.webhooks.deliveries,
	}));
	app.post('/simulator/webhooks/deliver', async () => {
		await close.webhooks.deliverAll();
		return DONE;
	});
	app.post<Body<WebhookSettings>>('/simulator/webhooks', ({ body }) => {
		if (body.duplicate) close.webhooks.duplicate(body.duplicate.share, body.duplicate.seed);
		if (body.shuffle) close.webhooks.shuffle(body.shuffle.seed);
		if (body.hold) close.webhooks.hold();
		if (body.speed !== undefined) close.webhooks.speed(body.speed);
		if (body.consolidation !== undefined) close.webhooks.consolidation(body.consolidation);
		if (body.retrySignature) close.webhooks.retrySignature(body.retrySignature);
		return DONE;
	});
}

function oauth(app: FastifyInstance, close: Simulator): void {
	app.post<Body<OAuthSettings>>('/simulator/oauth', ({ body }) => {
		if (body.denied !== undefined) close.oauth.deny(body.denied);
		if (body.tokenLife !== undefined) close.oauth.tokenLife(body.tokenLife);
		if (body.expireTokens) close.oauth.expireTokens();
		return { refreshes: close.oauth.refreshes };
	});
}

/** The simulator's abilities over HTTP, for when it runs in another process; and a page to watch. */
export function controlRoutes(app: FastifyInstance, close: Simulator): void {
	// A body is JSON whatever the client calls it, and may be missing.
	app.removeAllContentTypeParsers();
	app.addContentTypeParser<string>('*', { parseAs: 'string' }, (_, raw, done) => {
		try {
			done(null, JSON.parse(raw || '{}'));
		} catch (error) {
			done(error, undefined);
		}
	});
	for (const part of [watching, acting, trouble, webhooks, oauth]) part(app, close);
}
