import fc from 'fast-check';
import { createHash, fs, path, process } from '../platform';

declare const globalThis: {
	/** What the instrumented files read and write. */
	__stryker__?: {
		mutantCoverage?: { static: Record<string, number> };
		hitCount?: number;
		hitLimit?: number;
	};
};

const { REACHED_FOLDER, HIT_LIMIT } = process.env;

// The same examples with every mutant as without one, so that what a property says depends on the mutant alone. One
// that fails is not searched for a smaller example.
fc.configureGlobal({ seed: 1, endOnFailure: true });

// Ends most endless loops long before the time limit does: the mutant throws once it was reached so often.
if (HIT_LIMIT) globalThis.__stryker__ = { hitCount: 0, hitLimit: Number(HIT_LIMIT) };

/** After each test file: writes down which mutants it reached, and how often. */
if (REACHED_FOLDER)
	afterAll(async () => {
		const { testPath = '' } = expect.getState();
		const name = createHash('sha256').update(testPath).digest('hex');
		const reached = globalThis.__stryker__?.mutantCoverage?.static ?? {};
		await fs.writeFile(
			path.join(REACHED_FOLDER, `${name}.json`),
			JSON.stringify({ testPath, reached }),
		);
	});
