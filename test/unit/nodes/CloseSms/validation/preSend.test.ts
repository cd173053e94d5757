import { NodeOperationError, type IDataObject } from 'n8n-workflow';
import { validationError } from '../../../../../nodes/shared/errors/validationError';
import type { Operation, Resource } from '../../../../../nodes/CloseSms/resources/operation';
import { sms } from '../../../../../nodes/CloseSms/resources/sms';
import { smsTemplate } from '../../../../../nodes/CloseSms/resources/smsTemplate';
import { preSend } from '../../../../../nodes/CloseSms/validation/preSend';
import { DEFAULT_OPTIONS } from '../../../../../nodes/CloseSms/validation/nodeOptions';
import { Run } from '../../../../../nodes/CloseSms/transport/run/run';
import { fakeContext, validate, type FakeItem } from '../../../fakeContext';

const byValue = ({ operations }: Resource) =>
	Object.fromEntries(operations.map((operation) => [operation.option.value, operation]));
const ofSms = byValue(sms);
const ofTemplate = byValue(smsTemplate);

const NOW = '2026-11-25T12:00:00Z';
const AHEAD = '2026-12-01T09:00:00Z';
const PHONES = { remote_phone: '+14155550177', local_phone: '+14155550100' };

beforeEach(() => jest.useFakeTimers({ now: new Date(NOW) }));
afterEach(() => jest.useRealTimers());

type Given = FakeItem & { body?: IDataObject; qs?: IDataObject };

describe('Send', () => {
	const MESSAGE = { ...PHONES, text: 'Hi' };
	const TEMPLATE = { ...PHONES, template_id: 'smstmpl_1' };
	const send = async (body: IDataObject, parameters: Given['parameters'] = {}, more: Given = {}) =>
		await validate(ofSms.send, { operation: 'send', ...more, body: { ...body }, parameters });
	const at = { when: 'at' };
	const asTemplate = { messageType: 'template' };

	test.each<[string, IDataObject, IDataObject, IDataObject]>([
		['now', MESSAGE, {}, { ...MESSAGE, status: 'outbox' }],
		['now, as chosen', MESSAGE, { when: 'now' }, { ...MESSAGE, status: 'outbox' }],
		['a template', TEMPLATE, asTemplate, { ...TEMPLATE, status: 'outbox' }],
		[
			'a number as the words',
			{ ...MESSAGE, text: 7 },
			{},
			{ ...PHONES, text: '7', status: 'outbox' },
		],
		[
			'at a time',
			{ ...MESSAGE, date_scheduled: '2026-12-01T09:00' },
			at,
			{ ...MESSAGE, date_scheduled: AHEAD, status: 'scheduled' },
		],
		[
			'what is empty',
			{ ...MESSAGE, template_id: '', date_scheduled: ' ', lead_id: null },
			{},
			{ ...MESSAGE, status: 'outbox' },
		],
		[
			'a person of the list',
			{ ...MESSAGE, remote_phone: `cont_1|${PHONES.remote_phone}` },
			{},
			{ ...MESSAGE, contact_id: 'cont_1', pickedContactId: 'cont_1', status: 'outbox' },
		],
	])('what Send asks of Close: %s', async (_, body, parameters, expected) => {
		const { body: made, error } = await send(body, parameters);
		expect(error).toBeUndefined();
		expect(made).toEqual(expected);
	});

	test.each<[string, IDataObject, { [name: string]: unknown }, string]>([
		['to nobody', { ...MESSAGE, remote_phone: '' }, {}, "'To' is empty"],
		['to no number', { ...MESSAGE, remote_phone: '0177' }, {}, "'To' has no country code"],
		['to a contact', { ...MESSAGE, remote_phone: 'cont_1' }, {}, "'To' is the ID of a contact"],
		['from nowhere', { ...MESSAGE, local_phone: null }, {}, "'From' is empty"],
		['from no number', { ...MESSAGE, local_phone: '0100' }, {}, "'From' has no country code"],
		['no words', { ...PHONES, text: ' ' }, {}, "'Message' is empty"],
		['words that are a list', { ...PHONES, text: ['Hi'] }, {}, "'Message' is a list, not words"],
		['no template', PHONES, asTemplate, "'Template' is empty"],
		['both', { ...MESSAGE, ...TEMPLATE }, {}, "'Template' is set but 'Message Type' is Own Words"],
		[
			'both, of a template',
			{ ...MESSAGE, ...TEMPLATE },
			asTemplate,
			"'Message' is set but 'Message Type' is Template",
		],
		['another type', MESSAGE, { messageType: 'html' }, "'Message Type' has an invalid value"],
		['an empty type', MESSAGE, { messageType: '' }, "'Message Type' has an invalid value"],
		['another when', MESSAGE, { when: 'outbox' }, "'When' has an invalid value"],
		['an empty when', MESSAGE, { when: '' }, "'When' has an invalid value"],
		['a list of when', MESSAGE, { when: ['now'] }, "'When' has an invalid value"],
		['no time', MESSAGE, at, "'Send At' is empty"],
		['a time and now', { ...MESSAGE, date_scheduled: AHEAD }, {}, "'Send At' is set but 'When'"],
		['no date', { ...MESSAGE, date_scheduled: 'soon' }, at, "'Send At' is not a date"],
		['too late', { ...MESSAGE, date_scheduled: NOW }, at, "'Send At' is in the past"],
		['files as a list', { ...MESSAGE, attachments: [] }, {}, "'Attachments' holds no file"],
	])('Send is an error: %s', async (_, body, parameters, message) => {
		const { error, next } = await send(body, parameters);
		expect(error).toMatch(message);
		expect(error).toMatch(/\[item 0\]$/);
		expect(next).toBeTruthy();
	});

	test('a file of Send does not stand in for its words, which may be missing by mistake', async () => {
		const binary = { data: { data: 'YQ==', fileName: 'a.pdf', mimeType: 'application/pdf' } };
		const files = { attachment: [{}] } as unknown as IDataObject;
		const { error } = await send({ ...PHONES, attachments: files }, {}, { binary });
		expect(error).toBe("'Message' is empty [item 0]");
	});
});

describe('Create', () => {
	const create = async (mode: unknown, body: IDataObject, more: Given = {}) =>
		await validate(ofSms.create, {
			...more,
			body: { ...body },
			parameters: { mode, ...more.parameters },
		});

	test.each<[string, IDataObject, IDataObject]>([
		['draft', {}, { status: 'draft' }],
		['draft', { ...PHONES, text: 'Hi' }, { ...PHONES, text: 'Hi', status: 'draft' }],
		['logReceived', { text: 'Hi' }, { text: 'Hi', status: 'inbox' }],
		['logSent', { text: 'Hi' }, { text: 'Hi', status: 'sent' }],
		[
			'logSent',
			{ activity_at: '2026-11-01T09:00' },
			{ activity_at: '2026-11-01T09:00:00Z', status: 'sent' },
		],
		[
			'draft',
			{ text: 'Hi', lead_id: '', user_id: null, contact_id: ' ' },
			{ text: 'Hi', status: 'draft' },
		],
		['draft', { text: 4711 }, { text: '4711', status: 'draft' }],
		[
			'logReceived',
			{ direction: 'inbound', source: 'External' },
			{ direction: 'inbound', source: 'External', status: 'inbox' },
		],
		[
			'logSent',
			{ direction: 'outbound', source: 'Close.io' },
			{ direction: 'outbound', source: 'Close.io', status: 'sent' },
		],
	])('Create with the mode %s makes of %j what Close expects', async (mode, body, expected) => {
		expect(await create(mode, body)).toMatchObject({ body: expected, error: undefined });
	});

	test('Create makes a draft unless a mode is given', async () => {
		expect((await create(undefined, {})).body).toEqual({ status: 'draft' });
	});

	test.each<[string, unknown, IDataObject, string]>([
		['a mode that there is not', 'outbox', {}, "'Mode' has an invalid value"],
		['an empty mode', '', {}, "'Mode' has an invalid value"],
		['a list of modes', ['draft', 'logSent'], {}, "'Mode' has an invalid value"],
		['Send', 'send', { ...PHONES, text: 'Hi' }, "'Mode' has an invalid value"],
		['Schedule', 'schedule', { ...PHONES, text: 'Hi' }, "'Mode' has an invalid value"],
		[
			'text and template',
			'draft',
			{ text: 'Hi', template_id: 'smstmpl_1' },
			"'Text' and 'Template' are both set",
		],
		[
			'a number that is none',
			'draft',
			{ ...PHONES, remote_phone: '0177', text: 'Hi' },
			"'Remote Phone' has no country code",
		],
		[
			'a number of ours that is none',
			'draft',
			{ local_phone: '0100' },
			"'Local Phone' has no country code",
		],
		['a text that is a list', 'draft', { ...PHONES, text: ['Hi'] }, "'Text' is a list, not words"],
		[
			'a direction that there is not',
			'logSent',
			{ direction: 'outgoing' },
			"'Direction' has an invalid value",
		],
		[
			'a source that there is not',
			'logSent',
			{ source: 'Zapier' },
			"'Source' has an invalid value",
		],
		['a date that is none', 'logSent', { date_created: 'soon' }, "'Date Created' is not a date"],
		[
			'a time of the event that is none',
			'logSent',
			{ activity_at: 'soon' },
			"'Activity At' is not a date",
		],
		[
			'attachments that cannot be read',
			'draft',
			{ ...PHONES, text: 'Hi', attachments: [] },
			"'Attachments' holds no file",
		],
	])('Create is an error: %s', async (_, mode, body, message) => {
		const { error, next } = await create(mode, body);
		expect(error).toMatch(message);
		expect(error).toMatch(/\[item 0\]$/);
		expect(next).toBeTruthy();
	});

	test.each<[unknown, boolean]>([
		['true', true],
		[0, false],
		['', false],
		[true, true],
	])("'Send to Inbox' %j is %s", async (send_to_inbox, expected) => {
		expect((await create('logReceived', {}, { qs: { send_to_inbox } as IDataObject })).qs).toEqual({
			send_to_inbox: expected,
		});
	});

	test("a 'Send to Inbox' in doubt is an error", async () => {
		const { error } = await create('logReceived', {}, { qs: { send_to_inbox: 'yes' } });
		expect(error).toBe("'Send to Inbox' is neither true nor false: yes [item 0]");
	});
});

describe('Update', () => {
	const update = async (body: IDataObject, more: Given = {}) =>
		await validate(ofSms.update, { ...more, body: { ...body } });

	test.each<[string, IDataObject, unknown, IDataObject]>([
		['words', { text: 'Hi' }, [], { text: 'Hi' }],
		['send now', { status: 'outbox' }, [], { status: 'outbox' }],
		[
			'send later',
			{ status: 'scheduled', date_scheduled: AHEAD },
			[],
			{ status: 'scheduled', date_scheduled: AHEAD },
		],
		['back to draft', { status: 'draft' }, [], { status: 'draft' }],
		['log', { status: 'sent' }, [], { status: 'sent' }],
		['log as received', { status: 'inbox' }, [], { status: 'inbox' }],
		[
			'what gives nothing is left out',
			{ text: 'Hi', lead_id: '', contact_id: null, user_id: ' ' },
			[],
			{ text: 'Hi' },
		],
		['a number as words', { text: 4711 }, [], { text: '4711' }],
		['cleared', {}, ['leadId', 'remotePhone'], { lead_id: null, remote_phone: null }],
		['set and cleared', { text: 'Hi' }, ['templateId'], { text: 'Hi', template_id: null }],
		['cleared by a text with commas', {}, 'leadId, userId', { lead_id: null, user_id: null }],
		['cleared times', {}, ['activityAt', 'attachments'], { activity_at: null, attachments: null }],
		['an empty choice', { text: 'Hi' }, '', { text: 'Hi' }],
		['no choice', { text: 'Hi' }, null, { text: 'Hi' }],
		['emptied by expression, and cleared', { lead_id: '' }, ['leadId'], { lead_id: null }],
		[
			'numbers cleared in a record, which texts nobody',
			{ status: 'sent' },
			['remotePhone', 'localPhone'],
			{ status: 'sent', remote_phone: null, local_phone: null },
		],
		[
			'a template in the place of words and files',
			{ status: 'outbox', template_id: 'smstmpl_1' },
			['text', 'attachments'],
			{ status: 'outbox', template_id: 'smstmpl_1', text: null, attachments: null },
		],
		[
			'sent without words, perhaps with files',
			{ status: 'outbox' },
			['text'],
			{ status: 'outbox', text: null },
		],
	])('what Update asks of Close: %s', async (_, body, clearFields, expected) => {
		expect(await update(body, { parameters: { clearFields } })).toMatchObject({
			body: expected,
			url: '/activity/sms/acti_1/',
			error: undefined,
		});
	});

	test.each<[string, IDataObject, unknown, string]>([
		['nothing at all', {}, [], 'There is nothing to update'],
		['nothing but blanks', { text: ' ', lead_id: '' }, [], 'There is nothing to update'],
		['set and cleared', { lead_id: 'lead_1' }, ['leadId'], "'Lead' is both set and cleared"],
		['cleared what cannot be', {}, ['status'], "'Clear Fields' has a field that cannot be cleared"],
		[
			'cleared what there is not',
			{},
			'leadId,nothing',
			"'Clear Fields' has a field that cannot be cleared",
		],
		['cleared a flag', {}, true, "'Clear Fields' has a field that cannot be cleared"],
		[
			'cleared an object',
			{},
			[{ leadId: true }],
			"'Clear Fields' has a field that cannot be cleared",
		],
		['a status that there is not', { status: 'send' }, [], "'Status' has an invalid value"],
		['a status in a list', { status: ['outbox'] }, [], "'Status' has an invalid value"],
		['Failed, which nobody can set', { status: 'error' }, [], "'Status' has an invalid value"],
		[
			'scheduled without a time',
			{ status: 'scheduled' },
			[],
			"'Status' is Send Later but 'Date Scheduled' is empty",
		],
		[
			'a time alone',
			{ date_scheduled: AHEAD },
			[],
			"'Date Scheduled' is set but 'Status' is not Send Later",
		],
		[
			'a time that is over',
			{ status: 'scheduled', date_scheduled: '2026-11-25T12:00' },
			[],
			"'Date Scheduled' is in the past",
		],
		[
			'a time that is none',
			{ status: 'scheduled', date_scheduled: 'soon' },
			[],
			"'Date Scheduled' is not a date",
		],
		['an event at no time', { activity_at: 'soon' }, [], "'Activity At' is not a date"],
		['a number that is none', { remote_phone: '0177' }, [], "'Remote Phone' has no country code"],
		[
			'a number of ours that is none',
			{ local_phone: '0100' },
			[],
			"'Local Phone' has no country code",
		],
		[
			'text and template',
			{ text: 'Hi', template_id: 'smstmpl_1' },
			[],
			"'Text' and 'Template' are both set",
		],
		['a text that is an object', { text: { en: 'Hi' } }, [], "'Text' is an object, not words"],
		['a text that is a flag', { text: false }, [], "'Text' is false, not words"],
		['attachments that cannot be read', { attachments: {} }, [], "'Attachments' holds no file"],
		[
			'no number to send to',
			{ status: 'outbox' },
			['leadId', 'remotePhone'],
			"'Remote Phone' is cleared, but an SMS that goes out needs it",
		],
		[
			'no number to send from',
			{ status: 'scheduled', date_scheduled: AHEAD },
			'localPhone',
			"'Local Phone' is cleared, but an SMS that goes out needs it",
		],
		[
			'nothing to send, and no template either',
			{ status: 'outbox' },
			['text', 'attachments', 'templateId'],
			"'Text' and 'Attachments' are cleared, so nothing would go out",
		],
	])('Update is an error: %s', async (_, body, clearFields, message) => {
		const { error, next } = await update(body, { parameters: { clearFields } });
		expect(error).toMatch(message);
		expect(error).toMatch(/\[item 0\]$/);
		expect(next).toBeTruthy();
	});
});

describe('Schedule', () => {
	const schedule = async (body: IDataObject) =>
		await validate(ofSms.schedule, {
			operation: 'schedule',
			body: { ...body },
			zone: 'Europe/Berlin',
		});

	test("Schedule's time gets the offset of the workflow", async () => {
		expect(
			await schedule({ status: 'scheduled', date_scheduled: '2026-12-01T09:00' }),
		).toMatchObject({
			body: { status: 'scheduled', date_scheduled: '2026-12-01T09:00:00+01:00' },
			error: undefined,
		});
	});

	test.each<[unknown, string]>([
		[undefined, "'Send At' is empty"],
		[null, "'Send At' is empty"],
		['', "'Send At' is empty"],
		[' ', "'Send At' is empty"],
		[0, "'Send At' is not a date"],
		['soon', "'Send At' is not a date"],
		['2026-11-25T13:00', "'Send At' is in the past"],
	])('Schedule is an error when the time is %j', async (date_scheduled, message) => {
		expect((await schedule({ date_scheduled } as IDataObject)).error).toMatch(message);
	});
});

test.each([
	['Send Draft', ofSms.sendDraft],
	['Cancel', ofSms.cancel],
	['Delete', ofSms.delete],
	['Schedule', ofSms.schedule],
	['Get', ofSms.get],
	['Update', ofSms.update],
])('%s goes nowhere without a proper ID', async (_, operation) => {
	const given = { parameters: { smsId: '../me' }, body: { text: 'Hi', date_scheduled: AHEAD } };
	expect(await validate(operation, given)).toMatchObject({
		error: "'SMS' is not the ID of an SMS: ../me [item 0]",
		url: '/activity/sms/{id}/',
	});
	expect((await validate(operation, { ...given, parameters: {} })).url).toBe(
		'/activity/sms/acti_1/',
	);
});

describe('only the fields that are wanted are asked for', () => {
	test.each<[string, IDataObject, string | undefined]>([
		['all', { output: 'raw' }, undefined],
		['simplified', { output: 'simplified' }, undefined],
		['nothing chosen', {}, undefined],
		['two', { output: 'selected', fields: ['text', 'status'] }, 'id,text,status'],
		['with commas', { output: 'selected', fields: 'text, id' }, 'id,text'],
		['none', { output: 'selected' }, 'id'],
		[
			'and what the message info is made of',
			{ output: 'selected', fields: ['status'], options: { addMessageInfo: '1' } },
			'id,status,text,date_scheduled,attachments,error_message',
		],
	])('Get asks Close for the fields that are wanted: %s', async (_, parameters, fields) => {
		expect((await validate(ofSms.get, { parameters })).qs).toEqual(
			fields ? { _fields: fields } : {},
		);
	});

	test.each<[string, IDataObject, string | undefined]>([
		['all', { output: 'raw' }, undefined],
		['nothing chosen', {}, undefined],
		['what paging needs', { output: 'selected', fields: ['text'] }, 'id,text,date_created'],
		[
			'and what filters look at',
			{ output: 'selected', fields: 'text', filters: { direction: 'inbound', textContains: 'a' } },
			'id,text,date_created,direction',
		],
	])('Get Many asks Close for the fields that are wanted: %s', async (_, parameters, fields) => {
		const { qs, error } = await validate(ofSms.getAll, { parameters, qs: { lead_id: 'lead_1' } });
		expect(error).toBeUndefined();
		expect(qs).toEqual({ lead_id: 'lead_1', ...(fields && { _fields: fields }) });
	});
});

describe('Get Many', () => {
	test.each<[string, IDataObject, string]>([
		['a filter that is empty', { filters: { leadId: '' } }, "'Lead' is empty"],
		['a limit that is none', { limit: 0 }, "'Limit' is not a whole number above zero"],
		['a flag in doubt', { returnAll: 'yes' }, "'Return All' is neither true nor false"],
	])('Get Many is an error: %s', async (_, parameters, message) => {
		expect((await validate(ofSms.getAll, { parameters })).error).toMatch(message);
	});

	test('the dates of Get Many get an offset', async () => {
		const parameters = { filters: { createdAfter: '2026-11-01' } };
		const qs = { date_created__gte: '2026-11-01' };
		expect((await validate(ofSms.getAll, { parameters, qs, zone: 'Europe/Berlin' })).qs).toEqual({
			date_created__gte: '2026-11-01T00:00:00+01:00',
		});
	});
});

describe('a collection that is one expression as a whole, which n8n drops', () => {
	const whole = async ({ option }: Operation, collection: string) => {
		const context = fakeContext({ parameters: { smsId: 'acti_1', mode: 'draft' } });
		const parameters = { [collection]: '={{ $json }}' };
		const getNode = () => ({ ...context.getNode(), parameters });
		const given = { ...context, getNode };
		const [validateItem] = option.routing!.send!.preSend!;
		await validateItem.call(given, { url: '/activity/sms/{id}/', body: {} });
		return Run.arrive(given).item.validationError?.message;
	};

	test.each([
		['Additional Fields', ofSms.create, 'additionalFields'],
		['Additional Fields', ofSms.send, 'additionalFields'],
		['Filters', ofSms.getAll, 'filters'],
		['Additional Fields', ofTemplate.create, 'additionalFields'],
	])("'%s' as one expression is an error", async (label, operation, collection) => {
		expect(await whole(operation, collection)).toBe(
			`'${label}' is one expression as a whole, which n8n cannot read`,
		);
	});

	test("'Options' as one expression is an error", async () => {
		expect(await whole(ofSms.send, 'options')).toBe("'Options' cannot be read");
	});
});

describe('templates', () => {
	test.each<[string, IDataObject, IDataObject | string]>([
		['a name and words', { name: 'A', text: 'Hi' }, { name: 'A', text: 'Hi' }],
		['shared by an expression', { name: 'A', is_shared: 'true' }, { name: 'A', is_shared: true }],
		['no name', { text: 'Hi' }, "'Name' is empty"],
		['words that are none', { name: 'A', text: {} }, "'Text' is an object, not words"],
		['shared in doubt', { name: 'A', is_shared: 'yes' }, "'Is Shared' is neither true nor false"],
	])('the request of Create for a template: %s', async (_, body, expected) => {
		const result = await validate(ofTemplate.create, { body: { ...body } });
		if (typeof expected === 'string') expect(result.error).toMatch(expected);
		else expect(result).toMatchObject({ body: expected, error: undefined });
	});

	test.each<[string, IDataObject, IDataObject | string]>([
		['archived', { status: 'archived' }, { status: 'archived' }],
		[
			'active, not shared',
			{ status: 'active', is_shared: 0 },
			{ status: 'active', is_shared: false },
		],
		['nothing', {}, 'There is nothing to update'],
		['a status that there is not', { status: 'draft' }, "'Status' has an invalid value"],
	])('the request of Update for a template: %s', async (_, body, expected) => {
		const result = await validate(ofTemplate.update, { body: { ...body } });
		if (typeof expected === 'string') expect(result.error).toMatch(expected);
		else expect(result).toMatchObject({ body: expected, error: undefined });
	});
});

describe('what was found is recorded, and never thrown', () => {
	test('preSend records what the first validator finds, and runs no further one', async () => {
		const calls: string[] = [];
		const operation = preSend(
			() => void calls.push('first'),
			() => {
				throw new Error('an expression failed');
			},
			() => void calls.push('third'),
		);
		const context = fakeContext();
		await operation.call(context, { url: '' });
		const { item } = Run.arrive(context);

		expect(calls).toEqual(['first']);
		expect(item.validationError?.message).toBe('an expression failed');
		expect(item.validationError?.facts.itemIndex).toBe(0);
	});

	test('options that cannot be read are recorded first, and the item has the defaults', async () => {
		const seen: unknown[] = [];
		const context = fakeContext({ parameters: { options: { maxRetries: 'many', dryRun: true } } });
		await preSend((_, __, options) => void seen.push(options)).call(context, { url: '' });
		const { item } = Run.arrive(context);

		expect(item.validationError?.message).toMatch("'Max Retries' is not a number");
		expect(item.options).toEqual(DEFAULT_OPTIONS);
		expect(seen).toEqual([]);
	});

	test('preSend does not check again what an earlier try did', async () => {
		const context = fakeContext();
		await preSend().call(context, { url: '' });
		Run.arrive(context).item.output = [];
		await preSend(() => {
			throw new Error('its time is over by now');
		}).call(context, { url: '' });

		const { item } = Run.arrive(context);
		expect(item).toMatchObject({ earlierOutput: [] });
		expect(item.validationError).toBeUndefined();
	});
});

describe('what a validator finds', () => {
	const run = async (validator: () => void) => {
		const context = fakeContext();
		await preSend(validator).call(context, { url: '/' });
		return Run.arrive(context).run;
	};
	const throwing = (error: Error) => () => {
		throw error;
	};
	const node = fakeContext().getNode();

	test('a failure of ours that a validator throws is kept as it is', async () => {
		const failure = validationError({}, 'Not valid', 'Give another.');
		const found = await run(throwing(failure));
		expect(found.firstInvalid?.validationError).toBe(failure);
	});

	test.each([
		['of n8n', new NodeOperationError(node, 'Not defined', { description: 'Define it.' })],
		['of an expression', Object.assign(new Error('Not defined'), { description: 'Define it.' })],
	])('an error %s that a validator throws keeps its words', async (_, error) => {
		const found = await run(throwing(error));
		expect(found.firstInvalid?.validationError?.facts).toEqual({
			what: 'Not defined',
			next: 'Define it.',
			outcome: 'notDone',
			itemIndex: 0,
			cause: error,
		});
	});

	test('an item in which no validator finds anything is valid', async () => {
		expect((await run(() => undefined)).firstInvalid).toBeUndefined();
	});
});
