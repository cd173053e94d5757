import type { INode, INodeParameters } from 'n8n-workflow';

import { byId, byNumber } from '../dev/locators';
import type { WorkflowJson } from '../dev/n8n/n8nClient';
import { sms } from '../nodes/CloseSms/resources/sms';
import { smsTemplate } from '../nodes/CloseSms/resources/smsTemplate';

/** One of each operation of the node as it is when it is chosen. */
const untouched = () => {
	const panels: Record<string, INodeParameters> = {};
	for (const { value: resource, operations } of [sms, smsTemplate])
		for (const { option } of operations)
			panels[`${resource}-${option.value}`] = { resource, operation: option.value };
	return panels;
};

/** What else a choice shows; and a panel that is filled in. */
const CHOSEN: Record<string, INodeParameters> = {
	'sms-create-logSent': { resource: 'sms', operation: 'create', mode: 'logSent' },
	'sms-create-logReceived': { resource: 'sms', operation: 'create', mode: 'logReceived' },
	'sms-send-template-at': {
		resource: 'sms',
		operation: 'send',
		messageType: 'template',
		when: 'at',
	},
	'sms-send-filled': {
		resource: 'sms',
		operation: 'send',
		to: byNumber('+14155550101'),
		from: byNumber('+14155550100'),
		message: 'Good morning Maria, does 3 pm suit you?',
	},
	'sms-update-outbox': {
		resource: 'sms',
		operation: 'update',
		smsId: byId('acti_example'),
		updateFields: { status: 'outbox', text: 'Good morning Maria' },
	},
};

/** The panels of Close SMS, by the names of their nodes. */
export const PANELS: Record<string, INodeParameters> = { ...untouched(), ...CHOSEN };

const COLUMNS = 6;

const toNode = ([name, parameters]: [string, INodeParameters], index: number): INode => ({
	id: name,
	// n8n's canvas breaks a longer one.
	name,
	type: 'n8n-nodes-close-sms.closeSms',
	typeVersion: 1,
	position: [(index % COLUMNS) * 240, Math.floor(index / COLUMNS) * 240],
	parameters,
});

/** A workflow with all of them, side by side. */
export const panelsWorkflow: WorkflowJson = {
	name: 'Panels',
	nodes: Object.entries(PANELS).map(toNode),
	connections: {},
};
