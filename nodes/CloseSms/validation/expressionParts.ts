/** An expression as words and the code between them. */
export interface ExpressionParts {
	/** One more than there is code: words stand before, between and after it, and may be "". */
	literals: string[];
	/** Each as it stands in the expression, without braces. */
	codes: string[];
}

/** One `{{ }}` of an expression (n8n-workflow `splitExpression`); a backslash makes braces plain characters. */
const CODE = /(?<!\\)\{\{([\s\S]*?)(?<!\\)\}\}/g;

/** A text in code. */
const STRING = /'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|`(?:\\.|[^`\\])*`/gs;

/** Code in a text in backticks, in which there may be simple texts: `${$json['First Name']}`. */
const CODE_IN_TEMPLATE = /(?<!\\)\$\{((?:[^{}`'"]|'[^'\\{}]*'|"[^"\\{}]*")*)\}/;

/** A slash that divides: behind a value, and before one. */
const DIVISION = /(?<=[\w)\]]\s?)\/(?=\s?[\w($])/g;

/** Stands for a text in code, as long as it is: no character that means anything. */
const MASK = '§';

/** What does not bind stronger than a plus, beside it. */
const NO_SUM = /[?:|&,;=<>^!~-]|\b(?:return|in|instanceof|typeof|void|new|await)\b|\+\+/;

const ESCAPES: Record<string, string> = { n: '\n', r: '\r', t: '\t' };

/** The words of a text in code; undefined for escapes that are hardly ever used. */
const unescape = (text: string): string | undefined =>
	/\\[\dbfuvx\r\n]/.test(text)
		? undefined
		: text.replace(/\\(.)/g, (_, character: string) => ESCAPES[character] ?? character);

/** Joins parts that stand one behind the other. */
function concat(all: ExpressionParts[]): ExpressionParts {
	const [first, ...others] = all;
	const joined = { literals: [...first.literals], codes: [...first.codes] };
	for (const { literals, codes } of others) {
		joined.literals.push(`${joined.literals.pop()!}${literals[0]}`, ...literals.slice(1));
		joined.codes.push(...codes);
	}
	return joined;
}

const wordsAlone = (words: string): ExpressionParts => ({ literals: [words], codes: [] });
const codeAlone = (code: string): ExpressionParts => ({ literals: ['', ''], codes: [code] });

/** A text in code with its quotation marks; in backticks there may be code in it. */
function splitString(text: string): ExpressionParts | undefined {
	const inner = text.slice(1, -1);
	const pieces = text.startsWith('`') ? inner.split(CODE_IN_TEMPLATE) : [inner];
	const literals = pieces.filter((_, index) => index % 2 === 0).map(unescape);
	const isWhole = literals.every((one): one is string => one !== undefined && !one.includes('${'));
	return isWhole ? { literals, codes: pieces.filter((_, index) => index % 2 === 1) } : undefined;
}

/** Code with blanks for what stands in brackets; undefined where brackets do not match. */
function maskBrackets(code: string): string | undefined {
	let depth = 0;
	let masked = '';
	for (const character of code) {
		if ('([{'.includes(character)) depth++;
		masked += depth === 0 ? character : 'x';
		if (')]}'.includes(character)) depth--;
		if (depth < 0) return undefined;
	}
	return depth === 0 ? masked : undefined;
}

/**
 * Takes code apart that only joins texts and values: `'Hi ' + $json.name + '!'` or a template. In doubt it stays as it is.
 */
function splitCode(code: string): ExpressionParts {
	const whole = codeAlone(code);
	const masked = code.replace(STRING, (text) => MASK.repeat(text.length));
	// Something with a slash may be a regular expression, in which quotation marks and brackets are characters.
	if (/[/'"`]/.test(masked.replace(DIVISION, ''))) return whole;
	const outside = maskBrackets(masked)?.replace(/\?\./g, '..');
	if (outside === undefined || NO_SUM.test(outside)) return whole;
	let start = 0;
	const operands = outside.split('+').map((operand) => {
		const from = start;
		start += operand.length + 1;
		return { code: code.slice(from, start - 1), isString: /^\s*§+\s*$/.test(operand) };
	});
	// Two numbers are added before they are joined to a text; without a text nothing is joined.
	if (!operands.slice(0, 2).some(({ isString }) => isString)) return whole;
	const parts = operands.map(({ code: one, isString }) =>
		isString ? splitString(one.trim()) : one.trim() === '' ? undefined : codeAlone(one),
	);
	return parts.every((one) => one !== undefined) ? concat(parts) : whole;
}

/**
 * Takes an expression apart.
 *
 * @param raw as n8n keeps it, with an equals sign in front
 */
export const splitExpression = (raw: string): ExpressionParts =>
	concat(
		raw
			.slice(1)
			.split(CODE)
			.map((piece, index) => (index % 2 === 0 ? wordsAlone(piece) : splitCode(piece))),
	);
