import type { IDataObject } from 'n8n-workflow';
import {
	dispatch,
	type Skip,
} from '../../../../../../../nodes/CloseSms/resources/sms/sending/dispatch';
import type { SendPlan } from '../../../../../../../nodes/CloseSms/resources/sms/sending/planSend';
import { Budget } from '../../../../../../../nodes/CloseSms/transport/request/budget';
import type { Send } from '../../../../../../../nodes/CloseSms/transport/request/operationHandler';
import type { SmsActivity } from '../../../../../../../nodes/shared/closeTypes';
import { monotonicNow } from '../../../../../../../nodes/shared/delay';
import { fakeRequest, fakeResponse, handlerContext } from '../../../../../fakeContext';
import { StaleError } from '../../../../../../../nodes/CloseSms/transport/flowErrors';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

const plan = (more: Partial<SendPlan> = {}): SendPlan => ({
	body: { status: 'outbox' },
	at: 0,
	isStale: () => false,
	...more,
});

/** Lets a text go out; `send` is what the transport does with each request. */
function setUp(
	send: (request: Parameters<Send>[0], budget: Budget) => IDataObject,
	decisions: Array<SendPlan | Skip> = [],
) {
	const budget = new Budget(5, 60_000);
	const sinces: number[] = [];
	const sent: IDataObject[] = [];
	const context = handlerContext({ newBudget: () => budget });
	const run = async () =>
		await dispatch(context, {
			decide: async (since) => {
				sinces.push(since);
				return decisions[sinces.length - 1] ?? plan();
			},
			toRequest: ({ body }) => fakeRequest('PUT', '/activity/sms/acti_1/', body),
			send: async (request) => {
				const body = send(request, budget);
				sent.push(request.options.body as IDataObject);
				return fakeResponse(body);
			},
		});
	return { budget, sinces, sent, run };
}

/** As the transport does it: what is not current is not sent. */
const sendIfCurrent = (request: Parameters<Send>[0]) => {
	if (request.isStale!()) throw new StaleError();
};

test('a plan that is current goes out once, with a budget of its own', async () => {
	const { run, sent, budget } = setUp((request) => {
		expect(request.budget).toBe(budget);
		sendIfCurrent(request);
		return { id: 'acti_1' };
	});
	expect(await run()).toMatchObject({
		response: { body: { id: 'acti_1' } },
		plan: { body: { status: 'outbox' } },
	});
	expect(sent).toEqual([{ status: 'outbox' }]);
});

test('what waited for half a minute is decided anew, on what was read within the last half minute', async () => {
	let waits = 0;
	const { run, sinces } = setUp((request) => {
		if (waits++ === 0) jest.advanceTimersByTime(30_001);
		sendIfCurrent(request);
		return {};
	});
	const start = monotonicNow();
	await run();
	expect(sinces.map((since) => since - start)).toEqual([-30_000, 1]);
});

test('before a retry everything is read again', async () => {
	const { run, sinces } = setUp((request, budget) => {
		sendIfCurrent(request);
		if (budget.sent > 0) return {};
		// The first attempt fails, and is to be repeated.
		budget.sent++;
		jest.advanceTimersByTime(700);
		sendIfCurrent(request);
		return {};
	});
	const start = monotonicNow();
	await run();
	expect(sinces.map((since) => since - start)).toEqual([-30_000, 0]);
});

test('deciding anew gives no further retries: all requests share one budget', async () => {
	const budgets: unknown[] = [];
	await dispatch(handlerContext({ newBudget: () => new Budget(5, 60_000) }), {
		decide: async () => plan(),
		toRequest: ({ body }) => fakeRequest('PUT', '/activity/sms/acti_1/', body),
		send: async (request) => {
			if (budgets.push(request.budget) < 3) jest.advanceTimersByTime(30_001);
			sendIfCurrent(request);
			return fakeResponse({});
		},
	});
	expect(budgets).toHaveLength(3);
	expect(new Set(budgets).size).toBe(1);
});

test('a plan that no longer holds by the clock of Close is made anew', async () => {
	let now = 0;
	const decisions = [
		plan({ isStale: (at) => at >= 100 }),
		plan({ body: { status: 'scheduled' }, isStale: (at) => at >= 200 }),
	];
	const sent: unknown[] = [];
	await dispatch(handlerContext({ now: () => now }), {
		decide: async () => decisions.shift()!,
		toRequest: ({ body }) => fakeRequest('PUT', '/activity/sms/acti_1/', body),
		send: async (request) => {
			now = 150;
			sendIfCurrent(request);
			sent.push(request.options.body);
			return fakeResponse({});
		},
	});
	expect(sent).toEqual([{ status: 'scheduled' }]);
});

const skip: Skip = { earlier: { id: 'acti_0' } as SmsActivity, explain: () => 'Not sent.' };

test('an earlier text that keeps it back ends it, and nothing is sent', async () => {
	const { run, sent } = setUp(() => ({}), [skip]);
	expect(await run()).toBe(skip);
	expect(sent).toEqual([]);
});

test('an earlier text that appears before a retry ends it too', async () => {
	const { run } = setUp(
		(request, budget) => {
			budget.sent++;
			sendIfCurrent(request);
			return {};
		},
		[plan(), skip],
	);
	expect(await run()).toBe(skip);
});

test('an error of the request is passed on', async () => {
	const { run, sinces } = setUp(() => {
		throw new Error('lost');
	});
	await expect(run()).rejects.toThrow('lost');
	expect(sinces).toHaveLength(1);
});

test('a dry run takes the plan that was moved as the response', async () => {
	const assumed: unknown[] = [];
	const { run } = setUp(
		(request) => {
			assumed.push(request.assumed);
			return {};
		},
		[plan({ body: { status: 'scheduled' }, note: 'Moved.' })],
	);
	await run();
	expect(assumed).toEqual([{ body: { status: 'scheduled' }, note: 'Moved.' }]);
});
