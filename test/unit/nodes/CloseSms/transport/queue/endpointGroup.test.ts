import fc from 'fast-check';
import { EndpointGroup } from '../../../../../../nodes/CloseSms/transport/queue/endpointGroup';
import { monotonicNow } from '../../../../../../nodes/shared/delay';

beforeEach(() => jest.useFakeTimers({ doNotFake: ['nextTick'] }));
afterEach(() => jest.useRealTimers());

const pass = (ms: number) => jest.advanceTimersByTime(ms);

const header = (limit: number, remaining: number, reset: number | string) => ({
	ratelimit: `limit=${limit}, remaining=${remaining}, reset=${reset}`,
});

/** A group, what is sent in it, and what Close answers. */
function setUp(concurrency?: number) {
	const group = new EndpointGroup(concurrency);
	const send = (count = 1) => {
		for (let n = 0; n < count; n++) group.recordSent();
	};
	const answer = (headers = {}, sentAt = monotonicNow()) => group.recordResponse(headers, sentAt);
	const succeed = (headers = {}) => {
		answer(headers);
		group.recordSuccess();
	};
	const refuse = (headers = {}) => {
		send();
		group.recordResponse(headers, monotonicNow(), false);
		group.recordRateLimited(headers, undefined);
	};
	/** In how many milliseconds the next request may be sent at the latest. */
	const next = () => group.getAvailability().at - monotonicNow();
	/** Whether it waits for the response to another request. */
	const waitsForResponse = () => next() > 0 && !group.getAvailability().isRateLimited;
	/** How many more go out before a response comes. */
	const sendAll = () => {
		let sent = 0;
		for (; next() === 0; sent++) send();
		return sent;
	};
	return { group, send, answer, succeed, refuse, next, waitsForResponse, sendAll };
}

/** After a window of 100, of a second, of which we had so many; others may have had the rest. */
const afterShared = (own: number, others: number) => {
	const run = setUp();
	run.send(own);
	for (let n = 1; n <= own; n++) run.answer(header(100, 100 - others - n, '1.0'));
	pass(1005);
	return run;
};

/** A window of so many is over, of which one was used. */
const afterFirstWindow = (limit: number) => {
	const run = setUp();
	run.send();
	run.answer(header(limit, limit - 1, '1.0'));
	pass(1005);
	return run;
};

describe('a query', () => {
	test.each<[string, () => ReturnType<typeof setUp>]>([
		['a fresh group', setUp],
		['a window that is over', () => afterFirstWindow(10)],
		[
			'a group whose limit is forgotten',
			() => {
				const run = afterFirstWindow(10);
				pass(20_000);
				return run;
			},
		],
		[
			'a window whose end was never named',
			() => {
				const run = afterFirstWindow(10);
				run.send();
				run.answer();
				return run;
			},
		],
	])('a query of the availability changes nothing: %s', (_, make) => {
		const [asked, untouched] = [make(), make()];
		for (let n = 0; n < 50; n++) {
			asked.group.getAvailability();
			void [asked.group.concurrency, asked.group.pausedForMs, asked.group.inFlight];
		}

		expect(asked.group.getAvailability()).toEqual({
			...untouched.group.getAvailability(),
			at: asked.group.getAvailability().at,
		});
		expect(asked.sendAll()).toBe(untouched.sendAll());
	});
});

describe('what is left of a window', () => {
	test('what is left of a window is reduced by requests in flight, since Close may count them later', () => {
		const { send, answer, group, sendAll } = afterFirstWindow(10);
		send(4);
		answer(header(10, 9, '4.5'));
		expect(group.inFlight).toBe(3);

		expect(sendAll()).toBe(9 - 3);
	});

	test('a window has the least that responses name, and ends at the earliest moment they name', () => {
		const { send, answer, sendAll, next } = afterFirstWindow(10);
		send(3);
		answer(header(10, 7, '4.5'));
		answer(header(10, 8, '4.7'));
		answer(header(10, 9, '4.9'));

		expect(sendAll()).toBe(7);
		expect(next()).toBe(4505);
	});

	test('a window ends at the latest moment where whole seconds may be rounded down', () => {
		const { send, answer, sendAll, next } = setUp();
		send(2);
		answer(header(2, 1, 5));
		answer(header(2, 0, 4));

		expect(sendAll()).toBe(0);
		expect(next()).toBe(5005);
	});

	test('what is left of a window is divided with other users of the key', () => {
		const { send, answer, next } = setUp();
		send(2);
		answer(header(10, 6, '4.5'));
		// Two of the eight that are used are ours: a quarter, so nothing of two.
		answer(header(10, 2, '4.5'));

		expect(next()).toBe(4505);
	});

	test('after its end a window has the whole limit, until a response tells of the new one', () => {
		const { send, answer, waitsForResponse, sendAll } = setUp();
		send(3);
		for (const remaining of [2, 1, 0]) answer(header(3, remaining, '0.01'));
		pass(15);
		expect(sendAll()).toBe(3);
		expect(waitsForResponse()).toBe(true);
	});

	test('a new window has the whole limit again when none of its requests gets a proper response', () => {
		const { send, answer, sendAll } = setUp();
		send(3);
		for (const remaining of [2, 1, 0]) answer(header(3, remaining, '0.01'));
		pass(15);
		for (let round = 0; round < 3; round++) {
			expect(sendAll()).toBe(3);
			for (let n = 0; n < 3; n++) answer();
		}
	});

	test('a new window is never empty: a header without the limit does not stop a run for good', () => {
		const { send, answer, next } = setUp();
		send();
		answer({ ratelimit: 'remaining=0, reset=0.01' });
		pass(15);

		expect(next()).toBe(0);
	});

	test('a window ends five milliseconds after the time that Close names', () => {
		const { send, answer, next, group } = setUp();
		send();
		answer(header(1, 0, '1.0'));
		expect(group.getAvailability()).toEqual({ at: monotonicNow() + 1005, isRateLimited: true });
		pass(1004);
		expect(next()).toBe(1);
		pass(1);
		expect(next()).toBe(0);
	});

	test.each([
		['all of a window that was ours alone', 100, 0, 100],
		['as much as in the window before, less an eighth, where others had the rest', 40, 60, 35],
		['the same where something was left', 40, 30, 35],
		['all of so little that an eighth of it is none', 7, 93, 7],
	])('in a new window we take at first %s', (_, own, others, expected) => {
		const { sendAll, waitsForResponse } = afterShared(own, others);

		expect(sendAll()).toBe(expected);
		expect(waitsForResponse()).toBe(true);
	});

	test('who had nothing in a window may send one request in the next', () => {
		const { group, sendAll } = setUp();
		group.recordSent();
		group.recordResponse(header(100, 0, '1.0'), monotonicNow(), false);
		pass(1005);

		expect(sendAll()).toBe(1);
	});

	test('what Close refused is not counted as ours', () => {
		const { group, send, answer, sendAll } = setUp();
		send(50);
		for (let n = 1; n <= 40; n++) answer(header(100, 40 - n, '1.0'));
		for (let n = 0; n < 10; n++) group.recordResponse(header(100, 0, '1.0'), monotonicNow(), false);
		pass(1005);

		expect(sendAll()).toBe(35);
	});

	test('what others leave is taken after an eighth of the window, a third of it at once', () => {
		const { group, send, answer, next, sendAll } = afterShared(40, 60);
		send(35);
		for (let n = 1; n <= 35; n++) answer(header(100, 100 - n, '0.995'));
		expect(group.getAvailability()).toEqual({ at: monotonicNow() + 125, isRateLimited: true });
		pass(125);
		// 65 are left; 53 are kept for the others, who had 60.
		expect(sendAll()).toBe(4);
		expect(next()).toBe(875);
		// They do not take them.
		answer(header(100, 63, '0.87'));
		expect(sendAll()).toBe(21 - 3);
	});

	test('others who take more than before leave nothing to compete for', () => {
		const { send, answer, next } = afterShared(40, 60);
		send(35);
		for (let n = 1; n <= 35; n++) answer(header(100, 38 - n, '0.995'));

		expect(next()).toBe(125);
		pass(125);
		send();
		answer(header(100, 2, '0.87'));
		expect(next()).toBe(875);
	});

	test('others of whom nothing is seen in three windows are gone', () => {
		const { send, answer, sendAll, next } = setUp();
		const sendFour = (others: number) => {
			send(4);
			for (let n = 1; n <= 4; n++) answer(header(5, 5 - others - n, '1.0'));
			pass(1005);
		};
		sendFour(1);
		for (let window = 0; window < 3; window++) sendFour(0);

		expect(sendAll()).toBe(5);
		expect(next()).toBeGreaterThan(0);
	});

	test('one whose window showed nobody else after its first eighth has all of the next', () => {
		const { send, answer, sendAll } = afterShared(40, 60);
		send(35);
		for (let n = 1; n <= 35; n++) answer(header(100, 100 - n, '0.995'));
		pass(125);
		send();
		answer(header(100, 64, '0.87'));
		pass(875);

		expect(sendAll()).toBe(100);
	});

	test.each([
		['where another program uses up every window', '1.0', 1005],
		['where windows last longer than Close says', '0.1', 105],
	])('%s, one request asks in each', (_, reset, afterMs) => {
		const { group, send, answer, sendAll } = setUp();
		send();
		answer(header(40, 39, reset));
		pass(afterMs);
		let sent = sendAll();
		for (let window = 0; window < 5; window++) {
			for (; sent > 0; sent--) {
				group.recordResponse(header(40, 0, reset), monotonicNow(), false);
				group.recordRateLimited(header(40, 0, reset), undefined);
			}
			pass(afterMs);
			sent = sendAll();
			expect(sent).toBe(1);
		}
	});

	test.each([4, 30])('a limit that becomes %d in mid-run is kept in the next window', (limit) => {
		const { group, send, answer, sendAll } = afterFirstWindow(10);
		send(10);
		for (let n = 1; n <= 10; n++)
			group.recordResponse(
				header(limit, Math.max(0, limit - n), '1.0'),
				monotonicNow(),
				n <= limit,
			);
		pass(1005);
		const first = sendAll();
		for (let n = 1; n <= first; n++) answer(header(limit, limit - n, '1.0'));

		expect(first).toBe(limit);
		expect(sendAll()).toBe(0);
	});

	test('responses that name no limit count as ours once one does', () => {
		const { send, answer, sendAll } = setUp(8);
		send(3);
		answer();
		answer({ ratelimit: 'limit=6, remaining=3' });
		// All three that Close has counted are ours, so the other three are too: in the first window two at once.
		answer(header(6, 3, '1.0'));
		expect(sendAll()).toBe(3);
	});

	test.each(['limit=10, remaining=3', 'limit=10, reset=3'])(
		'the header "%s" names no window',
		(ratelimit) => {
			const { group, send, succeed } = setUp();
			send(2);
			succeed({ ratelimit });

			// Slow start goes on.
			expect(group.concurrency).toBe(3);
		},
	);

	test('where a response does not name the limit, the one that was named before counts', () => {
		const { send, answer, sendAll } = setUp();
		send(2);
		answer(header(10, 9, '1.0'));
		answer({ ratelimit: 'remaining=8, reset=1.0' });
		pass(1005);

		expect(sendAll()).toBe(10);
	});

	test.each([0, 1])('%d ms after the end a response tells of a new window', (ms) => {
		const { send, answer, next, sendAll } = setUp();
		send();
		answer(header(10, 0, '1.0'));
		pass(1005 + ms);
		send();
		answer(header(10, 2, '1.0'));

		expect(sendAll()).toBeLessThanOrEqual(2);
		expect(next()).toBe(1005);
	});

	test('a response to a request of the moment in which a window began tells of it', () => {
		const { send, answer, sendAll, next } = afterFirstWindow(10);
		const sentAt = monotonicNow();
		send(10);
		pass(50);
		answer(header(10, 0, '0.95'), sentAt);

		// Without it the end of this window would not be known.
		expect(sendAll()).toBe(0);
		expect(next()).toBe(955);
	});
});

describe('responses that are read late, since the event loop was held up', () => {
	test('an earlier response is not taken for a new window with more left', () => {
		const { send, answer, next } = setUp();
		send(3);
		answer(header(10, 0, '4.5'));
		// Close said so four seconds ago.
		answer(header(10, 8, '8.5'));

		expect(next()).toBe(4505);
	});

	test('a response to a request from before the reset says nothing about the window after it', () => {
		const { send, answer, sendAll, waitsForResponse } = afterFirstWindow(10);
		const sentAt = monotonicNow() - 1;
		send(3);
		answer(header(10, 0, '0.1'), sentAt);

		// Neither that nothing is left nor when it ends; but one fewer is in flight.
		expect(sendAll()).toBe(10 - 3);
		expect(waitsForResponse()).toBe(true);
	});
});

describe('how many may be in flight at once', () => {
	test('two requests may be in flight until the first response', () => {
		const { send, waitsForResponse } = setUp();
		send(2);

		expect(waitsForResponse()).toBe(true);
	});

	test('in the first window a quarter of what is left may be in flight, in the next all of it', () => {
		const { send, succeed, sendAll } = setUp();
		send(2);
		succeed(header(100, 99, '4.5'));
		expect(sendAll()).toBe(24 - 1);
		for (let n = 0; n < 24; n++) succeed(header(100, 98 - n, '4.4'));
		pass(4505);
		expect(sendAll()).toBe(100);
	});

	test('in a first window of which little is left, as many may be in flight as at first', () => {
		const { group, send, succeed } = setUp();
		send(2);
		succeed(header(6, 5, '4.5'));

		expect(group.concurrency).toBe(2);
	});

	test('without a named limit twice as many may be in flight in each round', () => {
		const { group, send, succeed } = setUp();
		const rounds = [group.concurrency];
		send(2);
		for (let round = 0; round < 4; round++) {
			const { inFlight } = group;
			for (let n = 0; n < inFlight; n++) {
				succeed();
				send();
			}
			send(group.concurrency! - inFlight);
			rounds.push(group.concurrency);
		}

		expect(rounds).toEqual([2, 4, 8, 16, 32]);
	});

	test('the concurrency does not grow beyond what is used', () => {
		const { group, send, succeed } = setUp();
		for (let n = 0; n < 1000; n++) {
			send();
			succeed();
		}

		expect(group.concurrency).toBeLessThanOrEqual(3);
	});

	test('after a 429 that no window explains few may be in flight, then half as many, and no more even when Close names its limit', () => {
		const { group, send, succeed, refuse } = setUp();
		send(2);
		succeed(header(40, 39, '4.5'));
		refuse({ 'retry-after': '1' });
		expect(group.concurrency).toBe(10);
		succeed(header(40, 38, '4.5'));
		expect(group.concurrency).toBe(10);
		pass(1005);
		refuse({ 'retry-after': '1' });
		expect(group.concurrency).toBe(5);
	});

	test('a 429 of a window that is used up changes nothing in the next', () => {
		const { group, send, answer, refuse } = setUp();
		send();
		answer(header(40, 39, '1.0'));
		refuse(header(40, 0, '1.0'));
		pass(1005);

		expect(group.concurrency).toBeUndefined();
	});

	test('after a 429 without a named limit half as many may be in flight', () => {
		const { group, refuse } = setUp(40);
		refuse({ 'retry-after': '1' });
		expect(group.concurrency).toBe(20);
	});

	test('after a refusal that no window explains the concurrency stays low in the windows that follow', () => {
		const { group, send, answer, refuse } = setUp();
		send();
		answer(header(10, 9, '1.0'));
		refuse({ 'retry-after': '1' });
		pass(1005);

		expect(group.concurrency).toBe(10);
	});

	test('from the second window on only what is left in it counts', () => {
		const { group, send, answer, sendAll } = afterFirstWindow(10);
		send();
		answer(header(10, 9, '1.0'));

		expect(group.concurrency).toBeUndefined();
		expect(sendAll()).toBe(9);
	});

	test('the concurrency grows when at least half of it is used', () => {
		const { group, send, succeed } = setUp(4);
		send(2);
		succeed();
		expect(group.concurrency).toBe(5);
		succeed();
		expect(group.concurrency).toBe(5);
	});

	test('after a refusal the concurrency grows by one a round', () => {
		const { group, send, succeed, refuse } = setUp(10);
		refuse({ 'retry-after': '1' });
		expect(group.concurrency).toBe(5);
		for (let round = 0; round < 2; round++) {
			send(5);
			for (let n = 0; n < 5; n++) succeed();
		}

		expect(group.concurrency).toBe(6);
	});

	test('of several refusals in one pause the first counts, and one at the end of the pause again', () => {
		const { group, refuse } = setUp(40);
		refuse({ 'retry-after': '1' });
		refuse({ 'retry-after': '1' });
		expect(group.concurrency).toBe(20);
		pass(1005);
		refuse({ 'retry-after': '1' });
		expect(group.concurrency).toBe(10);
	});

	test('a request that was not sent after all is not counted', () => {
		const { group, send, answer, sendAll } = afterFirstWindow(10);
		send(2);
		group.recordNotSent();
		answer(header(10, 9, '1.0'));
		expect(group.inFlight).toBe(0);
		send();
		group.recordNotSent();

		expect(sendAll()).toBe(9);
	});

	test('at least one request may be in flight, whatever the responses are', () => {
		fc.assert(
			fc.property(fc.array(fc.boolean(), { maxLength: 300 }), (answers) => {
				const { group, send, succeed, refuse } = setUp();
				for (const isGood of answers) {
					if (isGood) {
						send();
						succeed();
					} else refuse({ 'retry-after': 0 });
					expect(group.concurrency).toBeGreaterThanOrEqual(1);
					expect(group.inFlight).toBe(0);
				}
			}),
		);
	});
});

describe('how long is waited', () => {
	test('a pause after a 429 ends five milliseconds after the time that Close names', () => {
		const { group, refuse, next } = setUp();
		refuse({ 'retry-after': '1' });
		expect(next()).toBe(1005);
		expect(group.pausedForMs).toBe(1005);
		pass(1000);
		expect(group.pausedForMs).toBe(5);
		pass(500);
		expect(group.pausedForMs).toBe(0);
	});

	test('when a pause ends, what is in flight counts again', () => {
		const { send, refuse, next, waitsForResponse } = setUp();
		refuse({ 'retry-after': '1' });
		send();
		expect(next()).toBe(1005);
		pass(1005);
		expect(waitsForResponse()).toBe(true);
	});

	test('the back-off grows with each 429 that names no time, and a success ends it', () => {
		const { group, send, succeed, refuse } = setUp();
		const paused: number[] = [];
		for (let n = 0; n < 6; n++) {
			refuse();
			paused.push(group.pausedForMs);
			pass(Math.ceil(group.pausedForMs));
		}
		expect(paused[5]).toBeGreaterThan(paused[0] * 8);
		send();
		succeed();
		refuse();
		expect(group.pausedForMs).toBeLessThanOrEqual(505);
	});

	test('a response that never comes holds up nobody for longer than two seconds', () => {
		const { group, send, next, waitsForResponse, sendAll } = setUp();
		send(2);
		expect(group.getAvailability()).toEqual({ at: monotonicNow() + 2000, isRateLimited: false });
		pass(2000);
		expect(next()).toBe(0);
		// One more, not all.
		expect(sendAll()).toBe(1);
		expect(waitsForResponse()).toBe(true);
	});

	test.each<[string, object, boolean]>([
		['a 429 with retry-after', { 'retry-after': '86400' }, true],
		['a window', header(10, 0, '86400'), false],
	])('however long a wait %s names, after a minute one request asks again', (_, headers, is429) => {
		const { group, send, answer, next } = setUp();
		send();
		answer(headers);
		if (is429) group.recordRateLimited({ ...headers }, undefined);
		expect(next()).toBe(60_000);
		pass(60_000);
		expect(group.getAvailability()).toEqual({ at: monotonicNow(), isRateLimited: false });
		send();
		expect(next()).toBe(60_000);
	});
});

describe('after ten seconds without a request', () => {
	test('the limit is forgotten after ten seconds without a request, and not a millisecond sooner', () => {
		const { group, sendAll } = setUp(50);
		group.recordRateLimited({ 'retry-after': 0 }, undefined);
		expect(group.concurrency).toBe(25);
		pass(10_005);
		expect(group.concurrency).toBe(25);
		pass(1);
		expect(group.concurrency).toBe(50);
		expect(sendAll()).toBe(50);
	});

	test('once a window is forgotten two requests go out, not the whole limit', () => {
		const { sendAll } = afterFirstWindow(100);
		pass(10_001);

		expect(sendAll()).toBe(2);
	});

	test('a window is remembered that ended less than ten seconds ago', () => {
		const { sendAll } = afterFirstWindow(100);
		pass(9_999);

		expect(sendAll()).toBe(100);
	});

	test('a window is remembered that has not ended yet', () => {
		const { send, answer, sendAll } = setUp();
		send();
		answer(header(100, 99, '30.0'));
		pass(20_000);

		expect(sendAll()).toBe(24);
	});

	test('a window is remembered while a request has no response', () => {
		const { send, sendAll } = afterFirstWindow(100);
		send();
		pass(20_000);

		expect(sendAll()).toBe(99);
	});

	test('a pause that Close asked for is kept', () => {
		const { refuse, next } = setUp();
		refuse({ 'retry-after': '30' });
		pass(20_000);

		expect(next()).toBe(10_005);
	});
});
