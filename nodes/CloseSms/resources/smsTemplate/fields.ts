import type { INodeProperties } from 'n8n-workflow';
import { attachmentsField } from '../attachmentsField';

/** Every field of a template that can be written, with the place in the request where its value goes. */
export const templateFields = {
	attachments: {
		...attachmentsField,
		description:
			'Up to 10 files that go with every SMS made from it. They replace the attachments it has.',
	},
	isShared: {
		displayName: 'Is Shared',
		name: 'isShared',
		type: 'boolean',
		default: true,
		description: 'Whether everyone in your Close organization can use it, and not only its owner',
		routing: { send: { type: 'body', property: 'is_shared' } },
	},
	name: {
		displayName: 'Name',
		name: 'name',
		type: 'string',
		default: '',
		placeholder: 'e.g. Reminder of the appointment',
		description: 'The name by which the template is found',
		routing: { send: { type: 'body', property: 'name' } },
	},
	status: {
		displayName: 'Status',
		name: 'status',
		type: 'options',
		default: 'active',
		description: 'Whether the template is offered for use',
		options: [
			{ name: 'Active', value: 'active' },
			{ name: 'Archived', value: 'archived' },
		],
		routing: { send: { type: 'body', property: 'status' } },
	},
	text: {
		displayName: 'Text',
		name: 'text',
		type: 'string',
		typeOptions: { rows: 3 },
		default: '',
		placeholder: 'e.g. Hi, this is Ann from Harbor Roofing. Does 3 pm suit you?',
		description:
			"What the person will read. It may contain Close's tags, such as contact.first_name in double braces: switch the field to Fixed if n8n turns them into an expression.",
		routing: { send: { type: 'body', property: 'text' } },
	},
} satisfies Record<string, INodeProperties>;
