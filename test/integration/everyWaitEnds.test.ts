import type { INodeParameters } from 'n8n-workflow';
import { byId } from '../../dev/locators';
import { wait } from '../../dev/platform';
import type { Fault, FaultMatch } from '../../dev/simulator';
import { CONTACT_ID, said, sendTo, setUpSms } from './setUpSms';
import { setUpSkippedWaits } from '../skippedWaits';

setUpSkippedWaits();

const on = setUpSms();
const PHONE = '+14155550101';

const skipping = (options: INodeParameters = {}): INodeParameters => ({
	...sendTo(PHONE, 'Hi'),
	options: { skipIfTextedWithin: 60, ...options },
});

/** Holds up the request that lets a text go out. */
const slowPut = (delayMs: number) =>
	on.close.faults.order({ kind: 'slow', delayMs, match: { method: 'PUT' } });

describe('a wait for the same text of another execution', () => {
	test('ends when the execution is canceled', async () => {
		slowPut(4000);
		const first = on.start('send', skipping());
		await wait(500);
		const second = on.start('send', skipping());
		await wait(300);
		second.cancel();
		await second.within(1500);
		await first.run;
		on.close.clock.advance(60_000);

		expect(on.close.timesTexted(PHONE)).toBe(1);
	});

	test("ends by 'Give Up After', and whoever waits behind it still waits for the first", async () => {
		slowPut(4000);
		const first = on.start('send', skipping());
		await wait(300);
		const second = on.start('send', skipping({ giveUpAfter: 1 }));
		await wait(100);
		const third = on.start('send', skipping());
		const { error } = await second.within(2500);
		expect(error?.message).toMatch(/^Not sent: the same message/);
		const { json } = await third.run;
		await first.run;
		on.close.clock.advance(60_000);

		expect(String(json[0]._note)).toMatch(/Not sent again/);
		expect(on.close.timesTexted(PHONE)).toBe(1);
	});

	test('ends when another item of its run has failed in Stop mode', async () => {
		slowPut(4000);
		const first = on.start('send', skipping());
		await wait(500);
		const refused = { method: 'POST', bodyHas: '+14155550199' };
		on.close.faults.order({ kind: 'status', status: 402, match: refused });
		const to = '={{ $json.phone }}';
		const parameters = { ...sendTo(to, 'Hi'), options: { skipIfTextedWithin: 60 } };
		const second = on.start('send', parameters, {
			items: [{ phone: PHONE }, { phone: '+14155550199' }],
		});
		const { error } = await second.within(2500);
		expect(error?.message).toMatch(/\[item 1\]/);
		await first.run;
	});
});

test('items that wait for what others read before they start do not wait for each other in a circle', async () => {
	// Where Maria is, her lead says; where Grace is, her card.
	on.close.somebody.changesContact(CONTACT_ID, {
		timezone: null,
		phones: [{ type: 'mobile', phone: PHONE }] as never,
	});
	const grace = '+12125550121';
	const hours = { from: '00:01', to: '23:59', fallbackTimezone: 'America/New_York' };
	const sending = on.start(
		'send',
		{
			...sendTo('={{ $json.phone }}', '={{ $json.text }}', { additionalFields: {} }),
			options: { skipIfTextedWithin: 60, sendingHours: { hours } },
		},
		{
			items: [
				{ phone: PHONE, text: 'One' },
				{ phone: PHONE, text: 'Two' },
				{ phone: grace, text: 'Three' },
			],
		},
	);
	const { error, json } = await sending.within(60_000);
	on.close.clock.advance(86_400_000);

	expect(error).toBeUndefined();
	expect(json.map(({ text }) => text)).toEqual(['One', 'Two', 'Three']);
	expect([on.close.timesTexted(PHONE), on.close.timesTexted(grace)]).toEqual([2, 1]);
});

describe('Wait Until Sent', () => {
	const drafts = (count: number) => on.drafts(count).map(({ id }) => ({ id }));
	const sendDrafts = (items: Array<{ id: string }>, options: INodeParameters) =>
		on.start('sendDraft', { smsId: byId('={{ $json.id }}'), options }, { items });

	test('a failure in Stop mode is told at once, not when the wait of another item ends', async () => {
		on.close.carrierDelay(3_600_000);
		const items = drafts(3);
		const put = { method: 'PUT', path: items[1].id };
		on.close.faults.order({ kind: 'status', status: 402, match: put });
		const { error } = await sendDrafts(items, { waitUntilSent: 3600, maxConcurrency: 1 }).within(
			4000,
		);

		expect(error?.message).toMatch(/\[item 1\]/);
		expect(error?.description).toMatch(/Done: item 0\b.*Not started: item 2\b/);
		const asked = on.close.requests.length;
		await wait(2500);
		expect(on.close.requests).toHaveLength(asked);
	});

	test('ends when the execution is canceled, and asks no more', async () => {
		on.close.carrierDelay(3_600_000);
		const running = sendDrafts(drafts(2), { waitUntilSent: 3600 });
		await wait(1500);
		running.cancel();
		await running.within(1500);
		const asked = on.close.requests.length;
		await wait(2500);
		expect(on.close.requests).toHaveLength(asked);
	});

	test('a list with an entry that is no text', async () => {
		on.close.carrierDelay(3_600_000);
		on.close.faults.order({
			kind: 'status',
			status: 200,
			body: { data: [null, 7, {}], has_more: false },
			match: { method: 'GET', path: '^/activity/sms/$' },
			times: 99,
		});
		const { json, error } = await sendDrafts(drafts(2), { waitUntilSent: 2 }).within(5000);

		expect(error).toBeUndefined();
		expect(json.map(({ _note: note }) => String(note))).toEqual(
			Array(2).fill(expect.stringMatching(/did not say within 2 seconds/)),
		);
	});
});

describe('a wait for a new draft of the same text, which somebody else may be about to send', () => {
	const newDraft = (ahead = 0) =>
		on.close.addSms({
			text: 'Hi',
			remote_phone: PHONE,
			local_phone: '+14155550100',
			date_created: new Date(Date.now() + ahead).toISOString(),
		});

	test("ends by 'Give Up After', and names the draft", async () => {
		const { id } = newDraft();
		const run = await on.start('send', skipping({ giveUpAfter: 2 })).within(9000);

		expect(said(run)).toMatch(/^Not sent: the same (text|message|SMS) may just have been sent/);
		expect(said(run)).toContain(id);
		expect(on.close.texted).toEqual([]);
	});

	test('ends when the execution is canceled', async () => {
		newDraft();
		const running = on.start('send', skipping());
		await wait(1500);
		running.cancel();
		await running.within(1500);
		expect(on.close.texted).toEqual([]);
	});

	test('ends when the draft is gone', async () => {
		const { id } = newDraft();
		const running = on.start('send', skipping());
		await wait(500);
		on.close.somebody.deletes(id);
		expect(said(await running.within(9000))).toBe('');
		on.deliver();
		expect(on.close.timesTexted(PHONE)).toBe(1);
	});
});

describe("a response that takes longer than 'Give Up After'", () => {
	const slow = (match: FaultMatch, more: Partial<Fault> = {}) =>
		on.close.faults.order({ kind: 'slow', delayMs: 60_000, match, times: 9, ...more });
	const options = { giveUpAfter: 2 };

	test('a read: the error says how long it was waited for', async () => {
		const [{ id }] = on.drafts(1);
		slow({ method: 'GET' });
		const run = await on.start('get', { smsId: byId(id), options }).within(4000);
		expect(said(run)).toMatch(/^Close was busy or out of reach: no response within 2 seconds /);
	});

	test('a text that went out: it is looked up, and the phone rings once', async () => {
		const [{ id, remotePhone }] = on.drafts(1);
		slow({ method: 'PUT' });
		const run = await on.start('sendDraft', { smsId: byId(id), options }).within(9000);
		on.deliver();
		expect(said(run)).toBe('');
		expect(on.close.timesTexted(remotePhone)).toBe(1);
	});

	test('a text that did not go out by the second look: what was seen is said, and nothing is repeated', async () => {
		const [{ id }] = on.drafts(1);
		slow({ method: 'PUT' }, { applied: false });
		const run = await on.start('sendDraft', { smsId: byId(id), options }).within(15_000);
		expect(said(run)).toMatch(
			/^Close was busy or out of reach: no response within 2 seconds\. This SMS was still a draft 10 seconds later/,
		);
		expect(on.close.requests.filter(({ method }) => method === 'PUT')).toHaveLength(1);
	});

	test('a text that cannot be looked up either: it may have been sent', async () => {
		const [{ id }] = on.drafts(1);
		slow({ method: 'PUT' });
		on.close.faults.order({
			kind: 'status',
			status: 403,
			match: { method: 'GET' },
			after: 1,
			times: 99,
		});
		const run = await on.start('sendDraft', { smsId: byId(id), options }).within(9000);
		expect(said(run)).toMatch(/^This SMS may have been sent: no response within 2 seconds/);
	});

	test("n8n's own time-out is shorter: that one counts", async () => {
		const [{ id }] = on.drafts(1);
		slow({ method: 'GET' });
		const parameters = { smsId: byId(id), options: { giveUpAfter: 30, maxRetries: 0 } };
		const run = await on
			.start('get', { ...parameters, requestOptions: { timeout: 1000 } })
			.within(3000);
		expect(said(run)).toMatch(/no response within 1 second\b/);
	});

	test('in Stop mode the others are told that they were not started', async () => {
		const items = on.drafts(3).map(({ id }) => ({ id }));
		slow({ method: 'PUT', path: items[0].id }, { applied: false });
		const smsId = byId('={{ $json.id }}');
		const { error } = await on
			.start(
				'update',
				{ smsId, updateFields: { text: 'New' }, options: { ...options, maxConcurrency: 1 } },
				{ items },
			)
			.within(9000);
		expect(error?.message).toMatch(/\[item 0\]: no response within 2 seconds/);
		expect(error?.description).toMatch(/Not started: items 1 (and|to) 2/);
	});
});

describe('a page that brings nothing new although Close says that there is more', () => {
	const stuckList = () =>
		on.close.faults.order({
			kind: 'status',
			status: 200,
			body: { data: [on.close.allSms()[0]], has_more: true },
			match: { method: 'GET', path: '^/activity/sms/$' },
			times: 9999,
		});

	test.each<[string, INodeParameters]>([
		['getAll', { returnAll: true }],
		[
			'getConversation',
			{ person: { __rl: true, mode: 'lead', value: 'lead_bluebird00000000000000' } },
		],
		['send', skipping()],
	])('%s: an error, not a loop', async (operation, parameters) => {
		stuckList();
		const run = await on.start(operation, parameters).within(5000);

		expect(said(run)).toMatch(/nothing new/);
		expect(on.close.requests.length).toBeLessThan(10);
		expect(on.close.texted).toEqual([]);
	});
});

test("'Wait Until Sent' ends in its own time, however slow the read is", async () => {
	const { id } = on.close.addSms({ text: 'Hi', remote_phone: PHONE, local_phone: '+14155550100' });
	on.close.faults.order({
		kind: 'slow',
		delayMs: 20_000,
		match: { method: 'GET', path: '^/activity/sms/$' },
	});
	const run = on.start('sendDraft', { smsId: byId(id), options: { waitUntilSent: 1 } });
	const { json } = await run.within(9000);

	expect(json[0]._note).toMatch(/did not say within 1 seconds/);
});

test.each(['soon', -1, 0])('a time-out of %j leaves Give Up After', async (timeout) => {
	const { id } = on.close.addSms({ text: 'Hi', remote_phone: PHONE, local_phone: '+14155550100' });
	on.close.faults.order({ kind: 'slow', delayMs: 20_000, match: { method: 'GET' } });
	const requestOptions = { timeout } as INodeParameters;
	const options = { giveUpAfter: 2 };
	const run = await on.start('get', { smsId: byId(id), requestOptions, options }).within(6000);

	expect(said(run)).toMatch(/no response within 2 seconds/);
});
