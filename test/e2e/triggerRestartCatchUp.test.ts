import { waitUntil } from '../../dev/n8n/waitUntil';
import { fs } from '../../dev/platform';
import {
	activateIn,
	isQuiet,
	NO_LIMIT,
	restartUnderLoad,
	TEXTS,
	workflowThatTells,
} from './deliverThroughRestart';
import { setUpRestart } from './setUpRestart';

const MINUTES = 60_000;

const restarting = setUpRestart();

test(
	`with Catch Up and a restart by SIGKILL, none of ${TEXTS} texts starts the workflow twice, and none is missing but what n8n shows as crashed`,
	async () => {
		const { close, n8n, receiver } = restarting();
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
		const { close, n8n, receiver } = restarting();
		const catchesUp = workflowThatTells(receiver.url, { options: { catchUp: 24 } });
		const { id, name } = await activateIn({ n8n, close }, catchesUp);
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
		await n8n.deactivate(id);
	},
	5 * MINUTES,
);
