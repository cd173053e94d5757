import { CloseClock } from '../../../../nodes/shared/closeClock';

const NOW = Date.parse('2026-11-28T12:00:00Z');
const MINUTE = 60_000;
beforeEach(() => jest.useFakeTimers({ now: NOW }));
afterEach(() => jest.useRealTimers());

test.each([
	['right', 0, 0],
	['20 seconds ahead', MINUTE / 3, 0],
	['20 seconds behind', -MINUTE / 3, 0],
	['ten minutes ahead', 10 * MINUTE, 10 * MINUTE],
	['two hours behind', -120 * MINUTE, -120 * MINUTE],
])("Close's clock is %s", (_, ahead, offset) => {
	const clock = new CloseClock();
	clock.record(NOW + ahead);
	expect(clock.now()).toBe(NOW + offset);
	expect(clock.toOwnTime(NOW + offset)).toBe(NOW);
	// A response that does not say changes nothing.
	clock.record(NaN);
	expect(clock.now()).toBe(NOW + offset);
	clock.record(NOW);
	expect(clock.now()).toBe(NOW);
});

test('a response that was on its way for 90 seconds tells of no other clock', () => {
	const clock = new CloseClock();
	clock.record(NOW - 90_000, NOW - 90_000);
	expect(clock.now()).toBe(NOW);
});
