import axios from 'axios';
import type { INode } from 'n8n-workflow';
import { startN8n, type N8n } from '../../playground/n8n';
import { until } from '../../playground/until';
import { performance, randomUUID, say } from '../platform';
import { signature, startSimulator, type Simulator, type Subscription } from '../simulator';
import { eventOf } from '../simulator/webhookEvents';

/** Events a second, from the first call until the last execution has ended, one value a round. */
export interface TriggerRates {
	trigger: number[];
	webhook: number[];
}

export const EVENTS = 500;
/** As Close might: several calls at once, which it does not say. */
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

/** Activates a workflow of one node. */
async function activate(n8n: N8n, node: INode, credentials: Record<string, string>) {
	const json = { name: node.type, nodes: [node], connections: {} };
	const id = await n8n.importWorkflow(json, credentials);
	await n8n.activate(id);
	return id;
}

/** An event as Close brings it, of a received text; its body and headers. */
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

/** Brings all calls to an address and waits until the workflow has run for each. */
async function bring(n8n: N8n, workflow: string, url: string, calls: Call[]): Promise<number> {
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
	await until(async () => (await n8n.countExecutions(workflow, 'success')) >= wanted, 300_000);
	return calls.length / ((performance.now() - start) / 1000);
}

async function race(n8n: N8n, close: Simulator, rounds: number): Promise<TriggerRates> {
	const { apiKey } = close.account;
	const data = { authentication: 'basic', apiKey, accessToken: '', baseUrl: close.baseUrl };
	const closeSmsApi = await n8n.createCredential('closeSmsApi', 'Close', data);
	const parameters = { authentication: 'apiKey', events: ['received'] };
	const trigger = first('n8n-nodes-close-sms.closeSmsTrigger', {
		webhookId: randomUUID(),
		parameters,
	});
	const path = randomUUID();
	const webhook = first('n8n-nodes-base.webhook', {
		typeVersion: 2,
		webhookId: path,
		parameters: { httpMethod: 'POST', path },
	});
	const ids = {
		trigger: await activate(n8n, trigger, { closeSmsApi }),
		webhook: await activate(n8n, webhook, {}),
	};
	const [subscription] = close.webhooks.list();
	// Nothing but our own calls.
	close.webhooks.hold();
	const rates: TriggerRates = { trigger: [], webhook: [] };
	for (let round = 0; round <= rounds; round++) {
		const calls = () => Array.from({ length: EVENTS }, () => signed(close, subscription));
		const [ours, theirs] = [
			await bring(n8n, ids.trigger, subscription.url, calls()),
			await bring(n8n, ids.webhook, n8n.webhookUrl(path), calls()),
		];
		say(`  trigger ${ours.toFixed(1)}, plain webhook ${theirs.toFixed(1)} events a second`);
		// The first round warms n8n up.
		if (round === 0) continue;
		rates.trigger.push(ours);
		rates.webhook.push(theirs);
	}
	return rates;
}

/** Signed events through our trigger and through n8n's plain Webhook node, in turn, in one real n8n. */
export async function triggerRates(rounds: number): Promise<TriggerRates> {
	const close = await startSimulator();
	const n8n = await startN8n();
	try {
		return await race(n8n, close, rounds);
	} finally {
		await n8n.stop();
		await close.stop();
	}
}
