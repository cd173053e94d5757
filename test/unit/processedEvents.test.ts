import fc from 'fast-check';
import { ProcessedEvents } from '../../nodes/CloseSmsTrigger/webhook/processedEvents';

const HOUR = 3_600_000;
const WIDTH = 17;

/** A process that starts from this stored text. */
const reread = (text: unknown) => {
	const seen = new ProcessedEvents();
	seen.merge(text);
	return seen;
};

test('each event is new once for each later time, however it is stored and read in between', () => {
	const step = fc.record({
		id: fc.integer({ min: 0, max: 9 }),
		time: fc.integer({ min: 1, max: 5 }),
		store: fc.boolean(),
	});
	fc.assert(
		fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
			let seen = new ProcessedEvents();
			const newest = new Map<number, number>();
			for (const { id, time, store } of steps) {
				expect(seen.claim(`ev_${id}`, time)).toBe(time > (newest.get(id) ?? 0));
				newest.set(id, Math.max(time, newest.get(id) ?? 0));
				if (store) seen = reread(seen.serialize());
			}
		}),
	);
});

test('no more than 10,000 are remembered, the newest ones', () => {
	const seen = new ProcessedEvents();
	for (let index = 0; index < 12_000; index++) seen.claim(`ev_${index}`, Date.now());
	expect(seen.serialize()).toHaveLength(10_000 * WIDTH);
	expect(seen.claim('ev_11999', Date.now() - HOUR)).toBe(false);
	expect(seen.claim('ev_2000', Date.now() - HOUR)).toBe(false);
	expect(seen.claim('ev_1999', Date.now() - HOUR)).toBe(true);
});

test('what Close no longer retries is forgotten, so that little is stored', () => {
	const seen = new ProcessedEvents();
	const threeDaysAgo = Date.now() - 72 * HOUR;
	for (let index = 0; index < 500; index++) seen.claim(`ev_old${index}`, Date.now() - 97 * HOUR);
	for (let index = 0; index < 200; index++) seen.claim(`ev_${index}`, threeDaysAgo);
	expect(seen.serialize()).toHaveLength(200 * WIDTH);
	for (let index = 0; index < 200; index++)
		expect(seen.claim(`ev_${index}`, threeDaysAgo)).toBe(false);
});

test('two merged memories know what each of them knew', () => {
	const one = new ProcessedEvents();
	const other = new ProcessedEvents();
	one.claim('ev_1', 1);
	other.claim('ev_2', 2);
	other.merge(one.serialize());
	expect([other.claim('ev_1', 1), other.claim('ev_2', 2), other.claim('ev_3', 3)]).toEqual([
		false,
		false,
		true,
	]);
});

test('what was released is new again, though it was stored in the meantime', () => {
	const seen = new ProcessedEvents();
	seen.claim('ev_1', 1);
	const stored = seen.serialize();
	seen.release('ev_1');
	seen.claim('ev_2', 2);
	seen.merge(stored);
	expect(seen.claim('ev_1', 1)).toBe(true);
	expect(seen.claim('ev_1', 1)).toBe(false);
});

test.each([NaN, -1, Infinity, 1e300])('an event whose time is %p is processed once', (time) => {
	const seen = new ProcessedEvents();
	seen.claim('ev_0', 1);
	expect(seen.claim('ev_1', time)).toBe(true);
	expect(reread(seen.serialize()).claim('ev_1', time)).toBe(false);
	expect(seen.serialize()).toHaveLength(2 * WIDTH);
});

test.each([undefined, null, 7, {}, '', 'cut', 'x'.repeat(1000)])(
	'%p, which nobody stored, does no harm',
	(stored) => {
		const seen = reread(stored);
		expect(seen.claim('ev_1', Date.now())).toBe(true);
		expect(seen.claim('ev_1', Date.now() - 1)).toBe(false);
	},
);
