import { RecentIds } from '../../../../../../nodes/CloseSms/transport/request/recentIds';

test('an ID is remembered for a minute', () => {
	jest.useFakeTimers({ now: 0 });
	try {
		const ids = new RecentIds();
		ids.add('acti_1');
		jest.setSystemTime(30_000);
		ids.add('acti_2');
		expect([ids.has('acti_1'), ids.has('acti_2'), ids.has('acti_3')]).toEqual([true, true, false]);
		jest.setSystemTime(60_001);
		ids.add('acti_3');
		expect(['acti_1', 'acti_2', 'acti_3'].map(ids.has)).toEqual([false, true, true]);
		expect(ids.size).toBe(2);
	} finally {
		jest.useRealTimers();
	}
});
