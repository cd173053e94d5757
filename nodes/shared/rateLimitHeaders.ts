import type { IDataObject } from 'n8n-workflow';

const PART = /\b(limit|remaining|reset)\s*=\s*(\d+(?:\.\d+)?)/gi;

/**
 * Reads Close's header `RateLimit: limit=100, remaining=50, reset=5` (Close: "Rate limits"; `reset` is in seconds and
 * may be a decimal). Parts that are missing or not numbers are left out.
 */
export function parseRateLimit(header: unknown): {
	limit?: number;
	remaining?: number;
	reset?: number;
} {
	if (typeof header !== 'string') return {};
	const found: Record<string, number> = {};
	for (const [, name, value] of header.matchAll(PART)) found[name.toLowerCase()] = Number(value);
	return found;
}

/**
 * How long to wait after a 429: the `reset` of `RateLimit`, else `retry-after` (seconds), else `rate_reset` in the body
 * of Close's older errors.
 *
 * @returns milliseconds; undefined when Close names no time
 */
export function retryAfterMs(headers: IDataObject, body?: unknown): number | undefined {
	const { reset } = parseRateLimit(headers.ratelimit);
	const old = (body as { error?: { rate_reset?: unknown } } | undefined)?.error?.rate_reset;
	const named = [reset, headers['retry-after'], old]
		.filter((value) => value !== undefined && value !== null && value !== '')
		.map(Number)
		.find((seconds) => Number.isFinite(seconds) && seconds >= 0);
	return named === undefined ? undefined : named * 1000;
}
