import { Workflow, type INode, type INodeParameters } from 'n8n-workflow';
import { nodeTypesFrom } from '../../../dev/engine/nodeTypes';
import { CloseSmsTrigger } from '../../../nodes/CloseSmsTrigger/CloseSmsTrigger.node';

/** The subtitle as the editor evaluates it. */
const subtitleFor = (parameters: INodeParameters) => {
	const nodeType = new CloseSmsTrigger();
	const node: INode = {
		id: 'n',
		name: 'Trigger',
		type: 'test.closeSmsTrigger',
		typeVersion: 1,
		position: [0, 0],
		parameters,
	};
	const nodeTypes = nodeTypesFrom(() => nodeType);
	const { expression } = new Workflow({ nodes: [node], connections: {}, active: false, nodeTypes });
	return expression.getSimpleParameterValue(node, nodeType.description.subtitle, 'internal', {});
};

test.each<[INodeParameters, string]>([
	[{ events: ['received'] }, 'On SMS received'],
	[{ events: ['sent', 'failed'] }, 'On SMS sent or failed'],
	[{ events: ['optedOut', 'optedIn', 'draftCreated'] }, 'On SMS opt-out, opt-in or draft created'],
	[{ events: ['unknown'] }, 'On SMS unknown'],
	[{ events: [] }, ''],
	[{ events: '={{ ["received"] }}' }, ''],
])('with %j the editor shows "%s" below the trigger', (parameters, subtitle) => {
	expect(subtitleFor(parameters)).toBe(subtitle);
});
