import execa, { type ExecaChildProcess, type ExecaReturnValue } from 'execa';

import { freePort } from '../../dev/n8n/freePort';
import { waitUntil } from '../../dev/n8n/waitUntil';
import { fs, os, path, process, root } from '../../dev/platform';
import { CLOSE_RATE_LIMIT, startSimulator, type Simulator } from '../../dev/simulator';
import { clientOf } from '../../dev/simulator/client';
import { OWN_PHONE } from './setUpContract';

/** The command as a person runs it, against the simulator in place of Close. */

// Each test starts a process or two, beside whatever else the machine does.
jest.setTimeout(180_000);

let close: Simulator;
/** where it keeps its journal and its report */
let folder: string;

beforeAll(async () => {
	close = await startSimulator({ rateLimit: CLOSE_RATE_LIMIT });
});
beforeEach(async () => {
	close.reset();
	folder = await fs.mkdtemp(path.join(os.tmpdir(), 'contract-command-'));
});
afterEach(async () => await fs.rm(folder, { recursive: true }));
afterAll(async () => await close.stop());

const report = () => path.join(folder, 'report.md');

interface Options {
	apiKey?: string;
	baseUrl?: string;
}

const start = (flags: string[], { apiKey, baseUrl }: Options = {}): ExecaChildProcess =>
	execa(
		process.execPath,
		[
			'--import',
			'tsx',
			'dev/contract/cli.ts',
			'--base-url',
			baseUrl ?? close.baseUrl,
			'--report',
			report(),
			'--record',
			folder,
			...flags,
		],
		{
			cwd: root,
			all: true,
			reject: false,
			stdin: 'ignore',
			env: {
				CLOSE_API_KEY: apiKey ?? close.account.apiKey,
				CLOSE_ACCESS_TOKEN: close.account.accessToken,
				TMPDIR: folder,
				NODE_OPTIONS: '',
			},
		},
	);

/** Waits until it has said something. */
const until = async (child: ExecaChildProcess, words: string) => {
	let said = '';
	child.all!.on('data', (chunk: Buffer) => (said += chunk.toString()));
	await waitUntil(async () => said.includes(words), 150_000);
};

const ids = (things: Array<{ id: string }>) => things.map(({ id }) => id).sort();

/** @returns what is at Close that was not there before, by kind */
async function left(): Promise<string[]> {
	const api = clientOf(close);
	const lists = [
		['/activity/sms/', close.account.texts],
		['/lead/', close.account.leads],
		['/sms_template/', close.account.templates],
		['/webhook/', {}],
	] as const;
	const found: string[] = [];
	for (const [list, known] of lists) {
		const { data } = await api.get<{ data: Array<{ id: string }> }>(list);
		const before = ids(Object.values<{ id: string }>(known));
		found.push(...ids(data.data).filter((id) => !before.includes(id)));
	}
	return found;
}

/** Journals that are still there. */
const journals = async () =>
	(await fs.readdir(folder)).filter((name) => /^close-sms-contract-.*json$/.test(name));

const writes = () => close.requests.filter(({ method }) => method !== 'GET');

async function expectNothingLeft(): Promise<void> {
	expect(await left()).toEqual([]);
	expect(await journals()).toEqual([]);
	expect(close.texted).toEqual([]);
}

test('a whole run: it says where and what, tries everything that texts nobody, and leaves nothing', async () => {
	const { exitCode, all } = await start(['--yes']);
	expect(all).toContain('"Harbor Roofing"');
	expect(all).toContain('text nobody');
	expect(exitCode).toBe(0);
	await expectNothingLeft();
	const written = await fs.readFile(report(), 'utf8');
	expect(all).toContain(written);
	expect(written).toMatch(/\d+ expectations: \d+ hold, 0 differ, \d+ were not tried\./);
	expect(written).toContain('Nobody was texted: no request that can text has left.');
	expect(written).toContain('it needs a real text: --text-me');
	const texts = writes().filter(({ path: to }) => to.startsWith('/activity/sms/'));
	expect(texts.length).toBeGreaterThan(50);
});

test('with every flag: as many requests that can text as were allowed, all to the number that was given', async () => {
	const port = await freePort();
	const flags = [
		'--text-me',
		OWN_PHONE,
		'--max-texts',
		'6',
		'--webhook',
		`http://127.0.0.1:${port}/in`,
		'--port',
		String(port),
	];
	const { exitCode, all } = await start(['--yes', '--exceed-limit', ...flags]);
	expect(exitCode).toBe(0);
	expect(all).toMatch(/expectations: \d+ hold, 0 differ, 0 were not tried\./);
	expect(all).toContain('6 requests that can text');
	expect(all).toContain('Close shows 3 of these texts as sent');
	expect(close.texted.map(({ remotePhone }) => remotePhone)).toEqual(Array(3).fill(OWN_PHONE));
	expect(await left()).toEqual([]);
	expect(await journals()).toEqual([]);
});

test('the report and the recording hold nothing of the account', async () => {
	const { account } = close;
	account.organization.name = 'Rich Page Roofing';
	account.users.ada.first_name = 'Zebulon';
	account.users.ada.last_name = 'Quartermain';
	await start(['--yes', '--text-me', OWN_PHONE]);
	const recording = await fs.readFile(path.join(folder, 'the-simulator.json'), 'utf8');
	const shown = `${await fs.readFile(report(), 'utf8')}\n${recording}`.toLowerCase();
	const secret = new Set<string>([account.apiKey, OWN_PHONE]);
	const collect = (value: unknown): void => {
		if (typeof value === 'string') secret.add(value);
		else if (typeof value === 'object' && value !== null) Object.values(value).forEach(collect);
	};
	const { organization, users, phoneNumbers, contacts, texts } = account;
	const named = Object.values(account.leads).map(({ id, name, html_url: url }) => [id, name, url]);
	collect([organization, named]);
	collect(
		Object.values(users).map(({ id, email, first_name: first, last_name: last }) => [
			id,
			email,
			first,
			last,
		]),
	);
	collect(
		Object.values(phoneNumbers).map(({ id, number, number_formatted: formatted, label }) => [
			id,
			number,
			formatted,
			label,
		]),
	);
	collect(
		Object.values(contacts).map(({ id, name, emails, phones }) => [
			id,
			name,
			emails.map(({ email }) => email),
			phones.map(({ phone }) => phone),
		]),
	);
	collect(Object.values(texts).map(({ id, text }) => [id, text]));
	collect(Object.values(account.templates).map(({ id, name, text }) => [id, name, text]));
	for (const { body } of writes()) collect((body as { text?: string } | undefined)?.text);
	expect(secret.size).toBeGreaterThan(100);
	// "Office" and "Owner" are words that anybody may use.
	const found = [...secret]
		.filter((one) => one.includes(' ') || one.length > 8)
		.filter((one) => shown.includes(one.toLowerCase()));
	expect(found).toEqual([]);
	expect(shown).not.toMatch(/zebulon|quartermain|harbor|bluebird|closesms[0-9a-f]/);
});

test.each([
	['a wrong key', { apiKey: 'api_wrong.wrong' }, /does not know this key/],
	['a key without permission (401)', { apiKey: 'limitedApiKey' }, /its user may not see SMS/],
	['a key without permission (403)', { apiKey: 'forbiddenApiKey' }, /its user may not see SMS/],
	['no key', { apiKey: '' }, /Set CLOSE_API_KEY/],
	['an address elsewhere', { baseUrl: 'https://example.com/api/v1' }, /on this machine/],
])('%s: a clear message, and nothing is made', async (_, options: Options, message) => {
	const { account } = close;
	const key = options.apiKey as keyof typeof account;
	const apiKey = key && key in account ? String(account[key]) : options.apiKey;
	const { exitCode, all } = await start(['--yes'], { ...options, apiKey });
	expect(all).toMatch(message);
	expect(all).not.toMatch(/^\s+at /m);
	expect(exitCode).toBe(1);
	expect(writes()).toEqual([]);
	await expectNothingLeft();
});

test('no network: it says so', async () => {
	const baseUrl = `http://127.0.0.1:${await freePort()}/api/v1`;
	const { exitCode, all } = await start(['--yes'], { baseUrl });
	expect(all).toContain(`Close could not be reached at ${baseUrl} (ECONNREFUSED)`);
	expect(all).toContain('Nothing was made');
	expect(exitCode).toBe(1);
});

test('a flag that is wrong: it says so, and nothing is asked', async () => {
	const { exitCode, all } = await start(['--yes', '--text-me', '4155550177']);
	expect(all).toBe(
		'--text-me must be a number in E.164: a plus sign, the country code and the number, without spaces.',
	);
	expect(exitCode).toBe(1);
	expect(close.requests).toEqual([]);
});

test('nobody there to confirm: nothing is made', async () => {
	const { exitCode, all } = await start([]);
	expect(all).toContain('"Harbor Roofing"');
	expect(all).toContain('start it in a terminal, or with --yes');
	expect(exitCode).toBe(1);
	expect(writes()).toEqual([]);
});

test('an organization without a number for SMS: what needs one is not tried', async () => {
	for (const number of Object.values(close.account.phoneNumbers)) number.sms_enabled = false;
	const { exitCode, all } = await start(['--yes']);
	expect(all).toContain('the organization has no number that can send SMS');
	expect(all).toContain('  notTried  put-schedules-a-draft');
	expect(all).toContain('  holds     put-changes-only-what-it-names');
	expect(exitCode).toBe(0);
	await expectNothingLeft();
});

test.each(['SIGINT', 'SIGTERM'] as const)(
	'%s in the middle: all is removed, and a report is written',
	async (signal) => {
		close.latency(20);
		const child = start(['--yes']);
		await until(child, 'schedule-moves-in-two-steps');
		child.kill(signal);
		// npm passes Ctrl-C on once more.
		child.kill(signal);
		const { exitCode, all } = await child;
		expect(all).toContain('Ending. Wait until all is removed');
		expect(all).toContain('All that was made is removed.');
		expect(all).toContain('the run ended before');
		expect(exitCode).toBe(130);
		await expectNothingLeft();
		expect(await fs.readFile(report(), 'utf8')).toContain('holds');
	},
);

test('whoever reads the output goes away: all is removed', async () => {
	close.latency(20);
	const child = start(['--yes']);
	await until(child, 'put-schedules-a-draft');
	// What execa promises is kept as soon as the output ends.
	const ended = new Promise((resolve) => child.once('exit', resolve));
	child.stdout!.destroy();
	expect(await ended).toBe(130);
	await expectNothingLeft();
});

test('killed in the middle: the next run removes what was left', async () => {
	close.latency(20);
	const child = start(['--yes']);
	await until(child, 'edit-of-scheduled-is-refused');
	child.kill('SIGKILL');
	await child;
	expect((await left()).length).toBeGreaterThan(0);
	const [journal] = await journals();
	// A killed run is known by its lock, which nobody touches any more.
	const lock = path.join(folder, `${journal}.lock`);
	await fs.utimes(lock, new Date(0), new Date(0));
	close.latency(0);
	const { exitCode, all } = await start(['--yes']);
	expect(all).toMatch(/An earlier run was killed and left \d+ things there/);
	expect(exitCode).toBe(0);
	await expectNothingLeft();
});

test('a second run is refused while one is going on, and the first one is not disturbed', async () => {
	close.latency(20);
	const first = start(['--yes']);
	await until(first, 'create-answers-200');
	const second = await start(['--yes']);
	expect(second.all).toContain('A run for this organization is going on');
	expect(second.exitCode).toBe(1);
	first.kill('SIGINT');
	expect((await first).exitCode).toBe(130);
	await expectNothingLeft();
});

test('Close goes away in the middle and comes back: what was made is removed by the next run', async () => {
	close.faults.order({ kind: 'resetBefore', times: Infinity, after: 60 });
	const gone: ExecaReturnValue = await start(['--yes']);
	expect(gone.all).toContain('there was no answer');
	expect(gone.all).toContain('could not be removed. Run this again');
	expect(gone.all).toContain('It ended early: Close gave no proper answer 3 times in a row');
	expect(gone.exitCode).toBe(1);
	close.faults.clear();
	expect((await left()).length).toBeGreaterThan(0);
	const { exitCode, all } = await start(['--yes']);
	expect(all).toContain('They are removed first.');
	expect(exitCode).toBe(0);
	await expectNothingLeft();
});

test('a key that may make no leads: it says so, and tries the rest', async () => {
	close.faults.order({ kind: 'status', status: 403, match: { method: 'POST', path: '^/lead/$' } });
	const { exitCode, all } = await start(['--yes']);
	expect(all).toContain('Close made no lead for the check: HTTP 403');
	expect(all).toContain('  holds     template-is-made-with-201');
	expect(exitCode).toBe(0);
	await expectNothingLeft();
});

test('answers to what makes something get lost: what was made is found and removed', async () => {
	for (const to of ['/activity/sms/', '/sms_template/', '/webhook/'])
		close.faults.order({ kind: 'resetAfter', match: { method: 'POST', path: `^${to}$` } });
	const { exitCode, all } = await start(['--yes']);
	expect(all).toContain('there was no answer: ECONNRESET');
	expect(exitCode).toBe(0);
	await expectNothingLeft();
});
