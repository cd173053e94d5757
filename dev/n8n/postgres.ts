import execa from 'execa';

import { findExecutable } from './findExecutable';
import { startChildProcess } from './childProcess';
import { freePort } from './freePort';
import { fs, path, process } from '../platform';

/** Name of the database and of its user, who needs no password from loopback. */
const NAME = 'postgres';

/**
 * Starts a PostgreSQL with a cluster of its own in `folder`, on a free port of loopback. It is thrown away
 * afterwards, so it does not wait for the disk.
 */
export const startPostgres = async (folder: string) => {
	const port = await freePort();
	const data = path.join(folder, 'postgres');
	await fs.mkdir(data);
	const user = await unprivileged();
	if (user.uid !== undefined) await ownBy(user, folder, data);
	const as = { ...user, cwd: data, env: { PATH: process.env.PATH, LC_ALL: 'C' } };
	const initdb = await findExecutable('initdb', 'postgresql');
	const init = ['-D', data, '-U', NAME, '--auth=trust', '--encoding=UTF8', '--no-sync'];
	await execa(initdb, init, { ...as, extendEnv: false });
	const child = await startChildProcess(
		await findExecutable('postgres', 'postgresql'),
		['-D', data, '-h', '127.0.0.1', '-p', String(port), '-k', data, '-c', 'fsync=off'],
		{
			...as,
			ready: 'database system is ready to accept connections',
			logFile: path.join(folder, 'postgres.log'),
		},
	);
	return { ...child, port, user: NAME, database: NAME };
};

interface User {
	uid?: number;
	gid?: number;
}

/** PostgreSQL refuses to run as root; in that case it runs as the user that Debian's package creates. */
const unprivileged = async (): Promise<User> => {
	if (process.getuid?.() !== 0) return {};
	const id = async (which: string) => Number((await execa('id', [which, 'postgres'])).stdout);
	return { uid: await id('-u'), gid: await id('-g') };
};

/** Lets that user enter `folder` and own `data`. */
const ownBy = async ({ uid, gid }: User, folder: string, data: string) => {
	await fs.chmod(folder, 0o755);
	await fs.chown(data, uid!, gid!);
};
