import type { Install } from '../dev/n8n/install';
import { say } from '../dev/platform';
import type { Observed } from './closeProcess';
import type { Contestant } from './contestants';
import type { Work } from './work';
import type { Cost } from './nodeProcess';
import { conditionsOf, type Case, type Entrant } from './plan';
import { startNode, type Engine, type startClose } from './processes';

/** One run: what it cost, over all its processes, and what Close saw of it. */
export interface Measured extends Omit<Cost, 'startedAt' | 'ownShare'>, Omit<Observed, 'seconds'> {
	/** from the first request to the last */
	sending: number;
}

/** The results of a case by entrant, one value per round. */
export interface Result extends Case {
	rounds: Map<string, Measured[]>;
}

interface Setup {
	close: Awaited<ReturnType<typeof startClose>>;
	program: string;
	install: Install;
}

/** Items; enough for V8 to compile the hot paths. */
const WARM_UP = 100;

const share = (work: Work, workers: number): Work[] =>
	Array.from({ length: workers }, (_, worker) => ({
		...work,
		items: work.items.filter((_item, n) => n % workers === worker),
	}));

/** A process that has warmed up. */
async function warm({ close, program, install }: Setup, contestant: Contestant, engine: Engine) {
	const node = startNode(program, install, engine);
	await node.run(contestant, await close.prepare({ items: WARM_UP, latency: 0 }));
	return node;
}

async function runOnce(lab: Setup, { conditions, engine }: Case, entrant: Entrant) {
	const { contestant, workers = 1 } = entrant;
	const nodes = [];
	for (let n = 0; n < workers; n++) nodes.push(await warm(lab, contestant, engine));
	const parts = share(await lab.close.prepare(conditions), workers);
	const costs = await Promise.all(
		nodes.map(async (node, n) => await node.run(contestant, parts[n])),
	);
	const { seconds: sending, ...seen } = await lab.close.seen();
	await Promise.all(nodes.map(async (node) => await node.stop()));
	const sum = (of: (cost: Cost) => number) => costs.map(of).reduce((a, b) => a + b);
	return {
		seconds: Math.max(...costs.map(({ seconds }) => seconds)),
		cpuSeconds: sum(({ cpuSeconds }) => cpuSeconds),
		peakMb: Math.max(...costs.map(({ peakMb }) => peakMb)),
		done: sum(({ done }) => done),
		heldMs: Math.max(...costs.map(({ heldMs }) => heldMs)),
		evaluations: sum(({ evaluations }) => evaluations),
		...seen,
		sending,
	};
}

/** Runs a case `rounds` times with its entrants in turn, so that what slows the machine slows all of them. */
export async function runCase(lab: Setup, one: Case, rounds: number): Promise<Result> {
	const result: Result = { ...one, rounds: new Map() };
	say(conditionsOf(one));
	for (let round = 0; round < rounds; round++) {
		for (const entrant of one.entrants) {
			const measured = await runOnce(lab, one, entrant);
			say(`  ${entrant.name}: ${measured.seconds.toFixed(2)} s`);
			result.rounds.set(entrant.name, [...(result.rounds.get(entrant.name) ?? []), measured]);
		}
	}
	return result;
}
