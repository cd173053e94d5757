import type {
	IDataObject,
	IExecuteSingleFunctions,
	INodeExecutionData,
	INodeProperties,
} from 'n8n-workflow';
import { SMS_FIELDS } from '../../shared/closeTypes';
import { parseList } from '../../shared/fieldValues';
import { inReadingOrder } from './readingOrder';
import { pickFields, simplifySms } from '../../shared/simplifySms';

/** The fields chosen under 'Fields', always with `id`; an expression may give them as one text with commas. */
export const parseSelectedFields = (value: unknown): string[] => [
	...new Set(['id', ...parseList(value)]),
];

/** A `postReceive` that keeps of each activity what the user chose under 'Output'. */
export async function shapeOutput(
	this: IExecuteSingleFunctions,
	items: INodeExecutionData[],
): Promise<INodeExecutionData[]> {
	const output = this.getNodeParameter('output', 'raw');
	const fields = parseSelectedFields(this.getNodeParameter('fields', []));
	const shape = (activity: IDataObject) => {
		if (output === 'raw') return inReadingOrder(activity);
		return output === 'simplified' ? simplifySms(activity) : pickFields(activity, fields);
	};
	return items.map((item) => ({ ...item, json: shape(item.json ?? {}) }));
}

/** How much of an activity comes out. */
export const outputProperties: INodeProperties[] = [
	{
		displayName: 'Output',
		name: 'output',
		type: 'options',
		default: 'raw',
		options: [
			{
				name: 'Raw',
				value: 'raw',
				description: 'The whole activity as Close returns it, the most useful fields first',
			},
			{
				name: 'Selected Fields',
				value: 'selected',
				description: 'The fields you choose, always with the ID',
			},
			{
				name: 'Simplified',
				value: 'simplified',
				description: 'The ten most useful fields with a single time, and why an SMS failed',
			},
		],
		description: 'How much of the SMS activity to return',
		routing: { output: { postReceive: [shapeOutput] } },
	},
	{
		displayName: 'Fields',
		name: 'fields',
		type: 'multiOptions',
		default: [],
		options: SMS_FIELDS.map((field) => ({ name: field, value: field })),
		description: 'The fields to return, by their names in Close',
		displayOptions: { show: { output: ['selected'] } },
	},
];
