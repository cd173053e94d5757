import { Refusal, refuse } from './answers';
import type { Caller } from './types';
import type { World } from './world';

const UNAUTHORIZED = () => refuse(401, 'Unauthorized');

function basic(encoded: string, world: World): Caller | undefined {
	const [key, password, ...more] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
	if (password !== '' || more.length > 0) return undefined;
	return world.callers.get(key);
}

/** Basic = API key and empty password; Bearer = OAuth token, never an API key. @throws Refusal 401 */
export function authenticate(authorization: string | undefined, world: World): Caller {
	const [scheme, credential] = (authorization ?? '').split(' ');
	const caller =
		scheme.toLowerCase() === 'basic'
			? basic(credential ?? '', world)
			: scheme.toLowerCase() === 'bearer'
				? world.tokenHolder(credential ?? '')
				: undefined;
	if (!caller) throw UNAUTHORIZED();
	return caller;
}

/** @throws Refusal 401 or 403 for a caller who may not touch texts */
export function checkPermission(caller: Caller, path: string): void {
	if (caller.sms === 'allowed' || !path.startsWith('/activity/sms/')) return;
	throw caller.sms === 401
		? UNAUTHORIZED()
		: new Refusal(403, { error: 'You do not have permission to perform this action.' });
}
