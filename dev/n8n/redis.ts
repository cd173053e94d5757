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
	return { ...child, port };
};
