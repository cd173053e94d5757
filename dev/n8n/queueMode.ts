import { freePort } from './freePort';
import { ensureN8n, type Install } from './install';
import { installPackage } from './installedPackage';
import { setUpOwner, type Login, type N8nOptions } from './n8n';
import { N8nClient } from './n8nClient';
import { startN8nProcess, type N8nProcess, type Role } from './n8nProcess';
import { startPostgres } from './postgres';
import { withProgress } from './progress';
import { startRedis } from './redis';
import type { Running } from './runUntilInterrupted';
import { fs, os, path, process, randomBytes, rmSync } from '../platform';

export const WORKERS = 2;

/** n8n's queue, as Bull keeps it. */
const COUNT_QUEUED = [
	'LLEN bull:jobs:wait',
	'LLEN bull:jobs:active',
	'LLEN bull:jobs:paused',
	'ZCARD bull:jobs:delayed',
];

/** n8n in queue mode: one main process, one for webhooks, two workers, a Redis and a PostgreSQL. */
export interface QueueModeN8n extends N8nClient {
	version: string;
	login: Login;
	webhook: N8nProcess;
	workers: N8nProcess[];
	/** Ports on loopback. */
	redisPort: number;
	postgresPort: number;
	/** How many executions are in the queue, or with a worker; also with a dead one, until n8n has noticed. */
	countQueued(): Promise<number>;
	/** Ends the webhook process and all workers (`kill`: abruptly, as a crash would), and starts them again. */
	restart(how: 'stop' | 'kill', env?: Record<string, string>): Promise<void>;
	/** Ends all of it and deletes its data. */
	stop(): Promise<void>;
}

/**
 * Starts n8n in queue mode on free ports of loopback, this package installed for all of its processes. When this
 * process ends, all of it ends and its data is gone.
 *
 * @throws Error that says what to install if Redis or PostgreSQL is missing, or with the end of a log
 */
export const startQueueMode = async (options: N8nOptions = {}): Promise<QueueModeN8n> => {
	const install = await ensureN8n(options.version);
	const home = await fs.mkdtemp(path.join(os.tmpdir(), 'close-sms-scale-'));
	const remove = () => rmSync(home, { recursive: true, force: true, maxRetries: 3 });
	process.once('exit', remove);
	const running: Running = [];
	const stop = async () => {
		for (const one of running.splice(0).reverse()) await one.stop();
		remove();
	};
	const all = startProcesses(install, home, options, running);
	await all.catch(stop);
	return Object.assign(await all, { stop });
};

const startProcesses = async (
	install: Install,
	home: string,
	{ env, packagePath }: N8nOptions,
	running: Running,
) => {
	const started = async <T extends { stop(): Promise<void> }>(what: string, start: Promise<T>) => {
		const one = await withProgress(what, start);
		running.push(one);
		return one;
	};
	const redis = await started('Starting Redis', startRedis(home));
	const postgres = await started('Starting PostgreSQL', startPostgres(home));
	await withProgress('Installing this package as a user would', installPackage(home, packagePath));
	const webhookPort = await freePort();
	const shared = { ...queueModeEnv(redis.port, postgres, webhookPort), ...env };
	const n8n = async (role: Role, name: string, own: Record<string, string> = {}) =>
		await started(
			`Starting n8n ${install.version} as ${name}`,
			startN8nProcess(install, await createHome(home, name), { ...shared, ...own }, role),
		);
	const receive = async (more: Record<string, string> = {}) =>
		await n8n('webhook', 'webhook', { N8N_PORT: String(webhookPort), ...more });
	const work = async (more: Record<string, string> = {}) =>
		await Promise.all(
			Array.from({ length: WORKERS }, (_, i) => n8n('worker', `worker ${i + 1}`, more)),
		);
	const receiveAndWork = async (more?: Record<string, string>) => {
		const [webhook, workers] = await Promise.all([receive(more), work(more)]);
		return { webhook, workers };
	};
	// First, since it makes the tables.
	const main = await n8n('start', 'main', { N8N_DISABLE_PRODUCTION_MAIN_PROCESS: 'true' });
	const processes = await receiveAndWork();
	const { login, cookie } = await setUpOwner(main.url);
	const client = new N8nClient(main.url, cookie, processes.webhook.url);
	const { version } = install;
	const ports = { redisPort: redis.port, postgresPort: postgres.port };
	const all = Object.assign(client, { version, login, ...processes, ...ports });
	const restart: QueueModeN8n['restart'] = async (how, more) => {
		await Promise.all([all.webhook, ...all.workers].map(async (one) => await one[how]()));
		Object.assign(all, await receiveAndWork(more));
	};
	const countQueued = async () =>
		(await redis.ask(COUNT_QUEUED)).reduce((sum, count) => sum + Number(count), 0);
	return Object.assign(all, { restart, countQueued });
};

/** The settings that make one n8n of several processes (n8n's documentation: "Queue mode"). */
const queueModeEnv = (
	redisPort: number,
	postgres: Awaited<ReturnType<typeof startPostgres>>,
	webhookPort: number,
) => ({
	EXECUTIONS_MODE: 'queue',
	QUEUE_BULL_REDIS_HOST: '127.0.0.1',
	QUEUE_BULL_REDIS_PORT: String(redisPort),
	DB_TYPE: 'postgresdb',
	DB_POSTGRESDB_HOST: '127.0.0.1',
	DB_POSTGRESDB_PORT: String(postgres.port),
	DB_POSTGRESDB_DATABASE: postgres.database,
	DB_POSTGRESDB_USER: postgres.user,
	N8N_ENCRYPTION_KEY: randomBytes(24).toString('hex'),
	WEBHOOK_URL: `http://127.0.0.1:${webhookPort}`,
});

/** Creates a data folder for one process, as if each ran on its own machine; the installed package is shared. */
const createHome = async (home: string, name: string) => {
	const own = path.join(home, name.replace(' ', '-'));
	const link = path.join(own, '.n8n', 'nodes');
	await fs.mkdir(path.dirname(link), { recursive: true });
	// There already when the process starts again.
	await fs.rm(link, { force: true });
	await fs.symlink(path.join(home, '.n8n', 'nodes'), link, 'junction');
	return own;
};
