import type { IDataObject } from 'n8n-workflow';
import { ItemFailure } from '../../nodes/shared/errors/itemFailure';
import type {
	CloseResponse,
	RoutingRequest,
	Send,
} from '../../nodes/CloseSms/transport/request/operationHandler';
import { fakeResponse } from './fakeContext';

/** An error as the transport makes of a response of Close. */
export const apiError = (httpCode = '400', words = 'No.') =>
	new ItemFailure({
		what: 'Close refused this',
		words,
		httpCode,
		outcome: 'notDone',
		itemIndex: 0,
	});

type Step = (request: RoutingRequest) => CloseResponse | Promise<CloseResponse>;

/**
 * What a handler sends, and Close's texts as a plain list: no limits, no faults but those a test orders. A text that
 * goes out is sent at once.
 */
export class FakeClose {
	/** Newest last. */
	readonly texts: IDataObject[] = [];
	/** Whoever a search finds. */
	readonly contacts: IDataObject[] = [];
	/** E.g. `PUT acti_1 {"status":"outbox"}`. */
	readonly requests: string[] = [];
	/** Whether the transport was told that a request leads to a text. */
	readonly leadingToText: string[] = [];
	/** What happens in place of the next requests of a kind, e.g. `PUT`, in turn; undefined: what always does. */
	readonly instead: Record<string, Array<Step | undefined>> = {};

	add(text: IDataObject = {}): IDataObject & { id: string } {
		const created = {
			id: `acti_${this.texts.length + 1}`,
			status: 'draft',
			direction: 'outbound',
			text: 'Hi',
			remote_phone: '+14155550177',
			date_created: new Date().toISOString(),
			...text,
		};
		this.texts.push(created);
		return created;
	}

	readonly send: Send = async (request) => {
		const { method = 'GET', url = '', body } = request.options;
		const [, id] = /\/activity\/sms\/(.+)\/$/.exec(url) ?? [];
		const isWrite = method === 'POST' || method === 'PUT';
		const isSearch = url === '/data/search/';
		const name = isSearch
			? 'SEARCH'
			: [method, id, isWrite && JSON.stringify(body)].filter(Boolean).join(' ');
		this.requests.push(name);
		if (request.leadsToText) this.leadingToText.push(name);
		const step = this.instead[isSearch ? 'SEARCH' : method]?.shift();
		return step ? await step(request) : this.carryOut(request, id);
	};

	carryOut({ options }: RoutingRequest, id?: string): CloseResponse {
		const { method, url, body, qs } = options;
		if (url === '/data/search/') return fakeResponse({ data: this.contacts });
		if (method === 'POST') return fakeResponse({ ...this.add(this.sent(body as IDataObject)) });
		if (id === undefined) return this.list((qs ?? {}) as IDataObject);
		const index = this.texts.findIndex((one) => one.id === id);
		if (index < 0) throw apiError('404', 'Not there.');
		if (method === 'DELETE') {
			this.texts.splice(index, 1);
			return fakeResponse({});
		}
		if (method === 'PUT') Object.assign(this.texts[index], this.sent(body as IDataObject));
		return fakeResponse({ ...this.texts[index] });
	}

	private sent(body: IDataObject): IDataObject {
		return body.status === 'outbox' ? { ...body, status: 'sent' } : { ...body };
	}

	/** Newest first, as Close does. */
	private list(qs: IDataObject): CloseResponse {
		const { date_created__gte: from = '0', date_created__lt: to = '9999', lead_id } = qs;
		const created = (one: IDataObject) => Date.parse(String(one.date_created));
		const all = this.texts
			.filter((one) => created(one) >= Date.parse(String(from)))
			.filter((one) => created(one) < Date.parse(String(to)))
			.filter(
				(one) => lead_id === undefined || String(lead_id).split(',').includes(String(one.lead_id)),
			)
			.reverse()
			.sort((one, other) => created(other) - created(one));
		const [skip, limit] = [Number(qs._skip ?? 0), Number(qs._limit)];
		const data = all.slice(skip, skip + limit);
		return {
			...fakeResponse({ data, has_more: skip + limit < all.length }),
			items: data.map((json) => ({ json })),
		};
	}
}
