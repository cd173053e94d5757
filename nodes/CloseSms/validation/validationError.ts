import { validationError, type ItemContext } from '../../shared/errors/validationError';
import { parseFlag } from '../../shared/fieldValues';
import { showValue } from '../../shared/showValue';

export { validationError, type ItemContext };

/**
 * Reads a choice, which an expression may have given.
 *
 * @param field its label in quotes
 * @throws {ItemFailure} when it is none of the values
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
		`${field} has an invalid value: ${showValue(value)}`,
		`It is one of ${values.join(', ')}.`,
	);
}

/**
 * Reads a flag, which an expression may have given.
 *
 * @param label of the field, for an error
 * @throws {ItemFailure} when it is neither true nor false
 */
export function requireFlag(context: ItemContext, value: unknown, label: string): boolean {
	const flag = parseFlag(value);
	if (flag !== undefined) return flag;
	throw validationError(
		context,
		`'${label}' is neither true nor false: ${showValue(value)}`,
		'Give true or false. In doubt nothing is sent.',
	);
}
