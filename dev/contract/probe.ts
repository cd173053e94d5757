import type { CloseClient, Exchange, Request } from './closeClient';
import { expectSuccess, isSuccess, NotTried, requireSuccess } from './expect';
import { finding, type Finding } from './finding';
import type { JsonObject } from './jsonObject';
import type { Organization } from './organization';
import type { Receiver } from './receiver';

/** An SMS as Close shows it. */
export interface Sms extends JsonObject {
	id: string;
	status: string;
	text: string | null;
	date_created: string;
	date_updated: string;
	date_scheduled: string | null;
	date_sent: string | null;
	remote_phone: string | null;
}

/** The lead of a run. */
export interface OwnLead {
	id: string;
	/** of its contact; or why there is none */
	contactId: string | Finding;
	/** whether the contact has the number that nobody has */
	hasNumber: boolean;
}

type Query = Record<string, string | number>;

const DAY = 24 * 3_600_000;

export interface ProbeOptions {
	client: CloseClient;
	organization: Organization;
	/** or why there is none */
	lead: OwnLead | Finding;
	/** contained in everything that is made */
	marker: string;
	/** the number of `--text-me` */
	textMe?: string;
	/** the end of `--webhook`, or why there is none */
	receiver?: Receiver | Finding;
	/** whether `--exceed-limit` was given */
	mayExceedLimit?: boolean;
	/** an OAuth access token of the same user, from CLOSE_ACCESS_TOKEN */
	accessToken?: string;
	/** the part of the key before the dot, which is no secret */
	apiKeyId: string;
	/** milliseconds */
	wait: (ms: number, reason: string) => Promise<unknown>;
	/** how a file is sent to Close's storage */
	store: (url: string, fields: Record<string, string>, content: string) => Promise<StoreAnswer>;
}

export interface StoreAnswer {
	status: number;
	body: string;
}

const isFinding = (value: object): value is Finding => 'parts' in value;

/** What a check of an expectation works with. */
export class Probe {
	private words = 0;

	constructor(private readonly options: ProbeOptions) {}

	get organization(): Organization {
		return this.options.organization;
	}
	get marker(): string {
		return this.options.marker;
	}
	get client(): CloseClient {
		return this.options.client;
	}
	get store(): ProbeOptions['store'] {
		return this.options.store;
	}
	get apiKeyId(): string {
		return this.options.apiKeyId;
	}

	/** The ID of the run's own lead. @throws NotTried when there is none */
	get leadId(): string {
		const { lead } = this.options;
		if (isFinding(lead)) throw new NotTried(lead);
		return lead.id;
	}

	/** The ID of its contact. @throws NotTried when there is none */
	get contactId(): string {
		const { lead } = this.options;
		if (isFinding(lead)) throw new NotTried(lead);
		if (typeof lead.contactId !== 'string') throw new NotTried(lead.contactId);
		return lead.contactId;
	}

	/** The ID of its contact, which has the number that nobody has. @throws NotTried when there is none */
	get contactWithNumber(): string {
		const { lead } = this.options;
		if (!isFinding(lead) && !lead.hasNumber)
			throw new NotTried(finding`the contact of the check could not be given a number`);
		return this.contactId;
	}

	get = async (path: string, query?: Query): Promise<Exchange> =>
		await this.client.request({ method: 'GET', path, query });
	post = async (
		path: string,
		body: JsonObject,
		more: Pick<Request, 'query' | 'headers'> = {},
	): Promise<Exchange> => await this.client.request({ method: 'POST', path, body, ...more });
	put = async (path: string, body: JsonObject, headers?: Request['headers']): Promise<Exchange> =>
		await this.client.request({ method: 'PUT', path, body, headers });
	delete = async (path: string): Promise<Exchange> =>
		await this.client.request({ method: 'DELETE', path });

	wait = async (ms: number, reason: string): Promise<void> =>
		void (await this.options.wait(ms, reason));

	/** Waits until there is something, or the time is over. Asks every second, at the least once. */
	async until<T>(
		ms: number,
		reason: string,
		look: () => Promise<T | undefined>,
	): Promise<T | undefined> {
		for (let waited = 0; ; waited += 1_000) {
			const found = await look();
			if (found !== undefined || waited >= ms) return found;
			await this.wait(1_000, reason);
		}
	}

	/** Words for a new text, other ones each time. */
	newText = () => `${this.marker} check ${++this.words}`;

	/** A time next year, as the node writes it; a day later for each `day`. */
	nextYear(day = 0): string {
		const year = new Date().getUTCFullYear() + 1;
		const time = Date.UTC(year, 9, 1, 9, 30) + day * DAY;
		return new Date(time).toISOString().replace('.000Z', 'Z');
	}

	/** The number of the organization to text from. @throws NotTried if it has none */
	get sender(): string {
		const { sender, noSender } = this.organization;
		if (!sender)
			throw new NotTried(noSender ?? finding`the organization has no number that can send SMS`);
		return sender;
	}

	/** A number that nobody has. @throws NotTried if none is known for the country of the sender */
	get fictionalNumber(): string {
		const { fictionalNumber } = this.organization;
		if (this.sender && !fictionalNumber)
			throw new NotTried(finding`no number is known that nobody has in the country of the sender`);
		return fictionalNumber!;
	}

	/** @throws NotTried without `--text-me` */
	get ownPhone(): string {
		const { textMe } = this.options;
		if (!textMe) throw new NotTried(finding`it needs a real text: --text-me`);
		return textMe;
	}

	/** @throws NotTried without `--webhook` */
	get receiver(): Receiver {
		const { receiver } = this.options;
		if (!receiver) throw new NotTried(finding`it needs an address that Close can reach: --webhook`);
		if (isFinding(receiver)) throw new NotTried(receiver);
		return receiver;
	}

	/** @throws NotTried without CLOSE_ACCESS_TOKEN */
	get accessToken(): string {
		const { accessToken } = this.options;
		if (!accessToken)
			throw new NotTried(finding`it needs an OAuth access token: CLOSE_ACCESS_TOKEN`);
		return accessToken;
	}

	/** @throws NotTried without `--exceed-limit` */
	requireExceedingLimit(): void {
		if (!this.options.mayExceedLimit)
			throw new NotTried(
				finding`it makes Close refuse requests of this key for some seconds: --exceed-limit`,
			);
	}

	/** The ID of a user who is not that of the key. @throws NotTried when there is none */
	async otherUser(): Promise<string> {
		const { body } = await this.get('/user/', { _limit: 100 });
		const { data } = (body ?? {}) as { data?: Array<{ id: string }> };
		const other = data?.find(({ id }) => id !== this.organization.userId);
		if (!other) throw new NotTried(finding`the organization has only one user`);
		return other.id;
	}

	/** What Close answers when a draft on the run's own lead is to be made. */
	async postDraft(fields: JsonObject = {}): Promise<Exchange> {
		const { lead } = this.options;
		const contactId = isFinding(lead) ? undefined : lead.contactId;
		return await this.post('/activity/sms/', {
			status: 'draft',
			lead_id: this.leadId,
			...(typeof contactId === 'string' && { contact_id: contactId }),
			text: this.newText(),
			...fields,
		});
	}

	/** A draft on the run's own lead. @throws NotTried when Close makes none */
	async draft(fields: JsonObject = {}): Promise<Sms> {
		const answer = await this.postDraft(fields);
		requireSuccess(answer, finding`no draft could be made`);
		return requireSms(answer);
	}

	/** A draft that could be scheduled. @throws NotTried when Close makes none */
	draftToFictionalNumber = async (fields: JsonObject = {}): Promise<Sms> =>
		await this.draft({ local_phone: this.sender, remote_phone: this.fictionalNumber, ...fields });

	/**
	 * A text that is scheduled for this date (next year unless given), by an update of a draft or else made as such.
	 *
	 * @throws NotTried when Close does neither
	 */
	async scheduled(date = this.nextYear()): Promise<Sms> {
		const draft = await this.draftToFictionalNumber();
		const isScheduled = (answer: Exchange) => {
			const sms = answer.body as Partial<Sms> | undefined;
			return isSuccess(answer) && sms?.status === 'scheduled' && !!sms.date_scheduled;
		};
		const answer = await this.schedule(draft.id, date);
		if (isScheduled(answer)) return requireSms(answer);
		const { text, local_phone, remote_phone, lead_id } = draft;
		const fields = { text, local_phone, remote_phone, lead_id, date_scheduled: date };
		const other = await this.post('/activity/sms/', { status: 'scheduled', ...fields });
		if (isScheduled(other)) return requireSms(other);
		requireSuccess(other, finding`no text could be scheduled`);
		throw new NotTried(finding`no text could be scheduled`);
	}

	schedule = async (id: string, date: string) =>
		await this.put(smsPath(id), { status: 'scheduled', date_scheduled: date });

	read = async (id: string): Promise<Sms> => readSms(await this.get(smsPath(id)));
}

export const smsPath = (id: string) => `/activity/sms/${id}/`;

export const isSms = (body: unknown): body is Sms =>
	typeof body === 'object' &&
	body !== null &&
	typeof (body as Sms).id === 'string' &&
	typeof (body as Sms).status === 'string';

/** @throws NotTried unless the body is an SMS */
function requireSms({ method, body }: Exchange): Sms {
	if (!isSms(body)) throw new NotTried(finding`${method} was answered without an SMS`);
	return body;
}

/**
 * The SMS in an answer; that Close answers with one is an expectation of its own.
 *
 * @throws Difference unless Close did it; with which status does not matter
 * @throws NotTried when it did not answer with the SMS
 */
export function readSms(answer: Exchange): Sms {
	expectSuccess(answer);
	return requireSms(answer);
}

/** Milliseconds since 1970; a date without offset is taken as UTC. */
export const toMs = (date: unknown): number => {
	const text = String(date);
	return Date.parse(/(Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`);
};

/** Whether two dates are the same second. */
export const isSameTime = (one: unknown, other: unknown) =>
	Math.floor(toMs(one) / 1000) === Math.floor(toMs(other) / 1000);
