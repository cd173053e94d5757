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
	/** To be called in any case. @param ending if it began to send */
	end: (ending?: Ending) => void;
}

/** Close may not list for so long what was just sent, in milliseconds. */
const REMEMBERED_MS = 60_000;

/**
 * The texts that this process is about to send, of all its executions. Those with the same content to the same number go
 * one after the other; how each ended is remembered for a minute.
 */
export class TextsInProgress {
	/** By key: the last one that asked. */
	private readonly last = new Map<string, { done: Promise<void>; run: WeakRef<object> }>();
	/** The drafts that this process made. */
	private readonly drafts = new RecentIds();
	/** The oldest first. */
	private readonly ended: Array<{ key: string; endedAt: number }> = [];
	/** How they ended, by key; the oldest first too. */
	private readonly endings = new Map<string, Ending[]>();

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
			end: (ending) => {
				if (ending) this.remember(key, ending);
				this.forgetOld();
				resolve();
			},
		};
	}

	/** Remembers a draft of this process: those with the same content wait for their turn, and not for each other's drafts. */
	addDraft(id: string): void {
		this.drafts.add(id);
	}

	isOwnDraft = this.drafts.has;

	/** How the texts of this key ended within the last minute. */
	getEndings(key: string): Ending[] {
		this.forgetOld();
		return [...(this.endings.get(key) ?? [])];
	}

	/** How much is kept: keys in use, drafts and endings. */
	get size(): number {
		return this.last.size + this.drafts.size + this.ended.length + this.endings.size;
	}

	private remember(key: string, ending: Ending): void {
		this.ended.push({ key, endedAt: Date.now() });
		const known = this.endings.get(key);
		if (known) known.push(ending);
		else this.endings.set(key, [ending]);
	}

	private forgetOld(): void {
		const since = Date.now() - REMEMBERED_MS;
		while (this.ended.length > 0 && this.ended[0].endedAt < since) {
			const { key } = this.ended.shift()!;
			const known = this.endings.get(key);
			known?.shift();
			if (known?.length === 0) this.endings.delete(key);
		}
		this.drafts.forgetOld();
	}
}
