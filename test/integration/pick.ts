import { LoadOptionsContext } from 'n8n-core';
import {
	Workflow,
	type ICredentialDataDecryptedObject,
	type INode,
	type INodeListSearchResult,
	type INodeParameters,
	type INodeType,
	type IWorkflowExecuteAdditionalData,
} from 'n8n-workflow';
import { CloseSms } from '../../nodes/CloseSms/CloseSms.node';
import { nodeTypesFrom } from '../../dev/engine/nodeTypes';
import { simulatorCredential } from '../../dev/simulator/credential';
import { TestCredentials } from '../../dev/engine/testCredentials';
import { close } from '../simulator/fixture';

type Picker = keyof CloseSms['methods']['listSearch'];
interface Asked {
	parameters?: INodeParameters;
	filter?: string;
	paginationToken?: string;
	credential?: ICredentialDataDecryptedObject;
	timezone?: string;
}

/** Asks a picker as the editor does, through n8n-core's own context. */
export async function pick(picker: Picker, asked: Asked = {}): Promise<INodeListSearchResult> {
	const nodeType = new CloseSms();
	const nodeTypes = nodeTypesFrom(() => nodeType as INodeType);
	const parameters = { authentication: 'apiKey', resource: 'sms', ...asked.parameters };
	const node: INode = {
		id: 'n',
		name: 'Close SMS',
		type: 'test.closeSms',
		typeVersion: 1,
		position: [0, 0],
		parameters,
		credentials: { closeSmsApi: { id: '1', name: 'Close' } },
	};
	const settings = { timezone: asked.timezone ?? 'UTC' };
	const workflow = new Workflow({
		nodes: [node],
		connections: {},
		active: false,
		nodeTypes,
		settings,
	});
	const closeSmsApi = asked.credential ?? simulatorCredential(close);
	const additionalData = {
		credentialsHelper: new TestCredentials({ closeSmsApi }),
		currentNodeParameters: parameters,
	} as unknown as IWorkflowExecuteAdditionalData;
	const context = new LoadOptionsContext(workflow, node, additionalData, 'parameters.x');
	const { filter, paginationToken } = asked;
	return await nodeType.methods.listSearch[picker].call(context, filter, paginationToken);
}
