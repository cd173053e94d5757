/** What is known about a text when an item fails. */
export interface TextFact {
	/** Its ID in Close. */
	readonly id: string;
	/** Whether this item created it, or was given it. */
	readonly origin: 'created' | 'given';
	/** As a read, or Close's response, last showed it; missing where that is not known. */
	readonly seen?: {
		/** Close's status. */
		readonly status: string;
		/** Continues "This text …", as `describeStatus` words it. */
		readonly words: string;
		/**
		 * How long after the failed request that was, in milliseconds, where Close may have been at work on it still: then
		 * nothing can be said for certain.
		 */
		readonly afterMs?: number;
	};
	/** It was scheduled, and this item set it back to a draft. */
	readonly wasSetBack?: boolean;
	/** Somebody else, or an earlier run, brought it into this state. */
	readonly wasChangedByOther?: boolean;
}

/** Whether a draft that the item created is left, and nothing was at work on it when it was seen. */
export const isLeftDraft = (text?: TextFact): boolean =>
	text?.origin === 'created' && text.seen?.status === 'draft' && text.seen.afterMs === undefined;

/** Why an item failed: all that a person may want to know, before it is put into words. */
export interface FailureFacts {
	/** What happened: a sentence without full stop, e.g. "Close refused this" or "'Send At' is empty". */
	readonly what: string;
	/** Close's own words, with the words of messages masked, or what is known in their place: "HTTP 503". */
	readonly words?: string;
	/** What to do about it, in whole sentences; unless given it follows from the other facts. */
	readonly next?: string;
	/** The HTTP status of Close's response, 'none' where there was no response; missing where no request failed. */
	readonly httpCode?: string;
	/** Whether Close was busy or out of reach, so that the same may work later. */
	readonly isTemporary?: boolean;
	/**
	 * `notDone`: what the item asked for was not done. `unknown`: it may have been done, and nobody may repeat it without
	 * looking. `undelivered`: Close sent the text, and the carrier did not deliver it.
	 */
	readonly outcome: 'notDone' | 'unknown' | 'undelivered';
	readonly text?: TextFact;
	/** Whom the node chose to text, in whole sentences. */
	readonly recipient?: string;
	/** Index of the input item; a trigger and a picker have none. */
	readonly itemIndex?: number;
	/** An error of n8n's own, e.g. of an expression, which is shown as n8n shows it. */
	readonly cause?: Error;
}

/** What happened, in short: for another sentence, without item and advice. */
export const summarize = ({ what, words }: FailureFacts): string =>
	words === undefined ? what : `${what}: ${words}`;

/**
 * Why an item failed. Whoever throws or passes it on adds facts; `toNodeError` puts them into words, once, when n8n is
 * given the error.
 *
 * ```ts
 * throw validationError(context, "'To' is empty", 'Choose a person.');
 * throw failure.with({ text: toTextFact(context, 'created', found) });
 * ```
 */
export class ItemFailure extends Error {
	constructor(readonly facts: FailureFacts) {
		super(summarize(facts));
	}

	/** @returns the same failure with these facts added or replaced */
	with(facts: Partial<FailureFacts>): ItemFailure {
		return new ItemFailure({ ...this.facts, ...facts });
	}
}

/** Whether a request to Close failed, and not a check of ours. */
export const isRequestFailure = (
	error: unknown,
): error is ItemFailure & { facts: { httpCode: string } } =>
	error instanceof ItemFailure && error.facts.httpCode !== undefined;
