import { process, say } from '../platform';

/** What a command has started, and ends by Ctrl-C. */
export type Running = Array<{ stop(): Promise<void> }>;

/** Runs a command that goes on until Ctrl-C, and then ends all that it noted as running, the last first. */
export const runUntilInterrupted = (command: (running: Running) => Promise<void>) => {
	const running: Running = [];
	let ending = false;
	const end = async (exitCode: number) => {
		for (const one of running.splice(0).reverse()) await one.stop();
		process.exit(exitCode);
	};
	const onSignal = () => {
		if (ending) return;
		ending = true;
		say('\nEnding …');
		void end(0);
	};
	// Not `once`: Ctrl-C may arrive several times, from the terminal and from npm.
	process.on('SIGINT', onSignal);
	process.on('SIGTERM', onSignal);
	command(running).catch(async (error: Error) => {
		if (ending) return;
		say(`\n${error.message}`);
		await end(1);
	});
};
