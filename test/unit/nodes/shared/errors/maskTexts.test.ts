import fc from 'fast-check';
import { maskQuotes, maskTexts, truncate } from '../../../../../nodes/shared/errors/maskTexts';

const TEXT = 'Your code is 4711';

describe('the words of a message', () => {
	test.each<[string, string, string[], string]>([
		['as they are', `Cannot send ${TEXT} now`, [TEXT], 'Cannot send (message) now'],
		['more than once', `${TEXT}, ${TEXT}`, [TEXT], '(message), (message)'],
		['trimmed', `Cannot send ${TEXT}.`, [`  ${TEXT}\n`], 'Cannot send (message).'],
		['on one line', 'No: See you at nine', ['See you\n at nine'], 'No: (message)'],
		['as JSON', 'No: See you\\nat \\"nine\\"', ['See you\nat "nine"'], 'No: (message)'],
		[
			'as JSON without Unicode',
			'No: Gr\\u00fc\\u00dfe aus K\\u00f6ln',
			['Grüße aus Köln'],
			'No: (message)',
		],
		[
			'an emoji as JSON without Unicode',
			'No: Hi there \\ud83d\\ude00 you',
			['Hi there 😀 you'],
			'No: (message)',
		],
		[
			'with signs of patterns',
			'No: Is 2+2=4 (or 5)? [x]',
			['Is 2+2=4 (or 5)?'],
			'No: (message) [x]',
		],
		['with a dollar', 'No: It costs $& and $1', ['It costs $& and $1'], 'No: (message)'],
		['the longer of two first', `No: ${TEXT} for you`, [TEXT, `${TEXT} for you`], 'No: (message)'],
		['none', 'Cannot send', [], 'Cannot send'],
		['blank ones', 'Cannot send it', ['', '  '], 'Cannot send it'],
		['not there', 'Cannot send it', [TEXT], 'Cannot send it'],
	])('are masked: %s', (_, message, texts, expected) => {
		expect(maskTexts(message, texts)).toBe(expected);
	});

	test.each<[string, string, string]>([
		['a word of the sentence', 'Only drafts can be edited.', 'draft'],
		['a letter', 'Only drafts can be modified.', 'a'],
		['a long word', 'The organization is suspended.', 'organization'],
		['a few characters', 'Error 12 of 34.', '12 of'],
		['a word that goes on', 'draft; drafty', 'drafty; x'],
	])("Close's own sentence stays whole: %s", (_, message, text) => {
		expect(maskTexts(message, [text])).toBe(message);
	});

	test.each<[string, string, string, string]>([
		[
			'in quotation marks',
			'The text "draft" of a draft',
			'draft',
			'The text "(message)" of a draft',
		],
		['in single ones', "The text 'draft' of a draft", 'draft', "The text '(message)' of a draft"],
		['in backticks', 'The text `draft` of a draft', 'draft', 'The text `(message)` of a draft'],
		['in curved ones', 'The text “draft” of a draft', 'draft', 'The text “(message)” of a draft'],
		[
			'in curved single ones',
			'The text ‘draft’ of a draft',
			'draft',
			'The text ‘(message)’ of a draft',
		],
		['in pointed ones', 'The text «draft» of a draft', 'draft', 'The text «(message)» of a draft'],
		['after a colon', 'A draft is bad: draft', 'draft', 'A draft is bad: (message)'],
		['between semicolons', 'No; draft; a draft', 'draft', 'No; (message); a draft'],
		['alone', 'draft', 'draft', '(message)'],
		['with signs of patterns', 'No: a.b', 'a.b', 'No: (message)'],
	])('a short text is masked where it is quoted: %s', (_, message, text, expected) => {
		expect(maskTexts(message, [text])).toBe(expected);
	});

	test.each([
		['of eight characters', 'Code 4711', 'No, Code 4711.', 'No, (message).'],
		['of exactly eight', 'Code 471', 'No, Code 471.', 'No, (message).'],
		['of seven', 'Code 47', 'No, Code 47.', 'No, Code 47.'],
		['of seven emojis', '😀😀😀😀😀 😀', 'No, 😀😀😀😀😀 😀.', 'No, 😀😀😀😀😀 😀.'],
	])('a text %s', (_, text, message, expected) => {
		expect(maskTexts(message, [text])).toBe(expected);
	});

	describe('a beginning', () => {
		const LONG = 'Dear Ann, your appointment is at nine';

		test.each<[string, string, string]>([
			['cut by Close', `No: ${LONG.slice(0, 25)}…`, 'No: (message)…'],
			['of twenty characters', `No: ${LONG.slice(0, 20)}…`, 'No: (message)…'],
			['twice', `${LONG.slice(0, 25)}… ${LONG.slice(0, 30)}…`, '(message)… (message) …'],
			['that goes on otherwise', `No: ${LONG.slice(0, 25)}, tomorrow? No`, 'No: (message)? No'],
			['of the whole and of a part', `${LONG}, ${LONG.slice(0, 22)}…`, '(message), (message)…'],
		])('is masked as well: %s', (_, message, expected) => {
			expect(maskTexts(message, [LONG])).toBe(expected);
		});

		test('of less than twenty characters is too common', () => {
			const message = `No: ${LONG.slice(0, 19)}…`;
			expect(maskTexts(message, [LONG])).toBe(message);
		});

		test('of a text of twenty characters is the whole', () => {
			const text = LONG.slice(0, 20);
			expect(maskTexts(`No: ${text}`, [text])).toBe('No: (message)');
		});
	});

	test('never stand in the result when they have several words', () => {
		const words = fc.stringMatching(/^[a-z]{4,9} [a-z0-9$.*]{4,9} [a-z]{1,9}$/);
		fc.assert(
			fc.property(words, fc.string(), fc.string(), (text, before, after) => {
				expect(maskTexts(`${before}${text}${after}`, [text])).not.toContain(text);
			}),
		);
	});
});

describe('a known text is masked however a server spells it', () => {
	const QUOTING = `Say "yes, I'm in" & we'll book <b>table 9</b> for you`;
	const html = (text: string) =>
		text
			.replace(/&/g, '&amp;')
			.replace(/"/g, '&quot;')
			.replace(/'/g, '&#39;')
			.replace(/</g, '&lt;')
			.replace(/>/g, '&gt;');

	test.each<[string, string, string]>([
		['with quotation marks in it', `No: "${QUOTING}".`, 'No: "(message)".'],
		['HTML-escaped', `No: ${html(QUOTING)}.`, 'No: (message).'],
		['HTML-escaped twice', `No: ${html(html(QUOTING))}.`, 'No: (message).'],
		['in capitals', `No: ${QUOTING.toUpperCase()}.`, 'No: (message).'],
		['only its end', `No: …${QUOTING.slice(20)}.`, 'No: …(message).'],
		['only its middle', `No: …${QUOTING.slice(10, 40)}….`, 'No: …(message) ….'],
		['with other spaces and signs', `No: ${QUOTING.replace(/\W+/g, ' - ')}.`, 'No: (message).'],
	])('%s', (_, message, expected) => {
		expect(maskTexts(message, [QUOTING])).toBe(expected);
	});

	test('an escape that stands for no character stays', () => {
		expect(maskTexts('&#0; &#x110000; &bogus; \\u12', ['Your code is 4711'])).toBe(
			'&#0; &#x110000; &bogus; \\u12',
		);
	});
});

describe('what looks like a message that is quoted', () => {
	test.each<[string, string]>([
		['No: "See you at nine".', 'No: "(message)".'],
		['No: “See you at nine”.', 'No: “(message)”.'],
		['No: «See you at nine».', 'No: «(message)».'],
		["No: 'See you at nine'.", "No: '(message)'."],
		["No: 'I don't know it'.", "No: '(message)'."],
		['"one two" and "three four"', '"(message)" and "(message)"'],
	])('%s', (message, expected) => {
		expect(maskQuotes(message)).toBe(expected);
	});

	test.each([
		'No: "draft".',
		"No: 'remote_phone'.",
		'No: “outbox”.',
		'No: «sent».',
		"It's not a draft, and it isn't yours.",
		'No quotes at all',
		'"draft" and "outbox"',
		'“ never closed',
	])('%s stays', (message) => {
		expect(maskQuotes(message)).toBe(message);
	});
});

test.each<[string, number, string]>([
	['short', 10, 'short'],
	['exactly ten', 11, 'exactly ten'],
	['too long', 3, 'too'],
	['😀😀😀', 2, '😀😀'],
	['a😀b', 2, 'a😀'],
	['', 0, ''],
])('%j is cut to %d characters: %j', (message, length, expected) => {
	expect(truncate(message, length)).toBe(expected);
});

test.each<[string, string[], string]>([
	['Value "" is not valid', ['', ' '], 'Value "" is not valid'],
	['"Hi" is not "Hi"', ['Hi'], '"(message)" is not "(message)"'],
	['Hi; Hi', ['Hi'], '(message); (message)'],
])('%j with %j: %j', (message, texts, masked) => {
	expect(maskTexts(message, texts)).toBe(masked);
});

describe('ten times the length takes ten times the steps, and not a hundred times', () => {
	/** How many characters are looked at, by the functions that look for or copy some. */
	const countSteps = ([message, text]: [string, string]): number => {
		let steps = 0;
		const { indexOf, slice } = String.prototype;
		const { has } = Set.prototype;
		const spies = [
			jest.spyOn(String.prototype, 'indexOf').mockImplementation(function (
				this: string,
				searched: string,
				from = 0,
			) {
				const found = indexOf.call(this, searched, from);
				steps += (found < 0 ? this.length : found) - from + 1;
				return found;
			}),
			jest.spyOn(String.prototype, 'slice').mockImplementation(function (
				this: string,
				from?: number,
				to?: number,
			) {
				const copied = slice.call(this, from, to);
				steps += copied.length;
				return copied;
			}),
			jest.spyOn(Set.prototype, 'has').mockImplementation(function (
				this: Set<unknown>,
				value: unknown,
			) {
				steps++;
				return has.call(this, value);
			}),
		];
		try {
			maskTexts(message, [text]);
		} finally {
			for (const spy of spies) spy.mockRestore();
		}
		return steps;
	};

	test.each<[string, (size: number) => [string, string]]>([
		['words that are quoted', (size) => ['"a b" '.repeat(size), 'Your code is 4711']],
		['quotation marks that nothing closes', (size) => ['“ '.repeat(size), 'Your code is 4711']],
		['apostrophes', (size) => [" 'a".repeat(size), 'Your code is 4711']],
		['a long text', (size) => [`No: ${'ab cd '.repeat(size)}`, 'ab cd '.repeat(size)]],
		['a text that nearly fits', (size) => ['a '.repeat(size), `${'a '.repeat(size)}b`]],
		['a text of signs', (size) => ['! '.repeat(size), `${'! '.repeat(size)}`]],
	])('%s', (_, make) => {
		expect(countSteps(make(10_000)) / countSteps(make(1_000))).toBeLessThan(12);
	});
});
