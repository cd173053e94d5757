import type { INode } from 'n8n-workflow';
import { fieldLabel } from './fieldLabel';
import { maskTexts, truncate } from './maskTexts';

const MAX_LENGTH = 500;

/** The keys under which Close nests messages without naming a field (flask-mongorest, cleancat). */
const WRAPPERS = new Set(['detail', 'error', 'errors', 'field-errors', 'message']);

/** Where pydantic found an error that it does not name by a field. */
const PLACES = new Set<unknown>(['body', 'query', 'path', '__root__']);

/** A web page says nothing for a person; a proxy that has no page answers with a line of text. */
const isPlainText = (body: unknown): body is string =>
	typeof body === 'string' && body.trim() !== '' && !/^\s*[<{[]/.test(body);

/** An error as pydantic writes it: `{ loc: ['body', 'text'], msg: 'Field required', type: … }`. */
const isPydantic = (value: object): value is { loc: unknown[]; msg: string } =>
	'loc' in value && Array.isArray(value.loc) && 'msg' in value && typeof value.msg === 'string';

interface Reader {
	toLabel: (key: string) => string;
	/** Hides the words of messages. */
	mask: (message: string) => string;
}

const selectKnown = (body: unknown): unknown =>
	typeof body === 'object' && body !== null
		? Object.fromEntries(Object.entries(body).filter(([key]) => WRAPPERS.has(key)))
		: undefined;

/** How a person reads a key: the number of an entry counts from 1. */
const toPart = (key: unknown, { toLabel }: Reader): string =>
	/^\d+$/.test(String(key)) ? `${Number(key) + 1}` : toLabel(String(key));

/** Collects every message of an error body, each behind the path of labels that leads to it. */
function collectMessages(value: unknown, path: string[], reader: Reader): string[] {
	if (typeof value === 'string')
		return value
			? [path.length ? `'${path.join(' ')}': ${reader.mask(value)}` : reader.mask(value)]
			: [];
	if (Array.isArray(value)) return value.flatMap((entry) => collectMessages(entry, path, reader));
	if (typeof value !== 'object' || value === null) return [];
	if (isPydantic(value)) {
		const place = value.loc.filter((part) => !PLACES.has(part)).map((part) => toPart(part, reader));
		return collectMessages(value.msg, [...path, ...place], reader);
	}
	return Object.entries(value).flatMap(([key, entry]) =>
		collectMessages(entry, WRAPPERS.has(key) ? path : [...path, toPart(key, reader)], reader),
	);
}

/**
 * What Close says in the body of an error, with n8n's labels of the fields.
 *
 * Reads `error` (text or object), `errors[]` and `field-errors{}` with nested ones, `message` (Close's own
 * flask-mongorest and cleancat), `detail` with `loc` and `msg` (pydantic), and a line of plain text; the official
 * reference publishes no error schema.
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
	const texts = [...secretTexts];
	const reader: Reader = {
		// A server may name what it refuses by its words.
		toLabel: (key) => maskTexts(fieldLabel(key, node), texts),
		mask: (message) => maskTexts(message, texts),
	};
	const known = isPlainText(body) ? body.trim() : selectKnown(body);
	// Truncated last: what is left of a truncated text would not be recognized.
	return (
		truncate([...new Set(collectMessages(known, [], reader))].join('; '), MAX_LENGTH) || undefined
	);
}
