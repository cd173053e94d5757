import type { INodeParameters } from 'n8n-workflow';

import type { WorkflowJson } from './n8nClient';

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

/** A workflow of nothing but a Close SMS Trigger with these parameters. */
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
