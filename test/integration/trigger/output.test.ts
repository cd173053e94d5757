import type { INodeParameters } from 'n8n-workflow';
import { byId, byNumber } from '../../../dev/locators';
import { clientOf } from '../../../dev/simulator/client';
import { eventOf, names, setUpTrigger } from './setUpTrigger';

const trigger = setUpTrigger();
const from = '+14155550102';
const mainNumber = () => trigger.close.account.phoneNumbers.main.number;
const keyId = () => trigger.close.account.apiKey.split('.')[0];
const draft = async (more: object = {}, api = trigger.api) =>
	(await api.post('/activity/sms/', { status: 'draft', text: 'Hi', ...more })).data;

describe('output', () => {
	test('simplified: the SMS, and what happened, when, and by whom', async () => {
		const workflow = await trigger.active({ events: ['received'] });
		const sms = trigger.close.receive({ from, text: 'Are you open?' });
		await trigger.deliver();
		const [{ event, ...rest }] = workflow.runs;
		expect(rest).toEqual({
			direction: 'inbound',
			id: sms.id,
			status: 'inbox',
			text: 'Are you open?',
			remote_phone: from,
			local_phone: mainNumber(),
			lead_id: sms.lead_id,
			contact_id: sms.contact_id,
			time: sms.activity_at,
			error_message: null,
		});
		const [delivered] = trigger.close.webhooks.deliveries;
		expect(event).toEqual({
			id: delivered.event.id,
			type: 'received',
			time: `${delivered.event.date_updated}Z`,
			changed_fields: [],
			user_id: null,
			api_key_id: null,
		});
	});

	test('the time is UTC, wherever n8n runs', async () => {
		const workflow = await trigger.active({ events: ['received'] });
		const earliest = trigger.close.clock.now().getTime();
		trigger.close.receive({ from, text: 'Now' });
		const latest = trigger.close.clock.now().getTime();
		await trigger.deliver();
		const time = Date.parse((workflow.runs[0].event as { time: string }).time);
		expect(time).toBeGreaterThanOrEqual(earliest);
		expect(time).toBeLessThanOrEqual(latest);
	});

	test('an edit names what changed and who did it', async () => {
		const workflow = await trigger.active({ events: ['updated'], ignoreOwnChanges: false });
		const { id } = await draft();
		await trigger.api.put(`/activity/sms/${id}/`, { text: 'Hello' });
		await trigger.deliver();
		const changed_fields = expect.arrayContaining(['text']);
		const event = {
			type: 'updated',
			changed_fields,
			user_id: trigger.close.account.users.ada.id,
			api_key_id: keyId(),
		};
		expect(workflow.runs).toMatchObject([{ id, text: 'Hello', event }]);
	});

	test('of a deleted text it is the last that was known', async () => {
		const workflow = await trigger.active({ events: ['deleted'], ignoreOwnChanges: false });
		const { id } = await draft({ text: 'Never mind' });
		await trigger.api.delete(`/activity/sms/${id}/`);
		await trigger.deliver();
		expect(workflow.runs).toMatchObject([{ id, text: 'Never mind', event: { type: 'deleted' } }]);
	});

	test('why a text failed', async () => {
		const [number, reason] = Object.entries(trigger.close.account.unreachable)[0];
		const workflow = await trigger.active({ events: ['failed'] });
		await draft({ status: 'outbox', remote_phone: number, local_phone: mainNumber() });
		await trigger.carry();
		expect(workflow.runs).toMatchObject([
			{
				status: 'error',
				error_message: reason,
				error_code: 30006,
				error_reason: expect.stringContaining('landline'),
				event: { type: 'failed' },
			},
		]);
	});

	test.each(['received', 'deleted'])('raw: the event as Close sent it (%s)', async (event) => {
		const workflow = await trigger.active({
			events: [event],
			output: 'raw',
			ignoreOwnChanges: false,
		});
		trigger.close.receive({ from, text: 'Hi' });
		await trigger.api.delete(`/activity/sms/${(await draft()).id}/`);
		await trigger.deliver();
		expect(workflow.runs).toEqual([trigger.close.webhooks.deliveries[0].event]);
	});
});

describe('filters', () => {
	const other = () => '+14155550199';
	const FILTERS: Array<[string, () => INodeParameters, () => object, () => object]> = [
		[
			'their number',
			() => ({ remotePhone: from }),
			() => ({ remote_phone: from }),
			() => ({ remote_phone: '+14155550103' }),
		],
		[
			'your number',
			() => ({ localPhone: byNumber(mainNumber()) }),
			() => ({ local_phone: mainNumber() }),
			() => ({ local_phone: other() }),
		],
		[
			'lead',
			() => ({ leadId: byId(trigger.close.account.leads.bluebird.id) }),
			() => ({ lead_id: trigger.close.account.leads.bluebird.id }),
			() => ({ lead_id: null }),
		],
		[
			'contact',
			() => ({ contactId: byId(trigger.close.account.contacts.maria.id) }),
			() => ({ contact_id: trigger.close.account.contacts.maria.id }),
			() => ({ contact_id: null }),
		],
		[
			'user',
			() => ({ userId: byId(trigger.close.account.users.ada.id) }),
			() => ({ user_id: trigger.close.account.users.ada.id }),
			() => ({ user_id: null }),
		],
	];

	describe.each(FILTERS)('by %s', (_, filters, wanted, unwanted) => {
		test('let through what fits, and Close brings nothing else', async () => {
			const workflow = await trigger.active({ events: ['draftCreated'], filters: filters() });
			trigger.close.addSms({ text: 'yes', ...wanted() });
			trigger.close.addSms({ text: 'no', ...unwanted() });
			await trigger.deliver();
			expect(workflow.runs).toMatchObject([{ text: 'yes' }]);
			expect(trigger.close.webhooks.deliveries).toHaveLength(1);
		});

		test('work for deleted texts, of which Close has only the old values', async () => {
			const parameters = { events: ['deleted'], filters: filters(), ignoreOwnChanges: false };
			const workflow = await trigger.active(parameters);
			const yes = trigger.close.addSms({ text: 'yes', ...wanted() });
			const no = trigger.close.addSms({ text: 'no', ...unwanted() });
			for (const { id } of [yes, no]) await trigger.api.delete(`/activity/sms/${id}/`);
			await trigger.deliver();
			expect(workflow.runs).toMatchObject([{ id: yes.id }]);
			expect(trigger.close.webhooks.deliveries).toHaveLength(1);
		});
	});

	test('by words of the text, whatever their case, which Close cannot filter', async () => {
		const workflow = await trigger.active({
			events: ['received'],
			filters: { textContains: 'APPOINTMENT' },
		});
		for (const text of ['About my appointment: is 9 fine?', 'Is 9 fine?'])
			trigger.close.receive({ from, text });
		await trigger.deliver();
		expect(workflow.runs).toMatchObject([{ text: 'About my appointment: is 9 fine?' }]);
		expect(trigger.close.webhooks.deliveries).toHaveLength(2);
	});

	test('are checked again on arrival: a subscription may still be the old one', async () => {
		const workflow = await trigger.active({ events: ['received'] });
		workflow.node.parameters.filters = { remotePhone: '+14155550103' };
		trigger.close.receive({ from, text: 'Hi' });
		await trigger.deliver();
		expect(trigger.close.webhooks.deliveries).toMatchObject([{ result: 200 }]);
		expect(workflow.runs).toEqual([]);
	});
});

describe('what the own API key did', () => {
	test('is ignored unless chosen otherwise, and answered well', async () => {
		const ignoring = await trigger.active({ events: ['draftCreated', 'updated', 'deleted'] });
		const hearing = await trigger.active({
			events: ['draftCreated', 'updated', 'deleted'],
			ignoreOwnChanges: false,
		});
		const { id } = await draft();
		await trigger.api.put(`/activity/sms/${id}/`, { text: 'Hello' });
		await trigger.api.delete(`/activity/sms/${id}/`);
		await trigger.deliver();
		expect(names(ignoring)).toEqual([]);
		expect(names(hearing).sort()).toEqual(['deleted', 'draftCreated', 'updated']);
		expect(trigger.close.webhooks.deliveries.every(({ result }) => result === 200)).toBe(true);
	});

	test.each([
		['of the OAuth app of this credential is ignored', 'app_ours', []],
		['of another OAuth app starts the workflow', 'app_other', ['draftCreated']],
		['of a person starts the workflow', null, ['draftCreated']],
	])('with OAuth2, a change %s', async (_, oauth_client_id, told) => {
		trigger.n8n.credential = {
			clientId: 'app_ours',
			oauthTokenData: { access_token: trigger.close.account.accessToken },
		};
		const workflow = await trigger.active({ authentication: 'oAuth2', events: ['draftCreated'] });
		const data = { id: 'acti_1', status: 'draft' };
		const event = eventOf('ev_1', { data, oauth_client_id, oauth_scope: 'all.full_access' });
		expect(await trigger.deliverEvent(workflow, event)).toBe(200);
		expect(names(workflow)).toEqual(told);
	});

	test('with an access token that was entered by hand, a change of an API key that is left in the credential starts the workflow', async () => {
		const { accessToken } = trigger.close.account;
		trigger.n8n.credential = { authentication: 'bearer', accessToken };
		const workflow = await trigger.active({ events: ['draftCreated'] });
		await draft();
		await trigger.deliver();
		expect(names(workflow)).toEqual(['draftCreated']);
	});

	test('is not what another key or a person did', async () => {
		const workflow = await trigger.active({ events: ['draftCreated'] });
		await draft(
			{ text: 'another key' },
			clientOf(trigger.close, trigger.close.account.secondApiKey),
		);
		trigger.close.addSms({ text: 'a person' });
		await trigger.deliver();
		expect(workflow.runs.map(({ text }) => text)).toEqual(['another key', 'a person']);
	});

	test('that a text failed is always told, even when Close puts it down to the key that sent it', async () => {
		const workflow = await trigger.active({ events: ['failed', 'updated'] });
		const change = (status: string) => ({
			action: 'updated',
			api_key_id: keyId(),
			changed_fields: ['status'],
			data: { id: 'acti_1', status },
			previous_data: { status: 'outbox' },
		});
		await trigger.deliverEvent(workflow, eventOf('ev_1', change('sent')));
		await trigger.deliverEvent(workflow, eventOf('ev_2', change('error')));
		expect(names(workflow)).toEqual(['failed']);
	});
});
