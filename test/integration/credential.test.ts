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
