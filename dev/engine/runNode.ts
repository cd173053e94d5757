import {
	DirectoryLoader,
	ExecutionLifecycleHooks,
	RoutingNode,
	WorkflowExecute,
	type ExecuteContext,
} from 'n8n-core';
import {
	Workflow,
	createRunExecutionData,
	type ICredentialDataDecryptedObject,
	type IConnections,
	type IDataObject,
	type IExecuteFunctions,
	type INode,
	type INodeExecutionData,
	type INodeParameters,
	type INodeType,
	type IRun,
	type ITaskData,
	type IWorkflowBase,
	type IWorkflowExecuteAdditionalData,
	type NodeApiError,
} from 'n8n-workflow';
import { CloseSms } from '../../nodes/CloseSms/CloseSms.node';
import { nodeTypesFrom } from './nodeTypes';
import { TestCredentials } from './testCredentials';

/** Passes the input items on; stands in for whatever comes before our node. */
class Start implements INodeType {
	description = {
		displayName: 'Start',
		name: 'start',
		group: ['input'],
		version: 1,
		description: '',
		defaults: { name: 'Start' },
		inputs: [],
		outputs: ['main'],
		properties: [],
	} as unknown as INodeType['description'];

	async execute(this: IExecuteFunctions) {
		return [this.getInputData()];
	}
}

/** Passes its items on as long as `isWanted` says, as the end of a loop in a workflow does. */
const again = (isWanted: (times: number) => boolean): INodeType => {
	let times = 0;
	return {
		description: { ...new Start().description, name: 'again', inputs: ['main'] },
		async execute() {
			return [isWanted(++times) ? [{ json: { times } }] : []];
		},
	};
};

/** Calls its tools through n8n-core, as the AI Agent does; an answer, or the error, becomes an item. */
const agent = (calls: IDataObject[]): INodeType => ({
	description: { ...new Start().description, name: 'agent', inputs: ['main', 'ai_tool'] },
	async execute() {
		type Tool = { invoke(args: IDataObject): Promise<string> };
		const [tool] = (await this.getInputConnectionData('ai_tool', 0)) as Tool[];
		const items: INodeExecutionData[] = [];
		for (const call of calls) {
			const answer = await tool
				.invoke(call)
				.catch((error: Error) => JSON.stringify({ error: error.message }));
			items.push({ json: { answer: JSON.parse(answer) } });
		}
		return [items];
	},
});

/**
 * Gives a declarative node what n8n gives it: the parameter Request Options (n8n-core's loader; without it the engine
 * strips the parameter) and an `execute` (n8n's `NodeTypes`; the engine's own way for tests has no cancel signal).
 */
function asLoaded(node: INodeType): INodeType {
	DirectoryLoader.applyDeclarativeNodeOptionParameters(node);
	node.execute = async function () {
		return (await new RoutingNode(this as unknown as ExecuteContext, node).runNode()) ?? [];
	};
	return node;
}

/** What n8n makes of a node for an agent: only an output `ai_tool`. */
function asTool(node: INodeType): INodeType {
	Object.assign(node.description, { inputs: [], outputs: ['ai_tool'] });
	return node;
}

export interface NodeRun {
	/** The node's outputs: `outputs[0]` is the main output, `outputs[1]` the error output. */
	outputs: INodeExecutionData[][];
	items: INodeExecutionData[];
	json: IDataObject[];
	/** What stopped the workflow. */
	error?: NodeApiError;
	task?: ITaskData;
	result: IRun;
}

export interface RunOptions {
	parameters: INodeParameters;
	/** Runs another node instead of ours, to compare with, under its full name and version. */
	instead?: { node: INodeType; type: string; typeVersion: number };
	/** The data of the credential `closeSmsApi`, or of several by their names under `credentials`. */
	credential?: ICredentialDataDecryptedObject;
	credentials?: Record<string, ICredentialDataDecryptedObject>;
	/** Input items; one empty item unless given. */
	items?: IDataObject[];
	/** Whole input items, where json is not enough. */
	input?: INodeExecutionData[];
	/** Settings of the node: onError, retryOnFail, executeOnce … */
	node?: Partial<INode>;
	/** Makes the node a tool of an AI agent, which calls it with each of these arguments in turn; the input goes to the agent. */
	agentCalls?: IDataObject[];
	/** Runs the node again, in the same execution, as long as this says so of how often it has run; each time for one item, `{ times }`. */
	again?: (times: number) => boolean;
	/** The workflow's time zone, an IANA name. */
	timezone?: string;
	/** Called with the running execution, e.g. to cancel it. */
	onStart?: (execution: { cancel(): void }) => void;
}

/** Runs Start -> Close SMS through n8n-core's own `WorkflowExecute`; nothing of the engine is replaced. */
export async function runNode(options: RunOptions): Promise<NodeRun> {
	const nodeType = asLoaded(new CloseSms());
	// As n8n names a node that is given to an agent.
	const type = options.agentCalls ? 'test.closeSmsTool' : 'test.closeSms';
	const ours = { type, typeVersion: 1 };
	const { node: other, ...tested } = options.instead ?? { node: undefined, ...ours };
	const types: Record<string, INodeType> = {
		'test.start': new Start(),
		'test.agent': agent(options.agentCalls ?? []),
		'test.again': again(options.again ?? (() => false)),
		[tested.type]: other ?? (options.agentCalls ? asTool(nodeType) : nodeType),
	};
	const nodeTypes = nodeTypesFrom((type) => types[type]);
	const data = options.credentials ?? { closeSmsApi: options.credential ?? {} };
	const nodes: INode[] = [
		{
			id: 's',
			name: 'Start',
			type: 'test.start',
			typeVersion: 1,
			position: [0, 0],
			parameters: {},
		},
		{
			id: 'n',
			name: 'Close SMS',
			...tested,
			position: [200, 0],
			parameters: options.parameters,
			credentials: Object.fromEntries(Object.keys(data).map((name) => [name, { id: name, name }])),
			...options.node,
		},
		{
			id: 'a',
			name: 'Agent',
			type: 'test.agent',
			typeVersion: 1,
			position: [200, 200],
			parameters: {},
		},
	];
	if (options.again)
		nodes.push({
			id: 'r',
			name: 'Again',
			type: 'test.again',
			typeVersion: 1,
			position: [400, 0],
			parameters: {},
		});
	const toOurs = { main: [[{ node: 'Close SMS', type: 'main' as const, index: 0 }]] };
	const input = options.input ?? (options.items ?? [{}]).map((json) => ({ json }));
	const connections: IConnections = options.agentCalls
		? {
				Start: { main: [[{ node: 'Agent', type: 'main', index: 0 }]] },
				'Close SMS': { ai_tool: [[{ node: 'Agent', type: 'ai_tool', index: 0 }]] },
			}
		: {
				Start: toOurs,
				...(options.again && {
					'Close SMS': { main: [[{ node: 'Again', type: 'main', index: 0 }]] },
					Again: toOurs,
				}),
			};
	const settings = { executionOrder: 'v1' as const, timezone: options.timezone ?? 'UTC' };
	const workflow = new Workflow({
		id: 'w',
		nodes,
		connections,
		active: false,
		nodeTypes,
		settings,
	});
	const additionalData = {
		credentialsHelper: new TestCredentials(data),
		hooks: new ExecutionLifecycleHooks('trigger', '1', {
			id: 'w',
			name: 'w',
			nodes,
			connections,
		} as unknown as IWorkflowBase),
		executionId: '1',
		webhookWaitingBaseUrl: 'http://127.0.0.1',
		formWaitingBaseUrl: 'http://127.0.0.1',
		variables: {},
		currentNodeExecutionIndex: 0,
	} as unknown as IWorkflowExecuteAdditionalData;
	const execution = new WorkflowExecute(
		additionalData,
		'trigger',
		createRunExecutionData({
			executionData: {
				nodeExecutionStack: [{ node: nodes[0], data: { main: [input] }, source: null }],
			},
		}),
	).processRunExecutionData(workflow);
	options.onStart?.(execution);
	const result = await execution;
	const task = result.data.resultData.runData[options.agentCalls ? 'Agent' : 'Close SMS']?.[0];
	const outputs = (task?.data?.main ?? []).map((output) => output ?? []);
	const items = outputs[0] ?? [];
	return {
		outputs,
		items,
		json: items.map((item) => item.json),
		error: result.data.resultData.error as NodeApiError | undefined,
		task,
		result,
	};
}
