import fc from 'fast-check';
import {
	forgetProcessedEvents,
	getProcessedEvents,
	ProcessedEvents,
} from '../../../../../nodes/CloseSmsTrigger/webhook/processedEvents';

const HOUR = 3_600_000;
const WIDTH = 17;

/** A process that starts from this stored text. */
const reread = (text: unknown) => {
	const processed = new ProcessedEvents();
	processed.merge(text);
	return processed;
};

/** Delivers an event that starts the workflow at once if it is new; whether it did. */
const deliver = (processed: ProcessedEvents, id: string, time: number) => {
	const key = { id, time, isRepeatable: true };
	const isNew = processed.claim(key, () => true) === 'claimed';
	if (isNew) processed.complete(key);
	return isNew;
};

describe('claiming an event', () => {
	const key = { id: 'ev_1', time: 5, isRepeatable: true };
	const claimed = () => {
		const processed = new ProcessedEvents();
		let isStarting = true;
		expect(processed.claim(key, () => isStarting)).toBe('claimed');
		return { processed, end: () => (isStarting = false) };
	};

	test('nobody else gets it while n8n is starting the workflow, nor a later or earlier state of it', () => {
		const { processed } = claimed();
		for (const time of [5, 4, 6])
			expect(processed.claim({ ...key, time }, () => true)).toBe('underWay');
	});

	test('once it has started, it is processed', () => {
		const { processed, end } = claimed();
		processed.complete(key);
		expect(processed.claim(key, () => true)).toBe('processed');
		end();
		expect(processed.claim(key, () => true)).toBe('processed');
		expect(processed.claim({ ...key, time: 6 }, () => true)).toBe('claimed');
	});

	test('completing twice is as good as once', () => {
		const { processed } = claimed();
		processed.complete(key);
		processed.complete(key);
		expect(processed.serialize()).toHaveLength(WIDTH);
	});

	test('if n8n ended without having started it, the next one gets it', () => {
		const { processed, end } = claimed();
		end();
		expect(processed.claim(key, () => true)).toBe('claimed');
		expect(processed.claim(key, () => true)).toBe('underWay');
	});

	test('other events are not held up', () => {
		const { processed } = claimed();
		expect(processed.claim({ ...key, id: 'ev_2' }, () => true)).toBe('claimed');
	});

	test('a state that was processed before is so, though a later one is under way', () => {
		const processed = new ProcessedEvents();
		deliver(processed, 'ev_1', 5);
		expect(processed.claim({ ...key, time: 6 }, () => true)).toBe('claimed');
		expect(processed.claim({ ...key, time: 5 }, () => true)).toBe('processed');
	});

	test('what cannot repeat is new the first time', () => {
		const once = { id: 'acti_1 received', time: 5, isRepeatable: false };
		expect(new ProcessedEvents().claim(once, () => true)).toBe('claimed');
	});

	test('what cannot repeat is never new again, and kept while Close delivers it', () => {
		const processed = new ProcessedEvents();
		const old = { id: 'acti_1 received', time: Date.now() - 97 * HOUR, isRepeatable: false };
		processed.complete(old);
		const again = { ...old, time: Date.now() };
		expect(processed.claim(again, () => true)).toBe('processed');
		for (let index = 0; index < 200; index++) deliver(processed, `ev_${index}`, Date.now());
		expect(reread(processed.serialize()).claim(again, () => true)).toBe('processed');
	});

	test('only what has started the workflow is stored', () => {
		const { processed } = claimed();
		deliver(processed, 'ev_2', 5);
		expect(processed.serialize()).toHaveLength(WIDTH);
		expect(reread(processed.serialize()).claim(key, () => true)).toBe('claimed');
	});
});

test('each event is new once for each later time, however it is stored and read in between', () => {
	const step = fc.record({
		id: fc.integer({ min: 0, max: 9 }),
		time: fc.integer({ min: 1, max: 5 }),
		store: fc.boolean(),
	});
	fc.assert(
		fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
			let processed = new ProcessedEvents();
			const newest = new Map<number, number>();
			for (const { id, time, store } of steps) {
				expect(deliver(processed, `ev_${id}`, time)).toBe(time > (newest.get(id) ?? 0));
				newest.set(id, Math.max(time, newest.get(id) ?? 0));
				if (store) processed = reread(processed.serialize());
			}
		}),
	);
});

test('no more than 10,000 are kept, the newest ones', () => {
	const processed = new ProcessedEvents();
	for (let index = 0; index < 12_000; index++) deliver(processed, `ev_${index}`, Date.now());
	expect(processed.serialize()).toHaveLength(10_000 * WIDTH);
	expect(deliver(processed, 'ev_11999', Date.now() - HOUR)).toBe(false);
	expect(deliver(processed, 'ev_2000', Date.now() - HOUR)).toBe(false);
	expect(deliver(processed, 'ev_1999', Date.now() - HOUR)).toBe(true);
});

test('what Close no longer tries to deliver is forgotten, so that little is stored', () => {
	const processed = new ProcessedEvents();
	const threeDaysAgo = Date.now() - 72 * HOUR;
	for (let index = 0; index < 500; index++)
		deliver(processed, `ev_old${index}`, Date.now() - 97 * HOUR);
	for (let index = 0; index < 200; index++) deliver(processed, `ev_${index}`, threeDaysAgo);
	expect(processed.serialize()).toHaveLength(200 * WIDTH);
	for (let index = 0; index < 200; index++)
		expect(deliver(processed, `ev_${index}`, threeDaysAgo)).toBe(false);
});

test('100 are kept however old they are', () => {
	const processed = new ProcessedEvents();
	for (let index = 0; index < 150; index++) deliver(processed, `ev_${index}`, 1);
	expect(processed.serialize()).toHaveLength(100 * WIDTH);
});

test('two memories merged know what each of them knew', () => {
	const one = new ProcessedEvents();
	const other = new ProcessedEvents();
	deliver(one, 'ev_1', 1);
	deliver(other, 'ev_2', 2);
	other.merge(one.serialize());
	expect([1, 2, 3].map((number) => deliver(other, `ev_${number}`, number))).toEqual([
		false,
		false,
		true,
	]);
});

test.each([NaN, -1, Infinity, 1e300])('an event whose time is %p starts once', (time) => {
	const processed = new ProcessedEvents();
	deliver(processed, 'ev_0', 1);
	expect(deliver(processed, 'ev_1', time)).toBe(true);
	expect(deliver(reread(processed.serialize()), 'ev_1', time)).toBe(false);
	expect(processed.serialize()).toHaveLength(2 * WIDTH);
});

test.each([undefined, null, 7, {}, '', 'cut', 'x'.repeat(1000)])(
	'%p, which nobody stored, does no harm',
	(stored) => {
		const processed = reread(stored);
		const time = Date.now();
		expect(deliver(processed, 'ev_1', time)).toBe(true);
		expect(deliver(processed, 'ev_1', time - 1)).toBe(false);
	},
);

test('an older state that was stored does not make a later one new again', () => {
	const older = new ProcessedEvents();
	deliver(older, 'ev_1', 5);
	const processed = new ProcessedEvents();
	deliver(processed, 'ev_1', 9);
	processed.merge(older.serialize());
	expect(deliver(processed, 'ev_1', 7)).toBe(false);
	expect(deliver(processed, 'ev_1', 10)).toBe(true);
});

describe('by subscription, as long as the process runs', () => {
	const stored = (id: string) => {
		const processed = new ProcessedEvents();
		deliver(processed, id, 1);
		return processed.serialize();
	};

	test('the same events are known whatever is stored, and those of another subscription are not', () => {
		const processed = getProcessedEvents('whsub_1', undefined);
		deliver(processed, 'ev_1', 1);
		expect(getProcessedEvents('whsub_1', undefined)).toBe(processed);
		expect(deliver(getProcessedEvents('whsub_2', undefined), 'ev_1', 1)).toBe(true);
	});

	test('what is stored counts too', () => {
		expect(deliver(getProcessedEvents('whsub_3', stored('ev_3')), 'ev_3', 1)).toBe(false);
	});

	test('once forgotten, nothing is known', () => {
		deliver(getProcessedEvents('whsub_4', undefined), 'ev_4', 1);
		forgetProcessedEvents('whsub_4');
		expect(deliver(getProcessedEvents('whsub_4', undefined), 'ev_4', 1)).toBe(true);
	});
});
