import axios, { type AxiosRequestConfig } from 'axios';

import { retryAfterMs } from '../../nodes/shared/rateLimitHeaders';
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
	/** instead of the key */
	authorization?: string;
}

/** A request and what Close answered. */
export interface Exchange extends Omit<Request, 'body'> {
	status: number;
	headers: Record<string, string>;
	/** parsed JSON; the text if it is none; undefined if there is none */
	body: unknown;
	requestBody?: JsonObject;
}

/** Close could not be reached, or cut the connection. */
export class NoAnswer extends Error {
	constructor(readonly code: string) {
		super(code);
	}
}

/** The run is to end: no further request is sent. */
export class Interrupted extends Error {}

const TIMEOUT = 30_000;
const MAX_ATTEMPTS = 8;
/** What a 429 or 503 is waited out if Close names no time, in milliseconds. */
const DEFAULT_WAIT = 5_000;

const MAKES: Record<string, Kind> = {
	'/activity/sms/': 'sms',
	'/sms_template/': 'smsTemplate',
	'/webhook/': 'webhook',
	'/lead/': 'lead',
};

function parse(text: string): unknown {
	if (text === '') return undefined;
	try {
		return JSON.parse(text);
	} catch {
		return text;
	}
}

export const isLoopback = (url: string) =>
	/^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/.test(new URL(url).hostname);

interface ClientOptions {
	baseUrl: string;
	apiKey: string;
	/** milliseconds */
	wait: (ms: number) => Promise<unknown>;
	onExchange?: (exchange: Exchange) => void;
}

/**
 * The only way to Close. It waits out Close's rate limit, lets nothing out that could text somebody (`SendGuard`), and
 * keeps a journal of what was made.
 */
export class CloseClient {
	guard = new SendGuard(undefined, undefined);
	journal: Journal | undefined;
	isInterrupted = false;
	/** the 429s that were seen */
	readonly refusals: Exchange[] = [];

	constructor(private readonly options: ClientOptions) {}

	/**
	 * @throws {NoAnswer} when there was none; what a request was to make may then be there
	 * @throws {Interrupted} when the run is to end
	 */
	async request(request: Request): Promise<Exchange> {
		if (this.isInterrupted) throw new Interrupted();
		const uncount = this.guard.pass(request);
		const kind = request.method === 'POST' ? MAKES[request.path] : undefined;
		if (kind && !this.journal) throw new Error('Nothing is made without a journal');
		const entry = kind && (await this.journal!.expect(kind));
		const exchange = await this.requestWithRetry(request);
		const { status, body } = exchange;
		const { id } = (body ?? {}) as JsonObject;
		const isRefused = status >= 400 && status < 500;
		if (isRefused) uncount?.();
		if (entry && isRefused) await this.journal!.forget(entry);
		else if (entry && typeof id === 'string') await this.journal!.identify(entry, id);
		if (request.path.startsWith('/activity/sms/') && body) this.guard.learn(body as JsonObject);
		if (request.method === 'DELETE' && (status < 300 || status === 404))
			await this.removed(request.path);
		return exchange;
	}

	private async removed(path: string): Promise<void> {
		const entry = this.journal?.find(path.split('/').at(-2) ?? '');
		if (entry) await this.journal!.forget(entry);
	}

	/** Asks again while Close is busy, as long as it says. */
	private async requestWithRetry(request: Request): Promise<Exchange> {
		for (let attempt = 1; ; attempt++) {
			const exchange = await this.requestOnce(request);
			const isBusy = exchange.status === 429 || exchange.status === 503;
			this.options.onExchange?.(exchange);
			if (exchange.status === 429) this.refusals.push(exchange);
			if (!isBusy || attempt === MAX_ATTEMPTS) return exchange;
			await this.options.wait(retryAfterMs(exchange.headers) ?? DEFAULT_WAIT);
			if (this.isInterrupted) return exchange;
		}
	}

	private async requestOnce(call: Request): Promise<Exchange> {
		const { baseUrl, apiKey } = this.options;
		const { method, path, query, body, authorization } = call;
		const request: AxiosRequestConfig<string> = {
			method,
			url: baseUrl + path,
			params: query,
			data: body && JSON.stringify(body),
			headers: {
				'User-Agent': 'n8n-nodes-close-sms contract check',
				...(body && { 'Content-Type': 'application/json' }),
				...(authorization && { Authorization: authorization }),
			},
			...(!authorization && { auth: { username: apiKey, password: '' } }),
			timeout: TIMEOUT,
			// A redirect could take the key along to another host.
			maxRedirects: 0,
			validateStatus: () => true,
			responseType: 'text',
			transformResponse: (text: unknown) => text,
			...(isLoopback(baseUrl) && { proxy: false as const }),
		};
		const { status, headers, data } = await axios<string>(request).catch(
			(error: { code?: string }) => {
				throw new NoAnswer(error.code ?? 'no answer');
			},
		);
		return {
			...call,
			requestBody: body,
			status,
			headers: Object.fromEntries(
				Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]),
			),
			body: parse(data ?? ''),
		};
	}
}
