import fc from 'fast-check';
import { RateLimiter } from '../../nodes/CloseSms/transport/rateLimiter';
import { monotonicNow } from '../../nodes/shared/delay';

const header = (limit: number, remaining: number, reset: number | string) => ({
	ratelimit: `limit=${limit}, remaining=${remaining}, reset=${reset}`,
});

describe('the endpoint groups in which Close counts', () => {
	const limiter = new RateLimiter();
	const group = (method: string, url: string) => limiter.group(method, url);

	test('one for all IDs', () => {
		expect(group('PUT', '/activity/sms/acti_1/')).toBe(group('PUT', '/activity/sms/acti_Xy2/'));
		expect(group('GET', '/sms_template/smstmpl_1/')).toBe(group('GET', '/sms_template/smstmpl_2/'));
	});

	test('one for each method and path', () => {
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

	test("the header of one answer says nothing of another group's limit", () => {
		const [look, change] = [
			group('GET', '/activity/sms/acti_1/'),
			group('PUT', '/activity/sms/acti_1/'),
		];
		limiter.recordSent(look);
		limiter.recordResponse(look, header(10, 0, '5.5'));

		expect(limiter.availableAt(look)).toBeGreaterThan(monotonicNow() + 5000);
		expect(limiter.availableAt(change)).toBeLessThanOrEqual(monotonicNow());
	});
});

describe('what is left of a window', () => {
	const sending = (count: number) => {
		const limiter = new RateLimiter();
		const group = limiter.group('PUT', '/activity/sms/acti_1/');
		for (let n = 0; n < count; n++) limiter.recordSent(group);
		const answered = (remaining: number, reset: number | string, limit = 10) =>
			limiter.recordResponse(group, header(limit, remaining, reset));
		return { limiter, group, answered };
	};

	/** A group whose window of three is used up and over. */
	const afterTheEnd = () => {
		const { limiter, group, answered } = sending(3);
		for (const remaining of [2, 1, 0]) answered(remaining, '0.01', 3);
		group.window!.resetAt = monotonicNow();
		return { limiter, group };
	};

	test('requests still open are taken off, since Close may count them later', () => {
		const { group, answered } = sending(4);
		answered(9, '4.5');

		expect(group.window!.available).toBe(9 - 3);
	});

	test('answers that overtake each other: the least that is left, and the earliest end', () => {
		const { group, answered } = sending(3);
		answered(7, '4.5');
		expect(group.window!.available).toBe(7 - 2);
		answered(8, '4.7');
		answered(9, '4.9');

		expect(group.window!.available).toBe(7);
		expect(group.window!.resetAt - monotonicNow()).toBeLessThan(4600);
	});

	test('whole seconds may be rounded down: the latest end', () => {
		const { group, answered } = sending(2);
		answered(9, 5);
		answered(8, 4);

		expect(group.window!.resetAt - monotonicNow()).toBeGreaterThan(4900);
	});

	test('what another run uses leaves us our part of the rest', () => {
		const { group, answered } = sending(2);
		answered(6, '4.5');
		answered(2, '4.4');

		expect(group.window!.share).toBe(2 / 8);
		expect(group.window!.available).toBe(0);
	});

	test('after the end no more go out than the limit allows until an answer tells of the new window', () => {
		const { limiter, group } = afterTheEnd();
		for (let n = 0; n < 3; n++) {
			expect(limiter.availableAt(group)).toBeLessThanOrEqual(monotonicNow());
			limiter.recordSent(group);
		}

		expect(limiter.availableAt(group)).toBe(Infinity);
	});

	test('when none of those is answered properly, it goes on', () => {
		const { limiter, group } = afterTheEnd();
		for (let n = 0; n < 3; n++) {
			limiter.availableAt(group);
			limiter.recordSent(group);
		}
		for (let n = 0; n < 3; n++) limiter.recordResponse(group, {});

		expect(limiter.availableAt(group)).toBeLessThanOrEqual(monotonicNow());
	});

	test('a header without the limit does not stop a run for good', () => {
		const { limiter, group } = sending(1);
		limiter.recordResponse(group, { ratelimit: 'remaining=0, reset=0.01' });
		group.window!.resetAt = monotonicNow();

		expect(limiter.availableAt(group)).toBeLessThanOrEqual(monotonicNow());
	});
});

describe('how many may be in flight at once', () => {
	const fresh = () => {
		const limiter = new RateLimiter();
		const group = limiter.group('PUT', '/activity/sms/acti_1/');
		const send = (count: number) => {
			for (let n = 0; n < count; n++) limiter.recordSent(group);
		};
		const answer = (headers = {}) => {
			limiter.recordResponse(group, headers);
			limiter.recordSuccess(group);
		};
		return { limiter, group, send, answer, concurrency: () => limiter.concurrency(group) };
	};

	test('two until the first response', () => {
		const { limiter, group, send } = fresh();
		send(2);

		expect(limiter.availableAt(group)).toBe(Infinity);
	});

	/** How many more go out before a response comes. */
	const sendAll = ({ limiter, group, send }: ReturnType<typeof fresh>) => {
		let sent = 0;
		for (; limiter.availableAt(group) <= monotonicNow(); sent++) send(1);
		return sent;
	};

	test('once Close has named its limit: in the first window a quarter of what is left, then all of it', () => {
		const run = fresh();
		run.send(2);
		run.answer(header(100, 99, '4.5'));
		expect(sendAll(run)).toBe(24 - 1);
		for (let n = 0; n < 24; n++) run.answer(header(100, 98 - n, '4.4'));
		run.group.window!.resetAt = monotonicNow();
		expect(sendAll(run)).toBe(100);
	});

	test('without a named limit: twice as many in each round', () => {
		const { send, answer, concurrency } = fresh();
		const rounds = [concurrency()];
		send(2);
		for (let round = 0; round < 4; round++) {
			const inFlight = concurrency();
			for (let n = 0; n < inFlight; n++) {
				answer();
				send(1);
			}
			send(concurrency() - inFlight);
			rounds.push(concurrency());
		}

		expect(rounds).toEqual([2, 4, 8, 16, 32]);
	});

	test('what is not used does not grow: one at a time stays few at a time', () => {
		const { send, answer, concurrency } = fresh();
		for (let n = 0; n < 1000; n++) {
			send(1);
			answer();
		}

		expect(concurrency()).toBeLessThanOrEqual(3);
	});

	test('after a 429 few, then half as many, and no jump even when Close names its limit', () => {
		const { limiter, group, send, answer, concurrency } = fresh();
		send(3);
		answer(header(40, 39, '4.5'));
		limiter.recordResponse(group, header(40, 0, '0.01'));
		limiter.recordRateLimited(group, header(40, 0, '0.01'), undefined);
		expect(concurrency()).toBe(10);
		answer(header(40, 39, '4.5'));
		expect(concurrency()).toBe(10);
		limiter.recordResponse(group, {});
		group.resumeAt = -Infinity;
		limiter.recordRateLimited(group, {}, undefined);
		expect(concurrency()).toBe(5);
	});

	test('a response that never comes holds up nobody for longer than two seconds', () => {
		const { limiter, group, send } = fresh();
		send(2);
		const patience = limiter.patienceEndsAt(group) - monotonicNow();
		expect(patience).toBeGreaterThan(1_900);
		expect(patience).toBeLessThanOrEqual(2_000);
		group.lastAt -= 2_000;
		expect(limiter.availableAt(group)).toBeLessThanOrEqual(monotonicNow());
		// One more, not all.
		send(1);
		expect(limiter.availableAt(group)).toBe(Infinity);
	});

	test.each<[string, object, boolean]>([
		['a 429 with retry-after', { 'retry-after': '86400' }, true],
		['a window', header(10, 0, '86400'), false],
	])('however long a wait %s names, after a minute one request asks again', (_, headers, is429) => {
		const { limiter, group, send } = fresh();
		send(1);
		limiter.recordResponse(group, { ...headers });
		if (is429) limiter.recordRateLimited(group, { ...headers }, undefined);
		expect(limiter.availableAt(group) - monotonicNow()).toBeGreaterThan(59_000);
		expect(limiter.availableAt(group) - monotonicNow()).toBeLessThan(61_000);
		group.lastAt -= 60_000;
		expect(limiter.availableAt(group)).toBeLessThanOrEqual(monotonicNow());
		send(1);
		expect(limiter.availableAt(group) - monotonicNow()).toBeGreaterThan(59_000);
	});

	describe('after ten seconds without a request', () => {
		const idle = (group: ReturnType<typeof fresh>['group'], ms: number) => {
			group.lastAt -= ms;
			group.window!.resetAt -= ms;
		};

		test('what Close said of its limit holds no longer: another process may use the key by now', () => {
			const run = fresh();
			run.send(1);
			run.answer(header(100, 99, '0.001'));
			idle(run.group, 10_100);

			expect(sendAll(run)).toBe(2);
		});

		test.each<[string, (run: ReturnType<typeof fresh>) => void]>([
			['less than that', ({ group }) => idle(group, 9_900)],
			['a window that is not over so long', ({ group }) => (group.lastAt -= 20_000)],
			[
				'a request that has no response yet',
				({ group, send }) => {
					send(1);
					idle(group, 20_000);
				},
			],
		])('it does after %s', (_, setUp) => {
			const run = fresh();
			run.send(1);
			run.answer(header(100, 99, '0.001'));
			run.group.window!.resetAt = monotonicNow();
			setUp(run);

			expect(sendAll(run)).toBeGreaterThan(90);
		});

		test('a pause that Close asked for is kept', () => {
			const { limiter, group, send } = fresh();
			send(1);
			limiter.recordResponse(group, {});
			limiter.recordRateLimited(group, { 'retry-after': '30' }, undefined);
			group.lastAt -= 20_000;

			expect(limiter.availableAt(group)).toBeGreaterThan(monotonicNow() + 25_000);
		});
	});

	test('a 429 in one endpoint group does not hold up another', () => {
		const { limiter, group } = fresh();
		const search = limiter.group('GET', '/data/search/');
		limiter.recordSent(search);
		limiter.recordResponse(search, { 'retry-after': '9' });
		limiter.recordRateLimited(search, { 'retry-after': '9' }, undefined);

		expect(limiter.availableAt(search)).toBeGreaterThan(monotonicNow() + 8_000);
		expect(limiter.availableAt(group)).toBeLessThanOrEqual(monotonicNow());
	});

	test('at least one, whatever is answered', () => {
		fc.assert(
			fc.property(fc.array(fc.boolean(), { maxLength: 300 }), (answers) => {
				const { limiter, group, send, answer, concurrency } = fresh();
				for (const isGood of answers) {
					send(1);
					if (isGood) answer();
					else {
						limiter.recordResponse(group, {});
						limiter.recordRateLimited(group, { 'retry-after': 0 }, undefined);
					}
					expect(concurrency()).toBeGreaterThanOrEqual(1);
					expect(group.inFlight).toBe(0);
				}
			}),
		);
	});
});

describe('responses that are read late, since the event loop was held', () => {
	const inWindow = (remaining: number) => {
		const limiter = new RateLimiter();
		const group = limiter.group('PUT', '/activity/sms/acti_1/');
		for (let n = 0; n < 3; n++) limiter.recordSent(group);
		limiter.recordResponse(group, header(10, remaining, '4.5'));
		return { limiter, group };
	};

	test('the window of an earlier response is not taken for a new one with more left', () => {
		const { limiter, group } = inWindow(0);
		// Close said so four seconds ago.
		limiter.recordResponse(group, header(10, 8, '8.5'));

		expect(limiter.availableAt(group)).toBeGreaterThan(monotonicNow() + 4_000);
	});

	test('what a request from before the reset tells is not believed of the window after it', () => {
		const { limiter, group } = inWindow(0);
		const sentAt = monotonicNow();
		group.window!.resetAt = monotonicNow();
		expect(limiter.availableAt(group)).toBeLessThanOrEqual(monotonicNow());
		group.window!.beganAt = sentAt + 1;
		const { available } = group.window!;
		limiter.recordResponse(group, header(10, 7, '0.1'), sentAt);

		expect(group.window!.resetAt).toBe(Infinity);
		expect(group.window!.available).toBe(available);
	});
});
