import type { INodeParameters } from 'n8n-workflow';
import type { NodeRun, RunOptions } from '../../dev/engine/runNode';
import { byId } from '../../dev/locators';
import { wait } from '../../dev/platform';
import { said, sendTo, setUpSms } from './setUpSms';

const on = setUpSms();
const PHONE = '+14155550101';

const skipping = (options: INodeParameters = {}): INodeParameters => ({
	...sendTo(PHONE, 'Hi'),
	options: { skipIfTextedWithin: 60, ...options },
});

/** Starts a run. A run can be cancelled; `within` is an error when it has not ended by then. */
function start(operation: string, parameters: INodeParameters, options: Partial<RunOptions> = {}) {
	let cancel!: () => void;
	const onStart = (execution: { cancel(): void }) => (cancel = () => execution.cancel());
	const run = on.run(operation, parameters, { ...options, onStart });
	return {
		run,
		cancel: () => cancel(),
		within: async (ms: number): Promise<NodeRun> => {
			const ended = await Promise.race([run, wait(ms).then(() => undefined)]);
			if (ended) return ended;
			cancel();
			throw new Error(`The run did not end within ${ms} ms`);
		},
	};
}

/** Holds up the request that lets a text go out. */
const slowPut = (delayMs: number) =>
	on.close.faults.order({ kind: 'slow', delayMs, match: { method: 'PUT' } });

describe('a wait for the same text of another execution', () => {
	test('ends when the execution is canceled', async () => {
		slowPut(4000);
		const first = start('send', skipping());
		await wait(500);
		const second = start('send', skipping());
		await wait(300);
		second.cancel();
		await second.within(1500);
		await first.run;
		on.close.clock.advance(60_000);

		expect(on.close.timesTexted(PHONE)).toBe(1);
	});

	test("ends by 'Give Up After', and whoever waits behind it still waits for the first", async () => {
		slowPut(4000);
		const first = start('send', skipping());
		await wait(300);
		const second = start('send', skipping({ giveUpAfter: 1 }));
		await wait(100);
		const third = start('send', skipping());
		const { error } = await second.within(2500);
		expect(error?.message).toMatch(/^Not sent: the same text/);
		const { json } = await third.run;
		await first.run;
		on.close.clock.advance(60_000);

		expect(String(json[0]._note)).toMatch(/Not sent again/);
		expect(on.close.timesTexted(PHONE)).toBe(1);
	});

	test('ends when another item of its run has failed in Stop mode', async () => {
		slowPut(4000);
		const first = start('send', skipping());
		await wait(500);
		const refused = { method: 'POST', bodyHas: '+14155550199' };
		on.close.faults.order({ kind: 'status', status: 402, match: refused });
		const to = '={{ $json.phone }}';
		const parameters = { ...sendTo(to, 'Hi'), options: { skipIfTextedWithin: 60 } };
		const second = start('send', parameters, {
			items: [{ phone: PHONE }, { phone: '+14155550199' }],
		});
		const { error } = await second.within(2500);
		expect(error?.message).toMatch(/\[item 1\]/);
		await first.run;
	});
});

describe('Wait Until Sent', () => {
	const drafts = (count: number) => on.drafts(count).map(({ id }) => ({ id }));
	const sendDrafts = (items: Array<{ id: string }>, options: INodeParameters) =>
		start('sendDraft', { smsId: byId('={{ $json.id }}'), options }, { items });

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
			Array(2).fill(expect.stringMatching(/could not be read/)),
		);
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
		const run = await start(operation, parameters).within(5000);

		expect(said(run)).toMatch(/nothing new/);
		expect(on.close.requests.length).toBeLessThan(10);
		expect(on.close.texted).toEqual([]);
	});
});
