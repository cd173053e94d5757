import { startChildProcess, type ChildProcess } from './childProcess';
import { freePort } from './freePort';
import type { Install } from './install';
import { fs, path, process, randomBytes } from '../platform';

/** What an n8n process does. In queue mode there can be several of each but `start`. */
export type Role = 'start' | 'webhook' | 'worker';

/** What each logs once it is ready. */
const READY: Record<Role, string> = {
	start: 'Editor is now accessible',
	webhook: 'Webhook listener waiting for requests',
	worker: 'n8n worker is now ready',
};
/** n8n modules that call n8n's own servers and can be switched off only by name. */
const MODULES_THAT_CALL_HOME = new Set(['mcp-registry']);
/** The only environment variables that n8n inherits from this process. */
const INHERITED_ENV =
	/^(path|home|lang|te?mp|tmpdir|systemroot|appdata|userprofile|https_proxy|no_proxy|node_extra_ca_certs)$/i;

/** A running n8n. */
export interface N8nProcess extends ChildProcess {
	url: string;
}

/**
 * Starts a process of n8n on a free port of loopback, with `home` as its data folder, and resolves once it
 * is ready.
 *
 * @param env environment variables to add, or to set differently from ours
 * @throws Error with the end of the log if n8n ends before that
 */
export const startN8nProcess = async (
	install: Install,
	home: string,
	env: Record<string, string>,
	role: Role = 'start',
): Promise<N8nProcess> => {
	const url = `http://127.0.0.1:${env.N8N_PORT ?? (await freePort())}`;
	const child = await startChildProcess(install.node, [install.n8n, role], {
		env: { ...inheritedEnv(), ...(await settings(install, home, url)), ...env },
		ready: READY[role],
		logFile: path.join(home, 'n8n.log'),
	});
	return { ...child, url };
};

const inheritedEnv = () =>
	Object.fromEntries(Object.entries(process.env).filter(([name]) => INHERITED_ENV.test(name)));

/** Settings that keep n8n on this machine and separate from other instances, and that skip its first-run questions. */
const settings = async (install: Install, home: string, url: string) => ({
	N8N_USER_FOLDER: home,
	N8N_ENCRYPTION_KEY: randomBytes(24).toString('hex'),
	N8N_LISTEN_ADDRESS: '127.0.0.1',
	N8N_HOST: '127.0.0.1',
	N8N_PORT: new URL(url).port,
	N8N_RUNNERS_BROKER_PORT: String(await freePort()),
	N8N_SECURE_COOKIE: 'false',
	WEBHOOK_URL: url,
	GENERIC_TIMEZONE: Intl.DateTimeFormat().resolvedOptions().timeZone,
	N8N_UNVERIFIED_PACKAGES_ENABLED: 'true',
	N8N_VERIFIED_PACKAGES_ENABLED: 'false',
	N8N_DISABLED_MODULES: await modulesToDisable(install),
	N8N_DIAGNOSTICS_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
	N8N_TEMPLATES_ENABLED: 'false',
	N8N_DYNAMIC_BANNERS_ENABLED: 'false',
	N8N_HIRING_BANNER_ENABLED: 'false',
	N8N_PERSONALIZATION_ENABLED: 'false',
	N8N_LICENSE_AUTO_RENEW_ENABLED: 'false',
	NO_COLOR: '1',
});

/** Those of `MODULES_THAT_CALL_HOME` that this n8n has; it does not start when given an unknown one. */
const modulesToDisable = async ({ n8n }: Install) => {
	const modules = path.join(path.dirname(n8n), '..', 'dist', 'modules');
	const names = await fs.readdir(modules).catch(() => []);
	return names.filter((name) => MODULES_THAT_CALL_HOME.has(name)).join(',');
};
