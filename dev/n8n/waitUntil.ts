import { performance, wait } from '../platform';

const INTERVAL_MS = 100;

/**
 * Polls until the result is truthy, and returns it. For what another process does in its own time.
 *
 * @throws Error after `limitMs` milliseconds without one
 */
export const waitUntil = async <T>(ask: () => Promise<T>, limitMs = 60_000) => {
	const end = performance.now() + limitMs;
	for (;;) {
		const answer = await ask();
		if (answer) return answer;
		if (performance.now() > end) throw new Error(`not so within ${limitMs} ms: ${String(ask)}`);
		await wait(INTERVAL_MS);
	}
};
