import { clearInterval, performance, say, setInterval } from '../platform';

const REPORT_EVERY_MS = 15_000;

/** Prints what is being done, a sign of life while it lasts, and how long it took. */
export const withProgress = async <T>(what: string, work: Promise<T>): Promise<T> => {
	const start = performance.now();
	const elapsed = () => `${Math.round((performance.now() - start) / 1000)} s`;
	say(`${what} …`);
	const timer = setInterval(() => say(`  … ${elapsed()}`), REPORT_EVERY_MS);
	try {
		const result = await work;
		say(`  done in ${elapsed()}`);
		return result;
	} finally {
		clearInterval(timer);
	}
};
