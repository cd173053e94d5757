import type { Finding } from './finding';
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

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** A limit that Close names is worth reading, however many digits it has. */
const LIMIT = /max_(?:limit|skip)\s*=\s*\d+/g;
const PHONE_OR_DATE = /\+?\d[\d\s().:T+-]{4,}\d/g;
const WORD = /[\p{L}\p{M}\p{N}]+/gu;
const SMALL_NUMBER = /^\d{1,3}$/;

const isPlain = (word: string) => SMALL_NUMBER.test(word) || PLAIN_WORDS.has(word.toLowerCase());

/** Leaves only words that anybody could have written, and small numbers. */
const onlyPlain = (text: string) =>
	text
		.replace(PHONE_OR_DATE, REDACTED)
		.replace(WORD, (word) => (isPlain(word) ? word : REDACTED))
		.replace(/…[^\p{L}\p{N}"'{}[\],:;]*…/gu, REDACTED);

/**
 * Takes out of words what belongs to an account: first every value that Close showed, whole, then every word that is not
 * in a fixed list. So a name that was never seen before is not shown either.
 */
export class Scrubber {
	private readonly values = new Set<string>();
	private pattern: RegExp | undefined;

	/** Remembers all values in an answer of Close. */
	learn(body: unknown, key = ''): void {
		if (typeof body === 'string') {
			if (NOT_OF_THE_ACCOUNT.has(key) || body.trim().length < 2) return;
			this.values.add(body.trim());
			this.pattern = undefined;
		} else if (Array.isArray(body)) for (const entry of body) this.learn(entry, key);
		else if (typeof body === 'object' && body !== null)
			for (const [name, entry] of Object.entries(body))
				if (!NOT_OF_THE_ACCOUNT.has(name) || typeof entry === 'string') this.learn(entry, name);
	}

	/** Words of Close without what belongs to the account. */
	words(value: unknown): string {
		const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
		const limits = text.match(LIMIT) ?? [];
		const known = this.knownValues();
		return text
			.split(LIMIT)
			.map((part) => onlyPlain(known ? part.replace(known, REDACTED) : part))
			.map((part, index) => part + (limits[index] ?? ''))
			.join('');
	}

	/** A finding as a report may show it. */
	finding({ parts }: Finding): string {
		return parts
			.map((part) => ('literal' in part ? part.literal : this.words(part.value)))
			.join('');
	}

	private knownValues(): RegExp | undefined {
		if (this.values.size === 0) return undefined;
		const longestFirst = [...this.values].sort((one, other) => other.length - one.length);
		return (this.pattern ??= new RegExp(
			`(?<![\\p{L}\\p{N}])(?:${longestFirst.map(escaped).join('|')})(?![\\p{L}\\p{N}])`,
			'giu',
		));
	}
}
