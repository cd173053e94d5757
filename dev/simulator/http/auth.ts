import { ErrorResponse, errorResponse } from './errors';
import type { Caller } from '../types';
import type { State } from '../state';

const UNAUTHORIZED = () => errorResponse(401, 'Unauthorized');

function basic(encoded: string, state: State): Caller | undefined {
	const [key, password, ...more] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
	if (password !== '' || more.length > 0) return undefined;
	return state.callers.get(key);
}

/** Basic = API key and empty password; Bearer = OAuth token, never an API key. @throws ErrorResponse 401 */
export function authenticate(authorization: string | undefined, state: State): Caller {
	const [scheme, credential] = (authorization ?? '').split(' ');
	const caller =
		scheme.toLowerCase() === 'basic'
			? basic(credential ?? '', state)
			: scheme.toLowerCase() === 'bearer'
				? state.tokenHolder(credential ?? '')
				: undefined;
	if (!caller) throw UNAUTHORIZED();
	return caller;
}

/** @throws ErrorResponse 401 or 403 for a caller who may not touch texts */
export function checkPermission(caller: Caller, path: string): void {
	if (caller.sms === 'allowed' || !path.startsWith('/activity/sms/')) return;
	throw caller.sms === 401
		? UNAUTHORIZED()
		: new ErrorResponse(403, { error: 'You do not have permission to perform this action.' });
}
