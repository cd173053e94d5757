import type { INodeParameters } from 'n8n-workflow';
import { waitUntil } from '../../../dev/n8n/waitUntil';
import { byId } from '../../../dev/locators';
import { setUpTrigger } from './setUpTrigger';
import type { TestWorkflow } from './testN8n';

const trigger = setUpTrigger();
const FROM = '+14155550102';
const CATCH_UP = { events: ['received'], options: { catchUp: 24 } };
const HOUR = 3_600_000;

const hear = (...texts: string[]) => {
	for (const text of texts) {
		trigger.close.receive({ from: FROM, text });
		trigger.close.clock.advance(10);
	}
};
const texts = ({ runs }: TestWorkflow) => runs.map(({ text }) => text);
const log = () => trigger.n8n.log.join('\n');
const logged = async (words: RegExp) => await waitUntil(async () => words.test(log()), 10_000);
const CAUGHT_UP = /The trigger has caught up on/;
const eventRequests = () => trigger.close.requests.filter(({ path }) => path === '/event/');

/** Unpublishes a workflow, lets something happen, and publishes it again, with other parameters maybe. */
const away = async (
	workflow: TestWorkflow,
	act: () => unknown,
	parameters: INodeParameters = {},
) => {
	await trigger.n8n.deactivate(workflow);
	trigger.n8n.log.length = 0;
	await act();
	Object.assign(workflow.node.parameters, parameters);
	await trigger.n8n.activate(workflow);
};

describe('Catch Up: a workflow that was unpublished and is published again', () => {
	test('starts for what it missed, each once, oldest first', async () => {
		const workflow = await trigger.active(CATCH_UP);
		await away(workflow, () => hear('one', 'two', 'three'));
		await logged(CAUGHT_UP);
		expect(texts(workflow)).toEqual(['one', 'two', 'three']);
		expect(workflow.executions).toBe(3);
		expect(trigger.n8n.log[0]).toMatch(
			/^Close may not have delivered everything to this trigger for \d min, from .* It catches up on what is at most 24 hours old\.$/,
		);
		expect(log()).toMatch(/Executions started: 3;/);
		hear('four');
		await trigger.deliver();
		expect(texts(workflow)).toEqual(['one', 'two', 'three', 'four']);
	});

	test('reads all pages of the event log', async () => {
		const workflow = await trigger.active(CATCH_UP);
		const all = Array.from({ length: 120 }, (_, index) => String(index));
		await away(workflow, () => hear(...all));
		await logged(CAUGHT_UP);
		expect(texts(workflow)).toEqual(all);
		expect(eventRequests()).toHaveLength(3);
	});

	test('does not start without the option, and says so; with it, it does as soon as it is published', async () => {
		const workflow = await trigger.active({ events: ['received'] });
		await away(workflow, () => hear('one'));
		expect(log()).toMatch(/with the option Catch Up it does, as soon as the workflow is published/);
		await trigger.n8n.settled();
		expect(eventRequests()).toEqual([]);
		await trigger.n8n.publishAgain(workflow, {
			parameters: { ...CATCH_UP, authentication: 'apiKey' },
		});
		await logged(CAUGHT_UP);
		expect(texts(workflow)).toEqual(['one']);
	});

	test('does not start for what was before it was published for the first time', async () => {
		hear('before');
		const workflow = await trigger.active(CATCH_UP);
		await away(workflow, () => hear('meanwhile'));
		await logged(CAUGHT_UP);
		expect(texts(workflow)).toEqual(['meanwhile']);
	});

	test('does not start again for what had started it, in this process or another', async () => {
		const workflow = await trigger.active(CATCH_UP);
		hear('one');
		await trigger.deliver();
		await away(workflow, () => hear('two'));
		await logged(CAUGHT_UP);
		expect(workflow.executions).toBe(2);
		// What this process has caught up on, another does not know.
		await trigger.n8n.restart();
		await waitUntil(
			async () => trigger.n8n.log.filter((line) => CAUGHT_UP.test(line)).length === 2,
		);
		expect(workflow.executions).toBe(4);
		expect(texts(workflow)).toEqual(['one', 'two']);
	});

	test('starts once for what Close delivers at the same time', async () => {
		const workflow = await trigger.active(CATCH_UP);
		await trigger.n8n.deactivate(workflow);
		hear('one', 'two', 'three');
		const happened = [...trigger.close.webhooks.happened];
		await trigger.n8n.activate(workflow);
		await Promise.all(
			[...happened, ...happened].map(async (event) => await trigger.deliverEvent(workflow, event)),
		);
		await logged(CAUGHT_UP);
		await trigger.n8n.settled();
		expect(texts(workflow).sort()).toEqual(['one', 'three', 'two']);
	});

	test('starts only for what it would have started for: events, filters, its own changes', async () => {
		const lead = trigger.close.account.leads.bluebird.id;
		const filters = { textContains: 'yes', leadId: byId(lead) };
		const workflow = await trigger.active({ ...CATCH_UP, events: ['draftCreated'], filters });
		await away(workflow, async () => {
			hear('yes');
			await trigger.api.post('/activity/sms/', {
				status: 'draft',
				text: 'yes, ours',
				lead_id: lead,
			});
			trigger.close.addSms({ text: 'no', lead_id: lead });
			trigger.close.addSms({ text: 'yes, elsewhere' });
			trigger.close.addSms({ text: 'yes', lead_id: lead });
		});
		await logged(CAUGHT_UP);
		expect(texts(workflow)).toEqual(['yes']);
	});

	test.each([
		['person', ['in Close']],
		['integration', ['with a key']],
	])('starts only for what was made by the one who is wanted: %s', async (madeBy, expected) => {
		const wanted = { events: ['deleted'], filters: { madeBy }, ignoreOwnChanges: false };
		const workflow = await trigger.active({ ...CATCH_UP, ...wanted });
		await away(workflow, async () => {
			trigger.close.somebody.deletes(trigger.close.addSms({ text: 'in Close' }).id);
			await trigger.api.delete(`/activity/sms/${trigger.close.addSms({ text: 'with a key' }).id}/`);
		});
		await logged(CAUGHT_UP);
		expect(texts(workflow)).toEqual(expected);
	});

	test('does not start for an SMS that its own key let go out, and does for one that a colleague sent', async () => {
		trigger.close.webhooks.consolidation(1);
		const workflow = await trigger.active({ ...CATCH_UP, events: ['sent'] });
		await away(workflow, async () => {
			const remote_phone = trigger.close.account.contacts.maria.phones[0].phone;
			const local_phone = trigger.close.account.phoneNumbers.main.number;
			const [own, other] = ['own', 'of a colleague'].map(
				(text) => trigger.close.addSms({ text, remote_phone, local_phone }).id,
			);
			trigger.close.clock.advance(1000);
			await trigger.api.put(`/activity/sms/${own}/`, { status: 'outbox' });
			trigger.close.somebody.sends(other);
			trigger.close.clock.advance(60_000);
		});
		await logged(CAUGHT_UP);
		expect(texts(workflow)).toEqual(['of a colleague']);
	});

	test('with other events or filters does not start for what happened before', async () => {
		const workflow = await trigger.active(CATCH_UP);
		await away(workflow, () => hear('one'), { events: ['received', 'sent'] });
		expect(log()).toMatch(/does not start the workflow, because other events are wanted now/);
		await away(workflow, () => hear('two'));
		await logged(CAUGHT_UP);
		expect(texts(workflow)).toEqual(['two']);
	});

	test('goes no further back than the option says', async () => {
		const workflow = await trigger.active({ ...CATCH_UP, options: { catchUp: 1 } });
		const now = Date.now();
		const clock = jest.spyOn(Date, 'now');
		await trigger.n8n.deactivate(workflow);
		hear('two hours old');
		clock.mockImplementation(() => now + 1.5 * HOUR);
		hear('half an hour old');
		clock.mockImplementation(() => now + 2 * HOUR);
		await trigger.n8n.activate(workflow);
		await logged(CAUGHT_UP);
		clock.mockRestore();
		expect(texts(workflow)).toEqual(['half an hour old']);
	});

	test('says how many events Close does not show, because the key is not that of an admin', async () => {
		const workflow = await trigger.active(CATCH_UP);
		trigger.close.account.admins.length = 0;
		const now = Date.now();
		const clock = jest.spyOn(Date, 'now');
		await trigger.n8n.deactivate(workflow);
		hear('two hours old');
		clock.mockImplementation(() => now + 2 * HOUR);
		hear('new');
		await trigger.n8n.activate(workflow);
		await logged(CAUGHT_UP);
		clock.mockRestore();
		expect(texts(workflow)).toEqual(['new']);
		expect(log()).toMatch(/Events of which Close does not show the SMS: 1\./);
	});

	test('stops when it is unpublished, and goes on when it is published again', async () => {
		const workflow = await trigger.active(CATCH_UP);
		trigger.close.faults.order({ kind: 'slow', delayMs: 500, match: { path: '/event/' } });
		await away(workflow, () => hear('one', 'two'));
		await waitUntil(async () => eventRequests().length === 1);
		await trigger.n8n.deactivate(workflow);
		await logged(/The trigger was stopped while it caught up\. Executions started: 0\./);
		expect(workflow.executions).toBe(0);
		await trigger.n8n.activate(workflow);
		await logged(CAUGHT_UP);
		expect(texts(workflow)).toEqual(['one', 'two']);
	});

	test('goes on after n8n has started, if n8n ended meanwhile', async () => {
		const workflow = await trigger.active(CATCH_UP);
		trigger.close.faults.order({ kind: 'slow', delayMs: 500, match: { path: '/event/' } });
		await away(workflow, () => hear('one', 'two'));
		await waitUntil(async () => eventRequests().length === 1);
		await trigger.n8n.restart();
		await logged(CAUGHT_UP);
		expect(texts(workflow)).toEqual(['one', 'two']);
	});

	test('says why when Close refuses, and tries again when n8n starts', async () => {
		const workflow = await trigger.active(CATCH_UP);
		trigger.close.faults.order({ kind: 'status', status: 403, match: { path: '/event/' } });
		await away(workflow, () => hear('one'));
		await logged(/The trigger could not catch up, because Close did not show its events: .*403/);
		hear('two');
		await trigger.deliver();
		expect(texts(workflow)).toEqual(['two']);
		await trigger.n8n.restart();
		await logged(CAUGHT_UP);
		expect(texts(workflow)).toEqual(['two', 'one']);
	});

	test('says how many could not be started, and starts them when it is published again', async () => {
		const workflow = await trigger.active(CATCH_UP);
		trigger.n8n.breakdown = true;
		await away(workflow, () => hear('one', 'two'));
		await logged(/could not start the workflow, because n8n or Close failed: 2\./);
		trigger.n8n.breakdown = false;
		await away(workflow, () => undefined);
		await logged(/Executions started: 2;/);
		expect(texts(workflow)).toEqual(['one', 'two']);
	});
});

/** The event log as Close shows it once. */
const logShows = (data: object[], cursor_next: string | null = null, times = 1) =>
	trigger.close.faults.order({
		kind: 'altered',
		times,
		match: { path: '/event/' },
		answerWith: { data, cursor_next },
	});
const latest = () => trigger.close.webhooks.happened.at(-1)!;

describe('Catch Up: an event log that is not as expected', () => {
	test('a time that cannot be read hides no older event', async () => {
		const workflow = await trigger.active(CATCH_UP);
		await away(workflow, () => {
			hear('one', 'two');
			const { id } = latest();
			const cursor = Buffer.from(`older ${id}`).toString('base64url');
			logShows([{ ...latest(), date_updated: '' }], cursor);
		});
		await logged(CAUGHT_UP);
		expect(texts(workflow)).toEqual(['one']);
	});

	test('an old event among the latest hides no older page', async () => {
		const workflow = await trigger.active(CATCH_UP);
		const all = Array.from({ length: 70 }, (_, index) => String(index));
		await away(workflow, () => {
			hear(...all);
			const newest = [...trigger.close.webhooks.happened].reverse();
			const old = { ...newest[0], id: 'ev_old', date_updated: '2026-01-02T03:04:05.000000' };
			const cursor = Buffer.from(`older ${newest[48].id}`).toString('base64url');
			logShows([...newest.slice(0, 40), old, ...newest.slice(40, 49)], cursor);
		});
		await logged(CAUGHT_UP);
		expect(texts(workflow)).toEqual(all);
	});

	test("Close's clock may be a little ahead", async () => {
		const workflow = await trigger.active(CATCH_UP);
		await away(workflow, () => {
			hear('one');
			const ahead = new Date(Date.now() + 3 * 60_000).toISOString();
			logShows([{ ...latest(), date_updated: ahead.replace('Z', '000') }]);
		});
		await logged(CAUGHT_UP);
		expect(texts(workflow)).toEqual(['one']);
	});

	test('a cursor that leads to the same page again ends it, and that is said', async () => {
		const workflow = await trigger.active(CATCH_UP);
		await away(workflow, () => {
			hear('one');
			logShows([latest()], Buffer.from(`older ${latest().id}`).toString('base64url'), 1000);
		});
		await logged(CAUGHT_UP);
		expect(texts(workflow)).toEqual(['one']);
		expect(eventRequests()).toHaveLength(2);
		expect(log()).toMatch(/Close has more events than could be read/);
	});

	test.each([
		['data', null],
		['data', 'x'],
		['data', []],
		['previous_data', 7],
		['changed_fields', null],
		['object_id', {}],
		['action', null],
		['id', null],
	])('an event whose %s is %j holds up no other', async (field, value) => {
		const events = ['received', 'updated', 'deleted', 'optedIn'];
		const workflow = await trigger.active({ ...CATCH_UP, events });
		await away(workflow, () => {
			hear('one');
			const odd = { ...latest(), object_id: 'acti_odd', [field]: value };
			logShows([odd, latest(), { ...odd, action: 'updated' }]);
		});
		await logged(CAUGHT_UP);
		await trigger.n8n.settled();
		expect(texts(workflow)).toContain('one');
		expect(workflow.errors).toEqual([]);
	});
});

test('Catch Up: a trigger that was renamed while it was unpublished starts for what it missed', async () => {
	const workflow = await trigger.active(CATCH_UP);
	await away(workflow, () => {
		hear('one');
		workflow.node.name = 'Another name';
	});
	await logged(CAUGHT_UP);
	expect(texts(workflow)).toEqual(['one']);
});

test('Catch Up: also when another process publishes it, which n8n gives nothing that was stored under the former name', async () => {
	const workflow = await trigger.active(CATCH_UP);
	await away(workflow, async () => {
		hear('one');
		workflow.node.name = 'Another name';
		await trigger.n8n.switchProcess();
	});
	await logged(CAUGHT_UP);
	expect(texts(workflow)).toEqual(['one']);
	expect(JSON.parse(workflow.stored)).not.toHaveProperty('global.closeSmsTrigger');
});

test.each([
	['and checks the subscription', true],
	['and does not check the subscription (n8n 1.85)', false],
])(
	'Catch Up: goes on when the leader among several main processes ends, and another one takes over %s',
	async (_, checks) => {
		const workflow = await trigger.active(CATCH_UP);
		trigger.close.faults.order({ kind: 'slow', delayMs: 500, match: { path: '/event/' } });
		await away(workflow, () => hear('one', 'two'));
		await waitUntil(async () => eventRequests().length === 1);
		await trigger.n8n.takeOver({ checks });
		await logged(CAUGHT_UP);
		await trigger.n8n.settled();
		expect(texts(workflow)).toEqual(['one', 'two']);
		expect(trigger.n8n.log.filter((line) => CAUGHT_UP.test(line))).toHaveLength(1);
	},
);

test('Catch Up: an old n8n that does not tell whether it could start an execution is said to have done so', async () => {
	const workflow = await trigger.active(CATCH_UP);
	Object.assign(trigger.n8n, { breakdown: true, isSilent: true });
	await away(workflow, () => hear('one'));
	await waitUntil(async () => CAUGHT_UP.test(log()), 30_000);
	expect(log()).toMatch(
		/Executions of which n8n did not say within ten seconds whether it could start them: 1\./,
	);
});

test('Catch Up: when other events are wanted before it has ended, the log says what is left out', async () => {
	const workflow = await trigger.active(CATCH_UP);
	trigger.close.faults.order({ kind: 'slow', delayMs: 500, match: { path: '/event/' } });
	await away(workflow, () => hear('one'));
	await waitUntil(async () => eventRequests().length === 1);
	await trigger.n8n.publishAgain(workflow, {
		parameters: { ...workflow.node.parameters, events: ['received', 'sent'] },
	});
	expect(log()).toMatch(/does not start the workflow, because other events are wanted now/);
});

describe('Catch Up: when n8n starts', () => {
	test('a trigger whose subscription is active missed nothing, and reads nothing', async () => {
		const workflow = await trigger.active(CATCH_UP);
		await trigger.n8n.restart();
		hear('one');
		await trigger.deliver();
		expect(texts(workflow)).toEqual(['one']);
		expect(eventRequests()).toEqual([]);
		expect(trigger.n8n.log).toEqual([]);
	});

	test.each([
		[
			'that was paused',
			async (id: string) => void (await trigger.api.put(`/webhook/${id}/`, { status: 'paused' })),
		],
		['that is gone', async (id: string) => void (await trigger.api.delete(`/webhook/${id}/`))],
	])('a trigger with a subscription %s starts for what it missed', async (_, act) => {
		const workflow = await trigger.active(CATCH_UP);
		await act(trigger.close.webhooks.list()[0].id);
		hear('one', 'two');
		await trigger.n8n.restart();
		await logged(CAUGHT_UP);
		expect(texts(workflow)).toEqual(['one', 'two']);
	});
});

test.each([
	[0, /^'Catch Up' is not a number of hours/],
	[721, /^'Catch Up' is not a number of hours/],
	['', /^'Catch Up' is empty/],
])('Catch Up cannot be %p', async (catchUp, message) => {
	await expect(trigger.active({ events: ['received'], options: { catchUp } })).rejects.toThrow(
		message,
	);
});
