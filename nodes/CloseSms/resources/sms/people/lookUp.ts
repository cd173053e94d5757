import {
	isContact,
	phoneQuery,
	searchBody,
	SEARCH_UNAVAILABLE,
	type Contact,
	type Lead,
} from '../../../../shared/contactSearch';
import { summarize } from '../../../../shared/errors/itemFailure';
import { MAX_PAGE_SIZE } from '../../../../shared/closeTypes';
import { monotonicNow } from '../../../../shared/delay';
import {
	isSurvived,
	perRun,
	type HandlerContext,
} from '../../../transport/request/operationHandler';
import { withSettings } from '../api/smsRequest';
import { BatchLoader } from './batchLoader';
import { hasNumber } from './recipientZone';

/** Who has a number, or why Close does not say. */
export type NumberLookup = { contacts: Contact[] } | { rejection: string };

/** Numbers in one search: Close's limit for searches is low (16 in 8 s were seen), and how long a query may be is not documented. */
const MAX_NUMBERS = 50;

/** The people whom a run texts, as Close shows them. */
const getPeople = perRun(() => ({
	contacts: new BatchLoader<Contact>(1),
	leads: new BatchLoader<Lead>(1),
	numbers: new BatchLoader<NumberLookup>(MAX_NUMBERS),
}));

/** What is read of every contact. */
const FIELDS = ['id', 'lead_id', 'display_name', 'phones', 'timezone', 'timezone_source'];

/** Pages of one search; more would mean that Close does not understand the query, and finds everybody. */
const MAX_SEARCH_PAGES = 10;

/**
 * Reads a contact, once for all items of a run that ask, unless a lookup by number has shown it. A dry run takes a contact
 * of which nothing is known but its ID.
 *
 * @param id of the contact, which was validated (`setPathId` has the pattern)
 * @param since when it must have been read at the earliest, by `monotonicNow`
 * @param note what a dry run says of it
 * @throws {ItemFailure} as any request, e.g. with `httpCode` 404 when Close has no such contact
 */
export async function getContact(
	context: HandlerContext,
	id: string,
	since = -Infinity,
	note = 'The contact would be read first.',
): Promise<Contact> {
	const { send } = context;
	const read = async () => {
		const url = `/contact/${encodeURIComponent(id)}/`;
		const { body } = await send({
			...withSettings(context, { url, qs: { _fields: FIELDS.join(',') } }),
			assumed: { body: { id }, note },
		});
		return new Map([[id, body as unknown as Contact]]);
	};
	return (await getPeople(context).contacts.load(id, { since, context, read }))!;
}

/**
 * Reads where a lead is, once for all items of a run that ask.
 *
 * @param since when it must have been read at the earliest, by `monotonicNow`
 * @throws {ItemFailure} as any request
 */
export async function getLead(
	context: HandlerContext,
	id: string,
	since = -Infinity,
): Promise<Lead> {
	const { send } = context;
	const read = async () => {
		const url = `/lead/${encodeURIComponent(id)}/`;
		const { body } = await send(withSettings(context, { url, qs: { _fields: 'id,addresses' } }));
		return new Map([[id, body as unknown as Lead]]);
	};
	return (await getPeople(context).leads.load(id, { since, context, read }))!;
}

/** What a search by number can find; a contact whose numbers Close does not show at all counts as one who has it. */
const isContactWithNumber = (entry: unknown): entry is Contact =>
	isContact(entry) && !(Array.isArray(entry.phones) && entry.phones.length === 0);

/** Searches for all people who have one of these numbers. */
async function searchContacts(
	context: HandlerContext,
	numbers: string[],
): Promise<Map<string, NumberLookup>> {
	const answerAll = (lookup: (number: string) => NumberLookup) =>
		new Map(numbers.map((number) => [number, lookup(number)]));
	const body = searchBody('contact', phoneQuery(numbers, 'full_words'), FIELDS, MAX_PAGE_SIZE);
	const contacts: Contact[] = [];
	let cursor: unknown;
	for (let pages = 0; pages < MAX_SEARCH_PAGES; pages++) {
		const next = withSettings(context, {
			method: 'POST',
			url: '/data/search/',
			body: { ...body, ...(cursor !== undefined && { cursor: cursor as string }) },
		});
		const assumed = {
			body: { data: numbers.map(toAssumedContact) },
			note: 'The person would be looked up by the number, in one search for many items; this assumes that one contact has it.',
		};
		const response = await context.trySend({ ...next, assumed }, SEARCH_UNAVAILABLE);
		if (isSurvived(response)) {
			const rejection = summarize(response.failure.facts);
			return answerAll(() => ({ rejection }));
		}
		const { body: page } = response;
		if (!Array.isArray(page.data))
			return answerAll(() => ({ rejection: 'The response of Close holds no list' }));
		// It may be just the person whose number is blocked.
		if (!page.data.every(isContactWithNumber))
			return answerAll(() => ({
				rejection: 'The response of Close holds no contact with a number',
			}));
		contacts.push(...page.data);
		cursor = page.cursor;
		if (typeof cursor !== 'string' || cursor === '')
			return answerAll((number) => ({
				contacts: contacts.filter((contact) => hasNumber(contact, number) !== false),
			}));
	}
	return answerAll(() => ({ rejection: 'Close found too many people' }));
}

/** The lead that a dry run assumes, since it reads none. */
export const ASSUMED_LEAD = '{lead ID}';

const toAssumedContact = (phone: string) => ({
	id: '{contact ID}',
	lead_id: ASSUMED_LEAD,
	phones: [{ phone }],
});

/**
 * Finds the contacts that have a number: exactly this number, since Close's search compares words. All items of a run
 * that ask in the same moment are answered by one search for 50 numbers. A dry run assumes one contact.
 *
 * @param number a plus sign, the country code and the number: digits only
 * @param since when it must have been looked up at the earliest, by `monotonicNow`
 * @returns `{ contacts }` with none, one or several; `{ rejection }` when Close refused the search (400, 403, 404, 405) or
 * its response was no list: that is remembered for the run
 * @throws {ItemFailure} as any request, when Close cannot be reached or is busy; such a failure is not remembered
 */
export async function findContactsByNumber(
	context: HandlerContext,
	number: string,
	since = -Infinity,
): Promise<NumberLookup> {
	const { contacts, numbers } = getPeople(context);
	const read = async (keys: string[]) => {
		const readAt = monotonicNow();
		const found = await searchContacts(context, keys);
		for (const lookup of found.values())
			if ('contacts' in lookup)
				for (const contact of lookup.contacts) contacts.prime(contact.id, contact, readAt);
		return found;
	};
	return (await numbers.load(number, { since, context, read }))!;
}

/** The contacts that have a number, as far as the run has looked it up for any item. */
export function peekContactsByNumber(context: HandlerContext, number: string): Contact[] {
	const lookup = getPeople(context).numbers.peek(number);
	return lookup && 'contacts' in lookup ? lookup.contacts : [];
}
