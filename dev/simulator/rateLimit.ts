import type { FastifyReply } from 'fastify';

import { ErrorResponse } from './errors';
import type { Clock } from './clock';
import type { Caller } from './types';

export interface RateLimitSetting {
	/** requests in a window, for each key and endpoint group; the organization has three times as many */
	limit?: number;
	/** the same as `limit` with a window of one second */
	perSecond?: number;
	/** default 1 */
	windowSeconds?: number;
	/** body of a 429: today's, or the one before 2024-04-24 with `error.rate_reset` */
	body?: 'new' | 'old';
	/** `RateLimit` header: complete, with the reset value only (stricter endpoints), or none at all */
	header?: 'full' | 'resetOnly' | 'none';
}

interface Window {
	/** simulated milliseconds */
	end: number;
	used: number;
}

/** The organization's limit is so many times the key's. */
const ORGANIZATION_FACTOR = 3;

/** Counts requests by API key and endpoint group (method and address), and by organization. */
export class RateLimit {
	/** how many requests got a 429 */
	refused = 0;
	private setting: RateLimitSetting | undefined;
	private readonly windows = new Map<string, Window>();

	constructor(private readonly clock: Clock) {}

	/** Limits from now on; undefined lifts the limit. */
	set(setting: RateLimitSetting | undefined): void {
		this.setting = setting;
		this.windows.clear();
		this.refused = 0;
	}

	/** Counts one request and puts the `RateLimit` header on its answer. @throws ErrorResponse 429 */
	count(caller: Caller, group: string, reply: FastifyReply): void {
		if (!this.setting) return;
		const limit = this.setting.limit ?? this.setting.perSecond ?? Infinity;
		const own = this.window(`${caller.credential} ${group}`);
		const everyone = this.window(group);
		const ownFull = own.used >= limit;
		if (ownFull || everyone.used >= limit * ORGANIZATION_FACTOR) {
			return this.refuse(
				ownFull ? own : everyone,
				ownFull ? limit : limit * ORGANIZATION_FACTOR,
				reply,
			);
		}
		own.used++;
		everyone.used++;
		this.announce(own, limit, reply);
	}

	private window(key: string): Window {
		const now = this.clock.ms();
		let window = this.windows.get(key);
		if (!window || window.end <= now) {
			window = { end: now + (this.setting?.windowSeconds ?? 1) * 1000, used: 0 };
			this.windows.set(key, window);
		}
		return window;
	}

	private secondsLeft(window: Window): number {
		return Math.max(0, window.end - this.clock.ms()) / 1000;
	}

	private announce(window: Window, limit: number, reply: FastifyReply): void {
		const reset = `reset=${this.secondsLeft(window).toFixed(3)}`;
		if (this.setting?.header === 'none') return;
		if (this.setting?.header === 'resetOnly') return void reply.header('RateLimit', reset);
		reply.header(
			'RateLimit',
			`limit=${limit}, remaining=${Math.max(0, limit - window.used)}, ${reset}`,
		);
	}

	private refuse(window: Window, limit: number, reply: FastifyReply): never {
		this.refused++;
		this.announce(window, limit, reply);
		const left = this.secondsLeft(window);
		reply.header('retry-after', String(Math.ceil(left)));
		if (this.setting?.body !== 'old')
			throw new ErrorResponse(429, { error: 'API call count exceeded.' });
		const rate_window = this.setting.windowSeconds ?? 1;
		const message = `API call count exceeded for this ${rate_window} second window`;
		throw new ErrorResponse(429, {
			error: { message, rate_limit: limit, rate_window, rate_reset: left },
		});
	}
}
