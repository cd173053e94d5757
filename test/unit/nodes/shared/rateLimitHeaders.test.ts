import fc from 'fast-check';
import { parseRateLimit, retryAfterMs } from '../../../../nodes/shared/rateLimitHeaders';

const decimal = fc
	.double({ min: 0, max: 1e6, noNaN: true, noDefaultInfinity: true })
	.map((value) => Number(value.toFixed(3)));

test('the header as Close writes it, also with decimals', () => {
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
	expect(parseRateLimit('limit=160; remaining=159; reset=8')).toEqual({
		limit: 160,
		remaining: 159,
		reset: 8,
	});
	// With burst more than a window's worth can be left.
	expect(parseRateLimit('limit=160;remaining=400;reset=7.998')).toMatchObject({ remaining: 400 });
});

test('numbers are read in any order, with any spaces around the equals signs and the commas or semicolons', () => {
	const space = fc.stringMatching(/^[ \t]{0,3}$/);
	const parts = fc.record({ limit: fc.nat(), remaining: fc.nat(), reset: decimal });
	const names = fc.shuffledSubarray(['limit', 'remaining', 'reset'] as const, { minLength: 3 });
	fc.assert(
		fc.property(
			parts,
			names,
			fc.array(space, { minLength: 12, maxLength: 12 }),
			fc.constantFrom(',', ';'),
			(values, order, spaces, separator) => {
				const header = order
					.map((name, n) => {
						const [before, beforeSign, afterSign, after] = spaces.slice(4 * n);
						return `${before}${name}${beforeSign}=${afterSign}${values[name]}${after}`;
					})
					.join(separator);
				expect(parseRateLimit(header)).toEqual(values);
			},
		),
	);
});

test('anything else yields no number that is not finite, and never throws', () => {
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
	[{}, { message: 'Too many requests.' }, undefined],
	[{ 'retry-after': '' }, undefined, undefined],
	[{ 'retry-after': null }, undefined, undefined],
	[{ 'retry-after': '' }, { error: { rate_reset: 0.5 } }, 500],
	[{ 'retry-after': '0' }, undefined, 0],
	[{ 'retry-after': 'soon' }, { error: { rate_reset: 3 } }, 3000],
])('a 429 with %j %j names %s ms', (headers, body, expected) => {
	expect(retryAfterMs(headers as never, body)).toBe(expected);
});
