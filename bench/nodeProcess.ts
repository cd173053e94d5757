import { Expression } from 'n8n-workflow';
import { runNode } from '../dev/engine/runNode';
import { heapInUse, monitorEventLoopDelay, performance, process, wait } from '../dev/platform';
import { profiled, type OwnFunction } from './profile';
import { runOptions, type Contestant } from './contestants';
import type { Work } from './work';

/** What one run cost. */
export interface Cost {
	seconds: number;
	/** of this process, all its threads */
	cpuSeconds: number;
	/** most resident memory of this process so far, in MB */
	peakMb: number;
	/** items that came out without an error */
	done: number;
	/** the longest time that the event loop was held, in milliseconds: nothing else ran meanwhile */
	heldMs: number;
	/** evaluations of expressions */
	evaluations: number;
	/** when it began, in milliseconds since 1970 */
	startedAt: number;
	/** what this package's own functions took of the time that this process was busy; only when it is asked for */
	own?: OwnFunction[];
}

/** n8n's own settings of its expression engine (`@n8n/config`, expression-engine.config). */
const SETTINGS = {
	poolSize: 1,
	maxCodeCacheSize: 1024,
	bridgeTimeout: 5000,
	bridgeMemoryLimit: 128,
};

let evaluations = 0;
const expressions = Expression.prototype as unknown as {
	renderExpression(...args: unknown[]): unknown;
};
const { renderExpression } = expressions;
expressions.renderExpression = function (...args) {
	evaluations++;
	return renderExpression.apply(this, args);
};

/** All items in one execution, or each in one of its own; the items that came out. */
async function runAll(contestant: Contestant, work: Work) {
	const { items, apartMs } = work;
	if (apartMs === undefined) return (await runNode(await runOptions(contestant, work))).json;
	const runs = items.map(async (item, n) => {
		if (apartMs > 0) await wait(n * apartMs);
		return (await runNode(await runOptions(contestant, { ...work, items: [item] }))).json;
	});
	return (await Promise.all(runs)).flat();
}

async function measure(contestant: Contestant, work: Work, isProfiled: boolean): Promise<Cost> {
	heapInUse();
	const delays = monitorEventLoopDelay({ resolution: 1 });
	delays.enable();
	evaluations = 0;
	const startedAt = Date.now();
	const [start, cpuStart] = [performance.now(), process.cpuUsage()];
	const run = async () => await runAll(contestant, work);
	const { result: json, own } = isProfiled
		? await profiled(run)
		: { result: await run(), own: undefined };
	const { user, system } = process.cpuUsage(cpuStart);
	delays.disable();
	return {
		startedAt,
		own,
		heldMs: delays.max / 1e6,
		evaluations,
		seconds: (performance.now() - start) / 1000,
		cpuSeconds: (user + system) / 1e6,
		peakMb: process.resourceUsage().maxRSS / 1024,
		done: json.filter(({ error }) => !error).length,
	};
}

/** What the process is asked to run. */
export interface Job {
	contestant: Contestant;
	work: Work;
	isProfiled?: boolean;
}

const engine = process.env.N8N_EXPRESSION_ENGINE as 'vm' | 'legacy';
const ready = Expression.initExpressionEngine({ engine, ...SETTINGS });

// Each message is a job, each reply its cost; the first job of a process warms it up.
process.on('message', ({ contestant, work, isProfiled = false }: Job) => {
	void ready
		.then(async () => await measure(contestant, work, isProfiled))
		.then(
			(cost) => process.send!({ cost }),
			(error: Error) => process.send!({ error: error.stack }),
		);
});
