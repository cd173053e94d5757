import { openNode, openWorkflow } from '../../dev/n8n/editor';
import type { WorkflowJson } from '../../dev/n8n/n8nClient';
import { manualWorkflow } from '../../dev/n8n/workflows';
import { n8n } from '../e2e/n8n';
import { openPage } from './setup';

/** A workflow with a node after ours, into which somebody maps fields. */
const withNodeAfter = (resource: string, operation: string): WorkflowJson => {
	const { nodes, connections, ...rest } = manualWorkflow({ resource, operation });
	return {
		...rest,
		nodes: [
			...nodes,
			{
				id: 'after',
				name: 'Edit Fields',
				type: 'n8n-nodes-base.set',
				typeVersion: 3.4,
				position: [400, 0],
				parameters: {},
			},
		],
		connections: {
			...connections,
			'Close SMS': { main: [[{ node: 'Edit Fields', type: 'main', index: 0 }]] },
		},
	};
};

test.each([
	['sms', 'send', ['id', 'status', 'text', 'remote_phone']],
	['sms', 'getConversation', ['direction', 'text']],
	['sms', 'delete', ['deleted', 'id']],
	['smsTemplate', 'getAll', ['name', 'text']],
])(
	'%s %s: the node after ours shows what it will give, before anything has run',
	async (resource, operation, fields) => {
		const page = await openPage();
		await openWorkflow(page, n8n, await n8n.importWorkflow(withNodeAfter(resource, operation)));
		const panel = await openNode(page, 'Edit Fields');

		await panel.getByTestId('schema-preview-warning').waitFor();
		const shown = panel.getByTestId('run-data-schema-item');
		for (const field of fields) await shown.getByText(field, { exact: true }).first().waitFor();
	},
);
