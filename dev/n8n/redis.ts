import execa from 'execa';

import { findExecutable } from './findExecutable';
import { startChildProcess } from './childProcess';
import { freePort } from './freePort';
import { path } from '../platform';

/** Starts a Redis on a free port of loopback that keeps nothing; its log goes to `folder`. */
export const startRedis = async (folder: string) => {
	const port = await freePort();
	const args = { port, bind: '127.0.0.1', dir: folder, save: '', appendonly: 'no' };
	const child = await startChildProcess(
		await findExecutable('redis-server', 'redis-server'),
		Object.entries(args).flatMap(([name, value]) => [`--${name}`, String(value)]),
		{ ready: 'Ready to accept connections', logFile: path.join(folder, 'redis.log') },
	);
	const cli = await findExecutable('redis-cli', 'redis-server');
	return {
		...child,
		port,
		/** Redis' responses to some commands, in their order. */
		ask: async (commands: string[]) => {
			const { stdout } = await execa(cli, ['-p', String(port)], { input: commands.join('\n') });
			return stdout.split('\n');
		},
	};
};
