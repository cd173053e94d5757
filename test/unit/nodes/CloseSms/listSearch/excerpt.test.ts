import { excerpt } from '../../../../../nodes/CloseSms/listSearch/excerpt';

test.each<[string | null | undefined, string]>([
	['Hi', 'Hi'],
	[' Hi\n\n there ', 'Hi there'],
	['x'.repeat(40), 'x'.repeat(40)],
	['x'.repeat(41), `${'x'.repeat(40)}…`],
	[`${'x'.repeat(39)}👍y`, `${'x'.repeat(39)}👍…`],
	['', '(no message)'],
	[' ', '(no message)'],
	[null, '(no message)'],
	[undefined, '(no message)'],
])('%j is listed as %j', (text, listed) => {
	expect(excerpt(text)).toBe(listed);
});
