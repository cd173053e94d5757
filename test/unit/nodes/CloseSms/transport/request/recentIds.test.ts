import { RecentIds } from '../../../../../../nodes/CloseSms/transport/request/recentIds';

beforeEach(() => jest.useFakeTimers({ now: 0 }));
afterEach(() => jest.useRealTimers());

test('an ID is remembered for a minute', () => {
	const ids = new RecentIds();
	ids.add('acti_1');
	jest.setSystemTime(30_000);
	ids.add('acti_2');
	expect([ids.has('acti_1'), ids.has('acti_2'), ids.has('acti_3')]).toEqual([true, true, false]);
	jest.setSystemTime(60_001);
	ids.add('acti_3');
	expect(['acti_1', 'acti_2', 'acti_3'].map(ids.has)).toEqual([false, true, true]);
	expect(ids.size).toBe(2);
});

test('when an ID was added last is known for a minute, unless it is deleted', () => {
	const ids = new RecentIds();
	ids.add('acti_1');
	ids.add('acti_2');
	jest.setSystemTime(50_000);
	ids.add('acti_1');
	expect(['acti_1', 'acti_2', 'acti_3'].map((id) => ids.getTime(id))).toEqual([
		50_000,
		0,
		undefined,
	]);
	jest.setSystemTime(60_000);
	expect(ids.getTime('acti_2')).toBe(0);
	jest.setSystemTime(60_001);
	expect(['acti_1', 'acti_2'].map((id) => ids.getTime(id))).toEqual([50_000, undefined]);
	ids.delete('acti_1');
	expect([ids.getTime('acti_1'), ids.has('acti_1'), ids.size]).toEqual([undefined, false, 0]);
});
