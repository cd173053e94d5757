import axios from 'axios';
import fastify, { type FastifyInstance } from 'fastify';
import type { IDataObject, INode, INodeParameters } from 'n8n-workflow';

import { startN8n, type N8n } from '../../dev/n8n/n8n';
import { waitUntil } from '../../dev/n8n/waitUntil';
import { randomUUID, wait } from '../../dev/platform';
import { signature, startSimulator, type Simulator } from '../../dev/simulator';
import { clientOf } from '../../dev/simulator/client';

const MINUTES = 60_000;
const FROM = '+14155550102';

let close: Simulator;
let n8n: N8n;
let credentials: Record<string, string>;
/** Where the workflows send what started them. */
let receiver: FastifyInstance;
let address: string;
/** What arrived there, by workflow. */
const arrived = new Map<string, IDataObject[]>();
/** The address that Close knows: a proxy with n8n behind a path of its own. */
let proxy: FastifyInstance;
let publicUrl: string;

beforeAll(async () => {
	close = await startSimulator();
	receiver = fastify({ forceCloseConnections: true });
	receiver.post<{ Params: { name: string }; Body: IDataObject }>('/:name', ({ params, body }) => {
		arrived.set(params.name, [...(arrived.get(params.name) ?? []), body]);
		return {};
	});
	address = await receiver.listen({ host: '127.0.0.1', port: 0 });
	n8n = await startN8n();
	proxy = fastify({ forceCloseConnections: true });
	proxy.removeAllContentTypeParsers();
	proxy.addContentTypeParser('*', { parseAs: 'buffer' }, (_, body, done) => done(null, body));
	proxy.post('/automation/*', async ({ url, headers, body }, reply) => {
		const target = n8n.url + url.replace('/automation', '');
		const kept = Object.entries(headers).filter(([name]) => /^(content-type|close-)/.test(name));
		const options = {
			headers: Object.fromEntries(kept) as Record<string, string>,
			proxy: false,
			validateStatus: () => true,
		} as const;
		const { status, data } = await axios.post(target, body, options);
		return await reply.code(status).send(data);
	});
	publicUrl = `${await proxy.listen({ host: '127.0.0.1', port: 0 })}/automation/`;
	credentials = await n8n.addSimulatorCredential(close);
}, 5 * MINUTES);

afterEach(async () => {
	for (const id of made.splice(0)) await n8n.deactivate(id).catch(() => undefined);
	close.reset();
});

afterAll(async () => {
	await n8n.stop();
	await proxy.close();
	await receiver.close();
	await close.stop();
});

const made: string[] = [];

const node = (type: string, name: string, typeVersion: number, more: Partial<INode>): INode => ({
	id: randomUUID(),
	name,
	type,
	typeVersion,
	position: [0, 0],
	parameters: {},
	...more,
});

/** Saves a workflow that starts with the trigger and passes on what it gets. */
const workflow = async (parameters: INodeParameters) => {
	const name = randomUUID();
	const trigger = node('n8n-nodes-close-sms.closeSmsTrigger', 'Trigger', 1, {
		webhookId: randomUUID(),
		parameters: { authentication: 'apiKey', ...parameters },
	});
	const pass = node('n8n-nodes-base.httpRequest', 'Pass on', 4.2, {
		parameters: {
			method: 'POST',
			url: `${address}/${name}`,
			sendBody: true,
			specifyBody: 'json',
			jsonBody: '={{ JSON.stringify($json) }}',
		},
	});
	const connections = {
		Trigger: { main: [[{ node: 'Pass on', type: 'main' as const, index: 0 }]] },
	};
	const json = { name, nodes: [trigger, pass], connections };
	const id = await n8n.importWorkflow(json, credentials);
	made.push(id);
	return {
		id,
		path: `${trigger.webhookId}/webhook`,
		told: () => arrived.get(name) ?? [],
		/** Saves other parameters of the trigger, and maybe another name, and publishes them. */
		change: async (others: INodeParameters, newName = 'Trigger') => {
			const { data } = await n8n.rest.get(`/workflows/${id}`);
			const [first, second] = data.data.nodes;
			const changed = { name: newName, parameters: { authentication: 'apiKey', ...others } };
			await n8n.rest.patch(`/workflows/${id}`, {
				...json,
				nodes: [{ ...first, ...changed }, second],
				connections: { [newName]: connections.Trigger },
				versionId: data.data.versionId,
			});
			await n8n.activate(id);
		},
	};
};

const list = () => close.webhooks.list();
const only = () => {
	expect(list()).toHaveLength(1);
	return list()[0];
};

/** The same, active: once Close has its subscription and n8n its key. */
const active = async (parameters: INodeParameters) => {
	const saved = await workflow(parameters);
	await n8n.activate(saved.id);
	await waitUntil(async () => list().some(({ url }) => url.endsWith(saved.path)));
	return saved;
};

const hear = async (text: string) => {
	close.receive({ from: FROM, text });
	await close.webhooks.deliverAll();
};
const results = () => close.webhooks.deliveries.map(({ result }) => result);

/** Waits until so many were passed on, and returns their texts. */
const texts = async ({ told }: { told: () => IDataObject[] }, number: number) => {
	await waitUntil(async () => told().length >= number);
	return told().map(({ text }) => text);
};

/** A call of the address with this body, signed as Close does unless told otherwise. */
const call = async (
	path: string,
	body: string | Buffer,
	headers: Record<string, string> = {},
	method = 'POST',
) =>
	await axios.request({
		method,
		url: n8n.webhookUrl(path),
		data: body,
		headers: { 'content-type': 'application/json', ...headers },
		transformRequest: [],
		maxBodyLength: Infinity,
		proxy: false,
		validateStatus: () => true,
	});
const signed = (body: string, key: string) => {
	const timestamp = String(Math.floor(Date.now() / 1000));
	return { 'close-sig-timestamp': timestamp, 'close-sig-hash': signature(key, timestamp, body) };
};

/** Rests until n8n has stored what it was doing: no execution of the workflow is running. */
const quiet = async (id: string) =>
	await waitUntil(
		async () => !(await n8n.executions(id)).some(({ status }) => /new|running/.test(status)),
	);

test(
	'a workflow starts when a text arrives, gets it, and no longer once it is deactivated',
	async () => {
		const one = await active({ events: ['received'] });
		expect(only()).toMatchObject({
			status: 'active',
			url: n8n.webhookUrl(one.path),
			events: [{ action: 'created' }],
		});

		await hear('Are you open?');

		expect(await texts(one, 1)).toEqual(['Are you open?']);
		expect(one.told()).toMatchObject([{ remote_phone: FROM, event: { type: 'received' } }]);
		expect(results()).toEqual([200]);
		await quiet(one.id);
		expect(await n8n.executions(one.id)).toMatchObject([{ mode: 'webhook', status: 'success' }]);
		await n8n.deactivate(one.id);
		await waitUntil(async () => list().length === 0);
	},
	MINUTES,
);

test(
	'other settings change the subscription; texts come as they are wanted now',
	async () => {
		const one = await active({ events: ['received'] });
		await one.change({ events: ['received'], filters: { remotePhone: '+14155550103' } });
		await waitUntil(async () => JSON.stringify(list()).includes('+14155550103'));
		await hear('from another');
		close.receive({ from: '+14155550103', text: 'from the right one' });
		await close.webhooks.deliverAll();
		expect(await texts(one, 1)).toEqual(['from the right one']);
		expect(list()).toHaveLength(1);
	},
	MINUTES,
);

test(
	'publishing other settings, or another name, keeps the subscription and what Close still has to deliver for it',
	async () => {
		const one = await active({ events: ['received'] });
		const { id, signature_key } = only();
		close.webhooks.hold();
		close.receive({ from: FROM, text: 'before' });
		await one.change({ events: ['received', 'sent'] });
		expect(only().events.map(({ action }) => action)).toEqual(['created', 'sent']);
		close.receive({ from: FROM, text: 'after' });
		await one.change({ events: ['received', 'sent'], output: 'raw' }, 'Renamed');
		// By now it would be gone.
		await wait(15_000);
		expect(only()).toMatchObject({ id, signature_key, status: 'active' });
		await close.webhooks.deliverAll();
		close.clock.advance(MINUTES);
		await waitUntil(async () => one.told().length === 2);
		expect(results().filter((result) => result !== 404)).toEqual([200, 200]);
		await n8n.deactivate(one.id);
		await waitUntil(async () => list().length === 0);
	},
	2 * MINUTES,
);

test(
	'with Catch Up it starts for what it missed while it was unpublished, and while Close had paused its subscription',
	async () => {
		const one = await active({ events: ['received'], options: { catchUp: 24 } });
		await hear('before');
		await texts(one, 1);
		await n8n.deactivate(one.id);
		await waitUntil(async () => list().length === 0);
		for (const text of ['one', 'two']) close.receive({ from: FROM, text });
		await n8n.activate(one.id);
		expect(await texts(one, 3)).toEqual(['before', 'one', 'two']);

		await clientOf(close).put(`/webhook/${only().id}/`, { status: 'paused' });
		for (const text of ['three', 'four']) close.receive({ from: FROM, text });
		await n8n.restart();
		const all = ['before', 'one', 'two', 'three', 'four'];
		expect(await texts(one, 5)).toEqual(all);
		await hear('five');
		expect(await texts(one, 6)).toEqual([...all, 'five']);
		await quiet(one.id);
		const modes = (await n8n.executions(one.id)).map(({ mode }) => mode);
		expect(modes.filter((mode) => mode === 'webhook')).toHaveLength(2);
		expect(new Set(modes)).toEqual(new Set(['webhook', 'trigger']));
	},
	3 * MINUTES,
);

test(
	'what is wrong with it is said when it is activated, and nothing is left at Close',
	async () => {
		const { id } = await workflow({ events: ['received'], filters: { remotePhone: '555' } });
		await n8n.activate(id).catch(() => undefined);
		const status = await waitUntil(async () => {
			const { data } = await n8n.rest.get(`/workflows/${id}/publication-status`);
			return data.data.status !== 'in_progress' && data.data;
		});
		expect(JSON.stringify(status)).toContain("'Remote Phone' has no country code: 555");
		expect(list()).toEqual([]);
	},
	MINUTES,
);

test(
	'whoever is not Close is refused by n8n itself, and it goes on',
	async () => {
		const one = await active({ events: ['received'] });
		const { id, signature_key: key } = only();
		const body = JSON.stringify({
			event: { id: 'ev_x', object_type: 'activity.sms' },
			subscription_id: id,
		});
		const big = JSON.stringify({ x: 'x'.repeat(2 * 1024 * 1024) });
		const answers = [
			await call(one.path, body),
			await call(one.path, body, { 'close-sig-hash': '0'.repeat(64), 'close-sig-timestamp': '1' }),
			await call(one.path, body, signed(`${body} `, key)),
			await call(one.path, body, signed(body, 'ab'.repeat(32))),
			await call(one.path, `${body} `, signed(body, key)),
			await call(one.path, ''),
			await call(one.path, '{'),
			await call(one.path, 'text', { 'content-type': 'text/plain' }),
			await call(one.path, 'a=1', { 'content-type': 'application/x-www-form-urlencoded' }),
			await call(one.path, '<x/>', { 'content-type': 'application/xml' }),
			await call(one.path, '--b\r\n\r\n--b--', {
				'content-type': 'multipart/form-data; boundary=b',
			}),
			await call(one.path, Buffer.alloc(3), { 'content-type': 'image/png' }),
			await call(one.path, Buffer.alloc(3), { 'content-encoding': 'gzip' }),
			await call(one.path, big, signed(big, key)),
			await call(one.path, Buffer.alloc(17 * 1024 * 1024, 'x'), { 'content-type': 'text/plain' }),
			await call(one.path, '', {}, 'GET'),
			await call(one.path, body, {}, 'PUT'),
			await call(`${randomUUID()}/webhook`, body, signed(body, key)),
		];
		expect(answers.map(({ status }) => status)).toEqual([
			...[401, 401, 401, 401, 401, 401],
			...[422, 401, 401, 401, 400, 401, 500],
			...[413, 500, 404, 404, 404],
		]);
		await hear('the real one');
		expect(await texts(one, 1)).toEqual(['the real one']);
		await quiet(one.id);
		expect(await n8n.executions(one.id)).toHaveLength(1);
	},
	MINUTES,
);

test(
	'a restart leaves a subscription as it is, makes a paused one active and a deleted one anew',
	async () => {
		const all = [];
		for (let count = 0; count < 3; count++) all.push(await active({ events: ['received'] }));
		const [fine, paused, deleted] = list();
		const api = clientOf(close);
		await api.put(`/webhook/${paused.id}/`, { status: 'paused' });
		await api.delete(`/webhook/${deleted.id}/`);

		await n8n.restart();

		await waitUntil(async () => list().filter(({ status }) => status === 'active').length === 3);
		const [first, second, third] = list();
		expect([first.id, second.id]).toEqual([fine.id, paused.id]);
		expect(third).toMatchObject({ url: deleted.url, events: deleted.events });
		// n8n stores the new key a moment later; Close tries again until then.
		await hear('after a restart');
		close.clock.advance(MINUTES);
		for (const one of all) expect(await texts(one, 1)).toEqual(['after a restart']);
	},
	5 * MINUTES,
);

describe('Listen for test event', () => {
	const listen = async (id: string) => {
		const { data } = await n8n.rest.get(`/workflows/${id}`);
		const answer = await n8n.rest.post(`/workflows/${id}/run`, {
			workflowData: data.data,
			triggerToStartFrom: { name: 'Trigger' },
		});
		expect(answer.data.data).toEqual({ waitingForWebhook: true });
	};

	test(
		'has a subscription of its own beside the active one, until the first text',
		async () => {
			const one = await active({ events: ['received'] });
			const { id } = only();
			await listen(one.id);
			expect(list().map(({ url }) => url)).toEqual([
				n8n.webhookUrl(one.path),
				`${n8n.url}/webhook-test/${one.path}`,
			]);
			await hear('for both');
			expect(await texts(one, 2)).toEqual(['for both', 'for both']);
			await waitUntil(async () => list().length === 1);
			expect(only()).toMatchObject({ id, status: 'active' });
			await hear('for one');
			expect(await texts(one, 3)).toHaveLength(3);
			await quiet(one.id);
			expect((await n8n.executions(one.id)).map(({ mode }) => mode).sort()).toEqual([
				'manual',
				'webhook',
				'webhook',
			]);
		},
		MINUTES,
	);

	test(
		'works for a workflow that is not active; stopping removes the subscription',
		async () => {
			const one = await workflow({ events: ['received'] });
			await listen(one.id);
			expect(only().url).toBe(`${n8n.url}/webhook-test/${one.path}`);
			await n8n.rest.delete(`/test-webhook/${one.id}`);
			await waitUntil(async () => list().length === 0);
		},
		MINUTES,
	);
});

test(
	'N8N_WEBHOOK_URL behind a path of a proxy counts before WEBHOOK_URL: a new subscription is made there, texts come through, and the old one is left alone',
	async () => {
		const one = await active({ events: ['received'] });
		const { id, url, signature_key } = only();
		await n8n.restart('stop', { N8N_WEBHOOK_URL: publicUrl });
		await waitUntil(async () => list().length === 2);
		expect(list()).toMatchObject([
			{ id, url, signature_key, status: 'active' },
			{ url: `${publicUrl}webhook/${one.path}` },
		]);
		// The old address still leads to n8n. It accepts the old subscription until it has stored the new one, in its own
		// time; until then a text comes through it or through the new one, but only once.
		const heard: string[] = [];
		const isRefused = () =>
			close.webhooks.deliveries.some(
				({ subscriptionId, result }) => subscriptionId === id && result === 401,
			);
		const isTold = () => new Set(one.told().map(({ text }) => text)).size === heard.length;
		await waitUntil(async () => {
			if (isTold() && !isRefused()) {
				heard.push(`through the proxy ${heard.length + 1}`);
				await hear(heard[heard.length - 1]);
			}
			close.clock.advance(MINUTES);
			await close.webhooks.deliverAll();
			return isTold() && isRefused();
		});
		await quiet(one.id);
		expect(await texts(one, heard.length)).toEqual(heard);
		await n8n.deactivate(one.id);
		await waitUntil(async () => list().length === 1);
		expect(only().id).toBe(id);
	},
	5 * MINUTES,
);
