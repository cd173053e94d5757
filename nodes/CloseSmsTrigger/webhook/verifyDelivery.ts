import { isSmsEvent, type CloseEvent } from './closeEvent';
import { isSigned } from './signature';

/** A request to the webhook address, from whomever. */
interface WebhookRequest {
	headers: Record<string, string | string[] | undefined>;
	/** The bytes as received; n8n has none for multipart forms. */
	body: Buffer | undefined;
}

/** What a request must satisfy. */
interface VerifyOptions {
	subscriptionId: unknown;
	signatureKey: unknown;
	/** How old the signature may be, in seconds. */
	maxAge: number;
	/** Milliseconds since 1970. */
	now: number;
}

/** The response to a request that Close did not make: HTTP status and a reason that helps nobody to forge one. */
interface Rejection {
	status: 400 | 401 | 413;
	reason: string;
}

interface Delivery {
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

function parseJsonObject(body: Buffer): { subscription_id?: unknown; event?: unknown } | undefined {
	try {
		const value: unknown = JSON.parse(body.toString());
		return typeof value === 'object' && value !== null ? value : undefined;
	} catch {
		return undefined;
	}
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
	const isRecent = Math.abs(now / 1000 - Number(timestamp)) <= maxAge;
	if (!isRecent) return NOT_SIGNED;
	const delivery = parseJsonObject(body);
	if (!delivery) return NOT_JSON;
	if (delivery.subscription_id !== subscriptionId) return NOT_SIGNED;
	return isSmsEvent(delivery.event) ? { event: delivery.event } : {};
}
