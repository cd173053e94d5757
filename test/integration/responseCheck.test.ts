import type { INodeParameters } from 'n8n-workflow';
import type { Fault, SmsActivity } from '../../dev/simulator';
import { byId, byNumber } from '../../dev/locators';
import { CONTACT_ID, at, ERROR_MODES, onItsOwn, sendTo, setUpSms, said } from './setUpSms';
import { setUpSkippedWaits } from '../skippedWaits';

setUpSkippedWaits();

const on = setUpSms();
const LOCAL = '+14155550100';
const PHONE = '+14155550177';
const OTHER = '+14155550178';
const AT = '2035-06-01T09:00:00Z';
const ANOTHER = '2035-06-01T10:00:00+00:00';

const add = (known: Partial<SmsActivity> = {}) =>
	on.close.addSms({ text: 'Old words', remote_phone: PHONE, local_phone: LOCAL, ...known }).id;
const deliver = () => on.close.clock.advance(60_000);
const untilAfterAll = () =>
	on.close.clock.advance(Date.parse('2035-06-02T00:00:00Z') - on.close.clock.now().getTime());

const contactId = byId(CONTACT_ID);
const sending = (more: INodeParameters = {}) => sendTo(PHONE, 'New words', more);
const creating = (mode: string, more: INodeParameters = {}): INodeParameters => ({
	mode,
	remotePhone: PHONE,
	localPhone: byNumber(LOCAL),
	text: 'New words',
	...more,
});

/** What Close really does with the next request of this method, while it answers 200. */
const makesOfIt = (method: string, bodyWith: Record<string, unknown>, more: Partial<Fault> = {}) =>
	on.close.faults.order({ kind: 'altered', bodyWith, match: { method }, ...more });
/** What Close shows in its answer to the next request of this method. */
const shows = (method: string, answerWith: Record<string, unknown>) =>
	on.close.faults.order({ kind: 'altered', answerWith, match: { method } });
/** Answers 200 with the text as it is, and does nothing. */
const ignores = (method: string, id: string) =>
	on.close.faults.order({ kind: 'status', status: 200, body: on.close.sms(id), match: { method } });

const textingRequests = () =>
	on.close.requests.filter(({ body }) =>
		['outbox', 'scheduled'].includes(String((body as { status?: string } | undefined)?.status)),
	);

describe('a 200 that says nothing of the text proves nothing', () => {
	const garbage = (match: Fault['match'], body: unknown = { message: 'Please come back later.' }) =>
		on.close.faults.order({ kind: 'status', status: 200, body, match, times: 99 });
	const sending: INodeParameters = {
		updateFields: { status: 'outbox' },
		options: { maxRetries: 0 },
	};
	const puts = () => on.close.requests.filter(({ method }) => method === 'PUT');

	test.each<[string, unknown]>([
		['of maintenance', { message: 'Please come back later.' }],
		['about another text', { id: 'acti_another', status: 'draft' }],
	])(
		'a read-back with a response %s leaves "may have been sent", and nothing is repeated',
		async (_, body) => {
			const id = add();
			on.close.faults.order({ kind: 'resetAfter', match: { method: 'PUT' } });
			garbage({ method: 'GET' }, body);
			const run = await on.run('update', { ...sending, smsId: byId(id) });
			deliver();

			expect(said(run)).toMatch(/may have been sent/i);
			expect(said(run)).not.toMatch(/nobody was texted|refused|did something other/i);
			expect(puts()).toHaveLength(1);
			expect(on.close.timesTexted(PHONE)).toBe(1);
		},
	);

	test('a read-back with a status that is new in Close does not pass for a draft', async () => {
		const id = add();
		on.close.faults.order({ kind: 'resetAfter', match: { method: 'PUT' } });
		shows('GET', { status: 'delivered' });
		const run = await on.run('update', { ...sending, smsId: byId(id) });

		expect(said(run)).toMatch(/has the status delivered/);
		expect(said(run)).not.toMatch(/nobody was texted|refused/i);
		expect(puts()).toHaveLength(1);
	});

	test.each<[string, Record<string, unknown>]>([
		['about another text', { id: 'acti_another' }],
		['with an ID that is none', { id: null }],
	])('after a response to the change %s the text itself is read', async (_, answerWith) => {
		const id = add();
		shows('PUT', answerWith);
		const run = await on.run('update', { ...sending, smsId: byId(id) });
		deliver();

		expect(run.error).toBeUndefined();
		expect(run.json).toMatchObject([{ id }]);
		expect(on.close.requests.map(({ method }) => method)).toEqual(['PUT', 'GET']);
		expect(on.close.timesTexted(PHONE)).toBe(1);
	});

	test('a Get Many whose response is no list is an error, and not an empty list', async () => {
		garbage({ method: 'GET' });
		const run = await on.run('getAll', { options: { maxRetries: 0 } });

		expect(said(run)).toMatch(/a response without a list/);
	});

	test('Delete says deleted only when Close says so', async () => {
		const id = add();
		garbage({ method: 'DELETE' });
		const run = await on.run('delete', { smsId: byId(id), options: { maxRetries: 0 } });

		expect(run.json).toEqual([]);
		expect(said(run)).toMatch(/may have been done/i);
		expect(on.close.sms(id)?.status).toBe('draft');
	});
});

describe('a schedule at another time than asked is taken back to draft, and said', () => {
	const scheduling: Array<[string, string, INodeParameters, Partial<SmsActivity>]> = [
		[
			'Update',
			'update',
			{ updateFields: { status: 'scheduled', dateScheduled: AT } },
			{ status: 'draft' },
		],
		['Schedule', 'schedule', { sendAt: AT }, { status: 'draft' }],
		[
			'Schedule, a move',
			'schedule',
			{ sendAt: AT },
			{ status: 'scheduled', date_scheduled: '2036-01-01T09:00:00+00:00' },
		],
		['Send', 'send', sending(at(AT)), { status: 'draft' }],
	];
	const match = { method: 'PUT', bodyHas: { status: 'scheduled' } };

	test.each(scheduling)(
		'%s that Close schedules for another time is set back to a draft',
		async (_, operation, parameters, known) => {
			const smsId = byId(add(known));
			makesOfIt('PUT', { date_scheduled: ANOTHER }, { match });
			const run = await on.run(operation, { smsId, ...parameters });
			const last = on.close.requests.filter(({ method }) => method === 'PUT').at(-1);
			untilAfterAll();

			expect(run.json).toEqual([]);
			expect(last?.body).toEqual({ status: 'draft' });
			expect(said(run)).toMatch(/2035-06-01T10:00/);
			expect(said(run)).toMatch(/draft/i);
			expect(on.close.texted).toEqual([]);
		},
	);

	test.each(scheduling)(
		'%s that Close schedules for no time at all is an error',
		async (_, operation, parameters, known) => {
			const smsId = byId(add(known));
			on.close.faults.order({ kind: 'altered', answerWith: { date_scheduled: null }, match });
			const run = await on.run(operation, { smsId, ...parameters });
			const last = on.close.requests.filter(({ method }) => method === 'PUT').at(-1);
			untilAfterAll();

			expect(run.json).toEqual([]);
			expect(last?.body).toEqual({ status: 'draft' });
			expect(said(run)).toMatch(/draft/i);
			expect(on.close.texted).toEqual([]);
		},
	);

	test('Send that Close schedules for another time names the draft by its ID', async () => {
		makesOfIt('PUT', { date_scheduled: ANOTHER });
		const run = await on.run('send', sending(at(AT)));

		expect(said(run)).toContain(on.close.allSms()[0].id);
	});

	test('a schedule that cannot be taken back is said to go out, and when', async () => {
		const id = add();
		makesOfIt('PUT', { date_scheduled: ANOTHER });
		on.close.faults.order({ kind: 'status', status: 403, match: { method: 'PUT' }, times: 99 });
		const run = await on.run('schedule', { smsId: byId(id), sendAt: AT });

		expect(run.json).toEqual([]);
		expect(said(run)).toMatch(/2035-06-01T10:00/);
		expect(said(run)).not.toMatch(/is a draft|nobody was texted|does not go out/i);
	});

	test.each(ERROR_MODES)(
		'one of three items that Close schedules for another time, on error: %s',
		async (onError) => {
			const items = [0, 1, 2].map(() => ({ id: add() }));
			makesOfIt(
				'PUT',
				{ date_scheduled: ANOTHER },
				{ match: { method: 'PUT', path: items[1].id } },
			);
			const run = await on.run(
				'schedule',
				{ smsId: byId('={{ $json.id }}'), sendAt: AT, options: { maxConcurrency: 1 } },
				{ items, node: { onError } },
			);

			expect(said(run)).toMatch(/\[item 1\]/);
			expect(items.map(({ id }) => on.close.sms(id)?.status)).toEqual([
				'scheduled',
				'draft',
				onError === 'stopWorkflow' ? 'draft' : 'scheduled',
			]);
		},
	);
});

describe('a status that Close ignored is no success', () => {
	test.each<[string, string, INodeParameters, Partial<SmsActivity>, RegExp]>([
		['Update, Outbox', 'update', { updateFields: { status: 'outbox' } }, {}, /draft/i],
		[
			'Update, Scheduled',
			'update',
			{ updateFields: { status: 'scheduled', dateScheduled: AT } },
			{},
			/draft/i,
		],
		['Update, Sent (Log)', 'update', { updateFields: { status: 'sent' } }, {}, /draft/i],
		['Send Draft', 'sendDraft', {}, {}, /draft/i],
		['Schedule', 'schedule', { sendAt: AT }, {}, /draft/i],
		[
			'Cancel: it will still go out',
			'cancel',
			{},
			{ status: 'scheduled', date_scheduled: AT },
			/scheduled/i,
		],
		[
			'Update, Draft: it will still go out',
			'update',
			{ updateFields: { status: 'draft' } },
			{ status: 'scheduled', date_scheduled: AT },
			/scheduled/i,
		],
	])(
		'a status that Close ignored is no success: %s',
		async (_, operation, parameters, known, state) => {
			const id = add(known);
			const before = on.close.sms(id);
			for (let n = 0; n < 9; n++) ignores('PUT', id);
			const run = await on.run(operation, { smsId: byId(id), ...parameters });

			expect(run.json).toEqual([]);
			expect(said(run)).toMatch(state);
			expect(on.close.sms(id)).toEqual(before);
		},
	);

	test.each<[string, INodeParameters, RegExp]>([
		['Send', sending(), /draft/i],
		['Send at a time', sending(at(AT)), /draft/i],
	])(
		'a status that Close ignored in the second request of %s is no success',
		async (_, parameters, state) => {
			on.close.faults.order({
				kind: 'altered',
				bodyWith: { status: undefined, date_scheduled: undefined },
				match: { method: 'PUT' },
				times: 9,
			});
			const run = await on.run('send', parameters);

			expect(run.json).toEqual([]);
			expect(said(run)).toMatch(state);
			expect(said(run)).toContain(on.close.allSms()[0].id);
		},
	);

	test('a move that was not set back to draft is not said to be moved', async () => {
		const id = add({ status: 'scheduled', date_scheduled: ANOTHER });
		for (let n = 0; n < 9; n++) ignores('PUT', id);
		const run = await on.run('schedule', { smsId: byId(id), sendAt: AT });

		expect(run.json).toEqual([]);
		expect(said(run)).toMatch(/scheduled for 2035-06-01T10:00/i);
	});
});

describe('a text that goes out although it was not to', () => {
	test.each<[string, string, INodeParameters]>([
		['Create, Draft', 'create', creating('draft')],
		['Create, Log Sent', 'create', creating('logSent')],
		['Create, Log Received', 'create', creating('logReceived')],
		['Send, its draft', 'send', sending()],
	])(
		'%s that Close answers as one in the outbox is an error that says so',
		async (_, operation, parameters) => {
			makesOfIt('POST', { status: 'outbox' });
			const run = await on.run(operation, parameters);
			deliver();

			expect(run.json).toEqual([]);
			expect(on.close.timesTexted(PHONE)).toBe(1);
			expect(said(run)).toMatch(/outbox|was sent|goes out|went out/i);
			expect(said(run)).not.toMatch(/nobody was texted|nothing was sent/i);
			expect(said(run)).toContain(on.close.allSms()[0].id);
		},
	);

	test('a draft of Create that Close answers as sent is an error that says so', async () => {
		shows('POST', { status: 'sent', date_sent: '2026-03-01T09:00:00+00:00' });
		const run = await on.run('create', creating('draft'));

		expect(run.json).toEqual([]);
		expect(said(run)).toMatch(/sent/i);
	});

	test('an Update of the words alone that Close answers as one in the outbox is an error that says so', async () => {
		makesOfIt('PUT', { status: 'outbox' });
		const run = await on.run('update', {
			smsId: byId(add()),
			updateFields: { status: 'draft', text: 'New words' },
		});

		expect(run.json).toEqual([]);
		expect(said(run)).toMatch(/outbox|was sent|goes out|went out/i);
	});
});

describe('a text that could not be sent is no success', () => {
	const LANDLINE = {
		status: 'error',
		error_message: 'Error 30006: Landline or unreachable carrier',
	};
	const operations: Array<[string, string, INodeParameters]> = [
		['Send', 'send', sending()],
		['Send at a time', 'send', sending(at(AT))],
		['Send Draft', 'sendDraft', {}],
		['Schedule', 'schedule', { sendAt: AT }],
		['Update, Outbox', 'update', { updateFields: { status: 'outbox' } }],
		['Update, Scheduled', 'update', { updateFields: { status: 'scheduled', dateScheduled: AT } }],
	];

	test.each(operations)(
		'a text that could not be sent is no success of %s when the response shows it',
		async (_, operation, parameters) => {
			const given = operation === 'send' ? undefined : add();
			shows('PUT', LANDLINE);
			const run = await on.run(operation, { ...(given && { smsId: byId(given) }), ...parameters });

			expect(run.json).toEqual([]);
			expect(said(run)).toMatch(/^This SMS was not delivered.*30006/);
			expect(said(run)).toMatch(/landline/i);
			expect(said(run)).toContain(given ?? on.close.allSms()[0].id);
		},
	);

	test.concurrent.each(operations)(
		'a text that could not be sent is no success of %s when a read-back shows it',
		async (_, operation, parameters) => {
			await onItsOwn(async (close, run) => {
				const { id } = close.addSms({ text: 'Old', remote_phone: PHONE, local_phone: LOCAL });
				close.faults.order({ kind: 'resetAfter', match: { method: 'PUT' } });
				close.after({ method: 'PUT' }, () =>
					close.faults.order({ kind: 'altered', answerWith: LANDLINE, match: { method: 'GET' } }),
				);
				const outcome = await run(operation, {
					...(operation !== 'send' && { smsId: byId(id) }),
					...parameters,
				});

				expect(outcome.json).toEqual([]);
				expect(said(outcome)).toMatch(/^This SMS was not delivered.*30006/);
				expect(close.requests.filter(({ method }) => method === 'PUT')).toHaveLength(1);
			});
		},
	);

	test.each<[string, INodeParameters]>([
		['get', {}],
		['getAll', { limit: 1 }],
	])('%s of a text that could not be sent is no failure', async (operation, parameters) => {
		const smsId = byId(add(LANDLINE as Partial<SmsActivity>));
		const run = await on.run(operation, { smsId, ...parameters });

		expect(run.json).toMatchObject([LANDLINE]);
	});
});

describe('what the response does not confirm is not known', () => {
	const templateId = byId('smstmpl_thanks0000000000000000');
	const ofTemplate = sending({ messageType: 'template', templateId });

	test.each<[string, Record<string, unknown>, RegExp]>([
		['names no template', { template_id: null }, /'Template' is not confirmed by Close/],
		['shows no template', { template_id: undefined }, /'Template' is not confirmed by Close/],
		[
			'names another template',
			{ template_id: 'smstmpl_other' },
			/'Template' is not what was asked/,
		],
	])(
		'Send: its draft %s: nobody is texted, and the draft is named',
		async (_, answerWith, words) => {
			shows('POST', answerWith);
			const run = await on.run('send', ofTemplate);
			deliver();

			expect(run.json).toEqual([]);
			expect(said(run)).toMatch(words);
			expect(said(run)).toMatch(/nobody was texted/);
			expect(said(run)).toContain(on.close.allSms()[0].id);
			expect(textingRequests()).toEqual([]);
		},
	);

	test('an Update with a template that the response does not confirm is an error', async () => {
		shows('PUT', { template_id: null });
		const run = await on.run('update', { smsId: byId(add()), updateFields: { templateId } });

		expect(said(run)).toMatch(/'Template' is not confirmed by Close/);
	});

	test.each(['text', 'remote_phone', 'local_phone', 'status'])(
		'Send: its draft without %s never goes out',
		async (field) => {
			shows('POST', { [field]: undefined });
			const run = await on.run('send', sending());
			deliver();

			expect(run.json).toEqual([]);
			expect(on.close.texted).toEqual([]);
			expect(textingRequests()).toEqual([]);
		},
	);
});

describe('another number of ours, which Close chose (caller_id_mode auto)', () => {
	const CHOSEN = { local_phone: '+12065550111', caller_id_mode: 'auto' };
	const note = /It goes out from \+12065550111, which Close chose in place of \+14155550100\./;

	test.each<[string, string, INodeParameters, string]>([
		['Create', 'create', creating('draft'), 'POST'],
		[
			'Update',
			'update',
			{ updateFields: { status: 'outbox', localPhone: byNumber(LOCAL) } },
			'PUT',
		],
	])(
		'%s notes another number of ours that Close chose, and has no error',
		async (_, operation, parameters, method) => {
			shows(method, CHOSEN);
			const run = await on.run(operation, { smsId: byId(add()), ...parameters });

			expect(said(run)).toBe('');
			expect(run.json[0]._note).toMatch(note);
		},
	);

	test('Send whose draft has another number of ours that Close chose sends it', async () => {
		shows('POST', CHOSEN);
		const run = await on.run('send', sending());
		deliver();

		expect(said(run)).toBe('');
		expect(on.close.timesTexted(PHONE)).toBe(1);
	});

	test('Update notes another number of ours that Close chose also after a lost response', async () => {
		const id = add();
		on.close.faults.order({ kind: 'resetAfter', match: { method: 'PUT' } });
		shows('GET', CHOSEN);
		const run = await on.run('update', {
			smsId: byId(id),
			updateFields: { status: 'outbox', localPhone: byNumber(LOCAL) },
		});

		expect(run.json[0]._note).toMatch(note);
	});
});

describe('other words, numbers or attachments than asked', () => {
	const NEW = 'New words';

	test.each<[string, INodeParameters, Record<string, unknown>, RegExp]>([
		['the words', { text: NEW }, { text: 'Old words' }, /'Text'/],
		['no words', { text: NEW }, { text: null }, /'Text'/],
		['words that are cut off', { text: NEW }, { text: 'New' }, /'Text'/],
		['Remote Phone', { remotePhone: OTHER }, { remote_phone: PHONE }, /'Remote Phone'/],
		[
			'Local Phone',
			{ localPhone: byNumber('+12065550111') },
			{ local_phone: LOCAL },
			/'Local Phone'/,
		],
	])(
		'an Update whose response differs from what was asked is an error: %s',
		async (_, updateFields, bodyWith, label) => {
			makesOfIt('PUT', bodyWith);
			const run = await on.run('update', { smsId: byId(add()), updateFields });

			expect(run.json).toEqual([]);
			expect(said(run)).toMatch(label);
			// Which field differs, but never the words of a message.
			expect(said(run)).not.toMatch(/New words|Old words/);
		},
	);

	test('an Update that sends with words that Close ignored says that it went out with others', async () => {
		makesOfIt('PUT', { text: 'Old words' });
		const run = await on.run('update', {
			smsId: byId(add()),
			updateFields: { status: 'outbox', text: NEW },
		});
		deliver();

		expect(on.close.texted).toMatchObject([{ text: 'Old words' }]);
		expect(run.json).toEqual([]);
		expect(said(run)).toMatch(/'Text'/);
		expect(said(run)).not.toMatch(/nobody was texted/i);
	});

	test('an Update that did not clear a field of Clear Fields is an error', async () => {
		makesOfIt('PUT', { text: 'Old words' });
		const run = await on.run('update', { smsId: byId(add()), clearFields: ['text'] });

		expect(run.json).toEqual([]);
		expect(said(run)).toMatch(/'Text'/);
	});

	const fileOf = (n: number) => ({ filename: `${n}.pdf`, content_type: 'application/pdf' });
	const file = (n: number) => ({
		source: 'url',
		url: `https://app.close.com/go/file/permanent/${n}.pdf`,
		filename: `${n}.pdf`,
		contentType: 'application/pdf',
	});

	test.each<[string, INodeParameters, string]>([
		['Update', { updateFields: { attachments: { attachment: [file(1), file(2)] } } }, 'update'],
		[
			'Create',
			creating('draft', { additionalFields: { attachments: { attachment: [file(1), file(2)] } } }),
			'create',
		],
	])('%s after which Close has fewer attachments is an error', async (_, parameters, operation) => {
		makesOfIt(operation === 'update' ? 'PUT' : 'POST', { attachments: [] });
		const run = await on.run(operation, { smsId: byId(add()), ...parameters });

		expect(run.json).toEqual([]);
		expect(said(run)).toMatch(/'Attachments'/);
	});

	test.each<[string, Record<string, unknown>, RegExp]>([
		['to another number', { remote_phone: OTHER }, /'To'/],
		['from another number', { local_phone: '+12065550111' }, /'From'/],
		['with other words', { text: 'Other words' }, /'Message'/],
		['without words', { text: null }, /'Message'/],
	])('Send: a draft %s never goes out', async (_, bodyWith, label) => {
		makesOfIt('POST', bodyWith);
		const run = await on.run('send', sending());
		deliver();

		expect(on.close.texted).toEqual([]);
		expect(textingRequests()).toEqual([]);
		expect(run.json).toEqual([]);
		expect(said(run)).toMatch(label);
		expect(said(run)).toContain(on.close.allSms()[0].id);
	});

	test('an Update after which a file has another name is an error', async () => {
		const other = { ...fileOf(2), url: 'https://app.close.com/go/file/permanent/2.pdf' };
		makesOfIt('PUT', { attachments: [other] });
		const run = await on.run('update', {
			smsId: byId(add()),
			updateFields: { attachments: { attachment: [file(1)] } },
		});

		expect(said(run)).toMatch(/'Attachments' are 2\.pdf instead of 1\.pdf/);
	});

	test('Send: a draft without its attachments never goes out', async () => {
		makesOfIt('POST', { attachments: [] });
		const run = await on.run(
			'send',
			sending({ additionalFields: { attachments: { attachment: [file(1)] }, contactId } }),
		);
		deliver();

		expect(on.close.texted).toEqual([]);
		expect(said(run)).toMatch(/'Attachments'/);
	});

	test.each<[string, INodeParameters, Record<string, unknown>, RegExp]>([
		['Text', { text: NEW }, { text: 'Old words' }, /'Text'/],
		['Name', { name: 'New name' }, { name: 'Old name' }, /'Name'/],
		['Status', { status: 'archived' }, { status: 'active' }, /'Status'/],
	])(
		'a template whose response differs from what was asked is an error: %s',
		async (_, templateFields, bodyWith, label) => {
			makesOfIt('PUT', bodyWith);
			const run = await on.run('update', {
				resource: 'smsTemplate',
				templateId: byId('smstmpl_thanks0000000000000000'),
				templateFields,
			});

			expect(run.json).toEqual([]);
			expect(said(run)).toMatch(label);
			expect(said(run)).not.toMatch(/New words|Old words/);
		},
	);

	test('a new template that Close stores with other words is an error', async () => {
		makesOfIt('POST', { text: 'Old words' });
		const run = await on.run('create', { resource: 'smsTemplate', name: 'New', text: NEW });

		expect(run.json).toEqual([]);
		expect(said(run)).toMatch(/'Text'/);
	});
});

describe('as the tool of an agent', () => {
	test('an agent gets what Close did in place of what was asked as a result, since a further call would do it again', async () => {
		makesOfIt('PUT', { text: 'Other words' }, { times: 9 });
		const { json } = await on.run(
			'update',
			{ smsId: byId(add()), updateFields: { status: 'outbox', text: 'New words' } },
			{ agentCalls: [{}], node: { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 } },
		);
		deliver();

		expect(JSON.stringify(json[0].answer)).toMatch(/'Text'/);
		expect(on.close.requests.filter(({ method }) => method === 'PUT')).toHaveLength(1);
	});
});

describe('what is the same in other words is no difference', () => {
	test.each<[string, INodeParameters, Record<string, unknown>]>([
		[
			'a time with another offset',
			{ status: 'scheduled', dateScheduled: '2035-06-01T05:00:00-04:00' },
			{},
		],
		['an outbox that is quick', { status: 'outbox' }, { status: 'sent' }],
		['no attachments', { text: 'New words' }, { attachments: undefined }],
		['a number as Close writes it', { remotePhone: OTHER }, { remote_phone: '+1 415-555-0178' }],
	])(
		'what is the same in other words is no difference: %s',
		async (_, updateFields, answerWith) => {
			shows('PUT', answerWith);
			const { json, error } = await on.run('update', { smsId: byId(add()), updateFields });

			expect(error).toBeUndefined();
			expect(json).toHaveLength(1);
		},
	);

	test('a template that Close renders is no difference', async () => {
		const { error } = await on.run('update', {
			smsId: byId(add()),
			updateFields: { templateId: byId('smstmpl_thanks0000000000000000') },
		});

		expect(error).toBeUndefined();
	});

	test('fields that were not asked for are no difference', async () => {
		const { json, error } = await on.run('update', {
			smsId: byId(add()),
			updateFields: { text: 'New words' },
			output: 'selected',
			fields: ['date_updated'],
		});

		expect(error).toBeUndefined();
		expect(Object.keys(json[0])).toEqual(['id', 'date_updated']);
	});
});
