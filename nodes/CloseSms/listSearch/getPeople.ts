import type {
	ILoadOptionsFunctions,
	INodeListSearchItems,
	INodeListSearchResult,
} from 'n8n-workflow';
import {
	getPhones,
	phoneQuery,
	textQuery,
	type Contact,
	type ContactPhone,
	type SearchQuery,
} from '../../shared/contactSearch';
import { toDigits } from '../../shared/phoneNumber';
import { toWords } from './excerpt';
import { listPage, matchesFilter } from './listPage';
import { readNames } from './readNames';
import { getSelectedLead } from './selectedLead';

const FIELDS = ['id', 'display_name', 'lead_id', 'phones'];

/** What is typed when someone looks for a number: digits, and what stands between them. */
const PHONE_LIKE = /^\+?[\d\s().-]*\d[\d\s().-]*$/;

/** Close searches numbers from the plus sign on; without one, the number may also lack its country code, as is usual in the US. */
function toQuery(filter: string): SearchQuery {
	const byWords = textQuery(filter, 'beginning_of_words');
	if (!PHONE_LIKE.test(filter)) return byWords;
	const digits = toDigits(filter);
	const numbers = filter.startsWith('+') ? [`+${digits}`] : [`+${digits}`, `+1${digits}`];
	return { type: 'or', queries: [byWords, phoneQuery(numbers, 'beginning_of_words')] };
}

const hasDigits = (filter: string, { value }: INodeListSearchItems) =>
	PHONE_LIKE.test(filter) && String(value).split('|')[1].includes(toDigits(filter));

/** Where the list is filtered here, a number is found by any of its digits, however they are written. */
const matches = (filter: string, item: INodeListSearchItems) =>
	hasDigits(filter, item) || matchesFilter(filter, item);

/** E.g. "Sam Reyes, Bluebird Cafe (mobile +1 415-555-0102)": a name alone may be several people's. */
const toItem =
	({ id, display_name: name, lead_id: lead }: Contact, company?: string) =>
	({ phone, phone_formatted: formatted, type, outbound_sms_blocked: isBlocked }: ContactPhone) => ({
		name: `${[toWords(name) || '(no name)', company].filter(Boolean).join(', ')} (${[toWords(type), toWords(formatted) || phone].filter(Boolean).join(' ')}${isBlocked ? ', must not be texted' : ''})`,
		value: `${id}|${phone}`,
		...(lead && { url: `https://app.close.com/lead/${lead}/` }),
		rank: isBlocked ? 1 : 0,
	});

/**
 * The picker of people to text, one item for each number: those of the lead if one is chosen, else all. The value is
 * `<contact ID>|<number>`, since several people may share a number. On each page the numbers that must not be texted are
 * last.
 */
export async function getPeople(
	this: ILoadOptionsFunctions,
	filter = '',
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	const lead = await getSelectedLead(this);
	let companies = new Map<string, string>();
	const list = {
		url: '/contact/',
		qs: { _fields: FIELDS.join(','), lead_id: lead },
		prepare: async (contacts: Contact[]) => {
			companies = await readNames(
				this,
				'lead',
				contacts.map(({ lead_id: id }) => id),
			);
		},
		toItem: (contact: Contact) =>
			getPhones(contact).map(toItem(contact, companies.get(String(contact.lead_id)))),
		// A lead has few contacts: filtering the list finds them by the end of a number too.
		search: lead ? undefined : { type: 'contact' as const, fields: FIELDS, toQuery },
		matches,
	};
	const { results, ...more } = await listPage(this, list, filter, paginationToken);
	// Of a person found by number, only the numbers that were looked for.
	const byNumber = results.filter((item) => hasDigits(filter.trim(), item));
	return { ...more, results: byNumber.length > 0 ? byNumber : results };
}
