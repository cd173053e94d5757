import { fieldsOf, misshape, SHAPES, type Shape } from '../../dev/simulator/faults/misshape';
import { api, close } from './fixture';

test.each<[Shape, unknown, string, unknown]>([
	['missing', { a: [1, 2] }, 'a', {}],
	['missing', { a: [1, 2] }, 'a.0', { a: [2] }],
	['null', { a: { b: 'x' } }, 'a.b', { a: { b: null } }],
	['null', { a: 1 }, '', null],
	['number', { a: ['x', 'y'] }, 'a.1', { a: ['x', 7] }],
	['object', { a: 'x' }, 'a', { a: { unexpected: true } }],
	['list', { a: 'x' }, 'a', { a: ['unexpected'] }],
	['empty', { a: 'x', b: 'x' }, 'a', { a: '', b: 'x' }],
	['empty', { a: [1], b: { c: 1 } }, 'a', { a: [], b: { c: 1 } }],
	['empty', { a: [1], b: { c: 1 } }, 'b', { a: [1], b: {} }],
	['list', { a: 'x' }, 'b', { a: 'x' }],
	['list', { a: 'x' }, 'a.b', { a: 'x' }],
])('%s, in %j at "%s": %j', (shape, json, at, expected) =>
	expect(misshape(json, at, shape)).toEqual(expected),
);

test('the fields of a JSON, the whole first', () => {
	const json = { data: [{ id: 'a', phones: [] }], has_more: false };
	expect(fieldsOf(json)).toEqual(['', 'data', 'data.0', 'data.0.id', 'data.0.phones', 'has_more']);
});

test('one field of the chosen answer has another shape, and Close keeps what is right', async () => {
	const { id } = close.account.texts.draft;
	close.faults.order({
		kind: 'altered',
		match: { method: 'GET', path: id },
		after: 1,
		misshape: { at: 'text', as: 'list' },
	});
	const texts = [];
	for (let n = 0; n < 3; n++) texts.push((await api.get(`/activity/sms/${id}/`)).data.text);
	const { text } = close.account.texts.draft;
	expect(texts).toEqual([text, ['unexpected'], text]);
});

test('every field of an answer can have every shape, also of a refusal', async () => {
	const { id } = close.account.texts.sent;
	const refused = async () => await api.put(`/activity/sms/${id}/`, { text: 'Other' });
	const { data } = await refused();
	for (const at of fieldsOf(data))
		for (const as of SHAPES) {
			close.faults.order({ kind: 'altered', misshape: { at, as } });
			const answer = await refused();
			expect(answer.status).toBe(400);
			expect(answer.data).toEqual(misshape(data, at, as) ?? (as === 'null' ? null : ''));
		}
});
