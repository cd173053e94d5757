import type { IDataObject, INode } from 'n8n-workflow';
import { randomUUID, speedUpTime, wait } from '../../../dev/platform';
import { waitUntil } from '../../../dev/n8n/waitUntil';
import { startSimulator, type Simulator } from '../../../dev/simulator';
import { simulatorCredential } from '../../../dev/simulator/credential';
import { backIn, CATCH_UP, CAUGHT_UP, hearFrom, HOUR, MINUTE, texts } from './setUpCatchUp';
import { setUpTrigger } from './setUpTrigger';
import { deduplicator, type TestWorkflow } from './testN8n';

speedUpTime(60);
const trigger = setUpTrigger();
const FROM = '+14155550102';
const hear = hearFrom(trigger);
const log = () => trigger.n8n.log.join('\n');
const caughtUp = async () => {
	await waitUntil(async () => CAUGHT_UP.test(log()), 1_200_000);
	// An execution that takes long holds up nothing, the end of the catch-up neither.
	await trigger.n8n.executed();
};
/** As long as a catch-up would take that is not wanted. */
const nothingMore = async () => {
	await wait(2 * MINUTE);
	await trigger.n8n.settled();
};

/** A trigger that was published five hours ago, and was told of a text then. */
const atWork = async (parameters: typeof CATCH_UP = CATCH_UP) =>
	await backIn(5 * HOUR, async () => {
		const workflow = await trigger.active(parameters);
		trigger.close.clock.advance(1000);
		hear('answered');
		await trigger.deliver();
		return workflow;
	});

/** A trigger that caught up on a text two hours ago. */
const atWorkAfterNight = async () => {
	const workflow = await backIn(12 * HOUR, async () => {
		const active = await trigger.active(CATCH_UP);
		await trigger.n8n.deactivate(active);
		return active;
	});
	await backIn(10 * HOUR, async () => hear('answered'));
	await backIn(2 * HOUR, async () => {
		await trigger.n8n.activate(workflow);
		await caughtUp();
	});
	trigger.n8n.log.length = 0;
	return workflow;
};

const moveToAnotherAddress = () => {
	trigger.n8n.publicUrl = trigger.n8n.publicUrl.replace('127.0.0.1', 'localhost');
};

const STARTS_ANEW =
	/What happened before \S+ does not start the workflow: n8n had stored what another n8n, workflow, node or address was to catch up on, and it is not known here what has started the workflow before\. If somebody may be waiting for an answer, look in Close at what came in before\./;

describe('Catch Up: what is stored is of another trigger', () => {
	const pasted = (): Partial<INode> => ({ id: randomUUID(), webhookId: randomUUID() });

	test.each([
		[
			'published anew',
			async (workflow: TestWorkflow) => await trigger.n8n.publishAgain(workflow, pasted()),
		],
		[
			'published anew under the same address, then n8n starts',
			async (workflow: TestWorkflow) => {
				await trigger.n8n.publishAgain(workflow, { id: randomUUID() });
				await wait(MINUTE);
				await trigger.n8n.restart();
			},
		],
		[
			'unpublished, then published',
			async (workflow: TestWorkflow) => {
				await trigger.n8n.deactivate(workflow);
				Object.assign(workflow.node, pasted());
				await trigger.n8n.activate(workflow);
			},
		],
	])('a node that was cut and pasted, %s, starts nothing again and says so', async (_, act) => {
		const workflow = await atWorkAfterNight();
		hear('just now');
		await trigger.deliver();
		await wait(MINUTE);
		await act(workflow);
		await nothingMore();
		expect(texts(workflow)).toEqual(['answered', 'just now']);
		expect(log()).toMatch(STARTS_ANEW);
	});

	test('a pasted node catches up on what it misses itself', async () => {
		const workflow = await atWorkAfterNight();
		await trigger.n8n.publishAgain(workflow, pasted());
		await trigger.n8n.deactivate(workflow);
		await wait(MINUTE);
		hear('missed');
		await trigger.n8n.activate(workflow);
		await caughtUp();
		expect(texts(workflow)).toEqual(['answered', 'missed']);
	});

	test('a node that has another name catches up as before', async () => {
		const workflow = await atWork();
		await trigger.n8n.deactivate(workflow);
		workflow.node.name = 'Another name';
		hear('missed');
		await trigger.n8n.activate(workflow);
		await caughtUp();
		expect(texts(workflow)).toEqual(['answered', 'missed']);
	});

	test.each([
		['after it was exported unpublished', true],
		['as it was while it was published', false],
	])('another n8n, %s, starts nothing again and says so', async (_, isUnpublished) => {
		const workflow = await atWork();
		if (isUnpublished) await trigger.n8n.unregister(workflow);
		deduplicator.rows.clear();
		moveToAnotherAddress();
		await trigger.n8n.switchProcess();
		await trigger.n8n.activate(workflow);
		await nothingMore();
		expect(texts(workflow)).toEqual(['answered']);
		expect(log()).toMatch(STARTS_ANEW);
	});

	test('another n8n at the same address, after it was exported unpublished, starts nothing again and says so', async () => {
		const workflow = await atWork();
		hear('just now');
		await trigger.deliver();
		await trigger.n8n.deactivate(workflow);
		deduplicator.rows.clear();
		trigger.n8n.instanceId = 'another n8n';
		await trigger.n8n.switchProcess();
		await trigger.n8n.activate(workflow);
		await nothingMore();
		expect(texts(workflow)).toEqual(['answered', 'just now']);
		expect(log()).toMatch(STARTS_ANEW);
	});

	describe('what was exported while the workflow was published is imported into an empty database at the same address', () => {
		const IMPORTED =
			/What happened before \S+ does not start the workflow: what n8n has stored of it is from when it was published, as in an export, and it is not known/;
		const importAnew = async (workflow: TestWorkflow, stored: string) => {
			deduplicator.rows.clear();
			workflow.stored = stored;
			await trigger.n8n.switchProcess();
			await trigger.n8n.activate(workflow);
		};

		test('after Close had lost its subscription: nobody is answered again', async () => {
			const workflow = await atWork();
			const { stored } = workflow;
			await trigger.n8n.deactivate(workflow);
			await importAnew(workflow, stored);
			await nothingMore();
			expect(texts(workflow)).toEqual(['answered']);
			expect(log()).toMatch(IMPORTED);
		});

		test('and n8n starts at once: nobody is answered again, and what comes then is caught up on', async () => {
			const workflow = await atWork();
			hear('just now');
			await trigger.deliver();
			await importAnew(workflow, workflow.stored);
			await trigger.n8n.restart();
			await caughtUp();
			expect(texts(workflow)).toEqual(['answered', 'just now']);
			expect(log()).toMatch(IMPORTED);
			await trigger.n8n.deactivate(workflow);
			hear('missed');
			await trigger.n8n.activate(workflow);
			await waitUntil(async () => texts(workflow).length > 2, 1_200_000);
			expect(texts(workflow)).toEqual(['answered', 'just now', 'missed']);
		});
	});

	test('an execution has written back what was stored before the workflow was unpublished: it catches up all the same', async () => {
		const workflow = await atWork();
		const { stored } = workflow;
		await trigger.n8n.deactivate(workflow);
		workflow.stored = stored;
		hear('missed');
		await trigger.n8n.activate(workflow);
		await caughtUp();
		expect(texts(workflow)).toEqual(['answered', 'missed']);
	});

	test('n8n publishes once more, because another trigger of the workflow failed: it catches up all the same', async () => {
		const workflow = await atWork();
		await trigger.n8n.deactivate(workflow);
		hear('missed');
		trigger.close.faults.order({ kind: 'status', status: 403, match: { path: '/event/' } });
		await trigger.n8n.activate(workflow);
		await waitUntil(async () => /could not catch up/.test(log()), 1_200_000);
		await workflow.stopTrigger?.();
		await trigger.n8n.activate(workflow);
		await caughtUp();
		expect(texts(workflow)).toEqual(['answered', 'missed']);
	});

	test('a backup that starts at another address starts nothing again and says so', async () => {
		const workflow = await backIn(8 * HOUR, async () => await trigger.active(CATCH_UP));
		const { stored } = workflow;
		await backIn(5 * HOUR, async () => {
			hear('answered after the backup');
			await trigger.deliver();
		});
		deduplicator.rows.clear();
		workflow.stored = stored;
		moveToAnotherAddress();
		await trigger.n8n.restart();
		await nothingMore();
		expect(texts(workflow)).toEqual(['answered after the backup']);
		expect(log()).toMatch(STARTS_ANEW);
	});

	test('a copy of the workflow with what was stored of it starts nothing', async () => {
		const workflow = await atWork();
		const copy = trigger.n8n.add(workflow.node.parameters);
		copy.stored = workflow.stored;
		copy.node.id = workflow.node.id;
		await trigger.n8n.activate(copy);
		await nothingMore();
		expect(texts(copy)).toEqual([]);
		expect(log()).toMatch(STARTS_ANEW);
	});

	test('what was stored is gone when n8n starts: the log says so, and it catches up from then on', async () => {
		const workflow = await atWork();
		workflow.stored = '{}';
		await trigger.n8n.restart();
		await nothingMore();
		expect(texts(workflow)).toEqual(['answered']);
		expect(log()).toMatch(/before \S+ does not start the workflow: n8n has nothing stored of it/);
		await trigger.n8n.deactivate(workflow);
		hear('missed');
		await trigger.n8n.activate(workflow);
		await caughtUp();
		expect(texts(workflow)).toEqual(['answered', 'missed']);
	});

	test('nothing is said when a workflow is published for the first time, and again', async () => {
		const workflow = await trigger.active(CATCH_UP);
		await trigger.n8n.publishAgain(workflow, {});
		await trigger.n8n.restart();
		expect(log()).not.toMatch(/does not start the workflow/);
	});
});

describe("Catch Up: the credential's key was replaced", () => {
	let other: Simulator;
	beforeAll(async () => void (other = await startSimulator()));
	beforeEach(() => other.reset());
	afterAll(async () => await other.stop());
	const ofOther = () => {
		other.addApiKey();
		trigger.n8n.credential = simulatorCredential(other) as unknown as IDataObject;
	};
	const heardByOther = async () => {
		await backIn(3 * HOUR, async () => void other.receive({ from: FROM, text: 'hours ago' }));
		other.receive({ from: FROM, text: 'just now' });
		other.clock.advance(1000);
		await wait(2000);
	};

	test.each<[string, (workflow: TestWorkflow) => Promise<void>]>([
		['n8n starts', async () => await trigger.n8n.restart()],
		['it is published anew', async (workflow) => await trigger.n8n.publishAgain(workflow, {})],
		[
			'it was unpublished, and is published',
			async (workflow) => {
				await trigger.n8n.unregister(workflow);
				await trigger.n8n.activate(workflow);
			},
		],
		[
			'n8n starts while Close cannot be asked',
			async () => {
				other.faults.order({ kind: 'status', status: 401, match: { path: '/webhook/' } });
				await trigger.n8n.restart();
			},
		],
		['another main process takes over', async () => await trigger.n8n.takeOver({ checks: false })],
	])('by one of another organization, and %s: nobody there is answered', async (_, act) => {
		const workflow = await atWorkAfterNight();
		await heardByOther();
		ofOther();
		await act(workflow);
		await nothingMore();
		expect(texts(workflow)).toEqual(['answered']);
		expect(log()).toMatch(/the (trigger's )?credential has another key/);
	});

	test('by one of another organization, and back: nobody is answered again in either', async () => {
		const workflow = await atWork();
		hear('before');
		await trigger.deliver();
		await trigger.n8n.deactivate(workflow);
		const own = trigger.n8n.credential;
		await heardByOther();
		ofOther();
		await trigger.n8n.activate(workflow);
		await trigger.n8n.deactivate(workflow);
		trigger.n8n.credential = own;
		hear('meanwhile');
		// The simulated Close's clock is a little ahead.
		await wait(MINUTE);
		await trigger.n8n.activate(workflow);
		await nothingMore();
		expect(texts(workflow)).toEqual(['answered', 'before']);
		expect(log().match(/the credential has another key/g)).toHaveLength(2);
		await trigger.n8n.deactivate(workflow);
		hear('missed');
		await trigger.n8n.activate(workflow);
		await caughtUp();
		expect(texts(workflow)).toEqual(['answered', 'before', 'missed']);
	});

	test('by another one of the same organization, and it was unpublished since: it catches up as before', async () => {
		const workflow = await atWork();
		trigger.close.addApiKey();
		await trigger.n8n.deactivate(workflow);
		hear('missed');
		await trigger.n8n.activate(workflow);
		await caughtUp();
		expect(texts(workflow)).toEqual(['answered', 'missed']);
	});

	test('by another one of the same organization: it catches up as before', async () => {
		const workflow = await atWork();
		trigger.n8n.isMigrating = true;
		hear('missed');
		await trigger.deliver();
		trigger.n8n.isMigrating = false;
		trigger.close.addApiKey();
		await trigger.n8n.restart();
		await caughtUp();
		expect(texts(workflow)).toEqual(['answered', 'missed']);
	});
});
