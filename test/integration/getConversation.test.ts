import type { INodeParameters } from 'n8n-workflow';
import type { SmsActivity } from '../../dev/simulator';
import { ERROR_MODES, messages, setUpSms } from './setUpSms';

const sms = setUpSms();
const by = (mode: string, value: string) => ({ person: { __rl: true, mode, value } });
const getConversation = async (parameters: INodeParameters, options = {}) =>
	await sms.run('getConversation', parameters, options);

const main = () => sms.close.account.phoneNumbers.main.number;
const maria = () => sms.close.account.contacts.maria;
const mariasNumber = () => maria().phones[0].phone;
const bluebird = () => sms.close.account.leads.bluebird.id;
const texts = (json: Array<{ text?: unknown }>) => json.map(({ text }) => text);
const wire = () => sms.close.requests.map(({ method, path }) => `${method} ${path}`);

/** A time of a day long after the texts that the account begins with. */
const at = (minutes: number) =>
	new Date(Date.UTC(2026, 5, 1, 12, minutes)).toISOString().replace('Z', '+00:00');
const add = (minutes: number, text: string, more: Partial<SmsActivity> = {}) =>
	sms.close.addSms({
		text,
		date_created: at(minutes),
		status: 'sent',
		direction: 'outbound',
		remote_phone: mariasNumber(),
		local_phone: main(),
		lead_id: bluebird(),
		contact_id: maria().id,
		...more,
	});
const said = (minutes: number, text: string, more: Partial<SmsActivity> = {}) =>
	add(minutes, text, { status: 'inbox', direction: 'inbound', ...more });

/** A conversation with Maria, and what does not belong to it. */
const fill = () => {
	// What is in the outbox stays there.
	sms.close.carrierDelay(86_400_000);
	said(0, 'Are you open?');
	add(1, 'Yes, until five.', { contact_id: null });
	add(2, 'A draft', { status: 'draft' });
	add(3, 'Fails', { status: 'error', error_message: 'Landline.' });
	add(4, 'Later', { status: 'scheduled', date_scheduled: '2035-01-01T00:00:00+00:00' });
	said(5, 'From Sam', {
		contact_id: sms.close.account.contacts.sam.id,
		remote_phone: sms.close.account.contacts.sam.phones[0].phone,
	});
	said(6, 'Good!');
	add(7, 'See you.', { status: 'outbox' });
};
const MARIAS = ['Are you open?', 'Yes, until five.', 'Good!', 'See you.'];
const CONTACT_FIRST = ['GET /contact/cont_maria…', 'POST /data/search/'];
const SINCE = { since: '2026-06-01T00:00:00Z' };

describe('whose texts', () => {
	beforeEach(fill);

	test.each<[string, () => string, string[], string[]]>([
		['list', () => `${maria().id}|${mariasNumber()}`, MARIAS, CONTACT_FIRST],
		['contact', () => maria().id, MARIAS, CONTACT_FIRST],
		['lead', bluebird, ['Are you open?', 'Yes, until five.', 'From Sam', 'Good!', 'See you.'], []],
		['number', mariasNumber, MARIAS, ['POST /data/search/']],
		[
			'sms',
			() => sms.close.allSms().find(({ text }) => text === 'Good!')!.id,
			MARIAS,
			['GET /activity/sms/acti_…'],
		],
	])('by %s: the oldest first, with one list of the lead', async (mode, value, expected, first) => {
		const { json, error } = await getConversation({ ...by(mode, value()), ...SINCE });

		expect(error).toBeUndefined();
		expect(texts(json)).toEqual(expected);
		expect(sms.close.requests).toHaveLength(first.length + 1);
		expect(sms.close.requests.at(-1)).toMatchObject({
			method: 'GET',
			path: '/activity/sms/',
			query: { lead_id: bluebird(), _limit: '100' },
			unknownQuery: [],
		});
		expect(wire().slice(0, -1).join()).toMatch(
			new RegExp(`^${first.join().replace(/…/g, '\\w+/')}$`),
		);
	});

	test('a contact without a lead, and an SMS with a contact only: by the contact', async () => {
		const { id } = sms.close.account.contacts.sam;
		sms.close.faults.order({ kind: 'altered', answerWith: { lead_id: null } });
		await getConversation(by('contact', id));
		expect(sms.close.requests.slice(3).map(({ query }) => query)).toMatchObject([
			{ contact_id: id },
			{ lead_id: bluebird() },
		]);
		const one = add(9, 'Hi', { lead_id: null });
		sms.close.requests.length = 0;
		await getConversation(by('sms', one.id));
		expect(sms.close.requests.at(-1)?.query).toMatchObject({ contact_id: maria().id });
	});

	test('an SMS with neither lead nor contact: by its number', async () => {
		const { id } = add(9, 'Hi', { lead_id: null, contact_id: null });
		const { json } = await getConversation({ ...by('sms', id), ...SINCE });
		expect(texts(json)).toEqual(MARIAS);
		expect(wire().slice(1)).toEqual(['POST /data/search/', 'GET /activity/sms/']);
	});

	test.each(ERROR_MODES)(
		'nobody has the number, on error %s: an error that says so',
		async (onError) => {
			const run = await getConversation(by('number', '+19995550000'), { node: { onError } });
			expect(messages(run)).toEqual(['No contact in Close has this number']);
			expect(wire()).toEqual(['POST /data/search/']);
		},
	);

	test('an SMS without a number: an error', async () => {
		const { id } = add(9, 'Hi', { remote_phone: null });
		const run = await getConversation(by('sms', id));
		expect(messages(run)).toEqual(["The SMS under 'Person' has no number, so it is nobody's"]);
	});

	test.each([
		['contact', 'cont_nobody'],
		['sms', 'acti_nothing'],
	])("a %s that is not there: Close's words", async (mode, id) => {
		expect(messages(await getConversation(by(mode, id)))[0]).toMatch(/^Close refused this/);
	});

	test('a lead without texts, or an unknown one: no items', async () => {
		const { items, error } = await getConversation(by('lead', 'lead_nobody'));
		expect(error).toBeUndefined();
		expect(items).toEqual([]);
	});
});

describe('which texts', () => {
	beforeEach(fill);
	const marias = async (parameters: INodeParameters, options = {}) =>
		texts((await getConversation({ ...by('contact', maria().id), ...parameters }, options)).json);

	test('the last of them: limit', async () => {
		expect(await marias({ limit: 2 })).toEqual(['Good!', 'See you.']);
	});

	test('since: from this time on, in the zone of the workflow', async () => {
		const zone = { timezone: 'America/New_York' };
		expect(await marias({ since: '2026-06-01T08:06:00' }, zone)).toEqual(['Good!', 'See you.']);
		expect(await marias({ since: '2026-06-01T08:06:01' }, zone)).toEqual(['See you.']);
	});

	test('a text that was scheduled long before stands where it was said', async () => {
		add(-60 * 24 * 20, 'Reminder', { date_sent: at(5), activity_at: at(5) });
		expect(await marias({ ...SINCE, limit: 3 })).toEqual(['Reminder', 'Good!', 'See you.']);
	});
});

describe('a conversation of thousands', () => {
	const START = Date.UTC(2025, 0, 1);
	const long = (count: number, more: Partial<SmsActivity> = {}) => {
		for (let n = 0; n < count; n++)
			add(0, `number ${n}`, { date_created: new Date(START + n * 60_000).toISOString(), ...more });
	};
	const numbers = (from: number, to: number) =>
		Array.from({ length: to - from }, (_, index) => `number ${from + index}`);

	test('the last fifty take one request, the last 250 three, the last 5,000 all', async () => {
		long(3000);
		const last = async (limit?: number) => {
			const before = sms.close.requests.length;
			const { json } = await getConversation({
				...by('lead', bluebird()),
				...(limit && { limit }),
			});
			const all = texts(json);
			return {
				numbered: all.filter((text) => String(text).startsWith('number')),
				count: all.length,
				requests: sms.close.requests.length - before,
			};
		};
		// The account begins with texts of its own, which are newer.
		const own = sms.close
			.allSms()
			.filter(({ text, lead_id: lead }) => lead === bluebird() && !text?.startsWith('number'));
		const count = own.filter(({ status }) => status === 'sent' || status === 'inbox').length;
		expect(await last()).toEqual({
			numbered: numbers(2950 + count, 3000),
			count: 50,
			requests: 1,
		});
		expect(await last(250)).toEqual({
			numbered: numbers(2750 + count, 3000),
			count: 250,
			requests: 3,
		});
		expect(await last(5000)).toEqual({
			numbered: numbers(0, 3000),
			count: 3000 + count,
			requests: 31,
		});
	});

	test('since: no page further back than that', async () => {
		long(3000);
		const since = new Date(START + 2820 * 60_000).toISOString();
		const { json } = await getConversation({ ...by('lead', bluebird()), since, limit: 1000 });
		expect(texts(json).slice(0, 180)).toEqual(numbers(2820, 3000));
		expect(sms.close.requests).toHaveLength(2);
	});

	test("others' texts on the lead do not count: it reads on until there are enough", async () => {
		long(150);
		long(150, {
			date_created: '2025-06-01T00:00:00+00:00',
			contact_id: sms.close.account.contacts.sam.id,
			remote_phone: '+14155550102',
		});
		const { json } = await getConversation({ ...by('number', mariasNumber()), limit: 10 });
		expect(texts(json).slice(-8)).not.toContain('number 100');
		expect(json).toHaveLength(10);
		expect(json.every(({ remote_phone: number }) => number === mariasNumber())).toBe(true);
		expect(sms.close.requests).toHaveLength(3);
	});

	test('a list in another order is read to its end, so that the last are the last', async () => {
		const [first, second, third] = [said(1, 'first'), said(2, 'second'), said(3, 'third')];
		const answers = [
			{ data: [first, second], has_more: true },
			{ data: [third], has_more: false },
		];
		for (const body of answers) sms.close.faults.order({ kind: 'status', status: 200, body });
		const { json } = await getConversation({ ...by('lead', bluebird()), limit: 1 });
		expect(texts(json)).toEqual(['third']);
	});
});

describe('a number in several contacts and leads', () => {
	test('the texts of all leads that have it, in one list', async () => {
		const contacts = [
			{ id: 'cont_1', lead_id: 'lead_1', phones: [{ phone: '+14155550177' }] },
			{ id: 'cont_2', lead_id: 'lead_2', phones: [{ phone: '+14155550177' }] },
			{ id: 'cont_3', lead_id: 'lead_2', phones: [{ phone: '+14155550177' }] },
			// Close may find more than was asked for.
			{ id: 'cont_4', lead_id: 'lead_4', phones: [{ phone: '+14155550178' }] },
			{ id: 'cont_5', lead_id: null, phones: [{ phone: '+14155550177' }] },
		];
		const body = { data: contacts, cursor: null };
		sms.close.faults.order({ kind: 'status', status: 200, body, match: { path: /search/ } });
		const theirs = { remote_phone: '+14155550177' };
		said(1, 'one', { ...theirs, lead_id: 'lead_1' });
		said(2, 'two', { ...theirs, lead_id: 'lead_2' });
		said(3, 'somebody else', { lead_id: 'lead_2' });
		const { json } = await getConversation(by('number', '+14155550177'));
		expect(texts(json)).toEqual(['one', 'two']);
		expect(sms.close.requests.at(-1)?.query.lead_id).toBe('lead_1,lead_2');
	});
});

describe('a contact whose number others have too', () => {
	test('the answers that Close filed under another contact, on its lead or on another', async () => {
		const number = '+14155550177';
		const { contacts } = sms.close.account;
		for (const { id } of [contacts.maria, contacts.sam, contacts.landline])
			sms.close.somebody.changesContact(id, { phones: [{ ...maria().phones[0], phone: number }] });
		const lars = { contact_id: contacts.landline.id, lead_id: contacts.landline.lead_id };
		add(1, 'Shall we come?', { remote_phone: number });
		said(2, 'filed under Sam', { remote_phone: number, contact_id: contacts.sam.id });
		said(3, 'filed on the other lead', { remote_phone: number, ...lars });
		said(4, 'from another number of Lars', { remote_phone: '+14155550178', ...lars });
		const { json, error } = await getConversation({ ...by('contact', maria().id), ...SINCE });

		expect(error).toBeUndefined();
		expect(texts(json)).toEqual(['Shall we come?', 'filed under Sam', 'filed on the other lead']);
		expect(wire().slice(1)).toEqual(['POST /data/search/', 'GET /activity/sms/']);
	});

	test('when Close does not search, those on its own lead', async () => {
		fill();
		sms.close.faults.order({ kind: 'status', status: 403, body: {}, match: { path: /search/ } });
		const { json, error } = await getConversation({ ...by('contact', maria().id), ...SINCE });
		expect(error).toBeUndefined();
		expect(texts(json)).toEqual(MARIAS);
	});

	test('400 leads with the number: lists of fifty leads each, whose addresses are short', async () => {
		const number = '+14155550177';
		const contacts = Array.from({ length: 400 }, (_, n) => ({
			id: `cont_${n}`,
			lead_id: `lead_${String(n).padStart(43, '0')}`,
			phones: [{ phone: number }],
		}));
		const body = { data: contacts, cursor: null };
		sms.close.faults.order({ kind: 'status', status: 200, body, match: { path: /search/ } });
		const of = (n: number) => ({ remote_phone: number, lead_id: contacts[n].lead_id });
		said(2, 'on the last lead', of(399));
		said(1, 'on the first lead', of(0));
		const { json, error } = await getConversation(by('number', number));

		expect(error).toBeUndefined();
		expect(texts(json)).toEqual(['on the first lead', 'on the last lead']);
		const lists = sms.close.requests.slice(1).map(({ query }) => query.lead_id);
		expect(lists).toHaveLength(8);
		expect(Math.max(...lists.map((ids) => encodeURIComponent(String(ids)).length))).toBeLessThan(
			4000,
		);
	});
});

describe('output', () => {
	beforeEach(fill);

	test('raw: whole activities, paired to the input', async () => {
		const { items } = await getConversation({ ...by('contact', maria().id), ...SINCE });
		const expected = sms.close.allSms().find(({ text }) => text === 'Are you open?');
		expect(items[0]).toEqual({ json: expected, pairedItem: { item: 0 } });
	});

	test('simplified, and selected: Close is asked only for what is needed', async () => {
		const simplified = await getConversation({
			...by('contact', maria().id),
			...SINCE,
			output: 'simplified',
		});
		expect(simplified.json.map((one) => Object.keys(one).length)).toEqual([10, 10, 10, 10]);
		const selected = await getConversation({
			...by('contact', maria().id),
			...SINCE,
			output: 'selected',
			fields: ['text'],
		});
		expect(selected.json.map((one) => Object.keys(one))).toEqual(Array(4).fill(['id', 'text']));
		expect(sms.close.requests.at(-1)?.query._fields).toBe(
			'id,text,activity_at,contact_id,date_created,date_sent,direction,remote_phone,status',
		);
	});

	test('messages: one item for an AI model', async () => {
		said(8, '', {
			text: null,
			attachments: [{ filename: 'roof.jpg', content_type: 'image/jpeg' }] as never,
		});
		const { items } = await getConversation(
			{ ...by('contact', maria().id), ...SINCE, format: 'messages' },
			{ timezone: 'America/New_York' },
		);
		expect(items).toEqual([
			{
				json: {
					messages: [
						{ role: 'user', text: 'Are you open?', time: '2026-06-01T08:00:00-04:00' },
						{ role: 'assistant', text: 'Yes, until five.', time: '2026-06-01T08:01:00-04:00' },
						{ role: 'user', text: 'Good!', time: '2026-06-01T08:06:00-04:00' },
						{ role: 'assistant', text: 'See you.', time: '2026-06-01T08:07:00-04:00' },
						{ role: 'user', text: '[Attachment: roof.jpg]', time: '2026-06-01T08:08:00-04:00' },
					],
				},
				pairedItem: { item: 0 },
			},
		]);
	});

	test('messages, and nothing was said: still one item', async () => {
		const { json } = await getConversation({ ...by('lead', 'lead_nobody'), format: 'messages' });
		expect(json).toEqual([{ messages: [] }]);
	});
});

test('dry run: the requests, and what they assume', async () => {
	const dryRun = async (mode: string, value: string) =>
		(await getConversation({ ...by(mode, value), options: { dryRun: true } })).json;
	expect(await dryRun('number', '+14155550101')).toMatchObject([
		{
			dryRun: true,
			requests: [
				{ method: 'POST', url: expect.stringMatching(/\/data\/search\/$/) as string },
				{ method: 'GET', query: { lead_id: '{lead ID}', _limit: 100 } },
			],
			_note: expect.stringContaining('would be looked up by the number') as string,
		},
	]);
	expect(await dryRun('contact', 'cont_1')).toMatchObject([
		{ requests: [{ method: 'GET' }, { query: { lead_id: '{lead ID}' } }] },
	]);
	expect(await dryRun('sms', 'acti_1')).toMatchObject([
		{ requests: [{ method: 'GET' }, { query: { lead_id: '{lead ID}' } }] },
	]);
	expect(sms.close.requests).toEqual([]);
});

test('as the tool of an AI agent', async () => {
	fill();
	const { json } = await getConversation(
		{ ...by('number', "={{ $fromAI('phone') }}"), ...SINCE, format: 'messages' },
		{ agentCalls: [{ phone: mariasNumber() }, { phone: '+19995550000' }] },
	);
	expect(json).toMatchObject([
		{ answer: [{ messages: [{ role: 'user', text: 'Are you open?' }, {}, {}, {}] }] },
		{
			answer: [
				{
					error: {
						message: expect.stringContaining('No contact in Close has this number') as string,
						outcome: 'notDone',
					},
				},
			],
		},
	]);
});

test('Close does not search: an error that says why', async () => {
	const body = { error: 'No searching.' };
	sms.close.faults.order({ kind: 'status', status: 403, body, match: { path: /search/ } });
	const run = await getConversation(by('number', '+14155550101'));
	expect(messages(run)).toEqual([
		'The number could not be looked up (Close refused this: No searching.)',
	]);
});

test('a thousand numbers: one search for fifty of them, one list each', async () => {
	const numbers = ['+14155550101', '+14155550102'];
	const items = Array.from({ length: 1000 }, (_, n) => ({ phone: numbers[n % 2] }));
	const { json } = await getConversation(
		{ ...by('number', '={{ $json.phone }}'), format: 'messages' },
		{ items },
	);
	expect(json).toHaveLength(1000);
	expect(wire().filter((one) => one.startsWith('POST'))).toHaveLength(1);
});

describe.each(ERROR_MODES)('on error: %s', (onError) => {
	test('several people, one list each, paired and in order', async () => {
		fill();
		const { items } = await getConversation(
			{ ...by('number', '={{ $json.phone }}'), limit: 1 },
			{ items: [{ phone: '+14155550102' }, { phone: mariasNumber() }], node: { onError } },
		);
		expect(items.map(({ json, pairedItem }) => [json.text, pairedItem])).toEqual([
			['From Sam', { item: 0 }],
			['See you.', { item: 1 }],
		]);
	});

	test.each<[INodeParameters, string]>([
		[by('list', '={{ "" }}'), "'Person' is empty"],
		[by('number', '={{ $json.nothing }}'), "'Person' is empty"],
		[by('number', '415 555 0101'), "'Person' has no country code: 415 555 0101"],
		[by('contact', 'lead_1'), "'Person' is not a contact"],
		[by('lead', '../me'), "'Person' is not a lead"],
		[by('sms', 'cont_1'), "'Person' is not an SMS"],
		[by('list', 'Maria'), "'Person' is not somebody from the list"],
		[{ ...by('lead', 'lead_1'), limit: 0 }, "'Limit' is not a whole number above zero"],
		[
			{ ...by('lead', 'lead_1'), limit: '={{ "all" }}' },
			"'Limit' is not a whole number above zero",
		],
		[
			{ ...by('lead', 'lead_1'), since: 'yesterday' },
			"'Since' is not a date and time that can be read",
		],
		[{ ...by('lead', 'lead_1'), format: '={{ "chat" }}' }, "'Format' has an invalid value"],
	])('%j is an error before any request', async (parameters, message) => {
		const run = await getConversation(parameters, { node: { onError } });
		expect(messages(run)).toEqual([expect.stringContaining(message)]);
		expect(sms.close.requests).toEqual([]);
	});
});
