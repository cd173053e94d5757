import {
	DataDeduplicationService,
	ExecuteContext,
	HookContext,
	TriggerContext,
	WebhookContext,
} from 'n8n-core';
import {
	createRunExecutionData,
	Workflow,
	type ICredentialDataDecryptedObject,
	type IDataDeduplicator,
	type IDataObject,
	type INode,
	type INodeExecutionData,
	type INodeParameters,
	type INodeType,
	type IRun,
	type IWebhookData,
	type IWorkflowExecuteAdditionalData,
	type WorkflowActivateMode,
	type WorkflowExecuteMode,
} from 'n8n-workflow';
import { createServer, randomUUID, setImmediate } from '../../../dev/platform';
import type { Simulator } from '../../../dev/simulator';
import { nodeTypesFrom } from '../../../dev/engine/nodeTypes';
import { simulatorCredential } from '../../../dev/simulator/credential';
import { TestCredentials } from '../../../dev/engine/testCredentials';

type Server = ReturnType<typeof createServer>;
type Listener = NonNullable<Parameters<typeof createServer>[1]>;
type Request = Parameters<Listener>[0];
type Response = Parameters<Listener>[1];

/** One workflow with a trigger. */
export interface TestWorkflow {
	id: string;
	node: INode;
	/** The workflow's static data, as the database has it. */
	stored: string;
	/** What the trigger passed on, in order. */
	runs: IDataObject[];
	/** How many executions have begun, also those that ended with nothing. */
	executions: number;
	/** The message of each execution that failed. */
	errors: string[];
	/** As when it is unpublished, and when n8n ends. */
	stopTrigger?: () => Promise<void>;
}

/** An execution as n8n's database has it before it begins. */
interface StoredExecution {
	id: string;
	workflow: TestWorkflow;
	items: string;
	mode: WorkflowExecuteMode;
}

/** As n8n's `DeduplicationHelper`: reads all entries of a node, then writes all of them. */
class Deduplicator {
	readonly rows = new Map<string, string[]>();
	/** When set, n8n's database fails. */
	breakdown = false;

	async checkProcessedAndRecord(
		items: Array<string | number>,
		_scope: string,
		{ workflow, node }: { workflow: { id?: string }; node?: { id: string } },
		{ maxEntries }: { maxEntries?: number },
	) {
		const row = `${workflow.id} ${node?.id}`;
		const entries = this.rows.get(row) ?? [];
		await tick();
		if (this.breakdown) throw new Error('SQLITE_BUSY: database is locked');
		// Not a set: there are thousands of entries, and few items.
		const isKnown = (item: string | number) => entries.includes(String(item));
		const added = items.filter((item) => !isKnown(item));
		this.rows.set(row, entries.concat(added.map(String)).slice(-(maxEntries ?? Infinity)));
		return { new: added, processed: items.filter(isKnown) };
	}
}

/** The table of n8n's database in which nodes keep what they have processed. */
export const deduplicator = new Deduplicator();
void DataDeduplicationService.init(deduplicator as unknown as IDataDeduplicator);

/** A webhook that is being listened to in test mode, with static data of its own. */
interface TestRun {
	workflow: TestWorkflow;
	staticData: IDataObject;
}

const NODE = 'Close SMS Trigger';
const tick = async () => await new Promise<void>((resolve) => void setImmediate(resolve));

async function startProcess() {
	const { CloseSmsTrigger: Trigger } = await import(
		'../../../nodes/CloseSmsTrigger/CloseSmsTrigger.node'
	);
	const { removeNow } = await import('../../../nodes/CloseSmsTrigger/delayedRemovals');
	return { nodeType: new Trigger() as INodeType, removeNow };
}

type Process = Awaited<ReturnType<typeof startProcess>>;

/** Loads the node as a process that has just started does: with nothing in memory. */
async function startAnotherProcess(): Promise<Process> {
	let started!: Process;
	await jest.isolateModulesAsync(async () => void (started = await startProcess()));
	return started;
}

/**
 * n8n around a trigger: the engine's own contexts, and around them what n8n does (`LiveWebhooks`, `TestWebhooks`,
 * `WebhookService`, `WebhookHelpers` of n8n 2.41): static data is read before each delivery and stored with its answer;
 * an execution is stored before n8n answers; test mode has static data of its own and ends with the first execution.
 */
export class TestN8n {
	private readonly workflows = new Map<string, TestWorkflow>();
	private readonly listening = new Map<string, TestRun>();
	private readonly underWay = new Set<Promise<void>>();
	/** When set, storing an execution fails. */
	breakdown = false;
	/** Whether it does not tell the trigger that it could not store an execution, as n8n 1.85. */
	isSilent = false;
	/** What n8n waits for while it stores an execution. */
	storing: Promise<void> = Promise.resolve();
	/** How many executions it has begun to store. */
	storings = 0;
	/** While set, it answers everything as n8n 2.41 does while it changes its database (`AbstractServer`). */
	isMigrating = false;
	/** What a workflow is published for: n8n starts, or a person publishes it. */
	private activation: WorkflowActivateMode = 'activate';
	/** Executions that are stored and have not begun. */
	private readonly waiting = new Set<StoredExecution>();
	private readonly executing = new Set<Promise<void>>();
	/** Ends what the process is doing when it is started again. */
	private endProcess!: () => void;
	private processEnd = this.newProcess();
	private lastExecutionId = 0;
	/** Overrides of the credential for the simulated Close. */
	credential: IDataObject = {};
	/** Warnings and errors of the trigger in n8n's log. */
	readonly log: string[] = [];
	/** Names the installation. */
	instanceId = 'n8n';
	/** The address that n8n believes it has: `WEBHOOK_URL`. */
	publicUrl: string;

	private constructor(
		private readonly close: Simulator,
		public process: Process,
		private readonly server: Server,
	) {
		const address = server.address() as { port: number };
		this.publicUrl = `http://127.0.0.1:${address.port}`;
	}

	static async start(close: Simulator): Promise<TestN8n> {
		const calls = { take: (_: Request, answer: Response) => void answer.end() };
		const server = createServer((request, response) => calls.take(request, response));
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		const n8n = new TestN8n(close, await startProcess(), server);
		calls.take = (request, response) => {
			// The next test's server may get the same port, and callers would reuse a connection that is gone.
			response.shouldKeepAlive = false;
			const call = n8n.answer(request, response).finally(() => n8n.underWay.delete(call));
			n8n.underWay.add(call);
		};
		return n8n;
	}

	/** Resolves when everything after the responses so far is done. */
	async settled(): Promise<void> {
		await Promise.all(this.underWay);
		await Promise.all(this.executing);
	}

	/** Resolves when all executions that have begun have ended. */
	async executed(): Promise<void> {
		await Promise.all(this.executing);
	}

	async stop(): Promise<void> {
		for (const { stopTrigger } of this.workflows.values()) await stopTrigger?.();
		await this.settled();
		this.server.closeAllConnections();
		await new Promise((resolve) => this.server.close(resolve));
	}

	/**
	 * Starts the process again: its memory is gone, the database is not. As n8n's `EnqueuedExecutionRecoveryService`, it
	 * runs the executions that had not begun; who waits for them gets no response.
	 */
	async restart(): Promise<void> {
		this.endProcess();
		for (const { stopTrigger } of this.workflows.values()) await stopTrigger?.();
		this.processEnd = this.newProcess();
		this.server.closeAllConnections();
		this.process = await startAnotherProcess();
		this.activation = 'init';
		for (const workflow of this.workflows.values()) await this.activate(workflow);
		this.activation = 'activate';
		for (const execution of [...this.waiting]) {
			this.waiting.delete(execution);
			void this.run(execution, JSON.parse(execution.items) as INodeExecutionData[]);
		}
	}

	/**
	 * As when the leader among several main processes ends, and another one takes over.
	 *
	 * @param checks whether that one checks the subscriptions as well, as n8n does since 1.123 or before
	 */
	async takeOver({ checks }: { checks: boolean }): Promise<void> {
		for (const { stopTrigger } of this.workflows.values()) await stopTrigger?.();
		this.process = await startAnotherProcess();
		this.activation = 'leadershipChange';
		for (const workflow of this.workflows.values())
			await (checks ? this.activate(workflow) : this.trigger(workflow, this.load(workflow)));
		this.activation = 'activate';
	}

	/** From now on another process receives what comes in, as a webhook process of the queue mode: it activates nothing. */
	async switchProcess(): Promise<void> {
		this.process = await startAnotherProcess();
	}

	/**
	 * As the button Retry of an execution that failed at its first node.
	 *
	 * @param mode `manual`: as the button that executes the workflow in the editor
	 */
	async retry(execution: StoredExecution, mode: WorkflowExecuteMode = 'retry'): Promise<void> {
		const retried = { ...execution, id: this.newExecutionId(), mode };
		void this.run(retried, JSON.parse(execution.items) as INodeExecutionData[]);
		await this.settled();
	}

	/** The executions that have begun, as the database has them. */
	readonly begun: StoredExecution[] = [];

	/** Begins an execution that has begun before, as n8n 1 does when a worker is killed. */
	async beginAgain(execution: StoredExecution): Promise<void> {
		void this.run(execution, JSON.parse(execution.items) as INodeExecutionData[]);
		await this.settled();
	}

	private async newProcess(): Promise<'dead'> {
		return await new Promise((resolve) => (this.endProcess = () => resolve('dead')));
	}

	private newExecutionId() {
		return String(++this.lastExecutionId);
	}

	/** Saves a workflow, not active. */
	add(parameters: INodeParameters = {}, { webhookId = randomUUID() } = {}): TestWorkflow {
		const reference = { id: 'c', name: 'c' };
		const credentials = { closeSmsApi: reference, closeSmsOAuth2Api: reference };
		const node: INode = {
			id: randomUUID(),
			name: NODE,
			type: 'test.closeSmsTrigger',
			typeVersion: 1,
			position: [0, 0],
			webhookId,
			credentials,
			parameters: { authentication: 'apiKey', ...parameters },
		};
		return { id: randomUUID(), node, stored: '{}', runs: [], executions: 0, errors: [] };
	}

	/**
	 * As n8n activates: the webhook is registered first, then the subscription is checked, and at the same time the trigger
	 * function is called (`WorkflowTriggerActivator`).
	 */
	async activate(workflow: TestWorkflow): Promise<void> {
		this.workflows.set(workflow.node.webhookId!, workflow);
		const loaded = this.load(workflow);
		const checked = this.hook('checkExists', workflow, loaded).then(
			async (exists) => exists || (await this.hook('create', workflow, loaded)),
		);
		const [hooks, trigger] = await Promise.allSettled([checked, this.trigger(workflow, loaded)]);
		this.store(workflow, loaded);
		if (hooks.status === 'rejected') throw hooks.reason;
		if (trigger.status === 'rejected') throw trigger.reason;
	}

	private async trigger(workflow: TestWorkflow, loaded: Workflow): Promise<void> {
		const { additionalData } = this.surroundings(false);
		const node = loaded.getNode(workflow.node.name)!;
		const context = new TriggerContext(
			loaded,
			node,
			additionalData,
			'trigger',
			this.activation,
			([items], _, ended) => {
				if (this.breakdown && this.isSilent) return;
				if (this.breakdown) return void ended?.reject(new Error('n8n could not store it'));
				const execution = {
					id: this.newExecutionId(),
					workflow,
					items: JSON.stringify(items),
					mode: 'trigger' as const,
				};
				void this.run(execution, items).then(() => ended?.resolve({} as IRun));
			},
		);
		this.catchLog(context);
		const response = await this.process.nodeType.trigger!.call(context);
		workflow.stopTrigger = async () => await response?.closeFunction?.();
	}

	async deactivate(workflow: TestWorkflow): Promise<void> {
		await this.unregister(workflow);
		// In n8n it is removed ten seconds later.
		await this.process.removeNow(this.urlOf(workflow));
	}

	/** Publishes a workflow anew, as it is now. n8n first unpublishes it as it was. */
	async publishAgain(workflow: TestWorkflow, changes: Partial<INode>): Promise<void> {
		await this.unregister(workflow);
		Object.assign(workflow.node, changes);
		await this.activate(workflow);
	}

	/** As n8n does before it publishes a workflow anew, and when it is unpublished. */
	async unregister(workflow: TestWorkflow): Promise<void> {
		const loaded = this.load(workflow);
		await Promise.all([this.hook('delete', workflow, loaded), workflow.stopTrigger?.()]);
		this.store(workflow, loaded);
		this.workflows.delete(workflow.node.webhookId!);
	}

	/** As the button "Listen for test event". */
	async listen(workflow: TestWorkflow): Promise<void> {
		const loaded = this.load({ ...workflow, stored: '{}' });
		if (!(await this.hook('checkExists', workflow, loaded, true)))
			await this.hook('create', workflow, loaded, true);
		this.listening.set(workflow.node.webhookId!, { workflow, staticData: loaded.staticData });
	}

	/** Whether it still listens in test mode. */
	isListening({ node }: TestWorkflow): boolean {
		return this.listening.has(node.webhookId!);
	}

	/** As the button "Stop listening", as a test execution, and as two minutes without one. */
	async stopListening(workflow: TestWorkflow): Promise<void> {
		const run = this.listening.get(workflow.node.webhookId!);
		const loaded = this.load({ ...workflow, stored: '{}' });
		loaded.staticData = run!.staticData;
		await this.hook('delete', workflow, loaded, true);
		this.listening.delete(workflow.node.webhookId!);
	}

	urlOf({ node }: TestWorkflow, isTest = false): string {
		return `${this.publicUrl}/webhook${isTest ? '-test' : ''}/${node.webhookId}/webhook`;
	}

	/** The trigger's part of the static data, as stored. */
	stored(workflow: TestWorkflow): IDataObject {
		const all = JSON.parse(workflow.stored) as Record<string, IDataObject>;
		return all[`node:${workflow.node.name}`] ?? {};
	}

	private load({ id, node, stored }: TestWorkflow): Workflow {
		const nodeTypes = nodeTypesFrom(() => this.process.nodeType);
		const staticData = JSON.parse(stored) as IDataObject;
		const nodes = [structuredClone(node)];
		return new Workflow({ id, nodes, connections: {}, active: true, nodeTypes, staticData });
	}

	private store(workflow: TestWorkflow, { staticData }: Workflow): void {
		if (staticData.__dataChanged) workflow.stored = JSON.stringify(staticData);
	}

	/**
	 * As `WorkflowRunner.run`: it makes a workflow of its own around the same static data, by which that forgets that it
	 * has changed (`ObservableObject.create`).
	 */
	private async storeExecution(
		{ id, nodeTypes, staticData }: Workflow,
		execution: StoredExecution,
	): Promise<'stored' | 'dead'> {
		new Workflow({ id, nodes: [], connections: {}, active: true, nodeTypes, staticData });
		this.storings++;
		this.waiting.add(execution);
		const ended = await Promise.race([this.storing, this.processEnd]);
		if (ended) return ended;
		await tick();
		this.waiting.delete(execution);
		return 'stored';
	}

	/** Runs the trigger of an execution, as `WorkflowExecute` does. */
	private async run(execution: StoredExecution, items: INodeExecutionData[]): Promise<void> {
		const { id, workflow, mode } = execution;
		this.begun.push(execution);
		workflow.executions++;
		const loaded = this.load(workflow);
		const node = loaded.getNode(workflow.node.name)!;
		const { additionalData } = this.surroundings(false, { executionId: id });
		const data = { main: [items] };
		const context = new ExecuteContext(
			loaded,
			node,
			additionalData,
			mode,
			createRunExecutionData(),
			0,
			items,
			data,
			{ node, data, source: null },
			[],
		);
		this.catchLog(context);
		const execute = this.process.nodeType.execute!;
		const done: Promise<void> = (async () => await execute.call(context))()
			.then(
				(output) =>
					void workflow.runs.push(...(output as INodeExecutionData[][])[0].map(({ json }) => json)),
				(error: Error) => void workflow.errors.push(error.message),
			)
			.finally(() => this.executing.delete(done));
		this.executing.add(done);
		await done;
	}

	private surroundings(isTest: boolean, more: object = {}) {
		const credential = {
			...simulatorCredential(this.close),
			...this.credential,
		} as ICredentialDataDecryptedObject;
		const additionalData = {
			credentialsHelper: new TestCredentials({
				closeSmsApi: credential,
				closeSmsOAuth2Api: credential,
			}),
			webhookBaseUrl: `${this.publicUrl}/webhook`,
			webhookTestBaseUrl: `${this.publicUrl}/webhook-test`,
			variables: {},
			...more,
		} as unknown as IWorkflowExecuteAdditionalData;
		const webhookDescription = this.process.nodeType.description.webhooks![0];
		return { additionalData, webhookData: { webhookDescription, isTest } as IWebhookData };
	}

	private async hook(
		name: 'checkExists' | 'create' | 'delete',
		{ node }: TestWorkflow,
		loaded: Workflow,
		isTest = false,
	): Promise<boolean> {
		const { additionalData, webhookData } = this.surroundings(isTest);
		const mode = isTest ? 'manual' : 'trigger';
		const activation = isTest ? 'manual' : this.activation;
		const context = new HookContext(
			loaded,
			loaded.getNode(node.name)!,
			additionalData,
			mode,
			activation,
			webhookData,
		);
		this.catchLog(context);
		Object.defineProperty(context, 'getInstanceId', { value: () => this.instanceId });
		return await this.process.nodeType.webhookMethods!.default![name].call(context);
	}

	private catchLog(context: ExecuteContext | HookContext | TriggerContext | WebhookContext): void {
		const log = (message: string) => void this.log.push(message);
		Object.defineProperty(context, 'logger', { value: { info: log, warn: log, error: log } });
	}

	private async answer(request: Request, response: Response): Promise<void> {
		if (this.isMigrating) return void response.end('n8n is starting up. Please wait');
		const [, kind, webhookId] = request.url!.split('/').slice(-4);
		const isTest = kind === 'webhook-test';
		const run = isTest ? this.listening.get(webhookId) : undefined;
		const workflow = isTest ? run?.workflow : this.workflows.get(webhookId);
		const say = (status: number, message: string) => {
			response.writeHead(status, { 'content-type': 'application/json' });
			response.end(JSON.stringify({ message }));
		};
		if (request.method !== 'POST' || !workflow) return say(404, 'not registered');
		const body = await parse(request);
		if (!body) return say(422, 'Failed to parse request body');
		const loaded = this.load(isTest ? { ...workflow, stored: '{}' } : workflow);
		if (run) loaded.setTestStaticData(run.staticData);
		const started = await this.start(loaded, workflow, isTest, request, response);
		if (started === 'dead') return void response.destroy();
		if (started === 'broken') return say(500, 'Error in workflow');
		await tick();
		if (!isTest) this.store(workflow, loaded);
		if (!response.headersSent) say(200, 'Workflow was started');
		if (isTest && started === 'yes') await this.stopListening(workflow);
	}

	private async start(
		loaded: Workflow,
		workflow: TestWorkflow,
		isTest: boolean,
		request: Request,
		response: Response,
	): Promise<'yes' | 'no' | 'broken' | 'dead'> {
		const { additionalData, webhookData } = this.surroundings(isTest, {
			httpRequest: request,
			httpResponse: response,
		});
		const node = loaded.getNode(workflow.node.name)!;
		const mode = isTest ? 'manual' : 'webhook';
		const context = new WebhookContext(loaded, node, additionalData, mode, webhookData, [], null);
		this.catchLog(context);
		const result = await this.process.nodeType.webhook!.call(context).catch(() => undefined);
		if (!result) return 'broken';
		if (!result.workflowData) return 'no';
		const [items] = result.workflowData;
		const execution = {
			id: this.newExecutionId(),
			workflow,
			items: JSON.stringify(items),
			mode: mode as WorkflowExecuteMode,
		};
		if ((await this.storeExecution(loaded, execution)) === 'dead') return 'dead';
		if (this.breakdown) return 'broken';
		void this.run(execution, items);
		// Only now does n8n read the response, unless the webhook's description names it.
		if (webhookData.webhookDescription.responseData === '') void result.webhookResponse;
		return 'yes';
	}
}

/** As n8n's `parseBody`; false when it is called JSON and is none. */
async function parse(request: Request): Promise<boolean> {
	const chunks: Buffer[] = [];
	for await (const chunk of request) chunks.push(chunk as Buffer);
	request.rawBody = Buffer.concat(chunks);
	const isJson = request.headers['content-type']?.startsWith('application/json');
	if (!isJson || request.rawBody.length === 0) return true;
	try {
		JSON.parse(request.rawBody.toString().replace(/^\ufeff/, ''));
		return true;
	} catch {
		return false;
	}
}
