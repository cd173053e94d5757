import axios from 'axios';
import { lock } from 'proper-lockfile';

import { os, path, wait } from '../platform';
import { cleanUp, describeLeft, type Left } from './cleanUp';
import { CloseClient, Interrupted, NoAnswer, type Exchange } from './closeClient';
import type { Settings } from './commandLine';
import type { Expectation } from './expectation';
import { EXPECTATIONS } from './expectations';
import { finding, literal, type Finding } from './finding';
import { Journal, journalFile } from './journal';
import { Keeper } from './keeper';
import { readOrganization, SetupError, type Organization } from './organization';
import { Receiver } from './receiver';
import { toRecording } from './recording';
import { summaryOf, toReport, wordsOf } from './report';
import { runContract, type Attempt, type RunResult } from './runContract';
import { Scrubber } from './scrub';
import { sendToStorage } from './storage';

export const DONE = 0;
export const FAILED = 1;
export const INTERRUPTED = 130;

/** A killed run holds its lock for so long, in milliseconds. */
const LOCK_STALE = 10_000;
/** Waits that are shorter are not worth a line, in milliseconds. */
const WORTH_A_LINE = 5_000;

/** Who started it. */
export interface Terminal {
	say: (line: string) => void;
	/** whether the person agrees; undefined when nobody is there to ask */
	confirm?: () => Promise<boolean>;
}

/** A run, from its settings to its report. */
export class Command {
	private readonly scrubber = new Scrubber();
	private readonly interruption = new AbortController();
	private readonly exchanges: Array<{ during: string; exchange: Exchange }> = [];
	private readonly attempts: Attempt[] = [];
	private readonly client: CloseClient;
	private readonly cleaner: CloseClient;
	private readonly report: Keeper;
	private readonly recording: Keeper | undefined;
	private during = 'preparation';
	private lastLine = '';

	/**
	 * @param folder where the journal is
	 * @param expectations which are tried
	 */
	constructor(
		private readonly settings: Settings,
		private readonly terminal: Terminal,
		private readonly folder = os.tmpdir(),
		private readonly expectations: Expectation[] = EXPECTATIONS,
	) {
		const { signal } = this.interruption;
		this.client = new CloseClient({
			...settings,
			signal,
			hurry: signal,
			wait: async (ms, reason) => await this.wait(ms, reason, signal),
			onExchange: (exchange) => {
				this.scrubber.learn(exchange);
				this.exchanges.push({ during: this.during, exchange });
			},
		});
		this.cleaner = new CloseClient({
			...settings,
			hurry: signal,
			wait: async (ms, reason) => await this.wait(ms, reason),
		});
		const say = (line: string) => this.terminal.say(line);
		this.report = new Keeper(settings.report, say);
		const { record } = settings;
		if (record)
			this.recording = new Keeper(
				path.join(record, `${this.target.replace(/\W+/g, '-').toLowerCase()}.json`),
				say,
			);
	}

	get isInterrupted(): boolean {
		return this.interruption.signal.aborted;
	}

	/** Ends the run; what was made is removed then. */
	interrupt(): void {
		if (this.isInterrupted) return;
		this.interruption.abort();
		this.terminal.say('\nEnding. Wait until all is removed, or press Ctrl-C again to leave it.');
	}

	/**
	 * @returns the exit code
	 * @throws {Error} before anything was made; the message says what is wrong and what to do
	 */
	async run(): Promise<number> {
		return await this.runLocked().catch((error: Error) => {
			if (!(error instanceof Interrupted)) throw error;
			this.terminal.say('Nothing was made.');
			return INTERRUPTED;
		});
	}

	private async runLocked(): Promise<number> {
		const organization = await readOrganization(this.client, this.settings.organization).catch(
			(error: Error) => {
				if (!(error instanceof NoAnswer)) throw error;
				throw new SetupError(
					`Close could not be reached at ${this.settings.baseUrl} (${error.code}). Check the network and the proxy. Nothing was made.`,
				);
			},
		);
		const file = journalFile(this.settings.baseUrl, organization.id, this.folder);
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

	private get target(): string {
		return this.settings.isSimulator ? 'the simulator' : 'Close';
	}

	private async runAlone(organization: Organization, journal: Journal): Promise<number> {
		const earlier = journal.earlier.flatMap(({ made }) => made).length;
		this.explain(organization, earlier);
		if (!(await this.isConfirmed())) {
			this.terminal.say('Nothing was made.');
			return FAILED;
		}
		this.client.journal = this.cleaner.journal = journal;
		await this.removeEarlier(journal, earlier);
		const { receiver, stop } = await this.startReceiver(journal);
		try {
			return await this.finish(await this.tryAll(organization, journal, receiver));
		} finally {
			await stop();
		}
	}

	/** Also what a run left whose journal is lost. */
	private async removeEarlier(journal: Journal, earlier: number): Promise<void> {
		if (earlier > 0) this.terminal.say(`Removing ${earlier} things of an earlier run …`);
		const left = await cleanUp({
			client: this.cleaner,
			journal,
			wait: async (ms, reason) => await this.wait(ms, reason),
			isHurried: () => this.isInterrupted,
		});
		if (left.length > 0) this.terminal.say(describeLeft(left, true));
	}

	private async startReceiver(
		journal: Journal,
	): Promise<{ receiver?: Receiver | Finding; stop: () => Promise<void> }> {
		const { webhook } = this.settings;
		const stop = async () => {};
		if (!webhook) return { stop };
		return await Receiver.start(() => webhook.url, webhook.port, journal.marker).then(
			(receiver) => ({ receiver, stop: receiver.stop }),
			(error: NodeJS.ErrnoException) => {
				const receiver = finding`port ${webhook.port} on this machine cannot be used (${literal(error.code ?? error.message)}): --port`;
				this.terminal.say(`Deliveries of webhooks are not tried: ${receiver.text}`);
				return { receiver, stop };
			},
		);
	}

	private async tryAll(
		organization: Organization,
		journal: Journal,
		receiver: Receiver | Finding | undefined,
	): Promise<RunResult> {
		const { signal } = this.interruption;
		return await runContract({
			...this.settings,
			apiKeyId: this.settings.apiKey.split('.')[0],
			expectations: this.expectations,
			client: this.client,
			cleaner: this.cleaner,
			organization,
			journal,
			receiver,
			wait: async (ms, reason) => await this.wait(ms, reason, signal),
			store: sendToStorage,
			isHurried: () => this.isInterrupted,
			onStart: ({ name }) => void (this.during = name),
			onOutcome: async (attempt) => await this.keep(attempt),
			cleanerWait: async (ms, reason) => await this.wait(ms, reason),
			onEnd: () => this.terminal.say('Removing what was made …'),
		});
	}

	/** Says what was found, and writes it down, as soon as it is known. */
	private async keep(attempt: Attempt): Promise<void> {
		this.attempts.push(attempt);
		const { expectation, outcome } = attempt;
		const words = outcome.result === 'holds' ? '' : `: ${wordsOf(outcome, this.scrubber)}`;
		this.terminal.say(`  ${outcome.result.padEnd(9)} ${expectation.name}${words}`);
		const { requestsThatCanText, textsShownAsSent } = this.client.guard;
		const found = { attempts: this.attempts, requestsThatCanText, textsShownAsSent };
		await this.write({ ...found, isUnfinished: true });
	}

	private async write(
		result: Omit<RunResult, 'left'> & { isUnfinished?: boolean; left?: Left[] },
	): Promise<string> {
		const left = result.left?.length ? describeLeft(result.left) : undefined;
		// Without its folder, which may be somebody's name.
		const recording = this.recording && path.basename(this.recording.path);
		const options = { ...result, left, recording, target: this.target };
		const report = toReport(options, this.scrubber);
		await this.report.write(report);
		const isWorthIt = !result.isUnfinished || this.attempts.length % 10 === 0;
		if (this.recording && isWorthIt) await this.recording.write(this.toRecording());
		return report;
	}

	private toRecording(): string {
		const names = new Set(this.expectations.map(({ name }) => name));
		const happened = this.exchanges.filter(({ during }) => names.has(during));
		const recording = toRecording(this.target, happened, this.scrubber);
		return `${JSON.stringify(recording, null, '\t')}\n`;
	}

	private explain(
		{ name, sender, noSender, fictionalNumber }: Organization,
		earlier: number,
	): void {
		const { textMe, maxTexts, webhook, mayExceedLimit, isSimulator } = this.settings;
		const year = new Date().getUTCFullYear() + 1;
		const { say } = this.terminal;
		say(`This tries ${this.expectations.length} expectations on the Close organization "${name}"${isSimulator ? ' of the simulator' : ''}. It will
  - make one lead with two contacts, and on it drafts and texts that are scheduled for ${year}${fictionalNumber ? ` to ${fictionalNumber}, which nobody has` : ''}
  - make templates, upload small files, and make webhook subscriptions that lead nowhere${webhook ? ` or to ${webhook.url}` : ''}
  - ${textMe ? `send at most ${maxTexts} requests that can text, each once, all to ${textMe}` : 'text nobody'}${mayExceedLimit ? '\n  - make so many searches that Close refuses requests of this key for some seconds' : ''}
  - remove all that it made, also after Ctrl-C (uploaded files Close deletes itself after 24 hours)
Workflows and webhooks of the organization see the new lead and its drafts as any other: use a trial organization.
It takes some ten minutes. What is found is printed and written as it goes.`);
		if (earlier > 0)
			say(`An earlier run was killed and left ${earlier} things there. They are removed first.`);
		if (!sender)
			say(
				`${noSender?.text ?? 'This organization has no number that can send SMS'} (Close: Settings, then Phone). What needs one will not be tried.`,
			);
	}

	private async isConfirmed(): Promise<boolean> {
		if (this.settings.isConfirmed) return true;
		if (this.terminal.confirm) return await this.terminal.confirm();
		this.terminal.say('Nobody is there to confirm it: start it in a terminal, or with --yes.');
		return false;
	}

	/** Waits, and says what for; the simulator's clock is moved instead. */
	private async wait(ms: number, reason: string, signal?: AbortSignal): Promise<void> {
		if (signal?.aborted) throw new Interrupted();
		const line =
			ms >= WORTH_A_LINE ? `  ${reason}: waiting ${Math.ceil(ms / 1000)} seconds` : `  ${reason} …`;
		if (line !== this.lastLine || ms >= WORTH_A_LINE) this.terminal.say(line);
		this.lastLine = line;
		if (!this.settings.isSimulator)
			return await wait(ms, undefined, { signal }).catch(() => {
				throw new Interrupted();
			});
		const url = new URL('/simulator/clock/advance', this.settings.baseUrl).href;
		await axios.post(url, { ms }, { proxy: false, timeout: 1_000 }).catch(() => undefined);
		await wait(10);
	}

	private async finish(result: RunResult): Promise<number> {
		const report = await this.write(result);
		const { say } = this.terminal;
		say(`\n${report}`);
		if (result.left.length > 0) say(describeLeft(result.left, true));
		else say(describeLeft([]));
		say(`${summaryOf(result.attempts)} This report is in ${this.report.path}`);
		if (this.recording) say(`What went to and from Close is in ${this.recording.path}`);
		say('Nothing in them belongs to the account. Please send them to us.');
		if (this.isInterrupted) return INTERRUPTED;
		return result.left.length > 0 || result.endedEarly ? FAILED : DONE;
	}
}
