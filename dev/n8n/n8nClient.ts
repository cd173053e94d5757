import axios, { type AxiosError, type AxiosInstance } from 'axios';
import type { IDataObject, INode, IRunExecutionData, ITaskData, IWorkflowBase } from 'n8n-workflow';

import type { Simulator } from '../simulator';
import { simulatorCredential } from '../simulator/credential';
import { Agent } from '../platform';
import { parseFlatted } from './flatted';
import { waitUntil } from './waitUntil';

/** What is known of an execution without its data. */
interface Execution {
	id: string;
	workflowId: string;
	status: string;
	mode: string;
	finished: boolean;
}

/** A workflow as the editor downloads it. */
export type WorkflowJson = Pick<IWorkflowBase, 'name' | 'nodes' | 'connections'> &
	Partial<IWorkflowBase>;

/** Credential ids by credential type. */
export type CredentialIds = Record<string, string>;

interface SavedWorkflow {
	id: string;
	versionId: string;
}

const PACKAGE = 'n8n-nodes-close-sms';

/** n8n as its editor talks to it, signed in as the owner. */
export class N8nClient {
	/** n8n's internal REST interface, with the owner's cookie. Errors carry n8n's message and nothing of the request. */
	readonly rest: AxiosInstance;

	/** @param webhooks address of the process that receives webhooks, if it is another one */
	constructor(
		readonly url: string,
		readonly cookie: string,
		private readonly webhooks = url,
	) {
		// A connection for each request: a kept one may be closed by n8n just as the next request is written.
		const httpAgent = new Agent();
		this.rest = axios.create({ baseURL: `${url}/rest`, headers: { cookie }, httpAgent });
		this.rest.interceptors.response.use(undefined, throwReadableError);
	}

	/** Whether this package is loaded. */
	async hasPackage() {
		const { data } = await axios.get<Array<{ name: string }>>(`${this.url}/types/nodes.json`, {
			headers: { cookie: this.cookie },
		});
		const names = new Set(data.map(({ name }) => name));
		return ['closeSms', 'closeSmsTrigger'].every((name) => names.has(`${PACKAGE}.${name}`));
	}

	/** n8n's own version, such as 2.41.1. */
	async readVersion() {
		return (await this.get<{ versionCli: string }>('/settings')).versionCli;
	}

	/** Saves a credential and returns its id. */
	async createCredential(type: string, name: string, data: Record<string, unknown>) {
		const { id } = await this.post<{ id: string }>('/credentials', { type, name, data });
		return id;
	}

	/** Replaces what a credential holds. @returns whether there still is one with this ID */
	async updateCredential(id: string, type: string, name: string, data: Record<string, unknown>) {
		return await this.rest.patch(`/credentials/${id}`, { type, name, data }).then(
			() => true,
			() => false,
		);
	}

	/** n8n's version of a workflow, which every change of it renews; nothing where its owner has deleted it. */
	async versionOf(id: string) {
		return await this.get<SavedWorkflow & { isArchived?: boolean }>(`/workflows/${id}`).then(
			({ isArchived, versionId }) => (isArchived ? undefined : versionId),
			() => undefined,
		);
	}

	/** Saves a credential for a simulated Close, and returns its id as `importWorkflow` takes it. */
	async addSimulatorCredential(
		close: Simulator,
		{ apiKey = close.account.apiKey, name = 'Close (simulator)' } = {},
	) {
		const data = simulatorCredential(close, apiKey);
		return { closeSmsApi: await this.createCredential('closeSmsApi', name, data) };
	}

	/** Saves a workflow, gives its nodes the credentials of the type that they need, and returns its id. */
	async importWorkflow(workflow: WorkflowJson, credentials: CredentialIds = {}) {
		const { id } = await this.post<SavedWorkflow>('/workflows', {
			settings: {},
			...withCredentials(workflow, credentials),
			active: false,
		});
		return id;
	}

	/** Replaces a workflow by another one, as `importWorkflow` does; what was published of it stays so. */
	async updateWorkflow(id: string, workflow: WorkflowJson, credentials: CredentialIds = {}) {
		const versionId = await this.versionOf(id);
		await this.rest.patch(`/workflows/${id}`, {
			settings: {},
			...withCredentials(workflow, credentials),
			versionId,
		});
		return id;
	}

	/** Activates a workflow: its triggers run and its webhooks answer once this resolves. */
	async activate(id: string) {
		const { versionId } = await this.get<SavedWorkflow>(`/workflows/${id}`);
		await this.post(`/workflows/${id}/activate`, { versionId }).catch(
			async (error: N8nRequestError) => {
				if (error.status !== 404) throw error;
				// n8n 1 has no such endpoint
				await this.rest.patch(`/workflows/${id}`, { active: true, versionId });
			},
		);
		await waitUntil(async () => (await this.publication(id)) !== 'in_progress');
	}

	/** Stops an activated workflow. */
	async deactivate(id: string) {
		await this.post(`/workflows/${id}/deactivate`, {}).catch(async (error: N8nRequestError) => {
			if (error.status !== 404) throw error;
			await this.rest.patch(`/workflows/${id}`, { active: false });
		});
	}

	/** How far n8n has got with an activation; n8n before about 2.30 activates at once and has no such endpoint. */
	private async publication(id: string) {
		return await this.get<{ status: string }>(`/workflows/${id}/publication-status`).then(
			({ status }) => status,
			() => 'done',
		);
	}

	/**
	 * Runs a workflow as the editor's button does, from the trigger of that name; returns the execution's id.
	 *
	 * @param item the trigger's output, where it does not come from the trigger itself (as with the editor's chat)
	 */
	async runWorkflow(id: string, trigger: string, item?: IDataObject) {
		const workflowData = await this.get<SavedWorkflow>(`/workflows/${id}`);
		const data = item && toTaskData(item);
		const body = { workflowData, triggerToStartFrom: { name: trigger, data } };
		return (await this.post<{ executionId: string }>(`/workflows/${id}/run`, body)).executionId;
	}

	/** The executions of a workflow, newest first. */
	async executions(workflowId: string) {
		const filter = JSON.stringify({ workflowId });
		return (await this.get<{ results: Execution[] }>('/executions', { filter })).results;
	}

	/** How many executions of a workflow have one of these statuses; all of them unless any are given. */
	async countExecutions(workflowId: string, ...status: string[]) {
		const filter = JSON.stringify({ workflowId, ...(status.length > 0 && { status }) });
		return (await this.get<{ count: number }>('/executions', { filter })).count;
	}

	/** What each run of a node gave in an execution. */
	async nodeRuns(executionId: string, node: string): Promise<ITaskData[]> {
		const { data } = await this.get<{ data: string }>(`/executions/${executionId}`);
		const { resultData } = parseFlatted(data) as IRunExecutionData;
		return resultData.runData[node] ?? [];
	}

	/** All that a node gave out in an execution, through any of its outputs. */
	async output(executionId: string, node: string): Promise<IDataObject[]> {
		const runs = await this.nodeRuns(executionId, node);
		return runs
			.flatMap(({ data }) => data?.main.flat() ?? [])
			.flatMap((item) => (item ? [item.json] : []));
	}

	/** Where an activated webhook of that path is called. */
	webhookUrl(path: string) {
		return `${this.webhooks}/webhook/${path}`;
	}

	/** Where a webhook of that path is called while the editor listens for a test. */
	testWebhookUrl(path: string) {
		return `${this.url}/webhook-test/${path}`;
	}

	/** Where the editor shows a workflow. */
	editorUrl(id: string) {
		return `${this.url}/workflow/${id}`;
	}

	private async get<T>(path: string, params?: Record<string, string>) {
		return (await this.rest.get<{ data: T }>(path, { params })).data.data;
	}

	private async post<T>(path: string, body: object) {
		return (await this.rest.post<{ data: T }>(path, body)).data.data;
	}
}

/** Signs in to an n8n, and returns the cookie for `N8nClient`. @throws N8nRequestError when n8n refuses that */
export const signIn = async (url: string, email: string, password: string) => {
	const login = { emailOrLdapLoginId: email, password };
	const { headers } = await axios.post(`${url}/rest/login`, login).catch(throwReadableError);
	return toCookie(headers);
};

/** The cookies that a response sets, as a request sends them back. */
export const toCookie = (headers: { 'set-cookie'?: string[] }) =>
	(headers['set-cookie'] ?? []).map((one) => one.split(';')[0]).join('; ');

/** The run of a trigger that gave this item. */
const toTaskData = (json: IDataObject): ITaskData => ({
	startTime: Date.now(),
	executionTime: 0,
	executionIndex: 0,
	executionStatus: 'success',
	source: [],
	data: { main: [[{ json }]] },
});

/** A request that n8n refused or did not answer. */
class N8nRequestError extends Error {
	constructor(
		message: string,
		readonly status?: number,
	) {
		super(message);
	}
}

const throwReadableError = ({ config, response, message }: AxiosError<{ message?: string }>) => {
	const words = response?.data?.message ?? message;
	throw new N8nRequestError(`n8n: ${config?.method} ${config?.url}: ${words}`, response?.status);
};

/** The type of credential that a node works with: one of this package, or an HTTP Request with its credential. */
const credentialType = ({ type, parameters }: INode) => {
	if (typeof parameters.nodeCredentialType === 'string') return parameters.nodeCredentialType;
	if (!type.startsWith(`${PACKAGE}.`)) return undefined;
	return parameters.authentication === 'oAuth2' ? 'closeSmsOAuth2Api' : 'closeSmsApi';
};

const withCredentials = (workflow: WorkflowJson, credentials: CredentialIds): WorkflowJson => ({
	...workflow,
	nodes: workflow.nodes.map((node) => withCredential(node, credentials)),
});
const withCredential = (node: INode, ids: CredentialIds): INode => {
	const type = credentialType(node);
	if (!type || !ids[type]) return node;
	return { ...node, credentials: { [type]: { id: ids[type], name: type } } };
};
