const { default: Sequencer } = require('@jest/test-sequencer');

/** Test files of a minute and more. */
const SLOW = [
	'integration/faultsForever',
	'integration/faultsOnce',
	'e2e/trigger',
	'e2e/start',
	'contract/command',
	'integration/readBackProof',
	'integration/trigger/deduplication',
];

/**
 * Where nothing is remembered of earlier runs, as in a fresh clone, jest begins with the largest file: one that takes
 * minutes may come last, and then runs alone.
 */
module.exports = class SlowestFirst extends Sequencer {
	async sort(tests) {
		const sorted = await super.sort(tests);
		const isSlow = ({ path }) => SLOW.some((name) => path.endsWith(`${name}.test.ts`));
		return [...sorted.filter(isSlow), ...sorted.filter((test) => !isSlow(test))];
	}
};
