// StrykerJS's runner knows no projects: the project "unit" alone, as a config of its own.
const { projects, testTimeout } = require('../../jest.config.js');

module.exports = {
	...projects.find(({ displayName }) => displayName === 'unit'),
	rootDir: '../..',
	testTimeout,
	setupFilesAfterEnv: ['<rootDir>/dev/mutation/insideJest.ts'],
	// A simulation takes seconds, and far longer with a mutant: what it covers should have quicker tests too.
	testPathIgnorePatterns: ['/node_modules/', '\\.simulation\\.test\\.ts$'],
};
