import type { FastifyReply } from 'fastify';

import { ErrorResponse } from '../http/errors';
import type { Clock } from '../clock';
import { FixedWindow } from './fixedWindow';
import { TokenBucket, type Limiter, type Throttle, type Verdict } from './tokenBucket';
import type { Caller } from '../types';

/** How a response tells of the limit. */
interface Telling {
	/** body of a 429: today's, or the one before 2024-04-24 with `error.rate_reset` */
	body?: 'new' | 'old';
	/** `RateLimit` header: complete, with the reset value only (stricter endpoints), or none at all */
	header?: 'full' | 'resetOnly' | 'none';
	/** between the parts of the header; both were seen */
	separator?: ', ' | '; ';
	/** as it is, e.g. 4.25, or rounded up to whole seconds, as in the headers that were seen */
	reset?: 'decimal' | 'roundedUp';
}

interface FixedWindowSetting extends Telling {
	/** requests in a window, for each key and endpoint group; the organization has three times as many */
	limit?: number;
	/** the same as `limit` with a window of one second */
	perSecond?: number;
	/** default 1 */
	windowSeconds?: number;
}

interface TokenBucketSetting extends Telling {
	/** for each key and endpoint group; the organization has three times as many */
	throttle: Throttle;
	/** for `/data/search/`; as all others without it */
	search?: Throttle;
	/**
	 * What counts together: a method and an address, whatever the ID; or, as Close's example "POSTs/PUTs to
	 * /api/v1/activity/" has it, all POSTs and PUTs to what is under one first part of the path.
	 */
	groups?: 'methodAndPath' | 'writesTogether';
}

export type RateLimitSetting = FixedWindowSetting | TokenBucketSetting;

/**
 * Believable numbers, from headers that were seen live (close-api.md, section 12): 160 in 8 seconds, of searches 16.
 * The limit of `npm start`, `npm run simulator` and the benchmarks.
 */
export const CLOSE_RATE_LIMIT = {
	throttle: { rps: 20, window: 8 },
	search: { rps: 2, window: 8 },
	// As in all headers that were seen, and all that Close's own Python client can read.
	reset: 'roundedUp',
} satisfies RateLimitSetting;

/** The organization's limit is so many times the key's. */
const ORGANIZATION_FACTOR = 3;

/** Makes the limiter of one endpoint group, with a factor for the organization's. */
function newLimiter(setting: RateLimitSetting, path: string, factor: number): Limiter {
	if ('throttle' in setting) {
		const { throttle, search = throttle } = setting;
		const { rps, ...rest } = path === '/data/search/' ? search : throttle;
		return new TokenBucket({ rps: rps * factor, ...rest });
	}
	const limit = setting.limit ?? setting.perSecond ?? Infinity;
	return new FixedWindow(limit * factor, setting.windowSeconds ?? 1);
}

/** What a request counts in, by its method and the pattern of its path. */
function endpointGroup(setting: RateLimitSetting, method: string, path: string): string {
	const isWrite = method === 'POST' || method === 'PUT';
	const together = 'throttle' in setting && setting.groups === 'writesTogether' && isWrite;
	return together ? `POST and PUT /${path.split('/')[1]}/` : `${method} ${path}`;
}

/** Limits requests by API key and endpoint group, and by organization. */
export class RateLimit {
	/** how many requests got a 429 */
	refused = 0;
	private setting: RateLimitSetting | undefined;
	private readonly limiters = new Map<string, Limiter>();

	constructor(private readonly clock: Clock) {}

	/** Limits from now on; undefined lifts the limit. */
	set(setting: RateLimitSetting | undefined): void {
		this.setting = setting;
		this.limiters.clear();
		this.refused = 0;
	}

	/**
	 * Counts one request and puts the `RateLimit` header on its answer.
	 *
	 * @param path the pattern below /api/v1, e.g. `/activity/sms/:id/`
	 * @throws ErrorResponse 429
	 */
	count(caller: Caller, method: string, path: string, reply: FastifyReply): void {
		const { setting } = this;
		if (!setting) return;
		const group = endpointGroup(setting, method, path);
		const own = this.take(setting, `${caller.credential} ${group}`, path, 1);
		if (!own.allowed) return this.refuse(setting, own, reply);
		const everyone = this.take(setting, group, path, ORGANIZATION_FACTOR);
		if (!everyone.allowed) return this.refuse(setting, everyone, reply);
		announce(setting, own, reply);
	}

	private take(setting: RateLimitSetting, key: string, path: string, factor: number): Verdict {
		const limiter = this.limiters.get(key) ?? newLimiter(setting, path, factor);
		this.limiters.set(key, limiter);
		return limiter.take(this.clock.ms());
	}

	private refuse(setting: RateLimitSetting, verdict: Verdict, reply: FastifyReply): never {
		this.refused++;
		announce(setting, verdict, reply);
		reply.header('retry-after', String(Math.ceil(verdict.secondsLeft)));
		throw new ErrorResponse(429, body(setting, verdict));
	}
}

function announce(
	{ header, separator = ', ', reset = 'decimal' }: Telling,
	{ limit, remaining, secondsLeft }: Verdict,
	reply: FastifyReply,
): void {
	if (header === 'none') return;
	const left = reset === 'decimal' ? secondsLeft.toFixed(3) : Math.ceil(secondsLeft);
	const parts = [`limit=${limit}`, `remaining=${remaining}`, `reset=${left}`];
	reply.header('RateLimit', (header === 'resetOnly' ? parts.slice(2) : parts).join(separator));
}

function body(setting: RateLimitSetting, { limit, secondsLeft }: Verdict): object {
	if (setting.body !== 'old') return { error: 'API call count exceeded.' };
	const rate_window =
		'throttle' in setting ? (setting.throttle.window ?? 5) : (setting.windowSeconds ?? 1);
	const message = `API call count exceeded for this ${rate_window} second window`;
	return { error: { message, rate_limit: limit, rate_window, rate_reset: secondsLeft } };
}
