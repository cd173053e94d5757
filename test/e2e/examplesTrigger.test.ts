import fastify from 'fastify';

import { example } from '../../dev/n8n/examples';
import { waitUntil } from '../../dev/n8n/waitUntil';
import { startSimulator, type Simulator } from '../../dev/simulator';
import { n8n } from './n8n';

jest.setTimeout(120_000);

let close: Simulator;
let active: string;

beforeEach(async () => {
	close = await startSimulator();
});

afterEach(async () => {
	await n8n.deactivate(active);
	await close.stop();
});

/** Activates a workflow, and waits until Close would tell it of texts. */
const activate = async (workflow: Awaited<ReturnType<typeof example>>) => {
	active = await n8n.importWorkflow(workflow, await n8n.addSimulatorCredential(close));
	await n8n.activate(active);
	await waitUntil(async () => close.webhooks.list().length > 0);
};

const receive = async (from: string, text: string) => {
	close.receive({ from, text });
	await close.webhooks.deliverAll();
};

/** Waits until so many runs have ended. */
const runs = async (count: number) =>
	await waitUntil(async () => {
		const executions = await n8n.executions(active);
		return executions.filter(({ status }) => status === 'success').length >= count;
	});

test('the reply example answers a person once, lets go of STOP, and cannot be drawn into a circle', async () => {
	const [maria, sam, stopped] = ['+14155550101', '+14155550102', '+14155550103'];
	await activate(await example('reply-to-inbound-text.json'));

	await receive(maria, 'Are you open?');
	await waitUntil(async () => close.timesTexted(maria) > 0);
	expect(close.texted).toMatchObject([
		{ remotePhone: maria, localPhone: close.account.phoneNumbers.main.number },
	]);
	// Maria's phone answers every text by itself, as ours does.
	for (let round = 2; round <= 4; round++) {
		await receive(maria, 'I am driving and will answer later.');
		await runs(round);
	}
	await receive(stopped, ' Stop. ');
	await receive('88811', 'Your code is 1234');
	await receive(sam, 'Please stop by tomorrow');
	// STOP starts nothing.
	await runs(6);
	await waitUntil(async () => close.timesTexted(sam) > 0);

	expect([maria, sam, stopped].map((number) => close.timesTexted(number))).toEqual([1, 1, 0]);
	expect(close.texted).toHaveLength(2);
});

test('the alert example tells of each text that fails, and why', async () => {
	const told: unknown[] = [];
	const chat = fastify({ forceCloseConnections: true });
	chat.post('/', ({ body }) => {
		told.push(body);
		return {};
	});
	const workflow = await example('alert-when-a-text-fails.json');
	workflow.nodes.push({
		id: 'chat',
		name: 'Chat',
		type: 'n8n-nodes-base.httpRequest',
		typeVersion: 4.2,
		position: [560, 0],
		parameters: {
			method: 'POST',
			url: await chat.listen({ host: '127.0.0.1', port: 0 }),
			sendBody: true,
			specifyBody: 'json',
			jsonBody: '={{ JSON.stringify($json) }}',
		},
	});
	workflow.connections['Readable alert'] = { main: [[{ node: 'Chat', type: 'main', index: 0 }]] };
	await activate(workflow);

	const [number, reason] = Object.entries(close.account.unreachable)[0];
	const lead_id = close.account.leads.northwind.id;
	const local_phone = close.account.phoneNumbers.main.number;
	close.addSms({ status: 'outbox', remote_phone: '+14155550101', local_phone, text: 'Goes out' });
	close.addSms({
		status: 'outbox',
		remote_phone: number,
		local_phone,
		text: 'Is 9 fine?',
		lead_id,
	});
	await waitUntil(async () => {
		await close.webhooks.deliverAll();
		return told.length > 0;
	});
	await chat.close();

	expect(told).toEqual([
		{
			subject: `A text to ${number} did not go out`,
			alert: `${reason}\nIs 9 fine?\nhttps://app.close.com/lead/${lead_id}/`,
		},
	]);
	expect(close.webhooks.deliveries).toHaveLength(1);
});
