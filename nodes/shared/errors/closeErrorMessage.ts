import type { INode } from 'n8n-workflow';
import { fieldLabel } from './fieldLabel';
import { maskQuotes, maskTexts, truncate } from './maskTexts';

const MAX_LENGTH = 500;

/** The keys under which Close nests messages without naming a field (flask-mongorest, cleancat). */
const WRAPPERS = new Set(['error', 'errors', 'field-errors', 'message']);

/** Collects every message of an error body, each behind the path of labels that leads to it. */
function collectMessages(
	value: unknown,
	path: string[],
	toLabel: (key: string) => string,
): string[] {
	if (typeof value === 'string')
		return value
			? [path.length ? `'${path.join(' ')}': ${maskQuotes(value)}` : maskQuotes(value)]
			: [];
	if (Array.isArray(value)) return value.flatMap((entry) => collectMessages(entry, path, toLabel));
	if (typeof value !== 'object' || value === null) return [];
	return Object.entries(value).flatMap(([key, entry]) =>
		collectMessages(
			entry,
			WRAPPERS.has(key) ? path : [...path, /^\d+$/.test(key) ? `${+key + 1}` : toLabel(key)],
			toLabel,
		),
	);
}

/**
 * What Close says in the body of an error, with n8n's labels of the fields.
 *
 * Reads `error` (text or object), `errors[]` and `field-errors{}` with nested ones, else `message`
 * (Close's own flask-mongorest and cleancat; the official reference publishes no error schema).
 *
 * @param secretTexts texts of messages, which must not appear in an error
 * @param node whose labels are used
 * @returns at most 500 characters; undefined when the body has no message
 */
export function closeErrorMessage(
	body: unknown,
	secretTexts: Iterable<string> = [],
	node?: INode,
): string | undefined {
	if (typeof body !== 'object' || body === null) return undefined;
	const known = Object.entries(body).filter(([key]) => WRAPPERS.has(key));
	const toLabel = (key: string) => fieldLabel(key, node);
	const words = [...new Set(collectMessages(Object.fromEntries(known), [], toLabel))].join('; ');
	// Truncated last: what is left of a truncated text would not be recognized.
	return truncate(maskTexts(words, secretTexts), MAX_LENGTH) || undefined;
}
