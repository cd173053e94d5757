import { wait } from '../test/platform';

const ASK_AGAIN_MS = 100;

/** Asks until the answer is truthy, and returns it. For what another process does in its own time; no time limit. */
export const until = async <T>(ask: () => Promise<T>) => {
	for (;;) {
		const answer = await ask();
		if (answer) return answer;
		await wait(ASK_AGAIN_MS);
	}
};
