import {
	NodeHelpers,
	Workflow,
	type INodeParameters,
	type NodeParameterValueType,
} from 'n8n-workflow';
import { nodeTypesFrom } from '../../dev/engine/nodeTypes';
import { CloseSms } from '../../nodes/CloseSms/CloseSms.node';

/** A node with these parameters, with the defaults of the others, as n8n has it. */
function nodeWith(parameters: INodeParameters) {
	const nodeType = new CloseSms();
	const nodeTypes = nodeTypesFrom(() => nodeType);
	const node = {
		id: 'n',
		name: 'Close SMS',
		type: 'test.closeSms',
		typeVersion: 1,
		position: [0, 0] as [number, number],
		parameters: { resource: 'sms', ...parameters },
	};
	const workflow = new Workflow({ nodes: [node], connections: {}, active: false, nodeTypes });
	const kept = workflow.getNode('Close SMS')!;
	const evaluate = (expression: string | undefined): NodeParameterValueType =>
		workflow.expression.getSimpleParameterValue(
			kept,
			expression,
			'internal',
			{},
		) as NodeParameterValueType;
	return { description: nodeType.description, kept, evaluate };
}

/** The hints that the editor shows for these parameters (n8n evaluates each condition as this does). */
function shown(parameters: INodeParameters): string[] {
	const { description, evaluate } = nodeWith(parameters);
	return description
		.hints!.filter(({ displayCondition }) => {
			const is = evaluate(displayCondition);
			expect(typeof is).toBe('boolean');
			return is;
		})
		.map(({ message }) => message);
}

const far = new Date(Date.now() + 48 * 3_600_000).toISOString();
const soon = new Date(Date.now() + 3_600_000).toISOString();
const uploaded = {
	attachments: { attachment: [{ source: 'binary', binaryPropertyName: 'data' }] },
};
const linked = { attachments: { attachment: [{ source: 'url', url: 'https://x.example/a.png' }] } };
const send = { operation: 'send', when: 'at' };
const update = { operation: 'update' };
const status = 'scheduled';
const GONE = [expect.stringMatching(/attachments may be gone by then/)];

test.each<[string, INodeParameters, unknown[]]>([
	['send, far, uploaded', { ...send, sendAt: far, additionalFields: uploaded }, GONE],
	['send, soon, uploaded', { ...send, sendAt: soon, additionalFields: uploaded }, []],
	['send, far, linked', { ...send, sendAt: far, additionalFields: linked }, []],
	['send, far, no files', { ...send, sendAt: far }, []],
	['send, now', { ...send, when: 'now', additionalFields: uploaded }, []],
	[
		'update, far, uploaded',
		{ ...update, updateFields: { status, dateScheduled: far, ...uploaded } },
		GONE,
	],
	['update, soon', { ...update, updateFields: { status, dateScheduled: soon, ...uploaded } }, []],
	['update, not scheduled', { ...update, updateFields: uploaded }, []],
	[
		'a date from an expression that is not known yet',
		{ ...update, updateFields: { status, dateScheduled: '={{ $json.at }}', ...uploaded } },
		[],
	],
	['another operation', { operation: 'get' }, []],
	[
		'a dry run',
		{ operation: 'sendDraft', options: { dryRun: true } },
		[expect.stringMatching(/sends nothing/)],
	],
	['no dry run', { operation: 'send', options: { dryRun: false } }, []],
])('%s', (_, parameters, hints) => {
	expect(shown(parameters)).toEqual(hints);
});

describe('under the name of the node stands what it does', () => {
	test.each<[INodeParameters, string]>([
		[{}, 'Update an SMS'],
		[{ operation: 'update', updateFields: { status: 'outbox' } }, 'Update and send now'],
		[{ operation: 'update', updateFields: { status: 'scheduled' } }, 'Update and send later'],
		[{ operation: 'update', updateFields: { status: '={{ $json.status }}' } }, 'Update an SMS'],
		[{ operation: 'send' }, 'Send a new SMS now'],
		[{ operation: 'send', when: 'at' }, 'Send a new SMS at a time'],
		[{ operation: 'send', when: '={{ $json.when }}' }, 'Send a new SMS'],
		[{ operation: 'sendDraft' }, 'Send a draft now'],
		[{ operation: 'create' }, 'Create a draft'],
		[{ operation: 'create', mode: 'logSent' }, 'Log a sent SMS'],
		[{ operation: 'create', mode: '={{ $json.mode }}' }, 'Create a draft or a record'],
		[{ operation: 'send', options: { dryRun: true } }, 'Dry run: Send a new SMS now'],
		[{ operation: 'send', options: { dryRun: '={{ true }}' } }, 'Send a new SMS now'],
		[{ resource: 'smsTemplate', operation: 'getAll' }, 'Get many templates'],
	])('%j: %s', (parameters, words) => {
		const { description, evaluate } = nodeWith(parameters);
		expect(evaluate(description.subtitle)).toBe(words);
	});

	const operations = new CloseSms().description.properties
		.filter(({ name }) => name === 'operation')
		.flatMap(({ options, displayOptions }) =>
			(options as Array<{ value: string }>).map(
				({ value }) => [String(displayOptions?.show?.resource), value] as const,
			),
		);

	test.each(operations)('%s, %s: in words', (resource, operation) => {
		const { description, evaluate } = nodeWith({ resource, operation });
		expect(evaluate(description.subtitle)).toMatch(/^[A-Z][a-z]+ (an?|and|many) /);
	});
});

describe('a notice says that the settings text a person', () => {
	const isWarned = (parameters: INodeParameters) => {
		const { description, kept } = nodeWith(parameters);
		const notices = description.properties
			.filter(({ type }) => type === 'notice')
			.filter((one) => NodeHelpers.displayParameter(kept.parameters, one, kept, description));
		expect(notices.length).toBeLessThanOrEqual(1);
		return notices.some(({ displayName }) => displayName.startsWith('Texts a real person'));
	};

	test.each<[INodeParameters, boolean]>([
		[{ operation: 'send' }, true],
		[{ operation: 'send', when: 'at' }, true],
		[{ operation: 'sendDraft' }, true],
		[{ operation: 'schedule' }, true],
		[{ operation: 'update' }, false],
		[{ operation: 'update', updateFields: { status: 'draft' } }, false],
		[{ operation: 'update', updateFields: { status: 'sent' } }, false],
		[{ operation: 'update', updateFields: { status: 'outbox' } }, true],
		[{ operation: 'update', updateFields: { status: 'scheduled' } }, true],
		[{ operation: 'update', updateFields: { status: '={{ $json.status }}' } }, true],
		[{ operation: 'create' }, false],
		[{ operation: 'create', mode: 'logSent' }, false],
		[{ operation: 'cancel' }, false],
		[{ operation: 'get' }, false],
		[{ operation: 'getAll' }, false],
		[{ resource: 'smsTemplate', operation: 'create' }, false],
		[{ operation: 'send', options: { dryRun: true } }, false],
		[{ operation: 'update', updateFields: { status: 'outbox' }, options: { dryRun: true } }, false],
		[{ operation: 'send', options: { dryRun: false } }, true],
		[{ operation: 'send', options: { dryRun: '={{ $json.dryRun }}' } }, true],
	])('%j: %s', (parameters, is) => {
		expect(isWarned(parameters)).toBe(is);
	});
});

describe('fields that must be filled are marked', () => {
	const missing = (parameters: INodeParameters) => {
		const { description, kept } = nodeWith(parameters);
		const issues = NodeHelpers.getNodeParametersIssues(description.properties, kept, description);
		return Object.keys(issues?.parameters ?? {}).sort();
	};

	test.each<[INodeParameters, string[]]>([
		[{ operation: 'send' }, ['from', 'message', 'to']],
		[{ operation: 'send', messageType: 'template' }, ['from', 'templateId', 'to']],
		[{ operation: 'send', when: 'at' }, ['from', 'message', 'sendAt', 'to']],
		[{ operation: 'sendDraft' }, ['smsId']],
		[{ operation: 'schedule' }, ['sendAt', 'smsId']],
		[{ operation: 'update' }, ['smsId']],
		[{ operation: 'cancel' }, ['smsId']],
		[{ operation: 'create' }, []],
		[{ operation: 'getAll' }, []],
		[{ resource: 'smsTemplate', operation: 'create' }, ['name']],
	])('%j: %j', (parameters, names) => {
		expect(missing(parameters)).toEqual(names);
	});
});
