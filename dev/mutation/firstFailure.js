/** Reporter for jest: names the first test that fails, and ends there. Jest's own `bail` ends after the whole file. */
module.exports = class {
	onTestCaseResult(_, { status, fullName }) {
		if (status !== 'failed') return;
		process.stdout.write(`\nFirst failure: ${fullName}`);
		process.exit(1);
	}
};
