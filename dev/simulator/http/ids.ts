import { randomBytes } from '../../platform';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** A new id in Close's shape, e.g. `acti_` and 43 letters and digits. */
export function newId(prefix: string, length = 43): string {
	let body = '';
	for (const byte of randomBytes(length)) body += ALPHABET[byte % ALPHABET.length];
	return `${prefix}_${body}`;
}
