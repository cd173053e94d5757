import { speedUpTime, wait } from '../../../dev/platform';
import { waitUntil } from '../../../dev/n8n/waitUntil';
import { setUpTrigger } from './setUpTrigger';
import type { TestWorkflow } from './testN8n';

speedUpTime(200);
const trigger = setUpTrigger();
const FROM = '+14155550102';
const CATCH_UP = { events: ['received'], options: { catchUp: 24 } };
const list = () => trigger.close.webhooks.list();
const texts = ({ runs }: TestWorkflow) => runs.map(({ text }) => text);
const log = () => trigger.n8n.log.join('\n');
const MINUTE = 60_000;
const hear = (text: string) => trigger.close.receive({ from: FROM, text });

/** n8n starts while Close shows no subscription. */
const startWithoutClose = async () => {
	const match = { path: '/webhook/' };
	trigger.close.faults.order({ kind: 'status', status: 401, match, times: Infinity });
	await trigger.n8n.restart();
	expect(log()).toMatch(/it is assumed to be as it was\. Close is asked again in a minute\.$/);
};

describe('when Close cannot be asked about the subscription as n8n starts', () => {
	test.each([
		[
			'that was paused is made active',
			async (id: string) => void (await trigger.api.put(`/webhook/${id}/`, { status: 'paused' })),
		],
		[
			'that is gone is made anew',
			async (id: string) => await trigger.api.delete(`/webhook/${id}/`),
		],
	])('it is asked again, and a subscription %s', async (_, act) => {
		const workflow = await trigger.active(CATCH_UP);
		await act(list()[0].id);
		hear('missed');
		await startWithoutClose();
		await wait(7 * MINUTE);
		expect(list().filter(({ status }) => status === 'active')).toEqual([]);
		trigger.close.faults.clear();
		await waitUntil(async () => list()[0]?.status === 'active', 40 * MINUTE);
		await waitUntil(async () => /The trigger has caught up on/.test(log()), 40 * MINUTE);
		hear('later');
		await trigger.deliver();
		// What happens while it catches up may come to the workflow that way.
		await waitUntil(async () => texts(workflow).length > 1, 40 * MINUTE);
		expect(texts(workflow)).toEqual(['missed', 'later']);
		expect(list()).toHaveLength(1);
	});

	test('what is stored of the workflow is not touched later: it may be another by then', async () => {
		const workflow = await trigger.active(CATCH_UP);
		await trigger.api.delete(`/webhook/${list()[0].id}/`);
		await startWithoutClose();
		const { stored } = workflow;
		trigger.close.faults.clear();
		await waitUntil(async () => list().length === 1, 40 * MINUTE);
		expect(workflow.stored).toBe(stored);
		await trigger.n8n.restart();
		expect(list()).toHaveLength(1);
		expect(trigger.n8n.stored(workflow).subscriptionId).toBe(list()[0].id);
	});

	test('it is asked no more when the workflow was unpublished', async () => {
		const workflow = await trigger.active(CATCH_UP);
		await startWithoutClose();
		trigger.close.faults.clear();
		await trigger.n8n.deactivate(workflow);
		const before = trigger.wire().length;
		await wait(10 * MINUTE);
		expect(list()).toEqual([]);
		expect(trigger.wire()).toHaveLength(before);
	});

	test('a subscription that is as it was is left alone, and Close is asked once', async () => {
		await trigger.active(CATCH_UP);
		await startWithoutClose();
		trigger.close.faults.clear();
		const before = trigger.wire().length;
		await wait(10 * MINUTE);
		expect(trigger.wire().slice(before)).toEqual([`GET /webhook/${list()[0].id}/`]);
	});
});
