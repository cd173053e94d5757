import execa from 'execa';
import { path, process } from '../platform';

/** Ends with 0 when all tests passed; what the reporter wrote is in `stdout`. */
export const runJest = async (
	sandbox: string,
	args: string[],
	options: { env?: Record<string, string>; timeLimit?: number } = {},
) =>
	await execa(
		process.execPath,
		[
			path.join(sandbox, 'node_modules/jest/bin/jest.js'),
			...args,
			...['--setupFilesAfterEnv', path.join(sandbox, 'dev/mutation/insideJest.ts')],
		],
		{
			cwd: sandbox,
			env: { FORCE_COLOR: '0', ...options.env },
			reject: false,
			timeout: options.timeLimit && Math.ceil(options.timeLimit * 1000),
			// A test that a mutant sent into an endless loop never sees a signal that it could handle.
			killSignal: 'SIGKILL',
		},
	);
