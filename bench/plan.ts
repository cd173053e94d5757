import { CLOSE_RATE_LIMIT } from '../dev/simulator';
import type { Conditions } from './closeProcess';
import type { Contestant } from './contestants';
import type { Engine } from './processes';

export interface Entrant {
	name: string;
	contestant: Contestant;
	/** This many processes at once, which share the items and the key. */
	workers?: number;
}

/** What is measured in turn, round for round. */
export interface Case {
	conditions: Conditions;
	engine: Engine;
	entrants: Entrant[];
}

/** Our default; the axios loop gets the same. */
const CONCURRENCY = 20;
/** A full bucket and three refills. */
const LIMITED_ITEMS = 640;

export const OURS = 'Close SMS';
/** HTTP Request in executions of one item each. */
const HTTP_EACH = 'HTTP Request';

const ours: Entrant = { name: OURS, contestant: { kind: 'closeSms' } };

const http = (name: string, batchSize: number, batchInterval: number): Entrant => ({
	name: `HTTP Request, ${name}`,
	contestant: { kind: 'httpRequest', batch: { batchSize, batchInterval } },
});

/** What the others are compared with. */
export const BASELINE = 'HTTP Request, 10 every 50 ms';

const inBatches = (latency: number) => ({ ...http('', 10, Math.max(1, latency)), name: BASELINE });
const asN8nSuggests = http('50 a second', 50, 1000);
/** What somebody would set who knows the limit. */
const atTheLimit = http('20 a second', 20, 1000);
const allAtOnce: Entrant = {
	name: 'HTTP Request, all at once',
	contestant: { kind: 'httpRequest' },
};
const axios: Entrant = {
	name: `axios, ${CONCURRENCY} at once`,
	contestant: { kind: 'axios', concurrency: CONCURRENCY },
};

const unlimited = (items: number, latency: number): Case => ({
	conditions: { items, latency },
	engine: 'vm',
	entrants: [
		ours,
		inBatches(latency),
		allAtOnce,
		axios,
		// Its setting makes it take a second for each fifty.
		...(items === 1000 && latency > 0 ? [asN8nSuggests] : []),
	],
});

const olderEngine = (latency: number): Case => ({
	conditions: { items: 1000, latency },
	engine: 'legacy',
	entrants: [ours, inBatches(latency)],
});

const limited = (latency: number): Case => ({
	conditions: { items: LIMITED_ITEMS, latency, limit: CLOSE_RATE_LIMIT.throttle },
	engine: 'vm',
	entrants: [
		ours,
		atTheLimit,
		asN8nSuggests,
		allAtOnce,
		axios,
		{ ...ours, name: `${OURS}, two at once`, workers: 2 },
	],
});

/** Executions of one item each, as webhooks make them. */
const executions = (
	items: number,
	apartMs: number,
	limit: NonNullable<Conditions['limit']> = CLOSE_RATE_LIMIT.throttle,
): Case => ({
	conditions: { items, latency: 50, limit, apartMs },
	engine: 'vm',
	entrants: [ours, { ...allAtOnce, name: HTTP_EACH }],
});

/** The rows that the README and the picture name: ten minutes. */
const short = [
	unlimited(100, 50),
	unlimited(1000, 50),
	limited(50),
	executions(300, 0),
	executions(300, 33),
];

/** Half an hour and more. */
const long = (sizes: number[]): Case[] => [
	...[0, 50].flatMap((latency) => sizes.map((items) => unlimited(items, latency))),
	...[0, 50].map(olderEngine),
	...[0, 50].map(limited),
	executions(300, 0),
	executions(300, 33),
	executions(120, 0, { rps: 2, window: 8 }),
];

/**
 * @param sizes numbers of items, for the long plan
 * @param only part of what `conditionsOf` says, for some of the rows
 */
export const plan = ({ sizes, only = '' }: { sizes?: number[]; only?: string }): Case[] =>
	(sizes ? long(sizes) : short).filter((one) => conditionsOf(one).includes(only));

/** E.g. `300 executions of one item at once, 50 ms, 160 in 8 s`. */
export function conditionsOf({ conditions, engine }: Pick<Case, 'conditions' | 'engine'>): string {
	const { items, latency, limit, apartMs } = conditions;
	const count = items.toLocaleString('en');
	const what =
		apartMs === undefined
			? `${count} items`
			: `${count} executions of one item ${apartMs === 0 ? 'at once' : `within ${Math.round((items * apartMs) / 1000)} s`}`;
	return [
		what,
		`${latency} ms`,
		...(limit ? [`${limit.rps * limit.window} in ${limit.window} s`] : []),
		...(engine === 'vm' ? [] : [`expressions: ${engine}`]),
	].join(', ');
}

/**
 * The least possible time in seconds: a window's worth goes out at once, and the rest after each window. The first window
 * is shorter by up to a second, so somewhat less than 1 of it can be measured.
 */
export function leastSeconds({ items, limit, apartMs = 0 }: Conditions): number {
	const { rps, window } = limit!;
	const windows = Math.ceil(items / (rps * window)) - 1;
	return Math.max(windows * window, ((items - 1) * apartMs) / 1000);
}
