import { startN8n, type N8n } from '../../dev/n8n/n8n';
import { waitUntil } from '../../dev/n8n/waitUntil';
import { say } from '../../dev/platform';
import { startSimulator, type Simulator } from '../../dev/simulator';
import {
	CALLERS,
	countTold,
	countUnsuccessful,
	deliverThroughRestart,
	isQuiet,
	startReceiver,
	TEXTS,
	workflowThatTells,
} from './deliverThroughRestart';

const MINUTES = 60_000;

let close: Simulator;
let n8n: N8n;
let receiver: Awaited<ReturnType<typeof startReceiver>>;

beforeAll(async () => {
	close = await startSimulator();
	receiver = await startReceiver();
	n8n = await startN8n();
}, 5 * MINUTES);

const activated: string[] = [];
afterEach(async () => {
	for (const id of activated.splice(0)) await n8n.deactivate(id);
	close.reset();
});

afterAll(async () => {
	await n8n.stop();
	await receiver.stop();
	await close.stop();
});

const NO_LIMIT = { N8N_CONCURRENCY_PRODUCTION_LIMIT: '-1' };
const LIMIT = { N8N_CONCURRENCY_PRODUCTION_LIMIT: '3' };

test.each([
	['no limit', 'SIGTERM', 'stop', NO_LIMIT],
	['no limit', 'SIGKILL', 'kill', NO_LIMIT],
	['a limit of 3 executions', 'SIGTERM', 'stop', LIMIT],
	['a limit of 3 executions', 'SIGKILL', 'kill', LIMIT],
] as const)(
	`with %s and a restart by %s, none of ${TEXTS} texts starts the workflow twice, and no more is missing than n8n may have been at work on`,
	async (limit, signal, how, env) => {
		const json = workflowThatTells(receiver.url);
		const workflowId = await n8n.importWorkflow(json, await n8n.addSimulatorCredential(close));
		if (env === LIMIT) await n8n.restart('stop', env);
		activated.push(workflowId);
		await n8n.activate(workflowId);
		await waitUntil(async () => close.webhooks.list().length === 1);

		await deliverThroughRestart(close.webhooks.list()[0], async () => await n8n.restart(how, env));
		await waitUntil(async () => await isQuiet(n8n, workflowId), 2 * MINUTES);

		const { twice, missing } = countTold(receiver.told(json.name));
		const counts = await countUnsuccessful(n8n, workflowId);
		say(
			`${limit}, ${signal}: ${TEXTS} texts, ${twice} twice, ${missing} missing, executions not successful: ${JSON.stringify(counts)}`,
		);
		expect(twice).toBe(0);
		// Killed: each caller can have one execution that runs, and one that n8n is still starting. Stopped with a limit: up
		// to 5 were missing in our runs, of which n8n has no execution although they were accepted; why is not known yet.
		const stopped = env === LIMIT ? CALLERS / 2 : 0;
		expect(missing).toBeLessThanOrEqual(how === 'kill' ? 2 * CALLERS : stopped);
	},
	5 * MINUTES,
);
