import { Workflow, type INodeParameters } from 'n8n-workflow';
import { nodeTypesFrom } from '../../dev/engine/nodeTypes';
import { CloseSms } from '../../nodes/CloseSms/CloseSms.node';

/** The hints that the editor shows for these parameters (n8n evaluates each condition as this does). */
function shown(parameters: INodeParameters): string[] {
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
	return nodeType.description
		.hints!.filter(({ displayCondition }) => {
			const is = workflow.expression.getSimpleParameterValue(
				kept,
				displayCondition,
				'internal',
				{},
			);
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
