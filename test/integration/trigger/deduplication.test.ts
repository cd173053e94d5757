import { seededRandom } from '../../../dev/simulator/faults/random';
import { eventOf, setUpTrigger } from './setUpTrigger';
import type { TestWorkflow } from './testN8n';

const trigger = setUpTrigger();
const RECEIVED = { events: ['received'], output: 'raw' };
const idsOf = ({ runs }: TestWorkflow) => runs.map(({ id }) => id);
const deliverEvents = async (workflow: TestWorkflow, ...ids: string[]) => {
	const deliveries = ids.map(async (id) => await trigger.deliverEvent(workflow, eventOf(id)));
	return await Promise.all(deliveries);
};
const numbered = (count: number) => Array.from({ length: count }, (_, index) => `ev_${index}`);
const later = (ms: number) => new Date(Date.now() + ms).toISOString().replace('Z', '000');

test('what Close delivers twice starts the workflow once, with a 200 each time', async () => {
	const workflow = await trigger.active(RECEIVED);
	const event = eventOf('ev_1');
	expect([
		await trigger.deliverEvent(workflow, event),
		await trigger.deliverEvent(workflow, event),
	]).toEqual([200, 200]);
	expect(idsOf(workflow)).toEqual(['ev_1']);
});

test('also when delivered at the same moment', async () => {
	const workflow = await trigger.active(RECEIVED);
	const event = eventOf('ev_1');
	const twenty = Array.from(
		{ length: 20 },
		async () => await trigger.deliverEvent(workflow, event),
	);
	const statuses = await Promise.all(twenty);
	expect(new Set([...statuses, 200, 503])).toEqual(new Set([200, 503]));
	expect(statuses).toContain(200);
	expect(idsOf(workflow)).toEqual(['ev_1']);
	expect(await trigger.deliverEvent(workflow, event)).toBe(200);
});

test('also after a restart, though all events came at the same moment before it', async () => {
	const workflow = await trigger.active(RECEIVED);
	const events = numbered(50).map((id) => eventOf(id));
	await Promise.all(events.map(async (event) => await trigger.deliverEvent(workflow, event)));
	await trigger.n8n.restart();
	await Promise.all(events.map(async (event) => await trigger.deliverEvent(workflow, event)));
	expect(idsOf(workflow).sort()).toEqual(numbered(50).sort());
});

test('even when another node of the workflow overwrote the static data with older data', async () => {
	const workflow = await trigger.active(RECEIVED);
	const before = workflow.stored;
	const events = numbered(3).map((id) => eventOf(id));
	for (const event of events) await trigger.deliverEvent(workflow, event);
	workflow.stored = before;
	await deliverEvents(workflow, 'ev_new');
	await trigger.n8n.restart();
	for (const event of events) await trigger.deliverEvent(workflow, event);
	expect(idsOf(workflow)).toEqual([...numbered(3), 'ev_new']);
});

test('an event that Close extended by a later change is new; an earlier state of it that comes late is not', async () => {
	const workflow = await trigger.active({ events: ['updated'], output: 'raw' });
	const state = (text: string, ms: number) =>
		eventOf('ev_1', {
			action: 'updated',
			changed_fields: ['text'],
			date_updated: later(ms),
			data: { text },
		});
	for (const [text, ms] of [
		['second', 2000],
		['first', 1000],
		['third', 3000],
		['second', 2000],
	] as const)
		await trigger.deliverEvent(workflow, state(text, ms));
	expect(workflow.runs.map(({ data }) => data)).toEqual([{ text: 'second' }, { text: 'third' }]);
});

describe('when n8n cannot store the execution', () => {
	test("it answers with an error, and Close's next try starts the workflow", async () => {
		const workflow = await trigger.active({ events: ['received'] });
		trigger.n8n.breakdown = true;
		trigger.close.receive({ from: '+14155550102', text: 'Hello?' });
		await trigger.deliver();
		trigger.n8n.breakdown = false;
		trigger.close.clock.advance(60_000);
		await trigger.deliver();
		expect(trigger.close.webhooks.deliveries.map(({ result }) => result)).toEqual([500, 200]);
		expect(workflow.runs).toMatchObject([{ text: 'Hello?' }]);
	});

	test('nothing is lost though others were stored in the meantime', async () => {
		const workflow = await trigger.active(RECEIVED);
		const all = numbered(40);
		const results: number[][] = [];
		for (let start = 0; start < all.length; start += 8) {
			const round = deliverEvents(workflow, ...all.slice(start, start + 8));
			trigger.n8n.breakdown = start % 16 === 0;
			results.push(await round);
		}
		trigger.n8n.breakdown = false;
		const refused = all.filter((_, index) => results.flat()[index] === 500);
		expect(refused.length).toBeGreaterThan(0);
		await deliverEvents(workflow, ...refused);
		expect(idsOf(workflow).sort()).toEqual([...all].sort());
	});
});

test('doubled, shuffled and tried again by Close, 500 texts start the workflow 500 times', async () => {
	const workflow = await trigger.active({ events: ['received'] });
	trigger.close.webhooks.duplicate(0.2);
	trigger.close.webhooks.shuffle(7);
	const texts = numbered(500);
	texts.forEach((text) => trigger.close.receive({ from: '+14155550102', text }));
	await trigger.deliver();
	expect(trigger.close.webhooks.deliveries.length).toBeGreaterThan(550);
	expect(workflow.runs.map(({ text }) => text).sort()).toEqual([...texts].sort());
});

test('10,000 deliveries, a fifth of them repeated, in any order, ten at a time, over a restart: each event once', async () => {
	const random = seededRandom(42);
	const workflow = await trigger.active(RECEIVED);
	const ids = numbered(8_000);
	const repeated = Array.from({ length: 2_000 }, () => ids[Math.floor(random() * ids.length)]);
	const events = new Map(ids.map((id) => [id, eventOf(id)]));
	const order = [...ids, ...repeated]
		.map((id) => ({ id, place: random() }))
		.sort((one, other) => one.place - other.place)
		.map(({ id }) => id);
	for (let start = 0; start < order.length; start += 10) {
		if (start === 5_000) await trigger.n8n.restart();
		const ten = order.slice(start, start + 10);
		await Promise.all(ten.map(async (id) => await trigger.deliverEvent(workflow, events.get(id)!)));
	}
	expect(order).toHaveLength(10_000);
	expect(workflow.runs).toHaveLength(8_000);
	expect(new Set(idsOf(workflow))).toEqual(new Set(ids));
}, 300_000);
