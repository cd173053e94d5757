import axios, { type AxiosRequestConfig } from 'axios';

import { retryAfterMs } from '../../nodes/shared/rateLimitHeaders';
import { wait as realWait } from '../platform';
import type { Journal, Kind } from './journal';
import type { JsonObject } from './jsonObject';
import { SendGuard } from './sendGuard';

/** A request to Close. */
export interface Request {
	method: 'GET' | 'POST' | 'PUT' | 'DELETE';
	/** below the base URL, with its trailing slash */
	path: string;
	query?: Record<string, string | number>;
	body?: JsonObject;
	headers?: Record<string, string>;
	/** instead of the key */
	authorization?: string;
}

/** A request and what Close answered. */
export interface Exchange extends Omit<Request, 'body' | 'headers'> {
	status: number;
	headers: Record<string, string>;
	/** parsed JSON; the text if it is none; undefined if there is none */
	body: unknown;
	requestBody?: JsonObject;
}

/** Close could not be reached, cut the connection, or did not answer in time. */
export class NoAnswer extends Error {
	constructor(readonly code: string) {
		super(code);
	}
}

/** The run is to end: no further request is sent. */
export class Interrupted extends Error {}

/** How long an answer may take, in milliseconds. */
const TIMEOUT = 30_000;
/** How long an answer may take once somebody waits for the end, in milliseconds. */
const HURRIED_TIMEOUT = 3_000;
const MAX_ATTEMPTS = 8;
/** What a 429 or 503 is waited out if Close names no time, in milliseconds. */
const DEFAULT_WAIT = 5_000;
/** Longer than this is not waited, at once or in all for one request, in milliseconds. */
const MAX_WAIT = 60_000;

const MAKES: Record<string, Kind> = {
	'/activity/sms/': 'sms',
	'/sms_template/': 'smsTemplate',
	'/webhook/': 'webhook',
	'/lead/': 'lead',
};

/** With these Close says that it did nothing; 408, 409 and 429 may come after the work as well as any 5xx. */
const NOTHING_DONE = new Set([400, 401, 402, 403, 404, 405, 415, 422]);

function parse(text: string): unknown {
	if (text === '') return undefined;
	try {
		return JSON.parse(text);
	} catch {
		return text;
	}
}

const toHeaders = (headers: object) =>
	Object.fromEntries(
		Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]),
	);

export const isLoopback = (url: string) =>
	/^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/.test(new URL(url).hostname);

interface ClientOptions {
	baseUrl: string;
	apiKey: string;
	/** milliseconds; `reason` is for the person who waits */
	wait: (ms: number, reason: string) => Promise<unknown>;
	/** ends the run: no further request is sent */
	signal?: AbortSignal;
	/** somebody waits for the end: an answer is awaited some seconds only, also one that is under way */
	hurry?: AbortSignal;
	onExchange?: (exchange: Exchange) => void;
}

/**
 * The only way to Close. It waits out Close's rate limit, lets nothing out that could text somebody (`SendGuard`) and
 * sends what may text its owner only once, and keeps a journal of what was made.
 */
export class CloseClient {
	guard = new SendGuard({});
	journal: Journal | undefined;
	/** the 429s that were seen */
	readonly refusals: Exchange[] = [];
	/** the last answer to a request with the key of the run */
	last: Exchange | undefined;

	constructor(private readonly options: ClientOptions) {}

	/**
	 * @throws {NoAnswer} when there was none; what a request was to make may then be there
	 * @throws {Interrupted} when the run is to end
	 * @throws {ForbiddenRequest} see `SendGuard`
	 * @throws {NoTextLeft} see `SendGuard`
	 */
	async request(request: Request): Promise<Exchange> {
		if (this.isInterrupted) throw new Interrupted();
		const kind = request.method === 'POST' ? MAKES[request.path] : undefined;
		if (kind && !this.journal) throw new Error('Nothing is made without a journal');
		const canText = this.guard.pass(request);
		const entry = kind && (await this.journal!.expect(kind));
		const exchange = await this.requestWithRetry(request, canText ? 1 : MAX_ATTEMPTS);
		const { status, body } = exchange;
		const { id } = (body ?? {}) as JsonObject;
		if (entry && typeof id === 'string') await this.journal!.identify(entry, id);
		else if (entry && NOTHING_DONE.has(status)) await this.journal!.forget(entry);
		if (request.path.startsWith('/activity/sms/') && body) this.guard.learn(body as JsonObject);
		if (request.method === 'DELETE' && (status < 300 || status === 404))
			await this.removed(request.path);
		return exchange;
	}

	get isInterrupted(): boolean {
		return this.options.signal?.aborted ?? false;
	}

	private async removed(path: string): Promise<void> {
		const entry = this.journal?.find(path.split('/').at(-2) ?? '');
		if (entry) await this.journal!.forget(entry);
	}

	/** Asks again while Close is busy, as long as it says and that is bearable. */
	private async requestWithRetry(request: Request, attempts: number): Promise<Exchange> {
		let waited = 0;
		for (let attempt = 1; ; attempt++) {
			const exchange = await this.requestOnce(request);
			const { status } = exchange;
			if (!request.authorization) this.last = exchange;
			this.options.onExchange?.(exchange);
			if (status === 429) this.refusals.push(exchange);
			if ((status !== 429 && status !== 503) || attempt >= attempts) return exchange;
			const ms = retryAfterMs(exchange.headers) ?? DEFAULT_WAIT;
			if (waited + ms > MAX_WAIT) return exchange;
			waited += ms;
			await this.options.wait(ms, `Close answered with ${status}`);
			if (this.isInterrupted) return exchange;
		}
	}

	private async requestOnce(request: Request): Promise<Exchange> {
		const { baseUrl, apiKey, hurry } = this.options;
		const { method, path, query, body, headers, authorization } = request;
		const end = new AbortController();
		const endSoon = () =>
			void realWait(HURRIED_TIMEOUT, undefined, { ref: false }).then(() => end.abort());
		hurry?.addEventListener('abort', endSoon, { once: true });
		const config: AxiosRequestConfig<string> = {
			method,
			url: baseUrl + path,
			params: query,
			data: body && JSON.stringify(body),
			headers: {
				'User-Agent': 'n8n-nodes-close-sms contract check',
				...(body && { 'Content-Type': 'application/json' }),
				...headers,
				...(authorization && { Authorization: authorization }),
			},
			...(!authorization && { auth: { username: apiKey, password: '' } }),
			timeout: hurry?.aborted ? HURRIED_TIMEOUT : TIMEOUT,
			signal: end.signal,
			// A redirect could take the key along to another host.
			maxRedirects: 0,
			validateStatus: () => true,
			responseType: 'text',
			transformResponse: (text: unknown) => text,
			...(isLoopback(baseUrl) && { proxy: false as const }),
		};
		const response = await axios<string>(config)
			.catch((error: { code?: string }) => {
				throw new NoAnswer(error.code ?? 'no answer');
			})
			.finally(() => hurry?.removeEventListener('abort', endSoon));
		return {
			method,
			path,
			query,
			authorization,
			requestBody: body,
			status: response.status,
			headers: toHeaders(response.headers),
			body: parse(response.data ?? ''),
		};
	}
}
