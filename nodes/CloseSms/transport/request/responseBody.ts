import type { IDataObject } from 'n8n-workflow';
import { isId, isRecord } from '../../../shared/fieldValues';
import type { RequestKind } from '../../../shared/retryPolicy';

/** The path of a collection of Close, or of one thing in it. */
const COLLECTION_PATH = /^\/(?:activity\/sms|contact|lead|sms_template)\/(?:([^/]+)\/)?$/;

const isEmpty = (body: unknown) =>
	!body || (typeof body === 'object' && Object.keys(body).length === 0);

/**
 * What keeps the body of a response from being one, whatever its status: a maintenance page, a truncated body or one
 * about something else says nothing about what became of a request.
 *
 * @param url path of the request
 * @param qs query of the request; with `_fields` Close may leave the ID out
 * @returns for a person, e.g. "an empty response"; undefined when nothing is wrong
 */
export function findBodyError(
	kind: RequestKind,
	{ url = '', qs }: { url?: string; qs?: IDataObject },
	body: unknown,
): string | undefined {
	if (isEmpty(body)) return kind === 'delete' ? undefined : 'an empty response';
	if (typeof body !== 'object') return 'a response that is not JSON';
	if (!isRecord(body)) return 'a response about something else';
	if (kind === 'upload') return undefined;
	const [path, id] = COLLECTION_PATH.exec(url) ?? [];
	if (id) {
		if (qs?._fields !== undefined && !('id' in body)) return undefined;
		return body.id === id ? undefined : 'a response about something else';
	}
	if (kind === 'read')
		return !path || Array.isArray(body.data) ? undefined : 'a response without a list';
	return isId(body.id) ? undefined : 'a response without an ID';
}
