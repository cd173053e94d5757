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

export const plan = (sizes: number[]): Case[] => [
	...[0, 50].flatMap((latency) => sizes.map((items) => unlimited(items, latency))),
	...[0, 50].map(olderEngine),
	...[0, 50].map(limited),
];
