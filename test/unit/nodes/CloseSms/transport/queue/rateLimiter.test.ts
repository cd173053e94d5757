import fc from 'fast-check';
import { RateLimiter } from '../../../../../../nodes/CloseSms/transport/queue/rateLimiter';
import { monotonicNow } from '../../../../../../nodes/shared/delay';

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

describe('to the millisecond', () => {
	beforeEach(() => jest.useFakeTimers({ doNotFake: ['nextTick'] }));
	afterEach(() => jest.useRealTimers());

	const pass = (ms: number) => jest.advanceTimersByTime(ms);

	const fresh = (allowed?: number) => {
		const limiter = new RateLimiter();
		const group = limiter.group('PUT', '/activity/sms/acti_1/');
		if (allowed) group.allowed = allowed;
		const send = (count = 1) => {
			for (let n = 0; n < count; n++) limiter.recordSent(group);
		};
		const answer = (headers = {}, sentAt = monotonicNow()) =>
			limiter.recordResponse(group, headers, sentAt);
		const refuse = (headers = {}) => {
			send();
			answer(headers);
			limiter.recordRateLimited(group, headers, undefined);
		};
		/** In how many milliseconds the next request may be sent. */
		const next = () => limiter.availableAt(group) - monotonicNow();
		return { limiter, group, send, answer, refuse, next };
	};

	/** Somebody else has used 79 of 100, so our share is small; the window ends in a second. */
	const shared = () => {
		const run = fresh(50);
		run.send();
		run.answer(header(100, 20, '1.0'));
		return run;
	};

	/** A window of ten is over, of which one was used, and the next has begun. */
	const inSecondWindow = () => {
		const run = fresh();
		run.send();
		run.answer(header(10, 9, '1.0'));
		pass(1005);
		run.next();
		return run;
	};

	test('a pause ends five milliseconds after the time that Close names', () => {
		const { limiter, group, refuse, next } = fresh();
		refuse({ 'retry-after': '1' });
		expect(next()).toBe(1005);
		expect(limiter.pausedForMs(group)).toBe(1005);
		pass(1000);
		expect(limiter.pausedForMs(group)).toBe(5);
		pass(500);
		expect(limiter.pausedForMs(group)).toBe(0);
	});

	test('when it ends, what is in flight counts again', () => {
		const { send, refuse, next } = fresh();
		refuse({ 'retry-after': '1' });
		send();
		expect(next()).toBe(1005);
		pass(1005);
		expect(next()).toBe(Infinity);
	});

	test('a window ends five milliseconds after the time that Close names', () => {
		const { limiter, group, send, answer, next } = fresh();
		send();
		answer(header(1, 0, '1.0'));
		expect(next()).toBe(1005);
		expect(limiter.nextAttemptAt(group) - monotonicNow()).toBe(1005);
		pass(1005);
		expect(next()).toBe(0);
		expect(group.window!.resetAt).toBe(Infinity);
	});

	test('without a response the next attempt is after two seconds', () => {
		const { limiter, group, send, next } = fresh();
		send(2);
		expect(next()).toBe(Infinity);
		expect(limiter.nextAttemptAt(group) - monotonicNow()).toBe(2000);
		pass(2000);
		expect(next()).toBe(0);
	});

	test('in the next window a share that was small gets half of what was left', () => {
		const { group, send, next } = shared();
		expect(group.window).toMatchObject({ share: 1 / 80, available: 0 });
		send();
		pass(1005);
		next();
		expect(group.window!.share).toBeCloseTo(1 / 80 + 0.1);
		// 11 of 100, and one is in flight.
		expect(group.window!.available).toBe(11 - 1);
	});

	test.each([
		['less than half of a window says nothing of our share', 49, 0.1125],
		['half of it does', 50, 1],
	])('%s', (_, count, share) => {
		const { group, send, answer, next } = shared();
		pass(1005);
		next();
		send(count);
		for (let n = 1; n <= count; n++) answer(header(100, 100 - n, '0.9'));

		expect(group.window!.share).toBeCloseTo(share);
	});

	test('responses that name no limit count as ours once one does', () => {
		const { group, send, answer } = fresh();
		send(3);
		answer();
		answer({ ratelimit: 'limit=10, remaining=3' });
		expect(group.window).toBeUndefined();
		answer(header(10, 7, '1.0'));

		expect(group.window).toMatchObject({ responses: 3, share: 1 });
	});

	test.each(['limit=10, remaining=3', 'limit=10, reset=3'])('"%s" names no window', (ratelimit) => {
		const { group, send, answer } = fresh();
		send();
		answer({ ratelimit });

		expect(group.window).toBeUndefined();
	});

	test('where a response does not name the limit, it is the one that was named before', () => {
		const { group, send, answer } = fresh();
		send(2);
		answer(header(10, 9, '1.0'));
		answer({ ratelimit: 'remaining=8, reset=1.0' });

		expect(group.window!.limit).toBe(10);
	});

	test.each([0, 1])('%d ms after the end a response tells of a new window', (ms) => {
		const { group, send, answer } = fresh();
		send();
		answer(header(10, 0, '1.0'));
		pass(1005 + ms);
		send();
		answer(header(10, 9, '1.0'));

		expect(group.window!.remaining).toBe(9);
	});

	test('so does one to a request of the moment in which it began', () => {
		const { group, send, answer } = inSecondWindow();
		const sentAt = monotonicNow();
		send();
		pass(50);
		answer(header(10, 9, '0.95'), sentAt);

		// Without it the end of this window would not be known.
		expect(group.window!.resetAt).toBe(sentAt + 50 + 955);
	});

	test('from the second window on, what is left is all that counts', () => {
		const { limiter, group, send, answer } = inSecondWindow();
		send();
		answer(header(10, 9, '1.0'));

		expect(limiter.concurrency(group)).toBe(Infinity);
	});

	test('after a refusal it stays careful in the windows that follow', () => {
		const { limiter, group, send, answer, refuse, next } = fresh();
		send();
		answer(header(10, 9, '1.0'));
		refuse(header(10, 0, '1.0'));
		pass(1005);
		next();

		expect(limiter.concurrency(group)).toBe(10);
	});

	test('half of what may be in flight has to be for it to grow', () => {
		const { limiter, group, send, answer } = fresh(4);
		send(2);
		answer();
		limiter.recordSuccess(group);
		expect(group.allowed).toBe(5);
		answer();
		limiter.recordSuccess(group);
		expect(group.allowed).toBe(5);
	});

	test('after a refusal it grows by one a round', () => {
		const { limiter, group, send, answer, refuse } = fresh(10);
		refuse({ 'retry-after': '1' });
		expect(group.allowed).toBe(5);
		send(5);
		answer();
		limiter.recordSuccess(group);

		expect(group.allowed).toBeCloseTo(5.2);
	});

	test('of several refusals in one pause the first counts, and one at its end again', () => {
		const { group, refuse } = fresh(40);
		refuse({ 'retry-after': '1' });
		refuse({ 'retry-after': '1' });
		expect(group).toMatchObject({ allowed: 20, consecutive429s: 1 });
		pass(1005);
		refuse({ 'retry-after': '1' });
		expect(group).toMatchObject({ allowed: 10, consecutive429s: 2 });
	});

	test('a request that was not sent after all counts nowhere', () => {
		const { limiter, group, send, answer } = fresh();
		send();
		limiter.recordNotSent(group);
		expect(group.inFlight).toBe(0);
		send(2);
		answer(header(10, 9, '1.0'));
		const { available } = group.window!;
		send();
		limiter.recordNotSent(group);

		expect(group).toMatchObject({ inFlight: 1, window: { available } });
	});

	test('ten seconds without a request, and not a millisecond less, until the limit is forgotten', () => {
		const { limiter, group, next } = fresh(50);
		pass(10_000);
		next();
		expect(limiter.concurrency(group)).toBe(50);
		pass(1);
		next();
		expect(limiter.concurrency(group)).toBe(2);
	});

	test('a window in which nothing was sent is forgotten like any other', () => {
		const { limiter, group, next } = inSecondWindow();
		pass(10_000);
		next();

		expect(group.window).toBeUndefined();
		expect(limiter.concurrency(group)).toBe(2);
	});
});
