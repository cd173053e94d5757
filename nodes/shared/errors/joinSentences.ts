/** Joins the parts that are not empty, each with a full stop. */
export const joinSentences = (...parts: Array<string | false | null | undefined>): string =>
	parts
		.filter((part): part is string => typeof part === 'string' && part !== '')
		.map((part) => (/[.!?]$/.test(part) ? part : `${part}.`))
		.join(' ');
