import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { byId, byNumber } from '../../dev/locators';
import { ERROR_MODES, messages, setUpSms } from './setUpSms';
import { setUpSkippedWaits } from '../skippedWaits';

setUpSkippedWaits();

const sms = setUpSms();
const maria = '+14155550101';
const LEAD = 'lead_bluebird00000000000000';
const CONTACT = 'cont_maria00000000000000000';
const message = {
	leadId: byId(LEAD),
	contactId: byId(CONTACT),
	remotePhone: maria,
	localPhone: byNumber('+14155550100'),
	text: 'Hi Maria',
};
const body = {
	lead_id: LEAD,
	contact_id: CONTACT,
	remote_phone: maria,
	local_phone: '+14155550100',
	text: 'Hi Maria',
};
const create = async (parameters: INodeParameters, options = {}) =>
	await sms.run('create', { ...message, ...parameters }, options);

const post = (sent: IDataObject, query = {}) => ({
	method: 'POST',
	path: '/activity/sms/',
	query,
	body: sent,
});

/** What was created, the oldest first. */
const made = () =>
	sms.close
		.allSms()
		.filter(({ date_created: at }) => Date.parse(at) > Date.UTC(2026, 2))
		.reverse();

describe('modes', () => {
	test.each([
		['draft', 'draft', 'outbound'],
		['logReceived', 'inbox', 'inbound'],
		['logSent', 'sent', 'outbound'],
	])('%s: one request, and nobody is texted', async (mode, status, direction) => {
		const { json, error } = await create({ mode });
		sms.deliver();

		expect(error).toBeUndefined();
		expect(sms.wire()).toEqual([post({ ...body, status })]);
		expect(json).toEqual(made());
		expect(json).toMatchObject([{ ...body, status, direction }]);
		expect(sms.close.texted).toEqual([]);
	});

	test('draft is the default', async () => {
		await create({});

		expect(sms.wire()).toEqual([post({ ...body, status: 'draft' })]);
	});

	test('an expression for each item', async () => {
		const items = [{ mode: 'draft' }, { mode: 'logReceived' }, { mode: 'logSent' }];
		const { json, error } = await create({ mode: '={{ $json.mode }}' }, { items });
		sms.deliver();

		expect(error).toBeUndefined();
		expect(json.map(({ status }) => status)).toEqual(['draft', 'inbox', 'sent']);
		expect(sms.close.texted).toEqual([]);
	});
});

describe('fields', () => {
	const file = { url: 'https://app.close.com/go/file/permanent/a.pdf', filename: 'a.pdf' };

	test.each<[string, INodeParameters, IDataObject]>([
		['activityAt', { activityAt: '2026-02-05T12:00:00Z' }, { activity_at: '2026-02-05T12:00:00Z' }],
		[
			'dateCreated',
			{ dateCreated: '2026-02-05T13:00:00' },
			{ date_created: '2026-02-05T13:00:00+01:00' },
		],
		['direction', { direction: 'outbound' }, { direction: 'outbound' }],
		['source', { source: 'External' }, { source: 'External' }],
		[
			'userId',
			{ userId: byId('user_ben0000000000000000000') },
			{ user_id: 'user_ben0000000000000000000' },
		],
		[
			'attachments',
			{ attachments: { attachment: [{ source: 'url', ...file, contentType: 'application/pdf' }] } },
			{ attachments: [{ ...file, content_type: 'application/pdf' }] },
		],
	])('%s is sent under its name in Close', async (_, additionalFields, sent) => {
		const { error } = await create(
			{ mode: 'logReceived', additionalFields },
			{ timezone: 'Europe/Berlin' },
		);

		expect(error).toBeUndefined();
		expect(sms.wire()).toEqual([post({ ...body, ...sent, status: 'inbox' })]);
	});

	test('sendToInbox goes into the query', async () => {
		const { json } = await create({
			mode: 'logReceived',
			additionalFields: { sendToInbox: true },
		});

		expect(sms.wire()).toEqual([post({ ...body, status: 'inbox' }, { send_to_inbox: 'true' })]);
		expect(sms.close.notifications).toEqual([json[0].id]);
	});

	test('what the mode does not have is not sent', async () => {
		const { error } = await create({
			mode: 'logSent',
			additionalFields: { sendToInbox: true },
		});

		expect(error).toBeUndefined();
		expect(sms.wire()).toEqual([post({ ...body, status: 'sent' })]);
	});

	test('a template is rendered by Close', async () => {
		const { json } = await create({
			text: '',
			templateId: byId('smstmpl_thanks0000000000000000'),
		});
		const rest = { ...body, text: undefined };

		expect(json).toMatchObject([
			{ status: 'draft', text: 'Thank you for choosing Harbor Roofing.' },
		]);
		expect(sms.wire()[0]).toEqual(
			post({ ...rest, template_id: 'smstmpl_thanks0000000000000000', status: 'draft' }),
		);
	});

	test('what is empty is left out', async () => {
		await create({
			leadId: byId(''),
			contactId: byId('={{ $json.nothing }}'),
			localPhone: byNumber('={{ null }}'),
			remotePhone: '',
			additionalFields: { activityAt: '={{ $json.nothing }}' },
		});

		expect(sms.wire()).toEqual([post({ text: 'Hi Maria', status: 'draft' })]);
	});

	test('simplified, and with message info', async () => {
		const { json } = await create({
			output: 'simplified',
			options: { addMessageInfo: true },
		});

		expect(json).toEqual([
			{
				...body,
				id: made()[0].id,
				direction: 'outbound',
				status: 'draft',
				time: made()[0].activity_at,
				error_message: null,
				segments: { count: 1, encoding: 'GSM-7', charactersLeft: 152, notInGsm7: [] },
				localTime: null,
			},
		]);
	});
});

describe('an answer that gets lost', () => {
	test.each([
		['draft', { kind: 'resetAfter' }],
		['draft', { kind: 'html', applied: true }],
		['draft', { kind: 'cutJson' }],
		['draft', { kind: 'emptyBody' }],
		['logSent', { kind: 'resetAfter' }],
	] as const)('%s, %j: it is found, and not created twice', async (mode, fault) => {
		sms.close.faults.order(fault);
		const { json, error } = await create({ mode });

		expect(error).toBeUndefined();
		expect(json).toMatchObject([{ id: made()[0].id }]);
		expect(made()).toHaveLength(1);
		expect(sms.close.texted).toEqual([]);
	});

	test.each([
		['draft', /^A draft may have been left in Close, and nobody was texted: ECONNRESET$/],
		['logSent', /^This may have been done: ECONNRESET$/],
	] as const)(
		'%s, and it was not created: nobody makes another on a guess',
		async (mode, message) => {
			sms.close.faults.order({ kind: 'resetBefore' });
			const { error } = await create({ mode });

			expect(error?.message).toMatch(message);
			expect(made()).toEqual([]);
		},
	);
});

describe.each(ERROR_MODES)('on error: %s', (onError) => {
	const node = { onError };

	test('Close refuses the draft: in its own words, and nothing is left', async () => {
		const run = await create({ leadId: byId('lead_nobody') }, { node });

		expect(messages(run)).toEqual(["Close refused this: 'Lead': Invalid lead id"]);
		expect(made()).toEqual([]);
	});

	const noTime = (label: string) => `'${label}' is not a date and time that can be read`;
	const noCode = (label: string, value: string) => `'${label}' has no country code: ${value}`;
	const noPhone = (label: string, value: string) => `'${label}' is not one phone number: ${value}`;
	const noFile = { source: 'url', url: '', filename: 'a.png', contentType: 'image/png' };

	test.each<[INodeParameters, string]>([
		[{ mode: '={{ "sent" }}' }, "'Mode' has an invalid value"],
		[{ mode: '={{ "send" }}' }, "'Mode' has an invalid value"],
		[{ mode: '={{ "schedule" }}' }, "'Mode' has an invalid value"],
		[{ mode: '={{ "outbox" }}' }, "'Mode' has an invalid value"],
		[{ mode: '={{ "constructor" }}' }, "'Mode' has an invalid value"],
		[{ templateId: byId('smstmpl_1') }, "'Text' and 'Template' are both set"],
		[{ remotePhone: '4155550101' }, noCode('Remote Phone', '4155550101')],
		[{ remotePhone: '={{ 14155550101 }}' }, noCode('Remote Phone', '14155550101')],
		[{ localPhone: byNumber('+1 415 555 0100 x1') }, noPhone('Local Phone', '+1 415 555 0100 x1')],
		[{ additionalFields: { activityAt: 'noon' } }, noTime('Activity At')],
		[{ additionalFields: { dateCreated: '={{ true }}' } }, noTime('Date Created')],
		[
			{ additionalFields: { attachments: { attachment: [noFile] } } },
			"'URL' of attachment 1 is empty",
		],
	])('%j: nothing is sent', async (parameters, text) => {
		expect(messages(await create(parameters, { node }))).toEqual([expect.stringContaining(text)]);
		expect(sms.wire()).toEqual([]);
	});
});

test.each(['={{ "send" }}', '={{ "schedule" }}', 'send', 'schedule'])(
	'the mode %s, which there is not: names Send, and nobody is texted',
	async (mode) => {
		const { error } = await create({ mode });

		expect(error?.description).toMatch(/use the operation Send/);
		expect(sms.wire()).toEqual([]);
	},
);
