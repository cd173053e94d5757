import type { INodeParameters, NodeParameterValueType } from 'n8n-workflow';

import { byId } from '../locators';
import type { WorkflowJson } from './n8nClient';
import { randomUUID } from '../platform';

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

/** A workflow that is called at the webhook `path` and carries out an operation of the resource SMS. */
export const operationByWebhook = (path: string, parameters: INodeParameters): WorkflowJson => {
	const workflow = updateByWebhook(path, {});
	nodeOf(workflow, 'Close SMS').parameters = { resource: 'sms', ...parameters };
	return workflow;
};

/**
 * A workflow that is called at the webhook of its own name with a `chatInput`, which an AI agent answers; Close SMS with
 * these parameters is its tool.
 *
 * @param typeVersion of the AI Agent
 * @param openAiApi ID of the model's credential
 */
export const agentWorkflow = (
	typeVersion: number,
	openAiApi: string,
	parameters: INodeParameters,
): WorkflowJson => {
	const path = randomUUID();
	const langchain = '@n8n/n8n-nodes-langchain';
	const node = (name: string, type: string, typeVersion: number, given: INodeParameters) => ({
		id: name,
		name,
		type,
		typeVersion,
		position: [0, 0] as [number, number],
		parameters: given,
	});
	return {
		name: path,
		settings: { executionOrder: 'v1' },
		nodes: [
			{
				...node('Webhook', 'n8n-nodes-base.webhook', 2, {
					httpMethod: 'POST',
					path,
					responseMode: 'lastNode',
				}),
				webhookId: path,
			},
			node('AI Agent', `${langchain}.agent`, typeVersion, {
				agent: 'toolsAgent',
				promptType: 'define',
				text: '={{ $json.body.chatInput }}',
				options: {},
			}),
			{
				...node('Model', `${langchain}.lmChatOpenAi`, 1.2, {
					model: { __rl: true, mode: 'list', value: 'gpt-4.1-mini' },
					options: {},
				}),
				credentials: { openAiApi: { id: openAiApi, name: 'Model' } },
			},
			node('Tool', 'n8n-nodes-close-sms.closeSmsTool', 1, { resource: 'sms', ...parameters }),
		],
		connections: {
			Webhook: { main: [[{ node: 'AI Agent', type: 'main', index: 0 }]] },
			Model: { ai_languageModel: [[{ node: 'AI Agent', type: 'ai_languageModel', index: 0 }]] },
			Tool: { ai_tool: [[{ node: 'AI Agent', type: 'ai_tool', index: 0 }]] },
		},
	};
};

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

/**
 * A workflow with only a Close SMS Trigger, with these parameters. Its webhook has an ID, as the editor gives it: without
 * one the address holds the node's name, whose spaces n8n 1.85 does not find again (404).
 */
export const triggerWorkflow = (parameters: INodeParameters): WorkflowJson => ({
	name: 'Trigger',
	nodes: [
		{
			id: 'trigger',
			name: 'Close SMS Trigger',
			type: 'n8n-nodes-close-sms.closeSmsTrigger',
			typeVersion: 1,
			position: [0, 0],
			webhookId: randomUUID(),
			parameters,
		},
	],
	connections: {},
});

/** The node of that name. */
export const nodeOf = ({ nodes }: WorkflowJson, name: string) =>
	nodes.find((node) => node.name === name)!;
