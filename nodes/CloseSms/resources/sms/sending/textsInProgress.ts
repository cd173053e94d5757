import { RecentIds } from '../../../transport/request/recentIds';

/** How sending a text ended. */
export interface Ending {
	/** The SMS, if one was created. */
	id?: string;
	/** It may have been sent. */
	isUnknown: boolean;
	/** When it reaches the phone, in milliseconds since 1970. */
	at: number;
}

/** The turn of one text among those with the same content to the same number. */
export interface Turn {
	/** Resolves when those before it have ended; never rejects. */
	before: Promise<void>;
	/** Whether the last of them is of the same run, which always ends. */
	isAfterOwnRun: boolean;
	/** Whether nobody was before it. */
	isFree: boolean;
	/** To be called in any case. @param ending if it began to send */
	end: (ending?: Ending) => void;
}

/** Close may not list for so long what was just sent, in milliseconds. */
const REMEMBERED_MS = 60_000;

/**
 * What this process is about to send or change, in all its executions. Those with the same key (one SMS, or the same
 * content to the same number) go one after the other; how each ended is remembered for a minute.
 */
export class TextsInProgress {
	/** By key: the last one that asked. */
	private readonly last = new Map<string, { done: Promise<void>; run: WeakRef<object> }>();
	/** The drafts that this process made: of texts that wait for their turn, and of those that wait for nobody. */
	private readonly drafts = { inTurn: new RecentIds(), atOnce: new RecentIds() };
	/** The oldest first. */
	private readonly ended: Array<{ key: string; endedAt: number }> = [];
	/** How they ended, by key; the oldest first too. */
	private readonly endings = new Map<string, Array<Ending & { endedAt: number }>>();

	takeTurn(key: string, run: object): Turn {
		const previous = this.last.get(key);
		const before = previous?.done ?? Promise.resolve();
		let resolve!: () => void;
		const own = new Promise<void>((ended) => (resolve = ended));
		// A turn that is given up while it waits must not let those behind it overtake the one before.
		const done = Promise.all([before, own]).then(() => {
			if (this.last.get(key)?.done === done) this.last.delete(key);
		});
		this.last.set(key, { done, run: new WeakRef(run) });
		return {
			before,
			isAfterOwnRun: !previous || previous.run.deref() === run,
			isFree: !previous,
			end: (ending) => {
				if (ending) this.remember(key, ending);
				this.forgetOld();
				resolve();
			},
		};
	}

	/**
	 * Remembers a draft of this process.
	 *
	 * @param isInTurn whether its text waits for its turn: such texts do not wait for each other's drafts
	 */
	addDraft(id: string, isInTurn: boolean): void {
		this.drafts[isInTurn ? 'inTurn' : 'atOnce'].add(id);
	}

	isInTurn = this.drafts.inTurn.has;

	/** Whether this process made it for a text that goes out whatever another one does. */
	goesAtOnce = this.drafts.atOnce.has;

	/** How the texts of this key ended within the last minute, and when, in milliseconds since 1970; the last at the end. */
	getEndings(key: string): Array<Ending & { endedAt: number }> {
		this.forgetOld();
		return [...(this.endings.get(key) ?? [])];
	}

	/** How much is kept: keys in use, drafts and endings. */
	get size(): number {
		const { inTurn, atOnce } = this.drafts;
		return this.last.size + inTurn.size + atOnce.size + this.ended.length + this.endings.size;
	}

	private remember(key: string, ending: Ending): void {
		const endedAt = Date.now();
		this.ended.push({ key, endedAt });
		const known = this.endings.get(key);
		if (known) known.push({ ...ending, endedAt });
		else this.endings.set(key, [{ ...ending, endedAt }]);
	}

	private forgetOld(): void {
		const since = Date.now() - REMEMBERED_MS;
		while (this.ended.length > 0 && this.ended[0].endedAt < since) {
			const { key } = this.ended.shift()!;
			const known = this.endings.get(key);
			known?.shift();
			if (known?.length === 0) this.endings.delete(key);
		}
		for (const drafts of Object.values(this.drafts)) drafts.forgetOld();
	}
}
