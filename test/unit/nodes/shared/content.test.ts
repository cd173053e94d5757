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
	['Hi there Ann', 'Hi there Ann'],
	['Hi  there', 'Hi there'],
	['\ufb01nd the o\ufb03ce', 'find the office'],
	['\uff28\uff49\uff01', 'Hi!'],
	['It`s', "It's"],
	// A family of emoji is another picture than its members; with a skin color or a variation it is still one.
	['\u{1f468}\u200d\u{1f469}', '\u{1f468}\u200d\u{1f469}'],
	['\u{1f468}\u{1f3fd}\u200d\u{1f469}', '\u{1f468}\u{1f3fd}\u200d\u{1f469}'],
	['\u2764\ufe0f\u200d\u{1f525}', '\u2764\u200d\u{1f525}'],
	['a\u200d\u{1f469}', 'a\u{1f469}'],
	['\u{1f468}\u200db', '\u{1f468}b'],
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
