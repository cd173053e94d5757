import axios from 'axios';
import { createHash, createHmac } from '../../../dev/platform';
import { signature } from '../../../dev/simulator';
import { setUpTrigger } from './setUpTrigger';
import type { TestWorkflow } from './testN8n';

const trigger = setUpTrigger();

/** A call of the trigger's address. */
interface Call {
	body: string | Buffer;
	headers: Record<string, string | string[]>;
	method?: string;
	query?: string;
}

/** A delivery as Close makes it, and what a forger may know or not. */
interface Genuine {
	body: string;
	timestamp: string;
	hash: string;
	key: string;
	otherKey: string;
	otherId: string;
}

const now = () => String(Math.floor(Date.now() / 1000));
const JSON_TYPE = { 'content-type': 'application/json' };

let workflow: TestWorkflow;
let genuine: Genuine;

const call = ({ body, timestamp, hash }: Pick<Genuine, 'body' | 'timestamp' | 'hash'>): Call => ({
	body,
	headers: { ...JSON_TYPE, 'close-sig-hash': hash, 'close-sig-timestamp': timestamp },
});
const withHash = (hash: string, { body, timestamp } = genuine) => call({ body, timestamp, hash });
const withBody = (body: string) => call({ ...genuine, body });
const withTimestamp = (timestamp: string) => call({ ...genuine, timestamp });
const headersBut = (name: string) => {
	const { body, headers } = call(genuine);
	return {
		body,
		headers: Object.fromEntries(Object.entries(headers).filter(([key]) => key !== name)),
	};
};
/** What only Close, or who stole the key, can make. */
const signed = (body: string, timestamp = now(), key = genuine.key) =>
	call({ body, timestamp, hash: signature(key, timestamp, body) });
const hmac = (message: string, key: string | Buffer, algorithm = 'sha256') =>
	createHmac(algorithm, key).update(message).digest('hex');
const decoded = () => Buffer.from(genuine.key, 'hex');
const changedAt = (text: string, at: number, to: string) =>
	text.slice(0, at) + to + text.slice(at + 1);

beforeEach(async () => {
	// Close itself keeps still.
	trigger.close.webhooks.hold();
	workflow = await trigger.active({ events: ['received'], output: 'raw' });
	const other = await trigger.active({ events: ['received'] });
	const { subscriptionId, signatureKey } = trigger.n8n.stored(workflow);
	const data = trigger.close.receive({ from: '+14155550102', text: 'Är "10 €" ok? 👍' });
	const event = {
		id: 'ev_1',
		action: 'created',
		object_type: 'activity.sms',
		date_updated: new Date().toISOString().replace('Z', '000'),
		changed_fields: [],
		previous_data: {},
		data,
	};
	const body = JSON.stringify({ event, subscription_id: subscriptionId });
	const timestamp = now();
	genuine = {
		body,
		timestamp,
		hash: signature(signatureKey as string, timestamp, body),
		key: signatureKey as string,
		otherKey: trigger.n8n.stored(other).signatureKey as string,
		otherId: trigger.n8n.stored(other).subscriptionId as string,
	};
});

const send = async ({ body, headers, method = 'POST', query = '' }: Call) =>
	await axios.request({
		method,
		url: trigger.n8n.urlOf(workflow) + query,
		headers,
		data: body,
		transformRequest: [],
		proxy: false,
		validateStatus: () => true,
	});

const FORGERIES: Array<[string, () => Call, number]> = [
	['no headers', () => ({ body: genuine.body, headers: JSON_TYPE }), 401],
	['no signature', () => headersBut('close-sig-hash'), 401],
	['no timestamp', () => headersBut('close-sig-timestamp'), 401],
	['an empty signature', () => withHash(''), 401],
	['a signature cut by one', () => withHash(genuine.hash.slice(1)), 401],
	['half a signature', () => withHash(genuine.hash.slice(0, 32)), 401],
	['a signature too long by one', () => withHash(`${genuine.hash}0`), 401],
	['a signature twice as long', () => withHash(genuine.hash + genuine.hash), 401],
	[
		'a signature in capitals',
		() => withHash(genuine.hash.replace(/[0-9a-f]*/, (hex) => `A${hex.slice(1).toUpperCase()}`)),
		401,
	],
	[
		'a signature of another digit',
		() => withHash(changedAt(genuine.hash, 63, genuine.hash[63] === '0' ? '1' : '0')),
		401,
	],
	['a signature of zeros', () => withHash('0'.repeat(64)), 401],
	['a signature that is not hex', () => withHash(changedAt(genuine.hash, 5, 'g')), 401],
	['a signature with its algorithm', () => withHash(`sha256=${genuine.hash}`), 401],
	[
		'a signature in Base64',
		() => withHash(Buffer.from(genuine.hash, 'hex').toString('base64')),
		401,
	],
	[
		'two signatures',
		() => ({
			...call(genuine),
			headers: { ...call(genuine).headers, 'close-sig-hash': [genuine.hash, genuine.hash] },
		}),
		401,
	],
	[
		'the signature in the address',
		() => ({ ...headersBut('close-sig-hash'), query: `?close-sig-hash=${genuine.hash}` }),
		401,
	],
	[
		'the key used as text',
		() => withHash(hmac(genuine.timestamp + genuine.body, genuine.key)),
		401,
	],
	['an empty key', () => withHash(hmac(genuine.timestamp + genuine.body, '')), 401],
	["another subscription's key", () => signed(genuine.body, now(), genuine.otherKey), 401],
	[
		'another algorithm',
		() => withHash(hmac(genuine.timestamp + genuine.body, decoded(), 'sha512').slice(0, 64)),
		401,
	],
	[
		'a hash without key',
		() =>
			withHash(
				createHash('sha256')
					.update(genuine.timestamp + genuine.body)
					.digest('hex'),
			),
		401,
	],
	['the timestamp not signed', () => withHash(hmac(genuine.body, decoded())), 401],
	[
		'the timestamp behind the body',
		() => withHash(hmac(genuine.body + genuine.timestamp, decoded())),
		401,
	],
	[
		'a dot between timestamp and body',
		() => withHash(hmac(`${genuine.timestamp}.${genuine.body}`, decoded())),
		401,
	],
	['a changed byte', () => withBody(genuine.body.replace('ev_1', 'ev_2')), 401],
	['a changed number', () => withBody(genuine.body.replace('+14155550102', '+14155550103')), 401],
	['a later timestamp', () => withTimestamp(String(Number(genuine.timestamp) + 1)), 401],
	['a timestamp in milliseconds', () => withTimestamp(`${genuine.timestamp}000`), 401],
	['a timestamp with a zero before it', () => withTimestamp(`0${genuine.timestamp}`), 401],
	[
		'a digit moved from timestamp to body',
		() =>
			call({
				...genuine,
				timestamp: genuine.timestamp.slice(0, -1),
				body: genuine.timestamp.slice(-1) + genuine.body,
			}),
		422,
	],
	[
		'the same without saying that it is JSON',
		() => ({
			...call({
				...genuine,
				timestamp: genuine.timestamp.slice(0, -1),
				body: genuine.timestamp.slice(-1) + genuine.body,
			}),
			headers: {
				...call(genuine).headers,
				'close-sig-timestamp': genuine.timestamp.slice(0, -1),
				'content-type': 'text/plain',
			},
		}),
		401,
	],
	[
		'JSON written with spaces',
		() => withBody(JSON.stringify(JSON.parse(genuine.body), null, 1)),
		401,
	],
	[
		'JSON with its keys in another order',
		() => {
			const { event, subscription_id } = JSON.parse(genuine.body);
			return withBody(JSON.stringify({ subscription_id, event }));
		},
		401,
	],
	['unicode written as escapes', () => withBody(genuine.body.replace('Ä', '\\u00c4')), 401],
	['unicode in another form', () => withBody(genuine.body.normalize('NFD')), 401],
	['a byte order mark', () => withBody(`\ufeff${genuine.body}`), 401],
	['a line feed behind it', () => withBody(`${genuine.body}\n`), 401],
	['a cut body', () => withBody(genuine.body.slice(0, -1)), 422],
	['no body', () => withBody(''), 401],
	['a body of zero bytes', () => ({ ...call(genuine), body: Buffer.alloc(1000) }), 422],
	['a prototype in the body', () => withBody('{"__proto__":{"event":{}}}'), 401],
	[
		'a very large body',
		() => withBody(JSON.stringify({ event: 'x'.repeat(2 * 1024 * 1024) })),
		413,
	],
	[
		'a very large body, signed',
		() =>
			signed(
				JSON.stringify({
					event: 'x'.repeat(2 * 1024 * 1024),
					subscription_id: trigger.n8n.stored(workflow).subscriptionId,
				}),
			),
		413,
	],
	[
		'a delivery for another subscription',
		() => signed(genuine.body.replace(/whsub_\w+/, genuine.otherId), now(), genuine.otherKey),
		401,
	],
	[
		'our key with another subscription',
		() => signed(genuine.body.replace(/whsub_\w+/, genuine.otherId)),
		401,
	],
	[
		'our key without a subscription',
		() => signed(JSON.stringify({ event: JSON.parse(genuine.body).event })),
		401,
	],
	['five days old', () => signed(genuine.body, String(Number(now()) - 5 * 86_400)), 401],
	['of next week', () => signed(genuine.body, String(Number(now()) + 7 * 86_400)), 401],
	['a signed timestamp that is no number', () => signed(genuine.body, `${now()}e0`), 401],
	['a signed negative timestamp', () => signed(genuine.body, `-${now()}`), 401],
	['signed JSON that is no object', () => signed('"text"'), 400],
	['signed null', () => signed('null'), 400],
	['plain text', () => ({ body: 'hello', headers: { 'content-type': 'text/plain' } }), 401],
	[
		'a form',
		() => ({ body: 'event=1', headers: { 'content-type': 'application/x-www-form-urlencoded' } }),
		401,
	],
	['JSON that is none', () => withBody('{'), 422],
	['GET', () => ({ ...call(genuine), method: 'GET' }), 404],
	['PUT', () => ({ ...call(genuine), method: 'PUT' }), 404],
	['DELETE', () => ({ ...call(genuine), method: 'DELETE' }), 404],
];

test.each(FORGERIES)(
	'%s is refused, and the genuine delivery gets in after it',
	async (_, forged, status) => {
		expect((await send(forged())).status).toBe(status);
		await trigger.n8n.executed();
		expect(workflow.runs).toEqual([]);
		expect((await send(call(genuine))).status).toBe(200);
		await trigger.n8n.executed();
		expect(workflow.runs).toMatchObject([JSON.parse(genuine.body).event]);
	},
);

test('there are more than thirty kinds', () => expect(FORGERIES.length).toBeGreaterThan(30));

test('a replay is answered like the first, and starts nothing', async () => {
	for (let time = 0; time < 3; time++) expect((await send(call(genuine))).status).toBe(200);
	expect((await send(signed(genuine.body))).status).toBe(200);
	await trigger.n8n.executed();
	expect(workflow.runs).toHaveLength(1);
});

test('a refusal says nothing that helps', async () => {
	const answers = [
		await send(withHash('0'.repeat(64))),
		await send(signed(genuine.body, '1')),
		await send(signed(genuine.body.replace(/whsub_\w+/, genuine.otherId))),
	];
	expect(new Set(answers.map(({ data }) => JSON.stringify(data))).size).toBe(1);
	expect(JSON.stringify(answers[0].data)).not.toContain(genuine.key);
});

test('without a key, and while Close cannot be asked for it, nobody gets in', async () => {
	workflow.stored = '{}';
	trigger.close.reset();
	await trigger.n8n.restart().catch(() => undefined);
	workflow.stored = '{}';
	trigger.n8n.credential = { apiKey: 'api_revoked.x' };
	expect((await send(call(genuine))).status).toBe(401);
	expect((await send(withHash(hmac(genuine.timestamp + genuine.body, '')))).status).toBe(401);
	await trigger.n8n.executed();
	expect(workflow.runs).toEqual([]);
});

test('a lower Max Age refuses what is older', async () => {
	const strict = await trigger.active({ events: ['received'], options: { maxAge: 5 } });
	const { subscriptionId, signatureKey } = trigger.n8n.stored(strict);
	workflow = strict;
	const body = genuine.body.replace(/whsub_\w+/, subscriptionId as string);
	const minutesAgo = (minutes: number) => String(Number(now()) - minutes * 60);
	expect((await send(signed(body, minutesAgo(6), signatureKey as string))).status).toBe(401);
	expect((await send(signed(body, minutesAgo(4), signatureKey as string))).status).toBe(200);
	await trigger.n8n.executed();
	expect(strict.runs).toHaveLength(1);
});

test.each([-20, 20])(
	"Max Age goes by Close's clock, which is %d min ahead of n8n's",
	async (minutes) => {
		trigger.close.clock.differ(minutes * 60_000);
		const strict = await trigger.active({ events: ['received'], options: { maxAge: 5 } });
		trigger.close.receive({ from: '+14155550102', text: 'Hello' });
		await trigger.deliver();
		await trigger.n8n.executed();
		expect(strict.runs).toHaveLength(1);
	},
);

test('what Close tells about other things than texts starts nothing and is not sent again', async () => {
	const { subscriptionId } = trigger.n8n.stored(workflow);
	for (const event of [
		{ id: 'ev_2', object_type: 'lead', action: 'created', date_updated: '' },
		undefined,
		{},
		1,
	]) {
		const answer = await send(signed(JSON.stringify({ event, subscription_id: subscriptionId })));
		expect(answer.status).toBe(200);
	}
	await trigger.n8n.executed();
	expect(workflow.runs).toEqual([]);
});
