import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The modules that unit tests hold to each of their promises. A new one is added here with its tests. */
const modules = [
	'nodes/CloseSms/output/segments.ts',
	'nodes/CloseSms/output/describeStatus.ts',
	'nodes/CloseSms/resources/limit.ts',
	'nodes/CloseSms/transport/finalErrors.ts',
	'nodes/CloseSms/transport/rateLimiter.ts',
	'nodes/CloseSms/transport/readBack.ts',
	'nodes/CloseSms/transport/requestQueue.ts',
	'nodes/CloseSms/transport/responseCheck.ts',
	'nodes/CloseSms/transport/retryPolicy.ts',
	'nodes/CloseSms/transport/runSummary.ts',
	'nodes/CloseSms/validation/attachments.ts',
	'nodes/CloseSms/validation/dates.ts',
	'nodes/CloseSms/validation/nodeOptions.ts',
	'nodes/CloseSms/validation/pathId.ts',
	'nodes/CloseSms/validation/phones.ts',
	'nodes/CloseSms/validation/requestBody.ts',
	'nodes/CloseSmsTrigger/eventFilter.ts',
	'nodes/CloseSmsTrigger/events.ts',
	'nodes/CloseSmsTrigger/subscriptionDecision.ts',
	'nodes/CloseSmsTrigger/webhook/eventKey.ts',
	'nodes/CloseSmsTrigger/webhook/processedEvents.ts',
	'nodes/CloseSmsTrigger/webhook/signature.ts',
	'nodes/shared/delay.ts',
	'nodes/shared/errors/closeErrorMessage.ts',
	'nodes/shared/errors/maskTexts.ts',
	'nodes/shared/errors/requestFailure.ts',
	'nodes/shared/fieldValues.ts',
	'nodes/shared/rateLimitHeaders.ts',
	'nodes/shared/time.ts',
];

// StrykerJS only warns of a path that leads nowhere, and a module that was moved would go untested.
const missing = modules.filter((file) => !existsSync(file));
if (missing.length > 0)
	throw new Error(`Not there, see dev/mutation/stryker.config.mjs: ${missing}`);

/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
	mutate: modules,
	plugins: ['@stryker-mutator/jest-runner'],
	testRunner: 'jest',
	jest: { projectType: 'custom', configFile: 'dev/mutation/jest.unit.config.js' },
	coverageAnalysis: 'perTest',
	concurrency: 2,
	// Hangs are mostly found by counting. This is for the others, and long enough for a busy machine.
	timeoutMS: 20_000,
	thresholds: { high: 95, low: 90, break: 90 },
	reporters: ['clear-text', 'progress', 'html'],
	clearTextReporter: { allowColor: false, reportTests: false },
	htmlReporter: { fileName: join(tmpdir(), 'close-sms-mutation.html') },
	tempDirName: join(tmpdir(), 'close-sms-stryker'),
	allowConsoleColors: false,
};
