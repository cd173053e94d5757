import fc from 'fast-check';
import {
	forgetProcessedEvents,
	getProcessedEvents,
	ProcessedEvents,
} from '../../../../nodes/CloseSmsTrigger/processedEvents';

const HOUR = 3_600_000;

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

	test('completing it twice is as good as once, and an earlier time does not make a later one new', () => {
		const { processed } = claimed();
		processed.complete(key);
		processed.complete({ ...key, time: 4 });
		expect(processed.claim(key, () => true)).toBe('processed');
	});

	test('n8n has responded without having started the workflow: the next delivery gets it', () => {
		const { processed, end } = claimed();
		end();
		expect(processed.claim(key, () => true)).toBe('claimed');
	});

	test('a claim that is void is no longer asked about once another event comes', () => {
		const processed = new ProcessedEvents();
		const isStarting = jest.fn(() => false);
		processed.claim(key, isStarting);
		for (const id of ['ev_2', 'ev_3', 'ev_4']) processed.claim({ ...key, id }, () => true);
		expect(isStarting).toHaveBeenCalledTimes(1);
	});

	test('what cannot repeat is never new again', () => {
		const processed = new ProcessedEvents();
		const old = { id: 'acti_1 received', time: Date.now() - 97 * HOUR, isRepeatable: false };
		processed.complete(old);
		expect(processed.claim({ ...old, time: Date.now() }, () => true)).toBe('processed');
	});
});

test('each event is new once for each later time', () => {
	const step = fc.record({
		id: fc.integer({ min: 0, max: 9 }),
		time: fc.integer({ min: 1, max: 5 }),
	});
	fc.assert(
		fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
			const processed = new ProcessedEvents();
			const newest = new Map<number, number>();
			for (const { id, time } of steps) {
				expect(deliver(processed, `ev_${id}`, time)).toBe(time > (newest.get(id) ?? 0));
				newest.set(id, Math.max(time, newest.get(id) ?? 0));
			}
		}),
	);
});

test('the 10,001st event within the time does not make the first one new', () => {
	const processed = new ProcessedEvents();
	for (let index = 0; index <= 10_000; index++) deliver(processed, `ev_${index}`, 1);
	expect(deliver(processed, 'ev_0', 1)).toBe(false);
});

test('the oldest are forgotten when there are more than 50,000', () => {
	const processed = new ProcessedEvents();
	for (let index = 0; index < 50_001; index++) deliver(processed, `ev_${index}`, 1);
	expect(deliver(processed, 'ev_1', 1)).toBe(false);
	expect(deliver(processed, 'ev_0', 1)).toBe(true);
});

describe('with time', () => {
	beforeEach(() => jest.useFakeTimers());
	afterEach(() => jest.useRealTimers());

	test('an event is forgotten four days after it started the workflow, whatever its own time', () => {
		const processed = new ProcessedEvents();
		deliver(processed, 'ev_1', 1);
		jest.advanceTimersByTime(95 * HOUR);
		deliver(processed, 'ev_2', 1);
		expect(deliver(processed, 'ev_1', 1)).toBe(false);
		jest.advanceTimersByTime(2 * HOUR);
		deliver(processed, 'ev_3', 1);
		expect(deliver(processed, 'ev_1', 1)).toBe(true);
		expect(deliver(processed, 'ev_2', 1)).toBe(false);
	});
});

test('as long as the process runs, the events of a trigger are known, and not those of another', () => {
	deliver(getProcessedEvents('trigger 1'), 'ev_1', 1);
	expect(deliver(getProcessedEvents('trigger 1'), 'ev_1', 1)).toBe(false);
	expect(deliver(getProcessedEvents('trigger 2'), 'ev_1', 1)).toBe(true);
	forgetProcessedEvents('trigger 1');
	expect(deliver(getProcessedEvents('trigger 1'), 'ev_1', 1)).toBe(true);
});
