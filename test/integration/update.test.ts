import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { SMS_FIELDS } from '../../nodes/shared/closeTypes';
import { close } from '../simulator/fixture';
import type { RunOptions } from '../../dev/engine/runNode';
import { byId, byNumber } from '../../dev/locators';
import { simulatorCredential } from '../../dev/simulator/credential';
import { ERROR_MODES, LONG_RUN, errorOf, setUpSms } from './setUpSms';

const sms = setUpSms();

const update = async (parameters: INodeParameters, options: Partial<RunOptions> = {}) =>
	await sms.run('update', parameters, options);

const updateDraft = async (updateFields: INodeParameters, options: Partial<RunOptions> = {}) =>
	await update({ smsId: byId(close.account.texts.draft.id), updateFields }, options);

const onTheWire = () => close.requests.map(({ method, path, body }) => ({ method, path, body }));

describe('what arrives at Close', () => {
	const file = {
		url: 'https://app.close.com/go/file/permanent/offer.pdf',
		filename: 'offer.pdf',
		contentType: 'application/pdf',
	};

	test.each<[string, INodeParameters, IDataObject]>([
		['activityAt', { activityAt: '2026-02-05T12:00:00Z' }, { activity_at: '2026-02-05T12:00:00Z' }],
		[
			'attachments',
			{ attachments: { attachment: [{ source: 'url', ...file }] } },
			{ attachments: [{ url: file.url, filename: 'offer.pdf', content_type: 'application/pdf' }] },
		],
		[
			'contactId',
			{ contactId: byId('cont_sam0000000000000000000') },
			{ contact_id: 'cont_sam0000000000000000000' },
		],
		[
			'leadId',
			{ leadId: byId('lead_bluebird00000000000000') },
			{ lead_id: 'lead_bluebird00000000000000' },
		],
		['localPhone', { localPhone: byNumber('+12065550111') }, { local_phone: '+12065550111' }],
		['remotePhone', { remotePhone: '+14155550102' }, { remote_phone: '+14155550102' }],
		['status', { status: 'outbox' }, { status: 'outbox' }],
		[
			'templateId',
			{ templateId: byId('smstmpl_thanks0000000000000000') },
			{ template_id: 'smstmpl_thanks0000000000000000' },
		],
		['text', { text: 'Hi "Ann" 👋\nSee you' }, { text: 'Hi "Ann" 👋\nSee you' }],
		[
			'userId',
			{ userId: byId('user_ben0000000000000000000') },
			{ user_id: 'user_ben0000000000000000000' },
		],
		[
			'dateScheduled',
			{ status: 'scheduled', dateScheduled: '2035-06-01T09:00:00+02:00' },
			{ status: 'scheduled', date_scheduled: '2035-06-01T09:00:00+02:00' },
		],
	])('%s is sent alone, under its name in Close', async (_, updateFields, body) => {
		const { error } = await updateDraft(updateFields);

		expect(error).toBeUndefined();
		expect(onTheWire()).toEqual([
			{ method: 'PUT', path: `/activity/sms/${close.account.texts.draft.id}/`, body },
		]);
	});

	test('headers: JSON both ways, the key as Basic user with empty password, and who we are', async () => {
		await updateDraft({ text: 'x' });

		expect(close.requests[0].headers).toMatchObject({
			accept: 'application/json',
			'content-type': 'application/json',
			authorization: `Basic ${Buffer.from(`${close.account.apiKey}:`).toString('base64')}`,
			'user-agent': 'n8n-nodes-close-sms',
		});
	});

	test('a bearer token', async () => {
		const { accessToken } = close.account;
		const credential = { ...simulatorCredential(close, ''), authentication: 'bearer', accessToken };
		const { error } = await updateDraft({ text: 'x' }, { credential });

		expect(error).toBeUndefined();
		expect(close.requests[0].headers.authorization).toBe(`Bearer ${close.account.accessToken}`);
	});

	test('what is empty, or whose expression gives nothing, is left out', async () => {
		await updateDraft({
			text: 'kept',
			remotePhone: '',
			activityAt: '={{ $json.nothing }}',
			leadId: byId(''),
			contactId: byId('={{ $json.nothing }}'),
			userId: byId('={{ null }}'),
			templateId: byId('  '),
		});

		expect(close.requests[0].body).toEqual({ text: 'kept' });
	});

	test('cleared fields are sent as null', async () => {
		const clearFields = [
			'activityAt',
			'attachments',
			'contactId',
			'leadId',
			'localPhone',
			'remotePhone',
			'templateId',
			'userId',
		];
		await update({
			smsId: byId(close.account.texts.draft.id),
			updateFields: { text: 'x' },
			clearFields,
		});

		expect(close.requests[0].body).toEqual({
			text: 'x',
			activity_at: null,
			attachments: null,
			contact_id: null,
			lead_id: null,
			local_phone: null,
			remote_phone: null,
			template_id: null,
			user_id: null,
		});
	});

	test.each([
		['list', 'acti_draft00000000000000000'],
		['id', ' acti_draft00000000000000000 '],
		['url', 'https://app.close.com/lead/lead_x/#activity=acti_draft00000000000000000'],
		['url', 'https://api.close.com/api/v1/activity/sms/acti_draft00000000000000000/'],
	])('the SMS chosen by %s: %s', async (mode, value) => {
		await update({ smsId: { __rl: true, mode, value }, updateFields: { text: 'x' } });

		expect(onTheWire()).toEqual([
			{ method: 'PUT', path: '/activity/sms/acti_draft00000000000000000/', body: { text: 'x' } },
		]);
	});
});

describe('dates', () => {
	const zone = 'America/New_York';

	test.each([
		['in winter', '2026-01-15T09:00:00', '2026-01-15T09:00:00-05:00'],
		['in summer', '2026-07-15T09:00:00', '2026-07-15T09:00:00-04:00'],
		['in the hour that clocks skip', '2026-03-08T02:30:00', '2026-03-08T03:30:00-04:00'],
		['in the hour that comes twice: the first', '2026-11-01T01:30:00', '2026-11-01T01:30:00-04:00'],
		['just before clocks go back', '2026-11-01T00:59:59', '2026-11-01T00:59:59-04:00'],
		['just after clocks went back', '2026-11-01T02:00:00', '2026-11-01T02:00:00-05:00'],
		['a day', '2026-07-15', '2026-07-15T00:00:00-04:00'],
		['SQL', '2026-07-15 09:00:00', '2026-07-15T09:00:00-04:00'],
		['with Z', '2026-07-15T09:00:00Z', '2026-07-15T09:00:00Z'],
		['with an offset', '2026-07-15T09:00:00.5+05:30', '2026-07-15T09:00:00+05:30'],
		[
			'a DateTime',
			"={{ DateTime.fromISO('2026-07-15T09:00:00', { zone: 'Asia/Tokyo' }) }}",
			'2026-07-15T09:00:00+09:00',
		],
		[
			'a DateTime of the workflow',
			"={{ DateTime.fromISO('2026-07-15T09:00:00') }}",
			'2026-07-15T09:00:00-04:00',
		],
		['a Date', "={{ new Date('2026-07-15T13:00:00Z') }}", '2026-07-15T09:00:00-04:00'],
	])('%s: %s', async (_, activityAt, expected) => {
		const { error } = await updateDraft({ activityAt }, { timezone: zone });

		expect(error).toBeUndefined();
		expect(close.requests[0].body).toEqual({ activity_at: expected });
	});

	test.each([
		'tomorrow',
		'15.07.2026',
		'Jul 15 2026 09:00',
		'1784106000000',
		'2026-13-01',
		'2026-02-30T10:00',
		'={{ 5 }}',
		'={{ [1] }}',
		'={{ true }}',
	])('%s cannot be read, so nothing is sent', async (activityAt) => {
		const { error } = await updateDraft({ activityAt }, { timezone: zone });

		expect(error?.message).toContain("'Activity At' is not a date and time that can be read: ");
		expect(close.requests).toEqual([]);
	});

	test('a scheduled text goes out at the time that the workflow means', async () => {
		await updateDraft(
			{ status: 'scheduled', dateScheduled: '2035-03-12T09:00:00' },
			{ timezone: zone },
		);

		expect(Date.parse(close.sms(close.account.texts.draft.id)!.date_scheduled!)).toBe(
			Date.UTC(2035, 2, 12, 13),
		);
	});
});

describe('a template in the place of words that are cleared', () => {
	const DRAFT = 'acti_draft00000000000000000';
	const RENDERED = 'Thank you for choosing Harbor Roofing.';
	const ask = async (updateFields: INodeParameters, options: Partial<RunOptions> = {}) =>
		await update(
			{
				smsId: byId(DRAFT),
				updateFields: { templateId: byId('smstmpl_thanks0000000000000000'), ...updateFields },
				clearFields: ['text'],
			},
			options,
		);

	test.each(ERROR_MODES)('goes out with its words, which is a success: %s', async (onError) => {
		const { error, json } = await ask({ status: 'outbox' }, { node: { onError } });
		sms.deliver();

		expect(error).toBeUndefined();
		expect(json).toEqual([expect.objectContaining({ id: DRAFT, text: RENDERED })]);
		expect(close.timesTexted('+14155550101')).toBe(1);
	});

	test('goes out once although the response gets lost', async () => {
		close.faults.order({ kind: 'resetAfter', match: { method: 'PUT' } });
		const { error, json } = await ask({ status: 'outbox' });
		sms.deliver();

		expect(error).toBeUndefined();
		expect(json).toEqual([expect.objectContaining({ id: DRAFT, text: RENDERED })]);
		expect(close.timesTexted('+14155550101')).toBe(1);
	});

	test('stays a draft where nothing is to go out', async () => {
		const { error, json } = await ask({});
		sms.deliver();

		expect(error).toBeUndefined();
		expect(json).toEqual([expect.objectContaining({ status: 'draft', text: RENDERED })]);
		expect(close.timesTexted('+14155550101')).toBe(0);
	});
});

describe('what is wrong is said before anything is sent', () => {
	const draft = byId('acti_draft00000000000000000');
	const attachment = {
		source: 'url',
		url: 'https://app.close.com/go/file/x',
		filename: 'x.png',
		contentType: 'image/png',
	};
	const attachments = (...all: INodeParameters[]) => ({ attachments: { attachment: all } });

	test.each<[string, INodeParameters, RegExp]>([
		['no id', { smsId: byId('={{ "" }}'), updateFields: { text: 'x' } }, /^'SMS' is empty/],
		[
			'no id from an expression',
			{ smsId: byId('={{ $json.id }}'), updateFields: { text: 'x' } },
			/^'SMS' is empty/,
		],
		[
			'another path',
			{ smsId: byId('../me'), updateFields: { text: 'x' } },
			/^'SMS' is not the ID of an SMS/,
		],
		[
			'a path below',
			{ smsId: byId('acti_1/x'), updateFields: { text: 'x' } },
			/^'SMS' is not the ID of an SMS/,
		],
		[
			'a query',
			{ smsId: byId('acti_1?x=1'), updateFields: { text: 'x' } },
			/^'SMS' is not the ID of an SMS/,
		],
		[
			'an encoded path',
			{ smsId: byId('acti_1%2f..'), updateFields: { text: 'x' } },
			/^'SMS' is not the ID of an SMS/,
		],
		[
			'spaces',
			{ smsId: byId('acti 1'), updateFields: { text: 'x' } },
			/^'SMS' is not the ID of an SMS/,
		],
		['nothing to update', { smsId: draft }, /^There is nothing to update/],
		[
			'one expression for all fields, which n8n drops, beside a field to clear',
			{ smsId: draft, updateFields: '={{ $json }}', clearFields: ['text'] },
			/^'Update Fields' is one expression as a whole, which n8n cannot read/,
		],
		[
			'nothing but empty fields',
			{ smsId: draft, updateFields: { text: '', remotePhone: '={{ undefined }}' } },
			/^There is nothing to update/,
		],
		[
			'set and cleared',
			{ smsId: draft, updateFields: { text: 'x' }, clearFields: ['text'] },
			/^'Text' is both set and cleared/,
		],
		[
			'sent to nobody',
			{ smsId: draft, updateFields: { status: 'outbox' }, clearFields: ['remotePhone'] },
			/^'Remote Phone' is cleared, but an SMS that goes out needs it/,
		],
		[
			'sent from no number',
			{
				smsId: draft,
				updateFields: { status: 'scheduled', dateScheduled: '2035-01-01T09:00Z' },
				clearFields: '={{ "text, localPhone" }}',
			},
			/^'Local Phone' is cleared, but an SMS that goes out needs it/,
		],
		[
			'sent with nothing in it',
			{ smsId: draft, updateFields: { status: 'outbox' }, clearFields: ['text', 'attachments'] },
			/^'Text' and 'Attachments' are cleared, so nothing would go out/,
		],
		[
			'scheduled without date',
			{ smsId: draft, updateFields: { status: 'scheduled' } },
			/^'Status' is Send Later but 'Date Scheduled' is empty/,
		],
		[
			'date without scheduled',
			{ smsId: draft, updateFields: { dateScheduled: '2035-01-01T09:00' } },
			/^'Date Scheduled' is set but 'Status' is not Send Later/,
		],
		[
			'date with outbox',
			{ smsId: draft, updateFields: { status: 'outbox', dateScheduled: '2035-01-01T09:00' } },
			/^'Date Scheduled' is set but 'Status' is not Send Later/,
		],
		[
			'a past date',
			{ smsId: draft, updateFields: { status: 'scheduled', dateScheduled: '2020-01-01T09:00Z' } },
			/^'Date Scheduled' is in the past: it is 2020-01-01T09:00:00Z, and now it is 20\d\d-/,
		],
		[
			'a national phone',
			{ smsId: draft, updateFields: { remotePhone: '(415) 555-0123' } },
			/^'Remote Phone' has no country code: \(415\) 555-0123/,
		],
		[
			'a phone with an extension',
			{ smsId: draft, updateFields: { remotePhone: '+1 415 555 0123 x5' } },
			/^'Remote Phone' is not one phone number: \+1 415 555 0123 x5/,
		],
		[
			'a phone as a number',
			{ smsId: draft, updateFields: { remotePhone: '={{ 14155550123 }}' } },
			/^'Remote Phone' has no country code: 14155550123/,
		],
		[
			'our phone',
			{
				smsId: draft,
				updateFields: { localPhone: byNumber('5550100') },
			},
			/^'Local Phone' has no country code: 5550100/,
		],
		[
			'text and template',
			{ smsId: draft, updateFields: { text: 'x', templateId: byId('smstmpl_1') } },
			/^'Text' and 'Template' are both set/,
		],
		[
			'11 attachments',
			{ smsId: draft, updateFields: attachments(...Array.from({ length: 11 }, () => attachment)) },
			/^'Attachments' holds 11 files/,
		],
		[
			'no url',
			{ smsId: draft, updateFields: attachments({ ...attachment, url: '' }) },
			/^'URL' of attachment 1 is empty/,
		],
		[
			'no filename',
			{ smsId: draft, updateFields: attachments(attachment, { ...attachment, filename: '' }) },
			/^'Filename' of attachment 2 is empty/,
		],
		[
			'no content type',
			{ smsId: draft, updateFields: attachments({ ...attachment, contentType: '' }) },
			/^'Content Type' of attachment 1 is empty/,
		],
		[
			'another content type',
			{
				smsId: draft,
				updateFields: attachments({ ...attachment, contentType: 'application/zip' }),
			},
			/^'Content Type' of attachment 1 is one that Close does not accept/,
		],
		[
			'a failing expression',
			{ smsId: draft, updateFields: { text: '={{ $("Nowhere").item.json.text }}' } },
			/^Referenced node doesn't exist/,
		],
		[
			'a link without an id',
			{
				smsId: { __rl: true, mode: 'url', value: 'https://app.close.com/lead/lead_1/' },
				updateFields: { text: 'x' },
			},
			/^'SMS' is an address without the ID of an SMS/,
		],
	])('%s', async (_, parameters, message) => {
		for (const onError of [
			'stopWorkflow',
			'continueRegularOutput',
			'continueErrorOutput',
		] as const) {
			const { error, outputs } = await update(parameters, { node: { onError } });
			const item = outputs.flat()[0];

			expect(error?.message ?? errorOf(item)?.message).toMatch(message);
			if (!error) expect(item.pairedItem).toEqual({ item: 0 });
			// n8n's own errors about expressions have none.
			else if (!/^Referenced/.test(error.message)) expect(error.description).toMatch(/\w{3}/);
		}
		expect(close.requests).toEqual([]);
	});
});

describe('output', () => {
	const ask = async (parameters: INodeParameters) => {
		const run = await update({
			smsId: byId(close.account.texts.draft.id),
			updateFields: { text: 'New' },
			...parameters,
		});
		return run.json;
	};

	test('raw: all 37 fields as Close gave them', async () => {
		const [json] = await ask({});

		expect(json).toEqual(close.sms(close.account.texts.draft.id));
		expect(Object.keys(json).sort()).toEqual(SMS_FIELDS.filter((field) => field !== 'attachments'));
	});

	test('simplified: ten fields', async () => {
		expect(await ask({ output: 'simplified' })).toEqual([
			{
				direction: 'outbound',
				id: 'acti_draft00000000000000000',
				status: 'draft',
				text: 'New',
				remote_phone: '+14155550101',
				local_phone: '+14155550100',
				lead_id: 'lead_bluebird00000000000000',
				contact_id: 'cont_maria00000000000000000',
				time: close.sms(close.account.texts.draft.id)?.activity_at,
				error_message: null,
			},
		]);
	});

	test.each([[['text', 'cost']], ['={{ ["text", "cost"] }}'], ['={{ "text, cost" }}']])(
		'selected %j: always with id',
		async (fields) => {
			expect(await ask({ output: 'selected', fields })).toEqual([
				{ id: 'acti_draft00000000000000000', text: 'New', cost: null },
			]);
		},
	);
});

describe("Close's refusals in Close's own words", () => {
	test.each<[number, unknown, string]>([
		[
			400,
			{ errors: [], 'field-errors': { remote_phone: 'Invalid phone number.' } },
			"'Remote Phone': Invalid phone number.",
		],
		[
			400,
			{ errors: ['Only draft SMS activities can be edited.'], 'field-errors': {} },
			'Only draft SMS activities can be edited.',
		],
		[
			400,
			{
				errors: [],
				'field-errors': {
					attachments: { errors: { 1: { 'field-errors': { url: 'Not a file of Close.' } } } },
				},
			},
			"'Attachments 2 URL': Not a file of Close.",
		],
		[
			400,
			{ 'field-errors': { lead_id: ['Unknown lead.', 'Try again.'] } },
			"'Lead': Unknown lead.; 'Lead': Try again.",
		],
		[400, { error: 'The limit is reached.' }, 'The limit is reached.'],
		[400, { error: { message: 'Nested.' } }, 'Nested.'],
		[
			401,
			{ error: 'Unauthorized' },
			'it does not know this key or token, or its user lacks the permission (Unauthorized)',
		],
		[402, { error: 'Payment required' }, 'Payment required'],
		[403, { error: 'Forbidden' }, 'Forbidden'],
		[
			404,
			{ error: 'The requested URL was not found on the server.' },
			'The requested URL was not found on the server.',
		],
		[400, '<html><body>Bad Request</body></html>', 'HTTP 400'],
		[400, '{"error": "cut', 'HTTP 400'],
		[400, [], 'HTTP 400'],
	])('%i %j', async (status, body, words) => {
		close.faults.order({ kind: 'status', status, body, times: 2 });
		const { error } = await updateDraft({ text: 'x' });

		expect(error).toMatchObject({
			name: 'NodeApiError',
			message: `Close refused this: ${words}`,
			httpCode: String(status),
			context: { itemIndex: 0 },
		});
		expect(error?.description).toMatch(/^\w.{20,}\.$/);
	});

	test.each([
		[
			'an unknown key',
			() => 'api_unknown.x',
			/^Close refused this: it does not know this key or token/,
		],
		['a key without the permission', () => close.account.limitedApiKey, /^Close refused this: /],
	])('%s', async (_, apiKey, message) => {
		const credential = simulatorCredential(close, apiKey());
		const { error } = await updateDraft({ text: 'x' }, { credential });

		expect(error?.message).toMatch(message);
		expect(error?.description).toMatch(/Test the credential .* permission/);
	});

	test('editing what is not a draft', async () => {
		const { error } = await update({
			smsId: byId(close.account.texts.sent.id),
			updateFields: { text: 'x' },
		});

		expect(error?.message).toMatch(/Only draft SMS .* edited\. This SMS was sent at 2026-02-02T/);
		expect(error?.description).toContain('Close edits only drafts');
	});

	test('sending what another run has sent tells so and texts nobody again', async () => {
		const { id, remote_phone } = close.account.texts.draft;
		const send = async () =>
			await update({ smsId: byId(id), updateFields: { status: 'outbox' } }, { timezone: 'UTC' });
		await send();
		close.clock.advance(60_000);
		const { error } = await send();

		const { date_sent } = close.sms(id)!;
		expect(error?.message).toContain(`This SMS was sent at`);
		expect(error?.description).toMatch(/^It was not sent again\./);
		expect(date_sent).not.toBeNull();
		expect(close.timesTexted(remote_phone!)).toBe(1);
	});

	test('neither the key nor the text of the message is in the result, even when Close repeats the text', async () => {
		const text = 'Your code is 47B11, Ann';
		const body = { errors: [`Not allowed: ${text}`], 'field-errors': { text: { [text]: text } } };
		close.faults.order({ kind: 'status', status: 400, body });
		const { result } = await updateDraft({ text: '={{ $json.text }}' }, { items: [{ text }] });
		const { error } = result.data.resultData;
		const shown = JSON.stringify([
			error,
			error?.stack,
			result.data.resultData.runData['Close SMS'],
		]);

		expect(shown).not.toContain('47B11');
		expect(shown).not.toContain(close.account.apiKey);
		expect(shown).not.toContain(Buffer.from(`${close.account.apiKey}:`).toString('base64'));
	});
});

describe('many items', () => {
	const parameters = {
		smsId: byId('={{ $json.id }}'),
		updateFields: { text: '=number {{ $json.n }}' },
	};

	test.each(ERROR_MODES.map((onError) => [LONG_RUN[onError], onError] as const))(
		'%d items, an expression for each, on error: %s',
		async (length, onError) => {
			const items = sms.drafts(length);
			const { items: output, error } = await update(parameters, { items, node: { onError } });

			expect(error).toBeUndefined();
			expect(output.map(({ json, pairedItem }) => [json.id, json.text, pairedItem])).toEqual(
				items.map(({ id, n }) => [id, `number ${n}`, { item: n }]),
			);
			expect(close.requests.length).toBe(length);
		},
	);
});
