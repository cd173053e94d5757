/** For one module, which the command line names; see inFull.ts. */
const { MUTATION_REPORT, MUTATION_TEMP } = process.env;

/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
	plugins: ['@stryker-mutator/jest-runner'],
	testRunner: 'jest',
	// The tests are chosen already, see jest.unit.config.js.
	jest: {
		projectType: 'custom',
		configFile: 'dev/mutation/jest.unit.config.js',
		enableFindRelatedTests: false,
	},
	// Not copied, since no unit test of a module reads it.
	ignorePatterns: [
		'/*',
		'!/dev',
		'!/nodes',
		'!/test',
		'/test/*/',
		'!/test/unit',
		'!/jest.config.js',
		'!/tsconfig.json',
	],
	coverageAnalysis: 'perTest',
	concurrency: 1,
	// Hangs are mostly found by counting. This is for the others, and long enough for a busy machine.
	timeoutMS: 5_000,
	reporters: ['json'],
	jsonReporter: { fileName: MUTATION_REPORT },
	tempDirName: MUTATION_TEMP,
	allowConsoleColors: false,
};
