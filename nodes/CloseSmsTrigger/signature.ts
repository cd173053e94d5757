import { createHmac, timingSafeEqual } from 'node:crypto';

/** A delivery with its signature, and the key of the subscription. */
interface SignedBody {
	/** `signature_key`: 64 hex characters */
	key: unknown;
	/** header `close-sig-timestamp`: Unix seconds */
	timestamp: unknown;
	/** header `close-sig-hash`: 64 lower-case hex characters */
	hash: unknown;
	/** The bytes as received: JSON that is serialized again may differ. */
	body: Buffer;
}

/** An empty or short key would let anybody in. */
const KEY = /^(?:[0-9a-f]{2}){32,}$/i;
const TIMESTAMP = /^\d{1,15}$/;
const HASH = /^[0-9a-f]{64}$/;

const isMatch = (pattern: RegExp, value: unknown): value is string =>
	typeof value === 'string' && pattern.test(value);

/** Whether a value can be a subscription's `signature_key`. */
export const isSignatureKey = (value: unknown): value is string => isMatch(KEY, value);

/** Whether two headers can be a signature; whose, they do not tell. */
export const isSignature = ({ timestamp, hash }: Pick<SignedBody, 'timestamp' | 'hash'>): boolean =>
	isMatch(TIMESTAMP, timestamp) && isMatch(HASH, hash);

/**
 * Whether a delivery was signed with this key: HMAC-SHA256, keyed with the decoded key, over the timestamp and,
 * directly behind it, the body (Close: "Webhooks", signature). Compared in constant time. Never throws.
 */
export function isSigned({ key, timestamp, hash, body }: SignedBody): boolean {
	if (!isSignatureKey(key) || !isMatch(TIMESTAMP, timestamp) || !isMatch(HASH, hash)) return false;
	const expected = createHmac('sha256', Buffer.from(key, 'hex'))
		.update(timestamp)
		.update(body)
		.digest();
	return timingSafeEqual(Buffer.from(hash, 'hex'), expected);
}
