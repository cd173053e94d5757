import type { IDataObject, INodeParameters } from 'n8n-workflow';
import type { Fault, Simulator, SmsActivity } from '../../dev/simulator';
import { byId, byNumber } from '../../dev/locators';
import { at, onItsOwn, sendTo, setUpSms, said } from './setUpSms';
import type { NodeRun } from '../../dev/engine/runNode';
import { setUpSkippedWaits } from '../skippedWaits';

setUpSkippedWaits();

const on = setUpSms();
const LOCAL = '+14155550100';
const PHONE = '+14155550177';
const AT = '2035-06-01T09:00:00+00:00';
const ANOTHER = '2035-07-01T09:00:00+00:00';
const LAST_WEEK = new Date(Date.now() - 7 * 86_400_000).toISOString().replace('Z', '000+00:00');

/** A text to PHONE; everything about it is a week old. */
const old = (known: Partial<SmsActivity> = {}, close: Simulator = on.close) =>
	close.addSms({
		text: 'Old words',
		remote_phone: PHONE,
		local_phone: LOCAL,
		date_created: LAST_WEEK,
		date_updated: LAST_WEEK,
		...known,
	});

const sending = (more: INodeParameters = {}) => sendTo(PHONE, 'New words', more);

const once = { maxRetries: 0 };
const deliver = () => on.close.clock.advance(60_000);

describe('what was so before the request began is no proof that it was carried out', () => {
	test.each<[string, Partial<SmsActivity>, IDataObject, RegExp]>([
		[
			'sent last week, to be sent with new words',
			{ status: 'sent', date_sent: LAST_WEEK },
			{ status: 'outbox', text: 'New words' },
			/was sent/i,
		],
		[
			// Close refuses this where nothing gets lost.
			'sent last week, to be sent as it is',
			{ status: 'sent', date_sent: LAST_WEEK },
			{ status: 'outbox' },
			/was sent/i,
		],
		[
			'failed last week, to be sent with new words',
			{ status: 'error', error_message: '30006 landline', date_sent: null },
			{ status: 'outbox', text: 'New words' },
			/did not go out|failed/i,
		],
		[
			'scheduled last week for the same time, to be scheduled with new words',
			{ status: 'scheduled', date_scheduled: AT },
			{ status: 'scheduled', dateScheduled: AT, text: 'New words' },
			/is scheduled/i,
		],
		[
			'scheduled last week for the same time, to be scheduled to another number',
			{ status: 'scheduled', date_scheduled: AT },
			{ status: 'scheduled', dateScheduled: AT, remotePhone: '+14155550178' },
			/is scheduled/i,
		],
		[
			'sent last week, to be logged as sent with new words',
			{ status: 'sent', date_sent: LAST_WEEK },
			{ status: 'sent', text: 'New words' },
			/was sent/i,
		],
		[
			'received last week, to be logged as received with new words',
			{ status: 'inbox', direction: 'inbound' },
			{ status: 'inbox', text: 'New words' },
			/was received/i,
		],
	])('%s', async (_, before, updateFields, state) => {
		const sms = old(before);
		on.close.faults.order({ kind: 'resetBefore', match: { method: 'PUT' } });
		const { json, error } = await on.run('update', {
			smsId: byId(sms.id),
			updateFields: updateFields as INodeParameters,
		});
		deliver();

		expect(json).toEqual([]);
		expect(error?.message).toMatch(state);
		// It is known what became of it: nothing.
		expect(error?.message).not.toMatch(/may have been/i);
		expect(on.close.timesTexted(PHONE)).toBe(0);
		expect(on.close.sms(sms.id)).toEqual(sms);
	});
});

describe('what is not as we asked for is no proof that our request was carried out', () => {
	test.each<[string, IDataObject, Record<string, unknown>]>([
		['other words', { status: 'outbox', text: 'New words' }, { text: 'Old words' }],
		['another number', { status: 'outbox', remotePhone: PHONE }, { remote_phone: '+14155550178' }],
		[
			'a number of ours that was not asked for',
			{ status: 'outbox', localPhone: byNumber(LOCAL) },
			{ local_phone: '+12065550111' },
		],
	])('it went out with %s while our answer was lost', async (_, updateFields, bodyWith) => {
		const sms = old();
		on.close.faults.order({ kind: 'resetAfter', bodyWith, match: { method: 'PUT' } });
		const run = await on.run('update', {
			smsId: byId(sms.id),
			updateFields: updateFields as INodeParameters,
		});
		deliver();

		expect(run.json).toEqual([]);
		// Somebody was texted, whoever did it.
		expect(said(run)).toMatch(/sent|outbox|went out/i);
		expect(said(run)).not.toMatch(/nobody was texted|nothing was sent/i);
		expect(on.close.texted).toHaveLength(1);
	});

	test.each<[string, Record<string, unknown>, RegExp]>([
		['sent at once', { status: 'outbox', date_scheduled: undefined }, /outbox|was sent/i],
		['scheduled for another time', { date_scheduled: ANOTHER }, /2035-07-01|another time/i],
	])(
		'Send at a time: refused, because the draft was %s by somebody else',
		async (_, bodyWith, state) => {
			on.close.faults.order({
				kind: 'status',
				status: 400,
				body: { errors: ['Only draft SMS activities can be edited.'], 'field-errors': {} },
				applied: true,
				bodyWith,
				match: { method: 'PUT' },
			});
			const run = await on.run('send', sending(at(AT)));

			expect(run.json).toEqual([]);
			expect(said(run)).toMatch(state);
			expect(said(run)).toContain(on.close.allSms()[0].id);
		},
	);
});

describe('an outcome that is unknown is told as unknown', () => {
	test('another item failed before: "may have been sent" is said of this one too', async () => {
		// The first text goes alone.
		const [first, refused] = ['+14155550169', '+14155550170'].map((remote_phone) =>
			old({ remote_phone }),
		);
		const lost = old();
		const isLost = { path: lost.id };
		on.close.latency(({ path }) => (path.includes(refused.id) ? 500 : 0));
		on.close.faults.order({ kind: 'resetAfter', match: { method: 'PUT', ...isLost } });
		on.close.faults.order({ kind: 'html', match: { method: 'GET', ...isLost }, times: 99 });
		on.close.faults.order({ kind: 'status', status: 400, match: { path: refused.id }, times: 99 });
		const run = await on.run(
			'update',
			{ smsId: byId('={{ $json.id }}'), updateFields: { status: 'outbox' }, options: once },
			{ items: [first, refused, lost].map(({ id }) => ({ id })) },
		);
		deliver();

		expect(on.close.timesTexted(PHONE)).toBe(1);
		expect(run.error?.message).toMatch(/\[item 1\]/);
		expect(run.error?.description).toMatch(
			/items? 2\b.*may have been sent|may have been sent.*items? 2\b/i,
		);
		expect(said(run)).not.toMatch(/no other item was done|did not go through/i);
	});
});

describe('a read that shows a draft says so, and how long after', () => {
	const lostBefore: Fault = { kind: 'resetBefore', match: { method: 'PUT' } };
	const wasDraft = /was still a draft 1\d seconds later/;
	// Close may be at work on it still.
	const tooCertain = /nobody was texted|is still a draft|was not sent|could not be read back/i;

	test.concurrent.each<[string, string, INodeParameters]>([
		['Update, Outbox', 'update', { updateFields: { status: 'outbox' } }],
		['Update, Scheduled', 'update', { updateFields: { status: 'scheduled', dateScheduled: AT } }],
		['Send Draft', 'sendDraft', {}],
		['Schedule', 'schedule', { sendAt: AT }],
		['Send', 'send', sending()],
		['Send at a time', 'send', sending(at(AT))],
	])('%s: never that nobody was texted', async (_, operation, parameters) => {
		await onItsOwn(async (close, run) => {
			const { id } = old({}, close);
			close.faults.order(lostBefore);
			const outcome = await run(operation, { smsId: byId(id), ...parameters, options: once });

			expect(outcome.json).toEqual([]);
			expect(said(outcome)).toMatch(wasDraft);
			expect(said(outcome)).not.toMatch(tooCertain);
		});
	});

	test.concurrent.each([
		['maxRetries', { maxRetries: 1 }],
		['giveUpAfter', { giveUpAfter: 1 }],
	])('after several attempts too (%s)', async (_, options) => {
		await onItsOwn(async (close, run) => {
			const { id } = old({}, close);
			close.faults.order({ ...lostBefore, times: 99 });
			const outcome = await run('sendDraft', { smsId: byId(id), options });

			expect(said(outcome)).toMatch(wasDraft);
			expect(said(outcome)).not.toMatch(tooCertain);
		});
	});
});

describe('Close is still at work on a request whose answer got lost', () => {
	const late = { carriedOutAfter: 2000 };
	const timeout: INodeParameters = { requestOptions: { timeout: 300 } };
	const gateway: Fault = { kind: 'status', status: 504, ...late };
	const hangs: Fault = { kind: 'slow', delayMs: 60_000, ...late };

	test.concurrent.each<[string, string, INodeParameters, Fault]>([
		['Update, Outbox, after a 504', 'update', { updateFields: { status: 'outbox' } }, gateway],
		[
			'Update, Outbox, after a time-out',
			'update',
			{ updateFields: { status: 'outbox' }, ...timeout },
			hangs,
		],
		['Send Draft, after a 504 with a web page', 'sendDraft', {}, { ...gateway, kind: 'html' }],
		['Send Draft, after a time-out', 'sendDraft', timeout, hangs],
		['Send, after a 504', 'send', sending(), gateway],
	])('%s: the phone rings once', async (_, operation, parameters, fault) => {
		await onItsOwn(async (close, run) => {
			const { id } = old({}, close);
			close.faults.order({ ...fault, match: { method: 'PUT' } });
			const { json, error } = await run(operation, { smsId: byId(id), ...parameters });
			close.clock.advance(60_000);

			expect(close.timesTexted(PHONE)).toBe(1);
			expect(close.requests.filter(({ method }) => method === 'PUT')).toHaveLength(1);
			expect(error).toBeUndefined();
			expect(json).toMatchObject([{ remote_phone: PHONE }]);
		});
	});

	test.concurrent(
		'no retries left: that nobody was texted is said only when it is true',
		async () => {
			await onItsOwn(async (close, run) => {
				const { id } = old({}, close);
				close.faults.order({ ...gateway, match: { method: 'PUT' } });
				const outcome = await run('update', {
					smsId: byId(id),
					updateFields: { status: 'outbox' },
					options: once,
				});
				close.clock.advance(60_000);

				expect(close.timesTexted(PHONE)).toBe(1);
				expect(said(outcome)).not.toMatch(/nobody was texted|still a draft|nothing was sent/i);
			});
		},
	);

	test.concurrent('Schedule, after a 504: it goes out once', async () => {
		await onItsOwn(async (close, run) => {
			const { id } = old({}, close);
			close.faults.order({ ...gateway, match: { method: 'PUT' } });
			await run('schedule', { smsId: byId(id), sendAt: AT });
			close.clock.advance(Date.parse(AT) + 60_000 - close.clock.now().getTime());

			expect(close.timesTexted(PHONE)).toBe(1);
		});
	});

	test.concurrent.each([
		['Schedule', 'schedule', (date: string): INodeParameters => ({ sendAt: date })],
		[
			'Update, Scheduled',
			'update',
			(date: string): INodeParameters => ({
				updateFields: { status: 'scheduled', dateScheduled: date },
			}),
		],
	] as const)(
		'%s, whose time comes before the read: it was carried out',
		async (_, operation, parameters) => {
			await onItsOwn(async (close, run) => {
				const { id } = old({}, close);
				close.faults.order({
					kind: 'status',
					status: 504,
					applied: true,
					match: { method: 'PUT' },
				});
				const soon = new Date(Date.now() + 3000).toISOString();
				const { json, error } = await run(operation, { smsId: byId(id), ...parameters(soon) });
				close.clock.advance(60_000);

				expect(error).toBeUndefined();
				expect(json).toMatchObject([{ id, status: expect.stringMatching(/outbox|sent/) }]);
				expect(close.requests.filter(({ method }) => method === 'PUT')).toHaveLength(1);
				expect(close.timesTexted(PHONE)).toBe(1);
			});
		},
	);

	test.concurrent(
		'a move whose setting back to draft is carried out late: what is told is what holds',
		async () => {
			await onItsOwn(async (close, run) => {
				const { id } = old({ status: 'scheduled', date_scheduled: ANOTHER }, close);
				close.faults.order({ ...gateway, match: { method: 'PUT', bodyHas: { status: 'draft' } } });
				const { json, error } = await run('schedule', { smsId: byId(id), sendAt: AT });
				close.clock.advance(60_000);

				expect(error).toBeUndefined();
				expect(json).toMatchObject([{ status: 'scheduled', date_scheduled: AT }]);
				expect(close.sms(id)).toMatchObject({ status: 'scheduled', date_scheduled: AT });
			});
		},
	);

	test.concurrent.each<[string, Fault[]]>([
		['a 504', [{ kind: 'status', status: 504 }]],
		[
			'a 504, and a 429 to the repeat',
			[
				{ kind: 'status', status: 504 },
				{ kind: 'status', status: 429, headers: { 'retry-after': '1' } },
			],
		],
		[
			'a 504, and a 503 to the repeat',
			[
				{ kind: 'status', status: 504 },
				{ kind: 'status', status: 503 },
			],
		],
	])('after %s, the look comes right before each repeat', async (_, faults) => {
		await onItsOwn(async (close, run) => {
			const { id } = old({}, close);
			for (const fault of faults) close.faults.order({ ...fault, match: { method: 'PUT' } });
			const { error } = await run('update', {
				smsId: byId(id),
				updateFields: { status: 'outbox' },
			});
			const [, ...rest] = close.requests;
			const repeats = rest.flatMap(({ method }, index) => (method === 'PUT' ? [index] : []));

			expect(error).toBeUndefined();
			expect(repeats).toHaveLength(faults.length);
			for (const index of repeats) {
				expect(rest[index - 1]?.method).toBe('GET');
				// No back-off between the two; the rest is what a busy machine takes.
				expect(rest[index].at - rest[index - 1].at).toBeLessThan(200);
			}
		});
	});
});

describe('a change that this run made itself is told as that', () => {
	/** The remark on each item, and what is said of those that failed. */
	const told = (run: NodeRun) =>
		`${run.json.map(({ _note }) => _note ?? '').join(' ')} ${said(run)}`;

	test.each<[string, string, INodeParameters]>([
		['Send Draft', 'sendDraft', {}],
		['Schedule', 'schedule', { sendAt: AT }],
	])(
		'%s: no "already" where the answer and the first read got lost',
		async (_, operation, parameters) => {
			const { id } = old();
			on.close.faults.order({ kind: 'resetAfter', match: { method: 'PUT' } });
			on.close.faults.order({ kind: 'html', match: { method: 'GET' }, after: 1 });
			const run = await on.run(operation, { smsId: byId(id), ...parameters, options: once });

			expect(on.close.sms(id)?.status).not.toBe('draft');
			expect(told(run)).not.toMatch(/already|not sent again/i);
		},
	);

	test('Cancel: no "already" where the answer got lost', async () => {
		const { id } = old({ status: 'scheduled', date_scheduled: AT });
		on.close.faults.order({ kind: 'resetAfter', match: { method: 'PUT' } });
		const run = await on.run('cancel', { smsId: byId(id), options: once });

		expect(run.json).toMatchObject([{ id, status: 'draft' }]);
		expect(told(run)).not.toMatch(/already|nothing to cancel/i);
	});

	test('a move whose setting back to draft was carried out, its answers lost: what holds is told', async () => {
		const { id } = old({ status: 'scheduled', date_scheduled: ANOTHER });
		const match = { method: 'PUT', bodyHas: { status: 'draft' } };
		on.close.faults.order({ kind: 'resetAfter', match, times: 99 });
		const run = await on.run('schedule', { smsId: byId(id), sendAt: AT, options: once });

		// Since it reads as a draft, it may as well be scheduled; if not, it is a draft, and that is known.
		expect(on.close.sms(id)?.status).toBe(run.error ? 'draft' : 'scheduled');
		expect(told(run)).toMatch(/is a draft now|still a draft|^Moved from/i);
		expect(told(run)).not.toMatch(/could not be read back|may have been/i);
	});
});

describe('points in time', () => {
	const precise = '2035-06-01T09:00:00.750Z';

	test.each<[string, string, INodeParameters]>([
		['Schedule', 'schedule', { sendAt: precise }],
		['Schedule, a Date', 'schedule', { sendAt: `={{ new Date("${precise}") }}` }],
		['Schedule, a DateTime', 'schedule', { sendAt: `={{ DateTime.fromISO("${precise}") }}` }],
		[
			'Update',
			'update',
			{ updateFields: { status: 'scheduled', dateScheduled: precise, activityAt: precise } },
		],
		['Send', 'send', sending(at(precise))],
		[
			'Create, a log',
			'create',
			{
				mode: 'logSent',
				text: 'New words',
				additionalFields: { activityAt: precise, dateCreated: '2026-01-01T09:00:00.750Z' },
			},
		],
	])('%s: go out in whole seconds', async (_, operation, parameters) => {
		const { id } = old();
		const { error } = await on.run(operation, { smsId: byId(id), ...parameters });
		const sent = on.close.requests
			.flatMap(({ body }) => Object.entries((body ?? {}) as Record<string, string>))
			.filter(([field]) => /^date_|_at$/.test(field));

		expect(error).toBeUndefined();
		expect(sent.length).toBeGreaterThan(0);
		expect(sent.filter(([, time]) => Date.parse(time) % 1000 !== 0)).toEqual([]);
	});

	test('so what Close keeps without fractions is recognized when it is read back', async () => {
		const { id } = old();
		on.close.faults.order({
			kind: 'resetAfter',
			bodyWith: { date_scheduled: precise.replace('.750', '') },
			match: { method: 'PUT' },
		});
		const { json, error } = await on.run('schedule', { smsId: byId(id), sendAt: precise });

		expect(error).toBeUndefined();
		expect(json).toMatchObject([{ id, status: 'scheduled' }]);
		expect(on.close.requests.filter(({ method }) => method === 'PUT')).toHaveLength(1);
	});
});
