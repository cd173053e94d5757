import { speedUpTime, wait } from '../../../dev/platform';
import { waitUntil } from '../../../dev/n8n/waitUntil';
import { backIn, CATCH_UP, CAUGHT_UP, hearFrom, HOUR, texts } from './setUpCatchUp';
import { setUpTrigger } from './setUpTrigger';

speedUpTime(60);
const trigger = setUpTrigger();

const hear = hearFrom(trigger);
const log = () => trigger.n8n.log.join('\n');
const caughtUp = async (times = 1) =>
	await waitUntil(
		async () => trigger.n8n.log.filter((line) => CAUGHT_UP.test(line)).length === times,
		1_200_000,
	);
const eventRequests = () => trigger.close.requests.filter(({ path }) => path === '/event/');
const deliveries = () => trigger.close.webhooks.deliveries.map(({ result }) => result);

/** Has n8n accept what Close delivers without looking at it, as it does while it is starting. */
const swallow = async (...all: string[]) => {
	trigger.n8n.isMigrating = true;
	hear(...all);
	await trigger.deliver();
	trigger.n8n.isMigrating = false;
};

describe('Catch Up: what n8n accepted while it was starting', () => {
	test('starts the workflow, each once, and nothing that has started it before', async () => {
		const workflow = await trigger.active(CATCH_UP);
		hear('before');
		await trigger.deliver();
		await swallow('one', 'two');
		expect(deliveries()).toEqual([200, 200, 200]);
		await trigger.n8n.restart();
		await caughtUp();
		expect(texts(workflow)).toEqual(['before', 'one', 'two']);
		expect(log()).toMatch(
			/^The trigger has caught up on \S+ to \S+, because n8n may accept events without looking at them while it is starting\. Executions started: 3;/m,
		);
	});

	test('does not start the workflow without the option, and nothing is read', async () => {
		const workflow = await trigger.active({ events: ['received'] });
		await swallow('one');
		await trigger.n8n.restart();
		await wait(120_000);
		expect(texts(workflow)).toEqual([]);
		expect(eventRequests()).toEqual([]);
	});

	test('starts once also if Close delivers it at the same time, before and after', async () => {
		const workflow = await trigger.active(CATCH_UP);
		await swallow('one', 'two', 'three', 'four');
		const happened = [...trigger.close.webhooks.happened];
		await trigger.n8n.restart();
		const deliverAll = async () =>
			await Promise.all(
				happened.slice(1).map(async (event) => await trigger.deliverEvent(workflow, event)),
			);
		await deliverAll();
		await waitUntil(async () => eventRequests().length > 0, 1_200_000);
		await deliverAll();
		await caughtUp();
		await deliverAll();
		await trigger.n8n.settled();
		expect(texts(workflow).sort()).toEqual(['four', 'one', 'three', 'two']);
	});

	test('starts only what is not older than a quarter of an hour before n8n started', async () => {
		const workflow = await trigger.active(CATCH_UP);
		await backIn(HOUR, async () => await swallow('old'));
		await swallow('new');
		await trigger.n8n.restart();
		await caughtUp();
		expect(texts(workflow)).toEqual(['new']);
	});

	test('starts nothing that happened before these events were wanted', async () => {
		hear('before it was published');
		const workflow = await trigger.active(CATCH_UP);
		await swallow('one');
		await trigger.n8n.restart();
		await caughtUp();
		expect(texts(workflow)).toEqual(['one']);
	});

	test('is read also when Close could not be asked about the subscription at the start', async () => {
		const workflow = await trigger.active(CATCH_UP);
		await swallow('one');
		trigger.close.faults.order({ kind: 'status', status: 401, match: { path: '/webhook/' } });
		await trigger.n8n.restart();
		await caughtUp();
		expect(texts(workflow)).toEqual(['one']);
	});

	test('is read again when the workflow is published anew before it was read', async () => {
		const workflow = await trigger.active(CATCH_UP);
		await swallow('one');
		await trigger.n8n.restart();
		await trigger.n8n.publishAgain(workflow, {
			parameters: { ...workflow.node.parameters, output: 'simplified' },
		});
		await caughtUp();
		expect(texts(workflow)).toEqual(['one']);
	});

	test('is not read when the workflow is published anew after it was read', async () => {
		const workflow = await trigger.active(CATCH_UP);
		await trigger.n8n.restart();
		await caughtUp();
		const before = eventRequests().length;
		await trigger.n8n.publishAgain(workflow, {});
		await wait(120_000);
		expect(eventRequests()).toHaveLength(before);
	});

	test('is left when other events are wanted now', async () => {
		const workflow = await trigger.active(CATCH_UP);
		await swallow('one');
		await trigger.n8n.restart();
		await trigger.n8n.publishAgain(workflow, {
			parameters: { ...workflow.node.parameters, events: ['received', 'sent'] },
		});
		await wait(120_000);
		expect(texts(workflow)).toEqual([]);
	});

	test('is read by each start for itself, not from the first one on', async () => {
		const workflow = await backIn(HOUR, async () => {
			const active = await trigger.active(CATCH_UP);
			await swallow('one');
			await trigger.n8n.restart();
			await caughtUp();
			return active;
		});
		await swallow('two');
		await trigger.n8n.restart();
		await caughtUp(2);
		expect(texts(workflow)).toEqual(['one', 'two']);
		expect(workflow.executions).toBe(2);
	});

	test('an execution that had begun when n8n was killed does not start again', async () => {
		const workflow = await trigger.active(CATCH_UP);
		hear('begun');
		await trigger.deliver();
		// Close got no response, and delivers it again as well.
		await trigger.n8n.restart();
		const [event] = trigger.close.webhooks.happened;
		await trigger.deliverEvent(workflow, event);
		await caughtUp();
		expect(texts(workflow)).toEqual(['begun']);
	});

	const refused = async () => {
		const workflow = await backIn(HOUR, async () => await trigger.active(CATCH_UP));
		await swallow('one');
		trigger.close.faults.order({
			kind: 'status',
			status: 403,
			match: { path: '/event/' },
			times: Infinity,
		});
		await trigger.n8n.restart();
		await waitUntil(async () => /could not catch up/.test(log()), 1_200_000);
		trigger.close.faults.clear();
		expect(log()).toMatch(
			/could not catch up.*403.*It was about what happened from \S+ to \S+, while n8n was starting\. To try it again, unpublish the workflow and publish it again within an hour/,
		);
		return workflow;
	};

	test('is read when the workflow is published anew, after Close did not show its events', async () => {
		const workflow = await refused();
		await backIn(-40 * 60_000, async () => {
			await trigger.n8n.publishAgain(workflow, {});
			await caughtUp();
		});
		expect(texts(workflow)).toEqual(['one']);
	});

	test('is not read more than an hour later, and the log says so once', async () => {
		const workflow = await refused();
		await backIn(-70 * 60_000, async () => {
			await trigger.n8n.publishAgain(workflow, {});
			await trigger.n8n.publishAgain(workflow, {});
			await wait(120_000);
		});
		expect(texts(workflow)).toEqual([]);
		expect(log().match(/does not read anymore what happened from/g)).toHaveLength(1);
	});
});
