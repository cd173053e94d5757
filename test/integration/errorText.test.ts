import type { INodeParameters } from 'n8n-workflow';
import type { Fault, FaultMatch, SmsActivity } from '../../dev/simulator';
import { byId, byNumber } from '../../dev/locators';
import { at, ERROR_MODES, sendTo, setUpSms, said } from './setUpSms';
import type { NodeRun } from '../../dev/engine/runNode';

const on = setUpSms();
const LOCAL = '+14155550100';
const PHONE = '+14155550101';
const SECRET = 'Your PIN is 47B11, do not tell';
const AT = '2035-06-01T09:00:00Z';
const RENDERED = 'Hi Maria, this is Ada from Harbor Roofing. See you tomorrow at Bluebird Cafe!';
const ofTemplate: INodeParameters = {
	text: '',
	templateId: byId('smstmpl_reminder00000000000000'),
	leadId: byId('lead_bluebird00000000000000'),
	contactId: byId('cont_maria00000000000000000'),
};

const add = (known: Partial<SmsActivity> = {}) =>
	on.close.addSms({ text: SECRET, remote_phone: PHONE, local_phone: LOCAL, ...known }).id;
const sending = (more: INodeParameters = {}) => sendTo(PHONE, SECRET, more);
const creating = (mode: string, more: INodeParameters = {}): INodeParameters => ({
	mode,
	remotePhone: PHONE,
	localPhone: byNumber(LOCAL),
	text: SECRET,
	...more,
});

/** Close refuses the requests that fit, and says this. */
const refuses = (words: string, match: FaultMatch, more: Partial<Fault> = {}) =>
	on.close.faults.order({
		kind: 'status',
		status: 400,
		body: { errors: [words], 'field-errors': {} },
		match,
		...more,
	});
const quoting = (text: string) => `The message "${text}" was rejected by the carrier's filter.`;

/** All that is said of a run and that n8n stores with its error; the node's parameters aside, which n8n adds itself. */
const everything = (run: NodeRun) =>
	`${said(run)} ${JSON.stringify({ ...run.error, node: undefined })} ${run.error?.stack ?? ''}`;

describe('the words of a message that Close quotes stand in no error', () => {
	const operations: Array<
		[string, string, INodeParameters, FaultMatch, string?, Partial<SmsActivity>?]
	> = [
		['Send Draft', 'sendDraft', {}, { method: 'PUT' }],
		['Schedule', 'schedule', { sendAt: AT }, { method: 'PUT' }],
		[
			'Cancel',
			'cancel',
			{},
			{ method: 'PUT' },
			SECRET,
			{ status: 'scheduled', date_scheduled: AT },
		],
		['Update, Outbox', 'update', { updateFields: { status: 'outbox' } }, { method: 'PUT' }],
		[
			'Update, of another field',
			'update',
			{ updateFields: { remotePhone: '+14155550102' } },
			{ method: 'PUT' },
		],
		[
			'Update, of a template',
			'update',
			{ updateFields: { templateId: byId('smstmpl_reminder00000000000000') } },
			{ method: 'PUT' },
			RENDERED,
		],
		['Delete', 'delete', {}, { method: 'DELETE' }],
		['Get', 'get', {}, { method: 'GET' }],
		['Create, Draft of a template', 'create', creating('draft', ofTemplate), {}, RENDERED],
		['Send', 'send', sending(), { method: 'PUT' }],
		['Send at a time', 'send', sending(at(AT)), { method: 'PUT' }],
		[
			'Send, of a template',
			'send',
			sending({ messageType: 'template', ...ofTemplate }),
			{ method: 'PUT' },
			RENDERED,
		],
	];

	test.each(operations)(
		'%s',
		async (_, operation, parameters, match, text = SECRET, known = {}) => {
			const smsId = byId(add(known));
			refuses(quoting(text), match);
			const run = await on.run(operation, { smsId, ...parameters });

			expect(run.error?.message).toMatch(/was rejected by the carrier's filter/);
			expect(everything(run)).not.toContain(text);
			expect(everything(run)).not.toMatch(/47B11|Bluebird/);
		},
	);

	test.each(ERROR_MODES)('Send Draft, on error: %s', async (onError) => {
		refuses(quoting(SECRET), { method: 'PUT' });
		const run = await on.run('sendDraft', { smsId: byId(add()) }, { node: { onError } });

		expect(said(run)).toMatch(/was rejected by the carrier's filter/);
		expect(`${everything(run)} ${JSON.stringify(run.outputs)}`).not.toContain('47B11');
	});

	test('Send Draft, as the tool of an agent', async () => {
		refuses(quoting(SECRET), { method: 'PUT' });
		const { json } = await on.run('sendDraft', { smsId: byId(add()) }, { agentCalls: [{}] });

		expect(JSON.stringify(json)).toMatch(/was rejected by the carrier's filter/);
		expect(JSON.stringify(json)).not.toContain('47B11');
	});

	test('Send, with Retry On Fail: a later try, which reads the draft, neither', async () => {
		refuses(quoting(SECRET), { method: 'PUT' }, { times: 9 });
		const run = await on.run('send', sending(), {
			node: { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 },
		});

		expect(everything(run)).not.toContain('47B11');
	});

	test('a read-back that is refused', async () => {
		const id = add();
		on.close.faults.order({ kind: 'resetAfter', match: { method: 'PUT' } });
		refuses(quoting(SECRET), { method: 'GET' }, { after: 1, times: 9 });
		const run = await on.run('sendDraft', { smsId: byId(id), options: { maxRetries: 0 } });

		expect(everything(run)).not.toContain('47B11');
	});

	test.each([
		['with other blanks', 'Your PIN\n  is 47B11,\tdo not tell', quoting(SECRET)],
		['with line breaks that are written out', 'Your PIN\nis 47B11', quoting('Your PIN\\nis 47B11')],
		[
			'cut off',
			SECRET,
			'The message "Your PIN is 47B11, do…" was rejected by the carrier\'s filter.',
		],
		['escaped', 'Your PIN & "code" is 47B11', quoting('Your PIN &amp; &quot;code&quot; is 47B11')],
		[
			'without quotation marks',
			SECRET,
			`Rejected: ${SECRET}: was rejected by the carrier's filter.`,
		],
		['in single quotes', SECRET, `The message '${SECRET}' was rejected by the carrier's filter.`],
	])('quoted %s', async (_, text, words) => {
		refuses(words, { method: 'PUT' });
		for (const [operation, parameters] of [
			['sendDraft', {}],
			['update', { updateFields: { text } }],
		] as Array<[string, INodeParameters]>) {
			refuses(words, { method: 'PUT' });
			const run = await on.run(operation, { smsId: byId(add({ text })), ...parameters });

			expect(said(run)).toMatch(/was rejected by the carrier's filter/);
			expect(said(run)).not.toContain('47B11');
		}
	});

	test('in the reason for which a text failed', async () => {
		const id = add({ status: 'error', error_message: `30007 filtered: "${SECRET}"` });
		const run = await on.run('sendDraft', { smsId: byId(id) });

		expect(said(run)).toMatch(/30007 filtered/);
		expect(said(run)).not.toContain('47B11');
	});

	test.each(['create', 'update'])('%s a template', async (operation) => {
		refuses(quoting(SECRET), { path: 'sms_template' });
		const run = await on.run(operation, {
			resource: 'smsTemplate',
			templateId: byId('smstmpl_thanks0000000000000000'),
			name: 'New',
			// Its words were given to Close before.
			text: '',
			templateFields: { name: 'New' },
		});

		expect(said(run)).toMatch(/was rejected by the carrier's filter/);
		expect(said(run)).not.toContain('47B11');
	});
});

describe("Close's own sentence stays whole, whatever the words of the message are", () => {
	const NOT_A_DRAFT = 'Only draft SMS activities can be edited.';

	test.each(['a', 'e', 'draft', 'Only', 'SMS', '.'])('Update: the text %j', async (text) => {
		const id = add({ status: 'sent', date_sent: '2026-02-02T16:20:02+00:00' });
		const run = await on.run('update', { smsId: byId(id), updateFields: { text } });

		expect(run.error?.message).toContain(NOT_A_DRAFT);
	});

	test.each(['a', 'field', 'required'])('Create, Draft: the text %j', async (text) => {
		on.close.faults.order({
			kind: 'status',
			status: 400,
			body: { errors: [], 'field-errors': { lead_id: 'This field is required.' } },
		});
		const run = await on.run('create', creating('draft', { text }));

		expect(run.error?.message).toContain("'Lead': This field is required.");
	});

	test.each(['create', 'update'])('%s a template: the text "name"', async (operation) => {
		refuses('A template of this name exists.', { path: 'sms_template' });
		const run = await on.run(operation, {
			resource: 'smsTemplate',
			templateId: byId('smstmpl_thanks0000000000000000'),
			name: 'New',
			text: 'name',
			templateFields: { text: 'name' },
		});

		expect(run.error?.message).toContain('A template of this name exists.');
	});

	test('where it is quoted, only the quotation is masked', async () => {
		refuses('The draft has the text "draft", which a draft cannot have.', { method: 'PUT' });
		const run = await on.run('update', { smsId: byId(add()), updateFields: { text: 'draft' } });

		expect(run.error?.message).toMatch(/The draft has the text .+, which a draft cannot have/);
		expect(run.error?.message).not.toContain('"draft"');
	});
});
