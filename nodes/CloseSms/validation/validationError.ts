import { NodeOperationError, type IExecuteSingleFunctions } from 'n8n-workflow';
import { parseFlag } from '../../shared/fieldValues';

/** What an error needs to name its node and item. */
export type ItemContext = Pick<IExecuteSingleFunctions, 'getNode' | 'getItemIndex'>;

/**
 * An error about what the user entered, worded for the n8n editor.
 * The message names the item because n8n keeps only the message in its "Continue" modes.
 *
 * @param what a sentence without full stop that names the field by its label
 * @param next what to do about it
 */
export function validationError(
	context: ItemContext,
	what: string,
	next?: string,
): NodeOperationError {
	const itemIndex = context.getItemIndex();
	return new NodeOperationError(context.getNode(), `${what} [item ${itemIndex}]`, {
		itemIndex,
		description: next,
	});
}

/**
 * Reads a choice, which an expression may have given.
 *
 * @param field its label in quotes
 * @throws {NodeOperationError} when it is none of the values
 */
export function requireChoice<T extends string>(
	context: ItemContext,
	field: string,
	value: unknown,
	values: readonly T[],
): T {
	const choice = values.find((one) => one === value);
	if (choice !== undefined) return choice;
	throw validationError(
		context,
		`${field} has an invalid value`,
		`It is one of ${values.join(', ')}.`,
	);
}

/**
 * Reads a flag, which an expression may have given.
 *
 * @param label of the field, for an error
 * @throws {NodeOperationError} when it is neither true nor false
 */
export function requireFlag(context: ItemContext, value: unknown, label: string): boolean {
	const flag = parseFlag(value);
	if (flag !== undefined) return flag;
	throw validationError(
		context,
		`'${label}' is neither true nor false`,
		'Give true or false. In doubt nothing is sent.',
	);
}
