/** An expression as words and the code between them. */
export interface ExpressionParts {
	/** One more than there is code: words stand before, between and after it, and may be "". */
	literals: string[];
	/** Each as it stands in the expression, without braces. */
	codes: string[];
}

/** One `{{ }}` of an expression (n8n-workflow `splitExpression`); a backslash makes braces plain characters. */
const CODE = /(?<!\\)\{\{([\s\S]*?)(?<!\\)\}\}/g;

/** A text in code, a comment, or a regular expression, which begins where no value has ended. */
const TOKEN =
	/('(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|`(?:\\.|[^`\\])*`)|(\/\*.*?\*\/|\/\/[^\n]*)|(?<=(?:^|[(,=:[!&|?{;+\-*%~<>])\s*)\/(?:\\.|\[(?:\\.|[^\]\\])*\]|[^/\\[\n])+\/[a-z]*/gs;

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

/** Code as long as it was, with what `mask` makes of its texts, and nothing that can be read in comments and the like. */
const maskTokens = (code: string, mask: (text: string) => string): string =>
	code.replace(TOKEN, (token: string, text?: string, comment?: string) =>
		text !== undefined ? mask(text) : (comment === undefined ? 'x' : ' ').repeat(token.length),
	);

/** Code as long as it was, without its comments. */
const withoutComments = (code: string) =>
	code.replace(TOKEN, (token: string, _, comment?: string) =>
		comment === undefined ? token : ' '.repeat(token.length),
	);

/** The code of an expression with blanks in the place of the words in it, as long as it was; in doubt words stay. */
export const withoutWords = (code: string): string =>
	maskTokens(code, (text) => {
		if (!text.startsWith('`')) return `'${' '.repeat(text.length - 2)}'`;
		const pieces = text.slice(1, -1).split(CODE_IN_TEMPLATE);
		const masked = pieces.map((piece, index) =>
			index % 2 === 1
				? `\${${withoutWords(piece)}}`
				: piece.includes('${')
					? piece
					: ' '.repeat(piece.length),
		);
		return `\`${masked.join('')}\``;
	});

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
	const parts = pieces.map((piece, index) => {
		if (index % 2 === 1) return splitCode(piece);
		const words = unescape(piece);
		return words === undefined || words.includes('${') ? undefined : wordsAlone(words);
	});
	return parts.every((one) => one !== undefined) ? concat(parts) : undefined;
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

/** The pieces of code between a character where it stands in no brackets; undefined where those do not match. */
function splitAt(separator: string, code: string, masked: string): string[] | undefined {
	let start = 0;
	return maskBrackets(masked)
		?.split(separator)
		.map((piece) => {
			const from = start;
			start += piece.length + 1;
			return code.slice(from, start - 1);
		});
}

/** What stands between brackets that begin and end the code, from where on; undefined where they do not. */
function openBrackets(
	masked: string,
	brackets: RegExp,
): { inner: string; start: number } | undefined {
	const [, before, inner] = brackets.exec(masked) ?? [];
	return inner === undefined || maskBrackets(inner) === undefined
		? undefined
		: { inner, start: before.length };
}

/** The words by which a list is joined to a text, at the end of its code; undefined where code gives them. */
export function getSeparator(code: string): string | undefined {
	const [, given] =
		/\.join\(\s*('(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|`(?:\\.|[^`\\$])*`)?\s*\)\s*$/.exec(code) ??
		[];
	return given === undefined ? ',' : unescape(given.slice(1, -1));
}

/** A list that is joined to a text, as in `[$json.first, $json.last].join(' ')`. */
function splitList(code: string, masked: string): ExpressionParts | undefined {
	const list = openBrackets(masked, /^(\s*\[)(.*)\]\s*\.join\(\s*§*\s*\)\s*$/s);
	const separator = getSeparator(code);
	if (!list || separator === undefined) return undefined;
	const { inner, start } = list;
	const entries = splitAt(',', code.slice(start, start + inner.length), inner) ?? [];
	if (entries.at(-1)?.trim() === '') entries.pop();
	const isPlain = entries.every((one) => one.trim() !== '' && !/^\s*\.\.\./.test(one));
	return entries.length > 0 && isPlain
		? concat(
				entries.flatMap((one, index) => [wordsAlone(index === 0 ? '' : separator), splitCode(one)]),
			)
		: undefined;
}

/** Code in parentheses. */
function splitParenthesized(code: string, masked: string): ExpressionParts | undefined {
	const opened = openBrackets(masked, /^(\s*\()(.*)\)\s*$/s);
	return opened && splitCode(code.slice(opened.start, opened.start + opened.inner.length));
}

/**
 * Takes code apart that only joins texts and values: `'Hi ' + $json.name + '!'`, a template, a list that is joined. In
 * doubt it stays as it is.
 */
function splitCode(code: string): ExpressionParts {
	const whole = codeAlone(code);
	const plain = withoutComments(code);
	const masked = maskTokens(plain, (text) => MASK.repeat(text.length));
	// What is left may be a regular expression, in which quotation marks and brackets are characters.
	if (/[/'"`]/.test(masked.replace(DIVISION, ''))) return whole;
	const single = splitList(plain, masked) ?? splitParenthesized(plain, masked);
	if (single) return single;
	const outside = maskBrackets(masked)?.replace(/\?\./g, '..');
	if (outside === undefined || NO_SUM.test(outside)) return whole;
	const operands = splitAt('+', plain, masked) ?? [];
	const areStrings = splitAt('+', masked, masked)?.map((one) => /^\s*§+\s*$/.test(one)) ?? [];
	// Two numbers are added before they are joined to a text; without a text nothing is joined.
	if (!areStrings.slice(0, 2).includes(true)) return whole;
	const parts = operands.map((one, index) =>
		areStrings[index] ? splitString(one.trim()) : one.trim() === '' ? undefined : splitCode(one),
	);
	return parts.every((one) => one !== undefined) ? concat(parts) : whole;
}

const split = (raw: string): ExpressionParts =>
	concat(
		raw
			.slice(1)
			.split(CODE)
			.map((piece, index) => (index % 2 === 0 ? wordsAlone(piece) : splitCode(piece))),
	);

/** The one that was taken apart last: all items of a run have the same. */
let last: { raw: string; parts: ExpressionParts } | undefined;

/**
 * Takes an expression apart.
 *
 * @param raw as n8n keeps it, with an equals sign in front
 */
export function splitExpression(raw: string): Readonly<ExpressionParts> {
	if (last?.raw !== raw) last = { raw, parts: split(raw) };
	return last.parts;
}
