import type { FastifyInstance } from 'fastify';

import { invalidFields, invalidRequest, notFound } from '../http/errors';
import { newId } from '../http/ids';
import type { Contact, ContactPhone, Lead } from '../types';
import type { AccountState } from '../account/accountState';

/** A node of Close's Advanced Filtering, as far as the simulator understands it. */
interface SearchQuery {
	type: string;
	negate?: boolean;
	queries?: SearchQuery[];
	object_type?: string;
	value?: string;
	mode?: string;
	field?: { field_name: string };
	condition?: { type: string; value?: string; mode?: string };
	related_object_type?: string;
	related_query?: SearchQuery;
}

interface SearchBody {
	query: SearchQuery;
	_fields?: Record<string, string[]>;
	_limit?: number | null;
	cursor?: string | null;
	results_limit?: number | null;
	include_counts?: boolean;
	sort?: unknown[];
}

/** Something that can be found, or that what can be found is related to. */
interface Found {
	/** a `contact_phone` is only ever related, never a result */
	__object_type: 'lead' | 'contact' | 'contact_phone';
	thing: Lead | Contact | ContactPhone;
	/** a lead's contacts and their phones; a contact's lead and its phones */
	related: () => Found[];
}

/** A cursor lives this long, in milliseconds. */
const CURSOR_LIFE = 30_000;
const MAX_RESULTS = 10_000;
const MAX_LIMIT = 200;

const words = (text: string) =>
	text
		.toLowerCase()
		.split(/[^\p{L}\p{N}+]+/u)
		.filter(Boolean);

/** Whether the text has the value, as whole words, beginnings of words or a phrase. */
function hasText(text: string, value: string, mode = 'full_words'): boolean {
	const all = words(text);
	if (mode === 'phrase') return ` ${all.join(' ')} `.includes(` ${words(value).join(' ')} `);
	if (mode === 'beginning_of_words')
		return words(value).every((word) => all.some((one) => one.startsWith(word)));
	if (mode === 'full_words') return words(value).every((word) => all.includes(word));
	throw invalidFields({ query: `Unknown text mode "${mode}".` });
}

/** Everything about it that a text query looks at. */
function textOf({ __object_type: type, thing }: Found): string {
	if (type === 'contact_phone') return (thing as ContactPhone).phone;
	if (type === 'contact') return contactText(thing as Contact);
	const { name, contacts } = thing as Lead;
	return [name, ...contacts.map(contactText)].join(' ');
}
const contactText = ({ name, title, phones, emails }: Contact) =>
	[name, title, ...phones.map((one) => one.phone), ...emails.map((one) => one.email)].join(' ');

const TESTS: Record<string, (query: SearchQuery, found: Found) => boolean> = {
	match_all: () => true,
	and: ({ queries = [] }, found) => queries.every((one) => fits(one, found)),
	or: ({ queries = [] }, found) => queries.some((one) => fits(one, found)),
	object_type: ({ object_type }, found) => found.__object_type === object_type,
	id: ({ value }, { thing }) => 'id' in thing && thing.id === value,
	text: ({ value = '', mode }, found) => hasText(textOf(found), value, mode),
	field_condition: ({ field, condition }, found) => {
		const value = (found.thing as unknown as Record<string, unknown>)[field?.field_name ?? ''];
		return hasText(String(value ?? ''), condition?.value ?? '', condition?.mode);
	},
	has_related: ({ related_object_type, related_query = { type: 'and' } }, found) =>
		found
			.related()
			.some((one) => one.__object_type === related_object_type && fits(related_query, one)),
};

/** @throws ErrorResponse 400 for a kind of query that Close does not have */
function fits(query: SearchQuery, found: Found): boolean {
	const test = TESTS[query.type];
	if (!test) throw invalidFields({ query: `Unknown query type "${query.type}".` });
	return test(query, found) !== (query.negate ?? false);
}

const ofLead = (thing: Lead): Found => ({
	__object_type: 'lead',
	thing,
	related: () => [
		...thing.contacts.map((one) => ofContact(one, thing)),
		...thing.contacts.flatMap((one) => one.phones.map(ofPhone)),
	],
});
const ofContact = (thing: Contact, lead: Lead | undefined): Found => ({
	__object_type: 'contact',
	thing,
	related: () => [...(lead ? [ofLead(lead)] : []), ...thing.phones.map(ofPhone)],
});
const ofPhone = (thing: ContactPhone): Found => ({
	__object_type: 'contact_phone',
	thing,
	related: () => [],
});

/** Only what `_fields` asks for its type; without it the id. */
function shown({ __object_type, thing }: Found, fields: SearchBody['_fields']): object {
	const wanted = fields?.[__object_type] ?? ['id'];
	return {
		__object_type,
		...Object.fromEntries(Object.entries(thing).filter(([name]) => wanted.includes(name))),
	};
}

/** Searches under way, by cursor. */
export class Searches {
	private readonly cursors = new Map<string, { rest: Found[]; until: number }>();

	constructor(private readonly state: AccountState) {}

	reset(): void {
		this.cursors.clear();
	}

	/** One page and the cursor of the next. @throws ErrorResponse 400 */
	page({ query, _fields, _limit, cursor, results_limit, include_counts }: SearchBody): object {
		const found = cursor
			? this.rest(cursor)
			: this.all(query).slice(0, results_limit ?? MAX_RESULTS);
		const limit = _limit ?? 100;
		const rest = found.slice(limit);
		return {
			data: found.slice(0, limit).map((one) => shown(one, _fields)),
			cursor: rest.length > 0 ? this.keep(rest) : null,
			...(include_counts && { count: { limited: found.length, total: found.length } }),
		};
	}

	private all(query: SearchQuery): Found[] {
		const { leads, contacts } = this.state;
		const everything = [
			...[...leads.values()].map(ofLead),
			...[...contacts.values()].map((one) => ofContact(one, leads.get(one.lead_id))),
		];
		return everything.filter((one) => fits(query, one));
	}

	private keep(rest: Found[]): string {
		const cursor = newId('cursor');
		this.cursors.set(cursor, { rest, until: this.state.clock.ms() + CURSOR_LIFE });
		return cursor;
	}

	private rest(cursor: string): Found[] {
		const kept = this.cursors.get(cursor);
		if (!kept || kept.until < this.state.clock.ms())
			throw invalidRequest('The cursor is invalid or has expired.');
		return kept.rest;
	}
}

const searchBody = {
	type: 'object',
	additionalProperties: false,
	required: ['query'],
	properties: {
		query: { type: 'object', required: ['type'], properties: { type: { type: 'string' } } },
		_fields: { type: 'object', additionalProperties: { type: 'array', items: { type: 'string' } } },
		_limit: { type: ['integer', 'null'], minimum: 1, maximum: MAX_LIMIT },
		cursor: { type: ['string', 'null'] },
		results_limit: { type: ['integer', 'null'], minimum: 0 },
		include_counts: { type: 'boolean' },
		sort: { type: 'array' },
	},
};

/** `/data/search/`, and `/saved_search/` of single Smart Views */
export function searchRoutes(
	api: FastifyInstance,
	state: AccountState & { searches: Searches },
): void {
	api.get<{ Params: { id: string } }>('/saved_search/:id/', ({ params }) => {
		const view = Object.values(state.account.smartViews).find(({ id }) => id === params.id);
		if (!view) throw notFound('SavedSearch');
		return view;
	});
	api.post<{ Body: SearchBody }>('/data/search/', { schema: { body: searchBody } }, ({ body }) =>
		state.searches.page(body),
	);
}
