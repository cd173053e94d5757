import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { byId, byNumber } from '../../dev/locators';
import { CONTACT_ID, ERROR_MODES, messages, sendTo, setUpSms } from './setUpSms';

const sms = setUpSms();
const options = { dryRun: true };
const smsUrl = (id: string) => `${sms.close.baseUrl}/activity/sms/${id}/`;
const NOTHING = 'Dry run: nothing was sent, changed or read.';

afterEach(() => {
	expect(sms.close.requests).toEqual([]);
	expect(sms.close.texted).toEqual([]);
});

test('get', async () => {
	const { json } = await sms.run('get', {
		smsId: byId('acti_1'),
		output: 'selected',
		fields: ['text'],
		options,
	});

	expect(json).toEqual([
		{
			summary: 'Would only read. Nobody would be texted.',
			dryRun: true,
			requests: [{ method: 'GET', url: smsUrl('acti_1'), query: { _fields: 'id,text' } }],
			_note: NOTHING,
		},
	]);
});

test('update: one item for each input item, paired', async () => {
	const { items, error } = await sms.run(
		'update',
		{
			smsId: byId('={{ $json.id }}'),
			updateFields: { status: 'scheduled', dateScheduled: '2035-01-01T09:00', text: 'Hi' },
			clearFields: ['userId'],
			options,
		},
		{ items: [{ id: 'acti_1' }, { id: 'acti_2' }], timezone: 'Europe/Berlin' },
	);
	const body = {
		status: 'scheduled',
		date_scheduled: '2035-01-01T09:00:00+01:00',
		text: 'Hi',
		user_id: null,
	};

	expect(error).toBeUndefined();
	expect(items).toEqual(
		['acti_1', 'acti_2'].map((id, item) => ({
			json: {
				summary: `Would text the person of ${id} on 2035-01-01 at 09:00 (+01:00): "Hi" (1 segment).`,
				dryRun: true,
				requests: [{ method: 'PUT', url: smsUrl(id), body }],
				_note: NOTHING,
			},
			pairedItem: { item },
		})),
	);
});

describe('operations that look first', () => {
	const TEXTS = 'Would text the person of acti_1';
	const BACK = 'back to a draft. Nobody would be texted.';
	const looked = (state: string) =>
		`${NOTHING} The SMS would be looked up first; this assumes that it is ${state}.`;

	test.each<[string, INodeParameters, IDataObject, string, string]>([
		['sendDraft', {}, { status: 'outbox' }, looked('a draft'), `${TEXTS} now: its message.`],
		['cancel', {}, { status: 'draft' }, looked('scheduled'), `Would set the SMS acti_1 ${BACK}`],
		[
			'schedule',
			{ sendAt: '2035-01-01T09:00:00Z' },
			{ status: 'scheduled', date_scheduled: '2035-01-01T09:00:00Z' },
			`${looked('a draft')} One that is scheduled for another time would be set back to draft before.`,
			`${TEXTS} on 2035-01-01 at 09:00 (UTC): its message.`,
		],
	])('%s', async (operation, parameters, body, _note, summary) => {
		const { json } = await sms.run(operation, { smsId: byId('acti_1'), ...parameters, options });

		expect(json).toEqual([
			{
				summary,
				dryRun: true,
				requests: [
					{ method: 'GET', url: smsUrl('acti_1') },
					{ method: 'PUT', url: smsUrl('acti_1'), body },
				],
				_note,
			},
		]);
	});
});

test('delete', async () => {
	const { json } = await sms.run('delete', { smsId: byId('acti_1'), options });

	expect(json).toEqual([
		{
			summary: 'Would delete the SMS acti_1. Nobody would be texted.',
			dryRun: true,
			requests: [{ method: 'DELETE', url: smsUrl('acti_1') }],
			_note: NOTHING,
		},
	]);
});

test('get many', async () => {
	const { json } = await sms.run('getAll', {
		limit: 250,
		filters: { leadId: byId('lead_1'), createdAfter: '2026-01-01T00:00:00Z' },
		options,
	});
	const query = {
		lead_id: 'lead_1',
		date_created__gte: '2026-01-01T00:00:00Z',
		_limit: 100,
	};

	expect(json).toEqual([
		{
			summary: 'Would only read. Nobody would be texted.',
			dryRun: true,
			requests: [{ method: 'GET', url: `${sms.close.baseUrl}/activity/sms/`, query }],
			_note: `${NOTHING} If Close has more than this page, further ones would follow, each from where the one before it ended.`,
		},
	]);
});

describe('create and send', () => {
	const list = () => `${sms.close.baseUrl}/activity/sms/`;
	const message = {
		remotePhone: '+14155550101',
		localPhone: byNumber('+14155550100'),
		text: 'Hi',
	};
	const body = { remote_phone: '+14155550101', local_phone: '+14155550100', text: 'Hi' };
	const draft = 'A draft would be made before the SMS goes out; {id} stands for its ID.';

	test('a draft: one request', async () => {
		const { json } = await sms.run('create', { ...message, options });

		expect(json).toEqual([
			{
				summary: `Would create a draft to +1 415-555-0101: "Hi" (1 segment). Nobody would be texted.`,
				dryRun: true,
				requests: [{ method: 'POST', url: list(), body: { ...body, status: 'draft' } }],
				_note: NOTHING,
			},
		]);
	});

	test('a log that is shown in the Inbox', async () => {
		const { json } = await sms.run('create', {
			...message,
			mode: 'logReceived',
			additionalFields: { sendToInbox: true },
			options,
		});

		expect(json[0].requests).toEqual([
			{
				method: 'POST',
				url: list(),
				query: { send_to_inbox: true },
				body: { ...body, status: 'inbox' },
			},
		]);
	});

	test('one that goes out, unless it did', async () => {
		const { json } = await sms.run('send', {
			...sendTo('+14155550101', 'Hi'),
			options: { ...options, skipIfTextedWithin: 10 },
		});
		const [search, ofLeads, newest, ...rest] = json[0].requests as IDataObject[];
		const query = { date_created__gte: expect.stringMatching(/^20/) };

		expect(search).toMatchObject({ method: 'POST', url: `${sms.close.baseUrl}/data/search/` });
		expect(ofLeads).toMatchObject({ method: 'GET', query: { ...query, lead_id: '{lead ID}' } });
		expect(newest).toMatchObject({ method: 'GET', url: list(), query });
		expect(rest).toMatchObject([
			{ method: 'POST', url: list(), body: { ...body, contact_id: CONTACT_ID, status: 'draft' } },
			{ method: 'GET', url: list(), query },
			{ method: 'PUT', url: smsUrl('{id}'), body: { ...body, status: 'outbox' } },
		]);
		const looked =
			'What was sent in that time would be looked up; this assumes that none of it keeps this SMS back.';
		expect(json[0].summary).toBe(
			`Would text +1 415-555-0101 now from +1 415-555-0100: "Hi" (1 segment). Not checked in a dry run, and may still stop or move it: 'Skip If Texted Within (Minutes)'.`,
		);
		expect(Object.keys(json[0]).slice(0, 2)).toEqual(['summary', '_note']);
		expect(json[0]._note).toContain(NOTHING);
		expect(json[0]._note).toContain(`${looked} ${draft}`);
	});

	test('1,000 items that would go out', async () => {
		const items = Array.from({ length: 1000 }, (_, n) => ({ text: `${n}` }));
		const { items: output } = await sms.run(
			'send',
			{ ...sendTo('+14155550101', '={{ $json.text }}'), options },
			{ items },
		);

		expect(output).toEqual(
			items.map(({ text }, item) => ({
				json: {
					summary: `Would text +1 415-555-0101 now from +1 415-555-0100: "${text}" (1 segment).`,
					dryRun: true,
					requests: [
						{
							method: 'POST',
							url: list(),
							body: { ...body, contact_id: CONTACT_ID, text, status: 'draft' },
						},
						{ method: 'PUT', url: smsUrl('{id}'), body: { ...body, text, status: 'outbox' } },
					],
					_note: `${NOTHING} ${draft}`,
				},
				pairedItem: { item },
			})),
		);
	});
});

test('no credential is in the result', async () => {
	const { result } = await sms.run('get', { smsId: byId('acti_1'), options });
	const shown = JSON.stringify(result.data.resultData.runData['Close SMS']);

	expect(shown).toContain('acti_1');
	expect(shown).not.toContain(sms.close.account.apiKey);
	expect(shown.toLowerCase()).not.toContain('authorization');
});

test.each(ERROR_MODES)('what is wrong is still said, on error: %s', async (onError) => {
	const run = await sms.run('get', { smsId: byId('a/b'), options }, { node: { onError } });

	expect(messages(run)).toEqual([expect.stringContaining("'SMS' is not the ID of an SMS")]);
});

test('off: it is sent', async () => {
	const id = sms.close.account.texts.draft.id;
	const { json } = await sms.run('get', { smsId: byId(id), options: { dryRun: false } });

	expect(json).toMatchObject([{ id }]);
	expect(sms.close.requests.splice(0)).toHaveLength(1);
});
