import {
	updateDisplayOptions,
	type IDataObject,
	type INodeExecutionData,
	type INodeProperties,
} from 'n8n-workflow';
import { checks, type Check } from '../../../shared/checks';
import { outputProperties, selectedFields } from '../../../shared/output';
import type { Steps } from '../../../shared/steps';
import { limitIsNumber, limitOf, limitProperties } from '../limit';
import { filterDates, filtersHaveValues, listFilters, localFilters } from './listFilters';
import { pages } from './pages';

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
	const limit = limitOf(this);
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
	...limitProperties,
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
