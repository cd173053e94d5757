import type { JsonObject } from './jsonObject';

/** At most so many requests that can text the number of `--text-me` leave, unless `--max-texts` says otherwise. */
export const DEFAULT_MAX_TEXTS = 3;
/** So many requests of the texting expectations can text, each of them once. */
export const MAX_TEXTS = 6;

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

interface GuardOptions {
	/** a number that is reserved for fiction; undefined if there is none */
	fictionalNumber?: string;
	/** the number of `--text-me` */
	textMe?: string;
	maxTexts?: number;
	/** milliseconds since 1970 */
	now?: () => number;
}

const SMS_PATH = /^\/activity\/sms\/(?:([^/]+)\/)?$/;

/** A number as it is compared: Close may write it with blanks. */
const digits = (phone: unknown) =>
	typeof phone === 'string' ? phone.replace(/[^+\d]/g, '') : undefined;

/**
 * Looks at every request before it leaves. What could text somebody now or soon passes only for the one number that its
 * owner gave, and only so many times. Everything else that is to go out must be for a number that nobody has, and far in
 * the future; a text that is only logged must be from or to such a number too.
 */
export class SendGuard {
	/** How many requests that can text somebody have left. What came back does not matter: it may be wrong. */
	requestsThatCanText = 0;
	/** texts of the run that Close has shown as sent */
	private readonly sent = new Set<string>();
	/** by ID of an SMS */
	private readonly recipients = new Map<string, unknown>();

	constructor(private readonly options: GuardOptions) {}

	/** How many texts Close has shown as sent to the number of `--text-me`. */
	get textsShownAsSent(): number {
		return this.sent.size;
	}

	get maxTexts(): number {
		return this.options.maxTexts ?? DEFAULT_MAX_TEXTS;
	}

	/**
	 * @returns whether it can text somebody: then it must be sent once, whatever comes back
	 * @throws {ForbiddenRequest} when it could text somebody who is not to be texted
	 * @throws {NoTextLeft} when all texts have been used
	 */
	pass({ method, path, body = {} }: Write): boolean {
		const [, id] = SMS_PATH.exec(path) ?? [];
		const isSms = SMS_PATH.test(path);
		if (!isSms || (method !== 'POST' && method !== 'PUT')) return false;
		const { status, date_scheduled: date } = body;
		if (status === undefined || status === 'draft') return false;
		const recipient = 'remote_phone' in body ? body.remote_phone : this.recipients.get(id ?? '');
		if (this.isFictional(recipient) && this.textsNobody(method, status, date)) return false;
		const canText = status === 'scheduled' || status === 'outbox';
		if (!canText || !this.isOwn(recipient))
			throw new ForbiddenRequest(`${method} ${path} with status ${String(status)} was not sent`);
		if (this.requestsThatCanText >= this.maxTexts) throw new NoTextLeft();
		this.requestsThatCanText++;
		return true;
	}

	/** Remembers whom an SMS is for, and whether it went out, as Close shows it. */
	learn(body: JsonObject): void {
		if (typeof body.id !== 'string') return;
		if ('remote_phone' in body) this.recipients.set(body.id, body.remote_phone);
		if (body.status === 'sent' && this.isOwn(this.recipients.get(body.id))) this.sent.add(body.id);
	}

	/** Whether it texts nobody, given that nobody has the number: next year, or only logged (Close: "Create an SMS activity"). */
	private textsNobody(method: string, status: unknown, date: unknown): boolean {
		const now = this.options.now?.() ?? Date.now();
		if (status === 'scheduled') return Date.parse(String(date)) - now > FAR;
		return method === 'POST' && (status === 'sent' || status === 'inbox');
	}

	private isOwn(recipient: unknown): boolean {
		const { textMe } = this.options;
		return textMe !== undefined && digits(recipient) === digits(textMe);
	}

	private isFictional(recipient: unknown): boolean {
		const { fictionalNumber } = this.options;
		return (
			recipient === null ||
			(fictionalNumber !== undefined && digits(recipient) === digits(fictionalNumber))
		);
	}
}
