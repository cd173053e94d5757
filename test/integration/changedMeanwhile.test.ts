import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { byId } from '../../dev/locators';
import { wait } from '../../dev/platform';
import type { RunOptions } from '../../dev/engine/runNode';
import { setUpSkippedWaits } from '../skippedWaits';
import { CONTACT_ID, said, sendTo, setUpSms } from './setUpSms';

// What goes out, not how long it takes.
setUpSkippedWaits();

const on = setUpSms();
const PHONE = '+14155550101';
const PUT = { method: 'PUT' };
const terms = {
	url: 'https://app.close.com/go/file/permanent/terms.pdf',
	filename: 'terms.pdf',
	content_type: 'application/pdf',
};
const idIn = (path: string) => path.split('/')[3];

/** Somebody changes a text while the node is at work on it: what another person gets is never a success. */
describe('the files of a text are changed just before it goes out', () => {
	test.each([
		['added to', [], [terms]],
		['taken from', [{ ...terms, size: 3, media_id: 'm' }], []],
	])('%s a draft that Send Draft sends', async (_, attachments, changed) => {
		const { id } = on.close.addSms({
			text: 'Hi',
			remote_phone: PHONE,
			local_phone: '+14155550100',
			attachments,
		});
		on.close.before(PUT, () => on.close.somebody.edits(id, { attachments: changed }));
		const run = await on.run('sendDraft', { smsId: byId(id) });
		expect(said(run)).toContain("'Attachments'");
	});

	test('added to the draft that Send created', async () => {
		on.close.before(PUT, ({ path }) =>
			on.close.somebody.edits(idIn(path), { attachments: [terms] }),
		);
		const run = await on.run('send', sendTo(PHONE, 'Hi'));
		on.deliver();
		expect(said(run)).toContain("'Attachments' are terms.pdf");
	});

	test.each<[string, INodeParameters]>([
		['', {}],
		[', with Wait Until Sent', { waitUntilSent: 3 }],
		[', with Check Opt-Out', { checkOptOut: true }],
	])('added to the draft that Send created, and somebody sends it%s', async (_, options) => {
		on.close.before(PUT, ({ path }) => {
			on.close.somebody.edits(idIn(path), { attachments: [terms] });
			on.close.somebody.sends(idIn(path));
		});
		const run = await on.run('send', sendTo(PHONE, 'Hi', { options }));
		on.deliver();
		expect(said(run)).toMatch(/acti_\w+ (?:was sent|is in the outbox)/);
	});

	test('a text whose files are as they were is sent as ever', async () => {
		const { id } = on.close.addSms({
			text: 'Hi',
			remote_phone: PHONE,
			local_phone: '+14155550100',
			attachments: [{ ...terms, size: 3, media_id: 'm' }],
		});
		const run = await on.run('sendDraft', { smsId: byId(id) });
		on.deliver();
		expect(said(run)).toBe('');
		expect(on.close.timesTexted(PHONE)).toBe(1);
	});
});

test('Wait Until Sent says that somebody took the text back and sent other words', async () => {
	on.close.carrierDelay(3000);
	on.close.before({ method: 'GET', path: '^/activity/sms/$' }, () => {
		const [{ path }] = on.close.requests.filter(({ method }) => method === 'PUT');
		const id = idIn(path);
		on.close.somebody.edits(id, { status: 'draft' });
		on.close.carrierDelay(10);
		on.close.somebody.edits(id, { text: 'Other words', remote_phone: '+14155550102' });
		on.close.somebody.sends(id);
	});
	const run = await on.run('send', sendTo(PHONE, 'Hi', { options: { waitUntilSent: 5 } }));
	expect(run.json[0]._note).toContain('Somebody changed it while this waited');
});

test('Send after a 503 that Close carries out late, then a refusal: never that nobody was texted', async () => {
	on.close.faults.order({ kind: 'status', status: 503, match: PUT, carriedOutAfter: 3000 });
	const run = await on.run('send', sendTo(PHONE, 'Hi', { options: { maxRetries: 0 } }));
	on.deliver();
	expect(on.close.timesTexted(PHONE)).toBe(1);
	expect(said(run)).not.toMatch(/nobody was texted/);
});

describe('between two tries of Retry On Fail a person changes the draft that the first one left', () => {
	const OTHER = '+14155550102';
	const retry = { node: { retryOnFail: true, maxTries: 2, waitBetweenTries: 5 } };
	const tryTwice = async (change: (id: string) => void, options: INodeParameters = {}) => {
		on.close.faults.order({ kind: 'status', status: 402, match: PUT });
		on.close.after(PUT, ({ path }) => change(idIn(path)));
		const run = await on.run('send', sendTo(PHONE, 'Hi', { options }), retry);
		on.deliver();
		return run;
	};
	const changes: Record<string, Parameters<typeof on.close.somebody.edits>[1]> = {
		'other words': { text: 'Lunch?' },
		'another number': { remote_phone: OTHER },
		'a number that has opted out': { remote_phone: '+14155550104' },
		'a file': { attachments: [terms] },
	};
	test.each(Object.keys(changes))('%s: it is not sent, and the error says so', async (what) => {
		const run = await tryTwice((id) => on.close.somebody.edits(id, changes[what]));
		expect(said(run)).toMatch(/^The draft of an earlier try was changed in Close: '.* nobody was/);
		expect(on.close.texted).toEqual([]);
	});

	test('other words and another number, and sends it: no success', async () => {
		const run = await tryTwice((id) => {
			on.close.somebody.edits(id, { text: 'Lunch?', remote_phone: OTHER });
			on.close.somebody.sends(id);
		});
		expect(said(run)).toMatch(/and not by this request/);
		expect(on.close.timesTexted(PHONE)).toBe(0);
	});

	test('nothing: the second try sends it', async () => {
		expect(said(await tryTwice(() => {}))).toBe('');
		expect(on.close.timesTexted(PHONE)).toBe(1);
	});
});

describe('what a read does not show', () => {
	const add = (more = {}) =>
		on.close.addSms({ text: 'Hi', remote_phone: PHONE, local_phone: '+14155550100', ...more }).id;
	const answerWith = (more: IDataObject) =>
		on.close.faults.order({
			kind: 'altered',
			match: { method: 'GET', path: 'acti_' },
			answerWith: more,
		});
	const OPERATIONS: Array<[string, INodeParameters]> = [
		['sendDraft', {}],
		['schedule', { sendAt: '2035-06-01T09:00:00Z' }],
	];

	test.each(OPERATIONS)(
		'%s of a draft of files, to which a person adds words',
		async (operation, more) => {
			const id = add({ text: '', attachments: [{ ...terms, size: 3, media_id: 'm' }] });
			on.close.before(PUT, () => on.close.somebody.edits(id, { text: 'Lunch?' }));
			const run = await on.run(operation, { smsId: byId(id), ...more });
			expect(said(run)).toContain("'Message' is not what was asked");
		},
	);

	test.each(OPERATIONS)('%s without a number: nobody is texted', async (operation, more) => {
		const id = add();
		answerWith({ remote_phone: undefined });
		const run = await on.run(operation, { smsId: byId(id), ...more });
		expect(said(run)).toMatch(/^It is not known whom this SMS goes to/);
		expect(on.wire().filter(({ method }) => method !== 'GET')).toEqual([]);
	});

	test.each(OPERATIONS)('%s without words and files: nobody is texted', async (operation, more) => {
		const id = add();
		answerWith({ text: null });
		const run = await on.run(operation, { smsId: byId(id), ...more });
		expect(said(run)).toMatch(/^It is not known what this SMS says/);
		expect(on.wire().filter(({ method }) => method !== 'GET')).toEqual([]);
	});
});

describe('a person takes back what was sent, and its response got lost', () => {
	const OPERATIONS: Array<[string, INodeParameters]> = [
		['send', sendTo(PHONE, 'Hi')],
		['sendDraft', {}],
		['schedule', { sendAt: '2035-06-01T09:00:00Z' }],
		['update', { updateFields: { status: 'outbox' } }],
	];
	const takeBack = async (
		[operation, parameters]: (typeof OPERATIONS)[number],
		afterMs: number,
		node: RunOptions['node'] = {},
	) => {
		on.close.carrierDelay(60_000);
		on.close.faults.order({ kind: 'resetAfter', match: PUT });
		on.close.after(
			PUT,
			({ path }) =>
				void wait(afterMs).then(() => on.close.somebody.edits(idIn(path), { status: 'draft' })),
		);
		const { id } = on.close.addSms({
			text: 'Hi',
			remote_phone: PHONE,
			local_phone: '+14155550100',
		});
		const run = await on.run(operation, { smsId: byId(id), ...parameters }, { node });
		on.close.clock.advance(10 * 366 * 24 * 3_600_000);
		expect(said(run)).toMatch(/^This SMS may have been sent.*a draft now that was changed/);
		expect(on.close.timesTexted(PHONE)).toBe(0);
	};

	test.each(OPERATIONS)('%s does not send it again', async (...operation) => {
		await takeBack(operation, 1500);
	});

	test.each(OPERATIONS)('%s does not send it again on the next try', async (...operation) => {
		await takeBack(operation, 1500, { retryOnFail: true, maxTries: 2, waitBetweenTries: 5 });
	});

	// Update reads nothing before, so that a change within a second of its request is not seen.
	test.each(OPERATIONS.slice(0, 3))(
		'%s does not send it again, however soon that is',
		async (...operation) => {
			await takeBack(operation, 20, { retryOnFail: true, maxTries: 2, waitBetweenTries: 5 });
		},
	);
});

test('Close answers a request to send with the draft as it was: it is read before anything is said', async () => {
	const { id } = on.close.addSms({ text: 'Hi', remote_phone: PHONE, local_phone: '+14155550100' });
	on.close.faults.order({ kind: 'altered', answerWith: { status: 'draft' }, match: PUT });
	const run = await on.run('sendDraft', { smsId: byId(id) });
	expect(said(run)).toBe('');
	expect(run.json[0].status).toMatch(/outbox|sent/);
});

test('the SMS that keeps another back is canceled at the same moment: that is said', async () => {
	const { id } = on.close.addSms({
		text: 'Hi',
		remote_phone: PHONE,
		local_phone: '+14155550100',
		contact_id: CONTACT_ID,
		lead_id: 'lead_bluebird00000000000000',
		status: 'scheduled',
		date_scheduled: new Date(Date.now() + 1_800_000).toISOString(),
	});
	on.close.after({ method: 'GET', path: '^/activity/sms/$' }, () =>
		on.close.somebody.edits(id, { status: 'draft' }),
	);
	const run = await on.run('send', sendTo(PHONE, 'Hi', { options: { skipIfTextedWithin: 60 } }));
	expect(said(run)).toContain(`Not sent: ${id}, which kept it back, is a draft by now`);
});

test('what Close sent otherwise than asked, and a person then took back, the next try does not send', async () => {
	on.close.carrierDelay(3_600_000);
	on.close.faults.order({ kind: 'altered', bodyWith: { text: 'Ho' }, match: PUT });
	const { id } = on.close.addSms({ text: 'Hi', remote_phone: PHONE, local_phone: '+14155550100' });
	on.close.after(
		PUT,
		() => void wait(20).then(() => on.close.somebody.edits(id, { status: 'draft' })),
	);
	const run = await on.run(
		'sendDraft',
		{ smsId: byId(id) },
		{ node: { retryOnFail: true, maxTries: 2, waitBetweenTries: 1000 } },
	);
	on.close.clock.advance(7_200_000);
	expect(said(run)).toMatch(/^This SMS may have been sent/);
	expect(on.close.timesTexted(PHONE)).toBe(0);
});
