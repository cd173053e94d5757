import type { IDataObject } from 'n8n-workflow';
import { isRecord } from './fieldValues';

/** A query of Close's Advanced Filtering. */
export type SearchQuery = IDataObject;

/** A number of a contact, as Close has it (Close: "Contacts"). */
export interface ContactPhone {
	/** As Close has it, mostly a plus sign and digits. */
	phone: string;
	phone_formatted?: string;
	type?: string;
	/** ISO 3166, two letters. */
	country?: string | null;
	/** IANA zones in which the number may be; what they are for a mobile number is not documented. */
	tz_ids?: string[];
	/** Read only. By its name, the number must not be texted. */
	outbound_sms_blocked?: boolean;
}

/** The fields of a contact that this package reads. */
export interface Contact {
	id: string;
	lead_id?: string | null;
	display_name?: string;
	/** Those that Close shows: see `getPhones`. */
	phones?: ContactPhone[] | null;
	/** IANA. */
	timezone?: string | null;
	timezone_source?: string | null;
}

/** The entries of a contact's card that have a number; whatever else stands in the list is left out. */
export const getPhones = ({ phones }: Contact): ContactPhone[] =>
	(Array.isArray(phones) ? phones : []).filter(
		(entry: unknown) => isRecord(entry) && typeof entry.phone === 'string',
	);

export const isContact = (value: unknown): value is Contact =>
	isRecord(value) && typeof value.id === 'string';

/** The contacts in a list that Close gave; whatever else stands in it is left out. */
export const getContactsOf = (data: unknown): Contact[] =>
	(Array.isArray(data) ? data : []).filter(isContact);

/** The fields of a lead that this package reads. */
export interface Lead {
	id: string;
	/** Each with the IANA zones of its place. */
	addresses?: Array<{ tz_ids?: string[] | null }>;
}

/** Statuses that mean Close does not offer the search. */
export const SEARCH_UNAVAILABLE = new Set(['400', '403', '404', '405']);

/** How Close compares words (Close: "Advanced Filtering"). */
type TextMode = 'beginning_of_words' | 'full_words';

/** Finds what has all words of a text. */
export const textQuery = (value: string, mode: TextMode): SearchQuery => ({
	type: 'text',
	mode,
	value,
});

/** Finds contacts that have one of these numbers, in the way that public code for Close does. */
export const phoneQuery = (numbers: string[], mode: TextMode): SearchQuery => ({
	type: 'has_related',
	this_object_type: 'contact',
	related_object_type: 'contact_phone',
	related_query: {
		type: 'or',
		queries: numbers.map((value) => ({
			type: 'field_condition',
			field: { type: 'regular_field', object_type: 'contact_phone', field_name: 'phone' },
			condition: { type: 'text', mode, value },
		})),
	},
});

/** Finds what has one of these IDs. */
export const idQuery = (ids: string[]): SearchQuery => ({
	type: 'or',
	queries: ids.map((value) => ({ type: 'id', value })),
});

/** The body of a search for leads or contacts (`POST /data/search/`). */
export const searchBody = (
	type: 'lead' | 'contact',
	query: SearchQuery,
	fields: string[],
	limit: number,
): IDataObject => ({
	query: { type: 'and', queries: [{ type: 'object_type', object_type: type }, query] },
	_fields: { [type]: fields },
	_limit: limit,
});
