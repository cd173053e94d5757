import type { IExecuteSingleFunctions, INodeProperties } from 'n8n-workflow';
import type { PreSendValidator } from '../validation/preSend';
import { validationError } from '../validation/validationError';

/** How many results a list is to return. */
export const limitProperties: INodeProperties[] = [
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
];

/** The most results to return; infinite for all. */
export const getLimit = (context: Pick<IExecuteSingleFunctions, 'getNodeParameter'>): number =>
	context.getNodeParameter('returnAll', false) === true
		? Infinity
		: Number(context.getNodeParameter('limit', 50));

export const validateLimit: PreSendValidator = (context) => {
	const limit = getLimit(context);
	if (limit === Infinity || (Number.isInteger(limit) && limit > 0)) return;
	throw validationError(
		context,
		"'Limit' is not a whole number above zero",
		'Give how many results to return.',
	);
};
