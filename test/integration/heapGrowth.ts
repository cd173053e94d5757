import { heapInUse, process, say } from '../../dev/platform';

/** Executions of each; `MEMORY_RUNS=10000` makes as many. */
export const RUNS = Number(process.env.MEMORY_RUNS ?? 2000);
/** For jest, in milliseconds: as long as 10,000 executions take on a busy machine. */
export const MAX_MS = 1_800_000;

/** Looks at the heap, after one that only shows what is made once. */
const LOOKS = 4;

/** How many at once: most of the time of an execution is a wait until its text was sent. */
const AT_ONCE = 25;

const range = (from: number, count: number) => Array.from({ length: count }, (_, n) => from + n);

/** How much larger each look is than the one before, for each of `count` that came between; the least, since what leaks does so in each. */
export function leastGrowth(what: string, heaps: number[], count: number): number {
	const grown = heaps.slice(1).map((heap, n) => (heap - heaps[n]) / count);
	say(`${what}: the heap grew by ${grown.map(Math.round).join(', ')} bytes for each`);
	return Math.min(...grown);
}

/**
 * How the heap grows with each execution, in bytes.
 *
 * @param execute runs one; it is given its number
 * @param forget is called before each look: what is remembered for a while is to be forgotten then
 */
export async function growthPerRun(
	count: number,
	execute: (n: number) => Promise<unknown>,
	forget: () => Promise<void>,
): Promise<number> {
	const size = Math.ceil(count / LOOKS);
	const heaps: number[] = [];
	for (let look = 0; look <= LOOKS; look++) {
		for (let done = 0; done < size; done += AT_ONCE) {
			const next = range(look * size + done, Math.min(AT_ONCE, size - done));
			await Promise.all(next.map(async (n) => await execute(n)));
		}
		await forget();
		heaps.push(heapInUse());
	}
	return leastGrowth(`${count} executions`, heaps, size);
}
