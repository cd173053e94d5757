import { Command, DONE, FAILED, INTERRUPTED } from '../../dev/contract/command';
import { readSettings } from '../../dev/contract/commandLine';
import { EXPECTATIONS } from '../../dev/contract/expectations';
import { DEFAULT_MAX_TEXTS } from '../../dev/contract/sendGuard';
import { fs, os, path, wait } from '../../dev/platform';
import { CLOSE_RATE_LIMIT, startSimulator, type Simulator } from '../../dev/simulator';
import { clientOf } from '../../dev/simulator/client';
import { waitUntil } from '../../dev/n8n/waitUntil';
import { canText, OTHER_CLOSES } from './otherCloses';
import { startPerturbingProxy, type PerturbingProxy, type Perturbation } from './perturbingProxy';
import { OWN_PHONE } from './setUpContract';

/** The whole command against Closes that differ from the simulator: what a person's one hour must survive. */

let close: Simulator;
let proxy: PerturbingProxy;
let folder: string;

beforeAll(async () => {
	close = await startSimulator({ rateLimit: CLOSE_RATE_LIMIT });
	proxy = await startPerturbingProxy(close.baseUrl);
});
beforeEach(async () => {
	close.reset();
	proxy.requests.length = 0;
	folder = await fs.mkdtemp(path.join(os.tmpdir(), 'contract-closes-'));
});
afterEach(async () => await fs.rm(folder, { recursive: true }));
afterAll(async () => {
	await proxy.stop();
	await close.stop();
});

interface Run {
	exitCode: number;
	said: string;
	report: string;
}

interface RunSettings {
	flags?: string[];
	/** which expectations, by their names or groups; all unless given */
	only?: string[];
	/** false: it waits by the real clock */
	isSimulator?: boolean;
	/** may interrupt it */
	act?: (command: Command, said: string[]) => Promise<void>;
}

/** Runs the command in this process. */
async function run({
	flags = ['--text-me', OWN_PHONE],
	only,
	isSimulator = true,
	act = async () => {},
}: RunSettings = {}): Promise<Run> {
	const file = path.join(folder, 'report.md');
	const settings = readSettings(
		['--yes', '--base-url', proxy.baseUrl, '--report', file, '--record', folder, ...flags],
		{ CLOSE_API_KEY: close.account.apiKey },
	)!;
	const said: string[] = [];
	const expectations = EXPECTATIONS.filter(
		({ name, group }) => only?.some((one) => one === name || one === group) ?? true,
	);
	const terminal = { say: (line: string) => void said.push(line) };
	const command = new Command({ ...settings, isSimulator }, terminal, folder, expectations);
	const ended = command.run();
	const [exitCode] = await Promise.all([ended, act(command, said)]);
	const report = await fs.readFile(settings.report, 'utf8').catch(() => '');
	return { exitCode, said: said.join('\n'), report };
}

const ids = (things: Array<{ id: string }>) => things.map(({ id }) => id);

/** What is at Close that was not there before. */
async function left(): Promise<string[]> {
	proxy.perturb(undefined);
	const api = clientOf(close);
	const found: string[] = [];
	for (const [list, known] of [
		['/activity/sms/', close.account.texts],
		['/lead/', close.account.leads],
		['/sms_template/', close.account.templates],
		['/webhook/', {}],
	] as const) {
		const { data } = await api.get<{ data: Array<{ id: string }> }>(list);
		const before = ids(Object.values<{ id: string }>(known));
		found.push(...ids(data.data).filter((id) => !before.includes(id)));
	}
	return found;
}

/** Names of the expectations that turned out so. */
const named = ({ said }: Run, result: 'differs' | 'notTried' | 'holds') =>
	[...said.matchAll(new RegExp(`^  ${result} +([\\w-]+)`, 'gm'))].map(([, name]) => name);

interface Row {
	differs?: string[];
	/** the number of texts that reached the phone */
	texts?: number;
	exitCode?: number;
	/** what the report or the terminal says */
	says?: string[];
	/** so many expectations are tried at the least */
	tried?: number;
	/** whether something stays, or may */
	stays?: boolean;
	/** which expectations are tried; all unless given */
	only?: string[];
}

const MAY_HAVE_GONE = ['a text may have gone out'];
const TEXTING = ['texting', 'key-as-basic-user'];

const TABLE: Record<keyof typeof OTHER_CLOSES, Row> = {
	'201 in place of 200': { differs: ['create-answers-200-with-the-sms'] },
	'402 for every text': {
		differs: [],
		texts: 0,
		says: ['the plan of the organization does not allow it'],
		tried: 40,
	},
	'403 for leads': {
		differs: [],
		texts: 0,
		says: ['Close made no lead for the check: HTTP 403'],
		tried: 20,
	},
	'403 for webhooks': {
		only: ['webhooks', 'templates'],
		tried: 8,
		says: ['the user of the key lacks the permission for it'],
	},
	'403 for templates': {
		only: ['webhooks', 'templates'],
		tried: 7,
		says: ['the user of the key lacks the permission for it'],
	},
	'403 for numbers': {
		differs: [],
		texts: 0,
		says: ['Close does not list the numbers of the organization: HTTP 403'],
		tried: 70,
	},
	'40 webhooks': {
		only: ['webhooks', 'templates'],
		tried: 8,
		says: ['Close makes no more webhook subscriptions'],
	},
	'naive dates': { differs: ['dates-have-an-offset'] },
	'two organizations': {
		only: ['credentials'],
		says: ['the Close organization "Harbor Roofing"'],
	},
	'503 once after a text': { only: TEXTING, says: MAY_HAVE_GONE },
	'503 after every text': { only: TEXTING, says: MAY_HAVE_GONE },
	'408 after every text': { only: TEXTING, says: MAY_HAVE_GONE },
	'401 after every text': { only: TEXTING, says: MAY_HAVE_GONE },
	'429 after every text': { only: TEXTING, says: MAY_HAVE_GONE },
	'503 after everything that is made': { only: ['bodies', 'templates', 'webhooks'] },
	'409 after everything that is made': {
		only: ['bodies', 'templates', 'webhooks', 'uploads'],
		differs: ['template-is-made-with-201', 'upload-is-announced'],
	},
	'500 in place of each deletion': {
		exitCode: FAILED,
		stays: true,
		says: ['could not be removed', 'By hand in Close', 'search for that name'],
		differs: ['deleted-is-gone', 'subscription-can-be-deleted', 'template-can-be-deleted'],
		only: [
			'deleted-is-gone',
			'deleted-twice-is-404',
			'subscription-can-be-deleted',
			'template-can-be-deleted',
		],
	},
	'webhooks in another list': { only: ['webhooks'], differs: ['subscriptions-are-listed'] },
	'an hour to wait': {
		only: ['templates', 'texting', 'uploads'],
		says: ['a longer wait than a minute', 'could not be removed'],
		exitCode: FAILED,
		tried: 8,
		// Nothing does, but that cannot be seen.
		stays: true,
	},
	'an empty 200 for every draft': { differs: ['create-answers-200-with-the-sms'], texts: 0 },
	'a lead without contacts': { only: ['bodies', 'search'], tried: 20 },
	'a refused fictional number': { only: ['bodies', 'state machine', 'search'], tried: 15 },
	'numbers with blanks': {
		only: ['state machine', 'search', 'texting'],
		differs: ['phone-numbers-are-listed'],
		tried: 30,
	},
	'a key that is withdrawn midway': {
		differs: [],
		texts: 0,
		exitCode: FAILED,
		stays: true,
		says: ['It ended early: Close does not know the key any more'],
	},
	blackhole: {
		differs: [],
		texts: 0,
		exitCode: FAILED,
		stays: true,
	},
};

const rows = Object.entries(TABLE).filter(([name]) => name !== 'blackhole');

test.each(rows)('a Close with %s', async (name, row) => {
	proxy.perturb(OTHER_CLOSES[name]());
	const result = await run({ only: row.only });
	const shown = `${result.said}\n${result.report}`;
	expect({
		differs: named(result, 'differs').sort(),
		unsaid: (row.says ?? []).filter((words) => !shown.includes(words)),
		exitCode: result.exitCode,
	}).toEqual({
		differs: [...(row.differs ?? [])].sort(),
		unsaid: [],
		exitCode: row.exitCode ?? DONE,
	});
	const texted = close.texted.map(({ remotePhone }) => remotePhone);
	expect(texted).toEqual(Array(texted.length).fill(OWN_PHONE));
	expect(texted.length).toBeLessThanOrEqual(DEFAULT_MAX_TEXTS);
	if (row.texts !== undefined) expect(texted).toHaveLength(row.texts);
	const canTextRequests = proxy.requests.filter(canText);
	expect(canTextRequests.length).toBeLessThanOrEqual(DEFAULT_MAX_TEXTS);
	expect(named(result, 'holds').length).toBeGreaterThanOrEqual(row.tried ?? 0);
	const rest = await left();
	if (!row.stays) expect(rest).toEqual([]);
	expect(result.said.includes('All that was made is removed.')).toBe(!row.stays);
});

/** Resolves when the run has said it. */
const until = async (said: string[], words: string) =>
	await waitUntil(async () => said.some((line) => line.includes(words)), 20_000);

test('a blackhole ends within seconds of Ctrl-C, and says what it left and how to remove it', async () => {
	proxy.perturb(OTHER_CLOSES.blackhole());
	let interruptedAt = 0;
	const result = await run({
		act: async (command, said) => {
			await until(said, 'holds     create-answers-200-with-the-sms');
			await wait(1_500);
			interruptedAt = Date.now();
			command.interrupt();
		},
	});
	// Without hurrying, each request is waited for half a minute.
	expect(Date.now() - interruptedAt).toBeLessThan(30_000);
	expect(result.exitCode).toBe(INTERRUPTED);
	expect(result.said).toMatch(/\d+ things could not be removed/);
	expect(result.said).toContain('Close does not answer');
	expect(result.report).toContain('holds');
	expect((await left()).length).toBeGreaterThan(0);
	const again = await run({ only: ['credentials'] });
	expect(again.said).toContain('They are removed first.');
	expect(await left()).toEqual([]);
});

test('no wait of more than some seconds without a line that says what for', async () => {
	let busy = 2;
	proxy.perturb(async (request, forward) =>
		request.path === '/sms_template/' && busy-- > 0
			? { status: 429, headers: { 'retry-after': '45' }, body: '{}' }
			: await forward(),
	);
	const { said } = await run({ only: ['templates'] });
	expect(said).toContain('Close answered with 429: waiting 45 seconds');
});

test('Ctrl-C ends a wait by the real clock', async () => {
	proxy.perturb(async (request, forward) =>
		request.path === '/sms_template/' && request.method === 'POST'
			? { status: 429, headers: { 'retry-after': '45' }, body: '{}' }
			: await forward(),
	);
	let interruptedAt = 0;
	const { exitCode, said } = await run({
		only: ['template-is-made-with-201'],
		isSimulator: false,
		act: async (command, lines) => {
			await until(lines, 'waiting 45 seconds');
			interruptedAt = Date.now();
			command.interrupt();
		},
	});
	expect(Date.now() - interruptedAt).toBeLessThan(5_000);
	expect(exitCode).toBe(INTERRUPTED);
	expect(said).toContain('not known whether it is there');
});

test('the lead is made in another organization than was named: it is removed, and nothing else is made', async () => {
	proxy.perturb(async (request, forward) => {
		const response = await forward();
		const isLead = request.method === 'POST' && request.path === '/lead/';
		const body = { ...(response.body as object), organization_id: 'orga_other00000000000000' };
		return isLead ? { ...response, body } : response;
	});
	const result = await run({ only: ['bodies'] });
	expect(result.exitCode).toBe(FAILED);
	expect(result.report).toContain('the lead was made in another organization');
	expect(await left()).toEqual([]);
	const made = proxy.requests.filter(({ method, path: to }) => method === 'POST' && /sms/.test(to));
	expect(made).toEqual([]);
});

const TWO = [
	{ id: 'orga_other00000000000000', name: 'Quarry Plumbing' },
	{ id: 'orga_third00000000000000', name: 'Third' },
];

/** Close shows nothing that names the organization. */
const withoutEvidence: Perturbation = async ({ path: to }, forward) => {
	const response = await forward();
	if (to === '/me/')
		return { ...response, body: { ...(response.body as object), organizations: TWO } };
	const isList = Array.isArray((response.body as { data?: unknown }).data);
	return isList ? { ...response, body: { data: [], has_more: false } } : response;
};

test('Close does not say in which of two organizations the key works: nothing is made, and both are named', async () => {
	proxy.perturb(withoutEvidence);
	await expect(run()).rejects.toThrow(
		/"Quarry Plumbing" \(orga_other0+\), "Third".*--organization ID/,
	);
	expect(proxy.requests.filter(({ method }) => method !== 'GET')).toEqual([]);
});

test('the person names one of two organizations: the run begins there', async () => {
	proxy.perturb(withoutEvidence);
	const { said } = await run({
		flags: ['--organization', TWO[0].id],
		only: ['credentials'],
	});
	expect(said).toContain('the Close organization "Quarry Plumbing"');
});

test('the answer to a creation gets lost and the search finds it late: it is found and removed', async () => {
	let late = 2;
	proxy.perturb(async (request, forward) => {
		const response = await forward();
		if (request.method === 'POST' && request.path === '/lead/') return 'reset';
		const isHidden = request.path === '/data/search/' && late-- > 0;
		return isHidden ? { ...response, body: { data: [], cursor: null } } : response;
	});
	const result = await run({ only: ['bodies'] });
	expect(result.said).toContain('may be listed late: waiting 60 seconds');
	expect(await left()).toEqual([]);
	expect(result.said).toContain('All that was made is removed.');
});

test('what a run left whose journal is lost is removed by the next one, unless it may still be going on', async () => {
	const api = clientOf(close);
	const make = async (marker: string) =>
		await api.post<{ id: string }>('/lead/', { name: `contract check ${marker}, may be deleted` });
	await make('closesms0123456789ab');
	await run({ only: ['credentials'] });
	expect(await left()).toHaveLength(1);
	proxy.perturb(async (request, forward) => {
		const response = await forward();
		if (request.path !== '/data/search/') return response;
		const text = JSON.stringify(response.body).replace(
			/"date_created":"\d{4}/g,
			'"date_created":"2025',
		);
		return { ...response, body: JSON.parse(text) as unknown };
	});
	await run({ only: ['credentials'] });
	expect(await left()).toEqual([]);
});

test('a report that cannot be written goes elsewhere, and nothing is lost', async () => {
	const file = path.join(folder, 'taken');
	await fs.mkdir(path.join(file, 'x'), { recursive: true });
	const { exitCode, said } = await run({ flags: ['--report', file], only: ['credentials'] });
	expect(said).toContain(`${file} cannot be written. It goes to`);
	expect(said).toContain('For whoever ran it');
	expect(exitCode).toBe(DONE);
	await fs.rm(path.join(os.tmpdir(), 'taken'), { force: true });
});

test('a port that is in use leaves only the deliveries untried, with the reason', async () => {
	const { port } = new URL(proxy.baseUrl);
	const flags = ['--webhook', 'http://127.0.0.1:9/in', '--port', port];
	const result = await run({ flags, only: ['webhooks'] });
	expect(result.report).toContain(`port ${port} on this machine cannot be used (EADDRINUSE)`);
	expect(named(result, 'notTried')).toEqual(
		expect.arrayContaining(['delivery-is-signed', 'event-has-the-sms']),
	);
	expect(named(result, 'holds')).toContain('subscription-is-made-with-its-key');
	expect(result.exitCode).toBe(DONE);
});

test('what was found is on disk after each expectation', async () => {
	let seen = '';
	close.latency(30);
	await run({
		only: ['credentials', 'errors'],
		act: async (_, said) => {
			await until(said, 'unknown-id-is-404');
			seen = await fs.readFile(path.join(folder, 'report.md'), 'utf8');
		},
	});
	expect(seen).toContain('It is still going on.');
	expect(seen).toContain('`key-as-basic-user`) | confirmed | holds |');
});

test('a number that is not registered for texts (A2P) is shown with its code, and is no difference', async () => {
	close.carrier.fails(OWN_PHONE, 30034);
	const result = await run({ only: ['texting'] });
	expect(named(result, 'differs')).toEqual([]);
	expect(result.report).toContain('the carrier refused the text (30034)');
	expect(result.report).toContain('A2P 10DLC');
	expect(named(result, 'holds')).toContain('failure-names-the-number');
	expect(result.report).toMatch(/`failure-names-the-number`\) \| inferred \| holds \| 30034/);
	expect(await left()).toEqual([]);
});

test.each(['BE', 'DK', 'IL', 'ZA'])(
	'a number of %s: what needs a fictional one is not tried',
	async (country) => {
		for (const number of Object.values(close.account.phoneNumbers)) number.country = country;
		const result = await run({ flags: [], only: ['bodies', 'state machine'] });
		expect(named(result, 'differs')).toEqual([]);
		expect(named(result, 'holds').length).toBeGreaterThan(10);
		expect(result.report).toContain(
			'no number is known that nobody has in the country of the sender',
		);
	},
);
