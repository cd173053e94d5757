import { ExecuteContext, RoutingNode } from 'n8n-core';
import {
	createEmptyRunExecutionData,
	NodeConnectionTypes,
	Workflow,
	type INode,
	type INodeType,
	type IWorkflowExecuteAdditionalData,
} from 'n8n-workflow';
import { CloseSmsApi } from '../../credentials/CloseSmsApi.credentials';
import { byId } from '../../dev/locators';
import { runNode } from '../../dev/engine/runNode';
import { simulatorCredential } from '../../dev/simulator/credential';
import { DRAFT_ID } from './setUpSms';
import { TestCredentials } from '../../dev/engine/testCredentials';
import { startSimulator, type Simulator } from '../../dev/simulator';
import { close } from '../simulator/fixture';

/** As n8n's `CredentialsTester.runRequestTest`: the request of the test is the routing of a node made for it. */
async function testCredential(): Promise<unknown> {
	const credential = {
		authentication: 'basic',
		apiKey: close.account.apiKey,
		baseUrl: close.baseUrl,
	};
	const { request } = new CloseSmsApi().test;
	const nodeType: INodeType = {
		description: {
			displayName: 'Temp',
			name: 'temp',
			group: ['transform'],
			version: 1,
			description: '',
			defaults: {},
			inputs: [NodeConnectionTypes.Main],
			outputs: [NodeConnectionTypes.Main],
			credentials: [{ name: 'closeSmsApi', required: true }],
			properties: [
				{ displayName: 'Temp', name: 'temp', type: 'string', default: '', routing: { request } },
			],
		},
	};
	const find = () => nodeType;
	const nodeTypes = { getByName: find, getByNameAndVersion: find, getKnownTypes: () => ({}) };
	const node: INode = {
		id: 'temp',
		name: 'Temp-Node',
		type: 'temp',
		typeVersion: 1,
		position: [0, 0],
		parameters: {},
		credentials: { closeSmsApi: { id: '1', name: 'Close' } },
	};
	const workflow = new Workflow({ nodes: [node], connections: {}, active: false, nodeTypes });
	const additionalData = {
		credentialsHelper: new TestCredentials({ closeSmsApi: credential }),
	} as unknown as IWorkflowExecuteAdditionalData;
	const input = { main: [[{ json: {} }]] };
	const context = new ExecuteContext(
		workflow,
		node,
		additionalData,
		'internal',
		createEmptyRunExecutionData(),
		0,
		[],
		input,
		{ node, data: {}, source: null },
		[],
	);
	return await new RoutingNode(context, nodeType).runNode().catch((error: unknown) => error);
}

let other: Simulator;
beforeAll(async () => {
	other = await startSimulator();
});
afterAll(async () => await other.stop());

test('a key that works is accepted', async () => {
	expect(await testCredential()).toEqual([
		[expect.objectContaining({ json: { id: close.account.users.ada.id } })],
	]);
});

test('a redirect is not followed: no other host gets the key', async () => {
	const location = `${other.baseUrl}/me/`;
	close.faults.order({ kind: 'status', status: 302, headers: { location } });
	expect(await testCredential()).toMatchObject({ cause: { response: { status: 302 } } });
	expect(other.requests).toEqual([]);
});

describe("n8n's Allowed HTTP Request Domains of the credential", () => {
	/** A request with a credential that was restricted so in n8n. */
	const getSms = async (restriction: Record<string, string>) =>
		await runNode({
			credential: { ...simulatorCredential(close), ...restriction },
			parameters: {
				authentication: 'apiKey',
				resource: 'sms',
				operation: 'get',
				smsId: byId(DRAFT_ID),
			},
		});
	const domains = (allowedDomains: string) => ({
		allowedHttpRequestDomains: 'domains',
		allowedDomains,
	});

	test.each([
		['all', { allowedHttpRequestDomains: 'all' }],
		// n8n's meaning: in no node but this one.
		['none', { allowedHttpRequestDomains: 'none' }],
		["the credential's host", domains('127.0.0.1')],
	])('%s: the request goes out', async (_, restriction) => {
		const { error } = await getSms(restriction);
		expect(error).toBeUndefined();
		expect(close.requests.length).toBe(1);
	});

	test('another host: n8n sends nothing, and says why', async () => {
		const { error } = await getSms(domains('example.com'));
		expect(`${error?.message} ${error?.description}`).toMatch(/Domain not allowed/);
		expect(close.requests).toEqual([]);
	});
});
