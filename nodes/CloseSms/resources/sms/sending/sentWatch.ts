import { OUTGOING_STATUSES, type SmsActivity } from '../../../../shared/closeTypes';
import { delay, monotonicNow, onAbort } from '../../../../shared/delay';

/** Reads these texts; those that are not found, or cannot be read now, are not in the result. */
type ReadTexts = (ids: string[]) => Promise<SmsActivity[]>;

interface Watched {
	id: string;
	since: number;
	until: number;
	readTexts: ReadTexts;
	/** As it was last read. */
	last?: SmsActivity;
	resolve: (last: SmsActivity | undefined) => void;
}

/** IDs in one request: half a page, so that its address stays short. */
const MAX_IDS = 50;

const MIN_INTERVAL_MS = 1000;
const MAX_INTERVAL_MS = 15_000;
/** However many texts wait, two requests a second, of the twenty that Close's documentation has as its example. */
const MS_PER_REQUEST = 500;

/**
 * How long to wait between two passes over the texts that wait, in milliseconds. Most texts are sent within seconds; the
 * longer one has not been, the longer it may take.
 *
 * @param ageMs how long the youngest of them had waited at the last pass; negative if it came after that
 * @param count how many there are
 */
export const getPollInterval = (ageMs: number, count: number): number =>
	Math.max(
		Math.min(Math.max(ageMs / 2, MIN_INTERVAL_MS), MAX_INTERVAL_MS),
		Math.ceil(count / MAX_IDS) * MS_PER_REQUEST,
	);

/** How long the last look may take: the wait ends then, however slow Close is. In milliseconds. */
const LAST_LOOK_MS = 5_000;

const isFinal = ({ status }: SmsActivity) => !OUTGOING_STATUSES.has(status);

/** Finds out when the texts of a run have been sent: one pass for all that wait, in lists of up to 50 IDs. */
export class SentWatch {
	private readonly watched = new Set<Watched>();
	private isRunning = false;
	private lastPassAt = 0;

	/** @param signals each ends all waits: the execution was canceled, or its run was stopped */
	constructor(private readonly signals: Array<AbortSignal | undefined> = []) {}

	/**
	 * Waits until a text that is about to go out has been sent, or has failed, or was taken back, and no longer than until
	 * a signal is aborted.
	 *
	 * @param ms how long to wait at most
	 * @returns the text as it was last read, which may still be on its way; undefined when no read has shown it
	 */
	async wait(id: string, ms: number, readTexts: ReadTexts): Promise<SmsActivity | undefined> {
		const since = monotonicNow();
		return await new Promise<SmsActivity | undefined>((resolve) => {
			const one = { id, since, until: since + ms, readTexts, resolve };
			this.watched.add(one);
			if (this.isAborted()) this.resolveWait(one);
			else void this.run();
		});
	}

	private async run(): Promise<void> {
		if (this.isRunning) return;
		this.isRunning = true;
		this.lastPassAt = monotonicNow();
		const stopListening = onAbort(this.signals, () =>
			this.watched.forEach((one) => this.resolveWait(one)),
		);
		while (this.watched.size > 0) {
			const next = this.nextPassAt();
			// A text that has just gone out brings the next pass forward.
			await delay(next - monotonicNow(), undefined, () => this.nextPassAt() >= next);
			if (monotonicNow() >= this.nextPassAt()) await this.pass();
		}
		stopListening();
		this.isRunning = false;
	}

	private isAborted = () => this.signals.some((signal) => signal?.aborted);

	/** By `monotonicNow`; at once when nobody waits any more. */
	private nextPassAt(): number {
		if (this.watched.size === 0) return -Infinity;
		let [youngest, earliestEnd] = [-Infinity, Infinity];
		for (const { since, until } of this.watched) {
			youngest = Math.max(youngest, since);
			earliestEnd = Math.min(earliestEnd, until);
		}
		const interval = getPollInterval(this.lastPassAt - youngest, this.watched.size);
		return Math.min(this.lastPassAt + interval, earliestEnd);
	}

	private async pass(): Promise<void> {
		this.lastPassAt = monotonicNow();
		const all = [...this.watched];
		for (let from = 0; from < all.length; from += MAX_IDS) {
			const batch = all.slice(from, from + MAX_IDS);
			const found = await this.read(batch);
			if (this.isAborted()) return;
			const byId = new Map(found.map((text) => [text.id, text]));
			for (const one of batch) {
				one.last = byId.get(one.id) ?? one.last;
				if (one.last && isFinal(one.last)) this.resolveWait(one);
			}
		}
		// After a last look at those whose time has come.
		for (const one of all) if (one.until <= monotonicNow()) this.resolveWait(one);
	}

	/** Reads a batch, for no longer than until the last look of one of them should have ended. */
	private async read(batch: Watched[]): Promise<SmsActivity[]> {
		let isReading = true;
		const limit = Math.min(...batch.map(({ until }) => until)) + LAST_LOOK_MS - monotonicNow();
		const late = delay(limit, undefined, () => isReading).then((): SmsActivity[] => []);
		const found = batch[0].readTexts(batch.map(({ id }) => id)).catch(() => []);
		return await Promise.race([found, late]).finally(() => (isReading = false));
	}

	private resolveWait(one: Watched): void {
		if (this.watched.delete(one)) one.resolve(one.last);
	}
}
