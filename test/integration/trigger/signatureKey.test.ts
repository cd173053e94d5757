import { names, setUpTrigger } from './setUpTrigger';
import type { TestWorkflow } from './testN8n';

const trigger = setUpTrigger();
const only = () => {
	expect(trigger.close.webhooks.list()).toHaveLength(1);
	return trigger.close.webhooks.list()[0];
};
const hear = async () => {
	trigger.close.receive({ from: '+14155550102', text: 'Hello' });
	await trigger.deliver();
};
const stored = (workflow: TestWorkflow) => trigger.n8n.stored(workflow);

describe('the key of the signature', () => {
	const withoutKey = ({ id, url, status, events }: ReturnType<typeof only>) => ({
		kind: 'status' as const,
		status: 200,
		body: { id, url, status, events },
	});

	test('that was changed at Close is taken over at the next start', async () => {
		const workflow = await trigger.active({ events: ['received'] });
		only().signature_key = 'ab'.repeat(32);
		const before = trigger.wire().length;
		await trigger.n8n.restart();
		expect(trigger.wire().slice(before)).toEqual([`GET /webhook/${only().id}/`]);
		await hear();
		expect(names(workflow)).toEqual(['received']);
	});

	test('a signature key that is missing here is read from Close', async () => {
		const workflow = await trigger.active({ events: ['received'] });
		workflow.stored = workflow.stored.replace(/"signatureKey":"\w+",?/, '');
		expect(stored(workflow).signatureKey).toBeUndefined();
		await trigger.n8n.restart();
		expect(stored(workflow).signatureKey).toBe(only().signature_key);
	});

	test('that Close does not show is the one we have', async () => {
		const workflow = await trigger.active({ events: ['received'] });
		const { id } = only();
		trigger.close.faults.order({ ...withoutKey(only()), match: { method: 'GET' } });
		await trigger.n8n.restart();
		expect(only().id).toBe(id);
		await hear();
		expect(names(workflow)).toEqual(['received']);
	});

	test.each(['', '****', null, 7])('shown as %p is not one', async (signature_key) => {
		const workflow = await trigger.active({ events: ['received'] });
		const { body, ...shown } = withoutKey(only());
		trigger.close.faults.order({
			...shown,
			body: { ...body, signature_key },
			match: { method: 'GET' },
		});
		await trigger.n8n.restart();
		await hear();
		expect(names(workflow)).toEqual(['received']);
	});

	test('that nobody has: the subscription is replaced', async () => {
		const workflow = await trigger.active({ events: ['received'] });
		workflow.stored = workflow.stored.replace(/"signatureKey":"\w+",?/, '');
		const old = only();
		trigger.close.faults.order({
			...withoutKey(old),
			match: { method: 'GET', path: old.id },
			times: 2,
		});
		await trigger.n8n.restart();
		expect(only().id).not.toBe(old.id);
		await hear();
		expect(names(workflow)).toEqual(['received']);
	});

	test('that Close does not give to a new one: an error, and nothing is left at Close', async () => {
		trigger.close.faults.order({
			kind: 'status',
			status: 201,
			applied: true,
			body: { id: 'whsub_x', url: 'x', status: 'active', events: [] },
			match: { method: 'POST', path: '/webhook/' },
		});
		const workflow = trigger.n8n.add({ events: ['received'] });
		await expect(trigger.n8n.activate(workflow)).rejects.toMatchObject({
			message: 'Close did not return the signature key of the webhook subscription',
		});
		expect(trigger.wire()).toEqual(['POST /webhook/', 'DELETE /webhook/whsub_x/']);
		expect(stored(workflow)).toEqual({});
	});

	test('that is missing while Close cannot be asked: an error, so that n8n tries again', async () => {
		const workflow = await trigger.active({ events: ['received'] });
		workflow.stored = workflow.stored.replace(/"signatureKey":"\w+",?/, '');
		trigger.close.faults.order({ kind: 'status', status: 403, match: { path: '/webhook/' } });
		await expect(trigger.n8n.restart()).rejects.toThrow(/^Close did not show/);
	});
});
