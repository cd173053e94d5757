import { createInterface, process, say } from '../platform';
import { Command, DONE, FAILED, INTERRUPTED } from './command';
import { readSettings, USAGE } from './commandLine';

/** A Ctrl-C that comes so long after the first one is a second one, in milliseconds: npm passes each on once more. */
const SECOND_CTRL_C_AFTER = 1_000;

async function confirm(): Promise<boolean> {
	const terminal = createInterface({ input: process.stdin, output: process.stdout });
	// Ctrl-C, or the end of the input, is a no.
	const closed = new Promise<string>((resolve) => terminal.once('close', () => resolve('')));
	const answer = await Promise.race([terminal.question('Go on? (y/N) '), closed]);
	terminal.close();
	return /^y(es)?$/i.test(answer.trim());
}

/** A signal ends the run, and what was made is removed; a later one ends it at once. */
function listenToSignals(command: Command): void {
	let first: number | undefined;
	const onSignal = () => {
		first ??= Date.now();
		if (Date.now() - first < SECOND_CTRL_C_AFTER) return command.interrupt();
		say('Ended. What is left is removed by the next run.');
		process.exit(INTERRUPTED);
	};
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, onSignal);
	// Whoever read it has gone, as in `| head` or a closed terminal.
	process.stdout.on('error', () => command.interrupt());
}

async function main(): Promise<number> {
	const settings = readSettings(process.argv.slice(2), process.env);
	if (!settings) {
		say(USAGE);
		return DONE;
	}
	const command = new Command(settings, {
		say,
		...(process.stdin.isTTY && { confirm }),
	});
	listenToSignals(command);
	return await command.run();
}

main().then(
	(code) => process.exit(code),
	(error: Error) => {
		say(error.message);
		process.exit(FAILED);
	},
);
