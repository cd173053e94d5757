import type { Finding } from './finding';
import { MARKER } from './journal';
import { FICTIONAL_NUMBERS } from './organization';
import { PLAIN_WORDS } from './plainWords';

/** What stands for everything that is not shown. */
export const REDACTED = '…';

/** Keys whose values are Close's own words and not the account's. */
const NOT_OF_THE_ACCOUNT = new Set([
	'_type',
	'__object_type',
	'status',
	'direction',
	'source',
	'type',
	'object_type',
	'action',
	'error',
	'errors',
	'field-errors',
	'message',
	'error_message',
	'extra_filter',
	'carrier',
	'carrier_type',
	'content_type',
	'caller_id_mode',
	'caller_id_reason',
	'health_status',
	'pause_reason',
	'timezone_source',
	'changed_fields',
]);

/** Values that Close itself defines: hidden nowhere, whatever somebody named after them. */
const CLOSES_OWN = new Set(
	'draft scheduled outbox inbox sent error inbound outbound active paused archived created updated deleted external sms'.split(
		' ',
	),
);

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

const FICTIONAL = Object.values(FICTIONAL_NUMBERS).map(escaped).join('|');
/** Facts that look like something else: limits that Close names, numbers that nobody has, carriers' codes. */
const FACT = new RegExp(
	`max_(?:limit|skip)\\s*=\\s*\\d+|\\b(?:limit|remaining|reset)=\\d+(?:\\.\\d+)?|${FICTIONAL}|\\b[23]\\d{4}\\b|\\bclose\\.(?:io|com)\\b`,
	'gi',
);
/** Close's IDs, whose prefixes are no secret. */
const ID = /^[a-z]+_\w+$/;
const MAIL = /[\p{L}\p{N}._%+-]+@[\p{L}\p{N}.-]+/gu;
const HOST = /(?:https?:\/\/)?\b[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*\.\p{L}{2,}(?:\/[^\s"']*)?/gu;
const NUMERIC = /\+?\d[\d\s().:T+-]{3,}\d/g;
const DATE_OR_TIME = /\d{4}-\d\d-\d\d|\d{1,2}:\d\d/;
const DECIMAL = /^\d+\.\d+$/;
/** More digits than a count has: a phone number, an ID. */
const MANY_DIGITS = 7;
const WORD = /[\p{L}\p{M}\p{N}]+/gu;
const COUNT = /^\d{1,6}$/;
/** Plain words that are written with capitals anywhere. */
const PROPER = new Set(
	'Close SMS MMS API HTTP JSON ISO URL ID UTC E164 RateLimit DELETE GET POST PUT'.split(' '),
);
const SENTENCE_START = /(?:^|[.!?:;,({[>"\n])\s*$/;

const isPlain = (word: string) => COUNT.test(word) || PLAIN_WORDS.has(word.toLowerCase());
const isCapitalized = (word: string) => /^\p{Lu}/u.test(word) && !PROPER.has(word);

/** Hides numbers of people and points in time, and leaves counts. */
const withoutNumbers = (text: string) =>
	text.replace(NUMERIC, (found) => {
		const digits = found.replace(/\D/g, '').length;
		const isHidden =
			DATE_OR_TIME.test(found) || (digits >= MANY_DIGITS && !DECIMAL.test(found.trim()));
		return isHidden ? REDACTED : found;
	});

/** Leaves only words that anybody could have written, no names made of such words, and counts. */
function onlyPlain(text: string): string {
	const words = withoutNumbers(text.replace(MAIL, REDACTED).replace(HOST, REDACTED));
	return words
		.replace(WORD, (word, at: number) => {
			if (!isPlain(word)) return REDACTED;
			if (!isCapitalized(word)) return word;
			const [, next = ''] = /^ ([\p{L}\p{M}\p{N}]+)/u.exec(words.slice(at + word.length)) ?? [];
			const isAlone = SENTENCE_START.test(words.slice(0, at)) && !isCapitalized(next);
			return isAlone ? word : REDACTED;
		})
		.replace(/…[^\p{L}\p{N}"'{}[\],:;]*…/gu, REDACTED);
}

/**
 * Takes out of words what belongs to an account, and leaves facts: first every value that Close showed, whole, then every
 * word that is not in a fixed list, and names that are made of such words. So a name that was never seen before is not
 * shown either.
 */
export class Scrubber {
	/** in any letters */
	private readonly values = new Set<string>();
	/** ordinary words that somebody is named after: only as they are written */
	private readonly names = new Set<string>();
	private patterns: RegExp[] | undefined;
	private readonly seen = new Set<string>();

	/** Remembers what an answer of Close shows of the account. An error has no more of it than was shown before. */
	learn({ status, body }: { status: number; body: unknown }): void {
		if (status < 300) this.collect(body, '');
	}

	/** Words of Close without what belongs to the account. */
	words(value: unknown): string {
		// A number that is one is a status, a count or a time that was measured.
		if (typeof value === 'number' || typeof value === 'boolean') return String(value);
		const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
		const facts = text.match(FACT) ?? [];
		return text
			.split(FACT)
			.map((part) => onlyPlain(this.withoutKnown(part)))
			.map((part, index) => part + (facts[index] ?? ''))
			.join('');
	}

	/** A finding as a report may show it. */
	finding({ parts }: Finding): string {
		return parts
			.map((part) => ('literal' in part ? part.literal : this.words(part.value)))
			.join('');
	}

	private collect(body: unknown, key: string): void {
		if (typeof body === 'string') return this.remember(body.trim(), key);
		if (Array.isArray(body)) for (const entry of body) this.collect(entry, key);
		else if (typeof body === 'object' && body !== null)
			for (const [name, entry] of Object.entries(body))
				if (!NOT_OF_THE_ACCOUNT.has(name) || typeof entry === 'string') this.collect(entry, name);
	}

	private remember(value: string, key: string): void {
		if (NOT_OF_THE_ACCOUNT.has(key) || value.length < 2 || this.seen.has(value)) return;
		this.seen.add(value);
		// What is hidden anyway, as an ID or a number is, need not be remembered, nor what the check itself wrote.
		const hasPlainWord = value.match(WORD)?.some(isPlain) ?? false;
		const isOwn = MARKER.test(value);
		if (!hasPlainWord || isOwn || ID.test(value) || DATE_OR_TIME.test(value)) return;
		if (/^\d{1,4}$/.test(value)) return;
		const isOneWord = /^[\p{L}\p{M}]+$/u.test(value);
		if (!isOneWord || !isPlain(value)) this.values.add(value);
		else if (isCapitalized(value) && !CLOSES_OWN.has(value.toLowerCase())) this.names.add(value);
		this.patterns = undefined;
	}

	private withoutKnown(text: string): string {
		this.patterns ??= [toPattern(this.values, 'giu'), toPattern(this.names, 'gu')].flatMap(
			(pattern) => pattern ?? [],
		);
		return this.patterns.reduce((rest, pattern) => rest.replace(pattern, REDACTED), text);
	}
}

/** Finds any of the values where it stands alone. */
function toPattern(values: Set<string>, flags: string): RegExp | undefined {
	if (values.size === 0) return undefined;
	const longestFirst = [...values].sort((one, other) => other.length - one.length);
	return new RegExp(
		`(?<![\\p{L}\\p{N}])(?:${longestFirst.map(escaped).join('|')})(?![\\p{L}\\p{N}])`,
		flags,
	);
}
