import fastify, {
	type FastifyInstance,
	type FastifyReply,
	type FastifyRequest,
	type HTTPMethods,
} from 'fastify';

import { ErrorResponse, errorResponse, schemaErrors } from './http/errors';
import { authenticate, checkPermission } from './http/auth';
import { dropUnknownKeys } from './http/unknownKeys';
import { validateBodies } from './http/validation';
import { holdUp } from '../platform';
import { faultHooks } from './faults/faults';
import { fileRoutes, fileStoreRoutes } from './sms/files';
import { newId } from './http/ids';
import { oauthRoutes } from './http/oauth';
import { part } from './http/part';
import { crmRoutes } from './crm/crmRoutes';
import { leadRoutes } from './crm/leads';
import { phoneNumberRoutes } from './crm/phoneNumbers';
import { searchRoutes } from './crm/search';
import { smsRoutes } from './sms/sms';
import { smsTemplateRoutes } from './sms/smsTemplates';
import { eventRoutes } from './webhooks/eventRoutes';
import { webhookRoutes } from './webhooks/webhooks';
import type { Caller, ReceivedRequest } from './types';
import type { State } from './state';

declare module 'fastify' {
	interface FastifyContextConfig {
		/** query parameters the endpoint knows */
		query?: string[];
	}
	interface FastifyRequest {
		entry: ReceivedRequest;
		caller: Caller;
	}
}

const PREFIX = '/api/v1';

/** The same path and query at the first of the simulator's addresses. */
const withoutAddress = (url: string) => url.replace(/^\/address-\d+/, '');
const METHODS: HTTPMethods[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'];

/** Flask's words, which Close answers with. */
const NOT_FOUND =
	'The requested URL was not found on the server. If you entered the URL manually please check your spelling and try again.';
const WRONG_METHOD = 'The method is not allowed for the requested URL.';
const WRONG_MEDIA = 'The server does not support the media type transmitted in the request.';

/** The request as it will be recorded. */
function readEntry(request: FastifyRequest): ReceivedRequest {
	// As it arrived, also where a missing slash is taken.
	const url = withoutAddress(request.originalUrl);
	const [path] = url.slice(PREFIX.length).split('?');
	const query = { ...(request.query as ReceivedRequest['query']) };
	const known = request.routeOptions.config.query ?? [];
	return {
		method: request.method,
		path,
		query,
		unknownQuery: Object.keys(query).filter((name) => !known.includes(name)),
		url,
		headers: request.headers,
		body: undefined,
		rawBody: undefined,
		at: Date.now(),
		answeredAt: undefined,
		apiKey: undefined,
		status: undefined,
	};
}

/** The request's way to Close. One that arrives when its account is no more is cut off. */
async function arrive(
	request: FastifyRequest,
	reply: FastifyReply,
	state: State,
): Promise<FastifyReply | void> {
	request.entry = readEntry(request);
	const { resets } = state;
	const late = state.wayThere(request.entry);
	if (late > 0) await holdUp(reply.raw, late);
	if (resets !== state.resets) {
		reply.hijack();
		request.raw.socket.destroy();
		return reply;
	}
	request.entry.at = Date.now();
	state.requests.push(request.entry);
}

/** JSON only; anything else is a 415. The raw text is kept with the request. */
function readBodies(api: FastifyInstance): void {
	api.removeAllContentTypeParsers();
	api.addContentTypeParser<string>(
		/^application\/json\b/,
		{ parseAs: 'string' },
		(request, raw, done) => {
			request.entry.rawBody = raw;
			if (raw === '') return done(null, undefined);
			try {
				request.entry.body = JSON.parse(raw);
				done(null, request.entry.body);
			} catch {
				done(new ErrorResponse(400, { error: 'The request contains invalid JSON.' }), undefined);
			}
		},
	);
}

function answerErrors(app: FastifyInstance): void {
	app.setErrorHandler<
		Error & { statusCode?: number; validation?: Parameters<typeof schemaErrors>[0] }
	>((error, _, reply) => {
		if (error.validation) error = schemaErrors(error.validation);
		if (error instanceof ErrorResponse) return reply.code(error.status).send(error.body);
		const status = error.statusCode ?? 500;
		return reply.code(status).send({ error: status === 415 ? WRONG_MEDIA : error.message });
	});
}

/** The address with a slash after its path. */
const withSlash = (url: string) => url.replace(/^[^?]*[^/?](?=\?|$)/, '$&/');

/** A known address with another method is 405; everything else unknown is 404, a missing slash too. */
function refuseTheRest(api: FastifyInstance, routes: Map<string, Set<string>>, state: State): void {
	for (const [url, taken] of [...routes]) {
		const method = METHODS.filter((one) => !taken.has(one));
		// Before the body is looked at: its type and its form do not matter here.
		const onRequest = async () => {
			throw errorResponse(405, WRONG_METHOD);
		};
		api.route({ method, url, onRequest, handler: onRequest });
	}
	api.setNotFoundHandler(({ url }, reply) =>
		state.doubts.missingSlash === 'redirect' && url !== withSlash(url)
			? reply.redirect(withSlash(url), 301)
			: reply.code(404).send({ error: NOT_FOUND }),
	);
}

function closeApi(api: FastifyInstance, state: State): void {
	const routes = new Map<string, Set<string>>();
	api.addHook('onRoute', ({ url, method }) => {
		const path = url.slice(PREFIX.length);
		routes.set(path, new Set([...(routes.get(path) ?? []), ...[method].flat()]));
	});
	readBodies(api);
	api.addHook('onRequest', async (request, reply) => await arrive(request, reply, state));
	api.addHook('onRequest', async (request, reply) => {
		// Simulated time, also for whoever compares it with the times of a text.
		reply.header('date', state.clock.now().toUTCString());
		request.caller = {
			...authenticate(request.headers.authorization, state),
			requestId: newId('req', 22),
			request: { request_method: request.method, request_path: PREFIX + request.entry.path },
		};
		request.entry.apiKey = request.caller.credential;
		const pattern = (request.routeOptions.url ?? '').slice(PREFIX.length);
		state.rateLimit.count(request.caller, request.method, pattern, reply);
		checkPermission(request.caller, request.entry.path);
	});
	dropUnknownKeys(api, state);
	faultHooks(api, state);
	api.addHook('onSend', async (request, reply, payload) => {
		if (!state.observer) return;
		const body = typeof payload === 'string' && payload !== '' ? payload : undefined;
		state.observer({ request: request.entry, status: reply.statusCode, body });
	});
	api.addHook('onResponse', async (request, reply) => {
		request.entry.status = reply.statusCode;
		request.entry.answeredAt = Date.now();
	});
	smsRoutes(api, state);
	smsTemplateRoutes(api, state);
	phoneNumberRoutes(api, state);
	crmRoutes(api, state);
	leadRoutes(api, state);
	fileRoutes(api, state);
	searchRoutes(api, state);
	webhookRoutes(api, state);
	eventRoutes(api, state, state.webhooks);
	refuseTheRest(api, routes, state);
}

/** The HTTP side of the simulator; not yet listening. */
export function createServer(state: State): FastifyInstance {
	const app = fastify({
		forceCloseConnections: true,
		rewriteUrl: ({ url: sent = '' }) => {
			const url = withoutAddress(sent);
			return state.doubts.missingSlash === 'take' && url.startsWith(PREFIX) ? withSlash(url) : url;
		},
		exposeHeadRoutes: false,
		routerOptions: { maxParamLength: 500 },
	});
	app.decorateRequest('entry');
	app.decorateRequest('caller');
	app.decorateRequest('fault', undefined);
	answerErrors(app);
	validateBodies(app);
	app.register(
		part('api', (api) => closeApi(api, state)),
		{ prefix: PREFIX },
	);
	app.register(part('fileStore', (store) => fileStoreRoutes(store, state)));
	app.register(
		part('oauth', (oauth) => oauthRoutes(oauth, state)),
		{ prefix: '/oauth2' },
	);
	return app;
}
