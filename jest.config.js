/** @type {import('jest').Config} */
const shared = {
	testEnvironment: 'node',
	transform: { '\\.ts$': ['ts-jest', { tsconfig: 'test/tsconfig.json' }] },
};

const withN8n = {
	globalSetup: '<rootDir>/test/e2e/setup.ts',
	globalTeardown: '<rootDir>/test/e2e/teardown.ts',
};

module.exports = {
	// Two cores: the engine tests are CPU-bound and the end-to-end tests run whole n8n processes.
	maxWorkers: 2,
	testTimeout: 60_000,
	// The engine reports every error that a test provokes with a stack.
	silent: true,
	projects: [
		{ ...shared, displayName: 'engine', testMatch: ['<rootDir>/test/**/*.test.ts'], testPathIgnorePatterns: ['/test/e2e/', '/test/browser/', '/test/scale/', '/soak'] },
		{ ...shared, ...withN8n, displayName: 'e2e', testMatch: ['<rootDir>/test/e2e/**/*.test.ts'] },
		{ ...shared, displayName: 'soak', testMatch: ['<rootDir>/test/engine/soak.test.ts'] },
		{ ...shared, displayName: 'scale', testMatch: ['<rootDir>/test/scale/**/*.test.ts'] },
		{ ...shared, ...withN8n, displayName: 'browser', testMatch: ['<rootDir>/test/browser/**/*.test.ts'] },
	],
};
