import { waitUntil } from '../../dev/n8n/waitUntil';
import type { WorkflowJson } from '../../dev/n8n/n8nClient';
import { nodeOf } from '../../dev/n8n/workflows';
import { startSimulator, type Simulator } from '../../dev/simulator';
import { ended, n8n } from './n8n';
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
const rang = () => close.texted.map(({ remotePhone, text }) => [remotePhone, text]);

const imported = async (workflow: WorkflowJson) =>
	await n8n.importWorkflow(workflow, await n8n.addSimulatorCredential(close));

/** Activates a workflow, and waits until Close would tell it of texts. */
const activate = async (workflow: WorkflowJson) => {
	active = await imported(workflow);
	await n8n.activate(active);
	await waitUntil(async () => close.webhooks.list().length > 0);
};

const receive = async (from: string, text: string) => {
	const { id } = close.receive({ from, text });
	await close.webhooks.deliverAll();
	return id;
};

/** Waits until so many runs have ended well. */
const runs = async (count: number) =>
	await waitUntil(async () => {
		const executions = await n8n.executions(active!);
		return executions.filter(({ status }) => status === 'success').length >= count;
	});

test('waiting for the reply: who answers is answered, whenever they do; who does not is not waited for for ever', async () => {
	const workflow = await preparedExample('wait-for-the-reply.json', close);
	const people = [MARIA, SAM, '+14155550105'];
	const [field] = (
		nodeOf(workflow, 'Whom to ask').parameters.assignments as {
			assignments: Array<{ value: string }>;
		}
	).assignments;
	field.value = `={{ ${JSON.stringify(people.map((phone) => ({ phone })))} }}`;
	Object.assign(nodeOf(workflow, 'Ten minutes').parameters, { amount: 1, unit: 'seconds' });
	const id = await imported(workflow);
	const execution = await n8n.runWorkflow(id, 'Run by hand');
	await waitUntil(async () => close.texted.length === 2);
	close.receive({ from: MARIA, text: 'YES' });
	close.receive({ from: MARIA, text: 'See you then' });
	const lists = () => close.requests.filter(({ path }) => path === '/activity/sms/').length;
	const before = lists();
	await waitUntil(async () => lists() > before + 3);
	close.receive({ from: SAM, text: 'NO' });
	await waitUntil(async () => (await n8n.executions(id))[0].status === 'success');
	expect(await n8n.output(execution, 'Answered')).toEqual([
		expect.objectContaining({ phone: MARIA, reply: 'YES\nSee you then' }),
		expect.objectContaining({ phone: SAM, reply: 'NO' }),
	]);
	expect(await n8n.output(execution, 'No answer')).toEqual([
		expect.objectContaining({ phone: '+14155550105', reply: '' }),
	]);
});
