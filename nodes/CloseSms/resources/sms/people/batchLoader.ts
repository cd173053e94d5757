import { sleep } from 'n8n-workflow';
import { monotonicNow } from '../../../../shared/delay';
import type { HandlerContext } from '../../../transport/request/operationHandler';

/** Reads records by their keys, in one request or a few. A key that is missing in the result is asked for again. */
export type ReadBatch<T> = (keys: string[]) => Promise<ReadonlyMap<string, T>>;

export interface Load<T> {
	/** A record that was read before this is read again, by `monotonicNow`. */
	since: number;
	/** The item that asks. */
	context: Pick<HandlerContext, 'item' | 'waitFor'>;
	read: ReadBatch<T>;
}

interface Batch {
	keys: Set<string>;
	/** Of the item that reads it and those whose batches that one waits for, the last one in the input. */
	by: number;
	/** When its request was sent, by `monotonicNow`; Infinity while it is still collecting keys. */
	startedAt: number;
	/** Never rejects. */
	done: Promise<void>;
}

/** Items start in input order, so those after the item need not wait as well unless it is an item after it that reads. */
const waitForBatch = async ({ item, waitFor }: Load<unknown>['context'], { by, done }: Batch) =>
	await waitFor(done, { keepsPlace: by < item.index });

/**
 * Reads records for all items of a run that ask in the same moment, as DataLoader does: the first one reads, the others
 * wait. A record that is read again takes along those after it that are too old as well: items go out in order, so they are
 * about to be asked for. A read that failed is not remembered, and its keys are read by each item for itself.
 */
export class BatchLoader<T> {
	private readonly records = new Map<string, { value: T; readAt: number }>();
	/** By key: the batch in which it is being read. */
	private readonly reading = new Map<string, Batch>();
	/** Waits for the batch that is under way, and collects keys meanwhile. */
	private collecting?: Batch;
	/** The last one that is collecting or under way. */
	private last?: Batch;

	/** @param maxBatchSize how many keys one read takes. With 1, keys are read side by side; larger batches in turn. */
	constructor(private readonly maxBatchSize: number) {}

	/** Remembers a record that came along with others. @param readAt when it was asked for, by `monotonicNow` */
	prime(key: string, value: T, readAt: number): void {
		this.records.set(key, { value, readAt });
	}

	/** The record as it was last read, however old. */
	peek = (key: string): T | undefined => this.records.get(key)?.value;

	/** @returns the record; undefined when the read did not give it. @throws whatever `read` throws */
	async load(key: string, { since, context, read }: Load<T>): Promise<T | undefined> {
		for (;;) {
			const known = this.getFresh(key, since);
			if (known) return known.value;
			const batch = this.reading.get(key) ?? this.join(key);
			if (!batch) return await this.readAsCollector(key, { since, context, read });
			await waitForBatch(context, batch);
			// One that began too early says nothing of what is so now.
			if (batch.startedAt < since) continue;
			const value = this.getFresh(key, since) ?? (await this.readAlone(key, read));
			return value?.value;
		}
	}

	private getFresh(key: string, since: number) {
		const known = this.records.get(key);
		return known && known.readAt >= since ? known : undefined;
	}

	/** Adds the key to the batch that is collecting, if there is one. */
	private join(key: string): Batch | undefined {
		if (!this.collecting) return undefined;
		this.collecting.keys.add(key);
		this.reading.set(key, this.collecting);
		return this.collecting;
	}

	private async readAlone(key: string, read: ReadBatch<T>) {
		const readAt = monotonicNow();
		this.remember(await read([key]), readAt);
		return this.getFresh(key, readAt);
	}

	/** Collects the keys that are asked for until the batch before it has been read, and reads them. */
	private async readAsCollector(
		key: string,
		{ since, context, read }: Load<T>,
	): Promise<T | undefined> {
		let resolveDone!: () => void;
		const before = this.last;
		const batch: Batch = {
			keys: new Set([key]),
			by: Math.max(context.item.index, before?.by ?? 0),
			startedAt: Infinity,
			done: new Promise((resolve) => (resolveDone = resolve)),
		};
		this.reading.set(key, batch);
		try {
			if (this.maxBatchSize > 1) {
				this.collecting = batch;
				this.last = batch;
				if (before) await waitForBatch(context, before);
				// Until then every item that begins now has asked.
				await sleep(0);
				this.collecting = undefined;
			}
			if (this.records.has(key)) this.addStale(batch, key, since);
			batch.startedAt = monotonicNow();
			const failure = await this.readBatch(batch, read).then(
				() => undefined,
				(error: Error) => error,
			);
			// What was read before the failure may be enough for this item.
			const known = this.getFresh(key, batch.startedAt);
			if (!known && failure) throw failure;
			return known?.value;
		} finally {
			if (this.collecting === batch) this.collecting = undefined;
			if (this.last === batch) this.last = undefined;
			for (const one of batch.keys) if (this.reading.get(one) === batch) this.reading.delete(one);
			resolveDone();
		}
	}

	private async readBatch({ keys, startedAt }: Batch, read: ReadBatch<T>): Promise<void> {
		const all = [...keys];
		for (let from = 0; from < all.length; from += this.maxBatchSize)
			this.remember(await read(all.slice(from, from + this.maxBatchSize)), startedAt);
	}

	/** Fills the batch with keys that were first asked for after this one, and whose records are too old too. */
	private addStale(batch: Batch, key: string, since: number): void {
		let isAfter = false;
		for (const [other, { readAt }] of this.records) {
			if (batch.keys.size >= this.maxBatchSize) return;
			if (isAfter && readAt < since && !this.reading.has(other)) {
				batch.keys.add(other);
				this.reading.set(other, batch);
			}
			isAfter ||= other === key;
		}
	}

	private remember(found: ReadonlyMap<string, T>, readAt: number): void {
		for (const [key, value] of found) this.records.set(key, { value, readAt });
	}
}
