import type { JsonObject } from '../closeClient';
import { Difference, expectStatus, expectThat, group } from '../expectation';
import { ours, said } from '../finding';
import type { Probe } from '../probe';
import { DOCS } from './sources';

const PAGES = 'nodes/CloseSms/listSearch/listPage.ts';
const SIMULATED = 'dev/simulator/search.ts';
const CRM = 'dev/simulator/crmRoutes.ts';

/** How long a new lead may take to be found, in milliseconds. */
const INDEXED_WITHIN = 60_000;

interface Found {
	data: JsonObject[];
	cursor?: string | null;
	has_more?: boolean;
}

/** The search of the pickers. */
async function search(
	close: Probe,
	type: 'lead' | 'contact',
	fields: string[],
	more: JsonObject = {},
): Promise<Found> {
	const queries = [
		{ type: 'object_type', object_type: type },
		{ type: 'text', mode: 'beginning_of_words', value: close.marker.slice(0, -2) },
	];
	const answer = await close.post('/data/search/', {
		query: { type: 'and', queries },
		_fields: { [type]: fields },
		_limit: 100,
		...more,
	});
	expectStatus(answer, 200);
	const body = answer.body as Found;
	if (!Array.isArray(body.data)) throw new Difference(said`the body has no list "data"`);
	return body;
}

/** @throws Difference unless it is found by the beginning of a word of its name */
async function expectFound(close: Probe, type: 'lead' | 'contact', id: string, fields: string[]) {
	const found = await close.until(INDEXED_WITHIN, async () =>
		(await search(close, type, fields)).data.find((one) => one.id === id),
	);
	if (!found) throw new Difference(said`it is not found within a minute`);
	const missing = fields.filter((name) => !(name in found));
	expectThat(missing.length === 0, said`it lacks ${ours(missing.join(', '))}`);
}

/** @throws Difference unless the list has entries with exactly these fields */
async function expectList(close: Probe, path: string, query: Record<string, string | number>) {
	const answer = await close.get(path, { _limit: 100, _skip: 0, ...query });
	expectStatus(answer, 200);
	const { data, has_more: hasMore } = answer.body as Found;
	expectThat(Array.isArray(data), said`the body has no list "data"`);
	expectThat(typeof hasMore === 'boolean', said`has_more is ${typeof hasMore}`);
	const wanted = String(query._fields ?? 'id').split(',');
	const [first = {}] = data;
	const missing = data.length > 0 ? wanted.filter((name) => !(name in first)) : [];
	expectThat(missing.length === 0, said`an entry lacks ${ours(missing.join(', '))}`);
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
		steps: async (close) => await expectFound(close, 'lead', close.lead.id, ['id', 'display_name']),
	},
	{
		name: 'contact-is-found',
		title: 'A contact is found by the beginning of a word of its name, with its numbers',
		source: `${DOCS.search}; the mode: public code`,
		mark: 'inferred',
		restsOn: [PAGES, 'nodes/CloseSms/listSearch/getContacts.ts', SIMULATED],
		steps: async (close) =>
			await expectFound(close, 'contact', close.lead.contactId, ['id', 'display_name', 'phones']),
	},
	{
		name: 'search-has-a-cursor',
		title: 'A search answers with `cursor`: text while there is more, null at the end',
		source: DOCS.search,
		mark: 'inferred',
		restsOn: [PAGES, SIMULATED],
		steps: async (close) => {
			await expectFound(close, 'contact', close.lead.contactId, ['id']);
			const first = await search(close, 'contact', ['id'], { _limit: 1 });
			if (typeof first.cursor !== 'string')
				throw new Difference(said`the first page has the cursor ${typeof first.cursor}`);
			const second = await search(close, 'contact', ['id'], { _limit: 1, cursor: first.cursor });
			expectThat(
				second.data.length > 0 && second.data[0].id !== first.data[0].id,
				said`the cursor does not lead to the next one`,
			);
		},
	},
	{
		name: 'phone-numbers-are-listed',
		title: 'The list of numbers takes `_fields` and says of each its `type` and `sms_enabled`',
		source: DOCS.phoneNumbers,
		mark: 'confirmed',
		restsOn: ['nodes/CloseSms/listSearch/getPhoneNumbers.ts', 'dev/simulator/phoneNumbers.ts'],
		steps: async (close) =>
			void (await expectList(close, '/phone_number/', {
				_fields: 'number,number_formatted,label,type,country,sms_enabled,mms_enabled',
			})),
	},
	{
		name: 'users-are-listed',
		title: 'The list of users takes `_order_by=first_name,last_name` and shows names and addresses',
		source: DOCS.users,
		mark: 'confirmed',
		restsOn: ['nodes/CloseSms/listSearch/getUsers.ts', CRM],
		steps: async (close) => {
			const [user = {}] = await expectList(close, '/user/', { _order_by: 'first_name,last_name' });
			const missing = ['first_name', 'last_name', 'email'].filter((name) => !(name in user));
			expectThat(missing.length === 0, said`it lacks ${ours(missing.join(', '))}`);
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
				lead_id: close.lead.id,
				_fields: 'id,display_name,phones',
			});
			const isOwn = data.some(({ id }) => id === close.lead.contactId);
			expectThat(isOwn && data.length <= 2, said`it lists ${data.length} contacts`);
		},
	},
]);
