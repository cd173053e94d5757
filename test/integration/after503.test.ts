import { wait } from '../../dev/platform';
import type { INodeParameters } from 'n8n-workflow';
import { byId, byNumber } from '../../dev/locators';
import type { Fault } from '../../dev/simulator';
import { at, CONTACT_ID, onItsOwn, said, sendTo, setUpSms } from './setUpSms';
import { setUpSkippedWaits } from '../skippedWaits';

setUpSkippedWaits();

const on = setUpSms();
const PHONE = '+14155550177';
const LOCAL = '+14155550100';
const LATER = '2035-06-01T09:00:00Z';
const once: INodeParameters = { options: { maxRetries: 0 } };

/** Close does what was asked, and answers that it is not available: what a gateway in front of it may do. */
const doneWith503 = (method: string, more: Partial<Fault> = {}) =>
	on.close.faults.order({ kind: 'status', status: 503, applied: true, match: { method }, ...more });

const add = (more = {}) =>
	on.close.addSms({ text: 'New words', remote_phone: PHONE, local_phone: LOCAL, ...more });

const creating = (mode: string, more: INodeParameters = {}): INodeParameters => ({
	mode,
	remotePhone: PHONE,
	localPhone: byNumber(LOCAL),
	text: 'New words',
	...more,
});

const toPhone = (close = on.close) =>
	close.allSms().filter(({ remote_phone }) => remote_phone === PHONE);
const posts = (close = on.close) => close.requests.filter(({ method }) => method === 'POST');

describe('a 503 to what was done, and then a refusal', () => {
	test.each<[string, string, INodeParameters]>([
		['Update, Outbox', 'update', { updateFields: { status: 'outbox' } }],
		[
			'Update, Scheduled',
			'update',
			{ updateFields: { status: 'scheduled', dateScheduled: LATER } },
		],
		['Send Draft', 'sendDraft', {}],
		['Schedule', 'schedule', { sendAt: LATER }],
		['Send', 'send', sendTo(PHONE, 'New words')],
		['Send at a time', 'send', sendTo(PHONE, 'New words', at(LATER))],
	])('%s: it is read back before it is called a refusal', async (_, operation, parameters) => {
		const given = operation === 'send' ? undefined : add();
		doneWith503('PUT');
		const run = await on.run(operation, { ...(given && { smsId: byId(given.id) }), ...parameters });
		on.advancePast(LATER);

		expect(said(run)).toBe('');
		expect(run.json).toMatchObject([{ remote_phone: PHONE }]);
		expect(run.json[0].status).toMatch(/outbox|sent|scheduled/);
		expect(on.close.timesTexted(PHONE)).toBe(1);
	});

	test('a refusal of what was not done stays one', async () => {
		const { id } = add();
		on.close.faults.order({ kind: 'status', status: 503, match: { method: 'PUT' } });
		on.close.faults.order({
			kind: 'status',
			status: 400,
			body: { error: 'This number cannot be texted.' },
			match: { method: 'PUT' },
		});
		const run = await on.run('update', { smsId: byId(id), updateFields: { status: 'outbox' } });

		expect(said(run)).toMatch(/^Close refused this.*: This number cannot be texted\./);
		expect(on.close.timesTexted(PHONE)).toBe(0);
	});

	test('no retries left: what was done is no error', async () => {
		const { id } = add();
		doneWith503('PUT');
		const run = await on.run('sendDraft', { smsId: byId(id), ...once });
		on.deliver();

		expect(said(run)).toBe('');
		expect(on.close.timesTexted(PHONE)).toBe(1);
	});

	test('no retries left, and it is a draft: nobody says that nobody was texted', async () => {
		const { id } = add();
		on.close.faults.order({ kind: 'status', status: 503, match: { method: 'PUT' } });
		const run = await on.run('sendDraft', { smsId: byId(id), ...once });

		expect(said(run)).toMatch(/^Close was busy or out of reach/);
		expect(said(run)).toMatch(/was still a draft \d+ seconds? later/);
		expect(said(run)).not.toMatch(/nobody was texted/);
	});

	test('Delete: it is deleted', async () => {
		const { id } = add();
		doneWith503('DELETE');
		const run = await on.run('delete', { smsId: byId(id) });

		expect(run.json).toEqual([{ deleted: true, id }]);
	});
});

describe('a create that was done, and whose response is', () => {
	const LOST: Array<[string, Partial<Fault>]> = [
		['a 503', { kind: 'status', status: 503, applied: true }],
		['a 500', { kind: 'status', status: 500, applied: true }],
		['a 502', { kind: 'status', status: 502, applied: true }],
		['lost', { kind: 'resetAfter' }],
		['empty', { kind: 'emptyBody' }],
	];

	test.concurrent.each(LOST)(
		'%s: Create finds its draft, and makes no second one',
		async (_, fault) => {
			await onItsOwn(async (close, run) => {
				close.faults.order({ kind: 'status', match: { method: 'POST' }, ...fault });
				const outcome = await run('create', creating('draft'));

				expect(said(outcome)).toBe('');
				expect(toPhone(close)).toHaveLength(1);
				expect(outcome.json).toMatchObject([{ id: toPhone(close)[0].id, status: 'draft' }]);
				expect(posts(close)).toHaveLength(1);
			});
		},
	);

	test.concurrent.each(LOST)(
		'%s: Send finds its draft, and the phone rings once',
		async (_, fault) => {
			await onItsOwn(async (close, run) => {
				close.faults.order({ kind: 'status', match: { method: 'POST' }, ...fault });
				const outcome = await run('send', sendTo(PHONE, 'New words'));
				close.clock.advance(60_000);

				expect(said(outcome)).toBe('');
				expect(toPhone(close)).toHaveLength(1);
				expect(close.timesTexted(PHONE)).toBe(1);
			});
		},
	);

	test.concurrent.each<[string, string, INodeParameters]>([
		['Create', 'create', creating('draft')],
		['Send', 'send', sendTo(PHONE, 'New words')],
	])(
		'lost before it was done: %s makes no second one on a guess',
		async (_, operation, parameters) => {
			await onItsOwn(async (close, run) => {
				close.faults.order({ kind: 'resetBefore', match: { method: 'POST' } });
				const outcome = await run(operation, parameters);

				expect(said(outcome)).toMatch(
					/^A draft may have been left in Close, and nobody was texted/,
				);
				expect(posts(close)).toHaveLength(1);
			});
		},
	);
});

describe('a create that ended in a 503', () => {
	test.each([
		['Log as Sent', 'logSent', {}],
		['Log as Received', 'logReceived', {}],
		['Log as Sent, back-dated', 'logSent', { dateCreated: '2025-01-02T03:04:05Z' }],
		[
			'Draft of a template',
			'draft',
			{ templateId: byId('smstmpl_thanks0000000000000000'), text: '' },
		],
		['Draft for a contact', 'draft', { contactId: byId('cont_maria00000000000000000') }],
	] as Array<[string, string, INodeParameters]>)(
		'%s: one record, and its ID',
		async (_, mode, { dateCreated, ...more }) => {
			doneWith503('POST');
			const additionalFields = dateCreated ? { additionalFields: { dateCreated } } : {};
			const run = await on.run('create', creating(mode, { ...more, ...additionalFields }));

			expect(said(run)).toBe('');
			expect(toPhone()).toHaveLength(1);
			expect(run.json).toMatchObject([{ id: toPhone()[0].id }]);
		},
	);

	test('it was not done: looked for, and then made', async () => {
		on.close.faults.order({ kind: 'status', status: 503, match: { method: 'POST' } });
		const run = await on.run('create', creating('draft'));

		expect(said(run)).toBe('');
		expect(toPhone()).toHaveLength(1);
		expect(on.close.requests.map(({ method }) => method)).toEqual(['POST', 'GET', 'POST']);
	});

	test('each time: one draft, and its ID, once it is found', async () => {
		doneWith503('POST', { times: 9 });
		const run = await on.run('create', creating('draft'));

		expect(run.json).toMatchObject([{ id: toPhone()[0].id }]);
		expect(toPhone()).toHaveLength(1);
	});

	test('an older draft with the same words is none of its business', async () => {
		const older = add({ date_created: new Date(Date.now() - 60_000).toISOString() });
		on.close.faults.order({ kind: 'status', status: 503, match: { method: 'POST' } });
		const run = await on.run('send', sendTo(PHONE, 'New words'));
		on.deliver();

		expect(run.json[0].id).not.toBe(older.id);
		expect(on.close.sms(older.id)?.status).toBe('draft');
		expect(on.close.timesTexted(PHONE)).toBe(1);
	});

	test('somebody made the same draft at the same time: nobody can say which it is', async () => {
		doneWith503('POST');
		on.close.after({ method: 'POST' }, () => void add({ contact_id: CONTACT_ID }));
		const run = await on.run('send', sendTo(PHONE, 'New words'));
		on.deliver();

		expect(run.json).toEqual([]);
		expect(said(run)).toMatch(/A draft may have been left in Close, and nobody was texted/);
		for (const { id } of toPhone()) expect(said(run)).toContain(id);
		expect(on.close.texted).toEqual([]);
		expect(posts()).toHaveLength(1);
	});

	test('the list cannot be read: no second one, and it says what may have been left', async () => {
		doneWith503('POST');
		on.close.faults.order({
			kind: 'status',
			status: 403,
			match: { method: 'GET', path: '^/activity/sms/$' },
			times: 99,
		});
		const run = await on.run('create', creating('draft'));

		expect(said(run)).toMatch(/A draft may have been left in Close, and nobody was texted/);
		expect(toPhone()).toHaveLength(1);
	});

	test('three items with the same words to one person: three drafts, and each has its own', async () => {
		doneWith503('POST', { times: 9 });
		const run = await on.run(
			'create',
			{ ...creating('draft'), options: { maxConcurrency: 1 } },
			{ items: [{}, {}, {}] },
		);

		expect(said(run)).toBe('');
		expect(toPhone()).toHaveLength(3);
		expect(run.json.map(({ id }) => id).sort()).toEqual(
			toPhone()
				.map(({ id }) => id)
				.sort(),
		);
	});

	test('several at once with the same words: no draft is taken for that of another item', async () => {
		doneWith503('POST', { times: 2 });
		const run = await on.run(
			'send',
			{ ...sendTo(PHONE, 'New words'), options: { maxConcurrency: 4 } },
			{ items: [{}, {}, {}, {}], node: { onError: 'continueRegularOutput' } },
		);
		on.deliver();
		const ids = run.json.flatMap(({ id }) => (id === undefined ? [] : [id]));

		expect(new Set(ids).size).toBe(ids.length);
		expect(on.close.timesTexted(PHONE)).toBe(ids.length);
	});
});

test.concurrent('a lost create takes no draft of another execution for its own', async () => {
	await onItsOwn(async (close, run) => {
		close.faults.order({ kind: 'resetBefore', match: { method: 'POST' } });
		const lost = run('send', sendTo(PHONE, 'New words'));
		await wait(3000);
		const made = await run('create', creating('draft', { contactId: byId(CONTACT_ID) }));
		const outcome = await lost;
		close.clock.advance(60_000);

		expect(said(outcome)).toMatch(/^A draft may have been left in Close, and nobody was texted/);
		expect(close.sms(String(made.json[0].id))?.status).toBe('draft');
		expect(close.timesTexted(PHONE)).toBe(0);
	});
});

describe('a create whose response is about another SMS', () => {
	const older = () => {
		const date_created = new Date(Date.now() - 60_000).toISOString();
		return add({ date_created, date_updated: date_created, contact_id: CONTACT_ID });
	};
	const naming = (sms: object) =>
		on.close.faults.order({ kind: 'altered', answerWith: { ...sms }, match: { method: 'POST' } });

	test('Send: its own draft is found and goes out, and the older one stays', async () => {
		const other = older();
		naming(other);
		const run = await on.run('send', sendTo(PHONE, 'New words'));
		on.deliver();

		expect(said(run)).toBe('');
		expect(run.json[0].id).not.toBe(other.id);
		expect(on.close.sms(other.id)?.status).toBe('draft');
		expect(on.close.timesTexted(PHONE)).toBe(1);
	});

	test('nothing was created: it says what may have been left, and nobody is texted', async () => {
		const other = older();
		on.close.faults.order({ kind: 'status', status: 200, body: other, match: { method: 'POST' } });
		const run = await on.run('send', sendTo(PHONE, 'New words'));
		on.deliver();

		expect(said(run)).toMatch(
			/^A draft may have been left in Close, and nobody was texted: a response about another SMS, which was there before/,
		);
		expect(on.close.sms(other.id)?.status).toBe('draft');
		expect(on.close.texted).toEqual([]);
		expect(posts()).toHaveLength(1);
	});

	test('it names the draft of another item of the run: each has its own', async () => {
		let first: object | undefined;
		on.close.after({ method: 'POST' }, () => {
			if (!first) naming((first = toPhone()[0]));
		});
		const run = await on.run(
			'create',
			{ ...creating('draft'), options: { maxConcurrency: 1 } },
			{ items: [{}, {}] },
		);

		expect(said(run)).toBe('');
		expect(new Set(run.json.map(({ id }) => id)).size).toBe(2);
		expect(toPhone()).toHaveLength(2);
	});

	test('it names what an execution before has just made', async () => {
		const { json } = await on.run('create', creating('draft'));
		naming(on.close.sms(String(json[0].id))!);
		const run = await on.run('create', { ...creating('draft'), text: 'Other words' });

		expect(said(run)).toBe('');
		expect(run.json[0]).toMatchObject({ text: 'Other words' });
		expect(run.json[0].id).not.toBe(json[0].id);
	});

	test.each(['logSent', 'logReceived'])(
		'%s, back-dated: its date is no sign of that',
		async (mode) => {
			const dateCreated = '2025-01-02T03:04:05Z';
			const run = await on.run('create', { ...creating(mode), additionalFields: { dateCreated } });

			expect(said(run)).toBe('');
			expect(posts()).toHaveLength(1);
			expect(on.close.requests).toHaveLength(1);
		},
	);
});
