import { errorResponse, invalidFields } from './errors';
import { readTime } from './dates';
import type { ReceivedRequest } from '../types';

export type Query = ReceivedRequest['query'];

/** Close's largest page. */
const MAX_LIMIT = 100;

/** One value of a parameter; given twice it is refused. @throws ErrorResponse 400 */
export function single(query: Query, name: string): string | undefined {
	const value = query[name];
	if (Array.isArray(value)) throw invalidFields({ [name]: 'Given more than once.' });
	return value;
}

/** A comma-separated list of ids. */
export function idSet(query: Query, name: string): Set<string> | undefined {
	const value = single(query, name);
	return value === undefined ? undefined : new Set(value.split(','));
}

/** @returns milliseconds. @throws ErrorResponse 400 */
export function time(query: Query, name: string, offsetHours: number): number | undefined {
	const value = single(query, name);
	if (value === undefined) return undefined;
	const read = readTime(value, offsetHours);
	if (read === undefined) throw invalidFields({ [name]: 'Invalid ISO 8601 datetime.' });
	return read;
}

/** @throws ErrorResponse 400 */
export function flag(query: Query, name: string): boolean | undefined {
	const value = single(query, name);
	if (value === undefined) return undefined;
	if (value !== 'true' && value !== 'false') throw invalidFields({ [name]: 'Not a valid choice.' });
	return value === 'true';
}

/** @throws ErrorResponse 400 for what is no whole number, or below 0 */
export function wholeNumber(query: Query, name: string, otherwise: number): number {
	const value = single(query, name) ?? String(otherwise);
	if (!/^-?\d+$/.test(value))
		throw errorResponse(400, `${name} must be an integer (got "${value}" instead).`);
	if (Number(value) < 0)
		throw errorResponse(400, `${name} must be a non-negative integer (got "${value}" instead).`);
	return Number(value);
}

/** Only the fields that `_fields` names; all of them without it. */
export function picked(thing: object, query: Query): object {
	const fields = single(query, '_fields');
	if (fields === undefined) return thing;
	const wanted = new Set(fields.split(','));
	return Object.fromEntries(Object.entries(thing).filter(([name]) => wanted.has(name)));
}

/**
 * One page as Close answers it.
 *
 * @throws ErrorResponse 400 for a page that is too large or begins too deep
 */
export function page(things: object[], query: Query, maxSkip: number) {
	const limit = wholeNumber(query, '_limit', MAX_LIMIT);
	const skip = wholeNumber(query, '_skip', 0);
	if (limit > MAX_LIMIT)
		throw errorResponse(
			400,
			`The limit you set is larger than the maximum limit for this resource (max_limit = ${MAX_LIMIT}).`,
		);
	if (skip > maxSkip)
		throw errorResponse(
			400,
			`The skip you set is larger than the maximum skip for this resource (max_skip = ${maxSkip}). Please narrow your query.`,
		);
	const data = things.slice(skip, skip + limit).map((thing) => picked(thing, query));
	return { data, has_more: things.length > skip + limit };
}

/** What every list takes. */
export const PAGE_QUERY = ['_limit', '_skip', '_fields'];

/** `x-tz-offset` in hours; 0 without it. */
export const offsetHours = (headers: ReceivedRequest['headers']): number =>
	Number(headers['x-tz-offset'] ?? 0) || 0;
