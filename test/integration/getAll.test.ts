import type { INodeParameters } from 'n8n-workflow';
import type { SmsActivity } from '../../dev/simulator';
import { byId, byNumber } from '../../dev/locators';
import { ERROR_MODES, messages, setUpSms } from './setUpSms';

const sms = setUpSms();
const getAll = async (parameters: INodeParameters = {}, options = {}) =>
	await sms.run('getAll', parameters, options);
const filtered = async (filters: INodeParameters, options = {}) =>
	await getAll({ filters }, options);

const queries = () => sms.close.requests.map(({ query }) => query);
const ids = (activities: Array<{ id?: unknown }>) => activities.map(({ id }) => id);

/** One more activity for each second of a day long ago. */
const fill = (count: number, known: Partial<SmsActivity> = {}) =>
	Array.from({ length: count }, (_, n) =>
		sms.close.addSms({
			date_created: new Date(Date.UTC(2025, 0, 1, 0, 0, 0, n * 400))
				.toISOString()
				.replace(/(\.\d+)Z/, '$1000+00:00'),
			text: `number ${n}`,
			...known,
		}),
	);

describe('output', () => {
	test('raw: the newest first, one item each, paired to the input', async () => {
		const { items, error } = await getAll();

		expect(error).toBeUndefined();
		expect(items).toEqual(sms.close.allSms().map((json) => ({ json, pairedItem: { item: 0 } })));
		expect(sms.wire()).toEqual([
			{ method: 'GET', path: '/activity/sms/', query: { _limit: '50' }, body: undefined },
		]);
	});

	test('simplified: ten fields of each', async () => {
		const { json } = await getAll({ output: 'simplified', limit: 2 });

		expect(json).toEqual(
			sms.close
				.allSms()
				.slice(0, 2)
				.map(({ id, status, text }) => expect.objectContaining({ id, status, text })),
		);
		expect(json.map((one) => Object.keys(one).length)).toEqual([10, 10]);
	});

	test('selected: Close is asked for these and what paging needs', async () => {
		const { json } = await getAll({ output: 'selected', fields: ['cost'] });

		expect(json).toEqual(sms.close.allSms().map(({ id, cost }) => ({ id, cost })));
		expect(queries()).toEqual([{ _limit: '50', _fields: 'id,cost,date_created' }]);
	});

	test('selected with filters applied here: their fields are asked for, and not returned', async () => {
		const { json } = await getAll({
			output: 'selected',
			fields: ['cost'],
			filters: { status: ['sent'], textContains: 'thursday' },
		});

		expect(json).toEqual([{ id: 'acti_sent000000000000000000', cost: '1' }]);
		expect(queries()).toEqual([{ _limit: '100', _fields: 'id,cost,date_created,status,text' }]);
	});

	test('nothing found: no items', async () => {
		const { items, error } = await filtered({ leadId: byId('lead_nobody') });

		expect(error).toBeUndefined();
		expect(items).toEqual([]);
	});
});

describe('filters of Close are sent', () => {
	test.each<[string, INodeParameters, Record<string, string>]>([
		[
			'leadId',
			{ leadId: byId('lead_bluebird00000000000000') },
			{ lead_id: 'lead_bluebird00000000000000' },
		],
		[
			'contactId',
			{ contactId: byId('cont_sam0000000000000000000') },
			{ contact_id: 'cont_sam0000000000000000000' },
		],
		[
			'userId',
			{ userId: byId('user_ada0000000000000000000') },
			{ user_id: 'user_ada0000000000000000000' },
		],
		[
			'createdAfter',
			{ createdAfter: '2026-02-03T00:00:00' },
			{ date_created__gte: '2026-02-03T00:00:00+01:00' },
		],
		[
			'createdBefore',
			{ createdBefore: '2026-02-03' },
			{ date_created__lt: '2026-02-03T00:00:00+01:00' },
		],
		[
			'activityAfter',
			{ activityAfter: '2026-02-03T00:00:00Z' },
			{ activity_at__gte: '2026-02-03T00:00:00Z' },
		],
		[
			'activityBefore',
			{ activityBefore: '2026-02-03T00:00:00-05:00' },
			{ activity_at__lt: '2026-02-03T00:00:00-05:00' },
		],
		[
			'a DateTime',
			{ createdAfter: '={{ DateTime.fromISO("2026-02-03T12:00", { zone: "UTC" }) }}' },
			{ date_created__gte: '2026-02-03T12:00:00Z' },
		],
		[
			'a Date',
			{ createdAfter: '={{ new Date("2026-02-03T12:00:00Z") }}' },
			{ date_created__gte: '2026-02-03T13:00:00+01:00' },
		],
	])('%s', async (_, filters, query) => {
		const { error } = await filtered(filters, { timezone: 'Europe/Berlin' });

		expect(error).toBeUndefined();
		expect(queries()).toEqual([{ _limit: '50', ...query }]);
		expect(sms.close.requests[0].unknownQuery).toEqual([]);
	});

	test('what they mean at Close: from this time on, and before that', async () => {
		const { json } = await filtered({
			createdAfter: '2026-02-02T16:20:00Z',
			createdBefore: '2026-02-04T08:15:30.250Z',
		});

		expect(ids(json)).toEqual(['acti_failed0000000000000000', 'acti_sent000000000000000000']);
	});
});

describe('filters that Close lacks are applied here', () => {
	const { draft, scheduled, failed, sent, received } = {
		draft: 'acti_draft00000000000000000',
		scheduled: 'acti_scheduled0000000000000',
		failed: 'acti_failed0000000000000000',
		sent: 'acti_sent000000000000000000',
		received: 'acti_received00000000000000',
	};

	test.each<[string, INodeParameters, string[]]>([
		['one status', { status: ['scheduled'] }, [scheduled]],
		['several', { status: ['draft', 'error'] }, [draft, failed]],
		['from an expression', { status: '={{ "draft, sent" }}' }, [draft, sent]],
		['inbound', { direction: 'inbound' }, [received]],
		['outbound', { direction: 'outbound' }, [draft, scheduled, failed, sent]],
		['remotePhone', { remotePhone: '+14155550101' }, [draft, sent, received]],
		[
			'localPhone',
			{ localPhone: byNumber('+14155550100') },
			[draft, scheduled, failed, sent, received],
		],
		['another localPhone', { localPhone: byNumber('+12065550111') }, []],
		['textContains', { textContains: 'THURSDAY' }, [draft, sent, received]],
		['without attachments', { hasAttachments: false }, [draft, scheduled, failed, sent, received]],
		['with attachments', { hasAttachments: true }, []],
		[
			'all together',
			{
				direction: 'outbound',
				status: ['draft', 'sent'],
				remotePhone: '+14155550101',
				textContains: '10 works',
			},
			[sent],
		],
	])('%s', async (_, filters, found) => {
		const { json, error } = await filtered(filters);

		expect(error).toBeUndefined();
		expect(ids(json)).toEqual(found);
		expect(queries()).toEqual([{ _limit: '100' }]);
	});

	test('a text without text, and one with attachments', async () => {
		const file = { url: 'u', filename: 'a.png', content_type: 'image/png', size: 1, media_id: 'm' };
		const { id } = sms.close.addSms({ text: null, attachments: [file] });

		expect(ids((await filtered({ hasAttachments: true })).json)).toEqual([id]);
		expect(ids((await filtered({ textContains: 'a' })).json)).not.toContain(id);
	});

	test('Limit counts what passes, and pages are fetched until it is reached', async () => {
		fill(250, { direction: 'outbound' });
		const wanted = fill(250, { direction: 'inbound', status: 'inbox' });
		const { json } = await getAll({
			limit: 120,
			filters: { direction: 'inbound', textContains: 'number' },
		});

		expect(json).toHaveLength(120);
		expect(ids(json)).toEqual(ids(wanted.slice(-120).reverse()));
		expect(sms.close.requests).toHaveLength(3);
	});
});

describe('paging', () => {
	test.each([
		[1, 1],
		[50, 1],
		[100, 1],
		[101, 2],
		[150, 2],
		[199, 2],
		[200, 3],
		[1000, 11],
	])('Limit %i: %i requests', async (limit, requests) => {
		fill(1200);
		const { json } = await getAll({ limit });

		expect(ids(json)).toEqual(ids(sms.close.allSms().slice(0, limit)));
		expect(sms.close.requests).toHaveLength(requests);
		const asked = queries().map(({ _limit }) => Number(_limit));
		expect(Math.max(...asked)).toBeLessThanOrEqual(100);
		// Each page begins with the last text of the one before.
		const sum = asked.reduce((total, one) => total + one, 0);
		expect(sum - limit).toBe(requests - 1);
	});

	test('Return All: 2,500 activities once each, in order, by 26 requests', async () => {
		fill(2495);
		sms.close.maxSkip(10);
		const { json, error } = await getAll({ returnAll: true });

		expect(error).toBeUndefined();
		expect(ids(json)).toEqual(ids(sms.close.allSms()));
		expect(json).toHaveLength(2500);
		expect(sms.close.requests.length).toBe(26);
	});

	test('exactly one page: no second request', async () => {
		fill(95);
		const { json } = await getAll({ returnAll: true });

		expect(json).toHaveLength(100);
		expect(sms.close.requests).toHaveLength(1);
	});

	test('new ones come in, and old ones are back-dated, while 2,500 are read: none is left out, none comes twice', async () => {
		fill(2495);
		const before = ids(sms.close.allSms());
		sms.close.meanwhile(() => {
			sms.close.addSms({ text: 'new' });
			sms.close.receive({ from: '+14155550101', text: 'new' });
			sms.close.addSms({ text: 'back-dated', date_created: '2025-01-01T00:05:00.100000+00:00' });
		});
		const { json } = await getAll({ returnAll: true });
		const found = ids(json);

		expect(new Set(found).size).toBe(found.length);
		expect(before.filter((id) => !found.includes(id))).toEqual([]);
		expect(json.filter(({ text }) => text === 'new')).toEqual([]);
	});

	test.each([
		['one second', 0],
		['a minute', 133],
	])(
		'others are deleted, 450 within %s, while they are read: the rest is complete',
		async (_, ms) => {
			const start = Date.UTC(2025, 2, 1, 10);
			const deletable = Array.from({ length: 450 }, (__, n) =>
				sms.close.addSms({ date_created: new Date(start + n * ms).toISOString() }),
			);
			for (const nth of [1, 2, 3, 4])
				sms.close.after({ method: 'GET', nth }, () => {
					// Of those that were read, and of those that were not.
					for (const index of [445, 440, 10, 5])
						sms.close.somebody.deletes(deletable[index - nth].id);
				});
			const { json, error } = await getAll({ returnAll: true });

			expect(error).toBeUndefined();
			const found = ids(json);
			expect(ids(sms.close.allSms()).filter((id) => !found.includes(id))).toEqual([]);
			expect(new Set(found).size).toBe(found.length);
			expect(sms.close.allSms().length).toBeLessThanOrEqual(455 - 16);
		},
	);

	test('450 of the same second, more than a page, and more than 100 by the microsecond', async () => {
		fill(450, { date_created: '2025-03-01T10:00:00.123000+00:00' });
		fill(150, { date_created: '2025-03-01T10:00:00.123456+00:00' });
		fill(100);
		const { json } = await getAll({ returnAll: true });

		expect(ids(json)).toEqual(ids(sms.close.allSms()));
		expect(json).toHaveLength(705);
	});

	test('a list in another order is read on by number, from the last text that was read', async () => {
		const [older, newer, third] = fill(3);
		const answers = [
			{ data: [older, newer], has_more: true },
			{ data: [newer, third], has_more: false },
		];
		for (const body of answers) sms.close.faults.order({ kind: 'status', status: 200, body });
		const { json } = await getAll({ returnAll: true });

		expect(ids(json)).toEqual(ids([older, newer, third]));
		expect(queries()).toEqual([{ _limit: '100' }, { _limit: '100', _skip: '1' }]);
	});

	test('created before: paging keeps within it', async () => {
		fill(350);
		const { json } = await getAll({
			returnAll: true,
			filters: { createdBefore: '2025-01-01T00:02:00Z', createdAfter: '2025-01-01T00:00:10Z' },
		});

		expect(ids(json)).toEqual(
			ids(
				sms.close
					.allSms()
					.filter(
						({ date_created: at }) =>
							Date.parse(at) < Date.UTC(2025, 0, 1, 0, 2) &&
							Date.parse(at) >= Date.UTC(2025, 0, 1, 0, 0, 10),
					),
			),
		);
		expect(json).toHaveLength(275);
	});

	test('trouble on the way: every page is asked for again until it is there', async () => {
		fill(995);
		sms.close.faults.order({ kind: 'resetAfter', after: 1 });
		sms.close.faults.order({ kind: 'html', after: 4 });
		sms.close.faults.order({ kind: 'cutJson', after: 7 });
		sms.close.rateLimit.set({ limit: 8, windowSeconds: 0.2 });
		const { json, error } = await getAll({ returnAll: true, options: { maxRetries: 1 } });

		expect(error).toBeUndefined();
		expect(ids(json)).toEqual(ids(sms.close.allSms()));
	});

	test.each(ERROR_MODES)(
		'one input item after another, each with its own list, on error: %s',
		async (onError) => {
			const { items } = await getAll(
				{ filters: { remotePhone: '={{ $json.phone }}' }, output: 'selected', fields: [] },
				{
					items: [{ phone: '+14155550102' }, { phone: '+19995550000' }, { phone: '+14155550101' }],
					node: { onError },
				},
			);

			expect(items.map(({ json, pairedItem }) => [json.id, pairedItem])).toEqual([
				['acti_scheduled0000000000000', { item: 0 }],
				['acti_draft00000000000000000', { item: 2 }],
				['acti_sent000000000000000000', { item: 2 }],
				['acti_received00000000000000', { item: 2 }],
			]);
		},
	);

	test('1,000 input items', async () => {
		const items = Array.from({ length: 1000 }, (_, n) => ({ limit: (n % 5) + 1 }));
		const { items: output } = await getAll({ limit: '={{ $json.limit }}' }, { items });

		expect(output.map(({ pairedItem }) => pairedItem)).toEqual(
			items.flatMap(({ limit }, item) => Array.from({ length: limit }, () => ({ item }))),
		);
	});
});

describe.each(ERROR_MODES)('bad input, on error: %s', (onError) => {
	const unreadable = (label: string) => `'${label}' is not a date and time that can be read`;
	const empty = (label: string) => `'${label}' is empty`;
	const impossible = (label: string) => `'${label}' has an invalid value`;

	test.each<[INodeParameters, string]>([
		[{ filters: { leadId: byId('={{ $json.nothing }}') } }, empty('Lead')],
		[{ filters: { contactId: byId('={{ "" }}') } }, empty('Contact')],
		[{ filters: { userId: byId('={{ null }}') } }, empty('User')],
		[{ filters: { createdAfter: '' } }, empty('Created After')],
		[{ filters: { createdBefore: '={{ $json.nothing }}' } }, empty('Created Before')],
		[{ filters: { activityAfter: '={{ null }}' } }, empty('Activity After')],
		[{ filters: { activityBefore: ' ' } }, empty('Activity Before')],
		[{ filters: { textContains: '' } }, empty('Message Contains')],
		[{ filters: { status: [] } }, empty('Status')],
		[{ filters: { remotePhone: '={{ undefined }}' } }, empty('Remote Phone')],
		[{ filters: { localPhone: byNumber('={{ "" }}') } }, empty('Local Phone')],
		[{ filters: { hasAttachments: '={{ null }}' } }, empty('Has Attachments')],
		[{ filters: { direction: '={{ "" }}' } }, empty('Direction')],
		[{ filters: { createdAfter: 'yesterday' } }, unreadable('Created After')],
		[{ filters: { createdBefore: '={{ 5 }}' } }, unreadable('Created Before')],
		[{ filters: { activityAfter: '2026-13-01' } }, unreadable('Activity After')],
		[{ filters: { activityBefore: '={{ ({}) }}' } }, unreadable('Activity Before')],
		[{ filters: { status: '={{ ["delivered"] }}' } }, impossible('Status')],
		[{ filters: { direction: '={{ "outgoing" }}' } }, impossible('Direction')],
		[{ filters: { direction: '={{ ["inbound"] }}' } }, impossible('Direction')],
		[{ filters: { textContains: '={{ ({}) }}' } }, "'Message Contains' is an object, not words"],
		[{ filters: { leadId: byId('={{ ["lead_1"] }}') } }, impossible('Lead')],
		[{ filters: { remotePhone: '4155550101' } }, "'Remote Phone' has no country code: 4155550101"],
		[
			{ filters: { remotePhone: '={{ ["+14155550101"] }}' } },
			"'Remote Phone' is a list, not a phone number",
		],
		[
			{ filters: { localPhone: byNumber('(415) 555-0100') } },
			"'Local Phone' has no country code: (415) 555-0100",
		],
		[{ filters: { hasAttachments: '={{ "yes" }}' } }, impossible('Has Attachments')],
		[{ limit: '={{ 0 }}' }, "'Limit' is not a whole number above zero"],
		[{ limit: '={{ -1 }}' }, "'Limit' is not a whole number above zero"],
		[{ limit: '={{ 1.5 }}' }, "'Limit' is not a whole number above zero"],
		[{ limit: '={{ "many" }}' }, "'Limit' is not a whole number above zero"],
	])('%j', async (parameters, message) => {
		const run = await getAll(parameters, { node: { onError } });

		expect(messages(run)).toEqual([expect.stringContaining(message)]);
		expect(sms.close.requests).toEqual([]);
	});

	test('Close refuses a page: no half list', async () => {
		fill(200);
		sms.close.faults.order({ kind: 'status', status: 400, body: { error: 'No.' }, after: 1 });
		const run = await getAll({ returnAll: true }, { node: { onError } });

		expect(messages(run)).toEqual(['Close refused this: No']);
	});
});
