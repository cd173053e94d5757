import { sleep, type INodeParameters } from 'n8n-workflow';
import { waitUntil } from '../../../dev/n8n/waitUntil';
import { byId } from '../../../dev/locators';
import { TestCredentials } from '../../../dev/engine/testCredentials';
import { names, setUpTrigger } from './setUpTrigger';
import type { TestWorkflow } from './testN8n';

const trigger = setUpTrigger();
const list = () => trigger.close.webhooks.list();
const only = () => {
	expect(list()).toHaveLength(1);
	return list()[0];
};
/** A text that Close has not delivered yet. */
const pending = () => {
	trigger.close.webhooks.hold();
	trigger.close.receive({ from: '+14155550102', text: 'Before' });
};
const publish = async (workflow: TestWorkflow, parameters: INodeParameters, more = {}) =>
	await trigger.n8n.publishAgain(workflow, {
		parameters: { ...workflow.node.parameters, ...parameters },
		...more,
	});
/** As ten seconds later. */
const later = async (workflow: TestWorkflow) =>
	await trigger.n8n.process.removeNow(trigger.n8n.urlOf(workflow));
const writes = () => trigger.wire().filter((line) => !line.startsWith('GET'));

describe('publishing a trigger with other settings', () => {
	test.each([
		['what Close does not filter', { filters: { textContains: 'x' }, output: 'raw' }, 0],
		['other options', { options: { maxAge: 10 } }, 0],
		['other events', { events: ['received', 'sent'] }, 1],
		['other filters', { filters: { leadId: byId('lead_1') } }, 1],
	])('with %s keeps its subscription', async (_, parameters, puts) => {
		const workflow = await trigger.active({ events: ['received'] });
		const { id, signature_key } = only();
		const before = writes().length;
		await publish(workflow, parameters);
		await later(workflow);
		expect(only()).toMatchObject({ id, signature_key, status: 'active' });
		expect(writes().slice(before)).toEqual(Array(puts).fill(`PUT /webhook/${id}/`));
	});

	test('starts the workflow for what Close had still to deliver, and for what comes later', async () => {
		const workflow = await trigger.active({ events: ['received'] });
		pending();
		await publish(workflow, { events: ['received', 'sent'] });
		await later(workflow);
		trigger.close.receive({ from: '+14155550102', text: 'After' });
		await trigger.deliver();
		expect(names(workflow)).toEqual(['received', 'received']);
	});

	test('with another name keeps its subscription and what started the workflow before', async () => {
		const workflow = await trigger.active({ events: ['received'] });
		trigger.close.receive({ from: '+14155550102', text: 'Once' });
		await trigger.deliver();
		const [{ event }] = trigger.close.webhooks.deliveries;
		const { id } = only();
		await publish(workflow, { events: ['received', 'sent'] }, { name: 'Another name' });
		await later(workflow);
		expect(only().id).toBe(id);
		expect(await trigger.deliverEvent(workflow, event)).toBe(200);
		await trigger.n8n.restart();
		expect(await trigger.deliverEvent(workflow, event)).toBe(200);
		expect(workflow.runs).toHaveLength(1);
	});

	test('that is not valid leaves nothing at Close in the end', async () => {
		const workflow = await trigger.active({ events: ['received'] });
		await expect(publish(workflow, { events: [] })).rejects.toThrow("'Events' is empty");
		await trigger.n8n.deactivate(workflow);
		expect(list()).toEqual([]);
		expect(trigger.n8n.log).toEqual([]);
	});

	test('in another process than the one that unpublished it makes a new subscription, which stays', async () => {
		const workflow = await trigger.active({ events: ['received'] });
		const { id } = only();
		const first = trigger.n8n.process;
		await trigger.n8n.unregister(workflow);
		await trigger.n8n.switchProcess();
		await trigger.n8n.activate(workflow);
		await first.removeNow(trigger.n8n.urlOf(workflow));
		expect(only().id).not.toBe(id);
		trigger.close.receive({ from: '+14155550102', text: 'Hello' });
		await trigger.deliver();
		expect(names(workflow)).toEqual(['received']);
	});

	test('and with another name in another process leaves the one that was taken over', async () => {
		const workflow = await trigger.active({ events: ['received'] });
		const first = trigger.n8n.process;
		await trigger.n8n.unregister(workflow);
		await trigger.n8n.switchProcess();
		workflow.node.name = 'Another name';
		trigger.close.clock.advance(1000);
		await trigger.n8n.activate(workflow);
		await first.removeNow(trigger.n8n.urlOf(workflow));
		expect(only().status).toBe('active');
		trigger.close.receive({ from: '+14155550102', text: 'Hello' });
		await trigger.deliver();
		expect(names(workflow)).toEqual(['received']);
	});

	test('and with another name in another process, just when the first removes it, makes a new one', async () => {
		const workflow = await trigger.active({ events: ['received'] });
		const { id } = only();
		const first = trigger.n8n.process;
		await trigger.n8n.unregister(workflow);
		// What Close shows it is old when it arrives.
		trigger.close.faults.order({ kind: 'slow', delayMs: 1500, match: { method: 'GET', path: id } });
		const before = trigger.wire().length;
		const removed = first.removeNow(trigger.n8n.urlOf(workflow));
		await waitUntil(async () => trigger.wire().length > before);
		await trigger.n8n.switchProcess();
		workflow.node.name = 'Another name';
		await trigger.n8n.activate(workflow);
		await removed;
		expect(only().id).not.toBe(id);
		trigger.close.receive({ from: '+14155550102', text: 'Hello' });
		await trigger.deliver();
		expect(names(workflow)).toEqual(['received']);
	});

	test('two triggers of a workflow that take the name of each other keep their subscriptions', async () => {
		const [one, other] = [
			trigger.n8n.add({ events: ['received'] }),
			trigger.n8n.add({ events: ['sent'] }),
		];
		other.node.name = 'Another name';
		await trigger.n8n.activate(one);
		other.stored = one.stored;
		await trigger.n8n.activate(other);
		const before = list().map(({ id, url }) => ({ id, url }));
		one.stored = other.stored;
		await trigger.n8n.unregister(one);
		other.stored = one.stored;
		await trigger.n8n.unregister(other);
		[one.node.name, other.node.name] = [other.node.name, one.node.name];
		one.stored = other.stored;
		await trigger.n8n.switchProcess();
		await trigger.n8n.activate(one);
		other.stored = one.stored;
		await trigger.n8n.activate(other);
		expect(
			list()
				.map(({ url }) => url)
				.sort(),
		).toEqual(before.map(({ url }) => url).sort());
		expect(trigger.n8n.log.join()).not.toMatch(/another address/);
		trigger.close.receive({ from: '+14155550102', text: 'Hello' });
		await trigger.deliver();
		expect(names(one)).toEqual(['received']);
		expect(names(other)).toEqual([]);
	});

	test('with a key that may not see the subscription removes it with the former key, then makes a new one', async () => {
		const workflow = await trigger.active({ events: ['received'] });
		const { id } = only();
		await trigger.n8n.unregister(workflow);
		// Close shows others only their own.
		trigger.close.faults.order({
			kind: 'status',
			status: 404,
			match: { method: 'GET', path: id },
			times: 2,
		});
		await trigger.n8n.activate(workflow);
		expect(only().id).not.toBe(id);
	});
});

test('unpublishing removes the subscription after a while, and publishing then makes a new one', async () => {
	const workflow = await trigger.active({ events: ['received'] });
	const { id } = only();
	await trigger.n8n.unregister(workflow);
	expect(only().id).toBe(id);
	await later(workflow);
	expect(list()).toEqual([]);
	await trigger.n8n.activate(workflow);
	expect(only().id).not.toBe(id);
	expect(trigger.n8n.log).toEqual([
		expect.stringMatching(
			/^Close may not have delivered everything to this trigger for 1 min, from /,
		),
	]);
});

test('a workflow that is published when the ten seconds end keeps its subscription, also if Close is slow', async () => {
	const workflow = await trigger.active({ events: ['received'] });
	const { id } = only();
	await trigger.n8n.unregister(workflow);
	await sleep(9000);
	const match = { method: 'GET', path: '/webhook/' };
	trigger.close.faults.order({ kind: 'slow', delayMs: 2000, match });
	await trigger.n8n.activate(workflow);
	await sleep(500);
	expect(only().id).toBe(id);
}, 30_000);

test('a workflow that is unpublished while it is being published leaves nothing at Close', async () => {
	const workflow = trigger.n8n.add({ events: ['received'] });
	trigger.close.faults.order({ kind: 'slow', delayMs: 500, match: { method: 'POST' } });
	const published = trigger.n8n.activate(workflow);
	await waitUntil(async () => writes().length === 1);
	await trigger.n8n.unregister(workflow);
	await published;
	await later(workflow);
	expect(list()).toEqual([]);
});

test('publishing and unpublishing in quick succession leaves one subscription, and then none', async () => {
	const workflow = await trigger.active({ events: ['received'] });
	for (let time = 0; time < 3; time++) {
		await trigger.n8n.unregister(workflow);
		await trigger.n8n.activate(workflow);
	}
	await Promise.all([trigger.n8n.unregister(workflow), trigger.n8n.unregister(workflow)]);
	await trigger.n8n.activate(workflow);
	only();
	await trigger.n8n.deactivate(workflow);
	expect(list()).toEqual([]);
});

test.each([
	['paused', 0],
	['active', 1],
])('a subscription that was changed within the ten seconds, and is %s', async (status, left) => {
	const workflow = await trigger.active({ events: ['received'] });
	const { id } = only();
	await trigger.n8n.unregister(workflow);
	trigger.close.clock.advance(1000);
	await trigger.api.put(`/webhook/${id}/`, { status });
	await later(workflow);
	expect(list()).toHaveLength(left);
	const named = new RegExp(
		`^The webhook subscription ${id} at Close, .* was changed after the workflow was unpublished`,
	);
	expect(trigger.n8n.log).toEqual(left ? [expect.stringMatching(named)] : []);
});

test('a subscription that Close shows without its address when it is to be removed is named in the log', async () => {
	const workflow = await trigger.active({ events: ['received'] });
	const { id } = only();
	await trigger.n8n.unregister(workflow);
	trigger.close.faults.order({
		kind: 'altered',
		match: { method: 'GET', path: id },
		answerWith: { url: undefined },
	});
	await later(workflow);
	expect(trigger.n8n.log).toEqual([expect.stringContaining(`The webhook subscription ${id}`)]);
});

test('a subscription is named in the log when the credential was deleted before the workflow is unpublished', async () => {
	const workflow = await trigger.active({ events: ['received'] });
	const deleted = jest
		.spyOn(TestCredentials.prototype, 'getDecrypted')
		.mockRejectedValue(new Error('Credential with ID "c" does not exist'));
	await expect(trigger.n8n.unregister(workflow)).rejects.toThrow('Credential with ID');
	deleted.mockRestore();
	expect(trigger.n8n.log).toEqual([
		expect.stringContaining(`The webhook subscription ${only().id} at Close`),
	]);
});

test('what is no list of subscriptions is survived when the workflow is unpublished', async () => {
	const workflow = await trigger.active({ events: ['received'] });
	await trigger.api.delete(`/webhook/${only().id}/`);
	trigger.close.faults.order({
		kind: 'altered',
		match: { method: 'GET', path: /^\/webhook\/$/ },
		answerWith: { data: [null] },
	});
	await trigger.n8n.deactivate(workflow);
	expect(trigger.n8n.log).toEqual([expect.stringMatching(/^Close does not show the webhook/)]);
});

test('a subscription that cannot be removed after a while is named in the log, and the next publishing finds it', async () => {
	const workflow = await trigger.active({ events: ['received'] });
	const { id } = only();
	await trigger.n8n.unregister(workflow);
	trigger.close.faults.order({ kind: 'status', status: 403, match: { method: 'DELETE' } });
	await later(workflow);
	expect(trigger.n8n.log).toEqual([
		expect.stringMatching(
			new RegExp(`^The webhook subscription ${id} at Close, .* was not removed: `),
		),
	]);
	await trigger.n8n.activate(workflow);
	expect(only().id).toBe(id);
});
