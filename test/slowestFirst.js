const { default: Sequencer } = require('@jest/test-sequencer');

/**
 * The test files that take a quarter of a minute and more, in the order in which they begin. By turns those that wait, for a
 * whole n8n or for time to pass, and those that keep a core busy, so that both happen at once.
 */
const SLOW = [
	'e2e/triggerRestart',
	'integration/faultsForever',
	'e2e/triggerRestartCatchUp',
	'integration/faultsOnce',
	'e2e/trigger',
	'integration/trigger/deduplication',
	'e2e/triggerImport',
	'integration/fuzz',
	'e2e/start',
	'contract/otherCloses',
	'integration/send',
	'contract/command',
	'integration/getConversation',
	'integration/drippingResponse',
	'integration/schedule',
	'e2e/attachments',
	'integration/getAll',
	'integration/trigger/catchUpOwner',
	'contract/doubts',
	'integration/rateLimitTokenBucket',
	'integration/update',
	'integration/trigger/catchUpAtStart',
	'integration/cancel',
	'e2e/agents',
	'e2e/examplesReact',
];

const placeOf = ({ path }) => {
	const place = SLOW.findIndex((name) => path.endsWith(`${name}.test.ts`));
	return place < 0 ? SLOW.length : place;
};

/** Begins with the test files that take long, so that none of them comes last and runs alone. */
module.exports = class SlowestFirst extends Sequencer {
	async sort(tests) {
		const sorted = await super.sort(tests);
		return [...sorted].sort((one, other) => placeOf(one) - placeOf(other));
	}
};
