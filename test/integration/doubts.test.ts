import type { INodeParameters } from 'n8n-workflow';
import { byId } from '../../dev/locators';
import { at, DRAFT_ID, said, sendTo, setUpSms } from './setUpSms';

const sms = setUpSms();

const IN_TEN_YEARS = '2036-06-01T09:00:00+00:00';
const smsId = byId(DRAFT_ID);
const SCHEDULED_ID = 'acti_scheduled0000000000000';
const elevenYearsLater = () => sms.close.clock.advance(11 * 365 * 86_400_000);

/** The ways in which a user schedules a text. */
const SCHEDULES: Array<[string, string, INodeParameters]> = [
	['Schedule', 'schedule', { smsId, sendAt: IN_TEN_YEARS }],
	[
		'Update',
		'update',
		{ smsId, updateFields: { status: 'scheduled', dateScheduled: IN_TEN_YEARS } },
	],
];

describe.each(SCHEDULES)('%s, where Close does not take a date in a PUT', (_, operation, given) => {
	test('but drops it: an error that says so, and nobody is ever texted', async () => {
		sms.close.setDoubts({ dateScheduledOnPut: 'drop' });
		const run = await sms.run(operation, given);

		expect(said(run)).toMatch(/other than what was asked/);
		expect(sms.close.sms(DRAFT_ID)).toMatchObject({ status: 'draft', date_scheduled: null });
		elevenYearsLater();
		expect(sms.close.texted.map(({ smsId: id }) => id)).not.toContain(DRAFT_ID);
	});

	test("but refuses it: Close's words, and it stays a draft", async () => {
		sms.close.setDoubts({ dateScheduledOnPut: 'refuse' });
		const run = await sms.run(operation, given);

		expect(said(run)).toMatch(/Unknown field/);
		expect(sms.close.sms(DRAFT_ID)).toMatchObject({ status: 'draft' });
	});
});

test('moving a scheduled text, where Close drops the date: it is a draft then, and the error says so', async () => {
	sms.close.setDoubts({ dateScheduledOnPut: 'drop' });
	const run = await sms.run('schedule', {
		smsId: byId(SCHEDULED_ID),
		sendAt: IN_TEN_YEARS,
	});

	expect(said(run)).toMatch(/draft/);
	expect(sms.close.sms(SCHEDULED_ID)).toMatchObject({ status: 'draft' });
	elevenYearsLater();
	expect(sms.close.texted).toEqual([]);
});

test.each(['drop', 'refuse'] as const)(
	'Send at a time, where the way with a date in a PUT is %s: an error, and the text stays a draft',
	async (dateScheduledOnPut) => {
		sms.close.setDoubts({ dateScheduledOnPut });
		const known = new Set(sms.close.allSms().map(({ id }) => id));
		const run = await sms.run('send', sendTo('+14155550101', 'Hello', at(IN_TEN_YEARS)));

		expect(said(run)).not.toBe('');
		const made = sms.close.allSms().filter(({ id }) => !known.has(id));
		expect(made).toMatchObject([{ status: 'draft', date_scheduled: null }]);
		elevenYearsLater();
		expect(sms.close.timesTexted('+14155550101')).toBe(0);
	},
);

test('where Close drops unknown keys, all is as before', async () => {
	sms.close.setDoubts({ unknownKeys: 'drop' });
	const changed = await sms.run('update', { smsId, updateFields: { text: 'New' } });
	const scheduled = await sms.run(...(SCHEDULES[0].slice(1) as [string, INodeParameters]));

	expect([said(changed), said(scheduled)]).toEqual(['', '']);
	expect(sms.close.sms(DRAFT_ID)).toMatchObject({ text: 'New', status: 'scheduled' });
});

describe.each(['errors', 'fieldError'] as const)(
	'an edit of a text that is no draft, refused by %s',
	(editOfNonDraft) => {
		beforeEach(() => sms.close.setDoubts({ editOfNonDraft }));
		const words = { errors: 'Only draft', fieldError: 'Cannot be changed from' }[editOfNonDraft];

		test("says Close's words and what the text is", async () => {
			const { sent } = sms.close.account.texts;
			const run = await sms.run('update', { smsId: byId(sent.id), updateFields: { text: 'x' } });

			expect(said(run)).toContain(words);
			expect(said(run)).toMatch(/sent/);
		});

		test('a lost answer is still read back, and the person is texted once', async () => {
			sms.close.faults.order({
				kind: 'status',
				status: 502,
				applied: true,
				match: { method: 'PUT' },
			});
			const run = await sms.run('update', { smsId, updateFields: { status: 'outbox' } });
			sms.deliver();

			expect(said(run)).toBe('');
			expect(sms.close.texted).toHaveLength(1);
		});

		test('a text that goes out while it is being cancelled: an error that says so', async () => {
			const { sent } = sms.close.account.texts;
			sms.close.carrierDelay(60_000);
			const { id } = sms.close.addSms({ ...sent, id: 'acti_gone', status: 'outbox' });
			sms.close.meanwhile(({ method }) => {
				if (method === 'GET') sms.close.addSms({ ...sent, id });
			});
			const run = await sms.run('cancel', { smsId: byId(id) });

			expect(said(run)).toMatch(/was sent.*, so it cannot be canceled/);
		});
	},
);

test('where Close would send a text at once whose time is over: refused before any request', async () => {
	sms.close.setDoubts({ scheduleInThePast: 'sendNow' });
	const past = '2020-01-01T09:00:00Z';
	const run = await sms.run('schedule', { smsId, sendAt: past });
	sms.deliver();

	expect(said(run)).not.toBe('');
	expect(sms.close.texted).toEqual([]);
	expect(sms.wire().filter(({ method }) => method !== 'GET')).toEqual([]);
});

test('where Close takes a text to a blocked number: it is in the outbox, then an error, and nobody is texted', async () => {
	sms.close.setDoubts({ blockedRecipient: 'failLater' });
	const [{ phone }] = sms.close.account.contacts.optedOut.phones;
	const { id } = sms.close.addSms({
		...sms.close.account.texts.draft,
		id: 'acti_blocked',
		lead_id: null,
		contact_id: null,
		remote_phone: phone,
	});
	await sms.run('update', { smsId: byId(id), updateFields: { status: 'outbox' } });
	sms.deliver();

	expect(sms.close.sms(id)).toMatchObject({
		status: 'error',
		error_message: expect.stringMatching(/^21610 /),
	});
	expect(sms.close.texted).toEqual([]);
});
