/**
 * Words about what was found. `text` is for the person at the terminal only; a report shows `parts`, in which what came
 * from the account is kept apart from what is written in this repository, so that it can be scrubbed.
 */
export interface Finding {
	text: string;
	parts: Array<{ ours: string } | { theirs: unknown }>;
}

const isFinding = (value: unknown): value is Finding =>
	typeof value === 'object' && value !== null && 'parts' in value;

const show = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));

/** A finding of fixed words with values of the account in between: said`answered with ${status}`. */
export function said(words: TemplateStringsArray, ...values: unknown[]): Finding {
	const parts = words.flatMap((ours, index): Finding['parts'] => {
		if (index >= values.length) return [{ ours }];
		const value = values[index];
		return [{ ours }, ...(isFinding(value) ? value.parts : [{ theirs: value }])];
	});
	const text = parts.map((part) => ('ours' in part ? part.ours : show(part.theirs))).join('');
	return { text, parts };
}

/** A name that is written in this repository: a field, a method, a header. */
export const ours = (words: string): Finding => ({ text: words, parts: [{ ours: words }] });
