import { startQueueMode, WORKERS, type QueueModeN8n } from '../../dev/n8n/queueMode';
import { waitUntil } from '../../dev/n8n/waitUntil';
import { randomUUID, wait } from '../../dev/platform';
import { startSimulator, type Simulator } from '../../dev/simulator';
import {
	limitOf,
	NO_LIMIT,
	restartUnderLoad,
	startReceiver,
	TEXTS as RESTART_TEXTS,
} from '../e2e/deliverThroughRestart';

const MINUTES = 60_000;
const TEXTS = 200;

let close: Simulator;
let n8n: QueueModeN8n;
let receiver: Awaited<ReturnType<typeof startReceiver>>;

/** How often in a row, a second apart, the queue has to be empty. */
const LOOKS = 5;

/** n8n notices a dead worker after a lock of its has run out; by default that takes a minute and a half. */
const NOTICED_SOON = {
	QUEUE_WORKER_LOCK_DURATION: '15000',
	QUEUE_WORKER_LOCK_RENEW_TIME: '3000',
	QUEUE_WORKER_STALLED_INTERVAL: '5000',
};

beforeAll(async () => {
	close = await startSimulator();
	receiver = await startReceiver();
	n8n = await startQueueMode({ env: NOTICED_SOON });
}, 10 * MINUTES);

const activated: string[] = [];
afterEach(async () => {
	for (const id of activated.splice(0)) await n8n.deactivate(id);
	await waitUntil(async () => close.webhooks.list().length === 0);
}, MINUTES);

afterAll(async () => {
	await n8n?.stop();
	await receiver.stop();
	await close.stop();
}, MINUTES);

/** Activates a workflow that is nothing but the trigger; returns its id. */
const activate = async () => {
	const id = await n8n.importWorkflow(
		{
			name: 'An SMS arrives',
			nodes: [
				{
					id: randomUUID(),
					webhookId: randomUUID(),
					name: 'Close SMS Trigger',
					type: 'n8n-nodes-close-sms.closeSmsTrigger',
					typeVersion: 1,
					position: [0, 0],
					parameters: { authentication: 'apiKey', events: ['received'] },
				},
			],
			connections: {},
		},
		await n8n.addSimulatorCredential(close),
	);
	activated.push(id);
	await n8n.activate(id);
	await waitUntil(async () => close.webhooks.list().length === 1);
	return id;
};

test(
	'received by the webhook process and run by the workers, a text starts the workflow once, also if it comes twice',
	async () => {
		const id = await activate();
		const [{ url }] = close.webhooks.list();
		expect(new URL(url).origin).toBe(n8n.webhook.url);
		close.webhooks.duplicate(0.2);
		for (let count = 0; count < TEXTS; count++)
			close.receive({ from: '+14155550102', text: `Number ${count}` });
		const seenInQueue = waitUntil(async () => await n8n.countQueued());
		await close.webhooks.deliverAll();
		expect(await seenInQueue).toBeGreaterThan(0);

		const { deliveries } = close.webhooks;
		expect(deliveries.length).toBeGreaterThan(TEXTS);
		// The second of two at the same moment has to come again.
		expect(new Set([...deliveries.map(({ result }) => result), 503])).toEqual(new Set([200, 503]));
		await waitUntil(async () => (await n8n.countExecutions(id, 'success')) >= TEXTS, 2 * MINUTES);
		expect(await n8n.countExecutions(id)).toBe(TEXTS);
	},
	5 * MINUTES,
);

/**
 * Whether the queue is empty, and stays so for a moment, so that nothing is run any more. What a dead worker had is in it
 * until n8n has noticed; as an execution, n8n may show that as running for hours.
 */
const isQueueEmpty = async () => {
	for (let look = 0; look < LOOKS; look++) {
		if ((await n8n.countQueued()) !== 0) return false;
		await wait(1000);
	}
	return true;
};

const untilQuiet = async () => await waitUntil(isQueueEmpty, 3 * MINUTES);

/** How many executions a worker has at once; n8n's default is 10. */
const RUNNING_AT_ONCE = { 'no limit': 10, 'a limit of 2 executions for each worker': 2 };

test.each([
	['no limit', 'SIGTERM', 'stop', NO_LIMIT],
	['no limit', 'SIGKILL', 'kill', NO_LIMIT],
	['a limit of 2 executions for each worker', 'SIGTERM', 'stop', limitOf(2)],
	['a limit of 2 executions for each worker', 'SIGKILL', 'kill', limitOf(2)],
] as const)(
	`with %s and a restart of the webhook process and both workers by %s, none of ${RESTART_TEXTS} texts starts the workflow twice, and none is missing but what n8n shows as failed, or accepted while it was starting`,
	async (limit, signal, how, env) => {
		const { twice, missing, unsuccessful } = await restartUnderLoad(
			{ n8n, close, receiver, untilQuiet },
			`queue mode, ${limit}, ${signal}`,
			{ how, env },
		);
		expect(twice).toBe(0);
		// Nothing else is lost without a word: n8n shows an execution that did not succeed, which a person can start again.
		expect(missing).toBeLessThanOrEqual(unsuccessful);
		// No more than the workers were running.
		expect(missing).toBeLessThanOrEqual(WORKERS * RUNNING_AT_ONCE[limit]);
	},
	10 * MINUTES,
);
