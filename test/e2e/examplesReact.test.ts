import type { INodeParameters } from 'n8n-workflow';

import { byNumber } from '../../dev/locators';
import type { WorkflowJson } from '../../dev/n8n/n8nClient';
import { waitUntil } from '../../dev/n8n/waitUntil';
import { nodeOf } from '../../dev/n8n/workflows';
import { randomUUID } from '../../dev/platform';
import { startChatModel } from '../../dev/n8n/chatModel';
import { startLocalServer } from './localServer';
import { connectMcp } from './mcpClient';
import { n8n } from './n8n';
import { preparedExample } from './preparedExample';
import { setUpTriggerExamples } from './setUpTriggerExamples';

jest.setTimeout(120_000);

const on = setUpTriggerExamples();

const [MARIA, SAM] = ['+14155550101', '+14155550102'];
const FIELD = 'cf_test';
const DAY_MS = 86_400_000;

/** The example with the ID of a custom field in it. */
const withField = (workflow: WorkflowJson) =>
	JSON.parse(JSON.stringify(workflow).replaceAll('cf_…', FIELD)) as WorkflowJson;

describe('STOP cancels what is scheduled', () => {
	test('for the number, under whatever lead, and nothing else', async () => {
		const scheduled = (phone: string, lead: string) =>
			on.close.addSms({
				status: 'scheduled',
				date_scheduled: '2036-01-01T09:00:00+00:00',
				remote_phone: phone,
				local_phone: on.close.account.phoneNumbers.main.number,
				text: 'See you soon',
				lead_id: lead,
			}).id;
		const { bluebird, northwind } = on.close.account.leads;
		const hers = [scheduled(MARIA, bluebird.id), scheduled(MARIA, northwind.id)];
		const his = scheduled(SAM, bluebird.id);
		await on.activate(await preparedExample('stop-cancels-what-is-scheduled.json', on.close));
		await on.receive(MARIA, 'Are you open?');
		await on.receive(MARIA, 'STOP');
		await on.runs(1);

		expect(hers.map((id) => on.close.sms(id)?.status)).toEqual(['draft', 'draft']);
		expect(on.close.sms(his)?.status).toBe('scheduled');
		expect(await on.executions()).toHaveLength(1);
	});
});

describe('a bot that is silent once a colleague has written', () => {
	/** What a colleague does in Close: the subscription hears who let the text go out. */
	const colleagueWrites = async () => {
		const { id } = on.close.addSms({
			remote_phone: MARIA,
			local_phone: on.close.account.phoneNumbers.main.number,
			text: 'I will call you.',
			lead_id: on.close.account.leads.bluebird.id,
		});
		on.close.clock.advance(1000);
		on.close.somebody.sends(id);
		on.close.clock.advance(60_000);
		await on.close.webhooks.deliverAll();
	};

	test('it answers, falls silent for a day, and answers again', async () => {
		const workflow = withField(
			await preparedExample('bot-is-silent-after-a-colleague-wrote.json', on.close),
		);
		nodeOf(workflow, 'Answer').parameters.options = {};
		// So that what a colleague does is an event of its own.
		on.close.webhooks.consolidation(1);
		await on.activate(workflow);
		await waitUntil(async () => on.close.webhooks.list().length === 2);
		const answers = () =>
			on.close.allSms().filter(({ text }) => text?.startsWith('Thank you for writing!')).length;

		await on.receive(MARIA, 'Hello');
		await on.runs(1);
		expect(answers()).toBe(1);

		const before = (await on.executions()).length;
		await colleagueWrites();
		await on.runs(before + 1);
		await on.receive(MARIA, 'And now?');
		await on.runs(before + 2);
		expect(answers()).toBe(1);

		on.close.clock.advance(DAY_MS);
		await on.receive(MARIA, 'Are you there?');
		await on.runs(before + 3);
		expect(answers()).toBe(2);
	});
});

describe("an answer goes to the lead's owner in Slack", () => {
	const told = async (lead: object | undefined) => {
		const slack = await startLocalServer({
			'/users.lookupByEmail': lead ? { ok: true, user: { id: 'U123' } } : { ok: false },
			'/chat.postMessage': { ok: true },
		});
		const workflow = withField(
			await preparedExample('answer-to-the-owner-in-slack.json', on.close),
		);
		const slackApi = {
			id: await n8n.createCredential('slackApi', slack.url, TOKEN),
			name: 'Slack',
		};
		for (const name of ['In Slack', 'Tell them']) {
			const node = nodeOf(workflow, name);
			node.parameters.url = String(node.parameters.url).replace('https://slack.com/api', slack.url);
			node.credentials = { slackApi };
		}
		nodeOf(workflow, 'Owner').parameters.url = String(
			nodeOf(workflow, 'Owner').parameters.url,
		).replace('https://api.close.com/api/v1', on.close.baseUrl);
		Object.assign(
			on.close.account.leads.bluebird,
			lead && { [`custom.${FIELD}`]: on.close.account.users.ada.id },
		);
		await on.activate(workflow);
		await on.receive(MARIA, 'Can you come on Friday?');
		await on.runs(1);
		await slack.stop();
		return slack.received;
	};
	const TOKEN = { accessToken: 'xoxb-test' };

	test('as a direct message with number, words and a link', async () => {
		const received = await told({});
		expect(received.at(-1)).toMatchObject({
			path: '/chat.postMessage',
			body: { channel: 'U123', text: expect.stringContaining('Can you come on Friday?') as string },
		});
	});

	test('without an owner, to the channel', async () => {
		const received = await told(undefined);
		expect(received.at(-1)?.body).toMatchObject({ channel: '#sms' });
	});
});

describe('opt-outs in free words', () => {
	test.each<[string, string, number]>([
		['YES', 'please stop texting me', 1],
		['I cannot say', 'not now', 1],
		['No.', 'Can you stop by at 5?', 0],
	])('the model says %j to %j: %i tasks, and nobody is texted', async (says, text, tasks) => {
		const model = await startChatModel([], says);
		const api = await startLocalServer({ '/task/': { id: 'task_1' } });
		const workflow = await preparedExample('opt-outs-in-free-words.json', on.close);
		const key = { apiKey: 'none', url: model.url };
		nodeOf(workflow, 'OpenAI Chat Model').credentials = {
			openAiApi: { id: await n8n.createCredential('openAiApi', model.url, key), name: 'Model' },
		};
		nodeOf(workflow, 'Ask a person').parameters.url = `${api.url}/task/`;
		await on.activate(workflow);
		await on.receive(MARIA, text);
		await on.runs(1);
		await model.stop();
		await api.stop();

		// A model that fails makes a task too.
		const [{ id }] = await on.executions();
		expect(await n8n.output(id, 'Does it opt out?')).toEqual([{ text: says }]);
		expect(api.received.map(({ body }) => body)).toEqual(
			Array.from({ length: tasks }, () => ({
				_type: 'lead',
				lead_id: on.close.account.leads.bluebird.id,
				date: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) as string,
				text: `Does this person want no more SMS? ${MARIA} wrote: ${text}`,
			})),
		);
		expect(on.close.texted).toEqual([]);
	});
});

describe('an MCP server that can only draft', () => {
	test('a client drafts, reads and lists; whatever it asks for, nobody is texted', async () => {
		const workflow = await preparedExample('mcp-server-that-only-drafts.json', on.close);
		const token = randomUUID();
		const server = nodeOf(workflow, 'MCP Server');
		server.credentials = {
			httpBearerAuth: {
				id: await n8n.createCredential('httpBearerAuth', 'MCP', { token }),
				name: 'MCP',
			},
		};
		const path = randomUUID();
		server.parameters.path = path;
		nodeOf(workflow, 'Draft an SMS').parameters.localPhone = byNumber(
			on.close.account.phoneNumbers.main.number,
		) as INodeParameters;
		const id = await on.imported(workflow);
		await n8n.activate(id);
		await expect(connectMcp(`${n8n.url}/mcp/${path}`)).rejects.toThrow(/40[13]/);
		const client = await connectMcp(`${n8n.url}/mcp/${path}`, token);
		const tools = await client.tools();
		expect(tools.map(({ name }) => name).sort()).toEqual([
			'Draft_an_SMS',
			'List_drafts',
			'Read_a_conversation',
		]);
		const drafted = await client.call('Draft_an_SMS', {
			phone: MARIA,
			text: 'We come on Thursday.',
			lead: '',
			status: 'outbox',
			mode: 'send',
			operation: 'send',
		});
		const listed = await client.call('List_drafts', {});
		const read = await client.call('Read_a_conversation', { phone: MARIA });
		const wrong = await client.call('Draft_an_SMS', {
			phone: '415 555 0101',
			text: 'Hi',
			lead: '',
		});
		await n8n.deactivate(id);
		on.close.clock.advance(DAY_MS);

		expect(JSON.parse(drafted.content[0].text)).toMatchObject([
			{ status: 'draft', remote_phone: MARIA },
		]);
		expect(listed.content[0].text).toContain('We come on Thursday.');
		expect(JSON.parse(read.content[0].text)).toMatchObject([{ messages: expect.any(Array) as [] }]);
		expect(wrong).toMatchObject({ isError: true });
		expect(wrong.content[0].text).toMatch(/has no country code: 415 555 0101\. \w/);
		expect(on.close.texted).toEqual([]);
	});
});
