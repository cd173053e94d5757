import fc from 'fast-check';
import {
	newRateLimiter,
	recordSuccess,
	recordRateLimited,
} from '../../nodes/CloseSms/transport/rateLimiter';
import { parseRateLimit, retryAfterMs } from '../../nodes/shared/rateLimitHeaders';
import { backoffDelay } from '../../nodes/shared/delay';

const decimal = fc
	.double({ min: 0, max: 1e6, noNaN: true, noDefaultInfinity: true })
	.map((value) => Number(value.toFixed(3)));

test('the header as Close writes it, with decimals', () => {
	expect(parseRateLimit('limit=100, remaining=50, reset=5')).toEqual({
		limit: 100,
		remaining: 50,
		reset: 5,
	});
	expect(parseRateLimit('limit=20, remaining=0, reset=0.482')).toEqual({
		limit: 20,
		remaining: 0,
		reset: 0.482,
	});
	expect(parseRateLimit('reset=2.5')).toEqual({ reset: 2.5 });
});

test('any numbers in any order and spacing come back', () => {
	const space = fc.stringMatching(/^ {0,3}$/);
	fc.assert(
		fc.property(
			fc.nat(),
			fc.nat(),
			decimal,
			space,
			fc.shuffledSubarray([0, 1, 2], { minLength: 3 }),
			(limit, remaining, reset, gap, order) => {
				const parts = [
					`limit=${limit}`,
					`remaining=${gap}=`.replace('=', '').replace('=', `=${remaining}`),
					`reset=${reset}`,
				];
				const header = order.map((part) => parts[part].replace(/\s/g, '')).join(`,${gap}`);
				expect(parseRateLimit(header)).toEqual({ limit, remaining, reset });
			},
		),
	);
});

test('anything else gives nothing, and never throws', () => {
	fc.assert(
		fc.property(fc.anything(), (header) => {
			for (const value of Object.values(parseRateLimit(header)))
				expect(Number.isFinite(value)).toBe(true);
		}),
	);
});

test.each<[object, unknown, number | undefined]>([
	[{ ratelimit: 'limit=9, remaining=0, reset=1.25', 'retry-after': '2' }, undefined, 1250],
	[{ 'retry-after': '2' }, undefined, 2000],
	[{}, { error: { rate_reset: 0.5 } }, 500],
	[{ ratelimit: 'nonsense', 'retry-after': '3' }, undefined, 3000],
	[{ 'retry-after': 'Wed, 21 Oct 2026 07:28:00 GMT' }, undefined, undefined],
	[{ 'retry-after': '-1' }, undefined, undefined],
	[{}, { error: 'Too many requests.' }, undefined],
	[{}, null, undefined],
])('a 429 with %j %j names %s ms', (headers, body, expected) => {
	expect(retryAfterMs(headers as never, body)).toBe(expected);
});

test('concurrency stays between 1 and its maximum, whatever is answered', () => {
	fc.assert(
		fc.property(
			fc.integer({ min: 1, max: 50 }),
			fc.array(fc.boolean(), { maxLength: 300 }),
			(max, answers) => {
				const pace = newRateLimiter(max);
				for (const isGood of answers) {
					if (isGood) recordSuccess(pace);
					else {
						pace.resumeAt = 0;
						recordRateLimited(pace, {}, undefined);
					}
					expect(Math.floor(pace.concurrency)).toBeGreaterThanOrEqual(1);
					expect(pace.concurrency).toBeLessThanOrEqual(max);
				}
			},
		),
	);
});

test('the back-off grows, has jitter and stays below half a minute', () => {
	fc.assert(
		fc.property(fc.nat(60), (attempt) => {
			const wait = backoffDelay(attempt);
			expect(wait).toBeGreaterThanOrEqual(Math.min(30_000, 500 * 2 ** attempt) / 2);
			expect(wait).toBeLessThanOrEqual(Math.min(30_000, 500 * 2 ** attempt));
		}),
	);
});
