import { waitUntil } from '../../dev/n8n/waitUntil';
import {
	isQuiet,
	limitOf,
	NO_LIMIT,
	restartUnderLoad,
	TEXTS,
	untilQuietAfterCrash,
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
	`with %s and a restart by %s, none of ${TEXTS} texts starts the workflow twice, and none is missing but what n8n shows as not successful after it was killed, or what it accepted while it was starting`,
	async (limit, signal, how, env) => {
		const { close, n8n, receiver } = restarting();
		const untilQuiet = async ({ id }: { id: string }) =>
			how === 'kill'
				? await untilQuietAfterCrash(n8n, id)
				: await waitUntil(async () => await isQuiet(n8n, id), 2 * MINUTES);
		const { twice, missing, unsuccessful } = await restartUnderLoad(
			{ n8n, close, receiver, untilQuiet },
			`${limit}, ${signal}`,
			{ how, env },
		);
		expect(twice).toBe(0);
		expect(missing).toBeLessThanOrEqual(how === 'kill' ? unsuccessful : 0);
	},
	5 * MINUTES,
);
