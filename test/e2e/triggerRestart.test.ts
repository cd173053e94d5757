import { startN8n, type N8n } from '../../dev/n8n/n8n';
import { waitUntil } from '../../dev/n8n/waitUntil';
import { fs } from '../../dev/platform';
import { startSimulator, type Simulator } from '../../dev/simulator';
import {
	activateIn,
	CALLERS,
	isQuiet,
	limitOf,
	NO_LIMIT,
	restartUnderLoad,
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

test.each([
	['no limit', 'SIGTERM', 'stop', NO_LIMIT],
	['no limit', 'SIGKILL', 'kill', NO_LIMIT],
	['a limit of 3 executions', 'SIGTERM', 'stop', limitOf(3)],
	['a limit of 3 executions', 'SIGKILL', 'kill', limitOf(3)],
] as const)(
	`with %s and a restart by %s, none of ${TEXTS} texts starts the workflow twice, and none is missing but what was running when n8n was killed, or what n8n accepted while it was starting`,
	async (limit, signal, how, env) => {
		const untilQuiet = async ({ id }: { id: string }) =>
			await waitUntil(async () => await isQuiet(n8n, id), 2 * MINUTES);
		const { twice, missing } = await restartUnderLoad(
			{ n8n, close, receiver, untilQuiet },
			`${limit}, ${signal}`,
			{ how, env },
		);
		expect(twice).toBe(0);
		// Each caller can have one execution that runs, and one that n8n is still starting.
		expect(missing).toBeLessThanOrEqual(how === 'kill' ? 2 * CALLERS : 0);
	},
	5 * MINUTES,
);

test(
	`with Catch Up and a restart by SIGKILL, none of ${TEXTS} texts starts the workflow twice, and none is missing but what n8n shows as crashed`,
	async () => {
		const caughtUp = async () =>
			(await fs.readFile(n8n.logFile, 'utf8')).split('The trigger has caught up on').length;
		const before = await caughtUp();
		const untilQuiet = async ({ id }: { id: string }) => {
			await waitUntil(async () => (await caughtUp()) > before, 3 * MINUTES);
			await waitUntil(async () => await isQuiet(n8n, id), 3 * MINUTES);
		};
		const { twice, missing, lostAtStart, unsuccessful } = await restartUnderLoad(
			{ n8n, close, receiver, untilQuiet },
			'no limit, SIGKILL, with Catch Up',
			{ how: 'kill', env: NO_LIMIT, trigger: { options: { catchUp: 24 } } },
		);
		expect(twice).toBe(0);
		expect(lostAtStart).toBe(0);
		expect(missing).toBeLessThanOrEqual(unsuccessful);
	},
	8 * MINUTES,
);

test(
	'with Catch Up, a text that n8n accepted while it was starting starts the workflow once n8n has started, once also over the next start',
	async () => {
		const catchesUp = workflowThatTells(receiver.url, { options: { catchUp: 24 } });
		const { id, name } = await activateIn({ n8n, close }, catchesUp);
		activated.push(id);
		const told = () => receiver.told(name).map(({ text }) => text);
		close.receive({ from: '+14155550102', text: 'Before' });
		await close.webhooks.deliverAll();
		await waitUntil(async () => told().length === 1);

		// As if Close had delivered it, and n8n had answered with 200 without looking at it.
		close.webhooks.hold();
		close.receive({ from: '+14155550102', text: 'Meanwhile' });
		for (let start = 1; start <= 2; start++) {
			await n8n.restart('stop', NO_LIMIT);
			await waitUntil(
				async () => (await n8n.countExecutions(id, 'success')) === 1 + 2 * start,
				2 * MINUTES,
			);
		}
		expect(told()).toEqual(['Before', 'Meanwhile']);
	},
	5 * MINUTES,
);
