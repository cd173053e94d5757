import { startQueueMode, type QueueModeN8n } from '../../dev/n8n/queueMode';
import { waitUntil } from '../../dev/n8n/waitUntil';
import { randomUUID } from '../../dev/platform';
import { startSimulator, type Simulator } from '../../dev/simulator';

const MINUTES = 60_000;
const TEXTS = 200;

let close: Simulator;
let n8n: QueueModeN8n;

beforeAll(async () => {
	close = await startSimulator();
	n8n = await startQueueMode();
}, 10 * MINUTES);

afterAll(async () => {
	await n8n?.stop();
	await close.stop();
}, MINUTES);

/** Activates a workflow that is nothing but the trigger; returns its id. */
const activate = async () => {
	const id = await n8n.importWorkflow(
		{
			name: 'A text arrives',
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
		await close.webhooks.deliverAll();

		const { deliveries } = close.webhooks;
		expect(deliveries.length).toBeGreaterThan(TEXTS);
		// The second of two at the same moment has to come again.
		expect(new Set([...deliveries.map(({ result }) => result), 503])).toEqual(new Set([200, 503]));
		await waitUntil(async () => (await n8n.countExecutions(id, 'success')) >= TEXTS, 2 * MINUTES);
		expect(await n8n.countExecutions(id)).toBe(TEXTS);
		await n8n.deactivate(id);
		await waitUntil(async () => close.webhooks.list().length === 0);
	},
	5 * MINUTES,
);
