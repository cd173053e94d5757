import axios from 'axios';
import { lock } from 'proper-lockfile';

import { createInterface, fs, path, process, say, wait } from '../platform';
import { cleanUp } from './cleanUp';
import { CloseClient, Interrupted, NoAnswer, type Exchange } from './closeClient';
import { readSettings, USAGE, type Settings } from './commandLine';
import { EXPECTATIONS } from './expectations';
import { Journal, journalFile } from './journal';
import { SetupError, readOrganization, type Organization } from './organization';
import { Receiver } from './receiver';
import { toRecording } from './recording';
import { toReport } from './report';
import { describeLeft, runContract, type RunResult } from './runContract';
import { Scrubber } from './scrub';
import { MAX_TEXTS } from './sendGuard';
import { sendToStorage } from './storage';

const BEGIN_FAILED = 1;
const INTERRUPTED = 130;

/** A killed run holds its lock for so long, in milliseconds. */
const LOCK_STALE = 10_000;

/** A run, from its settings to its report. */
class Command {
	private readonly scrubber = new Scrubber();
	private readonly interruption = new AbortController();
	private readonly exchanges: Array<{ during: string; exchange: Exchange }> = [];
	private readonly client: CloseClient;
	private readonly cleaner: CloseClient;
	private during = 'preparation';

	constructor(private readonly settings: Settings) {
		this.client = new CloseClient({
			...settings,
			wait: async (ms) => await this.wait(ms, this.interruption.signal),
			onExchange: (exchange) => {
				this.scrubber.learn(exchange.body);
				this.exchanges.push({ during: this.during, exchange });
			},
		});
		this.cleaner = new CloseClient({ ...settings, wait: async (ms) => await this.wait(ms) });
	}

	/** @returns the exit code */
	async run(): Promise<number> {
		const organization = await readOrganization(this.client);
		const file = journalFile(this.settings.baseUrl, organization.id);
		const release = await lock(file, {
			realpath: false,
			stale: LOCK_STALE,
			// As after a laptop's sleep: another run may have begun.
			onCompromised: () => this.interrupt(),
		}).catch((error: NodeJS.ErrnoException) => {
			if (error.code !== 'ELOCKED') throw error;
			throw new SetupError(
				`A run for this organization is going on, or was killed in the last ${LOCK_STALE / 1000} seconds. Wait until it has ended. Nothing was made.`,
			);
		});
		try {
			return await this.runAlone(organization, await Journal.open(file));
		} finally {
			await release().catch(() => undefined);
		}
	}

	private async runAlone(organization: Organization, journal: Journal): Promise<number> {
		const earlier = journal.made.length;
		this.explain(organization, earlier);
		if (!(await this.isConfirmed())) {
			say('Nothing was made.');
			return BEGIN_FAILED;
		}
		this.listenToSignals();
		this.client.journal = this.cleaner.journal = journal;
		if (earlier > 0) {
			say(`Removing ${earlier} things of an earlier run …`);
			await cleanUp(this.cleaner, journal, async (ms) => await this.wait(ms));
		}
		const result = await this.tryAll(organization, journal);
		return await this.finish(result);
	}

	private async tryAll(organization: Organization, journal: Journal): Promise<RunResult> {
		const { textMe, webhook, mayExceedLimit } = this.settings;
		const receiver =
			webhook && (await Receiver.start(() => webhook.url, webhook.port, journal.marker));
		try {
			return await runContract({
				expectations: EXPECTATIONS,
				client: this.client,
				cleaner: this.cleaner,
				organization,
				journal,
				receiver,
				textMe,
				mayExceedLimit,
				wait: async (ms) => await this.wait(ms, this.interruption.signal),
				store: sendToStorage,
				onStart: ({ name }) => void (this.during = name),
				onOutcome: ({ expectation, outcome }) =>
					say(`  ${outcome.result.padEnd(9)} ${expectation.name}`),
				cleanerWait: async (ms) => await this.wait(ms),
				onEnd: () => say('Removing what was made …'),
			});
		} finally {
			await receiver?.stop();
		}
	}

	private explain({ name, sender, fictionalNumber }: Organization, earlier: number): void {
		const { textMe, webhook, mayExceedLimit, isSimulator } = this.settings;
		const year = new Date().getUTCFullYear() + 1;
		say(`This tries ${EXPECTATIONS.length} expectations on the Close organization "${name}"${isSimulator ? ' of the simulator' : ''}. It will
  - make one lead with two contacts, and on it drafts and texts that are scheduled for ${year}${fictionalNumber ? ` to ${fictionalNumber}, which nobody has` : ''}
  - make templates, upload small files, and make webhook subscriptions that lead nowhere${webhook ? ` or to ${webhook.url}` : ''}
  - ${textMe ? `send at most ${MAX_TEXTS} real texts, all to ${textMe}` : 'text nobody'}${mayExceedLimit ? '\n  - make so many searches that Close refuses requests of this key for some seconds' : ''}
  - remove all that it made, also after Ctrl-C (uploaded files Close deletes itself after 24 hours)
Workflows and webhooks of the organization see the new lead and its drafts as any other: use a trial organization.
It takes some five minutes.`);
		if (earlier > 0)
			say(`An earlier run was killed and left ${earlier} things there. They are removed first.`);
		if (!sender)
			say(
				'This organization has no number that can send SMS (Close: Settings, then Phone). What needs one will not be tried.',
			);
	}

	private async isConfirmed(): Promise<boolean> {
		if (this.settings.isConfirmed) return true;
		if (!process.stdin.isTTY) {
			say('Nobody is there to confirm it: start it in a terminal, or with --yes.');
			return false;
		}
		const terminal = createInterface({ input: process.stdin, output: process.stdout });
		// Ctrl-C, or the end of the input, is a no.
		const closed = new Promise<string>((resolve) => terminal.once('close', () => resolve('')));
		const answer = await Promise.race([terminal.question('Go on? (y/N) '), closed]);
		terminal.close();
		return /^y(es)?$/i.test(answer.trim());
	}

	/** From now on a signal ends the run, and what was made is removed. */
	private listenToSignals(): void {
		// Not `once`: Ctrl-C may arrive several times, from the terminal and from npm.
		for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
			process.on(signal, () => this.interrupt());
		// Whoever read it has gone, as in `| head` or a closed terminal.
		process.stdout.on('error', () => this.interrupt());
	}

	private interrupt(): void {
		if (this.client.isInterrupted) return;
		this.client.isInterrupted = true;
		this.interruption.abort();
		say('\nEnding. Wait until all is removed.');
	}

	/** Waits; the simulator's clock is moved instead. */
	private async wait(ms: number, signal?: AbortSignal): Promise<void> {
		if (signal?.aborted) throw new Interrupted();
		if (!this.settings.isSimulator)
			return await wait(ms, undefined, { signal }).catch(() => {
				throw new Interrupted();
			});
		const url = new URL('/simulator/clock/advance', this.settings.baseUrl).href;
		await axios.post(url, { ms }, { proxy: false }).catch(() => undefined);
		await wait(10);
	}

	private async finish({ attempts, left, texts }: RunResult): Promise<number> {
		const { isSimulator, report: file, record } = this.settings;
		const target = isSimulator ? 'the simulator' : 'Close';
		const report = toReport(attempts, this.scrubber, {
			target,
			texts,
			left: left.length > 0 ? describeLeft(left) : undefined,
		});
		await fs.writeFile(file, report);
		if (record) await this.writeRecording(record, target);
		say(
			`\n${report}\nThis report is in ${path.resolve(file)}: nothing in it belongs to the account. Please send it to us.`,
		);
		say(describeLeft(left));
		if (this.client.isInterrupted) return INTERRUPTED;
		return left.length > 0 ? BEGIN_FAILED : 0;
	}

	private async writeRecording(folder: string, madeFrom: string): Promise<void> {
		await fs.mkdir(folder, { recursive: true });
		const file = path.join(folder, `${madeFrom.replace(/\W+/g, '-').toLowerCase()}.json`);
		const names = new Set(EXPECTATIONS.map(({ name }) => name));
		const happened = this.exchanges.filter(({ during }) => names.has(during));
		const recording = toRecording(madeFrom, happened, this.scrubber);
		await fs.writeFile(file, `${JSON.stringify(recording, null, '\t')}\n`);
		say(`What went to and from Close is in ${file}.`);
	}
}

async function main(): Promise<number> {
	const settings = readSettings(process.argv.slice(2), process.env);
	if (!settings) {
		say(USAGE);
		return 0;
	}
	return await new Command(settings).run().catch((error: Error) => {
		if (error instanceof NoAnswer)
			throw new Error(
				`Close could not be reached at ${settings.baseUrl} (${error.code}). Check the network and the proxy. Nothing was made.`,
			);
		throw error;
	});
}

main().then(
	(code) => process.exit(code),
	(error: Error) => {
		say(error.message);
		process.exit(BEGIN_FAILED);
	},
);
