/** Who may import whom, checked by `npm run deps`. docs/reference.md has a picture of it. */

const ACTION = '^nodes/CloseSms/';
const TRIGGER = '^nodes/CloseSmsTrigger/';
const SHARED = '^nodes/shared/';

/** A rule that a file in `from` imports nothing that fits `to`. */
const forbid = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
	forbidden: [
		forbid(
			'no-cycles',
			'Two files that import each other cannot be understood one at a time.',
			{},
			{ circular: true },
		),
		forbid(
			'shared-stands-alone',
			'nodes/shared is what both nodes use; it knows neither of them.',
			{ path: SHARED },
			{ path: '^nodes/', pathNot: SHARED },
		),
		forbid(
			'layers-below-resources',
			'resources -> validation, transport, output -> shared: no layer imports one above it.',
			{ path: `${ACTION}(validation|transport|output)/` },
			{ path: `${ACTION}(resources|listSearch|[^/]+\\.ts$)` },
		),
		forbid(
			'output-only-shapes',
			'output/ turns responses into items: it neither validates nor sends.',
			{ path: `${ACTION}output/` },
			{ path: `${ACTION}(validation|transport)/` },
		),
		forbid(
			'transport-does-not-validate',
			'What transport/ sends is valid already. What validation/ made of the input is its exception: errors, options, files.',
			{ path: `${ACTION}transport/` },
			{
				path: `${ACTION}validation/`,
				pathNot: `${ACTION}validation/(validationError|nodeOptions|attachments)\\.ts$`,
			},
		),
		forbid(
			'pickers-use-shared-only',
			'A picker asks Close outside a run.',
			{ path: `${ACTION}listSearch/` },
			{ path: '^nodes/', pathNot: `^nodes/(shared|CloseSms/listSearch)/` },
		),
		forbid(
			'run-is-private',
			'The state of a run belongs to transport/; only preSend.ts adds to it, and the node wires it up.',
			{
				path: '^nodes/',
				pathNot: `${ACTION}(transport/|validation/preSend\\.ts$|CloseSms\\.node\\.ts$)`,
			},
			{ path: `${ACTION}transport/run/run\\.ts$` },
		),
		forbid(
			'queue-below-request',
			'transport/queue admits requests; what they are, and whose, it does not know.',
			{ path: `${ACTION}transport/queue/` },
			{ path: `${ACTION}transport/(request|run)/` },
		),
		forbid(
			'request-below-run',
			'transport/request sends for one item; it does not know the run.',
			{ path: `${ACTION}transport/request/` },
			{ path: `${ACTION}transport/run/` },
		),
		forbid(
			'trigger-takes-pickers-and-fields',
			'All that the trigger has of the action node are its pickers and the filters that both have.',
			{ path: TRIGGER },
			{ path: ACTION, pathNot: `${ACTION}(listSearch/|resources/sms/fields/commonFilters\\.ts$)` },
		),
		forbid(
			'action-without-trigger',
			'The action node works without the trigger.',
			{ path: ACTION },
			{ path: TRIGGER },
		),
		forbid(
			'package-only',
			'What is published runs without the rest of this repository.',
			{ path: '^(nodes|credentials)/' },
			{ path: '^(dev|test|playground|bench)/' },
		),
		forbid(
			'no-runtime-dependencies',
			'A verified node depends on n8n-workflow and node:crypto only.',
			{ path: '^(nodes|credentials)/' },
			{ pathNot: '^(nodes|credentials)/|(^|/)node_modules/n8n-workflow/|^(node:)?crypto$' },
		),
		forbid(
			'dev-stands-alone',
			'dev/ is used by tests, benchmarks and commands, so it imports none of them.',
			{ path: '^dev/' },
			{ path: '^(test|playground|bench)/' },
		),
		forbid(
			'commands-without-tests',
			'What a person starts does not need the tests.',
			{ path: '^(playground|bench)/' },
			{ path: '^test/' },
		),
		forbid(
			'tests-without-commands',
			'What tests and commands share is in dev/.',
			{ path: '^test/' },
			{ path: '^(playground|bench)/' },
		),
		forbid('resolvable', 'An import that leads nowhere.', {}, { couldNotResolve: true }),
	],
	options: {
		doNotFollow: { path: 'node_modules' },
		tsConfig: { fileName: 'tsconfig.json' },
		// Imports of types count too: they tie files together as much.
		tsPreCompilationDeps: true,
		enhancedResolveOptions: {
			exportsFields: ['exports'],
			conditionNames: ['import', 'require', 'node', 'default', 'types'],
		},
	},
};
