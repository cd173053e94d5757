import { eventOf, names, setUpTrigger } from './setUpTrigger';
import type { TestWorkflow } from './testN8n';

const trigger = setUpTrigger();
const list = () => trigger.close.webhooks.list();
const only = () => {
	expect(list()).toHaveLength(1);
	return list()[0];
};
const hear = async () => {
	trigger.close.receive({ from: '+14155550102', text: 'Hello' });
	await trigger.deliver();
};
const stored = (workflow: TestWorkflow) => trigger.n8n.stored(workflow);
const SINCE_UNKNOWN: unknown = expect.stringMatching(/it is not known since when/);
/** What a trigger can change of a subscription. */
const copy = ({ id, url, status, events, signature_key }: ReturnType<typeof only>) =>
	structuredClone({ id, url, status, events, signature_key });

/** From now on n8n is another machine: it is reached at another address. */
const moveN8n = () => {
	trigger.n8n.publicUrl = trigger.n8n.publicUrl.replace('127.0.0.1', 'localhost');
};
/** The same workflow in a copy of the database on another machine. */
const copyToStaging = (original: TestWorkflow) => {
	moveN8n();
	const staging = trigger.n8n.add({ events: ['received'] });
	staging.node.webhookId = original.node.webhookId;
	staging.stored = original.stored;
	return staging;
};

describe('the subscription of another', () => {
	let original: TestWorkflow;
	let before: ReturnType<typeof copy>;
	beforeEach(async () => {
		original = await trigger.active({ events: ['received'] });
		before = copy(only());
	});

	test('is left alone by a copy of the database, which makes its own', async () => {
		const staging = copyToStaging(original);
		await trigger.n8n.activate(staging);
		expect(list()).toHaveLength(2);
		expect(list()[0]).toMatchObject(before);
		expect(list()[1].url).toBe(trigger.n8n.urlOf(staging));
		await hear();
		expect(names(staging)).toEqual(['received']);
		await trigger.n8n.deactivate(staging);
		expect(only()).toMatchObject(before);
	});

	test('is not deleted by a copy that never was active there', async () => {
		const staging = copyToStaging(original);
		await trigger.n8n.deactivate(staging);
		expect(only()).toMatchObject(before);
		expect(stored(staging).subscriptionId).toBeUndefined();
	});

	test('is not deleted when n8n clears up after an activation that failed', async () => {
		const staging = copyToStaging(original);
		trigger.close.faults.order({ kind: 'status', status: 400, match: { method: 'POST' } });
		await expect(trigger.n8n.activate(staging)).rejects.toThrow(/^Close did not create/);
		await trigger.n8n.deactivate(staging);
		expect(only()).toMatchObject(before);
	});

	test('need not even be seen: the credential of the copy may lack the permission', async () => {
		const staging = copyToStaging(original);
		trigger.close.faults.order({
			kind: 'status',
			status: 403,
			match: { path: before.id },
			times: Infinity,
		});
		await trigger.n8n.activate(staging);
		expect(list()).toHaveLength(2);
		await trigger.n8n.deactivate(staging);
		trigger.close.faults.clear();
		expect(only()).toMatchObject(before);
	});

	test('is not adopted, though Close calls it a duplicate', async () => {
		const staging = copyToStaging(original);
		staging.stored = '{}';
		trigger.close.faults.order({
			kind: 'status',
			status: 400,
			body: { error: `Duplicate active subscription. Existing duplicates are: ${before.id}` },
			match: { method: 'POST' },
			times: Infinity,
		});
		await expect(trigger.n8n.activate(staging)).rejects.toThrow(
			/^Close did not create the webhook subscription: Duplicate/,
		);
		expect(only()).toMatchObject(before);
	});

	test('that was ours is left alone once somebody turned it to another address', async () => {
		const elsewhere = 'https://other.example/webhook/x/webhook';
		await trigger.api.put(`/webhook/${before.id}/`, { url: elsewhere });
		const turned = copy(only());
		await trigger.n8n.restart();
		expect(list()).toHaveLength(2);
		expect(list()[0]).toMatchObject(turned);
		expect(trigger.n8n.log).toEqual([expect.stringContaining(elsewhere), SINCE_UNKNOWN]);
		await trigger.api.put(`/webhook/${list()[1].id}/`, { url: `${elsewhere}2` });
		await trigger.n8n.deactivate(original);
		expect(list()).toHaveLength(2);
		expect(stored(original)).not.toHaveProperty('subscriptionId');
	});
});

describe('when the address of n8n has moved', () => {
	test('the trigger makes a new subscription there, and says once which one it left', async () => {
		const workflow = await trigger.active({ events: ['received'] });
		const old = copy(only());
		moveN8n();
		await trigger.n8n.restart();
		expect(list()[0]).toMatchObject(old);
		expect(list()[1].url).toBe(trigger.n8n.urlOf(workflow));
		expect(trigger.n8n.log).toEqual([
			expect.stringContaining(old.id),
			expect.stringMatching(/^What happened before \S+ does not start the workflow: .*address/),
		]);
		expect(trigger.n8n.log[0]).toContain(old.url);
		await hear();
		expect(names(workflow)).toEqual(['received']);
		// Close called the old address too, which leads here as well.
		expect(trigger.n8n.log).toHaveLength(3);
		expect(trigger.n8n.log[2]).toMatch(
			/^A call that looks like one of Close was refused\..*another address/,
		);

		const before = trigger.wire().length;
		await trigger.n8n.restart();
		expect(trigger.wire().slice(before)).toEqual([`GET /webhook/${list()[1].id}/`]);
		expect(trigger.n8n.log).toHaveLength(3);
		await trigger.n8n.deactivate(workflow);
		expect(only()).toMatchObject(old);
	});

	test('each event starts the workflow once, though both subscriptions deliver it at one moment and static data is written back', async () => {
		const workflow = await trigger.active({ events: ['received'] });
		const old = workflow.stored;
		moveN8n();
		await trigger.n8n.restart();
		const present = workflow.stored;
		const all: string[] = [];
		for (const order of [
			[old, present],
			[present, old],
			[old, old],
		]) {
			const events = ['a', 'b', 'c'].map((name) => eventOf(`ev_${all.length}_${name}`));
			all.push(...events.map(({ id }) => id));
			// Which subscription a test delivers for is what is stored just then.
			const deliveries = order.map(async (stored) => {
				workflow.stored = stored;
				return await Promise.all(
					events.map(async (event) => await trigger.deliverEvent(workflow, event)),
				);
			});
			// One of the two is the earlier one; the other is refused, or told to come again.
			for (const statuses of await Promise.all(deliveries))
				for (const status of statuses) expect([200, 401, 503]).toContain(status);
			workflow.stored = present;
			for (const event of events) expect(await trigger.deliverEvent(workflow, event)).toBe(200);
		}
		await trigger.n8n.executed();
		expect(workflow.runs.map(({ event }) => (event as { id: string }).id).sort()).toEqual(
			all.sort(),
		);
	});

	test('because its node was pasted, nothing is said of the subscription that this n8n removes itself', async () => {
		const workflow = await trigger.active({ events: ['received'] });
		const { id, url } = only();
		await trigger.n8n.publishAgain(workflow, { webhookId: 'pasted' });
		expect(trigger.n8n.log.join()).not.toContain(id);
		await trigger.n8n.process.removeNow(url);
		expect(only().url).toBe(trigger.n8n.urlOf(workflow));
	});

	test('what was processed at the old address does not start the workflow again', async () => {
		const workflow = await trigger.active({ events: ['received'] });
		trigger.close.webhooks.hold();
		await hear();
		const [{ event }] = trigger.close.webhooks.deliveries;
		moveN8n();
		await trigger.n8n.restart();
		expect(await trigger.deliverEvent(workflow, { ...event, id: 'ev_other' })).toBe(200);
		expect(workflow.runs).toHaveLength(1);
	});
});

describe('doubled subscriptions for our own address', () => {
	const double = async () => {
		const workflow = await trigger.active({ events: ['received'] });
		const first = only();
		await trigger.api.put(`/webhook/${first.id}/`, { status: 'paused' });
		const { data: second } = await trigger.api.post('/webhook/', {
			url: first.url,
			events: [{ object_type: 'activity.sms', action: 'created' }],
		});
		workflow.stored = '{}';
		const nameBoth = {
			kind: 'status' as const,
			status: 400,
			body: {
				error: `Duplicate active subscription. Existing duplicates are: ${first.id}, ${second.id}`,
			},
			match: { method: 'POST' },
		};
		return { workflow, first, second, nameBoth };
	};

	test('become one, which starts the workflow once', async () => {
		const { workflow, first, nameBoth } = await double();
		trigger.close.faults.order(nameBoth);
		await trigger.n8n.restart();
		expect(only()).toMatchObject({ id: first.id, status: 'active' });
		await hear();
		expect(names(workflow)).toEqual(['received']);
	});

	test('all go when Close shows none of their keys, and a new one is made', async () => {
		const { workflow, first, second, nameBoth } = await double();
		trigger.close.faults.order(nameBoth);
		for (const { id, url } of [first, second])
			trigger.close.faults.order({
				kind: 'status',
				status: 200,
				body: { id, url, status: 'active', events: [] },
				match: { method: 'GET', path: id },
			});
		await trigger.n8n.restart();
		expect([first.id, second.id]).not.toContain(only().id);
		await hear();
		expect(names(workflow)).toEqual(['received']);
	});
});

test('a subscription of the test URL and that of production do not touch each other', async () => {
	const workflow = await trigger.active({ events: ['received'] });
	const production = copy(only());
	await trigger.n8n.listen(workflow);
	moveN8n();
	await trigger.n8n.stopListening(workflow);
	expect(list()).toHaveLength(2);
	expect(list()[0]).toMatchObject(production);
});
