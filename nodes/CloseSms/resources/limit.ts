import type { IExecuteSingleFunctions, INodeProperties } from 'n8n-workflow';
import { parseNumber } from '../../shared/fieldValues';
import { showValue } from '../../shared/showValue';
import type { PreSendValidator } from '../validation/preSend';
import { requireFlag, validationError } from '../validation/validationError';

export const limitProperty: INodeProperties = {
	displayName: 'Limit',
	name: 'limit',
	type: 'number',
	default: 50,
	typeOptions: { minValue: 1 },
	description: 'Max number of results to return',
};

/** How many results a list is to return. */
export const limitProperties: INodeProperties[] = [
	{
		displayName: 'Return All',
		name: 'returnAll',
		type: 'boolean',
		default: false,
		description: 'Whether to return all results or only up to a given limit',
	},
	{ ...limitProperty, displayOptions: { show: { returnAll: [false] } } },
];

type Context = Pick<IExecuteSingleFunctions, 'getNode' | 'getItemIndex' | 'getNodeParameter'>;

/** @throws {ItemFailure} when 'Limit' cannot be read */
export function requireLimit(context: Context): number {
	const bounds = { min: 1, max: Number.MAX_SAFE_INTEGER, isInteger: true };
	const value: unknown = context.getNodeParameter('limit', 50);
	const limit = parseNumber(value, bounds);
	if (limit !== undefined) return limit;
	throw validationError(
		context,
		`'Limit' is not a whole number above zero: ${showValue(value)}`,
		'Give how many results to return.',
	);
}

/**
 * How many results to return at most; Infinity for all.
 *
 * @throws {ItemFailure} when 'Return All' or 'Limit' cannot be read
 */
export const getLimit = (context: Context): number =>
	requireFlag(context, context.getNodeParameter('returnAll', false), 'Return All')
		? Infinity
		: requireLimit(context);

export const validateLimit: PreSendValidator = (context) => void getLimit(context);
