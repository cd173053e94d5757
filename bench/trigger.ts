import axios from 'axios';
import type { INode } from 'n8n-workflow';
import { startN8n, type N8n } from '../dev/n8n/n8n';
import { waitUntil } from '../dev/n8n/waitUntil';
import { performance, randomUUID, say } from '../dev/platform';
import { signature, startSimulator, type Simulator, type Subscription } from '../dev/simulator';
import { eventOf } from '../dev/simulator/webhooks/webhookEvents';

/** Events a second, from the first call until the last execution has ended, one value a round. */
export type TriggerRates = Record<Starter, number[]>;

/** Ours; n8n's plain Webhook node; and that of version 1, which n8n treats as it does every other trigger. */
export const STARTERS = ['Close SMS Trigger', 'Webhook', 'Webhook, version 1'] as const;
type Starter = (typeof STARTERS)[number];

export const EVENTS = 500;
/** Close may deliver several events at once; how many it does not say. */
const AT_ONCE = 10;

const first = (type: string, more: Partial<INode>): INode => ({
	id: randomUUID(),
	name: 'Start',
	type,
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
	...more,
});

/** An active workflow of one node, and the address that starts it. */
interface Started {
	workflow: string;
	url: string;
}

async function activate(n8n: N8n, node: INode, credentials: Record<string, string> = {}) {
	const json = { name: node.type, nodes: [node], connections: {} };
	const id = await n8n.importWorkflow(json, credentials);
	await n8n.activate(id);
	return id;
}

async function activateWebhook(n8n: N8n, typeVersion: number): Promise<Started> {
	const path = randomUUID();
	const parameters = { httpMethod: 'POST', path };
	const node = first('n8n-nodes-base.webhook', { typeVersion, webhookId: path, parameters });
	return { workflow: await activate(n8n, node), url: n8n.webhookUrl(path) };
}

/** The delivery of an event, "received", as Close makes it: body and headers. */
function signed(close: Simulator, { id, signature_key: key }: Subscription) {
	const after = close.addSms({ status: 'inbox', text: 'Yes, nine is fine.' });
	const event = eventOf({ action: 'created', before: undefined, after, caller: null }, Date.now());
	const body = JSON.stringify({ event, subscription_id: id });
	const timestamp = String(Math.floor(Date.now() / 1000));
	const headers = {
		'content-type': 'application/json',
		'close-sig-timestamp': timestamp,
		'close-sig-hash': signature(key, timestamp, body),
	};
	return { body, headers };
}

type Call = ReturnType<typeof signed>;

/** Makes all deliveries and waits until the workflow has run for each; returns events a second. */
async function deliverAll(n8n: N8n, { workflow, url }: Started, calls: Call[]): Promise<number> {
	const before = await n8n.countExecutions(workflow, 'success');
	const start = performance.now();
	let next = 0;
	const caller = async () => {
		while (next < calls.length) {
			const { body, headers } = calls[next++];
			await axios.post(url, body, { headers, proxy: false });
		}
	};
	await Promise.all(Array.from({ length: AT_ONCE }, caller));
	const wanted = before + calls.length;
	await waitUntil(async () => (await n8n.countExecutions(workflow, 'success')) >= wanted, 300_000);
	return calls.length / ((performance.now() - start) / 1000);
}

async function measureRates(n8n: N8n, close: Simulator, rounds: number): Promise<TriggerRates> {
	const parameters = { authentication: 'apiKey', events: ['received'] };
	const node = first('n8n-nodes-close-sms.closeSmsTrigger', {
		webhookId: randomUUID(),
		parameters,
	});
	const workflow = await activate(n8n, node, await n8n.addSimulatorCredential(close));
	const [subscription] = close.webhooks.list();
	// Only our own deliveries count.
	close.webhooks.hold();
	const started: Record<Starter, Started> = {
		'Close SMS Trigger': { workflow, url: subscription.url },
		Webhook: await activateWebhook(n8n, 2),
		'Webhook, version 1': await activateWebhook(n8n, 1),
	};
	const rates: TriggerRates = { 'Close SMS Trigger': [], Webhook: [], 'Webhook, version 1': [] };
	for (let round = 0; round <= rounds; round++) {
		for (const name of STARTERS) {
			const calls = Array.from({ length: EVENTS }, () => signed(close, subscription));
			const rate = await deliverAll(n8n, started[name], calls);
			say(`  ${name}: ${rate.toFixed(1)} events a second`);
			// The first round warms n8n up.
			if (round > 0) rates[name].push(rate);
		}
	}
	return rates;
}

/** Signed events through our trigger and through n8n's Webhook node, in turn, in one real n8n. */
export async function triggerRates(rounds: number): Promise<TriggerRates> {
	const close = await startSimulator();
	const n8n = await startN8n();
	try {
		return await measureRates(n8n, close, rounds);
	} finally {
		await n8n.stop();
		await close.stop();
	}
}
