import { api, close } from './fixture';

const search = async (query: object, more = {}) =>
	(await api.post('/data/search/', { query, ...more })).data;
const of = (object_type: string, ...queries: object[]) => ({
	type: 'and',
	queries: [{ type: 'object_type', object_type }, ...queries],
});
const text = (value: string, mode?: string) => ({ type: 'text', value, mode });

test.each<[object, string[]]>([
	[of('lead'), ['Bluebird Cafe', 'Northwind Books', 'Tanaka & Daughters']],
	[of('lead', text('northwind')), ['Northwind Books']],
	[of('lead', text('north')), []],
	[of('lead', text('north bo', 'beginning_of_words')), ['Northwind Books']],
	[of('lead', text('+14155550102')), ['Bluebird Cafe']],
	[of('lead', text('books northwind', 'phrase')), []],
	[of('lead', { ...text('northwind'), negate: true }), ['Bluebird Cafe', 'Tanaka & Daughters']],
	[of('contact', text('tanaka')), ['Emma Tanaka', 'Kenji Tanaka']],
	[
		of('contact', {
			type: 'has_related',
			this_object_type: 'contact',
			related_object_type: 'lead',
			related_query: text('bluebird'),
		}),
		['Maria Santos', 'Sam Reyes'],
	],
	[
		of('contact', {
			type: 'field_condition',
			field: { type: 'regular_field', object_type: 'contact', field_name: 'title' },
			condition: { type: 'text', mode: 'full_words', value: 'buyer' },
		}),
		['Olga Petrov'],
	],
])('%j finds %j', async (query, names) => {
	const _fields = { lead: ['name'], contact: ['name'] };
	const { data } = await search(query, { _fields });
	expect(data.map(({ name }: { name: string }) => name)).toEqual(names);
});

test('pages by a cursor that dies after 30 seconds', async () => {
	const first = await search(of('lead'), { _limit: 2, include_counts: true });
	expect(first).toEqual({
		data: [
			{ __object_type: 'lead', id: close.account.leads.bluebird.id },
			{ __object_type: 'lead', id: close.account.leads.northwind.id },
		],
		cursor: expect.any(String),
		count: { limited: 3, total: 3 },
	});
	expect(await search(of('lead'), { cursor: first.cursor })).toMatchObject({
		data: [expect.anything()],
		cursor: null,
	});
	close.clock.advance(31_000);
	expect((await search(of('lead'), { cursor: first.cursor })).errors).toEqual([
		'The cursor is invalid or has expired.',
	]);
});

test('refuses what it does not know', async () => {
	expect((await search({ type: 'telepathy' }))['field-errors']).toEqual({
		query: 'Unknown query type "telepathy".',
	});
	expect((await search(of('lead'), { limit: 5, _limit: 201 }))['field-errors']).toEqual({
		limit: 'Unknown field.',
		_limit: 'The value is too large.',
	});
});
