import {
	idQuery,
	phoneQuery,
	searchBody,
	textQuery,
	type SearchQuery,
} from '../../../nodes/shared/contactSearch';
import type { JsonObject } from '../jsonObject';
import {
	Difference,
	expectStatus,
	expectSuccess,
	expectThat,
	NotTried,
	requireSuccess,
} from '../expect';
import { parseCloseId, type IdKind } from '../../../nodes/shared/closeId';
import { parsePhoneNumber } from '../../../nodes/shared/phoneNumber';
import { group } from '../expectation';
import { finding, literal } from '../finding';
import type { Probe } from '../probe';
import { CONCLUDED, DOCS } from './sources';

const QUERIES = 'nodes/shared/contactSearch.ts';
const CHOICE = 'nodes/CloseSms/resources/sms/people/chooseNumber.ts';
const CUSTOMERS = 'dev/simulator/crm/customers.ts';
const ZONE = 'nodes/CloseSms/resources/sms/people/recipientZone.ts';
const PAGES = 'nodes/CloseSms/listSearch/listPage.ts';
const SIMULATED = 'dev/simulator/crm/search.ts';
const CRM = 'dev/simulator/crm/crmRoutes.ts';

/** How long a new lead may take to be found, in milliseconds. */
const INDEXED_WITHIN = 60_000;

interface Found {
	data: JsonObject[];
	cursor?: string | null;
	has_more?: boolean;
}

/** An ID of the right form that belongs to nobody. */
const UNKNOWN_CONTACT = 'cont_12345678901234567890123456789012345678901234';

/** A search as the node makes it. */
async function search(
	close: Probe,
	type: 'lead' | 'contact',
	query: SearchQuery,
	fields: string[],
	more: JsonObject = {},
): Promise<Found> {
	const body = { ...searchBody(type, query, fields, 100), ...more };
	const answer = await close.post('/data/search/', body);
	expectSuccess(answer);
	const found = answer.body as unknown as Found | undefined;
	if (!Array.isArray(found?.data)) throw new Difference(finding`the body has no list "data"`);
	return found;
}

/** The beginning of a word in the name of the run's own lead and contacts. */
const byName = (close: Probe) => textQuery(close.marker.slice(0, -2), 'beginning_of_words');

/** @throws Difference unless it is found, with these fields */
async function expectFound(
	close: Probe,
	[type, id]: ['lead' | 'contact', string],
	query: SearchQuery,
	fields: string[],
) {
	const found = await close.until(INDEXED_WITHIN, 'The search does not find it yet', async () =>
		(await search(close, type, query, fields)).data.find((one) => one.id === id),
	);
	if (!found) throw new Difference(finding`it is not found within a minute`);
	const missing = fields.filter((name) => !(name in found));
	expectThat(missing.length === 0, finding`it lacks ${literal(missing.join(', '))}`);
	return found;
}

/** @throws Difference unless the list has entries with exactly these fields */
async function expectList(close: Probe, path: string, query: Record<string, string | number>) {
	const answer = await close.get(path, { _limit: 100, _skip: 0, ...query });
	expectSuccess(answer);
	const { data, has_more: hasMore } = (answer.body ?? {}) as Found;
	expectThat(Array.isArray(data), finding`the body has no list "data"`);
	expectThat(typeof hasMore === 'boolean', finding`has_more is ${typeof hasMore}`);
	const wanted = String(query._fields ?? 'id').split(',');
	const [first = {}] = data;
	const missing = data.length > 0 ? wanted.filter((name) => !(name in first)) : [];
	expectThat(missing.length === 0, finding`an entry lacks ${literal(missing.join(', '))}`);
	const more = query._fields ? Object.keys(first).filter((name) => !wanted.includes(name)) : [];
	expectThat(more.length === 0, finding`an entry has ${more} too`);
	return data;
}

export const searching = group('search', [
	{
		name: 'lead-is-found',
		title:
			'A lead is found by the beginning of a word of its name, with the fields that are asked for',
		source: `${DOCS.search}; the mode: public code`,
		mark: 'inferred',
		restsOn: [PAGES, 'nodes/CloseSms/listSearch/getLeads.ts', SIMULATED],
		steps: async (close) =>
			void (await expectFound(close, ['lead', close.leadId], byName(close), [
				'id',
				'display_name',
			])),
	},
	{
		name: 'contact-is-found',
		title: 'A contact is found by the beginning of a word of its name, with its numbers',
		source: `${DOCS.search}; the mode: public code`,
		mark: 'inferred',
		restsOn: [PAGES, 'nodes/CloseSms/listSearch/getContacts.ts', SIMULATED],
		steps: async (close) =>
			void (await expectFound(close, ['contact', close.contactId], byName(close), [
				'id',
				'display_name',
				'lead_id',
				'phones',
			])),
	},
	{
		name: 'contact-is-found-by-number',
		title: 'A contact is found by its whole number, with the lead, the numbers and the time zone',
		source: 'public code',
		mark: 'inferred',
		restsOn: [QUERIES, 'nodes/CloseSms/resources/sms/people/lookUp.ts', SIMULATED],
		steps: async (close) => {
			const query = phoneQuery([close.fictionalNumber, '+12025550198'], 'full_words');
			const fields = ['id', 'lead_id', 'display_name', 'phones', 'timezone', 'timezone_source'];
			await expectFound(close, ['contact', close.contactWithNumber], query, fields);
		},
	},
	{
		name: 'number-search-finds-no-others',
		title: 'A search by number finds nobody who does not have it',
		source: 'public code',
		mark: 'inferred',
		restsOn: [QUERIES, 'nodes/CloseSms/resources/sms/people/lookUp.ts', SIMULATED],
		steps: async (close) => {
			const query = phoneQuery([close.fictionalNumber], 'full_words');
			await expectFound(close, ['contact', close.contactWithNumber], query, ['id']);
			const { data } = await search(close, 'contact', query, ['id', 'phones']);
			const hasIt = ({ phones }: JsonObject) =>
				JSON.stringify(phones ?? [])
					.replace(/[ ()-]/g, '')
					.includes(close.fictionalNumber);
			const others = data.filter((one) => !hasIt(one));
			expectThat(others.length === 0, finding`it finds ${others.length} others`);
		},
	},
	{
		name: 'contact-is-found-by-the-beginning-of-a-number',
		title: 'A contact is found by the beginning of its number',
		source: 'public code',
		mark: 'inferred',
		restsOn: [QUERIES, 'nodes/CloseSms/listSearch/getPeople.ts', SIMULATED],
		steps: async (close) => {
			const beginning = close.fictionalNumber.slice(0, -2);
			const query: SearchQuery = {
				type: 'and',
				queries: [byName(close), phoneQuery([beginning], 'beginning_of_words')],
			};
			await expectFound(close, ['contact', close.contactWithNumber], query, ['id']);
		},
	},
	{
		name: 'contacts-are-found-by-id',
		title: 'Contacts are found by their IDs',
		source: DOCS.search,
		mark: 'inferred',
		restsOn: [QUERIES, 'nodes/CloseSms/listSearch/getSmsActivities.ts', SIMULATED],
		steps: async (close) => {
			const { contactId } = close;
			await expectFound(close, ['contact', contactId], idQuery([contactId]), [
				'id',
				'display_name',
			]);
			const { data } = await search(close, 'contact', idQuery([contactId]), ['id']);
			expectThat(data.length === 1, finding`${data.length} are found`);
		},
	},
	{
		name: 'contact-shows-time-zones',
		title: 'A contact shows `timezone` and `timezone_source`, and of each number `tz_ids`',
		source: DOCS.contacts,
		mark: 'confirmed',
		restsOn: [ZONE, 'dev/simulator/crm/customers.ts'],
		steps: async (close) => {
			const _fields = 'id,lead_id,display_name,phones,timezone,timezone_source';
			const answer = await close.get(`/contact/${close.contactId}/`, { _fields });
			expectSuccess(answer);
			const contact = (answer.body ?? {}) as JsonObject;
			const missing = _fields.split(',').filter((name) => !(name in contact));
			expectThat(missing.length === 0, finding`it lacks ${literal(missing.join(', '))}`);
			const [phone] = (contact.phones ?? []) as JsonObject[];
			if (!phone) return finding`its number was not kept`;
			expectThat('tz_ids' in phone, finding`its number lacks tz_ids`);
			return finding`timezone_source is ${contact.timezone_source}; the number has ${(phone.tz_ids as unknown[]).length} zones`;
		},
	},
	{
		name: 'contact-says-who-is-blocked',
		title:
			'A number of a contact has `phone_formatted`, and `outbound_sms_blocked`, if shown, is a boolean',
		source: DOCS.contacts,
		mark: 'confirmed',
		restsOn: [ZONE, CHOICE, 'nodes/CloseSms/listSearch/getPeople.ts', CUSTOMERS],
		steps: async (close) => {
			const answer = await close.get(`/contact/${close.contactWithNumber}/`, { _fields: 'phones' });
			expectSuccess(answer);
			const [phone] = ((answer.body as JsonObject | undefined)?.phones ?? []) as JsonObject[];
			if (!phone) throw new Difference(finding`its number is not shown`);
			const { phone_formatted: formatted, outbound_sms_blocked: blocked } = phone;
			expectThat(typeof formatted === 'string', finding`phone_formatted is ${typeof formatted}`);
			const isKnown = blocked === undefined || blocked === null || typeof blocked === 'boolean';
			expectThat(isKnown, finding`outbound_sms_blocked is ${typeof blocked}`);
			return blocked === undefined
				? finding`outbound_sms_blocked is not shown`
				: finding`outbound_sms_blocked is ${blocked}`;
		},
	},
	{
		name: 'contact-says-what-its-numbers-are',
		title:
			'A contact has its numbers in `phones`: a plus and digits, the `type` that was given, and `country` as two letters',
		source: DOCS.contacts,
		mark: 'confirmed',
		restsOn: [CHOICE, CUSTOMERS],
		steps: async (close) => {
			const answer = await close.get(`/contact/${close.contactWithNumber}/`, { _fields: 'phones' });
			expectSuccess(answer);
			const { phones } = (answer.body ?? {}) as { phones?: JsonObject[] };
			expectThat(phones?.length === 1, finding`it shows ${phones?.length} numbers`);
			const { phone, type, country } = phones?.[0] ?? {};
			const reading = parsePhoneNumber(phone);
			expectThat(
				'number' in reading && reading.number === phone,
				finding`the number is shown in another form`,
			);
			expectThat(type === 'mobile', finding`the type "mobile" is shown as ${type}`);
			const isKnown =
				country === undefined || country === null || /^[A-Z]{2}$/.test(String(country));
			expectThat(isKnown, finding`country is ${country}`);
			return finding`country is ${country}`;
		},
	},
	{
		name: 'contact-without-numbers-says-so',
		title: 'A contact without numbers has an empty list `phones`',
		source: DOCS.contacts,
		mark: 'inferred',
		restsOn: [CHOICE, 'nodes/CloseSms/resources/sms/people/lookUp.ts', CUSTOMERS],
		steps: async (close) => {
			const answer = await close.get('/contact/', { lead_id: close.leadId, _fields: 'id,phones' });
			expectSuccess(answer);
			const { data = [] } = (answer.body ?? {}) as { data?: JsonObject[] };
			const other = data.find(({ id }) => id !== close.contactId);
			if (!other) throw new NotTried(finding`the lead of the check has no second contact`);
			const { phones } = other;
			expectThat(Array.isArray(phones) && phones.length === 0, finding`phones is ${typeof phones}`);
		},
	},
	{
		name: 'unknown-contact-is-404',
		title: 'A contact that does not exist is answered with 404',
		source: DOCS.http,
		mark: 'confirmed',
		restsOn: [
			'nodes/CloseSms/resources/sms/sending/withChosenNumber.ts',
			'nodes/CloseSms/resources/sms/sending/sendRules.ts',
			CRM,
		],
		steps: async (close) =>
			expectStatus(await close.get(`/contact/${UNKNOWN_CONTACT}/`, { _fields: 'phones' }), 404),
	},
	{
		name: 'ids-have-their-prefix',
		title:
			'IDs of SMS, leads, contacts and users are `acti_`, `lead_`, `cont_` and `user_` with letters and digits',
		source: `Close's OpenAPI (examples); that no ID is of another form: ${CONCLUDED}`,
		mark: 'inferred',
		restsOn: [
			'nodes/shared/closeId.ts',
			'nodes/CloseSms/validation/ids.ts',
			'dev/simulator/http/ids.ts',
		],
		steps: async (close) => {
			const { id } = await close.draft();
			const ids: Array<[unknown, IdKind]> = [
				[id, 'sms'],
				[close.leadId, 'lead'],
				[close.contactId, 'contact'],
				[close.organization.userId, 'user'],
			];
			for (const [one, kind] of ids)
				expectThat('id' in parseCloseId(one, kind), finding`that of ${literal(kind)} is another`);
		},
	},
	{
		name: 'address-has-time-zones',
		title: 'An address of a lead has the time zones of its place in `addresses.tz_ids`',
		source: DOCS.leads,
		mark: 'confirmed',
		restsOn: [ZONE, 'nodes/CloseSms/resources/sms/people/lookUp.ts', CRM],
		steps: async (close) => {
			const made = await close.post('/lead/', {
				name: `n8n-nodes-close-sms contract check ${close.marker}, may be deleted`,
				addresses: [{ city: 'New York', state: 'NY', zipcode: '10001', country: 'US' }],
			});
			requireSuccess(made, finding`no lead with an address could be made`);
			const { id } = (made.body ?? {}) as JsonObject;
			const answer = await close.get(`/lead/${String(id)}/`, { _fields: 'id,addresses' });
			expectSuccess(answer);
			const [address] = ((answer.body as JsonObject | undefined)?.addresses ?? []) as JsonObject[];
			const zones = address?.tz_ids;
			expectThat(Array.isArray(zones), finding`tz_ids is ${typeof zones}`);
			expectThat(
				(zones as unknown[]).join() === 'America/New_York',
				finding`New York has ${(zones as unknown[]).length} zones`,
			);
		},
	},
	{
		name: 'search-has-a-cursor',
		title: 'A search answers with `cursor`: text while there is more, null at the end',
		source: DOCS.search,
		mark: 'inferred',
		restsOn: [PAGES, SIMULATED],
		steps: async (close) => {
			await expectFound(close, ['contact', close.contactId], byName(close), ['id']);
			const first = await search(close, 'contact', byName(close), ['id'], { _limit: 1 });
			if (typeof first.cursor !== 'string')
				throw new Difference(finding`the first page has the cursor ${typeof first.cursor}`);
			const second = await search(close, 'contact', byName(close), ['id'], {
				_limit: 1,
				cursor: first.cursor,
			});
			expectThat(
				second.data.length > 0 && second.data[0].id !== first.data[0].id,
				finding`the cursor does not lead to the next one`,
			);
		},
	},
	{
		name: 'phone-numbers-are-listed',
		title:
			'The list of numbers takes `_fields`, and says of each its `number` in E.164, `type` and `sms_enabled`',
		source: DOCS.phoneNumbers,
		mark: 'confirmed',
		restsOn: ['nodes/CloseSms/listSearch/getPhoneNumbers.ts', 'dev/simulator/crm/phoneNumbers.ts'],
		steps: async (close) => {
			const data = await expectList(close, '/phone_number/', {
				_fields: 'number,number_formatted,label,type,country,sms_enabled,mms_enabled',
			});
			const others = data.filter(({ number }) => !/^\+\d{7,15}$/.test(String(number)));
			expectThat(others.length === 0, finding`${others.length} are not written as +12025550143`);
		},
	},
	{
		name: 'users-are-listed',
		title: 'The list of users takes `_order_by=first_name,last_name` and shows names and addresses',
		source: DOCS.users,
		mark: 'confirmed',
		restsOn: ['nodes/CloseSms/listSearch/getUsers.ts', CRM],
		steps: async (close) => {
			const data = await expectList(close, '/user/', { _order_by: 'first_name,last_name' });
			const [user = {}] = data;
			const missing = ['first_name', 'last_name', 'email'].filter((name) => !(name in user));
			expectThat(missing.length === 0, finding`it lacks ${literal(missing.join(', '))}`);
			const names = data.map(({ first_name: name }) => String(name).toLowerCase());
			const isSorted = names.every(
				(name, at) => at === 0 || names[at - 1].localeCompare(name) <= 0,
			);
			expectThat(isSorted, finding`they are in another order`);
		},
	},
	{
		name: 'leads-are-listed',
		title: 'The list of leads takes `_fields`',
		source: DOCS.leads,
		mark: 'confirmed',
		restsOn: ['nodes/CloseSms/listSearch/getLeads.ts', CRM],
		steps: async (close) =>
			void (await expectList(close, '/lead/', { _fields: 'id,display_name' })),
	},
	{
		name: 'contacts-of-a-lead-are-listed',
		title: 'The list of contacts takes `lead_id` and `_fields`, and shows their numbers',
		source: DOCS.contacts,
		mark: 'confirmed',
		restsOn: ['nodes/CloseSms/listSearch/getContacts.ts', CRM],
		steps: async (close) => {
			const data = await expectList(close, '/contact/', {
				lead_id: close.leadId,
				_fields: 'id,display_name,phones',
			});
			const isOwn = data.some(({ id }) => id === close.contactId);
			expectThat(isOwn && data.length <= 2, finding`it lists ${data.length} contacts`);
		},
	},
]);
