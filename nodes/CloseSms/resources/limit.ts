import type { IExecuteSingleFunctions, INodeProperties } from 'n8n-workflow';
import type { Check } from '../../shared/checks';
import { problem } from '../../shared/problems';

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
export const limitOf = (context: Pick<IExecuteSingleFunctions, 'getNodeParameter'>): number =>
	context.getNodeParameter('returnAll', false) === true
		? Infinity
		: Number(context.getNodeParameter('limit', 50));

export const limitIsNumber: Check = (context) => {
	const limit = limitOf(context);
	if (limit === Infinity || (Number.isInteger(limit) && limit > 0)) return;
	throw problem(
		context,
		"'Limit' is not a whole number above zero",
		'Give how many results to return.',
	);
};
