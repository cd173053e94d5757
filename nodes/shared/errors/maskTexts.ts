const MASK = '(message)';

/**
 * This many letters and digits in a row are taken for a part of a text, wherever in it they stand: Close may cut a text,
 * or show only its end.
 */
const MIN_PART = 16;
/** A shorter text, or a single word, can be part of Close's own sentence: it is masked only where it is quoted. */
const MIN_UNQUOTED = 8;

const NAMED: Record<string, string> = {
	amp: '&',
	apos: "'",
	gt: '>',
	lt: '<',
	nbsp: ' ',
	quot: '"',
};
const JSON_ESCAPES: Record<string, string> = { n: '\n', r: '\r', t: '\t' };

const fromCode = (code: number, escaped: string) =>
	code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : escaped;

/** Undoes the escapes of JSON and HTML, by which a server may spell what it quotes. */
const unescape = (message: string): string =>
	message
		.replace(/\\(?:u([\da-f]{4})|(["'/\\nrt]))/gi, (escaped, hex?: string, sign: string = '') =>
			hex ? String.fromCharCode(parseInt(hex, 16)) : (JSON_ESCAPES[sign] ?? sign),
		)
		.replace(
			/&(?:#x([\da-f]{1,6})|#(\d{1,7})|(amp|apos|gt|lt|nbsp|quot));/gi,
			(escaped, hex?: string, decimal?: string, name: string = '') =>
				hex
					? fromCode(parseInt(hex, 16), escaped)
					: decimal
						? fromCode(Number(decimal), escaped)
						: NAMED[name.toLowerCase()],
		);

/** What texts are compared by: letters and digits, whatever their case and accents. */
interface Letters {
	/** One for each UTF-16 unit of the folded text. */
	key: string;
	/** Where in the text the unit stands, and where its character ends. */
	from: number[];
	to: number[];
}

const IS_LETTER = /[\p{L}\p{N}]/u;

function toLetters(text: string): Letters {
	const letters: Letters = { key: '', from: [], to: [] };
	const parts: string[] = [];
	let at = 0;
	for (const character of text) {
		if (IS_LETTER.test(character)) {
			const folded = character
				.normalize('NFKD')
				.replace(/[^\p{L}\p{N}]/gu, '')
				.toLowerCase();
			parts.push(folded);
			for (let unit = 0; unit < folded.length; unit++) {
				letters.from.push(at);
				letters.to.push(at + character.length);
			}
		}
		at += character.length;
	}
	letters.key = parts.join('');
	return letters;
}

/** A range of a message. */
interface Range {
	from: number;
	to: number;
}

const isWordAt = (message: string, at: number) =>
	at >= 0 && at < message.length && IS_LETTER.test(message[at]);

/** Where parts of a text stand in a message, in linear time: each stretch of `MIN_PART` letters is looked up in a set. */
function findParts(message: Letters, text: Letters): Range[] {
	const size = Math.min(MIN_PART, text.key.length);
	const parts = new Set<string>();
	for (let at = 0; at + size <= text.key.length; at++) parts.add(text.key.slice(at, at + size));
	const ranges: Range[] = [];
	for (let at = 0; at + size <= message.key.length; at++) {
		if (!parts.has(message.key.slice(at, at + size))) continue;
		const found = { from: message.from[at], to: message.to[at + size - 1] };
		const last = ranges[ranges.length - 1];
		if (last && found.from <= last.to) last.to = found.to;
		else ranges.push(found);
	}
	return ranges;
}

/** Masks ranges that do not overlap, in their order, each as whole words. */
function maskRanges(message: string, ranges: Range[]): string {
	const parts: string[] = [];
	let at = 0;
	for (let { from, to } of ranges) {
		while (from > at && isWordAt(message, from) && isWordAt(message, from - 1)) from--;
		while (isWordAt(message, to) && isWordAt(message, to - 1)) to++;
		if (to <= at) continue;
		parts.push(message.slice(at, Math.max(at, from)), MASK);
		at = to;
	}
	return parts.join('') + message.slice(at);
}

const escapePattern = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Masks a text that could be Close's own words: only where it is quoted, or stands alone. */
function maskQuoted(message: string, text: string): string {
	const words = text.split(/\s+/).map(escapePattern).join('\\s+');
	const quoted = new RegExp(`(["'\`“‘«])${words}(["'\`”’»])`, 'giu');
	const alone = new RegExp(`(^|[:;] )${words}(?=$|;)`, 'giu');
	return message.replace(quoted, `$1${MASK}$2`).replace(alone, `$1${MASK}`);
}

function maskText(message: string, text: string): string {
	if ([...text].length < MIN_UNQUOTED || /^\p{L}+$/u.test(text)) return maskQuoted(message, text);
	const letters = toLetters(text);
	// A text of signs alone, as of emojis.
	if (letters.key === '') return message.split(text).join(MASK);
	const signs = text.slice(letters.to[letters.to.length - 1]);
	const ranges = findParts(toLetters(message), letters).map(({ from, to }) => ({
		from,
		to: message.startsWith(signs, to) ? to + signs.length : to,
	}));
	return maskRanges(message, ranges);
}

/** What opens a quotation, and what closes it. */
const QUOTES: Record<string, string> = { '"': '"', "'": "'", '“': '”', '«': '»', '‘': '’' };

/** Where a quotation ends; an apostrophe within a word does not end it. @returns -1 when it does not */
function findQuoteEnd(message: string, quote: string, from: number): number {
	for (let end = message.indexOf(quote, from); ; end = message.indexOf(quote, end + 1)) {
		const isApostrophe = (quote === "'" || quote === '’') && isWordAt(message, end + 1);
		if (end < 0 || !isApostrophe) return end;
	}
}

/**
 * Masks what looks like a quoted message, also where only Close knows its words: several words in quotation marks.
 * Close's own quotes are names of fields and values, which have no blank in them. Takes linear time.
 */
export function maskQuotes(message: string): string {
	const parts: string[] = [];
	/** Quotation marks that nothing closes any more. */
	const unclosed = new Set<string>();
	let [at, copied] = [0, 0];
	for (; at < message.length; at++) {
		const close = QUOTES[message[at]];
		if (!close || unclosed.has(close)) continue;
		if (close === "'" && isWordAt(message, at - 1)) continue;
		const end = findQuoteEnd(message, close, at + 1);
		if (end < 0) {
			unclosed.add(close);
			continue;
		}
		if (/\s/.test(message.slice(at + 1, end))) {
			parts.push(message.slice(copied, at + 1), MASK);
			copied = end;
		}
		at = end;
	}
	return parts.join('') + message.slice(copied);
}

/**
 * Replaces the texts of messages with "(message)", since they must not appear in an error: first those that are known,
 * compared by letters and digits, then what looks like a quoted one. Close's own sentence stays whole: a text such as
 * "draft" is masked only where it is quoted. Takes linear time.
 *
 * @param texts texts of messages that Close may quote
 */
export function maskTexts(message: string, texts: Iterable<string>): string {
	const known = [...new Set([...texts].map((text) => text.trim()))]
		.filter((text) => text !== '')
		// The longest first: one text may be part of another.
		.sort((one, other) => other.length - one.length);
	return maskQuotes(known.reduce(maskText, unescape(unescape(message))));
}

/** At most the first `length` characters of a message; no surrogate pair is cut in half. */
export const truncate = (message: string, length: number): string =>
	message.length <= length ? message : [...message].slice(0, length).join('');
