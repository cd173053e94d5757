/**
 * Words about what was found. `text` is for the person at the terminal only; a report shows `parts`, in which what came
 * from the account is kept apart from what is written in this repository, so that it can be scrubbed.
 */
export interface Finding {
	text: string;
	parts: Array<{ literal: string } | { value: unknown }>;
}

const isFinding = (value: unknown): value is Finding =>
	typeof value === 'object' && value !== null && 'parts' in value;

const show = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));

/** A finding of fixed words with values of the account in between: finding`answered with ${status}`. */
export function finding(words: TemplateStringsArray, ...values: unknown[]): Finding {
	const parts = words.flatMap((literal, index): Finding['parts'] => {
		if (index >= values.length) return [{ literal }];
		const value = values[index];
		return [{ literal }, ...(isFinding(value) ? value.parts : [{ value }])];
	});
	const text = parts.map((part) => ('literal' in part ? part.literal : show(part.value))).join('');
	return { text, parts };
}

/** A name that is written in this repository: a field, a method, a header. */
export const literal = (words: string): Finding => ({ text: words, parts: [{ literal: words }] });
