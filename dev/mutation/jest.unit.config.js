// StrykerJS's runner knows no projects: the project "unit" alone, as a config of its own.
const { projects, testTimeout } = require('../../jest.config.js');

const tests = JSON.parse(process.env.MUTATION_TESTS);

module.exports = {
	...projects.find(({ displayName }) => displayName === 'unit'),
	rootDir: '../..',
	testTimeout,
	setupFilesAfterEnv: ['<rootDir>/dev/mutation/insideJest.ts'],
	testMatch: tests.map((file) => `<rootDir>/${file}`),
};
