import execa, { type ExecaChildProcess, type Options } from 'execa';

import { waitUntil } from './waitUntil';
import { fs } from '../platform';

/** How long a program may take to be ready, in milliseconds. */
const START_TIMEOUT_MS = 300_000;
/** How long a program may take to end before it is killed, in milliseconds. */
const STOP_TIMEOUT_MS = 20_000;

/** A program that runs beside this one. */
export interface ChildProcess {
	pid: number;
	/** Path of the file with all its output. */
	logFile: string;
	/** Asks it to end, and waits until it has (SIGTERM). */
	stop(): Promise<void>;
	/** Ends it abruptly, as a crash would (SIGKILL). */
	kill(): Promise<void>;
}

interface StartOptions extends Pick<Options, 'cwd' | 'env' | 'uid' | 'gid'> {
	/** What it prints once it is ready. */
	ready: string;
	logFile: string;
}

/**
 * Starts a program and resolves once it is ready. When this process ends, so does the program.
 *
 * @param env its whole environment
 * @throws Error with the end of its output if it ends before that
 */
export const startChildProcess = async (
	command: string,
	args: string[],
	{ ready, logFile, ...options }: StartOptions,
): Promise<ChildProcess> => {
	// A file, not a pipe: n8n writes to a broken pipe for ever, and this process may end first.
	const log = await fs.open(logFile, 'w');
	const child = execa(command, args, {
		...options,
		extendEnv: false,
		stdio: ['ignore', log.fd, log.fd],
		reject: false,
	});
	await log.close();
	await waitForOutput(child, ready, logFile);
	const end = async (how: () => unknown) => {
		how();
		await child;
	};
	return {
		pid: child.pid!,
		logFile,
		stop: async () =>
			await end(() => child.kill('SIGTERM', { forceKillAfterTimeout: STOP_TIMEOUT_MS })),
		kill: async () => await end(() => child.kill('SIGKILL')),
	};
};

const waitForOutput = async (child: ExecaChildProcess, words: string, logFile: string) => {
	const said = async () => await fs.readFile(logFile, 'utf8');
	const ended = child.then(async ({ command }) => {
		throw new Error(`${command} ended by itself:\n${(await said()).slice(-4_000)}`);
	});
	await Promise.race([
		ended,
		waitUntil(async () => (await said()).includes(words), START_TIMEOUT_MS),
	]);
	ended.catch(() => undefined);
};
