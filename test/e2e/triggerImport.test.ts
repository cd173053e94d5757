import execa from 'execa';

import { freePort } from '../../dev/n8n/freePort';
import { ensureN8n } from '../../dev/n8n/install';
import { startN8n, type N8n } from '../../dev/n8n/n8n';
import { waitUntil } from '../../dev/n8n/waitUntil';
import { fs, os, path, process, randomBytes } from '../../dev/platform';
import { startSimulator, type Simulator } from '../../dev/simulator';
import { activateIn, startReceiver, workflowThatTells } from './deliverThroughRestart';

const MINUTES = 60_000;

let close: Simulator;
let receiver: Awaited<ReturnType<typeof startReceiver>>;
let n8n: N8n;
/** Where exports are. */
let folder: string;
/** What a second n8n has in common with the first. */
let env: Record<string, string>;
beforeAll(async () => {
	close = await startSimulator();
	receiver = await startReceiver();
	folder = await fs.mkdtemp(path.join(os.tmpdir(), 'close-sms-export-'));
	env = {
		N8N_PORT: String(await freePort()),
		N8N_ENCRYPTION_KEY: randomBytes(24).toString('hex'),
	};
}, MINUTES);
afterAll(async () => {
	await n8n?.stop();
	await receiver.stop();
	await close.stop();
	await fs.rm(folder, { recursive: true, force: true });
});

/** Runs a command of n8n on its data. */
const command = async (...args: string[]) => {
	const install = await ensureN8n();
	const home = path.dirname(n8n.logFile);
	// n8n takes what jest sets for a test of its own.
	await execa(install.node, [install.n8n, ...args], {
		env: { PATH: process.env.PATH, ...env, N8N_USER_FOLDER: home },
		extendEnv: false,
	});
};
const exported = (what: string) => path.join(folder, `${what}.json`);

test(
	'with Catch Up, a published workflow that is exported and then imported into an n8n with an empty database at the same address answers nobody again',
	async () => {
		n8n = await startN8n({ env });
		const catchesUp = workflowThatTells(receiver.url, { options: { catchUp: 24 } });
		const { id, name } = await activateIn({ n8n, close }, catchesUp);
		const told = () => receiver.told(name).map(({ text }) => text);
		const hear = async (text: string) => {
			const before = told().length;
			close.receive({ from: '+14155550102', text });
			await close.webhooks.deliverAll();
			await waitUntil(async () => told().length > before, 2 * MINUTES);
		};
		await hear('Before');
		await command('export:workflow', `--id=${id}`, `--output=${exported('workflow')}`);
		await command('export:credentials', '--all', `--output=${exported('credentials')}`);
		await n8n.stop();

		n8n = await startN8n({ env });
		await command('import:credentials', `--input=${exported('credentials')}`);
		await command('import:workflow', `--input=${exported('workflow')}`);
		await n8n.activate(id);
		expect(close.webhooks.list()).toHaveLength(1);
		expect(await fs.readFile(n8n.logFile, 'utf8')).toMatch(
			/What happened before \S+ does not start the workflow: what n8n has stored of it is from when it was published, as in an export/,
		);
		// Each start begins a log of its own.
		await n8n.restart();
		await waitUntil(
			async () => (await fs.readFile(n8n.logFile, 'utf8')).includes('The trigger has caught up on'),
			3 * MINUTES,
		);
		await hear('After');
		expect(told()).toEqual(['Before', 'After']);
	},
	10 * MINUTES,
);
