import { Expression } from 'n8n-workflow';
import { runNode } from '../dev/engine/runNode';
import { heapInUse, performance, process } from '../dev/platform';
import { runOptions, type Contestant, type Work } from './contestants';

/** What one run cost. */
export interface Cost {
	seconds: number;
	/** of this process, all its threads */
	cpuSeconds: number;
	/** most resident memory of this process so far, in MB */
	peakMb: number;
	/** items that came out without an error */
	done: number;
}

/** n8n's own settings of its expression engine (`@n8n/config`, expression-engine.config). */
const SETTINGS = {
	poolSize: 1,
	maxCodeCacheSize: 1024,
	bridgeTimeout: 5000,
	bridgeMemoryLimit: 128,
};

async function measure(contestant: Contestant, work: Work): Promise<Cost> {
	const options = await runOptions(contestant, work);
	heapInUse();
	const [start, cpuStart] = [performance.now(), process.cpuUsage()];
	const { json } = await runNode(options);
	const { user, system } = process.cpuUsage(cpuStart);
	return {
		seconds: (performance.now() - start) / 1000,
		cpuSeconds: (user + system) / 1e6,
		peakMb: process.resourceUsage().maxRSS / 1024,
		done: json.filter(({ error }) => !error).length,
	};
}

const engine = process.env.N8N_EXPRESSION_ENGINE as 'vm' | 'legacy';
const ready = Expression.initExpressionEngine({ engine, ...SETTINGS });

// Each message is a job, each reply its cost; the first job of a process warms it up.
process.on('message', ({ contestant, work }: { contestant: Contestant; work: Work }) => {
	void ready
		.then(async () => await measure(contestant, work))
		.then(
			(cost) => process.send!({ cost }),
			(error: Error) => process.send!({ error: error.stack }),
		);
});
