import axios from 'axios';
import execa from 'execa';
import type { INodeParameters } from 'n8n-workflow';
import semver from 'semver';

import { startChatModel, toolResults } from '../dev/n8n/chatModel';
import { ensureN8n } from '../dev/n8n/install';
import { byId, byNumber } from '../dev/locators';
import { startN8n } from '../dev/n8n/n8n';
import type { N8nClient } from '../dev/n8n/n8nClient';
import { connectToOwnN8n } from '../dev/n8n/ownN8n';
import { pack } from '../dev/n8n/pack';
import { waitUntil } from '../dev/n8n/waitUntil';
import {
	agentWorkflow,
	operationByWebhook,
	triggerWorkflow,
	updateByWebhook,
} from '../dev/n8n/workflows';
import { fs, os, parseArgs, path, process, randomUUID, root, say } from '../dev/platform';
import { startSimulator, type Simulator } from '../dev/simulator';

/** The oldest n8n that has what the node needs, the last 1.x, the last 2.0, and the newest. */
const RANGES = ['1.85', '1', '2.0', '*'];

interface Result {
	n8n: string;
	node: string;
	/** What went wrong, by trial; empty when all went well. */
	problems: Record<string, string | undefined>;
}

type Trial = (n8n: N8nClient, close: Simulator) => Promise<void>;

/** Has n8n update a fresh draft by a webhook, and returns its ID. */
const updateDraft = async (n8n: N8nClient, close: Simulator, fields: Record<string, string>) => {
	const { account } = close;
	const { id } = close.addSms({
		remote_phone: account.contacts.maria.phones[0].phone,
		local_phone: account.phoneNumbers.main.number,
		text: 'See you then.',
	});
	const credentials = await n8n.addSimulatorCredential(close);
	const webhook = randomUUID();
	const workflow = updateByWebhook(webhook, fields, 'America/New_York');
	await n8n.activate(await n8n.importWorkflow(workflow, credentials));
	await axios.post(n8n.webhookUrl(webhook), { smsId: id });
	return id;
};

/** Has n8n carry out an operation of the resource SMS by a webhook; returns what it answered. */
const carryOut = async (n8n: N8nClient, close: Simulator, parameters: INodeParameters) => {
	const webhook = randomUUID();
	const credentials = await n8n.addSimulatorCredential(close);
	const id = await n8n.importWorkflow(operationByWebhook(webhook, parameters), credentials);
	await n8n.activate(id);
	return (await axios.post<unknown>(n8n.webhookUrl(webhook), {})).data;
};

const expectThat = (isSo: boolean, otherwise: string) => {
	if (!isSo) throw new Error(otherwise);
};

const TRIALS: Record<string, Trial> = {
	'both nodes are there': async (n8n) => {
		expectThat(await n8n.hasPackage(), 'a node is missing');
	},
	'a webhook sends a draft, once': async (n8n, close) => {
		const id = await updateDraft(n8n, close, { status: 'outbox' });
		await waitUntil(async () => close.sms(id)?.status === 'sent');
		const { length } = close.texted.filter(({ smsId }) => smsId === id);
		if (length !== 1) throw new Error(`texted ${length} times`);
	},
	"9:00 in the workflow's time zone": async (n8n, close) => {
		const picked = '2036-07-01T09:00:00';
		for (const dateScheduled of [picked, `={{ DateTime.fromISO('${picked}') }}`]) {
			const id = await updateDraft(n8n, close, { status: 'scheduled', dateScheduled });
			const arrived = close.sms(id)?.date_scheduled;
			if (Date.parse(arrived ?? '') !== Date.parse('2036-07-01T13:00:00Z'))
				throw new Error(`${dateScheduled} arrived as ${arrived}`);
		}
	},
	'Send, with options': async (n8n, close) => {
		const { account } = close;
		const phone = account.contacts.maria.phones[0].phone;
		await carryOut(n8n, close, {
			operation: 'send',
			to: byNumber(phone),
			from: byNumber(account.phoneNumbers.main.number),
			message: 'We come at 10.',
			options: {
				checkOptOut: true,
				skipIfTextedWithin: 60,
				sendingHours: {
					hours: { from: '00:00', to: '24:00', fallbackTimezone: 'America/New_York' },
				},
			},
		});
		close.clock.advance(60_000);
		const sent = close.texted.filter(({ text }) => text === 'We come at 10.').length;
		expectThat(sent === 1, `texted ${sent} times`);
	},
	'Send Draft, a dry run': async (n8n, close) => {
		const before = close.requests.length;
		const output = await carryOut(n8n, close, {
			operation: 'sendDraft',
			smsId: byId(close.account.texts.draft.id),
			options: { dryRun: true },
		});
		const writes = close.requests.slice(before).filter(({ method }) => method !== 'GET');
		expectThat(writes.length === 0, 'something was sent');
		expectThat(JSON.stringify(output).includes('"dryRun":true'), JSON.stringify(output));
	},
	'Get Conversation': async (n8n, close) => {
		const output = await carryOut(n8n, close, {
			operation: 'getConversation',
			person: { __rl: true, mode: 'number', value: close.account.contacts.maria.phones[0].phone },
			format: 'messages',
		});
		expectThat(JSON.stringify(output).includes('"messages"'), JSON.stringify(output));
	},
	'the trigger hears STOP': async (n8n, close) => {
		const workflow = triggerWorkflow({ authentication: 'apiKey', events: ['optedOut'] });
		const id = await n8n.importWorkflow(workflow, await n8n.addSimulatorCredential(close));
		await n8n.activate(id);
		for (const text of ['Are you open?', 'STOP'])
			close.receive({ from: close.account.contacts.sam.phones[0].phone, text });
		await close.webhooks.deliverAll();
		await waitUntil(async () => (await n8n.executions(id)).length > 0);
		const { length } = await n8n.executions(id);
		await n8n.deactivate(id);
		expectThat(length === 1, `started ${length} times`);
	},
	"an agent's call": async (n8n, close) => {
		const phone = close.account.contacts.maria.phones[0].phone;
		const model = await startChatModel([{ phone, text: 'For the agent.' }], 'Done.');
		const data = { apiKey: 'none', url: model.url };
		const openAiApi = await n8n.createCredential('openAiApi', 'Model', data);
		const version = await n8n.readVersion();
		const workflow = agentWorkflow(version.startsWith('1.') ? 1.8 : 2.2, openAiApi, {
			operation: 'create',
			mode: 'draft',
			remotePhone: "={{ $fromAI('phone', 'The number', 'string') }}",
			text: "={{ $fromAI('text', 'The words', 'string') }}",
		});
		const id = await n8n.importWorkflow(workflow, await n8n.addSimulatorCredential(close));
		await n8n.activate(id);
		await axios.post(n8n.webhookUrl(workflow.name), { chatInput: 'Draft it.' });
		await model.stop();
		const told = model.requests[1] && toolResults(model.requests[1])[0];
		expectThat(told?.includes('"draft"') === true, `the model was told ${told}`);
		const made = close.allSms().filter(({ text }) => text === 'For the agent.').length;
		expectThat(made === 1, `${made} drafts`);
	},
};

/** What n8n itself can only do from a version on: n8n-io/n8n#17796 runs nodes such as this one as a tool. */
const SINCE: Record<string, string> = { "an agent's call": '1.106.0' };

/** The version from which on n8n can do this, if this n8n is older. */
const cannotBefore = (version: string, what: string) =>
	what in SINCE && semver.lt(version, SINCE[what]) ? SINCE[what] : undefined;

/** Tries each thing that this n8n can do, with a Close of its own. */
const tryAll = async (n8n: N8nClient) => {
	const problems: Result['problems'] = {};
	const close = await startSimulator();
	const version = await n8n.readVersion();
	const tried = Object.entries(TRIALS).filter(([what]) => !cannotBefore(version, what));
	for (const [what, trial] of tried)
		await trial(n8n, close).catch((error: Error) => (problems[what] = error.message));
	await close.stop();
	return problems;
};

/** Tries the packed package in one n8n. */
const tryIn = async (range: string, packagePath: string): Promise<Result> => {
	const { node, version } = await ensureN8n(range);
	const { stdout } = await execa(node, ['--version']);
	const result: Result = { n8n: version, node: stdout, problems: {} };
	const n8n = await startN8n({ version, packagePath }).catch((error: Error) => {
		result.problems = { start: error.message };
	});
	if (n8n) result.problems = await tryAll(n8n);
	await n8n?.stop();
	return result;
};

/** Tries the package in an n8n that the person runs, which has it already; what the trials made there is removed. */
const tryInOwn = async (url: string): Promise<Result> => {
	const n8n = await connectToOwnN8n(url);
	try {
		return { n8n: await n8n.readVersion(), node: 'its own', problems: await tryAll(n8n) };
	} finally {
		await n8n.removeMade();
	}
};

const works = ({ problems }: Result) => Object.keys(problems).length === 0;

const table = (results: Result[]) => {
	const tried = Object.keys(TRIALS);
	const cell = ({ n8n, problems }: Result, what: string) => {
		if (problems.start ?? problems[what]) return '**no**';
		const since = cannotBefore(n8n, what);
		return since ? `from n8n ${since}` : 'yes';
	};
	const cells = (result: Result) => [
		result.n8n,
		result.node,
		...tried.map((what) => cell(result, what)),
	];
	const head = ['n8n', 'on Node.js', ...tried];
	const rows = [head, head.map(() => '---'), ...results.map(cells)];
	return rows.map((row) => `| ${row.join(' | ')} |`).join('\n');
};

/** Puts the table where the page has its markers. */
const writePage = async (results: Result[]) => {
	const file = path.join(root, 'docs', 'operations.md');
	const page = await fs.readFile(file, 'utf8');
	const block = `<!-- compat -->\n\n${table(results)}\n\n<!-- /compat -->`;
	await fs.writeFile(
		file,
		page.replace(/<!-- compat -->.*<!-- \/compat -->/s, () => block),
	);
};

const tryVersions = async (ranges: string[]) => {
	const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'close-sms-compat-'));
	try {
		const packagePath = await pack(folder);
		const results: Result[] = [];
		for (const range of ranges) results.push(await tryIn(range, packagePath));
		return results;
	} finally {
		await fs.rm(folder, { recursive: true, force: true });
	}
};

/**
 * `npm run compat` tries the versions that people run and writes the table of docs/operations.md; versions given as
 * arguments are only tried. `--n8n URL` tries an n8n that the person runs (see `connectToOwnN8n`).
 */
const main = async () => {
	const { values, positionals } = parseArgs({
		options: { n8n: { type: 'string' } },
		allowPositionals: true,
	});
	const isWholeTable = values.n8n === undefined && positionals.length === 0;
	const results = values.n8n
		? [await tryInOwn(values.n8n.replace(/\/+$/, ''))]
		: await tryVersions(isWholeTable ? RANGES : positionals);
	say(`\n${table(results)}`);
	for (const { n8n, problems } of results)
		for (const [what, problem] of Object.entries(problems)) say(`\n${n8n}, ${what}: ${problem}`);
	if (isWholeTable) await writePage(results);
	return results.every(works);
};

main().then(
	(isGood) => process.exit(isGood ? 0 : 1),
	(error: Error) => {
		say(`\n${error.message}`);
		process.exit(1);
	},
);
