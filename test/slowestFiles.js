const path = require('node:path');

const LISTED = 10;

/** At the end of a run of many test files: the slowest of them. */
module.exports = class SlowestFiles {
	onRunComplete(_, { testResults }) {
		if (testResults.length <= LISTED) return;
		const lines = testResults
			.map(({ perfStats: { start, end }, testFilePath }) => ({
				seconds: (end - start) / 1000,
				testFilePath,
			}))
			.sort((one, other) => other.seconds - one.seconds)
			.slice(0, LISTED)
			.map(
				({ seconds, testFilePath }) =>
					`${seconds.toFixed(0).padStart(5)} s  ${path.relative(process.cwd(), testFilePath)}`,
			);
		process.stderr.write(
			`The ${LISTED} slowest of ${testResults.length} test files:\n${lines.join('\n')}\n`,
		);
	}
};
