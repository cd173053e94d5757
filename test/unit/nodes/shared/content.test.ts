import fc from 'fast-check';
import { normalizeText } from '../../../../nodes/shared/content';

test.each<[unknown, string]>([
	['Caf\u00e9', 'Caf\u00e9'],
	['Cafe\u0301', 'Caf\u00e9'],
	[' Hi \n\u00a0 there\t', 'Hi there'],
	['', ''],
	[null, ''],
	[undefined, ''],
	[7, '7'],
	['It\u2019s \u201cnow\u201d', 'It\'s "now"'],
	['9\u201310 \u2014 ok\u2026', '9-10 - ok...'],
	['Hi\u200b\u202e\u00ad \ufeffthere', 'Hi there'],
	['\u2665\ufe0f', '\u2665'],
	['e\u200b\u0301', '\u00e9'],
	['\u200b', ''],
	['10\u00b2', '10\u00b2'],
	['OK', 'OK'],
])('the text %j is compared as %j', (text, compared) => {
	expect(normalizeText(text)).toBe(compared);
});

test('a text of millions of words is compared like any other', () => {
	const words = `${'Hi '.repeat(5_000_000)}Ann`;
	expect(normalizeText(words) === words).toBe(true);
});

test('an invisible character makes no other text, whatever plain characters stand behind it', () => {
	const plain = fc.string({ unit: 'grapheme-ascii', maxLength: 30 });
	fc.assert(
		fc.property(plain, (text) => expect(normalizeText(`\u200B${text}`)).toBe(normalizeText(text))),
	);
});
