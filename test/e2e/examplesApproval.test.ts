import axios from 'axios';

import { startSimulator, type Simulator } from '../../dev/simulator';
import { waitUntil } from '../../dev/n8n/waitUntil';
import { nodeOf } from '../../dev/n8n/workflows';
import { startChatModel, toolResults } from '../../dev/n8n/chatModel';
import { n8n } from './n8n';
import { preparedExample } from './preparedExample';

let close: Simulator;
beforeAll(async () => {
	close = await startSimulator();
});
beforeEach(() => close.reset());
afterAll(async () => await close.stop());

const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
const TEXT = { phone: '+14155550101', text: 'Hi Maria, we come on Thursday at 10.' };

/** What the person is asked in the chat. */
interface Question {
	text: string;
	buttons: Array<{ text: string; link: string }>;
}

/** Has the example's agent ask to send a text, until a person is asked; returns how they answer. */
const asked = async () => {
	const model = await startChatModel([{ toolParameters: TEXT, hitlParameters: {} }], 'Done.');
	const data = { apiKey: 'none', url: model.url };
	const openAiApi = await n8n.createCredential('openAiApi', model.url, data);
	const workflow = await preparedExample('ai-agent-asks-before-it-texts.json', close);
	nodeOf(workflow, 'OpenAI Chat Model').credentials = {
		openAiApi: { id: openAiApi, name: model.url },
	};
	const id = await n8n.importWorkflow(workflow, await n8n.addSimulatorCredential(close));
	const execution = await n8n.runWorkflow(id, 'Chat', {
		chatInput: 'Tell Maria that we come on Thursday at 10.',
		sessionId: 'one',
		action: 'sendMessage',
	});
	await waitUntil(async () => (await n8n.executions(id))[0].status === 'waiting');
	const [run] = await n8n.nodeRuns(execution, 'A person approves');
	const [[item]] = run.data!.ai_tool as unknown as Array<[{ sendMessage: Question }]>;
	return {
		question: item.sendMessage.text,
		/** Presses a button, and returns what the model is told of it. */
		press: async (label: string) => {
			const button = item.sendMessage.buttons.find(({ text }) => text === label)!;
			// n8n ignores what looks like a program that only previews a link.
			await axios.get(button.link, { headers: { 'user-agent': BROWSER } });
			// The run itself then waits for a chat window to take the last message.
			await waitUntil(async () => model.requests.length > 1);
			await model.stop();
			return toolResults(model.requests[1]);
		},
	};
};

test('nothing goes out until a person approves what they are shown; then it goes once', async () => {
	const { question, press } = await asked();
	expect(question).toBe(`This SMS to ${TEXT.phone}:\n\n${TEXT.text}`);
	expect(close.requests).toEqual([]);

	const [told] = await press('Approve');
	close.clock.advance(60_000);
	expect(close.texted).toMatchObject([{ remotePhone: TEXT.phone, text: TEXT.text }]);
	expect(JSON.parse(told)).toMatchObject([{ status: 'outbox', text: TEXT.text }]);
});

test('declined: nobody is texted, Close is not even asked, and the agent is told', async () => {
	const { press } = await asked();
	const [told] = await press('Decline');
	close.clock.advance(60_000);
	expect(told).toMatch(/declin|reject|denied|not approved/i);
	expect(close.requests).toEqual([]);
	expect(close.texted).toEqual([]);
});
