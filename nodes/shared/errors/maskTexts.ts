const MASK = '(text)';

/** This many characters in a row are taken for the beginning of a text, whatever follows. */
const MIN_BEGINNING = 20;
/** A shorter text, or a single word, can be part of Close's own sentence: it is masked only where it is quoted. */
const MIN_UNQUOTED = 8;

const escape = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** How a server may spell a text: as it is, on one line, or escaped as in JSON, with or without non-ASCII characters. */
function getSpellings(text: string): string[] {
	const json = JSON.stringify(text).slice(1, -1);
	const ascii = json.replace(
		/[\u0080-\uffff]/g,
		(unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
	);
	const oneLine = text.replace(/\s+/g, ' ');
	return [...new Set([text, oneLine, json, ascii])];
}

/** Masks a spelling where all of it appears, and where only its beginning does. */
function maskSpelling(message: string, spelling: string): string {
	const characters = [...spelling];
	if (characters.length < MIN_UNQUOTED || /^\p{L}+$/u.test(spelling)) {
		const quoted = new RegExp(`(["'\`“‘«])${escape(spelling)}(["'\`”’»])`, 'gu');
		const alone = new RegExp(`(^|[:;] )${escape(spelling)}(?=$|;)`, 'gu');
		return message.replace(quoted, `$1${MASK}$2`).replace(alone, `$1${MASK}`);
	}
	let masked = message.split(spelling).join(MASK);
	if (characters.length <= MIN_BEGINNING) return masked;
	const beginning = characters.slice(0, MIN_BEGINNING).join('');
	for (let at = masked.indexOf(beginning); at >= 0; at = masked.indexOf(beginning, at + 1)) {
		let length = beginning.length;
		while (length < spelling.length && masked[at + length] === spelling[length]) length++;
		masked = `${masked.slice(0, at)}${MASK}${masked.slice(at + length)}`;
	}
	return masked;
}

/**
 * Replaces the texts of messages with "(text)", since they must not appear in an error. Close's own sentence stays
 * whole: a text such as "draft" is masked only where it is quoted.
 *
 * @param texts texts of messages that Close may quote
 */
export function maskTexts(message: string, texts: Iterable<string>): string {
	const trimmed = [...texts].map((text) => text.trim()).filter((text) => text !== '');
	// The longest first: one text may be part of another.
	return trimmed
		.sort((one, other) => other.length - one.length)
		.flatMap(getSpellings)
		.reduce(maskSpelling, message);
}

/** Several words in quotation marks: Close's own quotes are names of fields and values, which have no blank in them. */
const QUOTED_WORDS =
	/"[^"]*\s[^"]*"|“[^”]*\s[^”]*”|«[^»]*\s[^»]*»|(?<![\p{L}\d])'[^']*\s(?:[^']|'(?=\p{L}))*'(?![\p{L}\d])/gu;

/** Masks what looks like a quoted message, also where only Close knows its words. */
export const maskQuotes = (message: string): string =>
	message.replace(QUOTED_WORDS, (quote) => `${quote[0]}${MASK}${quote[quote.length - 1]}`);

/** At most the first `length` characters of a message; no surrogate pair is cut in half. */
export const truncate = (message: string, length: number): string =>
	message.length <= length ? message : [...message].slice(0, length).join('');
