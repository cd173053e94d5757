import { api, close } from './fixture';

const search = async (query: object, more = {}) =>
	(await api.post('/data/search/', { query, ...more })).data;
const of = (object_type: string, ...queries: object[]) => ({
	type: 'and',
	queries: [{ type: 'object_type', object_type }, ...queries],
});
const text = (value: string, mode?: string) => ({ type: 'text', value, mode });
/** The people, or leads, who have one of these numbers. */
const byPhone = (object_type: string, mode: string, ...numbers: string[]) =>
	of(object_type, {
		type: 'has_related',
		this_object_type: object_type,
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

test.each<[object, string[]]>([
	[
		of('lead'),
		[
			'Bluebird Cafe',
			'Northwind Books',
			'Tanaka & Daughters',
			'Meridian Travel',
			'Saguaro Ceramics',
			'Drifter Surf',
		],
	],
	[of('lead', text('northwind')), ['Northwind Books']],
	[of('lead', text('north')), []],
	[of('lead', text('north bo', 'beginning_of_words')), ['Northwind Books']],
	[of('lead', text('+14155550102')), ['Bluebird Cafe']],
	[of('lead', text('books northwind', 'phrase')), []],
	[of('lead', text('tanaka'), { ...text('kenji'), negate: true }), []],
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
	[byPhone('contact', 'full_words', '+14155550101'), ['Maria Santos']],
	[byPhone('contact', 'phrase', '+12065550103'), ['Sam Reyes']],
	[byPhone('contact', 'full_words', '+12125550120'), ['Paula Reed', 'Peter Reed']],
	[
		byPhone('contact', 'phrase', '+14155550101', '+12125550121', '+14155559999'),
		['Maria Santos', 'Grace Whitfield'],
	],
	[byPhone('contact', 'full_words', '+1415555010'), []],
	[byPhone('lead', 'full_words', '+12065550103'), ['Bluebird Cafe']],
])('%j finds %j', async (query, names) => {
	const _fields = { lead: ['name'], contact: ['name'] };
	const { data } = await search(query, { _fields });
	expect(data.map(({ name }: { name: string }) => name)).toEqual(names);
});

test('pages by a cursor that dies after 30 seconds', async () => {
	const first = await search(of('lead'), { _limit: 4, include_counts: true });
	expect(first).toEqual({
		data: [
			{ __object_type: 'lead', id: close.account.leads.bluebird.id },
			{ __object_type: 'lead', id: close.account.leads.northwind.id },
			{ __object_type: 'lead', id: close.account.leads.tanaka.id },
			{ __object_type: 'lead', id: close.account.leads.meridian.id },
		],
		cursor: expect.any(String),
		count: { limited: 6, total: 6 },
	});
	expect(await search(of('lead'), { cursor: first.cursor })).toMatchObject({
		data: [expect.anything(), expect.anything()],
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
