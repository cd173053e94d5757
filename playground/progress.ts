import { clearInterval, performance, say, setInterval } from '../test/platform';

const SIGN_OF_LIFE_MS = 15_000;

/** Says what is being done, that it is still going on, and how long it took. */
export const during = async <T>(what: string, work: Promise<T>): Promise<T> => {
	const start = performance.now();
	const elapsed = () => `${Math.round((performance.now() - start) / 1000)} s`;
	say(`${what} …`);
	const timer = setInterval(() => say(`  … ${elapsed()}`), SIGN_OF_LIFE_MS);
	try {
		const result = await work;
		say(`  done in ${elapsed()}`);
		return result;
	} finally {
		clearInterval(timer);
	}
};
