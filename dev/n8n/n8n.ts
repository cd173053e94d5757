import axios from 'axios';
import getPort from 'get-port';

import { ensureN8n } from './install';
import { installPackage } from './installedPackage';
import type { KeptData } from './keptData';
import { N8nClient, signIn, toCookie } from './n8nClient';
import { startN8nProcess } from './n8nProcess';
import { withProgress } from './progress';
import { fs, os, path, process, randomBytes, rmSync } from '../platform';

export interface N8nOptions {
	/** Which n8n: a version range, see `ensureN8n`. */
	version?: string;
	/** More environment variables for n8n. */
	env?: Record<string, string>;
	/** A packed tarball of this package; built and packed unless given. */
	packagePath?: string;
	/** Where its data is kept for the next start; deleted in the end unless given. */
	kept?: KeptData;
}

/** How the owner of a started n8n signs in. */
export interface Login {
	email: string;
	password: string;
}

export interface N8n extends N8nClient {
	version: string;
	login: Login;
	/** Path of n8n's log. */
	logFile: string;
	/** Stops n8n (`kill`: abruptly, as a crash would) and starts it again with its data at the same address. */
	restart(how?: 'stop' | 'kill', env?: Record<string, string>): Promise<void>;
	/** Stops n8n and deletes its data. */
	stop(): Promise<void>;
}

/**
 * Starts n8n on loopback with a data folder of its own, this package installed from its tarball as a user would, and
 * an owner signed in. When this process ends, n8n ends and its data is gone, unless it is kept.
 *
 * @throws Error with the end of the log if n8n ends before it answers.
 */
export const startN8n = async ({
	version,
	env = {},
	packagePath,
	kept,
}: N8nOptions = {}): Promise<N8n> => {
	const install = await ensureN8n(version);
	const home = kept?.folder ?? (await fs.mkdtemp(path.join(os.tmpdir(), 'close-sms-n8n-')));
	const remove = () => {
		if (!kept) rmSync(home, { recursive: true, force: true, maxRetries: 3 });
	};
	process.once('exit', remove);
	await withProgress('Installing this package as a user would', installPackage(home, packagePath));
	const fixed = {
		N8N_PORT: String(await getPort({ port: kept?.known.port, host: '127.0.0.1' })),
		N8N_ENCRYPTION_KEY: kept?.known.encryptionKey ?? randomBytes(24).toString('hex'),
		...env,
	};
	await kept?.remember({
		port: Number(fixed.N8N_PORT),
		encryptionKey: fixed.N8N_ENCRYPTION_KEY,
	});
	let n8n = await withProgress(
		`Starting n8n ${install.version}`,
		startN8nProcess(install, home, fixed),
	);
	const restart: N8n['restart'] = async (how = 'stop', more = {}) => {
		await n8n[how]();
		n8n = await startN8nProcess(install, home, { ...fixed, ...more });
	};
	const stop = async () => {
		await n8n.stop();
		remove();
	};
	const { login, cookie } = await signInOwner(n8n.url, kept);
	const { logFile, url } = n8n;
	const rest = { version: install.version, login, logFile, restart, stop };
	return Object.assign(new N8nClient(url, cookie), rest);
};

const OWNER = 'owner@example.com';

/** Signs in the owner of data that was kept, or creates their account. */
const signInOwner = async (url: string, kept?: KeptData) => {
	const password = kept?.known.password ?? newPassword();
	const login = { email: OWNER, password };
	if (kept?.known.password) {
		// An earlier start may have ended before it created the account.
		const cookie = await signIn(url, OWNER, password).catch(() => undefined);
		if (cookie) return { login, cookie };
	}
	await kept?.remember({ password });
	return await setUpOwner(url, password);
};

const newPassword = () => `Aa1-${randomBytes(9).toString('hex')}`;

/** Creates the owner's account of a new n8n and signs in. */
export const setUpOwner = async (url: string, password = newPassword()) => {
	const login = { email: OWNER, password };
	const owner = { ...login, firstName: 'Close', lastName: 'SMS' };
	const { headers } = await axios.post(`${url}/rest/owner/setup`, owner);
	return { login, cookie: toCookie(headers) };
};
