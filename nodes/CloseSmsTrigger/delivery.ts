import { isSmsEvent, type CloseEvent } from './closeEvent';
import { isSigned } from './signature';

/** A call of the webhook address, by whomever. */
export interface Call {
	headers: Record<string, string | string[] | undefined>;
	/** The bytes as they came; n8n has none of multipart forms. */
	body: Buffer | undefined;
}

/** What a call must fit. */
export interface Expected {
	subscriptionId: unknown;
	signatureKey: unknown;
	/** How old the signature may be, in seconds. */
	maxAge: number;
	/** Milliseconds since 1970. */
	now: number;
}

/** The answer to a call that is none of Close's: HTTP status and a reason that helps nobody to forge one. */
export interface Refusal {
	status: 400 | 401 | 413;
	reason: string;
}

export interface Delivery {
	refusal?: Refusal;
	/** None when Close tells of something else than an SMS. */
	event?: CloseEvent;
}

/** An SMS event is a few kilobytes; nothing that Close sends comes near this. */
const LARGEST_BODY = 1024 * 1024;

const NOT_CLOSE: Delivery = {
	refusal: { status: 401, reason: 'Not signed by Close for this trigger' },
};
const TOO_LARGE: Delivery = { refusal: { status: 413, reason: 'Too large' } };
const NO_JSON: Delivery = { refusal: { status: 400, reason: 'Not a JSON object' } };

function parsed(body: Buffer): { subscription_id?: unknown; event?: unknown } | undefined {
	try {
		const value: unknown = JSON.parse(body.toString());
		return typeof value === 'object' && value !== null ? value : undefined;
	} catch {
		return undefined;
	}
}

/** Reads a delivery, once it is sure that Close made it for this subscription. */
export function readDelivery(
	{ headers, body = Buffer.alloc(0) }: Call,
	{ subscriptionId, signatureKey, maxAge, now }: Expected,
): Delivery {
	if (body.length > LARGEST_BODY) return TOO_LARGE;
	const timestamp = headers['close-sig-timestamp'];
	const hash = headers['close-sig-hash'];
	if (!isSigned({ key: signatureKey, timestamp, hash, body })) return NOT_CLOSE;
	if (Math.abs(now / 1000 - Number(timestamp)) > maxAge) return NOT_CLOSE;
	const delivery = parsed(body);
	if (!delivery) return NO_JSON;
	if (delivery.subscription_id !== subscriptionId) return NOT_CLOSE;
	return isSmsEvent(delivery.event) ? { event: delivery.event } : {};
}
