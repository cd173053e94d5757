import type { ReceivedRequest } from '../types';

/** Some requests, by what they have; all of them when nothing is named. */
export interface FaultMatch {
	method?: string;
	/** regular expression, or its source, for the path below /api/v1 */
	path?: string | RegExp;
	/** a piece of the raw body, or fields that the body must have with these values */
	bodyHas?: string | Record<string, unknown>;
}

function bodyFits(wanted: FaultMatch['bodyHas'], { body, rawBody }: ReceivedRequest): boolean {
	if (wanted === undefined) return true;
	if (typeof wanted === 'string') return rawBody?.includes(wanted) ?? false;
	const given = (body ?? {}) as Record<string, unknown>;
	return Object.entries(wanted).every(([name, value]) => given[name] === value);
}

/** Whether it is one of these requests. */
export function fits({ method, path, bodyHas }: FaultMatch, request: ReceivedRequest): boolean {
	if (method !== undefined && method !== request.method) return false;
	if (path !== undefined && !new RegExp(path).test(request.path)) return false;
	return bodyFits(bodyHas, request);
}
