import type { IDataObject } from 'n8n-workflow';

import { byNumber } from '../../dev/locators';
import { example } from '../../dev/n8n/examples';
import { startSimulator, type Simulator } from '../../dev/simulator';
import { startChatModel, toolResults } from '../../dev/n8n/chatModel';
import { ended, n8n } from './n8n';
import { nodeOf } from '../../dev/n8n/workflows';

let close: Simulator;
beforeAll(async () => {
	close = await startSimulator();
});
beforeEach(() => close.reset());
afterAll(async () => await close.stop());

/** Asks the example's agent, whose model calls the tool like this, for something; returns what the model was told. */
const asked = async (calls: IDataObject[]) => {
	const model = await startChatModel(calls, 'It waits in Close.');
	const data = { apiKey: 'none', url: model.url };
	const openAiApi = await n8n.createCredential('openAiApi', model.url, data);
	const workflow = await example('ai-agent-drafts-a-person-sends.json');
	nodeOf(workflow, 'OpenAI Chat Model').credentials = {
		openAiApi: { id: openAiApi, name: model.url },
	};
	nodeOf(workflow, 'Draft an SMS').parameters.localPhone = byNumber(
		close.account.phoneNumbers.main.number,
	);
	const id = await n8n.importWorkflow(workflow, await n8n.addSimulatorCredential(close));
	await n8n.runWorkflow(id, 'Chat', { chatInput: 'Text them that we come on Thursday at 10.' });
	const { status } = await ended(id);
	await model.stop();
	expect(status).toBe('success');
	return model.requests;
};

const MARIA = '+14155550101';
const SAM = '+14155550102';

/** The texts that are not the account's own from the start, oldest first. */
const added = () => {
	const known = Object.values(close.account.texts).map(({ id }) => id);
	return close
		.allSms()
		.filter(({ id }) => !known.includes(id))
		.reverse();
};

test('what the agent writes is a draft that texts nobody, and the agent reads so', async () => {
	const lead = close.account.leads.bluebird.id;
	const [, then] = await asked([{ phone: MARIA, text: 'We come on Thursday at 10.', lead }]);

	const draft = {
		status: 'draft',
		text: 'We come on Thursday at 10.',
		remote_phone: MARIA,
		local_phone: close.account.phoneNumbers.main.number,
		lead_id: lead,
	};
	expect(added()).toMatchObject([draft]);
	expect(close.texted).toEqual([]);
	expect(toolResults(then).map((answer) => JSON.parse(answer) as unknown)).toMatchObject([[draft]]);
});

test('two calls in one answer are two drafts', async () => {
	const [, then] = await asked([
		{ phone: MARIA, text: 'Hi Maria' },
		{ phone: SAM, text: 'Hi Sam' },
	]);

	const drafts = [
		{ status: 'draft', text: 'Hi Maria', remote_phone: MARIA, lead_id: null },
		{ status: 'draft', text: 'Hi Sam', remote_phone: SAM, lead_id: null },
	];
	expect(added()).toHaveLength(2);
	expect(added()).toEqual(
		expect.arrayContaining(drafts.map((one) => expect.objectContaining(one))),
	);
	expect(close.texted).toEqual([]);
	expect(toolResults(then).map((answer) => JSON.parse(answer) as unknown)).toMatchObject(
		drafts.map((draft) => [draft]),
	);
});

test('the agent decides number, text and lead: if it asks to send all the same, it is a draft', async () => {
	const toSend = { mode: 'send', Mode: 'send', status: 'outbox', operation: 'send' };
	const [first] = await asked([{ phone: MARIA, text: 'Hi', ...toSend }]);

	const [tool] = first.tools!;
	expect(Object.keys(tool.function.parameters.properties as object).sort()).toEqual([
		'lead',
		'phone',
		'text',
	]);
	expect(added()).toMatchObject([{ status: 'draft' }]);
	expect(close.texted).toEqual([]);
});

test('the agent is told what is wrong with a number', async () => {
	const [, then] = await asked([{ phone: '415 555 0101', text: 'Hi' }]);

	expect(added()).toEqual([]);
	expect(toolResults(then).map((answer) => JSON.parse(answer) as unknown)).toEqual([
		[
			{
				error: {
					message: "'Remote Phone' has no country code: 415 555 0101.",
					whatToDo: expect.stringMatching(/\w/) as string,
					outcome: 'notDone',
					isTemporary: false,
				},
			},
		],
	]);
});
