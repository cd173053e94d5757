import { byId, byNumber } from '../../../dev/locators';
import { names, setUpTrigger } from './setUpTrigger';

const trigger = setUpTrigger();
const hear = async () => {
	trigger.close.receive({ from: '+14155550102', text: 'Hello' });
	await trigger.deliver();
};
const list = () => trigger.close.webhooks.list();
const only = () => {
	expect(list()).toHaveLength(1);
	return list()[0];
};
const put = async (id: string, body: object) => await trigger.api.put(`/webhook/${id}/`, body);
/** The requests about subscriptions that `act` causes. */
const wireOf = async (act: () => Promise<void>) => {
	const before = trigger.wire().length;
	await act();
	return trigger.wire().slice(before);
};
const inbound = {
	type: 'field_accessor',
	field: 'data',
	filter: {
		type: 'field_accessor',
		field: 'direction',
		filter: { type: 'equals', value: 'inbound' },
	},
};

describe('activating', () => {
	test('activating makes one subscription for all events, filtered, at the address of the node', async () => {
		const workflow = await trigger.active({
			events: ['received', 'sent', 'failed', 'canceled', 'deleted'],
		});
		const { url, status, events } = only();
		expect([url, status]).toEqual([trigger.n8n.urlOf(workflow), 'active']);
		expect(events.map(({ action }) => action)).toEqual(['created', 'updated', 'sent', 'deleted']);
		expect(events[0]).toEqual({
			object_type: 'activity.sms',
			action: 'created',
			extra_filter: inbound,
		});
		expect(events[1].extra_filter).toMatchObject({
			type: 'or',
			filters: [{ type: 'and' }, { type: 'and' }],
		});
		expect(events[2]).toEqual({ object_type: 'activity.sms', action: 'sent' });
	});

	test('activating asks for every event of an action when one of the choices is all of them', async () => {
		await trigger.active({ events: ['failed', 'updated'] });
		expect(only().events).toEqual([{ object_type: 'activity.sms', action: 'updated' }]);
	});

	test("activating keeps the subscription's ID and key in n8n's static data, and whose changes are its own", async () => {
		const workflow = await trigger.active({ events: ['received'] });
		expect(trigger.n8n.stored(workflow)).toEqual({
			subscriptionId: only().id,
			url: only().url,
			signatureKey: only().signature_key,
			fingerprint: expect.any(String),
			// Of which n8n, too.
			owner: `n8n ${workflow.id} ${workflow.node.id} ${only().url}`,
			account: expect.any(String),
			wanted: expect.any(String),
			wantedSince: expect.any(Number),
			// Of the key, the part that events name.
			makers: [{ id: trigger.close.account.apiKey.split('.')[0] }],
		});
	});

	test("activating fails in Close's words when Close has 40 subscriptions", async () => {
		const events = [{ object_type: 'lead', action: 'created' }];
		for (let count = 0; count < 40; count++)
			await trigger.api.post('/webhook/', { url: `https://example.com/${count}`, events });
		await expect(trigger.active({ events: ['received'] })).rejects.toMatchObject({
			message: expect.stringMatching(/^Close did not create the webhook subscription: .*40/),
			description: expect.stringContaining('40 webhook subscriptions'),
		});
	});

	test('activating says so when Close could never call the address of n8n', async () => {
		trigger.n8n.credential = { baseUrl: 'https://close.invalid/api/v1' };
		await expect(trigger.active({ events: ['received'] })).rejects.toMatchObject({
			message: `Close cannot reach n8n at ${trigger.n8n.publicUrl}`,
			description: expect.stringContaining('WEBHOOK_URL'),
		});
		expect(trigger.wire()).toEqual([]);
	});

	test('activating works with an OAuth2 credential, and names this package to Close', async () => {
		const token = trigger.close.account.accessToken;
		trigger.n8n.credential = {
			grantType: 'authorizationCode',
			authentication: 'body',
			oauthTokenData: { access_token: token, token_type: 'Bearer' },
		};
		const workflow = await trigger.active({ authentication: 'oAuth2', events: ['received'] });
		await hear();
		expect(names(workflow)).toEqual(['received']);
		expect(trigger.close.requests[0].headers).toMatchObject({
			authorization: `Bearer ${token}`,
			'user-agent': 'n8n-nodes-close-sms',
		});
	});

	test.each(['resetAfter', 'cutJson', 'emptyBody', 'html'] as const)(
		'activating makes one subscription though a response of Close got lost (%s)',
		async (kind) => {
			trigger.close.faults.order({ kind, match: { method: 'POST' }, applied: true });
			const workflow = await trigger.active({ events: ['received'] });
			await hear();
			expect(names(workflow)).toEqual(['received']);
			trigger.close.faults.order({ kind, match: { method: 'DELETE' } });
			await trigger.n8n.deactivate(workflow);
			expect(list()).toEqual([]);
		},
	);

	test.each([
		['events', { events: [] }, /^'Events' is empty/],
		['events', { events: ['delivered'] }, /^'Events' has no event "delivered"/],
		['a filter', { filters: { remotePhone: '' } }, /^'Remote Phone' is empty/],
		[
			'a filter',
			{ filters: { remotePhone: '(415) 555-0102' } },
			/^'Remote Phone' has no country code: \(415\) 555-0102/,
		],
		['a filter', { filters: { leadId: byId(' ') } }, /^'Lead' is empty/],
		[
			'a filter',
			{ filters: { localPhone: byNumber('0') } },
			/^'Local Phone' has no country code: 0/,
		],
	])(
		'activating says what is wrong with %s before Close is asked',
		async (_, parameters, message) => {
			await expect(trigger.active({ events: ['received'], ...parameters })).rejects.toThrow(
				message,
			);
			expect(trigger.wire()).toEqual([]);
		},
	);

	test.each([
		[
			'limited',
			{
				kind: 'status' as const,
				status: 429,
				headers: { ratelimit: 'limit=1, remaining=0, reset=0.01' },
			},
		],
		['busy', { kind: 'status' as const, status: 503 }],
	])('activating asks again when Close is %s', async (_, fault) => {
		trigger.close.faults.order({ ...fault, match: { path: '/webhook/' }, times: 2 });
		await trigger.active({ events: ['received'] });
		expect(only().status).toBe('active');
	});
});

describe('a restart', () => {
	test('a restart asks Close once and changes nothing when all is well', async () => {
		const workflow = await trigger.active({
			events: ['received', 'failed'],
			filters: { remotePhone: '+14155550102' },
		});
		const before = only();
		expect(await wireOf(async () => await trigger.n8n.restart())).toEqual([
			`GET /webhook/${before.id}/`,
		]);
		expect(only()).toEqual(before);
		await hear();
		expect(names(workflow)).toEqual(['received']);
	});

	test('a restart makes a paused subscription active', async () => {
		const workflow = await trigger.active({ events: ['received'] });
		await put(only().id, { status: 'paused' });
		await trigger.n8n.restart();
		expect(only().status).toBe('active');
		await hear();
		expect(names(workflow)).toEqual(['received']);
	});

	test('a restart makes a deleted subscription anew', async () => {
		const workflow = await trigger.active({ events: ['received'] });
		const { id } = only();
		await trigger.api.delete(`/webhook/${id}/`);
		await trigger.n8n.restart();
		expect(only().id).not.toBe(id);
		await hear();
		expect(names(workflow)).toEqual(['received']);
	});

	test.each([
		['other events', { events: ['sent'] }],
		['other filters', { events: ['received'], filters: { remotePhone: '+14155550102' } }],
	])('a restart with %s changes the subscription', async (_, parameters) => {
		const workflow = await trigger.active({ events: ['received'] });
		const { id, events } = only();
		Object.assign(workflow.node.parameters, parameters);
		await trigger.n8n.restart();
		expect(only().id).toBe(id);
		expect(only().events).not.toEqual(events);
	});

	test('a restart does not mind keys that Close gives back in another order, or as null', async () => {
		await trigger.active({ events: ['received', 'sent'] });
		const { id } = only();
		const turned = { filter: inbound.filter, field: 'data', type: 'field_accessor' };
		await put(id, {
			events: [
				{ extra_filter: turned, action: 'created', object_type: 'activity.sms' },
				{ object_type: 'activity.sms', action: 'sent', extra_filter: null },
			],
		});
		expect(await wireOf(async () => await trigger.n8n.restart())).toEqual([`GET /webhook/${id}/`]);
	});

	const unreachable = () =>
		trigger.close.faults.order({
			kind: 'status',
			status: 403,
			match: { path: '/webhook/' },
			times: 1,
		});

	test('a restart while Close cannot be asked goes on with the subscription that was there', async () => {
		const workflow = await trigger.active({ events: ['received'] });
		const before = only();
		unreachable();
		await trigger.n8n.restart();
		expect(only()).toEqual(before);
		await hear();
		expect(names(workflow)).toEqual(['received']);
	});

	test('a restart while Close cannot be asked fails when other events are wanted, so that n8n tries again', async () => {
		const workflow = await trigger.active({ events: ['received'] });
		workflow.node.parameters.events = ['sent'];
		unreachable();
		await expect(trigger.n8n.restart()).rejects.toThrow(
			/^Close did not show the webhook subscription/,
		);
	});
});

describe('a subscription that n8n lost track of', () => {
	/** The database is an older one, or the workflow was imported anew under its old address. */
	const loseTrack = async (parameters = {}) => {
		const workflow = await trigger.active({ events: ['received'], ...parameters });
		workflow.stored = '{}';
		return workflow;
	};

	test('a lost subscription is taken over, with its key and what Close still has to bring to it', async () => {
		const workflow = await loseTrack();
		const { id, signature_key } = only();
		trigger.close.webhooks.hold();
		trigger.close.receive({ from: '+14155550102', text: 'While n8n was away' });
		workflow.node.parameters.events = ['received', 'sent'];
		await trigger.n8n.restart();
		expect(only()).toMatchObject({
			id,
			signature_key,
			status: 'active',
			events: [{}, { action: 'sent' }],
		});
		await trigger.deliver();
		expect(names(workflow)).toEqual(['received']);
	});

	test('a lost subscription and the one that took its place are one in the end', async () => {
		const workflow = await loseTrack();
		const { id } = only();
		await put(id, { status: 'paused' });
		await trigger.n8n.restart();
		expect(list()).toHaveLength(2);
		// The own one is paused, and the other is made active by hand.
		await put(trigger.n8n.stored(workflow).subscriptionId as string, { status: 'paused' });
		await put(id, { status: 'active' });
		await trigger.n8n.restart();
		expect(only()).toMatchObject({ id, status: 'active' });
		await hear();
		expect(names(workflow)).toEqual(['received']);
	});

	test('a subscription that belongs to somebody else is left alone', async () => {
		const other = await trigger.active({ events: ['received'] });
		const copy = trigger.n8n.add({ events: ['sent'] });
		copy.stored = other.stored;
		const before = only();
		await trigger.n8n.activate(copy);
		expect(list()).toHaveLength(2);
		expect(list()[0]).toEqual(before);
		await trigger.n8n.deactivate(copy);
		expect(only()).toEqual(before);
	});
});

describe('deactivating', () => {
	test('deactivating removes the subscription', async () => {
		const workflow = await trigger.active({ events: ['received'] });
		await hear();
		await trigger.n8n.deactivate(workflow);
		expect(list()).toEqual([]);
	});

	test('deactivating does not mind that the subscription is gone, and forgets it', async () => {
		const workflow = await trigger.active({ events: ['received'] });
		await trigger.api.delete(`/webhook/${only().id}/`);
		await trigger.n8n.deactivate(workflow);
		expect(trigger.n8n.stored(workflow)).not.toHaveProperty('subscriptionId');
	});

	test('deactivating goes on when Close refuses, and the next activation finds the subscription', async () => {
		const workflow = await trigger.active({ events: ['received'] });
		const { id } = only();
		trigger.close.faults.order({
			kind: 'status',
			status: 403,
			match: { method: 'DELETE' },
			times: 1,
		});
		await trigger.n8n.deactivate(workflow);
		await trigger.n8n.activate(workflow);
		expect(only().id).toBe(id);
	});
});

test('workflows do not disturb each other', async () => {
	const one = await trigger.active({ events: ['received'] });
	const other = await trigger.active({ events: ['received'] });
	await hear();
	await trigger.n8n.deactivate(one);
	await hear();
	expect([names(one), names(other)]).toEqual([['received'], ['received', 'received']]);
	await trigger.n8n.restart();
	expect(only().id).toBe(trigger.n8n.stored(other).subscriptionId);
});

describe('listening for a test event', () => {
	test('a test event has a subscription of its own at the test address, which goes with the first event', async () => {
		const workflow = await trigger.active({ events: ['received'] });
		const production = only();
		await trigger.n8n.listen(workflow);
		expect(list().map(({ url }) => url)).toEqual([
			trigger.n8n.urlOf(workflow),
			trigger.n8n.urlOf(workflow, true),
		]);
		await hear();
		expect(names(workflow)).toEqual(['received', 'received']);
		expect(trigger.n8n.isListening(workflow)).toBe(false);
		expect(only()).toMatchObject({ id: production.id, status: 'active' });
		await hear();
		expect(names(workflow)).toHaveLength(3);
	});

	test('listening for a test event works for a workflow that was never active, and ends when one stops listening', async () => {
		const workflow = trigger.n8n.add({ events: ['received'] });
		await trigger.n8n.listen(workflow);
		expect(only().url).toBe(trigger.n8n.urlOf(workflow, true));
		await trigger.n8n.stopListening(workflow);
		expect(list()).toEqual([]);
		expect(workflow.stored).toBe('{}');
	});

	test('listening for a test event takes over what was left when n8n was killed while it listened', async () => {
		const workflow = trigger.n8n.add({ events: ['received'] });
		await trigger.n8n.listen(workflow);
		const { id } = only();
		await trigger.n8n.listen(workflow);
		expect(only().id).toBe(id);
		await hear();
		expect(names(workflow)).toEqual(['received']);
	});

	test('listening for a test event goes on after an event that is not wanted', async () => {
		const workflow = trigger.n8n.add({ events: ['draftCreated'] });
		await trigger.n8n.listen(workflow);
		await trigger.api.post('/activity/sms/', { status: 'draft', text: 'By our own key' });
		await trigger.deliver();
		expect([names(workflow), trigger.n8n.isListening(workflow)]).toEqual([[], true]);
		trigger.close.addSms({ text: 'By a person' });
		await trigger.deliver();
		expect([names(workflow), trigger.n8n.isListening(workflow)]).toEqual([['draftCreated'], false]);
	});
});
