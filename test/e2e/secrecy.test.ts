import axios from 'axios';

import { fs, randomUUID } from '../../dev/platform';
import { startSimulator, type Simulator } from '../../dev/simulator';
import { logFile, n8n } from './n8n';
import { updateByWebhook } from '../../dev/n8n/workflows';

let close: Simulator;

beforeAll(async () => {
	close = await startSimulator();
});

afterAll(async () => await close.stop());

/** Has n8n give a draft this text and send it. */
const send = async (text: string, apiKey: string) => {
	const path = randomUUID();
	const { id } = close.addSms({
		remote_phone: close.account.contacts.maria.phones[0].phone,
		local_phone: close.account.phoneNumbers.main.number,
	});
	const workflow = updateByWebhook(path, { text, status: 'outbox' });
	const workflowId = await n8n.importWorkflow(
		workflow,
		await n8n.addSimulatorCredential(close, { apiKey }),
	);
	await n8n.activate(workflowId);
	await axios.post(n8n.webhookUrl(path), { smsId: id }, { validateStatus: () => true });
	return (await n8n.executions(workflowId))[0].status;
};

test.each([
	['that went through', (account: Simulator['account']) => account.apiKey, 'success'],
	['that Close refuses', (account: Simulator['account']) => account.forbiddenApiKey, 'error'],
	['with a key that Close does not know', () => `api_unknown.${randomUUID()}`, 'error'],
])("a text %s leaves neither its words nor the key in n8n's log", async (_, key, outcome) => {
	const text = `Your code is ${randomUUID()}`;
	const apiKey = key(close.account);
	const status = await send(text, apiKey);

	expect(status).toBe(outcome);
	const log = await fs.readFile(logFile, 'utf8');
	expect(log).toContain(n8n.url);
	const secrets = [text, apiKey, Buffer.from(`${apiKey}:`).toString('base64')];
	expect(secrets.filter((secret) => log.includes(secret))).toEqual([]);
});
