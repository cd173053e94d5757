import type { JsonObject } from './jsonObject';

/** At most so many texts may reach the number of `--text-me`, whatever goes wrong. */
export const MAX_TEXTS = 3;

/** Nothing is scheduled for earlier than so many days from now, in milliseconds. */
const FAR = 180 * 24 * 3_600_000;

/** Thrown instead of sending a request that could text somebody. It is a mistake of this program. */
export class ForbiddenRequest extends Error {}

/** Thrown when a text more is wanted than may be sent. */
export class NoTextLeft extends Error {}

interface Write {
	method: string;
	path: string;
	body?: JsonObject;
}

const SMS_PATH = /^\/activity\/sms\/(?:([^/]+)\/)?$/;

/**
 * Looks at every request before it goes out. What could text somebody now or soon passes only for the one number that
 * its owner gave, and only three times; everything else that is to go out must be for a number that nobody has, far in
 * the future.
 */
export class SendGuard {
	/** how many texts may have gone out */
	texts = 0;
	/** by ID of an SMS */
	private readonly recipients = new Map<string, unknown>();

	/**
	 * @param fictionalNumber a number that is reserved for fiction; undefined if there is none
	 * @param textMe the number of `--text-me`
	 */
	constructor(
		private readonly fictionalNumber: string | undefined,
		private readonly textMe: string | undefined,
		private readonly now: () => number = Date.now,
	) {}

	/**
	 * @returns to be called once Close has refused it: a text that was counted did not go out
	 * @throws {ForbiddenRequest} when it could text somebody who is not to be texted
	 * @throws {NoTextLeft} when all texts have been used
	 */
	pass({ method, path, body = {} }: Write): (() => void) | undefined {
		const [, id] = SMS_PATH.exec(path) ?? [];
		const isSms = SMS_PATH.test(path);
		if (!isSms || (method !== 'POST' && method !== 'PUT')) return undefined;
		const { status, date_scheduled: date } = body;
		if (status === undefined || status === 'draft') return undefined;
		const recipient = 'remote_phone' in body ? body.remote_phone : this.recipients.get(id ?? '');
		const isFar = Date.parse(String(date)) - this.now() > FAR;
		if (status === 'scheduled' && isFar && this.isFictional(recipient)) return undefined;
		const isForOwner = this.textMe !== undefined && recipient === this.textMe;
		const canText = status === 'scheduled' || status === 'outbox';
		if (!canText || !isForOwner)
			throw new ForbiddenRequest(`${method} ${path} with status ${String(status)} was not sent`);
		if (this.texts >= MAX_TEXTS) throw new NoTextLeft();
		this.texts++;
		return () => void this.texts--;
	}

	/** Remembers whom an SMS is for, as Close shows it. */
	learn(body: JsonObject): void {
		if (typeof body.id === 'string' && 'remote_phone' in body)
			this.recipients.set(body.id, body.remote_phone);
	}

	private isFictional(recipient: unknown): boolean {
		return (
			recipient === null ||
			(this.fictionalNumber !== undefined && recipient === this.fictionalNumber)
		);
	}
}
