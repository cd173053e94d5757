import type { ILoadOptionsFunctions } from 'n8n-workflow';
import { closeApiRequest } from '../../shared/closeApiRequest';
import { getContactsOf, idQuery, searchBody } from '../../shared/contactSearch';
import { toWords } from './excerpt';

/**
 * The names of contacts or leads, by ID, with one search for all of them. It is sent once: without names a list is of use
 * too, and must not wait for Close's limit of searches.
 */
export async function readNames(
	context: ILoadOptionsFunctions,
	type: 'contact' | 'lead',
	given: unknown[],
): Promise<Map<string, string>> {
	const ids = [...new Set(given.flatMap((id) => (id ? [String(id)] : [])))];
	if (ids.length === 0) return new Map();
	const { body } = await closeApiRequest<{ data?: unknown }>(context, {
		method: 'POST',
		url: '/data/search/',
		body: searchBody(type, idQuery(ids), ['id', 'display_name'], ids.length),
		maxAttempts: 1,
	});
	return new Map(
		getContactsOf(body?.data).map(({ id, display_name: name }) => [id, toWords(name)]),
	);
}
