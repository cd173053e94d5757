import type { FastifyInstance } from 'fastify';

import type { Fault, RandomFaults } from './faults';
import type { Simulator } from './index';
import { page, tables } from './page';
import type { RateLimitSetting } from './rateLimit';
import type { SmsActivity } from './types';

type Body<T> = { Body: T };

/** The simulator's abilities over HTTP, for when it runs in another process; and a page to watch. */
export function controlRoutes(app: FastifyInstance, close: Simulator): void {
	const done = { done: true };
	app.get('/', (_, reply) => reply.type('text/html').send(page(close)));
	app.get('/simulator/tables', (_, reply) => reply.type('text/html').send(tables(close)));
	app.get('/simulator', () => ({
		url: close.url,
		baseUrl: close.baseUrl,
		account: close.account,
		now: close.clock.now(),
		rateLimit: { refused: close.rateLimit.refused },
	}));
	app.get('/simulator/requests', () => close.requests);
	app.get<{ Querystring: { remotePhone?: string } }>(
		'/simulator/texted',
		({ query: { remotePhone } }) =>
			close.texted.filter((one) => remotePhone === undefined || one.remotePhone === remotePhone),
	);
	app.get('/simulator/sms', () => close.allSms());
	app.get<{ Params: { id: string } }>(
		'/simulator/sms/:id',
		({ params }) => close.sms(params.id) ?? null,
	);
	app.post<Body<Partial<SmsActivity>>>('/simulator/sms', ({ body }) => close.addSms(body));
	app.post<Body<{ from: string; text: string }>>('/simulator/receive', ({ body }) =>
		close.receive(body),
	);
	app.post<Body<{ ms: number }>>('/simulator/clock/advance', ({ body }) => {
		close.clock.advance(body.ms);
		return { now: close.clock.now() };
	});
	app.post<Body<{ carrierDelay?: number; latency?: number; maxSkip?: number }>>(
		'/simulator/settings',
		({ body }) => {
			if (body.carrierDelay !== undefined) close.carrierDelay(body.carrierDelay);
			if (body.latency !== undefined) close.latency(body.latency);
			if (body.maxSkip !== undefined) close.maxSkip(body.maxSkip);
			return done;
		},
	);
	app.put<Body<RateLimitSetting>>('/simulator/rateLimit', ({ body }) => {
		close.rateLimit.set(body);
		return done;
	});
	app.delete('/simulator/rateLimit', () => {
		close.rateLimit.set(undefined);
		return done;
	});
	app.post<Body<Fault>>('/simulator/faults', ({ body }) => {
		close.faults.order(body);
		return done;
	});
	app.post<Body<RandomFaults>>('/simulator/faults/random', ({ body }) => {
		close.faults.random(body);
		return done;
	});
	app.delete('/simulator/faults', () => {
		close.faults.clear();
		return done;
	});
	app.post('/simulator/reset', () => {
		close.reset();
		return done;
	});
}
