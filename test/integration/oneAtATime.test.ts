import type { INodeParameters } from 'n8n-workflow';
import type { NodeRun } from '../../dev/engine/runNode';
import { byId } from '../../dev/locators';
import { setUpSkippedWaits } from '../skippedWaits';
import { setUpWallClock } from './wallClock';
import { errorOf, said, sendTo, setUpSms } from './setUpSms';

// What goes out, and how often, not how long it takes.
setUpSkippedWaits();

const on = setUpSms();
const clock = setUpWallClock();
const PHONE = '+14155550177';
const PUT = { method: 'PUT' };
const LATER = '2035-06-01T09:00:00Z';

const addDraft = (more = {}) =>
	on.close.addSms({
		text: 'Hi',
		remote_phone: PHONE,
		local_phone: '+14155550100',
		contact_id: null,
		lead_id: null,
		...more,
	}).id;

/** Close answers a request to send with a 504, and carries it out later. */
const loseResponse = (carriedOutAfter: number) =>
	on.close.faults.order({ kind: 'status', status: 504, carriedOutAfter, match: PUT });

/** Starts a second execution as the first request of another one is on its way. @returns the second one, once it ended */
function atThatMoment(start: () => Promise<NodeRun>): () => Promise<NodeRun> {
	let second: Promise<NodeRun> | undefined;
	on.close.before(PUT, () => void (second ??= start()));
	return async () => await second!;
}

const note = ({ json }: NodeRun) => String(json[0]._note);

describe('several items of this process have one SMS, and Close is still at work on the first request', () => {
	const OPERATIONS: Record<string, INodeParameters> = {
		sendDraft: {},
		update: { updateFields: { status: 'outbox' } },
	};
	const pairs = Object.keys(OPERATIONS).flatMap((one) =>
		Object.keys(OPERATIONS).map((other) => [one, other]),
	);
	test.each(pairs)('%s and %s at the same moment: the phone rings once', async (one, other) => {
		const id = addDraft();
		loseResponse(4000);
		const second = atThatMoment(
			async () => await on.run(other, { smsId: byId(id), ...OPERATIONS[other] }),
		);
		const first = await on.run(one, { smsId: byId(id), ...OPERATIONS[one] });
		await second();
		on.deliver();

		expect(said(first)).toBe('');
		expect(on.close.timesTexted(PHONE)).toBe(1);
	});

	test('Schedule twice: it is scheduled once, and the second run says so', async () => {
		const id = addDraft();
		loseResponse(4000);
		const schedule = async () => await on.run('schedule', { smsId: byId(id), sendAt: LATER });
		const second = atThatMoment(schedule);
		await schedule();
		expect(note(await second())).toMatch(/^It was scheduled for .* already\.$/);
		on.advancePast(LATER);
		expect(on.close.timesTexted(PHONE)).toBe(1);
	});

	test('two items of one run with the same ID: the second says that it was sent already', async () => {
		const id = addDraft();
		loseResponse(4000);
		const run = await on.run(
			'sendDraft',
			{ smsId: byId(id), options: { maxConcurrency: 2 } },
			{ items: [{}, {}], node: { onError: 'continueRegularOutput' } },
		);
		on.deliver();
		expect(run.json[1]._note).toBe('It was sent already, so it was not sent again.');
		expect(on.close.timesTexted(PHONE)).toBe(1);
	});

	test('an agent that calls again after "Do not repeat it" is told the same, and nothing is sent again', async () => {
		const id = addDraft();
		loseResponse(20_000);
		const parameters = { smsId: byId(id), options: { maxRetries: 0 } };
		const run = await on.run('sendDraft', parameters, { agentCalls: [{}, {}] });
		const [, again] = run.json.map(({ answer }) => errorOf({ json: (answer as never)[0] }));
		expect(again).toMatchObject({ outcome: 'unknown', isTemporary: false });
		expect(again?.message).toMatch(/^Close may still be at work .* was still a draft \d+ seconds?/);
		expect(on.close.requests.filter(({ method }) => method === 'PUT')).toHaveLength(1);
	});

	test('a next execution that comes just after is told the same, and one minute later it is sent', async () => {
		const id = addDraft();
		on.close.faults.order({ kind: 'status', status: 504, match: PUT });
		const parameters = { smsId: byId(id), options: { maxRetries: 0 } };
		expect(said(await on.run('sendDraft', parameters))).toContain('Do not repeat it.');
		expect(said(await on.run('sendDraft', parameters))).toContain('Do not repeat it.');
		clock.itIs(new Date(Date.now() + 61_000).toISOString());
		expect(said(await on.run('sendDraft', parameters))).toBe('');
		on.deliver();
		expect(on.close.timesTexted(PHONE)).toBe(1);
	});

	test('Cancel waits for what Send Draft is at work on, and does not call it canceled', async () => {
		const id = addDraft();
		loseResponse(4000);
		const second = atThatMoment(async () => await on.run('cancel', { smsId: byId(id) }));
		await on.run('sendDraft', { smsId: byId(id) });
		expect(said(await second())).toMatch(/cannot be canceled/);
	});

	test('Cancel does not call canceled what may still go out', async () => {
		const id = addDraft();
		loseResponse(20_000);
		await on.run('sendDraft', { smsId: byId(id), options: { maxRetries: 0 } });
		expect(said(await on.run('cancel', { smsId: byId(id) }))).toMatch(/may still be at work/);
	});

	test('Send Draft of what is in doubt goes by one more read, and leaves what has gone out by then', async () => {
		const id = addDraft();
		on.close.faults.order({ kind: 'status', status: 504, match: PUT });
		await on.run('sendDraft', { smsId: byId(id), options: { maxRetries: 0 } });
		on.close.somebody.edits(id, { status: 'sent' });
		const before = on.close.requests.length;
		const again = await on.run('sendDraft', { smsId: byId(id) });
		expect(note(again)).toBe('It was sent already, so it was not sent again.');
		expect(on.close.requests.slice(before).map(({ method }) => method)).toEqual(['GET', 'GET']);
	});

	test('Cancel waits until Schedule has moved it, and then cancels it', async () => {
		const id = addDraft({ status: 'scheduled', date_scheduled: '2035-06-02T09:00:00Z' });
		const second = atThatMoment(async () => await on.run('cancel', { smsId: byId(id) }));
		await on.run('schedule', { smsId: byId(id), sendAt: LATER });
		expect((await second()).json[0]).toMatchObject({ status: 'draft' });
		on.advancePast(LATER);
		expect(on.close.timesTexted(PHONE)).toBe(0);
	});

	test('Cancel does not wait for Wait Until Sent', async () => {
		const id = addDraft();
		on.close.carrierDelay(60_000);
		on.close.after(PUT, ({ body }) => {
			if ((body as { status?: string }).status === 'outbox') cancel();
		});
		let canceled: Promise<NodeRun> | undefined;
		const cancel = () => (canceled ??= on.run('cancel', { smsId: byId(id) }));
		const sent = await on.run('sendDraft', { smsId: byId(id), options: { waitUntilSent: 20 } });
		expect((await canceled)?.json[0]).toMatchObject({ status: 'draft' });
		expect(note(sent)).toMatch(/changed while this waited/);
	});
});

describe('an item keeps others waiting only while it is at work on its SMS', () => {
	const byItem = { __rl: true, mode: 'id', value: '={{ $json.id }}' };
	const toItems = (ids: string[]) => ({ items: ids.map((id) => ({ id })) });
	const oneByOne = { maxConcurrency: 1 };

	test('new words for the last of 20 that another run sends one by one are in time', async () => {
		const ids = on.drafts(20).map(({ id }) => id);
		const edited = atThatMoment(
			async () => await on.run('update', { smsId: byId(ids[19]), updateFields: { text: 'New' } }),
		);
		await on.run('sendDraft', { smsId: byItem, options: oneByOne }, toItems(ids));
		expect(said(await edited())).toBe('');
		on.deliver();
		expect(on.close.texted.at(-1)?.text).toBe('New');
	});

	test('Cancel of the last of 20 scheduled ones, which another run moves, does not wait for that run', async () => {
		const scheduled = { status: 'scheduled' as const, date_scheduled: '2035-06-02T09:00:00Z' };
		const ids = on.drafts(20).map(({ id }) => id);
		for (const id of ids) on.close.somebody.edits(id, scheduled);
		on.close.faults.order({ kind: 'slow', delayMs: 1500, match: PUT, times: 6 });
		const canceled = atThatMoment(
			async () => await on.run('cancel', { smsId: byId(ids[19]), options: { giveUpAfter: 2 } }),
		);
		await on.run('schedule', { smsId: byItem, sendAt: LATER, options: oneByOne }, toItems(ids));
		expect(said(await canceled())).toBe('');
	});

	test('Give Up After ends the wait of the second item with one ID too', async () => {
		const id = addDraft();
		on.close.faults.order({ kind: 'slow', delayMs: 12_000, match: PUT });
		const second = atThatMoment(
			async () =>
				await on.run(
					'sendDraft',
					{ smsId: byId(id), options: { giveUpAfter: 2 } },
					{ items: [{}, {}], node: { onError: 'continueRegularOutput' } },
				),
		);
		await on.run('sendDraft', { smsId: byId(id) });
		expect((await second()).json.map((json) => errorOf({ json })?.message)).toEqual([
			expect.stringContaining('Another execution is at work on this SMS'),
			expect.stringContaining('Another execution is at work on this SMS'),
		]);
	});
});

describe('what is in doubt is whether the SMS may still go out, and nothing else', () => {
	const lose = () => on.close.faults.order({ kind: 'status', status: 504, match: PUT });
	const once = { options: { maxRetries: 0 } };

	test('new words whose response got lost are no request to send', async () => {
		const id = addDraft();
		lose();
		await on.run('update', { smsId: byId(id), updateFields: { text: 'New' }, ...once });
		expect(said(await on.run('sendDraft', { smsId: byId(id) }))).toBe('');
	});

	test('what a second try has cleared up is in doubt no more', async () => {
		const id = addDraft();
		on.close.carrierDelay(600_000);
		lose();
		const retry = { node: { retryOnFail: true, maxTries: 2, waitBetweenTries: 5 } };
		const runs = [
			await on.run('sendDraft', { smsId: byId(id), ...once }, retry),
			await on.run('cancel', { smsId: byId(id) }),
			await on.run('sendDraft', { smsId: byId(id) }),
		];
		expect(runs.map(said)).toEqual(['', '', '']);
	});

	test.each<[string, INodeParameters]>([
		['delete', {}],
		['update', { updateFields: { text: 'New' } }],
	])('%s of what may still go out is not told as done', async (operation, parameters) => {
		const id = addDraft();
		loseResponse(20_000);
		await on.run('sendDraft', { smsId: byId(id), ...once });
		const run = await on.run(operation, { smsId: byId(id), ...parameters });
		expect(said(run)).toContain('Close may still be at work on an earlier request');
	});
});

describe('Skip If Texted Within sees a Send of this process that does not have it', () => {
	const skipping: INodeParameters = { options: { skipIfTextedWithin: 60 } };

	test('which repeats its request after a 503: the phone rings once', async () => {
		on.close.faults.order({ kind: 'status', status: 503, match: PUT });
		const second = atThatMoment(async () => await on.run('send', sendTo(PHONE, 'Hi', skipping)));
		await on.run('send', sendTo(PHONE, 'Hi'));
		expect(note(await second())).toContain('Not sent again');
		on.deliver();
		expect(on.close.timesTexted(PHONE)).toBe(1);
	});

	test('whose outcome is not known: the phone rings once', async () => {
		loseResponse(20_000);
		await on.run('send', sendTo(PHONE, 'Hi', { options: { maxRetries: 0 } }));
		expect(note(await on.run('send', sendTo(PHONE, 'Hi', skipping)))).toContain('Not sent again');
		on.deliver();
		expect(on.close.timesTexted(PHONE)).toBe(1);
	});
});
