import fastify, { type FastifyInstance } from 'fastify';

import { api, close } from './fixture';
import { signature, type WebhookEvent } from '../../dev/simulator';
import { isFilter, matches } from '../../dev/simulator/webhooks/webhookFilter';

let receiver: FastifyInstance;
let address: string;
/** What the receiver got, and what it answers. */
let received: Array<{ raw: string; headers: Record<string, unknown>; event: WebhookEvent }> = [];
let answer = 200;

beforeAll(async () => {
	receiver = fastify({ forceCloseConnections: true });
	receiver.addContentTypeParser('application/json', { parseAs: 'string' }, (_, raw, done) =>
		done(null, raw),
	);
	receiver.post('/hook', (request, reply) => {
		const raw = request.body as string;
		received.push({ raw, headers: request.headers, event: JSON.parse(raw).event });
		return reply.code(answer).send();
	});
	address = `${await receiver.listen({ host: '127.0.0.1', port: 0 })}/hook`;
});
beforeEach(() => {
	received = [];
	answer = 200;
});
afterAll(async () => {
	await receiver.close();
});

const on = (action: string, extra_filter?: object) => ({
	object_type: 'activity.sms',
	action,
	...(extra_filter && { extra_filter }),
});
const ALL = ['created', 'updated', 'sent', 'deleted'].map((action) => on(action));
const subscribe = async (events: object[] = ALL, url = address) =>
	await api.post('/webhook/', { url, events });
const actions = () => received.map(({ event }) => event.action);
const draftId = () => close.account.texts.draft.id;
const put = async (body: object) => await api.put(`/activity/sms/${draftId()}/`, body);
const DAY = 24 * 3_600_000;
/** Simulated time passes, and what falls due then is delivered. */
async function pass(ms: number) {
	close.clock.advance(ms);
	await close.webhooks.deliverAll();
}

test('the signature is HMAC-SHA256 with the decoded key over timestamp and body', () => {
	const key = '00112233445566778899aabbccddeeff'.repeat(2);
	const body =
		'{"event":{"action":"created","object_type":"activity.sms"},"subscription_id":"whsub_test"}';
	expect(signature(key, '1700000000', body)).toBe(
		'd243427c84d0c0e7ba34bf366823efb30db2d1b0cf917d7727f4158dd1db2892',
	);
});

test('the life of a text is told, signed, with what changed and by whom', async () => {
	close.webhooks.consolidation(60_000);
	const { data: subscription } = await subscribe();
	const body = {
		status: 'draft',
		text: 'One',
		remote_phone: '+14155550101',
		local_phone: '+14155550100',
	};
	const { data: made } = await api.post('/activity/sms/', body);
	await api.put(`/activity/sms/${made.id}/`, { text: 'Two' });
	await api.put(`/activity/sms/${made.id}/`, { status: 'outbox' });
	await pass(1000);
	await api.delete(`/activity/sms/${made.id}/`);
	await close.webhooks.deliverAll();
	expect(actions().sort()).toEqual(['created', 'deleted', 'sent', 'updated']);
	const of = (action: string) =>
		received.find(({ event }) => event.action === action) as (typeof received)[0];
	expect(of('created').event).toMatchObject({
		object_id: made.id,
		data: made,
		api_key_id: close.account.apiKey.split('.')[0],
		user_id: close.account.users.ada.id,
		request_id: expect.stringMatching(/^req_/),
		date_created: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+$/),
		meta: { request_method: 'POST', request_path: '/api/v1/activity/sms/' },
	});
	expect(of('sent').event).toMatchObject({ api_key_id: null, data: { status: 'sent' } });
	expect(of('updated').event).toMatchObject({
		previous_data: { text: 'One', status: 'draft' },
		data: { status: 'sent' },
	});
	expect(of('updated').event.changed_fields).toEqual(
		expect.arrayContaining(['text', 'status', 'date_sent']),
	);
	expect(of('deleted').event).toMatchObject({
		data: null,
		previous_data: { id: made.id, status: 'sent' },
	});
	for (const { raw, headers } of received) {
		const timestamp = String(headers['close-sig-timestamp']);
		expect(headers['close-sig-hash']).toBe(signature(subscription.signature_key, timestamp, raw));
		expect(JSON.parse(raw).subscription_id).toBe(subscription.id);
	}
});

test('only what was subscribed and passes the filter is told', async () => {
	const inbound = { type: 'equals', value: 'inbound' };
	const at = (field: string, filter: object) => ({ type: 'field_accessor', field, filter });
	await subscribe([on('created', at('data', at('direction', inbound)))]);
	close.addSms({ text: 'a draft' });
	close.receive({ from: '+14155550102', text: 'Hello' });
	await close.webhooks.deliverAll();
	expect(received.map(({ event }) => event.data)).toEqual([
		expect.objectContaining({
			text: 'Hello',
			contact_id: close.account.contacts.sam.id,
			status: 'inbox',
		}),
	]);
});

describe('subscriptions', () => {
	test('are made, read, changed and deleted', async () => {
		const { status, data } = await subscribe();
		expect([status, data.status, data.signature_key]).toEqual([
			201,
			'active',
			expect.stringMatching(/^[0-9a-f]{64}$/),
		]);
		const url = `/webhook/${data.id}/`;
		expect((await api.get(url)).data).toEqual(data);
		expect((await api.get('/webhook/')).data).toEqual({ data: [data], has_more: false });
		expect((await api.put(url, { status: 'paused' })).data).toMatchObject({
			pause_reason: 'api',
			signature_key: data.signature_key,
		});
		await put({ text: 'x' });
		await close.webhooks.deliverAll();
		expect(received).toEqual([]);
		expect(await api.delete(url)).toMatchObject({ status: 200, data: {} });
		expect((await api.get(url)).status).toBe(404);
	});

	test('an active one for the same URL is refused, a paused one is not', async () => {
		const { data } = await subscribe();
		const duplicate = {
			status: 400,
			data: { error: `Duplicate active subscription. Existing duplicates are: ${data.id}` },
		};
		expect(await subscribe([on('sent')])).toMatchObject(duplicate);
		await api.put(`/webhook/${data.id}/`, { status: 'paused' });
		expect((await subscribe()).status).toBe(201);
		expect((await api.put(`/webhook/${data.id}/`, { status: 'active' })).status).toBe(400);
	});

	test('there can be 40', async () => {
		for (let count = 0; count < 40; count++) await subscribe(ALL, `${address}/${count}`);
		expect((await subscribe()).status).toBe(400);
	});

	test.each<[object, object]>([
		[{}, { url: 'This field is required.', events: 'This field is required.' }],
		[
			{ url: 'x', events: [], event_filter: {} },
			{ url: 'Invalid input.', events: 'List must not be empty.', event_filter: 'Unknown field.' },
		],
		[
			{ url: 'http://127.0.0.1/', events: [on('received')] },
			{ events: { errors: { 0: { action: 'Not a valid choice.' } } } },
		],
		[
			{ url: 'http://127.0.0.1/', events: [on('sent'), on('sent', { type: 'equal', value: 1 })] },
			{ events: { errors: { 1: { extra_filter: 'Invalid filter.' } } } },
		],
	])('%j is refused', async (body, fieldErrors) => {
		expect((await api.post('/webhook/', body)).data['field-errors']).toEqual(fieldErrors);
	});
});

describe('deliveries', () => {
	test('are tried again with longer waits, and dropped after 72 hours', async () => {
		await subscribe([on('created')]);
		answer = 500;
		close.addSms();
		await close.webhooks.deliverAll();
		await pass(5_000);
		expect(received).toHaveLength(1);
		await pass(6_000);
		expect(received).toHaveLength(2);
		answer = 200;
		await pass(25_000);
		await pass(DAY);
		expect(close.webhooks.deliveries.map(({ attempt, result }) => [attempt, result])).toEqual([
			[1, 500],
			[2, 500],
			[3, 200],
		]);
		expect(new Set(received.map(({ event }) => event.id)).size).toBe(1);
	});

	test('that fail for 3 days pause the subscription', async () => {
		const { data } = await subscribe([on('created')]);
		answer = 410;
		close.addSms();
		await close.webhooks.deliverAll();
		await pass(2 * DAY);
		close.addSms();
		await pass(0);
		expect((await api.get(`/webhook/${data.id}/`)).data).toMatchObject({
			status: 'active',
			health_status: 'unhealthy',
			latest_error: '410',
		});
		close.clock.advance(DAY);
		close.addSms();
		await pass(0);
		expect((await api.get(`/webhook/${data.id}/`)).data).toMatchObject({
			status: 'paused',
			pause_reason: 'failures',
		});
	});

	test('can be doubled and come in another order', async () => {
		await subscribe([on('created')]);
		close.webhooks.duplicate(1);
		close.webhooks.shuffle(7);
		const texts = ['1', '2', '3', '4', '5'];
		texts.forEach((text) => close.addSms({ text }));
		await close.webhooks.deliverAll();
		const arrived = received.map(({ event }) => event.data?.text);
		expect([...arrived].sort()).toEqual(texts.flatMap((text) => [text, text]));
		expect(arrived).not.toEqual([...arrived].sort());
	});

	test('leave loopback never', async () => {
		await subscribe([on('created')], 'https://example.com/hook');
		close.addSms();
		await close.webhooks.deliverAll();
		expect(close.webhooks.deliveries).toEqual([
			expect.objectContaining({ result: 'NOT_LOOPBACK' }),
		]);
	});

	test('that are tried again can carry their first signature', async () => {
		await subscribe([on('created')]);
		close.webhooks.retrySignature('first');
		answer = 503;
		close.addSms();
		await close.webhooks.deliverAll();
		await pass(60_000);
		expect(new Set(received.map(({ headers }) => headers['close-sig-hash'])).size).toBe(1);
		expect(received).toHaveLength(2);
	});
});

test.each<[object, boolean]>([
	[{ type: 'contains', value: 'b' }, true],
	[{ type: 'any_array_value', filter: { type: 'equals', value: 'c' } }, false],
	[{ type: 'any_array_value', filter: { type: 'contains', value: 'b' } }, true],
	[{ type: 'not', filter: { type: 'is_null' } }, true],
	[{ type: 'and', filters: [{ type: 'non_null' }, { type: 'not_equals', value: 'a' }] }, true],
	[{ type: 'or', filters: [] }, false],
	[{ type: 'field_accessor', field: 'length', filter: { type: 'equals', value: 2 } }, true],
])('the filter %j on ["a","b"] gives %s', (filter, expected) => {
	expect(isFilter(filter) && matches(filter, ['a', 'b'])).toBe(expected);
});

test.each([
	{ type: 'x' },
	{ type: 'equals' },
	{ type: 'not', filters: [] },
	{ type: 'is_null', value: 1 },
	{ type: 'and', filters: [{}] },
	null,
])('%j is no filter', (filter) => {
	expect(isFilter(filter)).toBe(false);
});
