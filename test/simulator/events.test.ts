import axios from 'axios';

import type { WebhookEvent } from '../../dev/simulator';
import { clientOf } from '../../dev/simulator/client';
import { api, close } from './fixture';

interface Page {
	data: WebhookEvent[];
	cursor_next: string | null;
	cursor_previous: string | null;
}

const read = async (params: object = {}) => (await api.get<Page>('/event/', { params })).data;
const draft = () => close.account.texts.draft;
const put = async (body: object) => await api.put(`/activity/sms/${draft().id}/`, body);
/** So that nothing becomes part of what was before. */
const later = () => close.clock.advance(60_000);

test('what has happened can be read, the latest first, whether anybody was told or not', async () => {
	expect((await read()).data).toEqual([]);
	await put({ text: 'New words' });
	later();
	await put({ status: 'outbox' });
	later();
	const { data } = await read();
	expect(data.map(({ action, data: sms }) => [action, sms?.status])).toEqual([
		['sent', 'sent'],
		['updated', 'sent'],
		['updated', 'draft'],
	]);
	expect(data[2]).toEqual({
		id: expect.stringMatching(/^ev_\w{22}$/),
		action: 'updated',
		object_type: 'activity.sms',
		object_id: draft().id,
		lead_id: draft().lead_id,
		organization_id: close.account.organization.id,
		user_id: close.account.users.ada.id,
		request_id: expect.stringMatching(/^req_/),
		api_key_id: close.account.apiKey.split('.')[0],
		oauth_client_id: null,
		oauth_scope: null,
		date_created: expect.stringMatching(/^[-\dT:.]+$/),
		date_updated: expect.stringMatching(/^[-\dT:.]+$/),
		data: expect.objectContaining({ id: draft().id, text: 'New words' }),
		previous_data: expect.objectContaining({ text: draft().text }),
		changed_fields: expect.arrayContaining(['text']),
		meta: { request_method: 'PUT', request_path: `/api/v1/activity/sms/${draft().id}/` },
	});
	expect((await api.get(`/event/${data[2].id}/`)).data).toEqual(data[2]);
	expect((await api.get('/event/ev_none/')).status).toBe(404);
});

test('quick updates of one text are one event, which moves and keeps its id and birth', async () => {
	close.webhooks.consolidation(60_000);
	await put({ text: 'one' });
	const [first] = (await read()).data;
	close.clock.advance(10);
	close.addSms();
	close.clock.advance(10);
	await put({ text: 'two' });
	const [event, created, ...more] = (await read()).data;
	expect([event.id, event.date_created, created.action, more]).toEqual([
		first.id,
		first.date_created,
		'created',
		[],
	]);
	expect(event.previous_data?.text).toBe(draft().text);
	expect(event.data?.text).toBe('two');
});

test('a change through an OAuth app names the app, and no API key', async () => {
	await axios.put(
		`${close.baseUrl}/activity/sms/${draft().id}/`,
		{ text: 'x' },
		{ headers: { authorization: `Bearer ${close.account.accessToken}` }, proxy: false },
	);
	const [event] = (await read()).data;
	expect(event).toMatchObject({
		api_key_id: null,
		oauth_client_id: close.account.oauthClient.id,
		oauth_scope: 'all.full_access offline_access',
	});
});

test("what a person does in Close's own app names neither", async () => {
	close.somebody.edits(draft().id, { text: 'x' });
	expect((await read()).data[0]).toMatchObject({
		user_id: close.account.users.ben.id,
		api_key_id: null,
		oauth_client_id: null,
		oauth_scope: null,
	});
});

describe('pages', () => {
	/** As many events as there are numbers, the newest the highest. */
	const happen = (count: number) => {
		for (let n = 0; n < count; n++) close.addSms({ text: String(n) });
	};
	const texts = ({ data }: Page) => data.map((event) => event.data?.text);
	const numbers = (from: number, to: number) =>
		Array.from({ length: from - to + 1 }, (_, n) => String(from - n));

	test('are of 50 at most, and cursors lead to older and newer ones', async () => {
		happen(120);
		const first = await read({ _limit: 100 });
		expect([texts(first), first.cursor_previous]).toEqual([numbers(119, 70), null]);
		const second = await read({ _cursor: first.cursor_next });
		expect(texts(second)).toEqual(numbers(69, 20));
		const last = await read({ _cursor: second.cursor_next });
		expect([texts(last), last.cursor_next]).toEqual([numbers(19, 0), null]);
		expect(await read({ _cursor: last.cursor_previous })).toEqual(second);
		expect(await read({ _cursor: second.cursor_previous })).toEqual(first);
	});

	test('what happens meanwhile moves nothing on the next page', async () => {
		happen(60);
		const { cursor_next } = await read();
		happen(5);
		expect(texts(await read({ _cursor: cursor_next }))).toEqual(numbers(9, 0));
	});

	test.each([{ _skip: 1 }, { _cursor: 'none' }, { _limit: 'x' }])('refuses %j', async (params) =>
		expect((await api.get('/event/', { params })).status).toBe(400),
	);
});

describe('filters', () => {
	beforeEach(async () => {
		await put({ text: 'x' });
		later();
		close.addSms({ lead_id: 'lead_tanaka0000000000000000' });
	});

	test.each<[object, string[]]>([
		[{ object_type: 'activity.sms', action: 'created' }, ['created']],
		[{ object_type: 'activity.sms', action: 'sent' }, []],
		[{ object_type: 'lead', action: 'created' }, []],
		[{ object_type: 'activity.sms', object_id: 'acti_draft00000000000000000' }, ['updated']],
		[{ lead_id: 'lead_tanaka0000000000000000' }, ['created']],
		[{ user_id: 'user_ada0000000000000000000' }, ['updated']],
		[{ user_id: 'user_ada0000000000000000000', object_type: 'activity.sms' }, ['updated']],
	])('%j', async (params, actions) =>
		expect((await read(params)).data.map(({ action }) => action)).toEqual(actions),
	);

	test.each([
		{ action: 'created' },
		{ object_type: 'activity.sms' },
		{ object_id: 'acti_draft00000000000000000' },
		{ request_id: 'req_x', lead_id: 'lead_x' },
	])('%j is no combination that Close supports', async (params) =>
		expect((await api.get('/event/', { params })).status).toBe(400),
	);

	test('by date_updated, to the millisecond, with every combination', async () => {
		const [, { date_updated: at }] = (await read()).data;
		const count = async (params: object) => (await read(params)).data.length;
		expect([
			await count({ date_updated__gt: `${at}Z` }),
			await count({ date_updated__gte: `${at}Z` }),
			await count({ date_updated__lt: `${at}Z` }),
			await count({ date_updated__lte: `${at}Z`, user_id: 'user_ada0000000000000000000' }),
		]).toEqual([1, 2, 0, 1]);
	});
});

test('30 days back, and for those who are no admins with what it is about for an hour', async () => {
	await put({ text: 'x' });
	const asBen = async () =>
		(await clientOf(close, close.account.secondApiKey).get<Page>('/event/')).data.data;
	expect((await asBen())[0].data?.text).toBe('x');
	close.clock.advance(61 * 60_000);
	expect((await asBen())[0]).toMatchObject({ data: null, previous_data: null });
	expect((await read()).data[0].data?.text).toBe('x');
	close.clock.advance(30 * 24 * 3_600_000);
	expect((await read()).data).toEqual([]);
});
