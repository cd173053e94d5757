import { isSmsEvent, type CloseEvent } from './closeEvent';
import { isSigned } from './signature';

/** A call of the webhook address, by whomever. */
export interface WebhookRequest {
	headers: Record<string, string | string[] | undefined>;
	/** The bytes as they came; n8n has none of multipart forms. */
	body: Buffer | undefined;
}

/** What a call must fit. */
export interface VerifyOptions {
	subscriptionId: unknown;
	signatureKey: unknown;
	/** How old the signature may be, in seconds. */
	maxAge: number;
	/** Milliseconds since 1970. */
	now: number;
}

/** The answer to a call that is none of Close's: HTTP status and a reason that helps nobody to forge one. */
export interface Rejection {
	status: 400 | 401 | 413;
	reason: string;
}

export interface Delivery {
	rejection?: Rejection;
	/** None when Close tells of something else than an SMS. */
	event?: CloseEvent;
}

/** An SMS event is a few kilobytes; nothing that Close sends comes near this. */
const MAX_BODY_BYTES = 1024 * 1024;

const NOT_SIGNED: Delivery = {
	rejection: { status: 401, reason: 'Not signed by Close for this trigger' },
};
const TOO_LARGE: Delivery = { rejection: { status: 413, reason: 'Too large' } };
const NOT_JSON: Delivery = { rejection: { status: 400, reason: 'Not a JSON object' } };

function parseJsonObject(body: Buffer): { subscription_id?: unknown; event?: unknown } | undefined {
	try {
		const value: unknown = JSON.parse(body.toString());
		return typeof value === 'object' && value !== null ? value : undefined;
	} catch {
		return undefined;
	}
}

/** Reads a delivery, once it is sure that Close made it for this subscription. */
export function verifyDelivery(
	{ headers, body = Buffer.alloc(0) }: WebhookRequest,
	{ subscriptionId, signatureKey, maxAge, now }: VerifyOptions,
): Delivery {
	if (body.length > MAX_BODY_BYTES) return TOO_LARGE;
	const timestamp = headers['close-sig-timestamp'];
	const hash = headers['close-sig-hash'];
	if (!isSigned({ key: signatureKey, timestamp, hash, body })) return NOT_SIGNED;
	if (Math.abs(now / 1000 - Number(timestamp)) > maxAge) return NOT_SIGNED;
	const delivery = parseJsonObject(body);
	if (!delivery) return NOT_JSON;
	if (delivery.subscription_id !== subscriptionId) return NOT_SIGNED;
	return isSmsEvent(delivery.event) ? { event: delivery.event } : {};
}
