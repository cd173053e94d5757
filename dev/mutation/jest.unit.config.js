// StrykerJS's runner knows no projects: the project "unit" alone, as a config of its own.
const { projects } = require('../../jest.config.js');

/** A mutant that makes a test wait for good is noticed so soon, without a new process. Milliseconds; no unit test takes a fifth of it. */
const testTimeout = 3000;

const tests = JSON.parse(process.env.MUTATION_TESTS);

module.exports = {
	...projects.find(({ displayName }) => displayName === 'unit'),
	rootDir: '../..',
	// What jest looks through before each run.
	roots: ['<rootDir>/dev', '<rootDir>/nodes', '<rootDir>/test/unit'],
	testEnvironment: require.resolve('./environment.js'),
	testTimeout,
	setupFilesAfterEnv: ['<rootDir>/dev/mutation/insideJest.ts'],
	testMatch: tests.map((file) => `<rootDir>/${file}`),
};
