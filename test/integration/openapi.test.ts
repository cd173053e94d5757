import type { INodeParameters, INodePropertyOptions } from 'n8n-workflow';
import { CloseSms } from '../../nodes/CloseSms/CloseSms.node';
import { byId, byNumber } from '../../dev/locators';
import type { Exchange } from '../../dev/simulator';
import { CloseOpenapi, describeWithOpenapi } from '../openapi/closeOpenapi';
import { pick } from './pick';
import { at, DRAFT_ID, sendTo, setUpSms } from './setUpSms';
import { TestN8n } from './trigger/testN8n';

const sms = setUpSms();

const IN_TEN_YEARS = '2036-06-01T09:00:00Z';
const SCHEDULED_ID = 'acti_scheduled0000000000000';
const THANKS_ID = 'smstmpl_thanks0000000000000000';
const BLUEBIRD_ID = 'lead_bluebird00000000000000';
const MARIA_ID = 'cont_maria00000000000000000';
const smsId = byId(DRAFT_ID);
const templateId = byId(THANKS_ID);
const attachments = { attachment: [{}] };
const input = [
	{ json: {}, binary: { data: { data: 'AAAA', mimeType: 'image/png', fileName: 'a.png' } } },
];
const fields = {
	activityAt: '2026-02-02T10:00:00Z',
	contactId: byId(MARIA_ID),
	leadId: byId(BLUEBIRD_ID),
	localPhone: byNumber('+14155550100'),
	remotePhone: '+14155550101',
	userId: byId('user_ada0000000000000000000'),
};
const owners = { leadId: fields.leadId, contactId: fields.contactId, userId: fields.userId };
const message = {
	leadId: byId(BLUEBIRD_ID),
	contactId: byId(MARIA_ID),
	localPhone: byNumber('+14155550100'),
	remotePhone: '+14155550101',
	text: 'Hello',
};

/** Each operation of the action node, with all that it can send; several rows where it can go several ways. */
const OPERATIONS: Record<string, Record<string, INodeParameters[]>> = {
	sms: {
		update: [
			{ smsId, updateFields: { ...fields, text: 'New', attachments } },
			{ smsId, updateFields: { templateId, status: 'outbox' } },
			{ smsId, updateFields: { status: 'scheduled', dateScheduled: IN_TEN_YEARS } },
			{ smsId, clearFields: ['contactId', 'userId', 'text'] },
		],
		send: [
			sendTo('+14155550101', 'Hello'),
			sendTo('+14155550101', 'Hello', {
				...at(IN_TEN_YEARS),
				additionalFields: { ...owners, attachments },
			}),
			sendTo('+14155550101', '', { messageType: 'template', templateId }),
		],
		sendDraft: [{ smsId }],
		schedule: [
			{ smsId, sendAt: IN_TEN_YEARS },
			{ smsId: byId(SCHEDULED_ID), sendAt: IN_TEN_YEARS },
		],
		cancel: [{ smsId: byId(SCHEDULED_ID) }],
		create: [
			{ ...message, mode: 'draft', additionalFields: { attachments } },
			{ ...message, mode: 'logReceived', additionalFields: { sendToInbox: true } },
			{ ...message, mode: 'logSent', additionalFields: { source: 'External' } },
		],
		get: [{ smsId }, { smsId, output: 'selected', fields: ['caller_id_mode', 'text'] }],
		getAll: [
			{},
			{ returnAll: true, output: 'simplified' },
			{
				filters: {
					leadId: byId(BLUEBIRD_ID),
					contactId: byId(MARIA_ID),
					userId: fields.userId,
					status: ['sent'],
				},
			},
		],
		getConversation: [
			{ person: { __rl: true, mode: 'number', value: '+14155550101' } },
			{ person: { __rl: true, mode: 'contact', value: MARIA_ID } },
			{ person: { __rl: true, mode: 'lead', value: BLUEBIRD_ID } },
			{ person: { __rl: true, mode: 'sms', value: DRAFT_ID } },
		],
		delete: [{ smsId }],
	},
	smsTemplate: {
		create: [{ name: 'New', text: 'Hi', additionalFields: { isShared: false, attachments } }],
		update: [{ templateId, templateFields: { name: 'Other', text: 'Hey', status: 'archived' } }],
		get: [{ templateId }],
		getAll: [{ returnAll: true }],
		delete: [{ templateId }],
	},
};

const rows = Object.entries(OPERATIONS).flatMap(([resource, operations]) =>
	Object.entries(operations).flatMap(([operation, all]) =>
		all.map((parameters, way): [string, string, number, INodeParameters] => [
			resource,
			operation,
			way + 1,
			parameters,
		]),
	),
);

test('every operation has a row', () => {
	const offered = new CloseSms().description.properties
		.filter(({ name }) => name === 'operation')
		.map(({ displayOptions, options }) => [
			displayOptions?.show?.resource?.[0],
			(options as INodePropertyOptions[]).map(({ value }) => value).sort(),
		]);
	const covered = Object.entries(OPERATIONS).map(([resource, operations]) => [
		resource,
		Object.keys(operations).sort(),
	]);
	expect(covered).toEqual(offered);
});

describeWithOpenapi("what the nodes send is as Close's OpenAPI says", () => {
	let openapi: CloseOpenapi;
	let exchanges: Exchange[];
	beforeAll(async () => {
		openapi = await CloseOpenapi.load();
	});
	beforeEach(() => {
		exchanges = [];
		sms.close.observe((exchange) => exchanges.push(exchange));
	});
	/** All requests and their responses are as published, and there was one. */
	const expectAsPublished = () => {
		expect(exchanges.length).toBeGreaterThan(0);
		expect(exchanges.flatMap((one) => openapi.errors(one))).toEqual([]);
	};

	test.each(rows)('%s: %s (%i)', async (resource, operation, _, parameters) => {
		const { error } = await sms.run(operation, { resource, ...parameters }, { input });

		expect(error).toBeUndefined();
		expectAsPublished();
	});

	const pickers = Object.keys(new CloseSms().methods.listSearch);
	test.each(
		pickers.flatMap(
			(picker) =>
				[
					[picker, undefined],
					[picker, 'maria'],
				] as const,
		),
	)('the picker %s with the word %s', async (picker, filter) => {
		await pick(picker as Parameters<typeof pick>[0], { filter });

		expectAsPublished();
	});

	test('the subscription of the trigger, from activating to deactivating', async () => {
		const n8n = await TestN8n.start(sms.close);
		const workflow = n8n.add({ events: ['received', 'sent', 'failed'] });
		await n8n.activate(workflow);
		await n8n.activate(workflow);
		await n8n.deactivate(workflow);
		await n8n.stop();

		expectAsPublished();
		expect(new Set(exchanges.map(({ request }) => request.method))).toEqual(
			new Set(['GET', 'POST', 'DELETE']),
		);
	});
});
