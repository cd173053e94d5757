import type { IDataObject, INodeParameters } from 'n8n-workflow';
import type { SmsActivity } from '../../dev/simulator';
import { byId, byNumber } from '../../dev/locators';
import { ERROR_MODES, LONG_RUN, at, messages, sendTo, setUpSms, smsRequest } from './setUpSms';
import { setUpSkippedWaits } from '../skippedWaits';

setUpSkippedWaits();

const sms = setUpSms();
const maria = '+14155550101';
const LEAD = 'lead_bluebird00000000000000';
const CONTACT = 'cont_maria00000000000000000';
const AT = '2035-06-01T09:00:00Z';
const of = (additionalFields: INodeParameters): INodeParameters => ({ additionalFields });
const whoseIds = { lead_id: LEAD, contact_id: CONTACT };
const whose = { leadId: byId(LEAD), contactId: byId(CONTACT) };
const body = {
	lead_id: LEAD,
	contact_id: CONTACT,
	remote_phone: maria,
	local_phone: '+14155550100',
	text: 'Hi Maria',
};
/** What was checked goes with the request that lets the text go out. */
const checked = { text: body.text, remote_phone: maria, local_phone: body.local_phone };
const send = async (parameters: INodeParameters = {}, options = {}) =>
	await sms.run('send', sendTo(maria, 'Hi Maria', { ...of(whose), ...parameters }), options);

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

describe('when', () => {
	test('now: a draft, then into the outbox; the person is texted once', async () => {
		const { json, error } = await send();
		const [{ id }] = json;
		sms.deliver();

		expect(error).toBeUndefined();
		expect(json).toMatchObject([{ ...body, status: 'outbox' }]);
		expect(Object.keys(json[0])).toHaveLength(37);
		expect(sms.wire()).toEqual([
			post({ ...body, status: 'draft' }),
			smsRequest('PUT', id, { ...checked, status: 'outbox' }),
		]);
		expect(sms.close.timesTexted(maria)).toBe(1);
		expect(made()).toHaveLength(1);
	});

	test('at a time: a draft, then scheduled; the person is texted at that time', async () => {
		const { json, error } = await send(at('2035-06-01T05:00:00'), {
			timezone: 'America/New_York',
		});
		const date_scheduled = '2035-06-01T05:00:00-04:00';

		expect(error).toBeUndefined();
		expect(sms.wire()).toEqual([
			post({ ...body, status: 'draft' }),
			smsRequest('PUT', json[0].id, { ...checked, status: 'scheduled', date_scheduled }),
		]);
		sms.deliver();
		expect(sms.close.texted).toEqual([]);
		sms.advancePast(AT);
		expect(sms.close.timesTexted(maria)).toBe(1);
	});

	test('a time that was entered before Now was chosen is not sent', async () => {
		await send({ when: 'now', sendAt: AT });

		expect(sms.wire()[1].body).toEqual({ ...checked, status: 'outbox' });
	});

	test('an expression for each item', async () => {
		const items = [{ when: 'now' }, { when: 'at', at: AT }];
		const { json, error } = await send(
			{ when: '={{ $json.when }}', sendAt: '={{ $json.at }}' },
			{ items },
		);
		sms.deliver();

		expect(error).toBeUndefined();
		expect(json.map(({ status }) => status)).toEqual(['outbox', 'scheduled']);
		expect(sms.close.timesTexted(maria)).toBe(1);
	});
});

describe('to', () => {
	const toPerson = (value: string) => ({ __rl: true, mode: 'list', value });
	const toNumber = { remote_phone: maria, local_phone: '+14155550100', text: 'Hi Maria' };

	test('a person of the list: the number, and the contact', async () => {
		const { error } = await send({ to: toPerson(`${CONTACT}|${maria}`), ...of({}) });

		expect(error).toBeUndefined();
		expect(sms.wire()[1].body).toEqual({ ...toNumber, contact_id: CONTACT, status: 'draft' });
	});

	test('another contact under Additional Fields: that one', async () => {
		const other = 'cont_sam0000000000000000000';
		await send({ to: toPerson(`${CONTACT}|${maria}`), ...of({ contactId: byId(other) }) });

		expect(sms.wire()[1].body).toMatchObject({ remote_phone: maria, contact_id: other });
	});

	test('a contact under Additional Fields whose expression gives nothing: the chosen one', async () => {
		const contactId = byId('={{ $json.nothing }}');
		await send({ to: toPerson(`${CONTACT}|${maria}`), ...of({ contactId }) });

		expect(sms.wire()[1].body).toMatchObject({ remote_phone: maria, contact_id: CONTACT });
	});

	test.each(['list', 'number'])('a number, in the mode %s, from an expression', async (mode) => {
		const to = { __rl: true, mode, value: '={{ $json.phone }}' };
		const { error } = await send({ to, ...of({}) }, { items: [{ phone: maria }] });

		expect(error).toBeUndefined();
		expect(sms.wire()[1].body).toEqual({ ...toNumber, ...whoseIds, status: 'draft' });
	});

	test('an expression in place of the whole locator', async () => {
		const { error } = await send({ to: '={{ $json.phone }}' }, { items: [{ phone: maria }] });

		expect(error).toBeUndefined();
		expect(sms.wire()[0].body).toMatchObject({ remote_phone: maria });
	});
});

describe('fields', () => {
	const file = { url: 'https://app.close.com/go/file/permanent/a.pdf', filename: 'a.pdf' };

	test.each<[string, INodeParameters, IDataObject]>([
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
	])('%s is sent under its name in Close', async (_, more, sent) => {
		const { error } = await send(of({ ...whose, ...more }));

		expect(error).toBeUndefined();
		expect(sms.wire()[0]).toEqual(post({ ...body, ...sent, status: 'draft' }));
	});

	test('a template is rendered by Close', async () => {
		const { json } = await send({
			messageType: 'template',
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

	test('text or template, an expression for each item', async () => {
		const items = [
			{ type: 'text', text: 'Hi' },
			{ type: 'template', template: 'smstmpl_thanks0000000000000000' },
		];
		const { json, error } = await send(
			{
				messageType: '={{ $json.type }}',
				message: '={{ $json.text }}',
				templateId: byId('={{ $json.template }}'),
			},
			{ items },
		);

		expect(error).toBeUndefined();
		expect(json.map(({ text }) => text)).toEqual(['Hi', 'Thank you for choosing Harbor Roofing.']);
	});

	test('what is empty is left out', async () => {
		const nothing = byId('={{ $json.nothing }}');
		await send(of({ leadId: byId(''), contactId: nothing, userId: nothing }));

		expect(sms.wire()[1].body).toEqual({
			// Found by the number.
			...whoseIds,
			remote_phone: maria,
			local_phone: '+14155550100',
			text: 'Hi Maria',
			status: 'draft',
		});
	});

	test('simplified, and with message info', async () => {
		const { json } = await send({
			...at(AT),
			output: 'simplified',
			options: { addMessageInfo: true },
		});

		expect(json).toEqual([
			{
				...body,
				id: made()[0].id,
				direction: 'outbound',
				status: 'scheduled',
				time: '2035-06-01T09:00:00+00:00',
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

	test.each(
		(['POST', 'PUT'] as const).flatMap((method) =>
			faults.map(([name, fault]) => [method, name, fault] as const),
		),
	)('Send texts once when the response to its %s is lost: %s', async (method, _, fault) => {
		sms.close.faults.order({ ...fault, match: { method } });
		const { json, error } = await send();
		sms.deliver();

		expect(error).toBeUndefined();
		expect(json).toMatchObject([{ id: made()[0].id }]);
		expect(made()).toHaveLength(1);
		expect(sms.close.timesTexted(maria)).toBe(1);
	});

	test('to a draft that was not made: nobody is texted, and no other is made on a guess', async () => {
		sms.close.faults.order({ kind: 'resetBefore', match: { method: 'POST' } });
		const { error } = await send();
		sms.deliver();

		expect(error?.message).toMatch(/^A draft may have been left in Close, and nobody was texted: /);
		expect(error?.description).toMatch(/Look at it in Close/);
		expect(made()).toEqual([]);
		expect(sms.close.texted).toEqual([]);
	});

	test('an answer without an ID', async () => {
		sms.close.faults.order({
			kind: 'status',
			status: 200,
			body: { ok: true },
			match: { method: 'POST' },
		});
		const { error } = await send();

		expect(error?.message).toBe(
			'A draft may have been left in Close, and nobody was texted: a response without an ID',
		);
	});

	test('and cannot be read back: may have been sent, named by its ID', async () => {
		sms.close.faults.order({ kind: 'resetAfter', match: { method: 'PUT' } });
		sms.close.faults.order({ kind: 'html', match: { method: 'GET' }, times: 100 });
		const { error } = await send({ options: { maxRetries: 0 } });

		expect(error?.message).toBe(
			`This SMS may have been sent: ECONNRESET. Its ID is ${made()[0].id}`,
		);
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
		const { json, error } = await send({ options: { maxRetries: 0 } }, { node });
		sms.deliver();

		expect(error).toBeUndefined();
		expect(json).toMatchObject([{ id: made()[0].id }]);
		expect(made()).toHaveLength(1);
		expect(sms.close.timesTexted(maria)).toBe(1);
	});

	test('two items, the second refused at first: each is created and sent once', async () => {
		sms.close.faults.order({ ...refusal, match: { method: 'PUT' }, after: 1 });
		const items = [{ text: 'one' }, { text: 'two' }];
		const { json, error } = await send({ message: '={{ $json.text }}' }, { node, items });
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
		sms.close.faults.order({
			kind: 'status',
			status: 400,
			body: { 'field-errors': { remote_phone: 'Outbound SMS to this number is blocked.' } },
			match: { method: 'PUT' },
		});
		const run = await send({}, { node });
		const [{ id }] = made();

		expect(messages(run)).toEqual([
			`Close refused this: 'To': Outbound SMS to this number is blocked. It was left as the draft ${id}, and nobody was texted`,
		]);
		expect(sms.close.sms(id)?.status).toBe('draft');
	});

	test('a number that is seen to be blocked while its lead is looked up is not texted', async () => {
		const run = await send({ ...of({}), to: byNumber('+14155550104') }, { node });

		expect(messages(run)[0]).toMatch(/^\+14155550104 must not be texted: Close has blocked SMS/);
		expect(made()).toEqual([]);
	});

	test('Close refuses the draft: in its own words, and nothing is left', async () => {
		const run = await send(of({ leadId: byId('lead_nobody') }), { node });

		expect(messages(run)).toEqual(["Close refused this: 'Lead': Invalid lead id"]);
		expect(made()).toEqual([]);
	});

	const empty = (label: string) => `'${label}' is empty`;
	const noTime = (label: string) => `'${label}' is not a date and time that can be read`;
	const noCode = (label: string, value: string) => `'${label}' has no country code: ${value}`;
	const noPhone = (label: string, value: string) => `'${label}' is not one phone number: ${value}`;
	const noFile = { source: 'url', url: '', filename: 'a.png', contentType: 'image/png' };

	test.each<[INodeParameters, string]>([
		[{ to: byNumber('={{ null }}') }, empty('To')],
		[{ to: byNumber('={{ $json.nothing }}'), ...at(AT) }, empty('To')],
		[{ to: byNumber('4155550101') }, noCode('To', '4155550101')],
		[{ to: byNumber('={{ 14155550101 }}') }, noCode('To', '14155550101')],
		[{ to: byNumber(CONTACT) }, `'To' is the ID of a contact, not a phone number: ${CONTACT}`],
		[{ to: byNumber(`${LEAD}|${maria}`) }, noPhone('To', `${LEAD}|${maria}`)],
		[{ to: byNumber(`${CONTACT}|`) }, noPhone('To', `${CONTACT}|`)],
		[{ from: byNumber('={{ "" }}') }, empty('From')],
		[{ from: byNumber('+1 415 555 0100 x1') }, noPhone('From', '+1 415 555 0100 x1')],
		[{ message: '={{ $json.nothing }}' }, empty('Message')],
		[{ message: '={{ " " }}' }, empty('Message')],
		[{ message: '={{ ["Hi"] }}' }, "'Message' is a list, not words"],
		[{ messageType: 'template', templateId: byId('={{ null }}') }, empty('Template')],
		[
			{ messageType: '={{ "html" }}', templateId: byId('={{ null }}') },
			"'Message Type' has an invalid value",
		],
		[
			{ messageType: '={{ "text" }}', templateId: byId('smstmpl_1') },
			"'Template' is set but 'Message Type' is Own Words",
		],
		[
			{ messageType: '={{ "template" }}', templateId: byId('smstmpl_1') },
			"'Message' is set but 'Message Type' is Template",
		],
		[{ when: '={{ "later" }}', sendAt: '={{ null }}' }, "'When' has an invalid value"],
		[{ when: '={{ null }}', sendAt: AT }, "'When' has an invalid value"],
		[at('={{ null }}'), empty('Send At')],
		[at('={{ " " }}'), empty('Send At')],
		[at('soon'), noTime('Send At')],
		[{ when: '={{ "now" }}', sendAt: AT }, "'Send At' is set but 'When' is Now"],
		[of({ attachments: { attachment: [noFile] } }), "'URL' of attachment 1 is empty"],
		[
			{ options: { skipIfTextedWithin: '={{ "soon" }}' } },
			"'Skip If Texted Within (Minutes)' is not a number of minutes",
		],
		[
			{ options: { skipIfTextedWithin: '={{ -5 }}' } },
			"'Skip If Texted Within (Minutes)' is not a number of minutes",
		],
	])('%j: nothing is sent', async (parameters, text) => {
		expect(messages(await send(parameters, { node }))).toEqual([expect.stringContaining(text)]);
		expect(sms.wire()).toEqual([]);
	});

	test('a schedule in the past: both times are named', async () => {
		const run = await send(at('2020-01-01T09:00:00'), { node });

		expect(messages(run)).toEqual([
			expect.stringMatching(/^'Send At' is in the past: it is 2020\S+, and now it is 20\S+$/),
		]);
		expect(sms.wire()).toEqual([]);
	});

	test(`${LONG_RUN[onError]} items are texted once each, in order, paired`, async () => {
		const items = Array.from({ length: LONG_RUN[onError] }, (_, n) => ({
			phone: `+1415556${String(n).padStart(4, '0')}`,
		}));
		const { items: output, error } = await send(
			{
				...of({}),
				to: byNumber('={{ $json.phone }}'),
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
		expect(made()).toHaveLength(items.length);
	});
});

describe("the option 'Skip If Texted Within'", () => {
	const options = { skipIfTextedWithin: 60 };
	const minutesAgo = (minutes: number) =>
		new Date(Date.now() - minutes * 60_000).toISOString().replace('Z', '000+00:00');
	const earlier = (known: Partial<SmsActivity> = {}) =>
		sms.close.addSms({ ...body, status: 'sent', date_created: minutesAgo(30), ...known });
	const lookUp = (filter: IDataObject = {}) => ({
		method: 'GET',
		path: '/activity/sms/',
		query: {
			...filter,
			date_created__gte: expect.stringMatching(/^20\S+Z$/),
			_fields:
				'id,activity_at,attachments,date_created,date_scheduled,date_sent,date_updated,direction,error_message,lead_id,remote_phone,status,text',
			_limit: '100',
		},
		body: undefined,
	});
	/** What was asked of Close but for the search for those who have the number. */
	const wireWithoutSearch = () => {
		const known = new Set(sms.close.allSms().map(({ id }) => id));
		// What other tests sent within the last minute is read by its ID, and is not there any more.
		const isGone = (path: string) =>
			path.startsWith('/activity/sms/acti_') && !known.has(path.split('/')[3]);
		return sms
			.wire()
			.filter(
				({ method, path }) => path !== '/data/search/' && !(method === 'GET' && isGone(path)),
			);
	};

	test('nothing like it: looked up on the leads with the number and among the newest, and once more after the draft', async () => {
		const { json } = await send({ options });
		sms.deliver();

		expect(json[0]).not.toHaveProperty('_note');
		expect(sms.wire()[0].path).toBe('/data/search/');
		expect(wireWithoutSearch()).toEqual([
			lookUp({ lead_id: LEAD }),
			lookUp(),
			post({ ...body, status: 'draft' }),
			lookUp(),
			smsRequest('PUT', json[0].id, { ...checked, status: 'outbox' }),
		]);
		expect(sms.close.timesTexted(maria)).toBe(1);
	});

	test.each([
		['lead and contact', {}],
		['contact', of({ contactId: byId(CONTACT) })],
		['neither', of({})],
	])(
		'with %s given, the texts of the lead that has the number are looked up',
		async (_, parameters) => {
			await send({ ...parameters, options });

			expect(wireWithoutSearch()[0]).toEqual(lookUp({ lead_id: LEAD }));
		},
	);

	test.each(['sent', 'outbox', 'scheduled'] as const)(
		'the same text is %s: it is returned with a remark, and nothing is created',
		async (status) => {
			sms.close.carrierDelay(3_600_000);
			const soon = new Date(Date.now() + 1_800_000).toISOString().replace('Z', '000+00:00');
			const date_scheduled = status === 'scheduled' ? soon : null;
			const twin = earlier({ status, date_scheduled });
			const { json, error } = await send({ options });

			expect(error).toBeUndefined();
			expect(json).toEqual([
				{
					...twin,
					_note: expect.stringMatching(
						/^Not sent again: this is the same message to the same number, (created at|about to go out|scheduled for)/,
					),
				},
			]);
			expect(wireWithoutSearch()).toEqual([
				lookUp({ lead_id: LEAD }),
				lookUp(),
				smsRequest('GET', twin.id),
			]);
			expect(sms.close.texted).toEqual([]);
		},
	);

	test('the same text that is scheduled for another week does not count', async () => {
		earlier({ status: 'scheduled', date_scheduled: '2035-01-01T00:00:00+00:00' });
		await send({ options });
		sms.deliver();

		expect(sms.close.timesTexted(maria)).toBe(1);
	});

	test('it is the same with other blanks', async () => {
		earlier({ text: ' Hi\n Maria ' });
		await send({ options });

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
		await send({ options });
		sms.deliver();

		expect(sms.close.timesTexted(maria)).toBe(1);
	});

	test('it is found behind more than a page of others', async () => {
		const twin = earlier();
		for (let n = 0; n < 150; n++) earlier({ text: `${n}`, date_created: minutesAgo(20) });
		const { json } = await send({ options });

		expect(json).toMatchObject([{ id: twin.id }]);
		expect(sms.close.texted).toEqual([]);
	});

	test('0: not looked up', async () => {
		earlier();
		await send({ options: { skipIfTextedWithin: 0 } });

		expect(sms.wire()[0].method).toBe('POST');
		expect(made()).toHaveLength(2);
	});

	describe('a template, whose text only Close knows', () => {
		const template = {
			messageType: 'template',
			templateId: byId('smstmpl_reminder00000000000000'),
		};
		const rendered =
			'Hi Maria, this is Ada from Harbor Roofing. See you tomorrow at Bluebird Cafe!';

		test('texted already: the draft is deleted, and nothing is sent', async () => {
			const twin = earlier({ text: rendered });
			const { json } = await send({ ...template, options });
			const draftId = sms
				.wire()
				.find(({ method }) => method === 'DELETE')
				?.path.split('/')[3];

			expect(json).toMatchObject([
				{ id: twin.id, _note: expect.stringMatching(/^Not sent again/) },
			]);
			expect(sms.wire().map(({ method }) => method)).toEqual(
				// The draft; search, lists; the draft is read, and deleted; the earlier text.
				['POST', 'POST', 'GET', 'GET', 'GET', 'DELETE', 'GET'],
			);
			expect(draftId).not.toBe(twin.id);
			expect(made()).toEqual([twin]);
			expect(sms.close.texted).toEqual([]);
		});

		test('the draft cannot be deleted: says that it was left', async () => {
			earlier({ text: rendered });
			sms.close.faults.order({ kind: 'status', status: 403, match: { method: 'DELETE' } });
			const { json } = await send({ ...template, options });
			const draft = made().find(({ status }) => status === 'draft');

			expect(json[0]._note).toContain(
				`The draft ${draft?.id}, which was created for this item, was left in Close.`,
			);
			expect(sms.close.texted).toEqual([]);
		});

		test('not texted yet: sent', async () => {
			const { json } = await send({ ...template, options });
			sms.deliver();

			expect(json).toMatchObject([{ text: rendered }]);
			expect(sms.close.timesTexted(maria)).toBe(1);
		});
	});

	test.each(ERROR_MODES)('items of one run, on error: %s', async (onError) => {
		const items = Array.from({ length: 30 }, (_, n) => ({ text: `to ${n % 3}` }));
		const { items: output, error } = await send(
			{ message: '={{ $json.text }}', options },
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
		const { error } = await send(
			{ messageType: 'template', templateId: byId('smstmpl_thanks0000000000000000'), options },
			{ items },
		);
		sms.deliver();

		expect(error).toBeUndefined();
		expect(sms.close.timesTexted(maria)).toBe(1);
		expect(made()).toHaveLength(1);
	});

	test('the first of two is refused: the second may go', async () => {
		sms.close.faults.order({ kind: 'status', status: 402, match: { method: 'PUT' } });
		const { outputs } = await send(
			{ options },
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
		const { error } = await send({ options });

		expect(error?.message).toMatch(/^Close refused this/);
		expect(made()).toEqual([]);
	});
});
