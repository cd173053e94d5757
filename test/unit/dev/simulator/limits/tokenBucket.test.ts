import fc from 'fast-check';
import { TokenBucket } from '../../../../../dev/simulator/limits/tokenBucket';

/** A whole second long ago, in milliseconds. */
const START = 1_700_000_000_000;

/** Takes `count` tokens at one moment; how many were allowed. */
const takeMany = (bucket: TokenBucket, count: number, at: number) =>
	Array.from({ length: count }, () => bucket.take(at)).filter(({ allowed }) => allowed).length;

test('a key, as it was seen live: 160 in a window of 8 s', () => {
	const bucket = new TokenBucket({ rps: 20, window: 8 });
	expect(bucket.take(START)).toEqual({
		allowed: true,
		limit: 160,
		remaining: 159,
		secondsLeft: 8,
	});
});

test('the first window begins on the whole second of the first request', () => {
	const bucket = new TokenBucket({ rps: 2, window: 5 });
	expect(bucket.take(START + 750)).toMatchObject({ remaining: 9, secondsLeft: 4.25 });
	expect(bucket.take(START + 4750)).toMatchObject({ remaining: 8, secondsLeft: 0.25 });
	expect(bucket.take(START + 5000)).toMatchObject({ remaining: 9, secondsLeft: 5 });
});

test('nothing trickles in: what is used up comes back when the window ends, and all at once', () => {
	const bucket = new TokenBucket({ rps: 2, window: 5 });
	expect(takeMany(bucket, 12, START)).toBe(10);
	expect(bucket.take(START + 4999)).toEqual({
		allowed: false,
		limit: 10,
		remaining: 0,
		secondsLeft: expect.closeTo(0.001),
	});
	expect(takeMany(bucket, 12, START + 5000)).toBe(10);
});

test('with burst more than the limit can be left, and comes back window by window', () => {
	const bucket = new TokenBucket({ rps: 2, burst: 2.5, window: 5 });
	expect(bucket.take(START)).toMatchObject({ limit: 10, remaining: 24 });
	expect(takeMany(bucket, 30, START)).toBe(24);
	expect(bucket.take(START + 5000)).toMatchObject({ remaining: 9 });
	expect(bucket.take(START + 10_000)).toMatchObject({ remaining: 18 });
	expect(bucket.take(START + 20_000)).toMatchObject({ remaining: 24 });
});

test('a bucket holds whole tokens: a part of one counts as one', () => {
	const bucket = new TokenBucket({ rps: 0.3, window: 5 });
	expect(takeMany(bucket, 5, START)).toBe(2);
	expect(takeMany(bucket, 5, START + 5000)).toBe(2);
});

test('windows go on where the first began, also when nobody came for a while', () => {
	const bucket = new TokenBucket({ rps: 2, window: 5 });
	bucket.take(START);
	expect(bucket.take(START + 7000)).toMatchObject({ secondsLeft: 3 });
});

test('after twice the window it is forgotten, and begins anew', () => {
	const bucket = new TokenBucket({ rps: 2, window: 5 });
	takeMany(bucket, 10, START);
	expect(bucket.take(START + 12_000)).toMatchObject({ remaining: 9, secondsLeft: 5 });
});

test('a rate of 0 lets none through', () => {
	expect(new TokenBucket({ rps: 0, window: 8 }).take(START)).toEqual({
		allowed: false,
		limit: 0,
		remaining: 0,
		secondsLeft: 8,
	});
});

test('a clock that is set back brings nothing', () => {
	const bucket = new TokenBucket({ rps: 2, window: 5 });
	takeMany(bucket, 10, START);
	expect(bucket.take(START - 2000)).toMatchObject({ allowed: false, secondsLeft: 5 });
	expect(bucket.take(START + 4000)).toMatchObject({ allowed: false });
});

/** A throttle, and how long after each other (in ms) requests come. */
const traffic = fc.record({
	throttle: fc.record({
		rps: fc.oneof(fc.integer({ min: 1, max: 30 }), fc.double({ min: 0.05, max: 9, noNaN: true })),
		burst: fc.oneof(fc.constant(1), fc.double({ min: 1, max: 4, noNaN: true })),
		window: fc.integer({ min: 1, max: 10 }),
	}),
	gaps: fc.array(
		fc.oneof(
			{ weight: 6, arbitrary: fc.constant(0) },
			{ weight: 3, arbitrary: fc.integer({ min: 0, max: 900 }) },
			{ weight: 1, arbitrary: fc.integer({ min: 0, max: 60_000 }) },
		),
		{ minLength: 1, maxLength: 200 },
	),
	offset: fc.integer({ min: 0, max: 999 }),
});

test('between any two moments never more is admitted than a full bucket and the refills in between', () => {
	fc.assert(
		fc.property(traffic, ({ throttle, gaps, offset }) => {
			const bucket = new TokenBucket(throttle);
			const { rps, burst, window } = throttle;
			const admitted: number[] = [];
			let now = START + offset;
			for (const gap of gaps) {
				now += gap;
				if (bucket.take(now).allowed) admitted.push(now);
			}
			for (const [index, from] of admitted.entries()) {
				for (let last = index; last < admitted.length; last++) {
					const windowEnds = Math.ceil((admitted[last] - from) / 1000 / window) + 1;
					const most = Math.ceil(rps * burst * window) + windowEnds * Math.ceil(rps * window);
					expect(last - index + 1).toBeLessThanOrEqual(most);
				}
			}
			// All in all: a full bucket, and what the windows since the first request brought.
			const windows = Math.floor((Math.floor(now / 1000) - START / 1000) / window);
			const total = Math.ceil(rps * burst * window) + Math.ceil(windows * rps * window) + windows;
			expect(admitted.length).toBeLessThanOrEqual(total);
		}),
	);
});

test('who waits as long as is told gets through, and what is left is told exactly', () => {
	fc.assert(
		fc.property(traffic, ({ throttle, gaps, offset }) => {
			const bucket = new TokenBucket(throttle);
			const capacity = Math.ceil(throttle.rps * (throttle.burst ?? 1) * throttle.window);
			let now = START + offset;
			for (const gap of gaps) {
				now += gap;
				const { allowed, remaining, secondsLeft } = bucket.take(now);
				expect(Number.isInteger(remaining) && remaining >= 0 && remaining < capacity).toBe(true);
				expect(secondsLeft).toBeGreaterThan(0);
				expect(secondsLeft).toBeLessThanOrEqual(throttle.window);
				if (allowed) continue;
				expect(remaining).toBe(0);
				now = Math.ceil(now + secondsLeft * 1000 - 1e-6);
				expect(bucket.take(now).allowed).toBe(true);
			}
		}),
	);
});

test('nobody is refused while a token is left', () => {
	fc.assert(
		fc.property(traffic, fc.integer({ min: 1, max: 100 }), ({ throttle, offset }, count) => {
			const bucket = new TokenBucket(throttle);
			const { remaining } = bucket.take(START + offset);
			expect(takeMany(bucket, count, START + offset)).toBe(Math.min(count, remaining));
		}),
	);
});
