import { waitUntil } from '../../dev/n8n/waitUntil';
import {
	CALLERS,
	isQuiet,
	limitOf,
	NO_LIMIT,
	restartUnderLoad,
	TEXTS,
} from './deliverThroughRestart';
import { setUpRestart } from './setUpRestart';

const MINUTES = 60_000;

const restarting = setUpRestart();

test.each([
	['no limit', 'SIGTERM', 'stop', NO_LIMIT],
	['no limit', 'SIGKILL', 'kill', NO_LIMIT],
	['a limit of 3 executions', 'SIGTERM', 'stop', limitOf(3)],
	['a limit of 3 executions', 'SIGKILL', 'kill', limitOf(3)],
] as const)(
	`with %s and a restart by %s, none of ${TEXTS} texts starts the workflow twice, and none is missing but what was running when n8n was killed, or what n8n accepted while it was starting`,
	async (limit, signal, how, env) => {
		const { close, n8n, receiver } = restarting();
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
