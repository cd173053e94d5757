import type { INode, INodeParameters } from 'n8n-workflow';

import { byNumber } from '../../dev/locators';
import type { WorkflowJson } from '../../dev/n8n/n8nClient';
import { waitUntil } from '../../dev/n8n/waitUntil';
import { randomUUID, say } from '../../dev/platform';
import { startSimulator, type Simulator } from '../../dev/simulator';
import { startChatModel, toolResults } from '../../dev/n8n/chatModel';
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
				node('AI Agent', `${LANGCHAIN}.agent`, typeVersion, { agent: 'toolsAgent', options: {} }),
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
		const [{ id: execution, status }] = await n8n.executions(id);
		const [run] = await n8n.nodeRuns(execution, 'AI Agent');
		return {
			text: model.requests[1]
				? toolResults(model.requests[1])[0]
				: `(not asked: ${status} ${run?.error?.message})`,
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
	'Agent 1.8': byAgent(1.8),
	'Agent 2.2': byAgent(2.2),
	'Agent 3': byAgent(3),
	'MCP 2': byMcp(2),
};
const MODES = [undefined, 'stopWorkflow', 'continueRegularOutput', 'continueErrorOutput'] as const;
const TEXT = { phone: '+14155550101', text: 'We come on Thursday at 10.' };

const refused = (close: Simulator) =>
	close.faults.order({
		kind: 'status',
		status: 402,
		body: { error: 'No credit.' },
		match: { method: 'PUT' },
	});
const lost = (close: Simulator) => {
	close.faults.order({ kind: 'resetAfter', match: { method: 'PUT' } });
	const match = { path: /acti_/, method: 'GET' };
	close.faults.order({ kind: 'status', status: 502, match, times: 99 });
};
const nothing = () => undefined;

/** What goes wrong, and what a model must be told of it. */
const FAILURES: Record<
	string,
	{ call: Call; order: (close: Simulator) => void; texted: number; told: RegExp[] }
> = {
	'a number that is none': {
		call: { ...TEXT, phone: '415 555 0101' },
		order: nothing,
		texted: 0,
		told: [/'To' has no country code: 415 555 0101\./, /Put the plus sign and the country code/],
	},
	'a text that Close refuses': {
		call: TEXT,
		order: refused,
		texted: 0,
		told: [/Close refused this: No credit\..*draft acti_\w+/, /send that draft with Send Draft/],
	},
	'a text that may have been sent': {
		call: TEXT,
		order: lost,
		texted: 1,
		told: [/This SMS may have been sent: .*acti_\w+/, /Do not repeat it\..*Look at it in Close/],
	},
};

/** What a model is told, for each way to call the tool, in each mode of On Error, all at once. */
const tellAll = async (
	ways: string[],
	modes: ReadonlyArray<(typeof MODES)[number]>,
	{ call, order }: { call: Call; order: (close: Simulator) => void },
) =>
	await Promise.all(
		ways
			.flatMap((way) => modes.map((onError) => ({ way, onError })))
			.map(async ({ way, onError }) => {
				const close = await startSimulator();
				order(close);
				const told = await WAYS[way](close, call, onError);
				close.clock.advance(60_000);
				const cell = { way, onError, ...told, texted: close.texted.length };
				await close.stop();
				return cell;
			}),
	);

/** With the error output AI Agent 3 tells nothing, and with an explicit Stop n8n ends the execution: see below. */
const isTold = ({ way, onError }: { way: string; onError?: string }) =>
	way !== 'Agent 3' || onError === undefined || onError === 'continueRegularOutput';

describe.each(Object.entries(FAILURES))('%s', (name, { call, order, texted, told }) => {
	test('comes to the model with what happened and what to do, however it calls', async () => {
		const cells = await tellAll(Object.keys(WAYS), MODES, { call, order });
		say(
			[`\n## ${name}`, ...cells.map((one) => `${one.way} | ${one.onError} | ${one.text}`)].join(
				'\n',
			),
		);

		for (const cell of cells.filter(isTold)) {
			expect(cell).toMatchObject({ texted });
			for (const words of told) expect(cell.text).toMatch(words);
			expect(cell.text).not.toMatch(/retry the request/);
			// What an MCP server throws is an error of the protocol; everything else is JSON.
			const isThrown = cell.isError === true;
			if (!isThrown)
				expect(JSON.parse(cell.text)).toMatchObject([{ error: expect.anything() as object }]);
			expect([cell.way, cell.onError, isThrown]).toEqual([
				cell.way,
				cell.onError,
				cell.way.startsWith('MCP') &&
					(cell.onError ?? 'stopWorkflow') === 'stopWorkflow' &&
					texted === 0,
			]);
		}
	});
});

test('what went well comes to the model, however it calls', async () => {
	const cells = await tellAll(Object.keys(WAYS), MODES, { call: TEXT, order: nothing });
	for (const cell of cells.filter(
		({ way, onError }) => way !== 'Agent 3' || onError !== 'continueErrorOutput',
	)) {
		expect(cell).toMatchObject({ texted: 1 });
		expect(JSON.parse(cell.text)).toMatchObject([{ remote_phone: TEXT.phone, status: 'outbox' }]);
	}
});

test('where n8n keeps from the model what a tool gives out, nobody is texted', async () => {
	const [cell] = await tellAll(['Agent 3'], ['continueErrorOutput'], {
		call: TEXT,
		order: nothing,
	});
	expect(cell).toMatchObject({ text: '""', texted: 0 });
});
