import { RateLimiter } from '../../../../../../nodes/CloseSms/transport/queue/rateLimiter';
import { monotonicNow } from '../../../../../../nodes/shared/delay';

describe('endpoint groups', () => {
	const limiter = new RateLimiter();
	const group = (method: string, url: string) => limiter.group(method, url);

	test('one endpoint with different IDs is one group', () => {
		expect(group('PUT', '/activity/sms/acti_1/')).toBe(group('PUT', '/activity/sms/acti_Xy2/'));
		expect(group('GET', '/sms_template/smstmpl_1/')).toBe(group('GET', '/sms_template/smstmpl_2/'));
	});

	test('each method and path has a group of its own', () => {
		const groups = [
			group('GET', '/activity/sms/acti_1/'),
			group('PUT', '/activity/sms/acti_1/'),
			group('GET', '/activity/sms/'),
			group('GET', '/sms_template/'),
			group('GET', '/phone_number/'),
			group('GET', '/sms_template/smstmpl_1/'),
		];
		expect(new Set(groups).size).toBe(groups.length);
	});

	test("the header of one response says nothing about another group's limit", () => {
		const [look, change] = [
			group('GET', '/activity/sms/acti_1/'),
			group('PUT', '/activity/sms/acti_1/'),
		];
		look.recordSent();
		look.recordResponse({ ratelimit: 'limit=10, remaining=0, reset=5.5' });

		expect(look.getAvailability().at).toBeGreaterThan(monotonicNow() + 5000);
		expect(change.getAvailability().at).toBeLessThanOrEqual(monotonicNow());
	});

	test('a 429 in one group does not hold up another', () => {
		const [search, change] = [group('GET', '/data/search/'), group('PUT', '/activity/sms/acti_1/')];
		search.recordSent();
		search.recordResponse({ 'retry-after': '9' });
		search.recordRateLimited({ 'retry-after': '9' }, undefined);

		expect(search.getAvailability().at).toBeGreaterThan(monotonicNow() + 8_000);
		expect(change.getAvailability().at).toBeLessThanOrEqual(monotonicNow());
	});
});
