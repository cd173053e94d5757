import { createHash, fs, os, path, randomBytes } from '../platform';

/** Kinds of things that are made at Close, in the order in which they are removed. */
export const KINDS = ['webhook', 'sms', 'smsTemplate', 'lead'] as const;
export type Kind = (typeof KINDS)[number];

/** One thing at Close that is to be removed. */
export interface JournalEntry {
	kind: Kind;
	/** undefined while the answer is awaited; for good when it got lost */
	id?: string;
	/** every name, text and address that a run makes contains this */
	marker: string;
	/** milliseconds since 1970 */
	at: number;
}

const PREFIX = 'close-sms-contract-';

/** Where the journal of an organization is, so that no run touches what was made in another one. */
export const journalFile = (baseUrl: string, organizationId: string, folder = os.tmpdir()) => {
	const name = createHash('sha256').update(`${baseUrl} ${organizationId}`).digest('hex');
	return path.join(folder, `${PREFIX}${name.slice(0, 24)}.json`);
};

function parse(text: string, file: string): JournalEntry[] {
	let made: unknown;
	try {
		made = JSON.parse(text);
	} catch {
		// Said below.
	}
	if (Array.isArray(made)) return made as JournalEntry[];
	throw new Error(
		`${file}, which lists what an earlier run made at Close, cannot be read. Look in Close for leads, drafts and templates named "closesms…", delete them and the file, then try again.`,
	);
}

/**
 * What was made at Close and is not removed yet, on disk: it is written before each request that makes something, so
 * that a later run can remove what a killed one left.
 */
export class Journal {
	/** what is new in every run */
	readonly marker = `closesms${randomBytes(6).toString('hex')}`;

	private constructor(
		private readonly file: string,
		readonly made: JournalEntry[],
	) {}

	/** @throws {Error} when the file of an earlier run cannot be read */
	static async open(file: string): Promise<Journal> {
		const text = await fs.readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
			if (error.code === 'ENOENT') return '[]';
			throw error;
		});
		return new Journal(file, parse(text, file));
	}

	/** Notes that something is about to be made. */
	async expect(kind: Kind): Promise<JournalEntry> {
		const entry: JournalEntry = { kind, marker: this.marker, at: Date.now() };
		this.made.push(entry);
		await this.save();
		return entry;
	}

	async identify(entry: JournalEntry, id: string): Promise<void> {
		entry.id = id;
		await this.save();
	}

	/** Forgets what is not at Close (any more). */
	async forget(entry: JournalEntry): Promise<void> {
		const index = this.made.indexOf(entry);
		if (index >= 0) this.made.splice(index, 1);
		await this.save();
	}

	/** By the ID that Close gave it. */
	find(id: string): JournalEntry | undefined {
		return this.made.find((one) => one.id === id);
	}

	private async save(): Promise<void> {
		if (this.made.length === 0) return await fs.rm(this.file, { force: true });
		// Whole or not at all: a process can be killed while it writes.
		const temp = `${this.file}.new`;
		await fs.writeFile(temp, JSON.stringify(this.made), { mode: 0o600 });
		await fs.rename(temp, this.file);
	}
}
