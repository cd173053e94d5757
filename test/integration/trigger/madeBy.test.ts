import axios from 'axios';
import type { INodeParameters } from 'n8n-workflow';
import { eventOf, names, setUpTrigger } from './setUpTrigger';

const trigger = setUpTrigger();
/** Of a key, its public part. */
const KEY_ID = ['api', 'another'.padEnd(22, '0')].join('_');
const APP = 'oauth2app_000000000000';

const maria = () => trigger.close.account.contacts.maria.phones[0].phone;
const fields = (more: object = {}) => ({
	status: 'draft',
	lead_id: trigger.close.account.leads.bluebird.id,
	remote_phone: maria(),
	local_phone: trigger.close.account.phoneNumbers.main.number,
	text: 'See you at noon?',
	...more,
});
const draft = async () => (await trigger.api.post('/activity/sms/', fields())).data.id as string;
const sendByKey = async (id: string) =>
	await trigger.api.put(`/activity/sms/${id}/`, { status: 'outbox' });
const sendByApp = async (id: string) =>
	await axios.put(
		`${trigger.close.baseUrl}/activity/sms/${id}/`,
		{ status: 'outbox' },
		{
			headers: { authorization: `Bearer ${trigger.close.account.accessToken}` },
			proxy: false,
		},
	);
const reads = () => trigger.close.requests.filter(({ path }) => path.startsWith('/event/'));

const active = async (events: string[], madeBy: INodeParameters[string]) =>
	await trigger.active({ events, filters: { madeBy }, ignoreOwnChanges: false });
const WANTED = ['anyone', 'person', 'integration'] as const;

describe('a change that Close delivers', () => {
	test.each<[string, object, Array<(typeof WANTED)[number]>]>([
		['with an API key', { api_key_id: KEY_ID, user_id: 'user_1' }, ['anyone', 'integration']],
		['through an app', { oauth_client_id: APP, user_id: 'user_1' }, ['anyone', 'integration']],
		['by a user alone', { user_id: 'user_1' }, ['anyone', 'person']],
		[
			'by a user, with empty keys',
			{ user_id: 'user_1', api_key_id: '', oauth_client_id: null },
			['anyone', 'person'],
		],
		['by nobody, as what Close does by itself', {}, ['anyone']],
	])('%s', async (_, by, wantedBy) => {
		const events = ['draftCreated'];
		const data = { id: 'acti_1', status: 'draft', direction: 'outbound' };
		for (const wanted of WANTED) {
			const workflow = await active(events, wanted);
			await trigger.deliverEvent(workflow, eventOf(`ev_${wanted}`, { ...by, data }));
			expect([wanted, names(workflow)]).toEqual([
				wanted,
				wantedBy.includes(wanted) ? ['draftCreated'] : [],
			]);
			await trigger.n8n.deactivate(workflow);
		}
		// What the event says itself is not asked for.
		expect(reads()).toEqual([]);
	});

	test('a text that comes in is made by neither, and nothing is read', async () => {
		const workflows = [];
		for (const wanted of WANTED) workflows.push(await active(['received'], wanted));
		trigger.close.receive({ from: maria(), text: 'Hi' });
		await trigger.deliver();
		expect(workflows.map(names)).toEqual([['received'], [], []]);
		expect(reads()).toEqual([]);
	});
});

/** One of each kind of event, as Close reports it. */
const KINDS: Record<string, object> = {
	received: {},
	optedOut: { data: { status: 'inbox', direction: 'inbound', text: 'STOP' } },
	optedIn: { data: { status: 'inbox', direction: 'inbound', text: 'START' } },
	draftCreated: { data: { status: 'draft', direction: 'outbound' } },
	scheduled: { data: { status: 'scheduled', direction: 'outbound' } },
	sent: { action: 'sent', data: { status: 'sent', direction: 'outbound' } },
	failed: { action: 'updated', changed_fields: ['status'], data: { status: 'error' } },
	canceled: {
		action: 'updated',
		changed_fields: ['status'],
		previous_data: { status: 'scheduled' },
		data: { status: 'draft' },
	},
	updated: { action: 'updated', changed_fields: ['text'], data: { status: 'draft' } },
	deleted: { action: 'deleted', data: null, previous_data: { status: 'draft' } },
};
const kinds = Object.keys(KINDS);
const ownKey = () => trigger.close.account.apiKey.split('.')[0];
const startedFor = async (by: object, parameters: INodeParameters) => {
	const workflow = await trigger.active({ events: kinds, ...parameters });
	for (const kind of kinds) {
		const about = { object_id: `acti_${kind}`, ...KINDS[kind], ...by };
		expect(await trigger.deliverEvent(workflow, eventOf(`ev_${kind}`, about))).toBe(200);
	}
	expect(workflow.errors).toEqual([]);
	return names(workflow);
};

describe('each kind of event, of a maker whom the event names', () => {
	const all = { ignoreOwnChanges: false };
	const person = { user_id: 'user_1' };
	const key = { user_id: 'user_1', api_key_id: KEY_ID };
	const app = { user_id: 'user_1', oauth_client_id: APP };
	const butSent = kinds.filter((kind) => kind !== 'sent');
	test.each<[string, object, INodeParameters, string[]]>([
		['a person, anyone wanted', person, all, kinds],
		['a person, wanted', person, { ...all, filters: { madeBy: 'person' } }, kinds],
		['a person, not wanted', person, { ...all, filters: { madeBy: 'integration' } }, []],
		['a key, wanted', key, { ...all, filters: { madeBy: 'integration' } }, kinds],
		['a key, not wanted', key, { ...all, filters: { madeBy: 'person' } }, []],
		['an app, wanted', app, { filters: { madeBy: 'integration' } }, kinds],
		['nobody, a person wanted', {}, { ...all, filters: { madeBy: 'person' } }, []],
		['nobody, an integration wanted', {}, { ...all, filters: { madeBy: 'integration' } }, []],
		['nobody, anyone wanted', {}, all, kinds],
		['nobody, and of one that was sent Close shows no more', {}, {}, butSent],
		['missing fields', { user_id: undefined, api_key_id: undefined }, {}, butSent],
		['fields of another kind', { user_id: 7, api_key_id: {}, oauth_client_id: [] }, {}, kinds],
	])('%s', async (_, by, parameters, started) => {
		expect(await startedFor(by, parameters)).toEqual(started);
	});

	test.each([undefined, 'integration', 'anyone'])(
		'the own key, beside Ignore Own Changes and Made By: %s, only what failed',
		async (madeBy) => {
			const own = { user_id: 'user_1', api_key_id: ownKey() };
			expect(await startedFor(own, { filters: madeBy ? { madeBy } : {} })).toEqual(['failed']);
		},
	);

	test('the own app, with OAuth2', async () => {
		trigger.n8n.credential = {
			grantType: 'authorizationCode',
			clientId: APP,
			clientSecret: 'secret',
			oauthTokenData: { access_token: trigger.close.account.accessToken },
		};
		const parameters = { authentication: 'oAuth2', filters: { madeBy: 'integration' } };
		expect(await startedFor(app, parameters)).toEqual(['failed']);
		expect(await startedFor({ ...app, oauth_client_id: 'oauth2app_other' }, parameters)).toEqual(
			kinds,
		);
	});
});

const EVENTS = { path: '/event/' };
const IN_DOUBT =
	'An SMS that was sent did not start the workflow, because Close does not show who let it go out: it may be one of its own. To start for all of them, switch Ignore Own Changes off.';

describe('Ignore Own Changes, of a text that was sent, looks at who let it go out', () => {
	const sentFor = async (letGoOut: (id: string) => unknown, filters: INodeParameters = {}) => {
		trigger.close.webhooks.consolidation(1);
		const workflow = await trigger.active({ events: ['sent'], filters });
		const id = await draft();
		trigger.close.clock.advance(1000);
		await letGoOut(id);
		await trigger.carry();
		return names(workflow);
	};

	test.each<[string, (id: string) => unknown, string[]]>([
		['its own key: a workflow that answers would text on and on', sendByKey, []],
		['another app', sendByApp, ['sent']],
		['a colleague', (id) => trigger.close.somebody.sends(id), ['sent']],
	])('%s', async (_, letGoOut, started) => {
		expect(await sentFor(letGoOut)).toEqual(started);
		expect(reads()).toHaveLength(1);
	});

	test.each<[string, (id: string) => unknown, string[]]>([
		['its own key', sendByKey, []],
		['another app', sendByApp, ['sent']],
		['a colleague', (id) => trigger.close.somebody.sends(id), []],
	])('beside Made By: An Integration, %s', async (_, letGoOut, started) => {
		expect(await sentFor(letGoOut, { madeBy: 'integration' })).toEqual(started);
		expect(reads()).toHaveLength(1);
	});

	test('scheduled with its own key', async () => {
		trigger.close.webhooks.consolidation(1);
		const workflow = await trigger.active({ events: ['sent'] });
		const at = new Date(trigger.close.clock.now().getTime() + 30_000).toISOString();
		await trigger.api.post('/activity/sms/', fields({ status: 'scheduled', date_scheduled: at }));
		await trigger.carry();
		await trigger.carry();
		expect(trigger.close.texted).toHaveLength(1);
		expect(names(workflow)).toEqual([]);
	});

	test('when Close does not show its event log for now, the delivery is refused, so that Close delivers it again', async () => {
		const workflow = await trigger.active({ events: ['sent'] });
		const match = { path: '/event/' };
		trigger.close.faults.order({ kind: 'status', status: 503, times: 4, match });
		const sent = { action: 'sent', object_id: 'acti_1', data: { id: 'acti_1', status: 'sent' } };
		expect(await trigger.deliverEvent(workflow, eventOf('ev_1', sent))).toBe(503);
		expect(names(workflow)).toEqual([]);
	});

	test.each([null, {}, 'x', [{ object_id: 'acti_1', action: 'updated', api_key_id: {} }]])(
		'and does not start the workflow when the log shows %j: it may be its own, and the log of n8n says so',
		async (data) => {
			const workflow = await trigger.active({ events: ['sent'] });
			trigger.close.faults.order({
				kind: 'altered',
				answerWith: { data },
				match: { path: '/event/' },
			});
			const sent = { action: 'sent', object_id: 'acti_1', data: { id: 'acti_1', status: 'sent' } };
			expect(await trigger.deliverEvent(workflow, eventOf('ev_1', sent))).toBe(200);
			expect(names(workflow)).toEqual([]);
			expect(trigger.n8n.log).toEqual([IN_DOUBT]);
		},
	);

	test.each([401, 403])(
		'and a workflow that answers does not text on and on when Close answers %d',
		async (status) => {
			trigger.close.webhooks.consolidation(1);
			const workflow = await trigger.active({ events: ['sent'] });
			trigger.close.faults.order({ kind: 'status', status, match: EVENTS, times: Infinity });
			await sendByKey(await draft());
			for (let round = 0; round < 5; round++) {
				const answered = workflow.runs.length;
				await trigger.carry();
				if (workflow.runs.length > answered) await sendByKey(await draft());
			}
			expect(trigger.close.texted).toHaveLength(1);
			expect(trigger.n8n.log).toEqual([
				`Who let an SMS go out could not be read: HTTP ${status}`,
				IN_DOUBT,
			]);
		},
	);

	test('of a text that Close made by itself, the log goes back to when it was made: the workflow starts', async () => {
		const workflow = await trigger.active({ events: ['sent'] });
		trigger.close.addSms(fields({ status: 'outbox' }) as never);
		await trigger.carry();
		expect(names(workflow)).toEqual(['sent']);
	});
});

/** Close itself hands a text to the carrier, so the event names nobody. */
describe('a text that was sent counts by who let it go out', () => {
	const startsFor = async (
		letGoOut: (id: string) => unknown,
		{ madeBy }: { madeBy: INodeParameters[string] },
	) => {
		trigger.close.webhooks.consolidation(1);
		const workflow = await active(['sent'], madeBy);
		const id = await draft();
		trigger.close.clock.advance(1000);
		await letGoOut(id);
		await trigger.carry();
		return names(workflow);
	};

	test.each<[string, (id: string) => unknown, 'person' | 'integration']>([
		['a colleague sends a draft of a workflow', (id) => trigger.close.somebody.sends(id), 'person'],
		['with a key', sendByKey, 'integration'],
		['through an app', sendByApp, 'integration'],
	])('%s', async (_, letGoOut, maker) => {
		const other = maker === 'person' ? 'integration' : 'person';
		expect(await startsFor(letGoOut, { madeBy: maker })).toEqual(['sent']);
		expect(await startsFor(letGoOut, { madeBy: other })).toEqual([]);
	});

	test('as is one that failed', async () => {
		trigger.close.carrier.fails(maria(), 30006);
		trigger.close.webhooks.consolidation(1);
		const person = await active(['failed'], 'person');
		const integration = await active(['failed'], 'integration');
		const [one, other] = [await draft(), await draft()];
		trigger.close.clock.advance(1000);
		trigger.close.somebody.sends(one);
		await sendByKey(other);
		await trigger.carry();
		expect([person, integration].map(({ runs }) => runs.map(({ id }) => id))).toEqual([
			[one],
			[other],
		]);
	});

	test('one request for each text, and none without the filter', async () => {
		await startsFor(sendByKey, { madeBy: 'anyone' });
		expect(reads()).toEqual([]);
		await startsFor(sendByKey, { madeBy: 'person' });
		expect(reads().map(({ query }) => query)).toEqual([
			{ object_type: 'activity.sms', object_id: expect.stringMatching(/^acti_/), _limit: '50' },
		]);
	});

	test('by a key that the event itself names, nothing is read', async () => {
		const workflow = await active(['sent'], 'integration');
		const sent = { action: 'sent', object_id: 'acti_1', data: { id: 'acti_1', status: 'sent' } };
		await trigger.deliverEvent(workflow, eventOf('ev_1', { ...sent, api_key_id: KEY_ID }));
		expect(names(workflow)).toEqual(['sent']);
		expect(reads()).toEqual([]);
	});

	test('when nobody is named in the log either, it is made by neither', async () => {
		const workflows = [];
		for (const wanted of WANTED) workflows.push(await active(['sent'], wanted));
		trigger.close.addSms(fields({ status: 'outbox' }) as never);
		await trigger.carry();
		expect(workflows.map(names)).toEqual([['sent'], [], []]);
	});

	test('what was changed besides after it was let go counts for nothing', async () => {
		const workflow = await active(['sent'], 'person');
		const change = { action: 'updated', object_id: 'acti_1', user_id: 'user_1' };
		trigger.close.faults.order({
			kind: 'altered',
			answerWith: {
				data: [
					{
						...change,
						date_updated: '2026-11-28T12:00:04.000000',
						api_key_id: KEY_ID,
						changed_fields: ['lead_id'],
					},
					{
						...change,
						date_updated: '2026-11-28T12:00:02.000000',
						changed_fields: ['status', 'date_updated'],
					},
				],
			},
			match: { path: '/event/' },
		});
		const sent = { action: 'sent', object_id: 'acti_1', data: { id: 'acti_1', status: 'sent' } };
		const time = { date_updated: '2026-11-28T12:00:06.000000' };
		await trigger.deliverEvent(workflow, eventOf('ev_1', { ...sent, ...time }));
		expect(names(workflow)).toEqual(['sent']);
	});

	test('changes after it, of other texts and what cannot be read count for nothing', async () => {
		const workflow = await active(['sent'], 'person');
		const at = (seconds: number) => `2026-11-28T12:00:0${seconds}.000000`;
		const change = { action: 'updated', object_id: 'acti_1', user_id: 'user_1' };
		trigger.close.faults.order({
			kind: 'altered',
			answerWith: {
				data: [
					null,
					'x',
					{ ...change, date_updated: at(9), api_key_id: KEY_ID },
					{ ...change, date_updated: at(5), api_key_id: KEY_ID, object_id: 'acti_2' },
					{ ...change, date_updated: at(5), api_key_id: KEY_ID, action: 'deleted' },
					{ ...change, date_updated: 7, api_key_id: KEY_ID },
					{ ...change, date_updated: at(3) },
					{ ...change, date_updated: at(1), api_key_id: KEY_ID },
				],
			},
			match: { path: '/event/' },
		});
		const sent = { action: 'sent', object_id: 'acti_1', data: { id: 'acti_1', status: 'sent' } };
		await trigger.deliverEvent(workflow, eventOf('ev_1', { ...sent, date_updated: at(6) }));
		expect(names(workflow)).toEqual(['sent']);
	});

	describe('when Close does not show its event log', () => {
		const sent = { action: 'sent', object_id: 'acti_1', data: { id: 'acti_1', status: 'sent' } };

		test('for now: the delivery is refused, so that Close delivers it again', async () => {
			const workflow = await active(['sent'], 'person');
			trigger.close.faults.order({
				kind: 'status',
				status: 503,
				times: 4,
				match: { path: '/event/' },
			});
			expect(await trigger.deliverEvent(workflow, eventOf('ev_1', sent))).toBe(503);
			expect(names(workflow)).toEqual([]);
		}, 60_000);

		test.each([
			['nobody is named: neither', {}, []],
			['a user is named: a person', { user_id: 'user_1' }, ['sent']],
		])('at all, and %s', async (_, by, started) => {
			const workflow = await active(['sent'], 'person');
			trigger.close.faults.order({ kind: 'status', status: 403, match: { path: '/event/' } });
			expect(await trigger.deliverEvent(workflow, eventOf('ev_1', { ...sent, ...by }))).toBe(200);
			expect(names(workflow)).toEqual(started);
			expect(trigger.n8n.log).toEqual(['Who let an SMS go out could not be read: HTTP 403']);
		});
	});
});

test.each<[INodeParameters[string], RegExp]>([
	['somebody', /^'Made By' has an invalid value/],
	['', /^'Made By' is empty/],
	['={{ undefined }}', /^'Made By' is empty/],
	['={{ true }}', /^'Made By' cannot be read/],
])('%j is an error at activation, before Close is asked', async (madeBy, message) => {
	await expect(active(['sent'], madeBy)).rejects.toThrow(message);
	expect(trigger.wire()).toEqual([]);
});
