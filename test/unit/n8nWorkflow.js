/**
 * n8n-workflow for unit tests: the package's own modules, each loaded when it is first used. Its index loads 679 modules,
 * which took half of the time of all unit tests. A name that is not listed comes from the index.
 */
const MODULES = {
	NodeApiError: 'errors/node-api.error',
	NodeConnectionTypes: 'interfaces',
	NodeError: 'errors/abstract/node.error',
	NodeOperationError: 'errors/node-operation.error',
	sleep: 'utils',
	tryToParseDateTime: 'type-validation',
	updateDisplayOptions: 'utils',
};

module.exports = new Proxy(
	{},
	{
		get: (loaded, name) =>
			(loaded[name] ??= require(`n8n-workflow/dist/cjs/${MODULES[name] ?? 'index'}`)[name]),
	},
);
