import { InspectorSession, path, root } from '../dev/platform';

/** V8's name for having nothing to do. */
const IDLE = '(idle)';
/** Microseconds between two samples. */
const INTERVAL = 200;

/** What is published, where the running program was compiled to. */
const OWN = ['nodes', 'credentials'].map((folder) => `${path.resolve(root, folder)}${path.sep}`);

const isOwn = (url: string) => OWN.some((folder) => url.replace('file://', '').startsWith(folder));

/** A function of `nodes/` or `credentials/`, with its file, and the part of the time that it took itself, 0 to 1. */
export interface OwnFunction {
	name: string;
	share: number;
}

/**
 * Runs something in V8's profiler.
 *
 * @returns what it gave, and the functions of this package, the costliest first: each with the part of the time that the
 * process was busy which it took itself, without what it calls
 */
export async function profiled<T>(
	run: () => Promise<T>,
): Promise<{ result: T; own: OwnFunction[] }> {
	const session = new InspectorSession();
	session.connect();
	await session.post('Profiler.enable');
	await session.post('Profiler.setSamplingInterval', { interval: INTERVAL });
	await session.post('Profiler.start');
	const result = await run();
	const { nodes, samples = [], timeDeltas = [] } = (await session.post('Profiler.stop')).profile;
	session.disconnect();
	const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
	let busy = 0;
	const own = new Map<string, number>();
	samples.forEach((id, index) => {
		const { functionName = IDLE, url = '', lineNumber = 0 } = frames.get(id) ?? {};
		if (functionName === IDLE) return;
		busy += timeDeltas[index];
		if (!isOwn(url)) return;
		const name = `${functionName || 'anonymous'} ${path.basename(url)}:${lineNumber + 1}`;
		own.set(name, (own.get(name) ?? 0) + timeDeltas[index]);
	});
	const functions = [...own].map(([name, time]) => ({ name, share: time / busy }));
	return { result, own: functions.sort((one, other) => other.share - one.share) };
}
