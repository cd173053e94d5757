import axios from 'axios';
import { waitUntil } from '../../../dev/n8n/waitUntil';
import { signature } from '../../../dev/simulator';
import { eventOf, setUpTrigger } from './setUpTrigger';
import { deduplicator, type TestWorkflow } from './testN8n';

const trigger = setUpTrigger();
const RECEIVED = { events: ['received'], output: 'raw' };
const event = eventOf('ev_1');

let workflow: TestWorkflow;
beforeEach(async () => (workflow = await trigger.active(RECEIVED)));
afterEach(() => (deduplicator.breakdown = false));

const idsOf = ({ runs }: TestWorkflow) => runs.map(({ id }) => id);

/** A delivery for which n8n has stored an execution that waits for its turn. */
const waiting = async (delivered = event) => {
	trigger.n8n.storing = new Promise(() => undefined);
	const { subscriptionId, signatureKey } = trigger.n8n.stored(workflow);
	const body = JSON.stringify({ event: delivered, subscription_id: subscriptionId });
	const timestamp = String(Math.floor(Date.now() / 1000));
	const headers = {
		'content-type': 'application/json',
		'close-sig-timestamp': timestamp,
		'close-sig-hash': signature(String(signatureKey), timestamp, body),
	};
	const before = trigger.n8n.storings;
	const response = axios.post(trigger.n8n.urlOf(workflow), body, { headers, proxy: false }).then(
		({ status }) => status,
		() => 'no response',
	);
	await waitUntil(async () => trigger.n8n.storings > before);
	return { response };
};
const restart = async () => {
	trigger.n8n.storing = Promise.resolve();
	await trigger.n8n.restart();
};

describe('executions that wait for their turn when n8n is restarted', () => {
	test('run after it, and what Close delivers again meanwhile does not start the workflow a second time', async () => {
		const { response } = await waiting();
		await restart();
		expect(await response).toBe('no response');
		expect(await trigger.deliverEvent(workflow, event)).toBe(200);
		await trigger.n8n.executed();
		expect(workflow.executions).toBe(2);
		expect(idsOf(workflow)).toEqual(['ev_1']);
	});

	test('do not start the workflow when Close delivered the event again before they had their turn', async () => {
		await waiting();
		await waiting(eventOf('ev_2'));
		await restart();
		await trigger.n8n.executed();
		await trigger.deliverEvent(workflow, event);
		await trigger.deliverEvent(workflow, eventOf('ev_2'));
		expect(idsOf(workflow).sort()).toEqual(['ev_1', 'ev_2']);
	});

	test('and a restart between any two of these steps changes nothing', async () => {
		await waiting();
		await restart();
		await trigger.n8n.executed();
		await restart();
		await trigger.deliverEvent(workflow, event);
		await restart();
		await trigger.deliverEvent(workflow, event);
		expect(idsOf(workflow)).toEqual(['ev_1']);
	});
});

describe('what a person starts goes on', () => {
	test('a Retry of an execution whose event has started the workflow', async () => {
		await trigger.deliverEvent(workflow, event);
		await trigger.n8n.retry(trigger.n8n.begun[0]);
		expect(idsOf(workflow)).toEqual(['ev_1', 'ev_1']);
	});

	test('a test execution with an event that has started the workflow', async () => {
		await trigger.deliverEvent(workflow, event);
		await trigger.n8n.retry(trigger.n8n.begun[0], 'manual');
		expect(idsOf(workflow)).toEqual(['ev_1', 'ev_1']);
	});
});

test('the item that is passed on is what Close sent, and nothing that n8n needed for it', async () => {
	await trigger.deliverEvent(workflow, event);
	expect(workflow.runs).toEqual([event]);
});

test('an execution that n8n begins once more, after a worker was killed, fails and says what to do', async () => {
	await waiting();
	await restart();
	await trigger.n8n.executed();
	await trigger.n8n.beginAgain(trigger.n8n.begun[0]);
	expect(idsOf(workflow)).toEqual(['ev_1']);
	expect(workflow.errors).toEqual(['n8n began this execution a second time']);
});

test("an event that n8n's database could not record does not start the workflow; a Retry does", async () => {
	deduplicator.breakdown = true;
	await trigger.deliverEvent(workflow, event);
	deduplicator.breakdown = false;
	expect(workflow.errors).toEqual(['n8n could not store that this event starts the workflow']);
	expect(idsOf(workflow)).toEqual([]);
	await trigger.n8n.retry(trigger.n8n.begun[0]);
	expect(idsOf(workflow)).toEqual(['ev_1']);
});

test.each([
	['in the same process', false],
	['after a start of n8n', true],
])(
	'an event that a Retry has started the workflow for does not start it again, %s',
	async (_, restarts) => {
		deduplicator.breakdown = true;
		await trigger.deliverEvent(workflow, event);
		deduplicator.breakdown = false;
		await trigger.n8n.retry(trigger.n8n.begun[0]);
		if (restarts) await restart();
		await trigger.deliverEvent(workflow, event);
		expect(idsOf(workflow)).toEqual(['ev_1']);
	},
);

test("a Retry goes on although n8n's database cannot record its event, and the log says what follows", async () => {
	deduplicator.breakdown = true;
	await trigger.deliverEvent(workflow, event);
	await trigger.n8n.retry(trigger.n8n.begun[0]);
	expect(idsOf(workflow)).toEqual(['ev_1']);
	expect(trigger.n8n.log.join()).toMatch(
		/could not store that this event starts the workflow.*SQLITE_BUSY.*may start it once more/,
	);
});

test('a Retry goes on each time', async () => {
	await trigger.deliverEvent(workflow, event);
	await trigger.n8n.retry(trigger.n8n.begun[0]);
	await trigger.n8n.retry(trigger.n8n.begun[1]);
	expect(idsOf(workflow)).toEqual(['ev_1', 'ev_1', 'ev_1']);
	expect(workflow.errors).toEqual([]);
});

test('a copy of the workflow starts for the same events', async () => {
	await trigger.deliverEvent(workflow, event);
	const copy = await trigger.active(RECEIVED);
	await trigger.deliverEvent(copy, event);
	expect([idsOf(workflow), idsOf(copy)]).toEqual([['ev_1'], ['ev_1']]);
});

test('a renamed trigger does not start for an event that has started the workflow', async () => {
	await trigger.deliverEvent(workflow, event);
	await trigger.n8n.deactivate(workflow);
	workflow.node.name = 'An SMS arrives';
	await trigger.n8n.activate(workflow);
	await restart();
	await trigger.deliverEvent(workflow, event);
	expect(idsOf(workflow)).toEqual(['ev_1']);
});

test('of more than 50,000 events n8n forgets the oldest', async () => {
	for (const row of deduplicator.rows.keys()) deduplicator.rows.delete(row);
	await trigger.deliverEvent(workflow, event);
	const [[row, [first]]] = [...deduplicator.rows];
	const others = Array.from({ length: 49_999 }, (_, index) => `acti_${index} received`);
	deduplicator.rows.set(row, [first, ...others]);
	await restart();
	await trigger.deliverEvent(workflow, event);
	expect(idsOf(workflow)).toEqual(['ev_1']);
	await trigger.deliverEvent(workflow, eventOf('ev_2'));
	await restart();
	await trigger.deliverEvent(workflow, event);
	expect(idsOf(workflow)).toEqual(['ev_1', 'ev_2', 'ev_1']);
});
