import type { Probe } from './probe';
import { Difference, NotTried } from './expect';
import type { Finding } from './finding';

/** What an expectation is about, in the order in which they are tried. */
export const GROUPS = [
	'credentials',
	'errors',
	'bodies',
	'state machine',
	'dates',
	'paging',
	'templates',
	'uploads',
	'search',
	'webhooks',
	'rate limit',
	'texting',
] as const;
export type Group = (typeof GROUPS)[number];

/** How an expectation turned out. */
export type Outcome =
	/** Close does it; the note is what else was seen. */
	| { result: 'holds'; note?: Finding }
	| { result: 'differs'; difference: Finding }
	| { result: 'notTried'; reason: Finding };

export interface Expectation {
	/** short, in kebab-case, never changed: reports and recordings are compared by it */
	name: string;
	group: Group;
	/** what Close is expected to do, as a sentence */
	title: string;
	/** where it is written, or from what it was concluded */
	source: string;
	/** `confirmed`: Close's own documentation or code says so; `inferred`: concluded, or said by others */
	mark: 'confirmed' | 'inferred';
	/** the files of this repository that are wrong if it does not hold */
	restsOn: string[];
	/** whether Close does it */
	check: (close: Probe) => Promise<Outcome>;
}

/** What a check does: it throws a `Difference` or `NotTried`, and may return a note. */
type Steps = (close: Probe) => Promise<Finding | void>;

/** Makes expectations of one group out of their steps. */
export const group = (
	name: Group,
	expectations: Array<Omit<Expectation, 'check' | 'group'> & { steps: Steps }>,
): Expectation[] =>
	expectations.map(({ steps, ...expectation }) => ({
		...expectation,
		group: name,
		check: async (close) =>
			await steps(close).then(
				(note): Outcome => ({ result: 'holds', ...(note && { note }) }),
				(error: Error): Outcome => {
					if (error instanceof Difference) return { result: 'differs', difference: error.finding };
					if (error instanceof NotTried) return { result: 'notTried', reason: error.finding };
					throw error;
				},
			),
	}));
