import axios from 'axios';

import { api, close } from './fixture';
import type { Simulator } from '../../dev/simulator';
import { clientOf } from '../../dev/simulator/client';

const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;

test.each<[string, () => string | undefined, number]>([
	['the key as user', () => basic(`${close.account.apiKey}:`), 200],
	['a token as bearer', () => `Bearer ${close.account.accessToken}`, 200],
	['nothing', () => undefined, 401],
	['a password too', () => basic(`${close.account.apiKey}:x`), 401],
	['the key as password', () => basic(`:${close.account.apiKey}`), 401],
	['no colon', () => basic(close.account.apiKey), 401],
	['the key as bearer', () => `Bearer ${close.account.apiKey}`, 401],
	['the token as user', () => basic(`${close.account.accessToken}:`), 401],
])('signing in with %s', async (_, authorization, expected) => {
	const headers = { authorization: authorization() };
	const { status, data } = await axios.get(`${close.baseUrl}/me/`, {
		headers,
		validateStatus: () => true,
	});
	expect(status).toBe(expected);
	if (expected === 401) expect(data).toEqual({ error: 'Unauthorized' });
});

test.each([
	['limitedApiKey', 401],
	['forbiddenApiKey', 403],
] as const)('%s is valid but may not touch texts', async (name, expected) => {
	const limited = clientOf(close, close.account[name]);
	expect((await limited.get('/me/')).status).toBe(200);
	expect((await limited.get('/activity/sms/')).status).toBe(expected);
});

test.each([
	['GET', '/me', 404],
	['GET', '/activity/sms/acti_x', 404],
	['GET', '/nothing/', 404],
	['GET', '/activity/sms/..%2Fme/', 404],
	['PATCH', '/activity/sms/acti_draft/', 405],
	['DELETE', '/activity/sms/', 405],
	['POST', '/me/', 405],
])('%s %s is a %s', async (method, url, status) => {
	expect(await api.request({ method, url })).toMatchObject({
		status,
		data: { error: expect.any(String) },
	});
});

test.each([
	['a=b', 'application/x-www-form-urlencoded', 415],
	['{}', 'text/plain', 415],
	['{"text":', 'application/json', 400],
	['[]', 'application/json', 400],
	['"x"', 'application/json', 400],
	['', 'application/json', 400],
])('a body %j of type %s is a %s', async (body, type, status) => {
	const url = `/activity/sms/${close.account.texts.draft.id}/`;
	const headers = { 'content-type': type };
	expect((await api.put(url, body, { headers, transformRequest: (data) => data })).status).toBe(
		status,
	);
	expect(close.sms(close.account.texts.draft.id)).toEqual(close.account.texts.draft);
});

const file = {
	url: 'https://app.close.com/go/file/temporary/u/f/a.png/',
	filename: 'a.png',
	content_type: 'image/png',
};
test.each<[object, object]>([
	[{ body: 'x' }, { body: 'Unknown field.' }],
	[{ direction: 'outbound' }, { direction: 'Unknown field.' }],
	[{ send_in: 3 }, { send_in: 'Unknown field.' }],
	[{ text: 5 }, { text: 'Value must be of string,null type.' }],
	[{ status: 'delivered' }, { status: 'Not a valid choice.' }],
	[{ status: 'error' }, { status: 'Not a valid choice.' }],
	[{ status: 'scheduled' }, { date_scheduled: 'This field is required.' }],
	[
		{ status: 'scheduled', date_scheduled: '2020-01-01T10:00:00Z' },
		{ date_scheduled: 'The date must be in the future.' },
	],
	[
		{ date_scheduled: '2040-01-01T10:00:00Z' },
		{ date_scheduled: 'Only allowed with status "scheduled".' },
	],
	[
		{ status: 'scheduled', date_scheduled: '2040-01-01T10:00:00 02:00' },
		{ date_scheduled: 'Invalid ISO 8601 datetime.' },
	],
	[{ activity_at: 'tomorrow' }, { activity_at: 'Invalid ISO 8601 datetime.' }],
	[
		{ remote_phone: '4155550101', local_phone: '+1 415 555 0100' },
		{ remote_phone: 'Invalid phone number.', local_phone: 'Invalid phone number.' },
	],
	[{ lead_id: 'lead_x' }, { lead_id: 'Invalid lead id.' }],
	[{ contact_id: 'cont_x' }, { contact_id: 'Invalid contact id.' }],
	[
		{ contact_id: 'cont_emma000000000000000000' },
		{ contact_id: 'The contact does not belong to the lead.' },
	],
	[
		{ user_id: 'user_x', template_id: 'smstmpl_x' },
		{ user_id: 'Invalid user id.', template_id: 'Invalid template id.' },
	],
	[{ attachments: Array(11).fill(file) }, { attachments: 'List is too long.' }],
	[
		{ attachments: [file, { ...file, content_type: 'image/webp', size: 3 }] },
		{
			attachments: {
				errors: { 1: { content_type: 'Not a valid choice.', size: 'Unknown field.' } },
			},
		},
	],
	[
		{ attachments: [{ ...file, url: 'https://example.com/a.png' }] },
		{ attachments: { errors: { 0: { url: 'Must begin with https://app.close.com/go/file/' } } } },
	],
])('an update with %j is refused by field', async (body, fieldErrors) => {
	const { draft } = close.account.texts;
	const { status, data } = await api.put(`/activity/sms/${draft.id}/`, body);
	expect([status, data]).toEqual([400, { errors: [], 'field-errors': fieldErrors }]);
	expect(close.sms(draft.id)).toEqual(draft);
});

test('text and template together are refused as a whole', async () => {
	const body = { text: 'x', template_id: close.account.templates.thanks.id };
	const { data } = await api.put(`/activity/sms/${close.account.texts.draft.id}/`, body);
	expect(data).toEqual({
		errors: ['Provide either text or template_id, not both.'],
		'field-errors': {},
	});
});

test('create needs a status and refuses what it does not know', async () => {
	const { status, data } = await api.post('/activity/sms/', { to: '+14155550101', send_in: 60 });
	expect([status, data['field-errors']]).toEqual([
		400,
		{ status: 'This field is required.', to: 'Unknown field.', send_in: 'The value is too large.' },
	]);
});

test.each<[string, string | object]>([
	[
		'_limit=101',
		'The limit you set is larger than the maximum limit for this resource (max_limit = 100).',
	],
	['_limit=x', '_limit must be an integer (got "x" instead).'],
	['_skip=-1', '_skip must be a non-negative integer (got "-1" instead).'],
	[
		'_skip=250001',
		'The skip you set is larger than the maximum skip for this resource (max_skip = 250000). Please narrow your query.',
	],
	[
		'date_created__gt=2026-01-01T00:00:00+02:00',
		{ date_created__gt: 'Invalid ISO 8601 datetime.' },
	],
	['lead_id=a&lead_id=b', { lead_id: 'Given more than once.' }],
])('a list with %s is refused', async (query, expected) => {
	const { status, data } = await api.get(`/activity/sms/?${query}`);
	expect([status, data.error ?? data['field-errors']]).toEqual([400, expected]);
});

describe('a list', () => {
	const ids = async (query: string) =>
		(await api.get(`/activity/sms/?${query}`)).data.data.map(({ id }: { id: string }) => id);
	const of = (...names: Array<keyof Simulator['account']['texts']>) =>
		names.map((name) => close.account.texts[name].id);

	test('is newest first, in pages, with has_more', async () => {
		expect(await ids('')).toEqual(of('draft', 'scheduled', 'failed', 'sent', 'received'));
		expect((await api.get('/activity/sms/?_limit=2&_skip=2&_fields=id,status')).data).toEqual({
			data: [
				{ id: of('failed')[0], status: 'error' },
				{ id: of('sent')[0], status: 'sent' },
			],
			has_more: true,
		});
		expect((await api.get('/activity/sms/?_limit=1&_skip=4')).data.has_more).toBe(false);
	});

	test('takes ids and dates, and notes what it does not know', async () => {
		const { received, draft } = close.account.texts;
		expect(await ids(`id__in=${draft.id},${received.id},acti_x`)).toEqual(of('draft', 'received'));
		expect(await ids(`contact_id=${close.account.contacts.sam.id}`)).toEqual(of('scheduled'));
		expect(await ids('date_created__gte=2026-02-03&date_created__lt=2026-02-05')).toEqual(
			of('scheduled', 'failed'),
		);
		expect(await ids('date_created__gt=2026-02-05T14%3A00%3A00%2B02%3A00')).toEqual(of('draft'));
		expect(await ids('direction=inbound')).toHaveLength(5);
		expect(close.requests.at(-1)).toMatchObject({
			path: '/activity/sms/',
			unknownQuery: ['direction'],
			status: 200,
		});
	});
});

test('templates are made, changed, archived and deleted', async () => {
	const made = await api.post('/sms_template/', { name: 'New', text: 'Hi' });
	const url = `/sms_template/${made.data.id}/`;
	expect(made).toMatchObject({
		status: 201,
		data: { status: 'active', owned_by: close.account.users.ada.id },
	});
	expect((await api.put(url, { status: 'archived' })).data).toMatchObject({
		name: 'New',
		status: 'archived',
	});
	expect((await api.put(url, { owned_by: 'x' })).data['field-errors']).toEqual({
		owned_by: 'Unknown field.',
	});
	expect(await api.delete(url)).toMatchObject({ status: 204, data: '' });
	expect((await api.get(url)).status).toBe(404);
	expect((await api.get('/sms_template/')).data.data).toHaveLength(3);
});

test('people and numbers can be looked up', async () => {
	const data = async (path: string) => (await api.get(path)).data;
	expect((await data('/phone_number/?number=%2B14155550100')).data).toHaveLength(1);
	expect((await data('/user/?_fields=id')).data).toEqual(
		Object.values(close.account.users).map(({ id }) => ({ id })),
	);
	expect((await data('/lead/?_fields=id,display_name&_limit=1')).data).toEqual([
		{ id: close.account.leads.bluebird.id, display_name: 'Bluebird Cafe' },
	]);
	expect((await data(`/contact/?lead_id=${close.account.leads.tanaka.id}`)).data).toHaveLength(2);
	expect(await data(`/contact/${close.account.contacts.sam.id}/?_fields=name`)).toEqual({
		name: 'Sam Reyes',
	});
});
