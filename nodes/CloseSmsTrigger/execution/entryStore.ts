/** Adds entries to those that n8n stores for a trigger; returns those that were not there yet. */
export type AddEntries = (entries: string[]) => Promise<Iterable<unknown>>;

/** A call to n8n's storage, and what it will return. */
interface Batch {
	entries: Set<string>;
	added: Promise<Set<unknown>>;
}

/** Adds entries one call at a time; what is to be added while a call is under way goes together into the next one. */
export class EntryStore {
	private last: Promise<unknown> = Promise.resolve();
	private next?: Batch;

	/**
	 * @returns those of the entries that were not there yet, and maybe others that were added in the same call
	 * @throws what n8n's storage throws
	 */
	async add(entries: string[], addEntries: AddEntries): Promise<Set<unknown>> {
		this.next ??= this.openBatch(addEntries);
		for (const entry of entries) this.next.entries.add(entry);
		return await this.next.added;
	}

	private openBatch(addEntries: AddEntries): Batch {
		const entries = new Set<string>();
		const added = this.last.then(async () => {
			this.next = undefined;
			return new Set(await addEntries([...entries]));
		});
		this.last = added.catch(() => undefined);
		return { entries, added };
	}
}
