import type { INodeProperties } from 'n8n-workflow';

/** In minutes. Close tries for three days to deliver an event; of older ones it is not known whether they were processed. */
export const MAX_AGE = 4 * 24 * 60;

export const optionsProperty: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add Option',
	default: {},
	options: [
		{
			displayName: 'Max Age',
			name: 'maxAge',
			type: 'number',
			default: MAX_AGE,
			typeOptions: { minValue: 1, maxValue: MAX_AGE },
			description:
				'How many minutes old the signature of a delivery may be. Close tries for three days to deliver an event that n8n did not accept, and may sign only the first attempt, so a low value can lose events.',
		},
	],
};

export const ignoreOwnChangesProperty: INodeProperties = {
	displayName: 'Ignore Own Changes',
	name: 'ignoreOwnChanges',
	type: 'boolean',
	default: true,
	displayOptions: { show: { authentication: ['apiKey'] } },
	description:
		'Whether to ignore what the API key of this credential did itself, so that a workflow that writes to Close cannot start itself over and over. That a text failed is always reported.',
};

export const outputProperty: INodeProperties = {
	displayName: 'Output',
	name: 'output',
	type: 'options',
	default: 'simplified',
	options: [
		{
			name: 'Raw',
			value: 'raw',
			description: 'The event as Close sent it, with the whole SMS under "data"',
		},
		{
			name: 'Simplified',
			value: 'simplified',
			description:
				'The ten most useful fields of the SMS, and under "event" what happened, when and by whom',
		},
	],
	description: 'What the workflow gets of an event',
};
