import fastify, { type FastifyInstance } from 'fastify';
import { DateTime } from 'luxon';

import { example } from '../../dev/n8n/examples';
import { waitUntil } from '../../dev/n8n/waitUntil';
import { startSimulator, type SmsActivity, type Simulator } from '../../dev/simulator';
import { ended, n8n } from './n8n';
import { nodeOf } from '../../dev/n8n/workflows';

interface Told {
	subject: string;
	list: string;
}

// Each test has a Close and a chat of its own: a run of the schedule may still be under way when its test is over.
let close: Simulator;
/** The chat in which somebody is told. */
let chat: FastifyInstance;
let chatUrl: string;
let told: Told[];

beforeEach(async () => {
	close = await startSimulator();
	const heard: Told[] = [];
	told = heard;
	chat = fastify({ forceCloseConnections: true });
	chat.post<{ Body: Told }>('/', ({ body }) => {
		heard.push(body);
		return {};
	});
	chatUrl = await chat.listen({ host: '127.0.0.1', port: 0 });
});

afterEach(async () => {
	await chat.close();
	await close.stop();
});

/** The example with a node that tells the chat, put where its note says, and a schedule that does not let us wait. */
const workflowThatTells = async () => {
	const workflow = await example('daily-list-of-failed-sms.json');
	nodeOf(workflow, 'Every morning').parameters.rule = {
		interval: [{ field: 'seconds', secondsInterval: 1 }],
	};
	const jsonBody = '={{ JSON.stringify({ subject: $json.subject, list: $json.list }) }}';
	workflow.nodes.push({
		id: 'chat',
		name: 'Chat',
		type: 'n8n-nodes-base.httpRequest',
		typeVersion: 4.2,
		position: [960, 100],
		parameters: { method: 'POST', url: chatUrl, sendBody: true, specifyBody: 'json', jsonBody },
	});
	const toChat = { node: 'Chat', type: 'main', index: 0 } as const;
	workflow.connections['Readable list'] = { main: [[toChat]] };
	return workflow;
};

const failedAt = (day: DateTime, more: Partial<SmsActivity>) =>
	close.addSms({
		lead_id: close.account.leads.northwind.id,
		remote_phone: close.account.contacts.landline.phones[0].phone,
		status: 'error',
		date_created: day.toUTC().toISO()!,
		...more,
	});

/** Texts that failed at both ends of yesterday, and such as are not to be in the list. */
const addTexts = (zone: string) => {
	const yesterday = DateTime.now().setZone(zone).startOf('day').minus({ days: 1 });
	const [start, noon, end] = [yesterday, yesterday.set({ hour: 12 }), yesterday.endOf('day')];
	failedAt(start, {
		text: 'Your estimate is ready.',
		error_message: '30006 landline or unreachable carrier',
	});
	failedAt(end, { text: null, lead_id: null, error_message: null, remote_phone: '+14155550101' });
	failedAt(start.minus({ seconds: 1 }), { text: 'The day before' });
	failedAt(start.plus({ days: 1 }), { text: 'Today' });
	failedAt(noon, { text: 'Not failed', status: 'sent' });
};

test('the schedule tells which texts of yesterday failed, and why', async () => {
	const workflow = await workflowThatTells();
	addTexts(workflow.settings!.timezone!);
	const id = await n8n.importWorkflow(workflow, await n8n.addSimulatorCredential(close));
	await n8n.activate(id);
	const { subject, list } = await waitUntil(async () => told[0]);
	// Only to spare n8n: the next test has a Close and a chat of its own.
	await n8n.deactivate(id).catch(() => undefined);

	const link = `https://app.close.com/lead/${close.account.leads.northwind.id}/`;
	expect(subject).toBe('SMS of yesterday that did not go out: 2');
	expect(list.split('\n')).toEqual([
		'+14155550101 | Close gives no reason',
		`+14155550105 | 30006 landline or unreachable carrier | Your estimate is ready. | ${link}`,
	]);
});

test('started by hand after a day without failures, it tells nothing', async () => {
	const id = await n8n.importWorkflow(
		await workflowThatTells(),
		await n8n.addSimulatorCredential(close),
	);
	await n8n.runWorkflow(id, 'Run by hand');

	expect((await ended(id)).status).toBe('success');
	expect(close.requests).toHaveLength(1);
	expect(told).toEqual([]);
});
