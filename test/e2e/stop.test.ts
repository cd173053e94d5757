import axios from 'axios';

import { byNumber } from '../../dev/locators';
import { waitUntil } from '../../dev/n8n/waitUntil';
import { nodeOf, operationByWebhook } from '../../dev/n8n/workflows';
import { fs, randomUUID, say } from '../../dev/platform';
import { startSimulator } from '../../dev/simulator';
import { ended, logFile, n8n } from './n8n';

test("after the Stop button n8n's log names by their IDs whom a run texted, and nobody else is texted", async () => {
	const close = await startSimulator();
	const path = randomUUID();
	const message = `Your code is ${randomUUID()}`;
	const workflow = operationByWebhook(path, {
		operation: 'send',
		to: { __rl: true, mode: 'number', value: '={{ $json.to }}' },
		from: byNumber(close.account.phoneNumbers.main.number),
		message,
	});
	nodeOf(workflow, 'Webhook').parameters.responseMode = 'onReceived';
	workflow.nodes.push({
		...nodeOf(workflow, 'Webhook'),
		id: 'people',
		name: 'People',
		type: 'n8n-nodes-base.splitOut',
		typeVersion: 1,
		webhookId: undefined,
		parameters: { fieldToSplitOut: 'body.people', options: {} },
	});
	workflow.connections = {
		Webhook: { main: [[{ node: 'People', type: 'main', index: 0 }]] },
		People: { main: [[{ node: 'Close SMS', type: 'main', index: 0 }]] },
	};
	const id = await n8n.importWorkflow(workflow, await n8n.addSimulatorCredential(close));
	await n8n.activate(id);
	const to = Array.from({ length: 20 }, (_, index) => `+141555502${10 + index}`);
	close.faults.order({ kind: 'slow', delayMs: 500, times: 99, match: { method: 'PUT' } });
	await axios.post(n8n.webhookUrl(path), { people: to.map((one) => ({ to: one })) });
	const sent = () =>
		close.allSms().filter(({ text, status }) => text === message && status !== 'draft');
	await waitUntil(async () => sent().length >= 2, 12_000);

	const [{ id: execution }] = await n8n.executions(id);
	await n8n.rest.post(`/executions/${execution}/stop`);
	await ended(id);
	const line = await waitUntil(async () => {
		const log = await fs.readFile(logFile, 'utf8');
		return log.split('\n').find((one) => sent().some((sms) => one.includes(sms.id)));
	}, 12_000);
	await n8n.deactivate(id);
	close.clock.advance(60_000);

	say(line);
	expect(line).toContain('The execution was canceled. Done, ');
	expect(close.texted.length).toBeGreaterThan(1);
	expect(close.texted.length).toBeLessThan(to.length);
	expect(close.texted.map(({ smsId }) => smsId).filter((one) => !line.includes(one))).toEqual([]);
	const log = await fs.readFile(logFile, 'utf8');
	expect([message, ...to].filter((secret) => log.includes(secret))).toEqual([]);
	await close.stop();
});
