import { process, say } from '../platform';

/** What a command has started and Ctrl-C stops. */
export type Running = Array<{ stop(): Promise<void> }>;

/** Runs a command until Ctrl-C, then stops everything that it pushed to `running`, last started first. */
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
