import { isSmsEvent, type CloseEvent } from '../closeEvent';
import { isSignature, isSigned } from '../signature';
import { isRecord } from '../../shared/fieldValues';

/** A request to the webhook address, from whomever. */
export interface WebhookRequest {
	headers: Record<string, string | string[] | undefined>;
	/** The bytes as received; n8n has none for multipart forms. */
	body: Buffer | undefined;
}

/** How old the signature of a request may be. */
export interface AgeLimit {
	/** Seconds. */
	maxAge: number;
	/** Milliseconds since 1970. */
	now: number;
}

/** What a request must satisfy. */
interface VerifyOptions extends AgeLimit {
	subscriptionId: unknown;
	signatureKey: unknown;
}

/** The response to a request that Close did not make: HTTP status and a reason that helps nobody to forge one. */
interface Rejection {
	status: 400 | 401 | 413;
	reason: string;
}

export interface Delivery {
	rejection?: Rejection;
	/** Undefined when the event is not about an SMS. */
	event?: CloseEvent;
}

/** An SMS event has a few kilobytes; nothing that Close sends comes near this. */
const MAX_BODY_BYTES = 1024 * 1024;

const NOT_SIGNED: Delivery = {
	rejection: { status: 401, reason: 'Not signed by Close for this trigger' },
};
const TOO_LARGE: Delivery = { rejection: { status: 413, reason: 'Too large' } };
const NOT_JSON: Delivery = { rejection: { status: 400, reason: 'Not a JSON object' } };

function parseJsonObject(body: Buffer): Record<string, unknown> | undefined {
	try {
		const value: unknown = JSON.parse(body.toString());
		return isRecord(value) ? value : undefined;
	} catch {
		return undefined;
	}
}

const isRecent = (timestamp: unknown, { maxAge, now }: AgeLimit) =>
	Math.abs(now / 1000 - Number(timestamp)) <= maxAge;

const SUBSCRIPTION_ID = /^whsub_\w{1,60}$/;

/**
 * The subscription that a request names, if it looks like one of Close. Nothing is proved by it: anybody can write it.
 */
export function getNamedSubscription(
	{ headers, body = Buffer.alloc(0) }: WebhookRequest,
	limit: AgeLimit,
): string | undefined {
	const timestamp = headers['close-sig-timestamp'];
	const hasSignature = isSignature({ timestamp, hash: headers['close-sig-hash'] });
	if (!hasSignature || !isRecent(timestamp, limit) || body.length > MAX_BODY_BYTES)
		return undefined;
	const id = parseJsonObject(body)?.subscription_id;
	return typeof id === 'string' && SUBSCRIPTION_ID.test(id) ? id : undefined;
}

/** Reads a delivery after checking that Close made it for this subscription. */
export function verifyDelivery(
	{ headers, body = Buffer.alloc(0) }: WebhookRequest,
	{ subscriptionId, signatureKey, maxAge, now }: VerifyOptions,
): Delivery {
	if (body.length > MAX_BODY_BYTES) return TOO_LARGE;
	const timestamp = headers['close-sig-timestamp'];
	const hash = headers['close-sig-hash'];
	if (!isSigned({ key: signatureKey, timestamp, hash, body })) return NOT_SIGNED;
	if (!isRecent(timestamp, { maxAge, now })) return NOT_SIGNED;
	const delivery = parseJsonObject(body);
	if (!delivery) return NOT_JSON;
	if (delivery.subscription_id !== subscriptionId) return NOT_SIGNED;
	return isSmsEvent(delivery.event) ? { event: delivery.event } : {};
}
