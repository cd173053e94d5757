import type { IDataObject, INodeParameters } from 'n8n-workflow';
import type { SmsActivity } from '../../dev/simulator';
import { byId, byNumber } from '../../dev/locators';
import { ERROR_MODES, messages, setUpSms, smsRequest } from './setUpSms';

const sms = setUpSms();
const maria = '+14155550101';
const LEAD = 'lead_bluebird00000000000000';
const CONTACT = 'cont_maria00000000000000000';
const AT = '2035-06-01T09:00:00Z';
const message = {
	leadId: byId(LEAD),
	contactId: byId(CONTACT),
	remotePhone: maria,
	localPhone: byNumber('+14155550100'),
	text: 'Hi Maria',
};
const body = {
	lead_id: LEAD,
	contact_id: CONTACT,
	remote_phone: maria,
	local_phone: '+14155550100',
	text: 'Hi Maria',
};
const create = async (parameters: INodeParameters, options = {}) =>
	await sms.run('create', { ...message, ...parameters }, options);

const post = (sent: IDataObject, query = {}) => ({
	method: 'POST',
	path: '/activity/sms/',
	query,
	body: sent,
});

/** What was created, the oldest first. */
const made = () =>
	sms.close
		.allSms()
		.filter(({ date_created: at }) => Date.parse(at) > Date.UTC(2026, 2))
		.reverse();

describe('modes', () => {
	test.each([
		['draft', 'draft', 'outbound'],
		['logReceived', 'inbox', 'inbound'],
		['logSent', 'sent', 'outbound'],
	])('%s: one request, and nobody is texted', async (mode, status, direction) => {
		const { json, error } = await create({ mode });
		sms.deliver();

		expect(error).toBeUndefined();
		expect(sms.wire()).toEqual([post({ ...body, status })]);
		expect(json).toEqual(made());
		expect(json).toMatchObject([{ ...body, status, direction }]);
		expect(sms.close.texted).toEqual([]);
	});

	test('draft is the default', async () => {
		await create({});

		expect(sms.wire()).toEqual([post({ ...body, status: 'draft' })]);
	});

	test('send: a draft, then into the outbox; the person is texted once', async () => {
		const { json, error } = await create({ mode: 'send' });
		const [{ id }] = json;
		sms.deliver();

		expect(error).toBeUndefined();
		expect(json).toMatchObject([{ ...body, status: 'outbox' }]);
		expect(Object.keys(json[0])).toHaveLength(37);
		expect(sms.wire()).toEqual([
			post({ ...body, status: 'draft' }),
			smsRequest('PUT', id, { status: 'outbox' }),
		]);
		expect(sms.close.timesTexted(maria)).toBe(1);
		expect(made()).toHaveLength(1);
	});

	test('schedule: a draft, then scheduled; the person is texted at that time', async () => {
		const { json, error } = await create(
			{ mode: 'schedule', dateScheduled: '2035-06-01T05:00:00' },
			{ timezone: 'America/New_York' },
		);
		const date_scheduled = '2035-06-01T05:00:00-04:00';

		expect(error).toBeUndefined();
		expect(sms.wire()).toEqual([
			post({ ...body, status: 'draft' }),
			smsRequest('PUT', json[0].id, { status: 'scheduled', date_scheduled }),
		]);
		sms.deliver();
		expect(sms.close.texted).toEqual([]);
		sms.advancePast(AT);
		expect(sms.close.timesTexted(maria)).toBe(1);
	});

	test('an expression for each item', async () => {
		const items = [{ mode: 'draft' }, { mode: 'send' }, { mode: 'logSent' }];
		const { json, error } = await create({ mode: '={{ $json.mode }}' }, { items });
		sms.deliver();

		expect(error).toBeUndefined();
		expect(json.map(({ status }) => status)).toEqual(['draft', 'outbox', 'sent']);
		expect(sms.close.timesTexted(maria)).toBe(1);
	});
});

describe('fields', () => {
	const file = { url: 'https://app.close.com/go/file/permanent/a.pdf', filename: 'a.pdf' };

	test.each<[string, INodeParameters, IDataObject]>([
		['activityAt', { activityAt: '2026-02-05T12:00:00Z' }, { activity_at: '2026-02-05T12:00:00Z' }],
		[
			'dateCreated',
			{ dateCreated: '2026-02-05T13:00:00' },
			{ date_created: '2026-02-05T13:00:00+01:00' },
		],
		['direction', { direction: 'outbound' }, { direction: 'outbound' }],
		['source', { source: 'External' }, { source: 'External' }],
		[
			'userId',
			{ userId: byId('user_ben0000000000000000000') },
			{ user_id: 'user_ben0000000000000000000' },
		],
		[
			'attachments',
			{ attachments: { attachment: [{ source: 'url', ...file, contentType: 'application/pdf' }] } },
			{ attachments: [{ ...file, content_type: 'application/pdf' }] },
		],
	])('%s is sent under its name in Close', async (_, additionalFields, sent) => {
		const { error } = await create(
			{ mode: 'logReceived', additionalFields },
			{ timezone: 'Europe/Berlin' },
		);

		expect(error).toBeUndefined();
		expect(sms.wire()).toEqual([post({ ...body, ...sent, status: 'inbox' })]);
	});

	test('sendToInbox goes into the query', async () => {
		const { json } = await create({
			mode: 'logReceived',
			additionalFields: { sendToInbox: true },
		});

		expect(sms.wire()).toEqual([post({ ...body, status: 'inbox' }, { send_to_inbox: 'true' })]);
		expect(sms.close.notifications).toEqual([json[0].id]);
	});

	test('what the mode does not have is not sent', async () => {
		const { error } = await create({
			mode: 'send',
			additionalFields: { sendToInbox: true, direction: 'inbound', source: 'External' },
		});

		expect(error).toBeUndefined();
		expect(sms.wire()[0]).toEqual(post({ ...body, status: 'draft' }));
	});

	test('a template is rendered by Close', async () => {
		const { json } = await create({
			mode: 'send',
			text: '',
			templateId: byId('smstmpl_thanks0000000000000000'),
		});
		const rest = { ...body, text: undefined };

		expect(json).toMatchObject([
			{ status: 'outbox', text: 'Thank you for choosing Harbor Roofing.' },
		]);
		expect(sms.wire()[0]).toEqual(
			post({ ...rest, template_id: 'smstmpl_thanks0000000000000000', status: 'draft' }),
		);
	});

	test('what is empty is left out', async () => {
		await create({
			leadId: byId(''),
			contactId: byId('={{ $json.nothing }}'),
			localPhone: byNumber('={{ null }}'),
			remotePhone: '',
			additionalFields: { activityAt: '={{ $json.nothing }}' },
		});

		expect(sms.wire()).toEqual([post({ text: 'Hi Maria', status: 'draft' })]);
	});

	test('simplified, and with message info', async () => {
		const { json } = await create({
			mode: 'schedule',
			dateScheduled: AT,
			output: 'simplified',
			options: { addMessageInfo: true },
		});

		expect(json).toEqual([
			{
				...body,
				id: made()[0].id,
				status: 'scheduled',
				date_scheduled: '2035-06-01T09:00:00+00:00',
				date_sent: null,
				error_message: null,
				segments: { count: 1, encoding: 'GSM-7', charactersLeft: 152, notInGsm7: [] },
				localTime: AT,
			},
		]);
	});
});

describe('an answer that gets lost', () => {
	const faults = [
		['reset', { kind: 'resetAfter' }],
		['a web page', { kind: 'html', applied: true }],
		['cut JSON', { kind: 'cutJson' }],
		['an empty body', { kind: 'emptyBody' }],
	] as const;

	test.each(faults)(
		'%s, to the draft: nobody is texted, and it is not created twice',
		async (_, fault) => {
			sms.close.faults.order({ ...fault, match: { method: 'POST' } });
			const { error } = await create({ mode: 'send' });
			sms.deliver();

			expect(error?.message).toMatch(
				/^A draft may have been left in Close, and nobody was texted \[item 0\]: /,
			);
			expect(error?.description).toMatch(/Look at it in Close/);
			expect(made()).toMatchObject([{ status: 'draft' }]);
			expect(sms.close.texted).toEqual([]);
		},
	);

	test.each(faults)('%s, to the sending: texted once', async (_, fault) => {
		sms.close.faults.order({ ...fault, match: { method: 'PUT' } });
		const { json, error } = await create({ mode: 'send' });
		sms.deliver();

		expect(error).toBeUndefined();
		expect(json).toMatchObject([{ id: made()[0].id }]);
		expect(made()).toHaveLength(1);
		expect(sms.close.timesTexted(maria)).toBe(1);
	});

	test('an answer without an ID', async () => {
		sms.close.faults.order({
			kind: 'status',
			status: 200,
			body: { ok: true },
			match: { method: 'POST' },
		});
		const { error } = await create({ mode: 'send' });

		expect(error?.message).toBe(
			'A draft may have been left in Close, and nobody was texted [item 0]: a response without an ID',
		);
	});

	test('and cannot be read back: may have been sent, named by its ID', async () => {
		sms.close.faults.order({ kind: 'resetAfter', match: { method: 'PUT' } });
		sms.close.faults.order({ kind: 'html', match: { method: 'GET' }, times: 100 });
		const { error } = await create({ mode: 'send', options: { maxRetries: 0 } });

		expect(error?.message).toBe(
			`This text may have been sent [item 0]: ECONNRESET. Its ID is ${made()[0].id}`,
		);
	});

	test('a log: may have been done', async () => {
		sms.close.faults.order({ kind: 'resetAfter' });
		const { error } = await create({ mode: 'logSent' });

		expect(error?.message).toBe('This may have been done [item 0]: ECONNRESET');
		expect(made()).toHaveLength(1);
	});
});

describe('Retry On Fail', () => {
	const node = { retryOnFail: true, maxTries: 3, waitBetweenTries: 0 };
	const refusal = { kind: 'status', status: 402, body: { error: 'No credit.' } } as const;

	test.each([
		['refused', refusal],
		['lost after it was done', { kind: 'resetAfter' }],
	] as const)('%s: the second try goes on with the same draft', async (_, fault) => {
		sms.close.faults.order({ ...fault, match: { method: 'PUT' } });
		sms.close.faults.order({ kind: 'status', status: 403, match: { method: 'GET' }, times: 2 });
		const { json, error } = await create({ mode: 'send', options: { maxRetries: 0 } }, { node });
		sms.deliver();

		expect(error).toBeUndefined();
		expect(json).toMatchObject([{ id: made()[0].id }]);
		expect(made()).toHaveLength(1);
		expect(sms.close.timesTexted(maria)).toBe(1);
	});

	test('two items, the second refused at first: each is created and sent once', async () => {
		sms.close.faults.order({ ...refusal, match: { method: 'PUT' }, after: 1 });
		const items = [{ text: 'one' }, { text: 'two' }];
		const { json, error } = await create(
			{ mode: 'send', text: '={{ $json.text }}' },
			{ node, items },
		);
		sms.deliver();

		expect(error).toBeUndefined();
		expect(json.map(({ text }) => text)).toEqual(['one', 'two']);
		expect(sms.close.texted.map(({ text }) => text)).toEqual(['one', 'two']);
		expect(made()).toHaveLength(2);
	});
});

describe.each(ERROR_MODES)('on error: %s', (onError) => {
	const node = { onError };

	test('Close refuses to let it go out: says that a draft was left', async () => {
		const run = await create(
			{ mode: 'send', leadId: byId(''), contactId: byId(''), remotePhone: '+14155550104' },
			{ node },
		);
		const [{ id }] = made();

		expect(messages(run)).toEqual([
			`Close refused this [item 0]: 'Remote Phone': Outbound SMS to this number is blocked. It was left as the draft ${id}, and nobody was texted`,
		]);
		expect(sms.close.sms(id)?.status).toBe('draft');
	});

	test('Close refuses the draft: in its own words, and nothing is left', async () => {
		const run = await create({ mode: 'send', leadId: byId('lead_nobody') }, { node });

		expect(messages(run)).toEqual(["Close refused this [item 0]: 'Lead': Invalid lead id."]);
		expect(made()).toEqual([]);
	});

	const empty = (label: string) => `'${label}' is empty [item 0]`;
	const noTime = (label: string) => `'${label}' is not a date and time that can be read [item 0]`;
	const noPhone = (label: string) => `'${label}' is not a phone number in E.164 format [item 0]`;
	const noFile = { source: 'url', url: '', filename: 'a.png', contentType: 'image/png' };

	test.each<[INodeParameters, string]>([
		[{ mode: '={{ "sent" }}' }, "'Mode' has an invalid value [item 0]"],
		[{ mode: '={{ "constructor" }}' }, "'Mode' has an invalid value [item 0]"],
		[{ mode: 'send', remotePhone: '' }, empty('Remote Phone')],
		[{ mode: 'schedule', dateScheduled: AT, remotePhone: '={{ null }}' }, empty('Remote Phone')],
		[{ mode: 'send', localPhone: byNumber('={{ "" }}') }, empty('Local Phone')],
		[
			{ mode: 'send', text: '={{ $json.nothing }}' },
			"'Text' and 'Template' are both empty [item 0]",
		],
		[{ templateId: byId('smstmpl_1') }, "'Text' and 'Template' are both set [item 0]"],
		[{ mode: 'schedule' }, empty('Date Scheduled')],
		[{ mode: 'schedule', dateScheduled: '={{ null }}' }, empty('Date Scheduled')],
		[{ mode: 'schedule', dateScheduled: 'soon' }, noTime('Date Scheduled')],
		[
			{ mode: '={{ "send" }}', dateScheduled: AT },
			"'Date Scheduled' is set but 'Mode' is not Schedule [item 0]",
		],
		[{ remotePhone: '4155550101' }, noPhone('Remote Phone')],
		[{ remotePhone: '={{ 14155550101 }}' }, noPhone('Remote Phone')],
		[{ localPhone: byNumber('+1 415 555 0100') }, noPhone('Local Phone')],
		[{ additionalFields: { activityAt: 'noon' } }, noTime('Activity At')],
		[{ additionalFields: { dateCreated: '={{ true }}' } }, noTime('Date Created')],
		[
			{ additionalFields: { attachments: { attachment: [noFile] } } },
			"'URL' of attachment 1 is empty [item 0]",
		],
		[
			{ mode: 'send', options: { skipIfTextedWithin: '={{ "soon" }}' } },
			"'Skip If Texted Within' is not a number of minutes [item 0]",
		],
		[
			{ mode: 'send', options: { skipIfTextedWithin: '={{ -5 }}' } },
			"'Skip If Texted Within' is not a number of minutes [item 0]",
		],
	])('%j: nothing is sent', async (parameters, text) => {
		expect(messages(await create(parameters, { node }))).toEqual([text]);
		expect(sms.wire()).toEqual([]);
	});

	test('a schedule in the past: both times are named', async () => {
		const run = await create({ mode: 'schedule', dateScheduled: '2020-01-01T09:00:00' }, { node });

		expect(messages(run)).toEqual([
			expect.stringMatching(
				/^'Date Scheduled' is in the past: it is 2020\S+, and now it is 20\S+ \[item 0\]$/,
			),
		]);
		expect(sms.wire()).toEqual([]);
	});

	test('1,000 items are texted once each, in order, paired', async () => {
		const items = Array.from({ length: 1000 }, (_, n) => ({
			phone: `+1415556${String(n).padStart(4, '0')}`,
		}));
		const { items: output, error } = await create(
			{
				mode: 'send',
				leadId: byId(''),
				contactId: byId(''),
				remotePhone: '={{ $json.phone }}',
				output: 'simplified',
			},
			{ items, node },
		);
		sms.deliver();

		expect(error).toBeUndefined();
		expect(
			output.map(({ json, pairedItem }) => [json.remote_phone, json.status, pairedItem]),
		).toEqual(
			items.map(({ phone }, item) => [phone, expect.stringMatching(/outbox|sent/), { item }]),
		);
		expect(items.filter(({ phone }) => sms.close.timesTexted(phone) !== 1)).toEqual([]);
		expect(made()).toHaveLength(1000);
	});
});

describe("the option 'Skip If Texted Within'", () => {
	const options = { skipIfTextedWithin: 60 };
	const minutesAgo = (minutes: number) =>
		new Date(Date.now() - minutes * 60_000).toISOString().replace('Z', '000+00:00');
	const earlier = (known: Partial<SmsActivity> = {}) =>
		sms.close.addSms({ ...body, status: 'sent', date_created: minutesAgo(30), ...known });
	const lookUp = (filter: IDataObject) => ({
		method: 'GET',
		path: '/activity/sms/',
		query: {
			...filter,
			date_created__gte: expect.stringMatching(/^20\S+Z$/),
			_fields: 'id,date_created,direction,remote_phone,status,text',
			_limit: '100',
		},
		body: undefined,
	});

	test('nothing like it: looked up, then sent', async () => {
		const { json } = await create({ mode: 'send', options });
		sms.deliver();

		expect(json[0]).not.toHaveProperty('_note');
		expect(sms.wire()).toEqual([
			lookUp({ lead_id: LEAD }),
			post({ ...body, status: 'draft' }),
			smsRequest('PUT', json[0].id, { status: 'outbox' }),
		]);
		const since = Date.now() - Date.parse(String(sms.close.requests[0].query.date_created__gte));
		expect(Math.abs(since - 3_600_000)).toBeLessThan(60_000);
		expect(sms.close.timesTexted(maria)).toBe(1);
	});

	test.each([
		['lead and contact', {}, { lead_id: LEAD }],
		['contact', { leadId: byId('') }, { contact_id: CONTACT }],
		['neither', { leadId: byId(''), contactId: byId('') }, {}],
	])('%s: whose texts are looked up', async (_, parameters, filter) => {
		await create({ ...parameters, mode: 'send', options });

		expect(sms.wire()[0]).toEqual(lookUp(filter));
	});

	test.each(['sent', 'outbox', 'scheduled'] as const)(
		'the same text is %s: it is returned with a remark, and nothing is created',
		async (status) => {
			sms.close.carrierDelay(3_600_000);
			const date_scheduled = status === 'scheduled' ? '2035-01-01T00:00:00+00:00' : null;
			const twin = earlier({ status, date_scheduled });
			const { json, error } = await create({ mode: 'send', options });

			expect(error).toBeUndefined();
			expect(json).toEqual([
				{
					...twin,
					_note: `Not sent again: this is the same text to the same number, created at ${new Date(twin.date_created).toISOString()}.`,
				},
			]);
			expect(sms.wire()).toEqual([lookUp({ lead_id: LEAD }), smsRequest('GET', twin.id)]);
			expect(sms.close.texted).toEqual([]);
		},
	);

	test('it is the same with other blanks', async () => {
		earlier({ text: ' Hi\n Maria ' });
		await create({ mode: 'schedule', dateScheduled: AT, options });

		expect(made()).toHaveLength(1);
	});

	test.each<[string, Partial<SmsActivity>]>([
		['another text', { text: 'Hi Maria!' }],
		['another number', { remote_phone: '+14155550102' }],
		['a draft', { status: 'draft' }],
		['one that failed', { status: 'error' }],
		['one that was received', { status: 'inbox', direction: 'inbound' }],
		['longer ago', { date_created: minutesAgo(61) }],
	])('%s does not count', async (_, known) => {
		earlier(known);
		await create({ mode: 'send', options });
		sms.deliver();

		expect(sms.close.timesTexted(maria)).toBe(1);
	});

	test('it is found behind more than a page of others', async () => {
		const twin = earlier();
		for (let n = 0; n < 150; n++) earlier({ text: `${n}`, date_created: minutesAgo(20) });
		const { json } = await create({ mode: 'send', options });

		expect(json).toMatchObject([{ id: twin.id }]);
		expect(sms.close.texted).toEqual([]);
	});

	test.each([
		['draft', {}],
		['send', { options: { skipIfTextedWithin: 0 } }],
	])('mode %s: not looked up %j', async (mode, parameters) => {
		earlier();
		await create({ mode, options, ...parameters });

		expect(sms.wire()[0].method).toBe('POST');
		expect(made()).toHaveLength(2);
	});

	describe('a template, whose text only Close knows', () => {
		const template = { text: '', templateId: byId('smstmpl_reminder00000000000000') };
		const rendered =
			'Hi Maria, this is Ada from Harbor Roofing. See you tomorrow at Bluebird Cafe!';

		test('texted already: the draft is deleted, and nothing is sent', async () => {
			const twin = earlier({ text: rendered });
			const { json } = await create({ ...template, mode: 'send', options });
			const draftId = sms.wire()[2].path.split('/')[3];

			expect(json).toMatchObject([
				{ id: twin.id, _note: expect.stringMatching(/^Not sent again/) },
			]);
			expect(sms.wire().map(({ method }) => method)).toEqual([
				'POST',
				'GET',
				'GET',
				'DELETE',
				'GET',
			]);
			expect(draftId).not.toBe(twin.id);
			expect(made()).toEqual([twin]);
			expect(sms.close.texted).toEqual([]);
		});

		test('the draft cannot be deleted: says that it was left', async () => {
			earlier({ text: rendered });
			sms.close.faults.order({ kind: 'status', status: 403, match: { method: 'DELETE' } });
			const { json } = await create({ ...template, mode: 'send', options });
			const draft = made().find(({ status }) => status === 'draft');

			expect(json[0]._note).toContain(
				`${draft?.id}, which was created to render the template, was left in Close.`,
			);
			expect(sms.close.texted).toEqual([]);
		});

		test('not texted yet: sent', async () => {
			const { json } = await create({ ...template, mode: 'send', options });
			sms.deliver();

			expect(json).toMatchObject([{ text: rendered }]);
			expect(sms.close.timesTexted(maria)).toBe(1);
		});
	});

	test.each(ERROR_MODES)('items of one run, on error: %s', async (onError) => {
		const items = Array.from({ length: 30 }, (_, n) => ({ text: `to ${n % 3}` }));
		const { items: output, error } = await create(
			{ mode: 'send', text: '={{ $json.text }}', options },
			{ items, node: { onError } },
		);
		sms.deliver();

		expect(error).toBeUndefined();
		expect(output.map(({ pairedItem }) => pairedItem)).toEqual(items.map((_, item) => ({ item })));
		expect(output.map(({ json }) => '_note' in json)).toEqual(items.map((_, n) => n > 2));
		expect(sms.close.texted.map(({ text }) => text).sort()).toEqual(['to 0', 'to 1', 'to 2']);
	});

	test('a template for items of one run: texted once', async () => {
		const items = Array.from({ length: 10 }, () => ({}));
		const { error } = await create(
			{ mode: 'send', text: '', templateId: byId('smstmpl_thanks0000000000000000'), options },
			{ items },
		);
		sms.deliver();

		expect(error).toBeUndefined();
		expect(sms.close.timesTexted(maria)).toBe(1);
		expect(made()).toHaveLength(1);
	});

	test('the first of two is refused: the second may go', async () => {
		sms.close.faults.order({ kind: 'status', status: 402, match: { method: 'PUT' } });
		const { outputs } = await create(
			{ mode: 'send', options },
			{ items: [{}, {}], node: { onError: 'continueErrorOutput' } },
		);
		sms.deliver();

		expect(outputs.map((items) => items.map(({ pairedItem }) => pairedItem))).toEqual([
			[{ item: 1 }],
			[{ item: 0 }],
		]);
		expect(sms.close.timesTexted(maria)).toBe(1);
	});

	test('it cannot be looked up: nothing is sent', async () => {
		sms.close.faults.order({ kind: 'status', status: 403, match: { method: 'GET' } });
		const { error } = await create({ mode: 'send', options });

		expect(error?.message).toMatch(/^Close refused this/);
		expect(made()).toEqual([]);
	});
});
