import type { INode, INodeParameters } from 'n8n-workflow';

import { byNumber } from '../../dev/locators';
import type { WorkflowJson } from '../../dev/n8n/n8nClient';
import { waitUntil } from '../../dev/n8n/waitUntil';
import { randomUUID, say } from '../../dev/platform';
import { startSimulator, type Simulator } from '../../dev/simulator';
import { startChatModel, toolResults } from './chatModel';
import { connectMcp } from './mcpClient';
import { n8n } from './n8n';

const TOOL = 'Text them';
const LANGCHAIN = '@n8n/n8n-nodes-langchain';

const node = (
	name: string,
	type: string,
	typeVersion: number,
	parameters: INodeParameters,
	more: Partial<INode> = {},
): INode => ({
	id: randomUUID(),
	name,
	type,
	typeVersion,
	position: [0, 0],
	parameters,
	...more,
});

/** Close SMS as a tool, whose number and message the model gives. */
const tool = (close: Simulator, onError: INode['onError'], more: Partial<INode> = {}) =>
	node(
		TOOL,
		'n8n-nodes-close-sms.closeSmsTool',
		1,
		{
			authentication: 'apiKey',
			resource: 'sms',
			operation: 'send',
			descriptionType: 'auto',
			to: { __rl: true, mode: 'number', value: "={{ $fromAI('phone', 'The number', 'string') }}" },
			from: byNumber(close.account.phoneNumbers.main.number),
			message: "={{ $fromAI('text', 'The words', 'string') }}",
			options: { maxRetries: 0 },
		},
		{ onError, ...more },
	);

type Told = { text: string; isError?: boolean };
type Call = { phone: string; text: string };
type Way = (
	close: Simulator,
	call: Call,
	onError: INode['onError'],
	more?: Partial<INode>,
) => Promise<Told>;

/** Has an agent of this version call the tool once, and returns what its model was told. */
const byAgent =
	(typeVersion: number): Way =>
	async (close, call, onError, more) => {
		const model = await startChatModel([{ ...call }], 'Done.');
		const data = { apiKey: 'none', url: model.url };
		const openAiApi = {
			id: await n8n.createCredential('openAiApi', model.url, data),
			name: model.url,
		};
		const workflow: WorkflowJson = {
			name: `Agent ${typeVersion}`,
			settings: { executionOrder: 'v1' },
			nodes: [
				node('Chat', `${LANGCHAIN}.chatTrigger`, 1.3, { public: false, options: {} }),
				node('AI Agent', `${LANGCHAIN}.agent`, typeVersion, { options: {} }),
				node('Model', `${LANGCHAIN}.lmChatOpenAi`, 1.2, MODEL, { credentials: { openAiApi } }),
				tool(close, onError, more),
			],
			connections: {
				Chat: { main: [[{ node: 'AI Agent', type: 'main', index: 0 }]] },
				Model: { ai_languageModel: [[{ node: 'AI Agent', type: 'ai_languageModel', index: 0 }]] },
				[TOOL]: { ai_tool: [[{ node: 'AI Agent', type: 'ai_tool', index: 0 }]] },
			},
		};
		const id = await n8n.importWorkflow(workflow, await n8n.addSimulatorCredential(close));
		await n8n.runWorkflow(id, 'Chat', { chatInput: 'Text them.' });
		await waitUntil(async () =>
			(await n8n.executions(id)).some(({ status }) => !['new', 'running'].includes(status)),
		);
		await model.stop();
		const [status] = (await n8n.executions(id)).map(({ status }) => status);
		return {
			text: model.requests[1] ? toolResults(model.requests[1])[0] : `(not asked: ${status})`,
		};
	};

const MODEL = { model: { __rl: true, mode: 'list', value: 'gpt-4.1-mini' }, options: {} };

/** Calls the tool of an MCP server. */
const byMcp =
	(typeVersion: number): Way =>
	async (close, call, onError, more) => {
		const path = randomUUID();
		const workflow: WorkflowJson = {
			name: `MCP ${typeVersion}`,
			settings: { executionOrder: 'v1' },
			nodes: [
				node('MCP', `${LANGCHAIN}.mcpTrigger`, typeVersion, { path }, { webhookId: path }),
				tool(close, onError, more),
			],
			connections: { [TOOL]: { ai_tool: [[{ node: 'MCP', type: 'ai_tool', index: 0 }]] } },
		};
		const id = await n8n.importWorkflow(workflow, await n8n.addSimulatorCredential(close));
		await n8n.activate(id);
		const client = await connectMcp(`${n8n.url}/mcp/${path}`);
		const [{ name }] = await client.tools();
		const { content, isError } = await client.call(name, call);
		await n8n.deactivate(id);
		return { text: content[0].text, isError };
	};

const WAYS: Record<string, Way> = {
	'Agent 1.9': byAgent(1.9),
	'Agent 2.2': byAgent(2.2),
	'Agent 3': byAgent(3),
	'MCP 2': byMcp(2),
};
const MODES = [undefined, 'stopWorkflow', 'continueRegularOutput', 'continueErrorOutput'] as const;
const TEXT = { phone: '+14155550101', text: 'We come on Thursday at 10.' };

const FAILURES: Record<string, { call: Call; order: (close: Simulator) => void }> = {
	none: { call: TEXT, order: () => undefined },
	'a number that is none': { call: { ...TEXT, phone: '415 555 0101' }, order: () => undefined },
	'refused by Close': {
		call: TEXT,
		order: (close) =>
			close.faults.order({
				kind: 'status',
				status: 402,
				body: { error: 'No credit.' },
				match: { method: 'PUT' },
			}),
	},
	'a lost response': {
		call: TEXT,
		order: (close) => {
			close.faults.order({ kind: 'resetAfter', match: { method: 'PUT' } });
			close.faults.order({
				kind: 'status',
				status: 502,
				match: { path: /acti_/, method: 'GET' },
				times: 99,
			});
		},
	},
};

test.each(Object.entries(FAILURES))('%s', async (name, { call, order }) => {
	const cells = Object.keys(WAYS).flatMap((way) => MODES.map((onError) => ({ way, onError })));
	const told: string[] = [];
	await Promise.all(
		cells.map(async ({ way, onError }) => {
			const close = await startSimulator();
			order(close);
			const { text, isError } = await WAYS[way](close, call, onError).catch((error: Error) => ({
				text: `FAILED ${error.message}`,
				isError: undefined,
			}));
			close.clock.advance(60_000);
			told.push(
				`${way} | ${onError} | texted ${close.texted.length} | isError ${isError} | ${text}`,
			);
			await close.stop();
		}),
	);
	say(`\n## ${name}\n${told.sort().join('\n')}`);
});
