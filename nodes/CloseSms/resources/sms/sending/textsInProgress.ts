import { RecentIds } from '../../../transport/request/recentIds';
import { Turns, type Turn } from './turns';

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
export interface TextTurn extends Turn {
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
	private readonly turns = new Turns();
	/** The drafts that this process made: of texts that wait for their turn, and of those that wait for nobody. */
	private readonly drafts = { inTurn: new RecentIds(), atOnce: new RecentIds() };
	/** The oldest first. */
	private readonly ended: Array<{ key: string; endedAt: number }> = [];
	/** How they ended, by key; the oldest first too. */
	private readonly endings = new Map<string, Ending[]>();

	takeTurn(key: string, run: object): TextTurn {
		const turn = this.turns.take(key, run);
		return {
			...turn,
			end: (ending) => {
				if (ending) this.remember(key, ending);
				this.forgetOld();
				turn.end();
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

	/** How the texts of this key ended within the last minute. */
	getEndings(key: string): Ending[] {
		this.forgetOld();
		return [...(this.endings.get(key) ?? [])];
	}

	/** How much is kept: keys in use, drafts and endings. */
	get size(): number {
		const { inTurn, atOnce } = this.drafts;
		return this.turns.size + inTurn.size + atOnce.size + this.ended.length + this.endings.size;
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
		for (const drafts of Object.values(this.drafts)) drafts.forgetOld();
	}
}
