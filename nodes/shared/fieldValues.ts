/** A letter and its accent may be one character or two. */
const toComparable = (value: unknown) =>
	String(value ?? '')
		.normalize('NFC')
		.toLowerCase();

/** Whether a text contains these characters, in any case. */
export const containsText = (text: unknown, part: unknown): boolean =>
	toComparable(text).includes(toComparable(part));

export const isBlank = (value: unknown): boolean =>
	value === undefined || value === null || (typeof value === 'string' && value.trim() === '');

/** Whether a field has no value at Close. */
export const isNothing = (value: unknown) =>
	value === undefined ||
	value === null ||
	value === '' ||
	(Array.isArray(value) && value.length === 0);

/** The entries of a list; an expression may give them as one text with commas. Blank ones are left out. */
export const parseList = (value: unknown): string[] =>
	(Array.isArray(value) ? value : typeof value === 'string' ? value.split(',') : [value])
		.filter((entry) => !isBlank(entry))
		.map((entry) => String(entry).trim());

/** Whether a value that Close gives as an ID can be one. */
export const isId = (value: unknown): value is string => typeof value === 'string' && value !== '';

/** Whether a value is an object with fields: neither null nor a list. */
export const isRecord = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

/** The value of a resource locator; other values as they are. */
export const getLocatorValue = (value: unknown): unknown =>
	typeof value === 'object' && value !== null && '__rl' in value && 'value' in value
		? value.value
		: value;

const TRUE_VALUES = new Set<unknown>([true, 'true', 1, '1']);
const FALSE_VALUES = new Set<unknown>([false, 'false', 0, '0']);

/**
 * Reads a flag that an expression may have given: true, "true", 1 and "1" are true; false, "false", 0, "0" and a blank
 * value are false.
 *
 * @returns undefined when it is neither
 */
export function parseFlag(value: unknown): boolean | undefined {
	if (isBlank(value)) return false;
	if (TRUE_VALUES.has(value)) return true;
	return FALSE_VALUES.has(value) ? false : undefined;
}

/**
 * Reads a number that an expression may have given.
 *
 * @returns undefined when it is blank, not a number, or not within the bounds
 */
export function parseNumber(
	value: unknown,
	{ min, max, isInteger = false }: { min: number; max: number; isInteger?: boolean },
): number | undefined {
	if (isBlank(value) || (typeof value !== 'number' && typeof value !== 'string')) return undefined;
	const number = Number(value);
	if (!(number >= min && number <= max)) return undefined;
	return isInteger && !Number.isInteger(number) ? undefined : number;
}
