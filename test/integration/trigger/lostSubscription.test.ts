import axios from 'axios';
import { signature } from '../../../dev/simulator';
import { eventOf, setUpTrigger } from './setUpTrigger';
import type { TestWorkflow } from './testN8n';

const trigger = setUpTrigger();
const RECEIVED = { events: ['received'], output: 'raw' };
const only = () => {
	expect(trigger.close.webhooks.list()).toHaveLength(1);
	return trigger.close.webhooks.list()[0];
};
const idsOf = ({ runs }: TestWorkflow) => runs.map(({ id }) => id);

/** Delivers an event as Close does for the subscription that it has; returns the status of n8n's response. */
const deliver = async (
	workflow: TestWorkflow,
	event: object,
	{ id, signature_key: key }: { id: string; signature_key: string } = only(),
) => {
	const body = JSON.stringify({ event, subscription_id: id });
	const timestamp = String(Math.floor(Date.now() / 1000));
	const headers = {
		'content-type': 'application/json',
		'close-sig-timestamp': timestamp,
		'close-sig-hash': signature(key, timestamp, body),
	};
	const options = { headers, proxy: false, validateStatus: () => true } as const;
	const { status } = await axios.post(trigger.n8n.urlOf(workflow), body, options);
	await trigger.n8n.settled();
	return status;
};
/** A workflow that was published anew, and into whose static data another execution wrote back what it had loaded. */
const withOldStaticData = async () => {
	const workflow = await trigger.active(RECEIVED);
	const { stored } = workflow;
	await trigger.n8n.deactivate(workflow);
	await trigger.n8n.activate(workflow);
	workflow.stored = stored;
	trigger.n8n.log.length = 0;
	return workflow;
};
const lookUps = () => trigger.wire().filter((line) => line.startsWith('GET /webhook/'));

test('a delivery changes nothing of the static data, so nothing of another node or of a newer subscription', async () => {
	const workflow = await trigger.active(RECEIVED);
	const stored = JSON.parse(workflow.stored) as object;
	const newer = JSON.stringify({ ...stored, 'node:Another': { cursor: 1 } });
	const delivery = trigger.deliverEvent(workflow, eventOf('ev_1'));
	workflow.stored = newer;
	expect(await delivery).toBe(200);
	expect(workflow.stored).toBe(newer);
});

describe('a subscription that n8n lost track of, because old static data was written back', () => {
	test('is still known to the process that made it, without asking Close', async () => {
		const workflow = await withOldStaticData();
		const before = lookUps().length;
		expect(await deliver(workflow, eventOf('ev_1'))).toBe(200);
		expect(idsOf(workflow)).toEqual(['ev_1']);
		expect(lookUps()).toHaveLength(before);
	});

	test('is looked up once by another process, adopted, and named in the log', async () => {
		const workflow = await withOldStaticData();
		await trigger.n8n.switchProcess();
		const before = lookUps().length;
		const statuses = await Promise.all(
			['ev_1', 'ev_2', 'ev_3'].map(async (id) => await deliver(workflow, eventOf(id))),
		);
		expect(await deliver(workflow, eventOf('ev_4'))).toBe(200);
		expect(statuses).toEqual([200, 200, 200]);
		expect(idsOf(workflow).sort()).toEqual(['ev_1', 'ev_2', 'ev_3', 'ev_4']);
		expect(lookUps().slice(before)).toEqual([`GET /webhook/${only().id}/`]);
		expect(trigger.n8n.log).toEqual([
			`n8n had lost track of the webhook subscription ${only().id} at Close. It is for this trigger, so it is used from now on.`,
		]);
	});

	test('is looked up again a minute after Close did not answer', async () => {
		const workflow = await withOldStaticData();
		await trigger.n8n.switchProcess();
		trigger.close.faults.order({ kind: 'status', status: 500, match: { path: '/webhook/' } });
		expect(await deliver(workflow, eventOf('ev_1'))).toBe(401);
		expect(await deliver(workflow, eventOf('ev_1'))).toBe(401);
		const now = Date.now();
		const clock = jest.spyOn(Date, 'now').mockImplementation(() => now + 61_000);
		expect(await deliver(workflow, eventOf('ev_1'))).toBe(200);
		clock.mockRestore();
		expect(idsOf(workflow)).toEqual(['ev_1']);
	});

	test('goes when the workflow is unpublished', async () => {
		const workflow = await withOldStaticData();
		await trigger.n8n.deactivate(workflow);
		expect(trigger.close.webhooks.list()).toEqual([]);
	});

	test('goes when the workflow is unpublished, also after a restart', async () => {
		const workflow = await withOldStaticData();
		await trigger.n8n.switchProcess();
		await trigger.n8n.deactivate(workflow);
		expect(trigger.close.webhooks.list()).toEqual([]);
	});

	test('is taken over when n8n starts', async () => {
		const workflow = await withOldStaticData();
		const { id } = only();
		await trigger.n8n.restart();
		expect(only().id).toBe(id);
		expect(trigger.n8n.stored(workflow)).toMatchObject({ subscriptionId: id });
	});
});

describe('a call that names a subscription of somebody else', () => {
	const KEY = 'ab'.repeat(32);

	test('is refused, also when it is signed with the key of that subscription', async () => {
		const workflow = await trigger.active(RECEIVED);
		const { data: foreign } = await trigger.api.post('/webhook/', {
			url: 'https://example.com/hook',
			events: [{ object_type: 'activity.sms', action: 'created' }],
		});
		expect(await deliver(workflow, eventOf('ev_1'), foreign)).toBe(401);
		expect(idsOf(workflow)).toEqual([]);
		expect(trigger.n8n.log).toEqual([
			`A call that looks like one of Close was refused. It is about the webhook subscription ${foreign.id}, which is not this trigger's: it is for another address, at example.com. If messages are missing, unpublish the workflow and publish it again. (Logged once an hour at most.)`,
		]);
	});

	test('is refused when it names ours and is signed with another key', async () => {
		const workflow = await trigger.active(RECEIVED);
		expect(await deliver(workflow, eventOf('ev_1'), { id: only().id, signature_key: KEY })).toBe(
			401,
		);
		expect(idsOf(workflow)).toEqual([]);
		expect(trigger.n8n.log).toHaveLength(1);
		expect(trigger.n8n.log[0]).toContain('its key did not sign the call');
	});

	test('a thousand of them make five requests to Close and one line in the log', async () => {
		const workflow = await trigger.active(RECEIVED);
		const before = lookUps().length;
		for (let index = 0; index < 1000; index++) {
			const named = { id: `whsub_${index}`, signature_key: KEY };
			expect(await deliver(workflow, eventOf('ev_1'), named)).toBe(401);
		}
		expect(lookUps().length - before).toBe(5);
		expect(trigger.n8n.log).toHaveLength(1);
		expect(await deliver(workflow, eventOf('ev_1'))).toBe(200);
	});
});

test('a key that was changed at Close is taken over with the next delivery', async () => {
	const workflow = await trigger.active(RECEIVED);
	const changed = 'cd'.repeat(32);
	trigger.close.webhooks.list()[0].signature_key = changed;
	expect(await deliver(workflow, eventOf('ev_1'))).toBe(200);
	expect(idsOf(workflow)).toEqual(['ev_1']);
});

describe('a subscription that stays at Close is named in the log, with what to do', () => {
	test('the key was revoked before the workflow was unpublished', async () => {
		const workflow = await trigger.active(RECEIVED);
		const { id, url } = only();
		trigger.n8n.credential = { apiKey: 'api_revoked.x' };
		await trigger.n8n.deactivate(workflow);
		expect(trigger.n8n.log).toEqual([
			expect.stringMatching(
				new RegExp(
					`^The webhook subscription ${id} at Close, for ${url}, was not removed: .*DELETE /webhook/${id}/`,
				),
			),
		]);
		expect(trigger.n8n.stored(workflow)).toMatchObject({ subscriptionId: id });
	});

	test("the key was replaced by another organization's, and the workflow is published anew", async () => {
		const workflow = await trigger.active(RECEIVED);
		const { id, url } = only();
		trigger.close.webhooks.reset();
		await trigger.n8n.restart();
		expect(trigger.n8n.log).toEqual([
			expect.stringMatching(
				new RegExp(
					`^Close does not show the webhook subscription ${id}, for ${url}, to the credential.*another organization`,
				),
			),
			expect.stringMatching(/it is not known since when/),
		]);
		expect(only().id).not.toBe(id);
		expect(trigger.n8n.stored(workflow)).toMatchObject({ subscriptionId: only().id });
	});

	test("the key was replaced by another organization's, and the workflow is unpublished", async () => {
		const workflow = await trigger.active(RECEIVED);
		const { id } = only();
		trigger.close.webhooks.reset();
		await trigger.n8n.deactivate(workflow);
		expect(trigger.n8n.log).toEqual([
			expect.stringMatching(new RegExp(`^Close does not show the webhook subscription ${id}`)),
		]);
	});
});
