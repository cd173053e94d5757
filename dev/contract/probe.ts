import type { CloseClient, Exchange } from './closeClient';
import { Difference, expectStatus, NotTried } from './expect';
import { finding } from './finding';
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

/** The lead of a run, with a contact that has the number that nobody has. */
export interface OwnLead {
	id: string;
	contactId: string;
}

type Query = Record<string, string | number>;

const DAY = 24 * 3_600_000;

export interface ProbeOptions {
	client: CloseClient;
	organization: Organization;
	lead: OwnLead;
	/** contained in everything that is made */
	marker: string;
	/** the number of `--text-me` */
	textMe?: string;
	/** the end of `--webhook` */
	receiver?: Receiver;
	/** whether `--exceed-limit` was given */
	mayExceedLimit?: boolean;
	/** milliseconds */
	wait: (ms: number) => Promise<unknown>;
	/** how a file is sent to Close's storage */
	store: (url: string, fields: Record<string, string>, content: string) => Promise<StoreAnswer>;
}

export interface StoreAnswer {
	status: number;
	body: string;
}

/** What a check of an expectation works with. */
export class Probe {
	private words = 0;

	constructor(private readonly options: ProbeOptions) {}

	get organization(): Organization {
		return this.options.organization;
	}
	get lead(): OwnLead {
		return this.options.lead;
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

	get = async (path: string, query?: Query): Promise<Exchange> =>
		await this.client.request({ method: 'GET', path, query });
	post = async (path: string, body: JsonObject): Promise<Exchange> =>
		await this.client.request({ method: 'POST', path, body });
	put = async (path: string, body: JsonObject): Promise<Exchange> =>
		await this.client.request({ method: 'PUT', path, body });
	delete = async (path: string): Promise<Exchange> =>
		await this.client.request({ method: 'DELETE', path });

	wait = async (ms: number): Promise<void> => void (await this.options.wait(ms));

	/** Waits until there is something, or the time is over. Asks every second, at the least once. */
	async until<T>(ms: number, look: () => Promise<T | undefined>): Promise<T | undefined> {
		for (let waited = 0; ; waited += 1_000) {
			const found = await look();
			if (found !== undefined || waited >= ms) return found;
			await this.wait(1_000);
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
		const { sender } = this.organization;
		if (!sender) throw new NotTried(finding`the organization has no number that can send SMS`);
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
		return receiver;
	}

	/** @throws NotTried without `--exceed-limit` */
	requireExceedingLimit(): void {
		if (!this.options.mayExceedLimit)
			throw new NotTried(
				finding`it makes Close refuse requests of this key for some seconds: --exceed-limit`,
			);
	}

	/** A draft on the run's own lead. @throws Difference when Close makes none */
	async draft(fields: JsonObject = {}): Promise<Sms> {
		const answer = await this.post('/activity/sms/', {
			status: 'draft',
			lead_id: this.lead.id,
			contact_id: this.lead.contactId,
			text: this.newText(),
			...fields,
		});
		return readSms(answer);
	}

	/** A draft that could be scheduled. */
	draftToFictionalNumber = async (fields: JsonObject = {}): Promise<Sms> =>
		await this.draft({ local_phone: this.sender, remote_phone: this.fictionalNumber, ...fields });

	/**
	 * A text that is scheduled for this date (next year unless given), by an update of a draft or else made as such.
	 *
	 * @throws NotTried when Close does neither
	 */
	async scheduled(date = this.nextYear()): Promise<Sms> {
		const draft = await this.draftToFictionalNumber();
		const answer = await this.schedule(draft.id, date);
		const updated = answer.status === 200 ? readSms(answer) : undefined;
		if (updated?.status === 'scheduled' && updated.date_scheduled) return updated;
		const { text, local_phone, remote_phone, lead_id } = draft;
		const fields = { text, local_phone, remote_phone, lead_id, date_scheduled: date };
		const other = await this.post('/activity/sms/', { status: 'scheduled', ...fields });
		const made = other.status === 200 ? readSms(other) : undefined;
		if (made?.status === 'scheduled' && made.date_scheduled) return made;
		throw new NotTried(finding`no text could be scheduled`);
	}

	schedule = async (id: string, date: string) =>
		await this.put(smsPath(id), { status: 'scheduled', date_scheduled: date });

	read = async (id: string): Promise<Sms> => readSms(await this.get(smsPath(id)));
}

export const smsPath = (id: string) => `/activity/sms/${id}/`;

/** @throws Difference unless it is an SMS */
export function readSms(answer: Exchange): Sms {
	expectStatus(answer, 200);
	const sms = answer.body as Sms | undefined;
	if (typeof sms?.id !== 'string' || typeof sms.status !== 'string')
		throw new Difference(finding`${answer.method} was answered without an SMS`);
	return sms;
}

/** Whether two dates are the same second. */
export const isSameTime = (one: unknown, other: unknown) =>
	Math.floor(Date.parse(String(one)) / 1000) === Math.floor(Date.parse(String(other)) / 1000);
