const lazyModule = require('./test/lazyModule');

/** @type {import('jest').Config} */
const shared = {
	testEnvironment: 'node',
	setupFiles: ['<rootDir>/test/quietLog.js', '<rootDir>/test/keptFlags.js'],
	// Transpiles only: types are left to `npm run typecheck`, and test/tsconfig.json has isolatedModules.
	transform: {
		'\\.ts$': ['ts-jest', { tsconfig: '<rootDir>/test/tsconfig.json', diagnostics: false }],
		[lazyModule.PATTERN]: '<rootDir>/test/lazyModule.js',
	},
	transformIgnorePatterns: [lazyModule.OTHERS],
};

const withN8n = {
	...shared,
	setupFiles: [...shared.setupFiles, '<rootDir>/test/newConnections.js'],
};

const withOneN8n = {
	...withN8n,
	globalSetup: '<rootDir>/test/e2e/setup.ts',
	globalTeardown: '<rootDir>/test/e2e/teardown.ts',
};

module.exports = {
	// For two cores: half of the time a test file waits, for time to pass or for a whole n8n.
	maxWorkers: 4,
	// Of those that are `concurrent`: most wait for what the node waits for, a look ten seconds later.
	maxConcurrency: 10,
	testSequencer: '<rootDir>/test/slowestFirst.js',
	reporters: ['default', '<rootDir>/test/slowestFiles.js'],
	// A limit for what hangs: a run of a thousand items may take a minute where the machine has other work.
	testTimeout: 180_000,
	// The engine logs every error that a test provokes, with its stack.
	silent: true,
	projects: [
		{
			...shared,
			displayName: 'unit',
			testMatch: ['<rootDir>/test/unit/**/*.test.ts'],
			moduleNameMapper: { '^n8n-workflow$': '<rootDir>/test/unit/n8nWorkflow.js' },
		},
		{
			...shared,
			displayName: 'integration',
			testMatch: [
				'<rootDir>/test/{integration,simulator,contract}/**/*.test.ts',
				'<rootDir>/test/package.test.ts',
			],
			testPathIgnorePatterns: ['/soak'],
		},
		{ ...withOneN8n, displayName: 'e2e', testMatch: ['<rootDir>/test/e2e/**/*.test.ts'] },
		{
			...withOneN8n,
			displayName: 'browser',
			testMatch: ['<rootDir>/test/browser/**/*.test.ts'],
		},
		{ ...withN8n, displayName: 'queueMode', testMatch: ['<rootDir>/test/queueMode/**/*.test.ts'] },
		{ ...shared, displayName: 'schemas', testMatch: ['<rootDir>/dev/outputSchemas/write.ts'] },
		{ ...shared, displayName: 'soak', testMatch: ['<rootDir>/test/integration/soak*.test.ts'] },
	],
};
