import type { INodeProperties } from 'n8n-workflow';
import { isBlank, parseNumber } from '../../shared/fieldValues';
import { showValue } from '../../shared/showValue';
import { requireChoice, requireFlag, validationError, type ItemContext } from './validationError';

/** The operations that an option is for, by what they do. */
export type OptionScope =
	/** All of both resources. */
	| 'all'
	/** Those that return one SMS activity. */
	| 'returnsSms'
	/** Those that are given the words of a text, or send one that has them. */
	| 'hasWords'
	/** Those in which a phone number can be given. */
	| 'takesNumbers'
	/** Those in which the words of a text can be given. */
	| 'takesWords'
	/** Those that text a person. */
	| 'texts'
	/** Those that text a person with a new text. */
	| 'textsAnew';

/** One entry under 'Options': its field, and how its value is read. */
export interface Option<T> {
	/** Without its name, which is its key in the table of options, and without what shows it. */
	field: Omit<INodeProperties, 'name' | 'displayOptions'>;
	scope: OptionScope;
	/** What counts when it is not added. */
	absent: T;
	/**
	 * Reads a value that an expression may have given. In doubt nobody is texted.
	 *
	 * @throws {ItemFailure} when it cannot be read
	 */
	read: (context: ItemContext, value: unknown) => T;
}

type Words = { displayName: string; description: string };

/** An option that is on once it is added, unless its value says otherwise. */
export const flagOption = ({
	scope = 'all',
	routing,
	mayBeEmpty = false,
	...words
}: Words & {
	scope?: OptionScope;
	routing?: INodeProperties['routing'];
	/** Whether a blank value is off, and not an error. */
	mayBeEmpty?: boolean;
}): Option<boolean> => ({
	field: { ...words, type: 'boolean', default: true, ...(routing && { routing }) },
	scope,
	absent: false,
	read: (context, value) => {
		if (isBlank(value) && !mayBeEmpty)
			throw validationError(
				context,
				`'${words.displayName}' is empty`,
				'Give true or false, or remove the option. In doubt nothing is sent.',
			);
		return requireFlag(context, value, words.displayName);
	},
});

/** An option that is a number. */
export const numberOption = ({
	scope = 'all',
	min,
	max,
	isInteger = false,
	unit,
	default: initial,
	absent = initial,
	...words
}: Words & {
	scope?: OptionScope;
	min: number;
	/** It keeps an absurd number from becoming a date that does not exist. */
	max: number;
	isInteger?: boolean;
	/** What is counted, in the plural. */
	unit: string;
	/** What the field shows when the option is added. */
	default: number;
	/** What counts when it is not added, if that is something else. */
	absent?: number;
}): Option<number> => ({
	field: {
		...words,
		type: 'number',
		default: initial,
		typeOptions: { minValue: min, maxValue: max },
	},
	scope,
	absent,
	read: (context, value) => {
		const number = parseNumber(value, { min, max, isInteger });
		if (number !== undefined) return number;
		const { displayName } = words;
		throw validationError(
			context,
			isBlank(value)
				? `'${displayName}' is empty`
				: `'${displayName}' is not a number of ${unit}: ${showValue(value)}`,
			`Give ${min} to ${max} ${unit}, or remove the option.`,
		);
	},
});

/** An option that is one of several values. */
export const choiceOption = <T extends string, A>({
	scope = 'all',
	choices,
	default: initial,
	absent,
	...words
}: Words & {
	scope?: OptionScope;
	choices: ReadonlyArray<{ name: string; value: T; description?: string }>;
	default: NoInfer<T>;
	absent: A;
}): Option<T | A> => ({
	field: { ...words, type: 'options', default: initial, options: [...choices] },
	scope,
	absent,
	read: (context, value) =>
		requireChoice(
			context,
			`'${words.displayName}'`,
			// An expression may give a code as a number.
			typeof value === 'number' ? String(value) : value,
			choices.map((choice) => choice.value),
		),
});
