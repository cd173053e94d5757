import { type IDataObject, type INodeExecutionData, type INodeProperties } from 'n8n-workflow';
import { withWholeExpression } from '../../../shared/wholeExpression';
import { outputProperties } from '../../output/outputProperties';
import type { OperationHandler } from '../../transport/request/operationHandler';
import { sendInOrder } from '../../transport/run/sendInOrder';
import { preSend } from '../../validation/preSend';
import { rejectWholeExpression } from '../../validation/requestBody';
import { selectResponseFields } from '../../validation/responseFields';
import { validateLimit, getLimit, limitProperties } from '../limit';
import type { Operation } from '../operation';
import { paginateSms } from './api/paginateSms';
import {
	formatFilterDates,
	validateFilters,
	listFilters,
	getClientFilters,
} from './fields/filters';

/** Paging needs the time of creation. */
const selectFields = selectResponseFields((context, options) => [
	'date_created',
	...getClientFilters(context, options).fields,
]);

const preSendGetAll = preSend(
	rejectWholeExpression('filters', 'Filters'),
	validateFilters,
	formatFilterDates,
	validateLimit,
	selectFields,
);

export const handleGetAll: OperationHandler = async (context) => {
	const { n8n, request, item } = context;
	const limit = getLimit(n8n);
	const { fields, matches } = getClientFilters(n8n, item.options);
	const found: INodeExecutionData[] = [];
	const query = request.options.qs as IDataObject;
	const listed = paginateSms(context, query, {
		maxCount: fields.length > 0 ? Infinity : limit,
		assumed: {
			body: {},
			note: 'If Close has more than this page, further ones would follow, each from where the one before it ended.',
		},
	});
	for await (const { activities, items } of listed) {
		found.push(...items.filter((_, index) => matches(activities[index])));
		if (found.length >= limit) break;
	}
	return found.slice(0, limit);
};

const properties: INodeProperties[] = [
	...limitProperties,
	...withWholeExpression({
		displayName: 'Filters',
		name: 'filters',
		type: 'collection',
		default: {},
		placeholder: 'Add Filter',
		description: 'Which SMS to return. A filter that is added must have a value.',
		options: listFilters,
	}),
	...outputProperties,
];

export const getAll: Operation = {
	option: {
		name: 'Get Many',
		value: 'getAll',
		action: 'Get many SMS',
		description: 'Retrieve a list of SMS activities, the newest first',
		routing: {
			request: { method: 'GET', url: '/activity/sms/' },
			send: { preSend: [preSendGetAll] },
			output: { postReceive: [{ type: 'rootProperty', properties: { property: 'data' } }] },
			operations: { pagination: sendInOrder(handleGetAll) },
		},
	},
	subtitle: 'Get many SMS',
	takesNumbers: true,
	properties,
};
