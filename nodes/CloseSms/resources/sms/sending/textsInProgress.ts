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

interface PastEnding extends Ending {
	/** In milliseconds since 1970. */
	endedAt: number;
}

/** The turn of one text among those with the same content to the same number. */
export interface TextTurn extends Turn {
	/** To be called in any case. @param ending if it began to send */
	end: (ending?: Ending) => void;
}

/** Close may not list for so long what was just sent, in milliseconds. */
const REMEMBERED_MS = 60_000;

const isRecent = ({ endedAt }: PastEnding) => endedAt >= Date.now() - REMEMBERED_MS;

/**
 * The texts that this process is about to send, of all its executions. Those with the same content to the same number go
 * one after the other; how each ended is remembered for a minute.
 */
export class TextsInProgress {
	private readonly turns = new Turns();
	/** The drafts that this process made: of texts that wait for their turn, and of those that wait for nobody. */
	private readonly drafts = { inTurn: new RecentIds(), atOnce: new RecentIds() };
	/** How texts ended, by key: the key of the last one that ended is the last. */
	private readonly endings = new Map<string, PastEnding[]>();

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
	getEndings(key: string): PastEnding[] {
		return (this.endings.get(key) ?? []).filter(isRecent);
	}

	/** How much is kept: keys in use, drafts, and keys with endings. */
	get size(): number {
		const { inTurn, atOnce } = this.drafts;
		return this.turns.size + inTurn.size + atOnce.size + this.endings.size;
	}

	private remember(key: string, ending: Ending): void {
		const endings = [...this.getEndings(key), { ...ending, endedAt: Date.now() }];
		this.endings.delete(key);
		this.endings.set(key, endings);
	}

	private forgetOld(): void {
		for (const [key, endings] of this.endings) {
			if (endings.some(isRecent)) break;
			this.endings.delete(key);
		}
		for (const drafts of Object.values(this.drafts)) drafts.forgetOld();
	}
}
