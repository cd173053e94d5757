import type { INodeProperties } from 'n8n-workflow';
import { CONTENT_TYPES } from '../validation/attachments';

const ofFile = { show: { source: ['binary'] } };
const ofUrl = { show: { source: ['url'] } };
const contentTypes = CONTENT_TYPES.map((value) => ({ name: value, value }));

/** Files of the input item, or URLs of files at Close. Its value is read by the validator `attachments`. */
export const attachmentsField: INodeProperties = {
	displayName: 'Attachments',
	name: 'attachments',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true, multipleValueButtonText: 'Add Attachment' },
	default: {},
	placeholder: 'Add Attachment',
	description:
		'Up to 10 files; an SMS with attachments goes out as MMS. They replace the attachments it has.',
	options: [
		{
			displayName: 'Attachment',
			name: 'attachment',
			values: [
				{
					displayName: 'Attach From',
					name: 'source',
					type: 'options',
					default: 'binary',
					options: [
						{
							name: 'File of the Input Item',
							value: 'binary',
							description: 'Uploads a binary file to Close, which keeps it for 24 hours',
						},
						{
							name: 'File at Close',
							value: 'url',
							description: 'Uses a file that is already in Close',
						},
					],
				},
				{
					displayName: 'Content Type',
					name: 'contentType',
					type: 'options',
					default: '',
					options: [{ name: 'From the File', value: '' }, ...contentTypes],
					displayOptions: ofFile,
				},
				{
					displayName: 'Content Type',
					name: 'contentType',
					type: 'options',
					default: 'image/jpeg',
					options: contentTypes,
					displayOptions: ofUrl,
				},
				{
					displayName: 'Filename',
					name: 'filename',
					type: 'string',
					default: '',
					placeholder: 'e.g. offer.pdf',
					description: 'The name that the person sees. If empty, it is the name of the input file.',
				},
				{
					displayName: 'Input Data Field Name',
					name: 'binaryPropertyName',
					type: 'string',
					default: 'data',
					typeOptions: { binaryDataProperty: true },
					hint: 'The name of the input field containing the binary file data to be attached',
					displayOptions: ofFile,
				},
				{
					displayName: 'URL',
					name: 'url',
					type: 'string',
					default: '',
					placeholder: 'e.g. https://app.close.com/go/file/…',
					description: 'Address of a file that was uploaded to Close',
					displayOptions: ofUrl,
				},
			],
		},
	],
	routing: { send: { type: 'body', property: 'attachments' } },
};
