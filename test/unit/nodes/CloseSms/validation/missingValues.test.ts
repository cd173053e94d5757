import { DateTime } from 'luxon';
import type { IDataObject } from 'n8n-workflow';
import { evaluateCode } from '../../../../../dev/platform';
import { findHole, rejectHoles } from '../../../../../nodes/CloseSms/validation/missingValues';
import { DEFAULT_OPTIONS } from '../../../../../nodes/CloseSms/validation/nodeOptions';
import { fakeContext, thrownBy } from '../../../fakeContext';
import { HOLES, MEANT } from './wordsWithValues';

/** As n8n joins a value to words: nothing for what is missing. */
const toWords = (value: unknown) => String(value ?? '');

/** Words with expressions, evaluated for an item as n8n does: what fails gives nothing, and so does a function. */
function enter(raw: string, json: IDataObject, isByAgent = false) {
	const asked: string[] = [];
	const item = { json };
	const start = { item, first: () => item, itemMatching: () => item };
	const names = {
		...{ $json: json, $input: { item }, $node: { Start: item }, $vars: {}, $: () => start },
		...{ $fromAI: (name: string) => json[name], DateTime, Date },
	};
	const evaluate = (expression: string): unknown => {
		const code = expression.slice(2, -2);
		asked.push(code.trim());
		const value = evaluateCode(code, names);
		if (typeof value === 'function') throw new Error('This is a function');
		return value;
	};
	const render = () =>
		raw.slice(1).replace(/(?<!\\)\{\{[\s\S]*?\}\}/g, (expression) => {
			try {
				return toWords(evaluate(expression));
			} catch {
				return '';
			}
		});
	const text = raw.startsWith('=') ? render() : raw;
	asked.length = 0;
	return { asked, text, hole: findHole({ raw, text, isByAgent }, evaluate) };
}

test.each(HOLES)('a hole: %s', (_, words, item, problem) => {
	const { hole } = enter(words, item);

	expect(hole?.problem).toContain(problem);
	expect(hole?.next).toBeTruthy();
});

test.each(MEANT)('no hole: %s', (_, words, item, text) => {
	expect(enter(words, item)).toMatchObject({ text, hole: undefined });
});

describe('a hole in code that cannot be taken apart', () => {
	test.each([
		'$json.a',
		'$json.a?.b',
		"$json['first name']",
		'$json?.["a"]',
		"$('Start').first().json.a",
		"$('Start')?.first()?.json.a",
		"$('Start').itemMatching(0).json.a",
		'$node["Start"].json.a',
	])('is named by its reference, %s', (reference) => {
		expect(enter(`={{ ('Hi ' + ${reference}).trim() }}`, {}).hole?.problem).toBe(
			`lacks a value: {{ ${reference} }} gives nothing`,
		);
	});

	test.each<[string, string, IDataObject, string]>([
		[
			'null',
			"={{ ('Hi ' + $json.a + ', bye').trim() }}",
			{ a: null },
			'{{ $json.a }} gives nothing',
		],
		[
			'the second of two',
			"={{ ('Hi ' + $json.a + $json.b).trim() }}",
			{ a: 'Ann' },
			'{{ $json.b }} gives nothing',
		],
		[
			'a choice that is none',
			"={{ 'Hi ' + $json.a || 'there' }}",
			{},
			'{{ $json.a }} gives nothing',
		],
		[
			'what a method gives',
			"={{ ('Hi ' + $json.a.split(' ')[1]).trim() }}",
			{ a: 'Ann' },
			"{{ ('Hi ' + $json.a.split(' ')[1]).trim() }} gives \"undefined\"",
		],
		[
			'a value that is compared with such a word in a template',
			"={{ (`Hi ${$json.a}${$json.b === undefined ? '' : '!'}`).trim() }}",
			{},
			'{{ $json.a }} gives nothing',
		],
	])('%s', (_, raw, item, problem) => {
		expect(enter(raw, item).hole?.problem).toBe(`lacks a value: ${problem}`);
	});

	test.each<[string, string, IDataObject]>([
		['of a text', "={{ ('It is undefined, ' + $json.a).trim() }}", { a: 'Ann' }],
		['of a text in other quotation marks', '={{ ("Is it null? " + $json.a).trim() }}', { a: 'No' }],
		['of a template', '={{ (`It is undefined: ${$json.a}`).trim() }}', { a: 'x' }],
		['of the data', "={{ ('Note: ' + $json.a).trim() }}", { a: 'undefined amounts' }],
		[
			'of one value of two',
			'={{ ($json.b + $json.a).trim() }}',
			{ a: 'null and void', b: 'It is ' },
		],
		['of code without data', "={{ 'Is it ' + typeof undefined }}", {}],
	])('is none where the word is %s', (_, raw, item) => {
		expect(enter(raw, item).hole).toBeUndefined();
	});
});

test.each<[string, string, IDataObject, string]>([
	['an empty list', '=Hi {{ $json.a }}!', { a: [] }, 'gives an empty list'],
	['a list of objects', '=Hi {{ $json.a }}!', { a: [{ b: 1 }] }, 'gives an object, not words'],
	[
		'an object like a date',
		'=Hi {{ $json.a }}!',
		{ a: { toISO: 1 } },
		'gives an object, not words',
	],
	['a date', '=At {{ new Date($json.a) }}', { a: 'soon' }, 'gives no date (Invalid DateTime)'],
	['a date of Luxon', '=At {{ DateTime.fromISO($json.a) }}', { a: 'x' }, 'gives no date'],
	['a date as a text', '=At {{ $json.a }}', { a: ' Invalid Date ' }, 'gives no date'],
	['less than any number', '=Pay {{ -1 / $json.a }}', { a: 0 }, 'gives no number (Infinity)'],
	['a blank or another', "=Hi {{ $json.a ?? $json['b c'] }}!", { 'b c': ' ' }, 'gives nothing'],
	[
		'a gap in a list that code made',
		"=On {{ $json.a.map((one) => one).join(' - ') }}",
		{ a: ['', 'Tue'] },
		'gives a list with a gap',
	],
	['a gap in a list, in narrow braces', "={{$json.a.join(' ')}}", { a: ['A', '', 'B'] }, 'a gap'],
	['an address', '=See {{ $json.a }}', { a: 'http://example.com/undefined' }, '"undefined" in it'],
	[
		'an object in one',
		'=See {{ $json.a }}',
		{ a: 'https://a.b/?c=[object Object]' },
		'Object]" in',
	],
	['an equals sign and a blank', '== {{ $json.a }}', { a: 'Hi' }, 'an equals sign'],
])('a hole: %s', (_, raw, item, problem) => {
	expect(enter(raw, item).hole?.problem).toContain(problem);
});

test.each<[string, string, IDataObject]>([
	['two blanks as a fallback', "=Hi{{ $json.a || '  ' }}!", {}],
	['the same in double quotation marks', '=Hi{{ $json.a || "  " }}!', {}],
	['the same in backticks', '=Hi{{ $json.a || `  ` }}!', {}],
	['null without a blank', "=Hi{{ $json.a ? ' VIP' :null }}!", {}],
	['a condition without a blank', "=Hi{{ $json.a &&' VIP' }}!", {}],
	["n8n's own, with a blank", "=Hi{{ $ifEmpty($json.a, '' ) }}!", {}],
	['a date among words of the data', '=At {{ $json.a }}', { a: 'Invalid Date: ask' }],
])('no hole: %s', (_, raw, item) => {
	expect(enter(raw, item).hole).toBeUndefined();
});

/** Since a value holds such a word, every expression is looked at. */
test.each<[string, string, IDataObject]>([
	['a list that is joined by nothing', "$json.a.join('')", { a: ['A', '', 'B'] }],
	['a list of lines', "$json.a.join(',\\n')", { a: ['A', '', 'B'] }],
	['a choice of lists', "($json.b ? [] : $json.a).join(', ')", { a: ['A', ''] }],
	['words that code joins', "$json.a.split(' ').join(' ')", { a: 'A  B' }],
	['a date', 'new Date(0)', {}],
	['a date in words', 'new Date(0).toISOString()', {}],
	['a date of Luxon', "DateTime.fromISO('2026-12-01')", {}],
	['words like those of no date', '$json.a', { a: 'On Invalid Date' }],
])('no hole, though it is looked at: %s', (_, code, item) => {
	expect(enter(`=Note {{ $json.note }}: {{ ${code} }}`, { note: 'null', ...item })).toMatchObject({
		asked: expect.arrayContaining([code]),
		hole: undefined,
	});
});

test('quotes no more than a line of the expression', () => {
	const problem = enter(`=Hi {{ $json.a\n.${'b'.repeat(200)} }}`, { a: {} }).hole?.problem;

	expect(problem).toMatch(/^lacks a value: \{\{ \$json\.a \.b+… gives nothing$/);
	expect(problem!.length).toBeLessThan(130);
});

test.each<[string, string, IDataObject]>([
	['values', '=Hi {{ $json.a }} {{ $json.b }}!', { a: 'Mary Ann', b: 'Lee' }],
	['zero', '={{ $json.a }} left', { a: 0 }],
	['a flag', '=It is {{ $json.a }}', { a: false }],
	['a list of words', '=On {{ $json.a }}', { a: ['Mon', 'Tue'] }],
	['the whole text', '={{ $json.a }}', { a: 'Hi' }],
	['nothing but words', '=Hi Ann', {}],
	['escaped braces', '=Hi \\{{ Ann', {}],
	['a comma behind the second', '={{ $json.a }} {{ $json.b }}, hi', { a: 'x', b: 'y' }],
	['a comma in a value', '=Hi {{ $json.a }}!', { a: 'Lee, Ann' }],
	['an empty line', "=Hi {{ $json.a.join('\\n') }}!", { a: ['A', '', 'B'] }],
	['an empty line with blanks', "=Hi {{ $json.a.join(' \\n ') }}!", { a: ['A', '', 'B'] }],
])('%s costs no evaluation', (_, raw, item) => {
	const { hole, asked } = enter(raw, item);

	expect(hole).toBeUndefined();
	expect(asked).toEqual([]);
});

test.each(['It is null and void', 'undefined', 'NaN', '{one} [two] {} [Your Name]', 'a }} b'])(
	'typed words are words: %s',
	(text) => {
		expect(enter(text, {}).hole).toBeUndefined();
		expect(enter(`=${text}`, {})).toMatchObject({ hole: undefined, asked: [] });
	},
);

const inWords = (text: string, isByAgent = false, raw: string = text) =>
	findHole({ raw, text, isByAgent }, () => undefined)?.problem;

test.each(['Hi {{first_name}}!', 'Hi {{ contact.first_name }}', 'Hi {{{name}}}', '={{ $json.a }}'])(
	'braces that are left over: %s',
	(text) => {
		expect(inWords(text, false, 'x')).toMatch(/^has a placeholder that nobody filled: \{\{.*\}\}$/);
	},
);

test('a text that begins with an equals sign by mistake', () => {
	expect(inWords('=Hi Ann', false, '=={{ $json.text }}')).toMatch(
		/would begin with an equals sign/,
	);
	expect(inWords('=5 is a grade', false, '=5 is a grade')).toBeUndefined();
});

describe('the words of an AI agent', () => {
	test.each([
		'[Your Name]',
		'[Name]',
		'[First Name]',
		'[Company Name]',
		"[Agent's name]",
		'[insert link here]',
		'[ Your Name ]',
		'[your  name]',
		'[link - here]',
		'[Date]',
		'[appointment time]',
		'<your phone number>',
		'{name}',
	])('%s is a stand-in', (standIn) => {
		const text = `Hi, this is ${standIn}. See you!`;
		expect(inWords(text, true)).toBe(`has a stand-in for words that are missing: ${standIn}`);
		expect(inWords(text, false)).toBeUndefined();
	});

	test.each(['Reply [Y] or [N]', 'See you :]', '<3', 'At 5 [sharp]', 'name: Ann, date: today'])(
		'%s is none',
		(text) => {
			expect(inWords(text, true)).toBeUndefined();
		},
	);
});

describe('the validator', () => {
	const reject = (
		{ raw, text }: { raw: unknown; text: unknown },
		missingValues: 'stop' | 'send' = 'stop',
	) => {
		const context = fakeContext({
			operation: 'send',
			parameters: { message: raw },
			itemIndex: 3,
		});
		const asked: unknown[] = [];
		context.evaluateExpression = (expression: string, index: number) => {
			asked.push([expression, index]);
			return null;
		};
		rejectHoles('message')(
			context,
			{ url: '', body: { text } },
			{ ...DEFAULT_OPTIONS, missingValues },
		);
		return asked;
	};

	test('names the field, the expression and what to do', () => {
		const error = thrownBy(() => reject({ raw: '=Hi {{ $json.a }}!', text: 'Hi !' }));

		expect(error.message).toBe("'Message' lacks a value: {{ $json.a }} gives nothing [item 3]");
		expect(error.description).toMatch(/^Look at the data of this item/);
	});

	test('asks for the value of the item', () => {
		expect(() => reject({ raw: '=Hi {{ $json.a }}', text: 'Hi Ann' })).not.toThrow();
		expect(reject({ raw: "=Hi{{ $json.a ? ' Ann' : null }}", text: 'Hi' })).toEqual([
			["{{ $json.a ? ' Ann' : null }}", 3],
		]);
	});

	test.each(['', ' ', undefined, null])('leaves words that are missing, %j, to others', (text) => {
		expect(reject({ raw: '={{ $json.a }}', text })).toEqual([]);
	});

	test("sends it all the same with 'Send'", () => {
		expect(reject({ raw: '=Hi {{ $json.a }}!', text: 'Hi !' }, 'send')).toEqual([]);
	});

	test('a text by a template of Close has no words', () => {
		expect(findHole({ raw: undefined, text: 'Hi undefined', isByAgent: false }, () => null)).toBe(
			undefined,
		);
	});
});
