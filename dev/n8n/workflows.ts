import type { INodeParameters, NodeParameterValueType } from 'n8n-workflow';

import { byId } from '../locators';
import type { WorkflowJson } from './n8nClient';

/**
 * A workflow that is called at the webhook `path` and updates the SMS named in its body.
 *
 * @param updateFields the node's Update Fields
 * @param timezone the workflow's time zone; n8n's default unless given
 */
export const updateByWebhook = (
	path: string,
	updateFields: Record<string, NodeParameterValueType>,
	timezone?: string,
): WorkflowJson => ({
	name: `Update by ${path}`,
	settings: { executionOrder: 'v1', timezone },
	nodes: [
		{
			id: 'webhook',
			name: 'Webhook',
			type: 'n8n-nodes-base.webhook',
			typeVersion: 2,
			position: [0, 0],
			webhookId: path,
			parameters: { httpMethod: 'POST', path, responseMode: 'lastNode' },
		},
		{
			id: 'sms',
			name: 'Close SMS',
			type: 'n8n-nodes-close-sms.closeSms',
			typeVersion: 1,
			position: [200, 0],
			parameters: {
				resource: 'sms',
				operation: 'update',
				smsId: byId('={{ $json.body.smsId }}'),
				updateFields,
			},
		},
	],
	connections: { Webhook: { main: [[{ node: 'Close SMS', type: 'main', index: 0 }]] } },
});

/** A workflow that is run by hand and whose second node is a Close SMS with these parameters. */
export const manualWorkflow = (parameters: INodeParameters): WorkflowJson => ({
	name: 'By hand',
	settings: { executionOrder: 'v1' },
	nodes: [
		{
			id: 'hand',
			name: 'Run by hand',
			type: 'n8n-nodes-base.manualTrigger',
			typeVersion: 1,
			position: [0, 0],
			parameters: {},
		},
		{
			id: 'sms',
			name: 'Close SMS',
			type: 'n8n-nodes-close-sms.closeSms',
			typeVersion: 1,
			position: [240, 0],
			parameters: { resource: 'sms', ...parameters },
		},
	],
	connections: { 'Run by hand': { main: [[{ node: 'Close SMS', type: 'main', index: 0 }]] } },
});

/** A workflow with only a Close SMS Trigger, with these parameters. */
export const triggerWorkflow = (parameters: INodeParameters): WorkflowJson => ({
	name: 'Trigger',
	nodes: [
		{
			id: 'trigger',
			name: 'Close SMS Trigger',
			type: 'n8n-nodes-close-sms.closeSmsTrigger',
			typeVersion: 1,
			position: [0, 0],
			parameters,
		},
	],
	connections: {},
});

/** The node of that name. */
export const nodeOf = ({ nodes }: WorkflowJson, name: string) =>
	nodes.find((node) => node.name === name)!;
