import {
	updateDisplayOptions,
	type IDataObject,
	type INodeExecutionData,
	type INodeProperties,
} from 'n8n-workflow';
import { checks, type Check } from '../../../shared/checks';
import { outputProperties, selectedFields } from '../../../shared/output';
import { problem } from '../../../shared/problems';
import type { Steps } from '../../../shared/send';
import { filterDates, filtersHaveValues, listFilters, localFilters } from './listFilters';
import { pages } from './pages';

const limitIsNumber: Check = (context) => {
	if (context.getNodeParameter('returnAll', false) === true) return;
	const limit = Number(context.getNodeParameter('limit', 50));
	if (Number.isInteger(limit) && limit > 0) return;
	throw problem(
		context,
		"'Limit' is not a whole number above zero",
		'Give how many texts to return.',
	);
};

/** Asks Close for no more than the selected fields, those that paging needs and those that filters look at. */
const askForFields: Check = (context, request) => {
	if (context.getNodeParameter('output', 'raw') !== 'selected') return;
	const fields = [
		...selectedFields(context.getNodeParameter('fields', [])),
		'date_created',
		...localFilters(context).fields,
	];
	request.qs = { ...request.qs, _fields: [...new Set(fields)].join(',') };
};

export const getAllChecks = checks(filtersHaveValues, filterDates, limitIsNumber, askForFields);

export const getAllSteps: Steps = async function (send, request) {
	const returnAll = this.getNodeParameter('returnAll', false) === true;
	const limit = returnAll ? Infinity : Number(this.getNodeParameter('limit', 50));
	const { fields, fits } = localFilters(this);
	const found: INodeExecutionData[] = [];
	const query = request.options.qs as IDataObject;
	const listed = pages(send, request, query, fields.length > 0 ? Infinity : limit, {
		answer: {},
		note: 'If Close has more than this page, further ones would follow, each from where the one before it ended.',
	});
	for await (const { activities, items } of listed) {
		found.push(...items.filter((_, index) => fits(activities[index])));
		if (found.length >= limit) break;
	}
	return found.slice(0, limit);
};

const properties: INodeProperties[] = [
	{
		displayName: 'Return All',
		name: 'returnAll',
		type: 'boolean',
		default: false,
		description: 'Whether to return all results or only up to a given limit',
	},
	{
		displayName: 'Limit',
		name: 'limit',
		type: 'number',
		default: 50,
		typeOptions: { minValue: 1 },
		description: 'Max number of results to return',
		displayOptions: { show: { returnAll: [false] } },
	},
	{
		displayName: 'Filters',
		name: 'filters',
		type: 'collection',
		default: {},
		placeholder: 'Add Filter',
		description: 'Which texts to return. A filter that is added must have a value.',
		options: listFilters,
	},
	...outputProperties,
];

export const smsGetAllDescription = updateDisplayOptions(
	{ show: { resource: ['sms'], operation: ['getAll'] } },
	properties,
);
