import { fieldLabel } from '../../shared/errors/fieldLabel';
import { normalizeText } from '../../shared/content';
import { isBlank } from '../../shared/fieldValues';
import { isTool } from '../../shared/isTool';
import type { Problem } from '../../shared/phoneNumber';
import { showValue } from '../../shared/showValue';
import {
	getSeparator,
	splitExpression,
	withoutWords,
	type ExpressionParts,
} from './expressionParts';
import { getBody, type PreSendValidator } from './preSend';
import { validationError } from './validationError';

/** The words of a text, as they were entered and as they came out. */
interface Words {
	/** The parameter: what was typed, or an expression with its equals sign. */
	raw: unknown;
	/** What it gives for the item. */
	text: unknown;
	/** Whether an AI agent wrote them, or a part of them. */
	isByAgent: boolean;
}

/** Evaluates an expression with its braces for the item. */
type Evaluate = (expression: string) => unknown;

const MAX_QUOTED = 80;

/** Braces in words: what another program, or Close in a template, would have filled. */
const PLACEHOLDER = /\{\{[^{}]*\}\}/;

/** What JavaScript and Luxon write for a value that is none. Some of it can be meant: then its place decides. */
const JUNK =
	/\[object \w+\]|\[native code\]|NaN|\bInfinity\b|\bInvalid Date(?:Time)?\b|undefined|(?<![A-Za-z])null(?![A-Za-z])/g;

/** Of these, the words that people write too. */
const MISSING = /undefined|(?<![A-Za-z])null(?![A-Za-z])/g;

/** What nobody ever means, and where it comes from. */
const NEVER_MEANT: Array<[junk: RegExp, problem: string]> = [
	[/\[object \w+\]/, 'gives an object, not words'],
	[/\bNaN\b/, 'gives no number (NaN)'],
	[/\bInvalid DateTime\b|^\s*Invalid Date\s*$/, 'gives no date (Invalid DateTime)'],
];

/** What was put into an ID of Close or an address in place of a value. */
const BROKEN_ID =
	/(?:\b(?:lead|cont|acti|user|oppo|task)_|https?:\/\/\S*[/=])(undefined|null|NaN|\[object \w+\])(?![\w-])/;

/** Words in brackets by which an AI model marks what it does not know; those of a link in Markdown are none. */
const STAND_IN =
	/[[<{]\s*(?:(?:your|my|our|the|insert|enter|add|first|last|full|customer|client|recipient|contact|lead|agent|sender|rep|company|business|phone|appointment|meeting|booking)['’]?s?[\s_-]+)*(?:name|company|business|date|time|day|link|url|website|address|location|number|phone|email|title|amount|price|product|service|signature|placeholder|here)(?:[\s_-]+here)?\s*[\]>}](?!\()/i;

const STRINGS = /'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"/g;
/** The same, and what stands in backticks. */
const ANY_STRING = /'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|`(?:\\.|[^`\\])*`/g;

/** Whether a blank text is written down in an expression, as in `$json.a || ''`. */
const hasBlankText = (code: string): boolean =>
	(code.match(ANY_STRING) ?? []).some((text) => text.slice(1, -1).trim() === '');

/**
 * Whether an expression chooses what it gives, or looks at no data: then "" is meant, as in `$json.a ? 'x' : ''`,
 * `$json.a || ''` or `'\n'.repeat(2)`. In `$json.a || $json.b` it is not: one value stands in for another.
 */
const isChoice = (code: string): boolean => {
	const bare = withoutWords(code);
	if (!bare.includes('$')) return true;
	const isFallback = /\|\||\?\?/.test(bare);
	return (
		/(?<!\?)\?(?![.?])|&&|\$if\b|\bifEmpty\b|\breturn\b/.test(bare) ||
		(isFallback && hasBlankText(code))
	);
};

/** Whether an expression chooses nothing by name, as in `$json.a ? 'x' : null` or `$json.a && 'x'`. */
const choosesNothing = (code: string): boolean =>
	/(?::|\?\?|\|\|)\s*(?:null|undefined)\b|&&\s*['`]|\bifEmpty\((?:.*,)?\s*''\s*\)/.test(
		withoutWords(code),
	);

/** A reference to data, such as `$json.a["b c"]` or `$('X').first().json.a`, without the call of a method behind it. */
const REFERENCE =
	/\$(?:\w+|(?=\())(?:\([^()]*\))?(?:\??\.(?:first|last|all|itemMatching)\([^()]*\)|\??\.\w+(?![\w(])|(?:\?\.)?\[[^[\]]*\])*/g;

/** The join of a list at the end of code. */
const JOIN = /\s*(?:\?\s*)?\.join\([^()]*\)\s*$/;

/**
 * Whether code joins a list that is to have no gap. Between mere blanks only one of the data: what code makes of words, as
 * in `$json.text.split(' ').join(' ')`, may have gaps that nobody sees.
 */
function isJoinedList(code: string): boolean {
	const separator = getSeparator(code) ?? '';
	const list = code.replace(JOIN, '').trim();
	if (!JOIN.test(code) || isChoice(code) || separator === '' || separator.includes('\n'))
		return false;
	return separator.trim() !== '' || list.match(REFERENCE)?.[0] === list;
}

const countJunk = (text: string): number => text.match(JUNK)?.length ?? 0;

const isDate = (value: object): value is { isValid?: boolean } =>
	value instanceof Date || ('toISO' in value && typeof value.toISO === 'function');

/** Why a value is no words, as a clause behind its expression; undefined when it can be meant. */
function findProblem(value: unknown, code = ''): string | undefined {
	if (isBlank(value) || (typeof value === 'string' && normalizeText(value) === ''))
		return choosesNothing(code) || (typeof value === 'string' && isChoice(code))
			? undefined
			: 'gives nothing';
	if (Array.isArray(value)) {
		if (value.length === 0) return 'gives an empty list';
		return value.some(isBlank)
			? 'gives a list with a gap'
			: value.map((entry: unknown) => findProblem(entry)).find(Boolean);
	}
	if (typeof value === 'object' && value !== null && isDate(value))
		return value.isValid === false || String(value) === 'Invalid Date'
			? 'gives no date (Invalid DateTime)'
			: undefined;
	if (value === Infinity || value === -Infinity) return 'gives no number (Infinity)';
	const text = typeof value === 'object' ? '[object Object]' : String(value);
	return NEVER_MEANT.find(([junk]) => junk.test(text))?.[1];
}

const escapePattern = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/**
 * Whether a text can have come out with nothing in the place of one expression, or of one entry of its list: that its
 * neighbors meet says so.
 */
function mayLackAt({ literals, codes }: ExpressionParts, index: number, text: string): boolean {
	const [before, after] = literals.slice(index, index + 2).map(escapePattern);
	const [start, end] = [index === 0 ? '^' : '', index === codes.length - 1 ? '$' : ''];
	const given = getSeparator(codes[index]) ?? ',';
	// Between lines an empty one can be meant.
	const separator = /^\s*\n\s*$/.test(given) ? '' : escapePattern(given.trim() || given);
	const gaps = [
		`${start}${before}[\\s\\p{Cf}]*${after}${end}`,
		...(separator === ''
			? []
			: [
					`${separator}\\s*${separator}`,
					...(`${start}${before}`.trim() === '' ? [] : [`${start}${before}\\s*${separator}`]),
					...(`${after}${end}`.trim() === '' ? [] : [`${separator}\\s*${after}${end}`]),
				]),
	];
	return gaps.some((gap) => new RegExp(gap, 'u').test(text));
}

/** An expression in an error. */
const quote = (code: string) => showValue(`{{ ${code.trim().replace(/\s+/g, ' ')} }}`, MAX_QUOTED);

const toHole = (code: string, problem: string): Problem => ({
	problem: `lacks a value: ${quote(code)} ${problem}`,
	next: "Look at the data of this item, or say what stands there without it, as in {{ $json.name || 'there' }} or {{ $json.name || '' }}. 'If a Value in the Message Is Missing' under Options sends it all the same.",
});

/** Looks at one `{{ }}` by itself, and at the references in it where it made one text of them. */
function findHoleIn(code: string, evaluate: Evaluate): Problem | undefined {
	const tryEvaluate = (part: string): unknown => {
		try {
			return evaluate(`{{${part}}}`);
		} catch {
			return undefined;
		}
	};
	const value = tryEvaluate(code);
	const problem = findProblem(value, code);
	if (problem) return toHole(code, problem);
	// Meant, since it is no problem.
	if (isBlank(value)) return undefined;
	const list = isJoinedList(code) ? tryEvaluate(code.replace(JOIN, '')) : undefined;
	const gap = Array.isArray(list) && findProblem(list);
	if (gap) return toHole(code, gap);
	const bare = withoutWords(code);
	if (/\bInvalid Date\b/.test(String(value)) && /\bDate\b/.test(bare))
		return toHole(code, 'gives no date (Invalid Date)');
	// A word that came out and does not stand in the texts of the code: "Hi " + $json.name.
	const texts = (code.match(STRINGS) ?? []).join(' ');
	const words = String(value)
		.match(MISSING)
		?.filter((one) => !texts.includes(one) && !isInTemplate(code, one));
	if (!words?.length) return undefined;
	const references = [...bare.matchAll(REFERENCE)].map(({ 0: { length }, index }) =>
		code.slice(index, index + length),
	);
	const values = [...new Set(references)].map((reference) => ({
		reference,
		value: tryEvaluate(reference),
	}));
	const missing = values.find(
		({ reference, value: one }) => code.trim() !== reference && words.includes(String(one)),
	);
	if (missing) return toHole(missing.reference, 'gives nothing');
	// What no data has came from a method: $json.names.find(…)?.first.
	const isOfData = values.some(({ value: one }) =>
		words.some((word) => (JSON.stringify(one) ?? '').includes(word)),
	);
	return values.length === 0 || isOfData ? undefined : toHole(code, `gives "${words[0]}"`);
}

/** Whether a word stands in a template literal of the code, and not in an expression in it. */
const isInTemplate = (code: string, word: string): boolean =>
	(code.match(/`(?:\\.|[^`\\])*`/g) ?? []).some((text) =>
		text.replace(/\$\{[^{}]*\}/g, '').includes(word),
	);

/**
 * Finds what nobody meant to send: a value that is missing, an object, a placeholder that nobody filled. Expressions are
 * evaluated again only where the text shows that one may have given nothing.
 *
 * @returns a clause behind the label of the field, and what to do
 */
export function findHole({ raw, text, isByAgent }: Words, evaluate: Evaluate): Problem | undefined {
	const shown = String(text);
	const [placeholder] = PLACEHOLDER.exec(shown) ?? [];
	if (placeholder)
		return {
			problem: `has a placeholder that nobody filled: ${showValue(placeholder, MAX_QUOTED)}`,
			next: 'Put the value there, by an expression such as {{ $json.first_name }} with the field switched to Expression. Close fills placeholders only in its templates.',
		};
	const [standIn] = (isByAgent && STAND_IN.exec(shown)) || [];
	if (standIn)
		return {
			problem: `has a stand-in for words that are missing: ${showValue(standIn, MAX_QUOTED)}`,
			next: 'Write the real words in its place, or word the message so that it does without them, and call again.',
		};
	if (typeof raw !== 'string' || !raw.startsWith('=')) return undefined;
	if (/^==\s*\{\{/.test(raw) && shown.startsWith('='))
		return {
			problem: 'would begin with an equals sign',
			next: 'Its expression begins with ={{: remove the = in front of the braces, since n8n adds its own.',
		};
	const parts = splitExpression(raw);
	const { literals, codes } = parts;
	const typed = literals.join('\n');
	const broken = BROKEN_ID.exec(shown)?.[1];
	if (broken !== undefined && !BROKEN_ID.test(typed))
		return {
			problem: `has an ID or an address with "${broken}" in it`,
			next: 'A value was missing where it was made: look at the data of this item.',
		};
	const hasJunk = countJunk(shown) > countJunk(typed);
	for (const [index, code] of codes.entries()) {
		const hole = hasJunk || mayLackAt(parts, index, shown) ? findHoleIn(code, evaluate) : undefined;
		if (hole) return hole;
	}
	return undefined;
}

/**
 * Rejects words with a hole in them. Runs after `validateText`.
 *
 * @param parameter that holds the words
 */
export const rejectHoles =
	(parameter: string): PreSendValidator =>
	(context, request, { missingValues }) => {
		const { text } = getBody(request);
		if (missingValues === 'send' || isBlank(text)) return;
		const raw: unknown = context.getNodeParameter(parameter, '', { rawExpressions: true });
		const hole = findHole({ raw, text, isByAgent: isTool(context) }, (expression) =>
			context.evaluateExpression(expression, context.getItemIndex()),
		);
		if (!hole) return;
		const label = fieldLabel('text', context.getNode());
		throw validationError(context, `'${label}' ${hole.problem}`, hole.next);
	};
