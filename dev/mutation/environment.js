const { TestEnvironment } = require('jest-environment-node');

/** The first test that fails is the last one: a mutant that makes a test wait for good makes others wait as well. */
module.exports = class extends TestEnvironment {
	#hasFailed = false;

	handleTestEvent({ name, test }) {
		if (name === 'test_start' && this.#hasFailed) test.mode = 'skip';
		if (name === 'test_done' && test.errors.length > 0) this.#hasFailed = true;
	}
};
