import axios from 'axios';
import execa, { type ExecaChildProcess } from 'execa';

import { waitUntil } from '../../dev/n8n/waitUntil';
import { createServer, fs, os, path, process, root } from '../../dev/platform';
import { login, n8n } from './n8n';

const MINUTES = 60_000;
/** What `npm start` runs; npm's own exit code after Ctrl-C depends on the shell that is between. */
const START = 'node --import tsx playground/start.ts';

const started: ExecaChildProcess[] = [];

afterEach(() => started.splice(0).forEach((child) => signalAll(child, 'SIGKILL')));

/** Runs a command as a terminal does: in a process group of its own, which Ctrl-C reaches as a whole. */
const run = (command: string, env: Record<string, string> = {}) => {
	const child = execa.command(command, {
		cwd: root,
		env,
		detached: true,
		all: true,
		reject: false,
	});
	started.push(child);
	let said = '';
	child.all!.on('data', (chunk: Buffer) => (said += chunk.toString()));
	/** Waits until something of this form has been printed, and returns what its group caught. */
	const line = async (form: RegExp) =>
		await new Promise<string>((resolve, reject) => {
			const look = () => {
				const [, caught] = form.exec(said) ?? [];
				if (caught) resolve(caught);
			};
			look();
			child.all!.on('data', look);
			void child.then(() => reject(new Error(`${command} ended by itself:\n${said}`)));
		});
	return { child, line, said: () => said };
};

/** Whether any process of the group is left to take the signal. */
const signalAll = (child: ExecaChildProcess, signal: 'SIGINT' | 'SIGKILL' | 0) => {
	try {
		return process.kill(-child.pid!, signal);
	} catch {
		return false;
	}
};

/** Presses Ctrl-C and returns the exit code, or the signal instead, once nothing is left of the group. */
const ctrlC = async (child: ExecaChildProcess) => {
	signalAll(child, 'SIGINT');
	const { exitCode, signal } = await child;
	await waitUntil(async () => !signalAll(child, 0));
	return exitCode ?? signal;
};

describe('npm start -- --n8n and the address of an n8n that somebody runs', () => {
	const own = { N8N_EMAIL: login.email, N8N_PASSWORD: login.password };

	test(
		'installs nothing, brings the examples and a simulated Close, and unpublishes its example in the end',
		async () => {
			const { child, line, said } = run(`${START} --n8n ${n8n.url}/`, own);
			const id = await line(/Example\s+http\S+\/workflow\/(\w+)/);
			const close = await line(/Close\s+(http\S+)/);
			const curl = await line(/(curl .*)/);
			await line(/(Ctrl-C)/);
			expect(said()).not.toMatch(/Installing|Starting n8n/);

			const { stdout } = await execa.command(`${curl} --silent`);

			expect(JSON.parse(stdout)).toMatchObject({ _type: 'SMS', status: 'outbox' });
			await waitUntil(
				async () => (await axios.get<unknown[]>(`${close}/simulator/texted`)).data.length > 0,
			);
			expect(await ctrlC(child)).toBe(0);
			const { data } = await n8n.rest.get<{ data: { active: boolean } }>(`/workflows/${id}`);
			expect(data.data.active).toBe(false);
		},
		2 * MINUTES,
	);

	test('says how to load the package where it is missing', async () => {
		const server = createServer((_, response) => {
			response.setHeader('content-type', 'application/json').end('[]');
		});
		await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
		const { port } = server.address() as { port: number };
		const { child, said } = run(`${START} --n8n http://127.0.0.1:${port}`, own);
		const { exitCode } = await child;
		await new Promise((resolve) => server.close(resolve));

		expect(exitCode).toBe(1);
		expect(said()).toMatch(/is not loaded there[^]*N8N_CUSTOM_EXTENSIONS/);
	});

	test.each([
		['without a way to sign in', {}, /N8N_EMAIL and N8N_PASSWORD/],
		['with another password', { ...own, N8N_PASSWORD: 'Another-1' }, /post \/login|Wrong/i],
	])('ends %s, and says so', async (_, env, words) => {
		const { child, said } = run(`${START} --n8n ${n8n.url}`, env);
		const { exitCode } = await child;

		expect(exitCode).toBe(1);
		expect(said()).toMatch(words);
		expect(said()).not.toContain('Another-1');
	});
});

describe('npm start ends at once, before n8n is fetched or started,', () => {
	const end = async (args: string, env = {}) => {
		const { child, said } = run(`${START} ${args}`, env);
		const { exitCode } = await child;
		return { exitCode, said: said() };
	};

	test('after --help, which names every flag', async () => {
		const { exitCode, said } = await end('--help');
		expect(exitCode).toBe(0);
		for (const flag of ['--port', '--n8n', '--help', 'CLOSE_API_KEY']) expect(said).toContain(flag);
	});

	test('after a flag that there is not, which it names before the help', async () => {
		const { exitCode, said } = await end('--prot 5678');
		expect(exitCode).toBe(1);
		expect(said).toMatch(/^[^\n]*--prot[^]*npm start -- --help/);
		expect(said).not.toMatch(/\n\s+at /);
	});

	test('when the port is taken', async () => {
		const server = createServer();
		await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
		const { port } = server.address() as { port: number };
		const { exitCode, said } = await end(`--port ${port}`);
		await new Promise((resolve) => server.close(resolve));
		expect(exitCode).toBe(1);
		expect(said.trim()).toBe(
			`Port ${port} is taken by another program. Give another one with --port, or none for a free one.`,
		);
	});

	test('when npm is out of reach and no n8n is in the cache', async () => {
		const cache = await fs.mkdtemp(path.join(os.tmpdir(), 'close-sms-test-'));
		const { exitCode, said } = await end('', {
			CLOSE_SMS_CACHE: cache,
			npm_config_registry: 'http://127.0.0.1:9/',
			npm_config_fetch_retries: '0',
		});
		await fs.rm(cache, { recursive: true });
		expect(exitCode).toBe(1);
		expect(said).toMatch(/npm's registry is out of reach/);
		expect(said).not.toMatch(/\n\s+at /);
	});
});

test(
	'npm start: the example that it names can be opened and run; its curl line sends a draft once, and Ctrl-C ends everything',
	async () => {
		const { child, line } = run('npm start');
		const [, base, id] = /(http\S+)\/workflow\/(\w+)/.exec(await line(/Example\s+(http\S+)/))!;
		const emailOrLdapLoginId = await line(/Sign in\s+(\S+)/);
		const password = await line(/Sign in\s+\S+\s+(\S+)/);
		const login = await axios.post(`${base}/rest/login`, { emailOrLdapLoginId, password });
		const cookie = login.headers['set-cookie']!.map((one) => one.split(';')[0]).join('; ');
		const workflow = await axios.get(`${base}/rest/workflows/${id}`, { headers: { cookie } });
		expect(JSON.stringify(workflow.data)).toContain('send-draft-now');

		const close = await line(/Close\s+(http\S+)/);
		const curl = await line(/(curl .*)/);
		await line(/(Ctrl-C)/);

		const { stdout } = await execa.command(`${curl} --silent`);

		const activity = JSON.parse(stdout) as { id: string; text: string };
		expect(activity).toMatchObject({ _type: 'SMS', status: 'outbox' });
		const texted = `${close}/simulator/texted`;
		await waitUntil(async () => (await axios.get<unknown[]>(texted)).data.length > 0);
		const { data } = await axios.get(texted);
		expect(data).toMatchObject([{ smsId: activity.id, text: activity.text }]);
		expect([0, 'SIGINT']).toContain(await ctrlC(child));
	},
	5 * MINUTES,
);

test(
	'npm start with a key of Close warns before all else and leaves the webhook closed',
	async () => {
		const { child, line, said } = run(START, { CLOSE_API_KEY: 'api_none.none' });
		await line(/(YOUR REAL CLOSE)/);
		expect(said()).not.toMatch(/Starting n8n/);
		const editor = await line(/Editor\s+(http\S+)/);
		await line(/(Ctrl-C)/);

		const call = axios.post(`${editor}/webhook/send-draft-now`, { smsId: 'acti_none' });

		await expect(call).rejects.toMatchObject({ response: { status: 404 } });
		expect(said()).not.toContain('api_none.none');
		expect(await ctrlC(child)).toBe(0);
	},
	5 * MINUTES,
);

test(
	'Ctrl-C while n8n is starting ends everything too',
	async () => {
		const { child, line } = run(START);
		await line(/(Starting n8n)/);

		expect(await ctrlC(child)).toBe(0);
	},
	5 * MINUTES,
);
