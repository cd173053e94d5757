import { waitUntil } from '../../dev/n8n/waitUntil';
import type { WorkflowJson } from '../../dev/n8n/n8nClient';
import { nodeOf } from '../../dev/n8n/workflows';
import { startSimulator, type Simulator, type SmsActivity } from '../../dev/simulator';
import { n8n } from './n8n';
import { preparedExample } from './preparedExample';

jest.setTimeout(120_000);

let close: Simulator;
let active: string | undefined;

beforeEach(async () => {
	close = await startSimulator();
	active = undefined;
});

afterEach(async () => {
	if (active) await n8n.deactivate(active);
	await close.stop();
});

const [MARIA, SAM] = ['+14155550101', '+14155550102'];

const imported = async (workflow: WorkflowJson) =>
	await n8n.importWorkflow(workflow, await n8n.addSimulatorCredential(close));

/** Activates a workflow, and waits until Close would tell it of texts. */
const activate = async (workflow: WorkflowJson) => {
	active = await imported(workflow);
	await n8n.activate(active);
	await waitUntil(async () => close.webhooks.list().length > 0);
};

const receive = async (from: string, text: string) => {
	close.receive({ from, text });
	await close.webhooks.deliverAll();
};

/** Waits until so many runs have ended well. */
const runs = async (count: number) =>
	await waitUntil(async () => {
		const executions = await n8n.executions(active!);
		return executions.filter(({ status }) => status === 'success').length >= count;
	});

describe('waiting for the reply', () => {
	test('who answers is answered, whenever they do; who does not is not waited for for ever', async () => {
		const workflow = await preparedExample('wait-for-the-reply.json', close);
		const silent = close.account.contacts.newYork.phones[0].phone;
		const people = [MARIA, silent, SAM].map((phone) => ({ phone }));
		nodeOf(workflow, 'Whom to ask').parameters = {
			mode: 'raw',
			jsonOutput: JSON.stringify({ people }),
			options: {},
		};
		Object.assign(nodeOf(workflow, 'Ten minutes').parameters, { amount: 1, unit: 'seconds' });
		const id = await imported(workflow);
		const execution = await n8n.runWorkflow(id, 'Run by hand');
		await waitUntil(async () => close.texted.length === 3);
		close.receive({ from: MARIA, text: 'YES' });
		close.receive({ from: MARIA, text: 'See you then' });
		const lists = () => close.requests.filter(({ path }) => path === '/activity/sms/').length;
		// Each person who has not answered is looked at once a round.
		await waitUntil(async () => lists() > 6);
		close.receive({ from: SAM, text: 'NO' });
		await waitUntil(async () => (await n8n.executions(id))[0].status === 'success');

		expect(await n8n.output(execution, 'Answered')).toMatchObject([
			{ phone: MARIA, reply: 'YES\nSee you then' },
			{ phone: SAM, reply: 'NO' },
		]);
		expect(await n8n.output(execution, 'No answer')).toMatchObject([{ phone: silent, reply: '' }]);
		expect(await n8n.nodeRuns(execution, 'Ten minutes')).toHaveLength(6);
		expect(close.texted).toHaveLength(3);
		expect(close.webhooks.list()).toEqual([]);
	});
});

describe('a burst of texts', () => {
	test('is answered once, with all of it before; the next one within hours is not', async () => {
		const workflow = await preparedExample('answer-a-burst-of-texts-once.json', close);
		nodeOf(workflow, 'Twenty seconds').parameters.amount = 2;
		await activate(workflow);
		await receive(MARIA, 'Hi');
		await receive(MARIA, 'about my roof');
		await receive(SAM, 'Hello');
		await receive(MARIA, 'can you come Thursday?');
		await receive(SAM, 'Stop');
		await runs(4);
		await waitUntil(async () => close.texted.length > 0);

		// Sam's opt-out is newer than what Sam said before, so that is not answered either.
		expect(close.texted.map(({ remotePhone }) => remotePhone)).toEqual([MARIA]);
		const outputs = await Promise.all(
			(await n8n.executions(active!)).map(async ({ id }) => await n8n.output(id, 'All of it')),
		);
		expect(outputs.flat()).toMatchObject([
			{ unanswered: 'Hi\nabout my roof\ncan you come Thursday?' },
		]);
		await receive(MARIA, 'Are you there?');
		await runs(5);
		expect(close.timesTexted(MARIA)).toBe(1);
	});
});

describe('reply YES to confirm', () => {
	const ask = (remote_phone: string, text: string, more: Partial<SmsActivity> = {}) =>
		close.addSms({
			text,
			remote_phone,
			local_phone: close.account.phoneNumbers.main.number,
			lead_id: close.account.leads.bluebird.id,
			status: 'sent',
			direction: 'outbound',
			date_sent: close.clock.now().toISOString(),
			...more,
		});

	test('a yes is confirmed once, if the last text asked for it; no other one is', async () => {
		await activate(await preparedExample('reply-yes-to-confirm.json', close));
		ask(MARIA, 'We see you at 10. Please reply YES to confirm.');
		ask(SAM, 'Please reply YES to confirm.');
		ask(SAM, 'Do you like your new roof?');
		await receive(MARIA, 'What time?');
		await receive(SAM, 'Yes!');
		await receive(MARIA, ' yes. ');
		await runs(3);
		await waitUntil(async () => close.timesTexted(MARIA) > 0);
		await receive(MARIA, 'Yes');
		await runs(4);

		expect(close.texted).toMatchObject([
			{ remotePhone: MARIA, text: 'Thank you, you are confirmed. See you then!' },
		]);
	});
});

describe('STOP to a field of the lead', () => {
	test('the date of an opt-out is on the lead until they opt in; other texts change nothing', async () => {
		const workflow = await preparedExample('stop-to-a-field-of-the-lead.json', close);
		const write = nodeOf(workflow, 'Write it to the lead').parameters;
		write.jsonBody = String(write.jsonBody).replace('cf_…', 'cf_optedOut');
		await activate(workflow);
		const writes = () =>
			close.requests.filter(({ method }) => method === 'PUT').map(({ path, body }) => [path, body]);
		await receive(MARIA, 'Please stop by');
		await receive('+14155550199', 'STOP');
		await receive(MARIA, ' Stop. ');
		await waitUntil(async () => writes().length === 1);
		await receive(MARIA, 'START');
		await waitUntil(async () => writes().length === 2);
		await runs(3);

		const path = `/lead/${close.account.leads.bluebird.id}/`;
		const today = close.clock.now().toISOString().slice(0, 10);
		expect(writes()).toEqual([
			[path, { 'custom.cf_optedOut': today }],
			[path, { 'custom.cf_optedOut': null }],
		]);
		expect(close.texted).toEqual([]);
	});
});
