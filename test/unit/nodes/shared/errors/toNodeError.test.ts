import type { INode } from 'n8n-workflow';

import { ItemFailure, type FailureFacts } from '../../../../../nodes/shared/errors/itemFailure';
import { toErrorFields, toNodeError } from '../../../../../nodes/shared/errors/toNodeError';

const refused: FailureFacts = {
	what: 'Close refused this',
	words: 'No.',
	httpCode: '400',
	outcome: 'notDone',
	itemIndex: 3,
};
const draft = { status: 'draft', words: 'is a draft' };
const fieldsOf = (more: Partial<FailureFacts>) =>
	toErrorFields(new ItemFailure({ ...refused, ...more }));

describe('a failure as fields', () => {
	test('has message and advice apart, and what a workflow can decide by', () => {
		expect(fieldsOf({})).toEqual({
			message: 'Close refused this [item 3]: No.',
			whatToDo: 'Correct what Close names.',
			outcome: 'notDone',
			isTemporary: false,
		});
	});

	test.each<[string, Partial<FailureFacts>, object]>([
		[
			'a draft that was left is partly done, and named',
			{ text: { id: 'acti_1', origin: 'created', seen: draft } },
			{ outcome: 'partlyDone', smsId: 'acti_1', smsStatus: 'draft' },
		],
		[
			'so is a text that was set back to a draft',
			{ text: { id: 'acti_1', origin: 'given', wasSetBack: true } },
			{ outcome: 'partlyDone', smsId: 'acti_1' },
		],
		[
			'a text that was given and is as it was is not done at all',
			{ text: { id: 'acti_1', origin: 'given', seen: draft } },
			{ outcome: 'notDone', smsId: 'acti_1' },
		],
		[
			'what Close may still be at work on is unknown, whatever was seen',
			{ text: { id: 'acti_1', origin: 'given', seen: { ...draft, afterMs: 10_000 } } },
			{ outcome: 'unknown' },
		],
		['unknown stays unknown', { outcome: 'unknown' }, { outcome: 'unknown' }],
		[
			'what may have been done is never temporary, which reads as "try it again"',
			{ outcome: 'unknown', isTemporary: true },
			{ outcome: 'unknown', isTemporary: false },
		],
		[
			'nor is what left a draft',
			{ text: { id: 'acti_1', origin: 'created', seen: draft }, isTemporary: true },
			{ outcome: 'partlyDone', isTemporary: false },
		],
		['undelivered stays undelivered', { outcome: 'undelivered' }, { outcome: 'undelivered' }],
		['Close was busy', { isTemporary: true }, { outcome: 'notDone', isTemporary: true }],
	])('%s', (_, facts, fields) => {
		expect(fieldsOf(facts)).toMatchObject(fields);
	});

	test('of an unknown outcome, says first that it must not be repeated', () => {
		expect(fieldsOf({ outcome: 'unknown' }).whatToDo).toMatch(/^Do not repeat it\. .*Look at it/);
		expect(fieldsOf({ outcome: 'unknown', next: 'Look at it now.' }).whatToDo).toBe(
			'Do not repeat it. Look at it now.',
		);
	});
});

test('an error comes with its node, but not with what was entered there', () => {
	const node = {
		name: 'Close SMS',
		type: 'closeSms',
		parameters: { resource: 'sms', operation: 'send', message: 'Your code is swordfish' },
	} as unknown as INode;
	for (const httpCode of ['400', undefined]) {
		const error = toNodeError({ getNode: () => node }, new ItemFailure({ ...refused, httpCode }));
		expect(error.node).toMatchObject({ name: 'Close SMS', parameters: { operation: 'send' } });
		expect(JSON.stringify(error)).not.toContain('swordfish');
	}
	expect(node.parameters.message).toBe('Your code is swordfish');
});
