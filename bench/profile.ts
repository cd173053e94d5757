import { InspectorSession, path, root } from '../dev/platform';

/** V8's name for having nothing to do. */
const IDLE = '(idle)';
/** Microseconds between two samples. */
const INTERVAL = 200;

/** What is published, where the running program was compiled to. */
const OWN = ['nodes', 'credentials'].map((folder) => `${path.resolve(root, folder)}${path.sep}`);

const isOwn = (url: string) => OWN.some((folder) => url.replace('file://', '').startsWith(folder));

/**
 * Runs something in V8's profiler.
 *
 * @returns what it gave, and which part of the time that the process was busy its functions of `nodes/` and `credentials/`
 * took, 0 to 1: themselves, without what they call
 */
export async function profiled<T>(run: () => Promise<T>): Promise<{ result: T; ownShare: number }> {
	const session = new InspectorSession();
	session.connect();
	await session.post('Profiler.enable');
	await session.post('Profiler.setSamplingInterval', { interval: INTERVAL });
	await session.post('Profiler.start');
	const result = await run();
	const { nodes, samples = [], timeDeltas = [] } = (await session.post('Profiler.stop')).profile;
	session.disconnect();
	const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
	const time = { busy: 0, own: 0 };
	samples.forEach((id, index) => {
		const { functionName = IDLE, url = '' } = frames.get(id) ?? {};
		if (functionName === IDLE) return;
		time.busy += timeDeltas[index];
		if (isOwn(url)) time.own += timeDeltas[index];
	});
	return { result, ownShare: time.own / time.busy };
}
