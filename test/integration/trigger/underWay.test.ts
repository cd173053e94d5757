import axios, { type AxiosResponse } from 'axios';
import { signature } from '../../../dev/simulator';
import { waitUntil } from '../../../dev/n8n/waitUntil';
import { eventOf, setUpTrigger } from './setUpTrigger';
import type { TestWorkflow } from './testN8n';

const trigger = setUpTrigger();
const RECEIVED = { events: ['received'], output: 'raw' };
const event = eventOf('ev_1');

let workflow: TestWorkflow;
/** Lets n8n go on with the executions that it is storing. */
let store: () => void;
beforeEach(async () => {
	workflow = await trigger.active(RECEIVED);
	trigger.n8n.storing = new Promise((resolve) => (store = resolve));
});
afterEach(() => store());

/** Unlike `deliverEvent` of the set-up, does not wait for n8n: it is still at work. */
async function deliver(signal?: AbortSignal, delivered = event): Promise<AxiosResponse> {
	const { subscriptionId, signatureKey } = trigger.n8n.stored(workflow);
	const body = JSON.stringify({ event: delivered, subscription_id: subscriptionId });
	const timestamp = String(Math.floor(Date.now() / 1000));
	const headers = {
		'content-type': 'application/json',
		'close-sig-timestamp': timestamp,
		'close-sig-hash': signature(String(signatureKey), timestamp, body),
	};
	const options = { headers, signal, proxy: false, validateStatus: () => true } as const;
	return await axios.post(trigger.n8n.urlOf(workflow), body, options);
}

/** A delivery that n8n is storing an execution for. */
async function begin() {
	const before = trigger.n8n.storings;
	const hangUp = new AbortController();
	const response = deliver(hangUp.signal).catch(() => undefined);
	await waitUntil(async () => trigger.n8n.storings > before);
	return { response, hangUp: async () => (hangUp.abort(), await response) };
}
const finish = async () => {
	store();
	await trigger.n8n.settled();
};

test('a repeat of a delivery that is under way makes Close come again', async () => {
	const first = await begin();
	const repeat = await deliver();
	expect(repeat.status).toBe(503);
	expect(Number(repeat.headers['retry-after'])).toBeGreaterThan(0);
	expect(workflow.runs).toEqual([]);
	await finish();
	expect((await first.response)?.status).toBe(200);
	expect((await deliver()).status).toBe(200);
	await trigger.n8n.executed();
	expect(workflow.runs).toHaveLength(1);
});

test('so that the event is not lost when n8n fails after all', async () => {
	const first = await begin();
	expect((await deliver()).status).toBe(503);
	trigger.n8n.breakdown = true;
	await finish();
	expect((await first.response)?.status).toBe(500);
	trigger.n8n.breakdown = false;
	expect((await deliver()).status).toBe(200);
	await trigger.n8n.executed();
	expect(workflow.runs).toHaveLength(1);
});

describe('Close hangs up while n8n is starting the workflow', () => {
	test('and n8n fails then: the next delivery starts it', async () => {
		const { hangUp } = await begin();
		await hangUp();
		trigger.n8n.breakdown = true;
		await finish();
		trigger.n8n.breakdown = false;
		expect((await deliver()).status).toBe(200);
		await trigger.n8n.executed();
		expect(workflow.runs).toHaveLength(1);
	});

	test('and n8n succeeds then: the next delivery does not start it again', async () => {
		const { hangUp } = await begin();
		await hangUp();
		await finish();
		await trigger.n8n.executed();
		expect(workflow.runs).toHaveLength(1);
		expect((await deliver()).status).toBe(200);
		await trigger.n8n.executed();
		expect(workflow.runs).toHaveLength(1);
	});

	test('and comes again before n8n is done: later, please', async () => {
		const { hangUp } = await begin();
		await hangUp();
		expect((await deliver()).status).toBe(503);
		await finish();
		expect((await deliver()).status).toBe(200);
		await trigger.n8n.executed();
		expect(workflow.runs).toHaveLength(1);
	});
});

test('an exception while the item is made frees the event', async () => {
	store();
	workflow.node.parameters.output = "={{ $('No such node').item.json }}";
	expect((await deliver()).status).toBe(500);
	workflow.node.parameters.output = 'raw';
	expect((await deliver()).status).toBe(200);
	await trigger.n8n.executed();
	expect(workflow.runs).toHaveLength(1);
});

test('what n8n did not store is not remembered over a restart either, though it stored another event meanwhile', async () => {
	const other = eventOf('ev_2', { data: { id: 'acti_2', direction: 'inbound' } });
	const first = await begin();
	trigger.n8n.storing = Promise.resolve();
	expect(await deliver(undefined, other)).toMatchObject({ status: 200 });
	trigger.n8n.breakdown = true;
	await finish();
	expect((await first.response)?.status).toBe(500);
	trigger.n8n.breakdown = false;
	await trigger.n8n.restart();
	expect((await deliver()).status).toBe(200);
	expect((await deliver(undefined, other)).status).toBe(200);
	await trigger.n8n.executed();
	expect(workflow.runs.map(({ id }) => id)).toEqual(['ev_2', 'ev_1']);
});
