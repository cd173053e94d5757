import type { INodeParameters } from 'n8n-workflow';
import { byId, byNumber } from '../../dev/locators';
import type { Fault, SmsActivity } from '../../dev/simulator';
import { CONTACT_ID, ERROR_MODES, said, sendTo, setUpSms } from './setUpSms';
import { setUpSkippedWaits } from '../skippedWaits';

setUpSkippedWaits();

const on = setUpSms();
const PHONE = '+14155550177';
const LOCAL = '+14155550100';
const sending = sendTo(PHONE, 'New words');

const ben = () => on.close.account.users.ben.id;
const ada = () => on.close.account.users.ada.id;

/** Somebody makes in Close itself what the workflow is about to make. */
const sameDraft = (more: Partial<SmsActivity> = {}) =>
	on.close.addSms({
		text: 'New words',
		remote_phone: PHONE,
		local_phone: LOCAL,
		contact_id: CONTACT_ID,
		created_by: ben(),
		user_id: ben(),
		...more,
	});

/** The response to the create gets lost, and meanwhile somebody makes the same. */
function loseCreate(
	fault: Pick<Fault, 'kind'> & Partial<Fault>,
	make: () => SmsActivity = sameDraft,
): { other: () => SmsActivity } {
	let other!: SmsActivity;
	on.close.before({ method: 'POST', path: '^/activity/sms/$' }, () => (other = make()));
	on.close.faults.order({ match: { method: 'POST', path: '^/activity/sms/$' }, ...fault });
	return { other: () => on.close.sms(other.id)! };
}

const toPhone = () => on.close.allSms().filter(({ remote_phone }) => remote_phone === PHONE);
const asked = (path: string) => on.close.requests.filter((request) => request.path === path).length;
const creates = () =>
	on.close.requests.filter(({ method, path }) => method === 'POST' && path === '/activity/sms/');

const LOST = { kind: 'resetBefore' } as const;
const DONE_AND_LOST = { kind: 'resetAfter' } as const;

describe("somebody's draft with the same words, made while a create got lost, is not taken for it", () => {
	test.each(ERROR_MODES)('it was not carried out, %s: nobody is texted', async (onError) => {
		const { other } = loseCreate(LOST);
		const run = await on.run('send', sending, { node: { onError } });
		on.deliver();

		expect(said(run)).toMatch(/^A draft may have been left in Close, and nobody was texted/);
		expect(said(run)).not.toContain(other().id);
		expect(other().status).toBe('draft');
		expect(on.close.texted).toEqual([]);
		expect(creates()).toHaveLength(1);
	});

	test('it was not carried out, Retry On Fail: nor does the second try take it', async () => {
		const { other } = loseCreate(LOST);
		const run = await on.run('send', sending, {
			node: { retryOnFail: true, maxTries: 2, waitBetweenTries: 0 },
		});
		on.deliver();

		expect(said(run)).toMatch(/A draft may have been left in Close, and nobody was texted/);
		expect(other().status).toBe('draft');
		expect(on.close.texted).toEqual([]);
	});

	test('a 503, and it was not carried out: it is made again, and that one goes out', async () => {
		const { other } = loseCreate({ kind: 'status', status: 503 });
		const run = await on.run('send', sending);
		on.deliver();

		expect(said(run)).toBe('');
		expect(run.json[0].id).not.toBe(other().id);
		expect(other().status).toBe('draft');
		expect(on.close.timesTexted(PHONE)).toBe(1);
	});

	test.each(ERROR_MODES)('it was carried out, %s: its own draft goes out', async (onError) => {
		const { other } = loseCreate(DONE_AND_LOST);
		const run = await on.run('send', sending, { node: { onError } });
		on.deliver();

		expect(said(run)).toBe('');
		expect(run.json).toMatchObject([{ created_by: ada() }]);
		expect(other().status).toBe('draft');
		expect(on.close.timesTexted(PHONE)).toBe(1);
		expect(creates()).toHaveLength(1);
	});

	test.each<[string, INodeParameters]>([
		['a draft', { mode: 'draft' }],
		['a log', { mode: 'logSent' }],
	])('Create, %s: it finds its own', async (_, mode) => {
		const status = mode.mode === 'draft' ? 'draft' : 'sent';
		const { other } = loseCreate(DONE_AND_LOST, () => sameDraft({ status, contact_id: null }));
		const run = await on.run('create', {
			...mode,
			remotePhone: PHONE,
			localPhone: byNumber(LOCAL),
			text: 'New words',
		});

		expect(said(run)).toBe('');
		expect(run.json).toMatchObject([{ created_by: ada() }]);
		expect(toPhone()).toHaveLength(2);
		expect(run.json[0].id).not.toBe(other().id);
	});
});

describe('whose key it is', () => {
	test('is asked once, for all items of a run, and only where there is something that may be theirs', async () => {
		loseCreate(LOST);
		on.close.faults.order({ kind: 'resetAfter', match: { method: 'POST' }, times: 2 });
		await on.run('send', sending, {
			items: [{}, {}, {}],
			node: { onError: 'continueRegularOutput' },
		});
		expect(asked('/me/')).toBe(1);
	});

	test('is not asked where nothing may be theirs', async () => {
		on.close.faults.order({ ...LOST, match: { method: 'POST' } });
		await on.run('send', sending);
		expect(asked('/me/')).toBe(0);
	});

	test('is not asked where a response has told it', async () => {
		on.close.faults.order({ ...DONE_AND_LOST, match: { method: 'POST', bodyHas: 'Second' } });
		const run = await on.run(
			'send',
			{ ...sending, message: '={{ $json.words }}', options: { maxConcurrency: 1 } },
			{ items: [{ words: 'First' }, { words: 'Second' }] },
		);

		expect(said(run)).toBe('');
		expect(asked('/me/')).toBe(0);
	});

	test('a response about an SMS that another user is to have does not tell it', async () => {
		on.close.faults.order({
			kind: 'altered',
			answerWith: { created_by: ben() },
			match: { method: 'POST', bodyHas: 'First' },
		});
		on.close.faults.order({ ...DONE_AND_LOST, match: { method: 'POST', bodyHas: 'Second' } });
		const additionalFields = { contactId: byId(CONTACT_ID), userId: byId(ben()) };
		const run = await on.run(
			'send',
			{
				...sending,
				message: '={{ $json.words }}',
				additionalFields,
				options: { maxConcurrency: 1 },
			},
			{ items: [{ words: 'First' }, { words: 'Second' }] },
		);

		expect(said(run)).toBe('');
		expect(asked('/me/')).toBe(1);
	});
});

describe('where it is not known who made it, nobody is texted', () => {
	const isInDoubt = async (made: Partial<SmsActivity>, parameters: INodeParameters = sending) => {
		const { other } = loseCreate(LOST, () => sameDraft(made));
		const run = await on.run('send', parameters);
		on.deliver();
		const { id } = other();
		expect(said(run)).toMatch(/^A draft may have been left in Close, and nobody was texted/);
		expect(said(run)).toContain(`It may be ${id}, or somebody else's`);
		expect(on.close.sms(id)?.status).toBe('draft');
		expect(on.close.texted).toEqual([]);
		expect(creates()).toHaveLength(1);
	};
	test.each<[string, unknown]>([
		['nobody', null],
		['a number', 7],
		['an object', {}],
	])('the draft names %s as its maker', async (_, created_by) => {
		await isInDoubt({ created_by: created_by as never });
	});

	test('Close does not say whose key it is', async () => {
		const { other } = loseCreate(LOST);
		on.close.faults.order({ kind: 'status', status: 403, match: { path: '^/me/$' }, times: 9 });
		const run = await on.run('send', sending);
		on.deliver();
		expect(said(run)).toContain(`It may be ${other().id}, or somebody else's`);
		expect(other().status).toBe('draft');
		expect(on.close.texted).toEqual([]);
	});

	test('it was made by the user whom the SMS is to have: Close may name that one', async () => {
		const additionalFields = { contactId: byId(CONTACT_ID), userId: byId(ben()) };
		await isInDoubt({}, { ...sending, additionalFields });
	});

	test('it is dated a moment before the request began: the clocks of Close may differ, or it is older', async () => {
		const date_created = new Date(Date.now() - 12_000).toISOString();
		await isInDoubt({ created_by: ada(), date_created });
	});

	test('half a minute before it began: it is older, and none of its business', async () => {
		const date = new Date(Date.now() - 40_000).toISOString();
		const other = sameDraft({ created_by: ada(), date_created: date });
		on.close.faults.order({ ...DONE_AND_LOST, match: { method: 'POST' } });
		const run = await on.run('send', sending);
		on.deliver();

		expect(said(run)).toBe('');
		expect(run.json[0].id).not.toBe(other.id);
		expect(on.close.sms(other.id)?.status).toBe('draft');
		expect(on.close.timesTexted(PHONE)).toBe(1);
	});
});

describe.each<[string, Parameters<typeof on.close.somebody.edits>[1]]>([
	['another number', { remote_phone: '+14155550178' }],
	['other words', { text: 'Lunch?' }],
	[
		'a file',
		{
			attachments: [
				{
					url: 'https://app.close.com/go/file/a/b.pdf',
					filename: 'b.pdf',
					content_type: 'application/pdf',
				},
			],
		},
	],
])('what a lost create made, and somebody changes just after it was listed: %s', (_, change) => {
	test.each(ERROR_MODES)('is not sent, %s', async (onError) => {
		on.close.faults.order({
			match: { method: 'POST', path: '^/activity/sms/$' },
			...DONE_AND_LOST,
		});
		on.close.after({ method: 'GET', path: '^/activity/sms/$' }, () => {
			on.close.somebody.edits(toPhone()[0].id, change);
		});
		const run = await on.run('send', sending, { node: { onError } });
		on.deliver();

		expect(said(run)).toMatch(/^A draft may have been left in Close, and nobody was texted.*acti_/);
		expect(on.close.texted).toEqual([]);
	});
});

test('a response to a create about a new SMS with all that was asked is believed: the phone rings once, and one draft is left', async () => {
	const path = '^/activity/sms/$';
	const other = sameDraft();
	on.close.faults.order({
		kind: 'altered',
		match: { method: 'POST', path },
		answerWith: { id: other.id },
	});
	const run = await on.run('send', sending);
	on.deliver();

	expect(said(run)).toBe('');
	expect(on.close.timesTexted(PHONE)).toBe(1);
	expect(toPhone().map(({ status }) => status)).toEqual(expect.arrayContaining(['sent', 'draft']));
});
