import fc from 'fast-check';
import { Seen } from '../../nodes/CloseSmsTrigger/seen';

const HOUR = 3_600_000;
const WIDTH = 17;

/** A process that starts from this stored text. */
const reread = (text: unknown) => {
	const seen = new Seen();
	seen.read(text);
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
			let seen = new Seen();
			const newest = new Map<number, number>();
			for (const { id, time, store } of steps) {
				expect(seen.take(`ev_${id}`, time)).toBe(time > (newest.get(id) ?? 0));
				newest.set(id, Math.max(time, newest.get(id) ?? 0));
				if (store) seen = reread(seen.text());
			}
		}),
	);
});

test('no more than 10,000 are remembered, the newest ones', () => {
	const seen = new Seen();
	for (let index = 0; index < 12_000; index++) seen.take(`ev_${index}`, Date.now());
	expect(seen.text()).toHaveLength(10_000 * WIDTH);
	expect(seen.take('ev_11999', Date.now() - HOUR)).toBe(false);
	expect(seen.take('ev_2000', Date.now() - HOUR)).toBe(false);
	expect(seen.take('ev_1999', Date.now() - HOUR)).toBe(true);
});

test('what Close no longer retries is forgotten, so that little is stored', () => {
	const seen = new Seen();
	const threeDaysAgo = Date.now() - 72 * HOUR;
	for (let index = 0; index < 500; index++) seen.take(`ev_old${index}`, Date.now() - 97 * HOUR);
	for (let index = 0; index < 200; index++) seen.take(`ev_${index}`, threeDaysAgo);
	expect(seen.text()).toHaveLength(200 * WIDTH);
	for (let index = 0; index < 200; index++)
		expect(seen.take(`ev_${index}`, threeDaysAgo)).toBe(false);
});

test('two merged memories know what each of them knew', () => {
	const one = new Seen();
	const other = new Seen();
	one.take('ev_1', 1);
	other.take('ev_2', 2);
	other.read(one.text());
	expect([other.take('ev_1', 1), other.take('ev_2', 2), other.take('ev_3', 3)]).toEqual([
		false,
		false,
		true,
	]);
});

test('what was released is new again, though it was stored in the meantime', () => {
	const seen = new Seen();
	seen.take('ev_1', 1);
	const stored = seen.text();
	seen.takeBack('ev_1');
	seen.take('ev_2', 2);
	seen.read(stored);
	expect(seen.take('ev_1', 1)).toBe(true);
	expect(seen.take('ev_1', 1)).toBe(false);
});

test.each([NaN, -1, Infinity, 1e300])('an event whose time is %p is processed once', (time) => {
	const seen = new Seen();
	seen.take('ev_0', 1);
	expect(seen.take('ev_1', time)).toBe(true);
	expect(reread(seen.text()).take('ev_1', time)).toBe(false);
	expect(seen.text()).toHaveLength(2 * WIDTH);
});

test.each([undefined, null, 7, {}, '', 'cut', 'x'.repeat(1000)])(
	'%p, which nobody stored, does no harm',
	(stored) => {
		const seen = reread(stored);
		expect(seen.take('ev_1', Date.now())).toBe(true);
		expect(seen.take('ev_1', Date.now() - 1)).toBe(false);
	},
);
