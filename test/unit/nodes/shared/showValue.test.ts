import { showValue } from '../../../../nodes/shared/showValue';

test.each<[unknown, string]>([
	['soon', 'soon'],
	['', '""'],
	[' ', '" "'],
	[5, '5'],
	[NaN, 'NaN'],
	[null, 'null'],
	[undefined, 'undefined'],
	[['a', 1], '["a",1]'],
	[{ id: 'lead_1' }, '{"id":"lead_1"}'],
	['a\u200Bb\u00A0c', 'a[U+200B]b[U+00A0]c'],
	['x'.repeat(50), `${'x'.repeat(40)}…`],
	['👋'.repeat(41), `${'👋'.repeat(40)}…`],
])('%j is shown as %s', (value, shown) => {
	expect(showValue(value)).toBe(shown);
});

test('what contains itself is shown somehow', () => {
	const loop: { self?: unknown } = {};
	loop.self = loop;
	expect(showValue(loop)).toBe('[object Object]');
});
