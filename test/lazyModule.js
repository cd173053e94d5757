/**
 * What n8n's packages load for things that few tests do, each of it when it is first used: a third of what loading
 * them takes, which each test file does anew.
 */
const PATHS = [
	'@langchain/core/dist/tools/index',
	'jsonwebtoken/index',
	'n8n-core/dist/execution-engine/node-execution-context/utils/ai-tool-types',
	'ssh2/lib/index',
	'transliteration/dist/node/src/node/index',
	'undici/index',
	'xml2js/lib/xml2js',
];

exports.PATTERN = `/node_modules/(?:${PATHS.join('|')})\\.c?js$`;
/** For `transformIgnorePatterns`: other packages stay as they are. */
exports.OTHERS = `/node_modules/(?!(?:.*/node_modules/)?(?:${PATHS.join('|')})\\.c?js$)`;

/** As a transformer of jest. */
exports.process = (code) => ({
	code: `
let isLoaded = false;
const inner = { exports: {} };
const load = (module, exports) => {
${code}
};
module.exports = new Proxy({}, {
	get(_, name) {
		if (!isLoaded && name !== '__esModule') {
			isLoaded = true;
			load(inner, inner.exports);
		}
		return inner.exports[name];
	},
});`,
});
