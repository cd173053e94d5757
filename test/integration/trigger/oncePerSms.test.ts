import { eventOf, setUpTrigger } from './setUpTrigger';

const trigger = setUpTrigger();
const later = (ms: number) => new Date(Date.now() + ms).toISOString().replace('Z', '000');
const sms = (status: string, direction = 'outbound') => ({ id: 'acti_1', status, direction });

/** An event of each kind about one SMS. */
const EVENTS: Record<string, object> = {
	received: { data: sms('inbox', 'inbound') },
	optedOut: { data: { ...sms('inbox', 'inbound'), text: 'STOP' } },
	optedIn: { data: { ...sms('inbox', 'inbound'), text: 'START' } },
	sent: { action: 'sent', data: sms('sent'), user_id: 'user_1' },
	failed: { action: 'updated', changed_fields: ['status'], data: sms('error') },
	draftCreated: { data: sms('draft') },
	deleted: { action: 'deleted', data: null, previous_data: sms('draft') },
	scheduled: { action: 'updated', changed_fields: ['status'], data: sms('scheduled') },
	canceled: {
		action: 'updated',
		changed_fields: ['status'],
		data: sms('draft'),
		previous_data: { status: 'scheduled' },
	},
	updated: { action: 'updated', changed_fields: ['text'], data: sms('draft') },
};
const ONCE = ['received', 'optedOut', 'optedIn', 'sent', 'failed', 'draftCreated', 'deleted'];
const AGAIN = ['scheduled', 'canceled', 'updated'];

const start = async (name: string) => await trigger.active({ events: [name], output: 'raw' });

describe.each(ONCE)('%s starts the workflow once for each SMS', (name) => {
	test('though Close merges a later change into the event', async () => {
		const workflow = await start(name);
		for (const ms of [0, 1000, 2000]) {
			const event = eventOf('ev_1', { ...EVENTS[name], date_updated: later(ms) });
			expect(await trigger.deliverEvent(workflow, event)).toBe(200);
		}
		expect(workflow.runs).toHaveLength(1);
	});

	test('though Close tells it by another event', async () => {
		const workflow = await start(name);
		for (const id of ['ev_1', 'ev_2'])
			await trigger.deliverEvent(workflow, eventOf(id, EVENTS[name]));
		expect(workflow.runs).toHaveLength(1);
	});

	test('also over a restart, a new subscription and a new activation', async () => {
		const workflow = await start(name);
		await trigger.deliverEvent(workflow, eventOf('ev_1', EVENTS[name]));
		await trigger.n8n.restart();
		await trigger.deliverEvent(workflow, eventOf('ev_2', EVENTS[name]));
		await trigger.api.delete(`/webhook/${trigger.close.webhooks.list()[0].id}/`);
		await trigger.n8n.restart();
		await trigger.deliverEvent(workflow, eventOf('ev_3', EVENTS[name]));
		await trigger.n8n.deactivate(workflow);
		await trigger.n8n.activate(workflow);
		await trigger.deliverEvent(workflow, eventOf('ev_4', EVENTS[name]));
		expect(workflow.runs).toHaveLength(1);
	});

	test('but for another SMS it does', async () => {
		const workflow = await start(name);
		await trigger.deliverEvent(workflow, eventOf('ev_1', EVENTS[name]));
		const other = JSON.parse(JSON.stringify(EVENTS[name]).replace('acti_1', 'acti_2')) as object;
		await trigger.deliverEvent(workflow, eventOf('ev_2', other));
		expect(workflow.runs).toHaveLength(2);
	});
});

describe.each(AGAIN)('%s starts it again', (name) => {
	test('when Close merges a later change into the event, and for each event', async () => {
		const workflow = await start(name);
		const [first, second] = [later(0), later(1000)];
		for (const [id, date_updated] of [
			['ev_1', first],
			['ev_1', second],
			['ev_1', second],
			['ev_2', first],
		])
			await trigger.deliverEvent(workflow, eventOf(id, { ...EVENTS[name], date_updated }));
		expect(workflow.runs).toMatchObject([
			{ id: 'ev_1', date_updated: first },
			{ id: 'ev_1', date_updated: second },
			{ id: 'ev_2' },
		]);
	});
});

test('what happens to one SMS in turn is told each time', async () => {
	const names = ['draftCreated', 'scheduled', 'canceled', 'sent', 'failed', 'deleted'];
	const workflow = await trigger.active({ events: names });
	for (const name of [...names, ...names])
		await trigger.deliverEvent(
			workflow,
			eventOf(`ev_${name}`, { ...EVENTS[name], date_updated: later(0) }),
		);
	const told = workflow.runs.map(({ event }) => (event as { type: string }).type);
	expect(new Set(told)).toEqual(new Set(names));
	expect(told.filter((name) => !AGAIN.includes(name))).toHaveLength(4);
});
