import axios from 'axios';
import execa, { type ExecaChildProcess } from 'execa';

import { waitUntil } from '../../dev/n8n/waitUntil';
import { process, root } from '../../dev/platform';

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

test(
	'npm start: its curl line sends a draft once, and Ctrl-C ends everything',
	async () => {
		const { child, line } = run('npm start');
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
