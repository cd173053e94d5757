import { createHash, fs, os, path, randomBytes } from '../platform';

/** Kinds of things that are made at Close, in the order in which they are removed. */
export const KINDS = ['webhook', 'sms', 'smsTemplate', 'lead'] as const;
export type Kind = (typeof KINDS)[number];

/** One thing that a run made at Close, or may have made. */
export interface JournalEntry {
	kind: Kind;
	/** undefined while the answer is awaited; for good when it got lost */
	id?: string;
	/** milliseconds since 1970 */
	at: number;
}

/** A run that may have left something at Close. */
export interface JournalRun {
	/** every name, text and address that the run makes contains this */
	marker: string;
	/** milliseconds since 1970 */
	at: number;
	made: JournalEntry[];
}

const PREFIX = 'close-sms-contract-';

const newMarker = () => `closesms${randomBytes(6).toString('hex')}`;
/** What `newMarker` makes, of any run. */
export const MARKER = /closesms[0-9a-f]{12}/;

/** Where the journal of an organization is, so that no run touches what was made in another one. */
export const journalFile = (baseUrl: string, organizationId: string, folder = os.tmpdir()) => {
	const name = createHash('sha256').update(`${baseUrl} ${organizationId}`).digest('hex');
	return path.join(folder, `${PREFIX}${name.slice(0, 24)}.json`);
};

function parse(text: string, file: string): JournalRun[] {
	let runs: unknown;
	try {
		runs = JSON.parse(text);
	} catch {
		// Said below.
	}
	if (Array.isArray(runs) && runs.every((run) => Array.isArray((run as JournalRun).made)))
		return runs as JournalRun[];
	throw new Error(
		`${file}, which lists what an earlier run made at Close, cannot be read. Look in Close for leads, drafts and templates named "closesms…", delete them and the file, then try again.`,
	);
}

/**
 * What was made at Close and is not removed yet, on disk: it is written before each request that makes something, so
 * that a later run can remove what a killed one left.
 */
export class Journal {
	/** this run, which is in the journal from its first request that makes something */
	readonly run: JournalRun = { marker: newMarker(), at: Date.now(), made: [] };

	/** whether this run is in the file */
	private isStarted = false;

	private constructor(
		private readonly file: string,
		/** earlier runs that left something */
		readonly earlier: JournalRun[],
	) {}

	/** @throws {Error} when the file of an earlier run cannot be read */
	static async open(file: string): Promise<Journal> {
		const text = await fs.readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
			if (error.code === 'ENOENT') return '[]';
			throw error;
		});
		return new Journal(file, parse(text, file));
	}

	get marker(): string {
		return this.run.marker;
	}

	/** All runs that may have left something. */
	get runs(): JournalRun[] {
		return [...this.earlier, this.run];
	}

	/** Notes that something is about to be made. */
	async expect(kind: Kind): Promise<JournalEntry> {
		const entry: JournalEntry = { kind, at: Date.now() };
		this.run.made.push(entry);
		await this.save();
		return entry;
	}

	async identify(entry: JournalEntry, id: string): Promise<void> {
		entry.id = id;
		await this.save();
	}

	/** Forgets what is not at Close (any more). */
	async forget(entry: JournalEntry): Promise<void> {
		for (const { made } of this.runs) {
			const index = made.indexOf(entry);
			if (index >= 0) made.splice(index, 1);
		}
		await this.save();
	}

	/** Forgets all runs: Close was looked through, and nothing of them is left. */
	async clear(): Promise<void> {
		this.earlier.length = 0;
		this.run.made.length = 0;
		this.isStarted = false;
		await this.save();
	}

	/** By the ID that Close gave it. */
	find(id: string): JournalEntry | undefined {
		return this.runs.flatMap(({ made }) => made).find((one) => one.id === id);
	}

	/** A run stays in the file until `clear`, even when nothing of it is known to be left. */
	private async save(): Promise<void> {
		this.isStarted ||= this.run.made.length > 0;
		const runs = [...this.earlier, ...(this.isStarted ? [this.run] : [])];
		if (runs.length === 0) return await fs.rm(this.file, { force: true });
		// Whole or not at all: a process can be killed while it writes.
		const temp = `${this.file}.new`;
		await fs.writeFile(temp, JSON.stringify(runs), { mode: 0o600 });
		await fs.rename(temp, this.file);
	}
}
