import { findHole } from '../../../../../nodes/CloseSms/validation/missingValues';

/** What n8n gives for the expressions of a text, each by its code; the rest of a template is as it is typed. */
const evaluating = (values: Record<string, unknown>) => {
	const asked: string[] = [];
	const evaluate = (expression: string) => {
		const code = expression.slice(2, -2).trim();
		asked.push(code);
		if (!(code in values)) throw new Error(`Nobody said what ${code} gives`);
		return values[code];
	};
	/** As n8n joins them: nothing for what is missing, and "[object Object]". */
	const toWords = (value: unknown) =>
		value || value === 0 || value === false || Number.isNaN(value) ? String(value) : '';
	const render = (raw: string) =>
		raw.slice(1).replace(/\{\{([\s\S]*?)\}\}/g, (_, code: string) => toWords(values[code.trim()]));
	return {
		asked,
		find: (raw: string) => findHole({ raw, text: render(raw), isByAgent: false }, evaluate),
	};
};

describe('a hole in the words', () => {
	test.each<[string, string, Record<string, unknown>, string]>([
		['missing', '=Hi {{ $json.name }}, hello', { '$json.name': undefined }, 'gives nothing'],
		['null', '=Hi {{ $json.name }}', { '$json.name': null }, 'gives nothing'],
		['blank', '=Hi {{$json.name}}!', { '$json.name': '  ' }, 'gives nothing'],
		['at the start', '={{ $json.name }}, hello', { '$json.name': '' }, 'gives nothing'],
		['over lines', '=Hi\n{{ $json.name }}\nhello', { '$json.name': '' }, 'gives nothing'],
		['an object', '=Hi {{ $json.a }}!', { '$json.a': { b: 1 } }, 'gives an object, not words'],
		[
			'a list of objects',
			'=Hi {{ $json.a }}!',
			{ '$json.a': [{ b: 1 }] },
			'gives an object, not words',
		],
		['an empty list', '=Hi {{ $json.a }}!', { '$json.a': [] }, 'gives an empty list'],
		['no number', '=It is {{ $json.a * 2 }}', { '$json.a * 2': NaN }, 'gives no number (NaN)'],
		[
			'no number, formatted',
			'=It is {{ ($json.a * 2).toFixed(2) }} €',
			{ '($json.a * 2).toFixed(2)': 'NaN' },
			'gives no number (NaN)',
		],
		[
			'no date',
			"=At {{ $json.at.toFormat('HH:mm') }}",
			{ "$json.at.toFormat('HH:mm')": 'Invalid DateTime' },
			'gives no date (Invalid DateTime)',
		],
		[
			'a method of what is missing',
			'=Hi {{ $json.name.toUpperCase() }}!',
			{ '$json.name.toUpperCase()': null },
			'gives nothing',
		],
		['optional', '=Hi {{ $json.a?.b }}!', { '$json.a?.b': undefined }, 'gives nothing'],
		['in brackets', '=Hi {{ $json["a b"] }}!', { '$json["a b"]': '' }, 'gives nothing'],
		[
			'of another node',
			"=Hi {{ $('X').item.json.a }}!",
			{ "$('X').item.json.a": '' },
			'gives nothing',
		],
		['the whole text', '={{ $json.a * 2 }}', { '$json.a * 2': NaN }, 'gives no number (NaN)'],
		['a variable', '=Hi {{ $vars.name }}!', { '$vars.name': undefined }, 'gives nothing'],
		['empty braces', '=Hi {{ }}!', { '': undefined }, 'gives nothing'],
		[
			'a choice that gives a missing value',
			"=Hi {{ $json.a ? $json.b : '' }}!",
			{ "$json.a ? $json.b : ''": undefined },
			'gives nothing',
		],
		[
			'one value or another, both blank',
			'=Hi {{ $json.a || $json.b }}!',
			{ '$json.a || $json.b': '' },
			'gives nothing',
		],
		[
			'one value or another, the first blank',
			"=Hi {{ $json.a ?? $json['b c'] }}!",
			{ "$json.a ?? $json['b c']": ' ' },
			'gives nothing',
		],
		[
			'the second of two',
			'={{ $json.a }} {{ $json.b }}',
			{ '$json.a': 'x', '$json.b': '' },
			'gives nothing',
		],
	])('%s', (_, raw, values, problem) => {
		const hole = evaluating(values).find(raw);

		expect(hole?.problem).toMatch(/^lacks a value: \{\{ .*\}\} /);
		expect(hole?.problem.endsWith(problem)).toBe(true);
	});

	test('is named by the reference where one expression made one text', () => {
		const code = "'Hi ' + $json.name + ', it is ' + $json.time";
		const { find } = evaluating({
			[code]: 'Hi Ann, it is undefined',
			'$json.name': 'Ann',
			'$json.time': undefined,
		});

		expect(find(`={{ ${code} }}`)?.problem).toBe('lacks a value: {{ $json.time }} gives nothing');
	});

	test('quotes no more than a line of the expression', () => {
		const code = `$json.a\n.${'b'.repeat(200)}`;
		const problem = evaluating({ [code]: '' }).find(`=Hi {{ ${code} }}`)?.problem;

		expect(problem).toMatch(/^lacks a value: \{\{ \$json\.a \.b+… gives nothing$/);
		expect(problem!.length).toBeLessThan(130);
	});
});

describe('words without a hole', () => {
	test.each<[string, string, Record<string, unknown>]>([
		['values', '=Hi {{ $json.a }} {{ $json.b }}!', { '$json.a': 'Mary Ann', '$json.b': 'Lee' }],
		['zero', '={{ $json.a }} left', { '$json.a': 0 }],
		['a flag', '=It is {{ $json.a }}', { '$json.a': false }],
		['a list of words', '=On {{ $json.a }}', { '$json.a': ['Mon', 'Tue'] }],
		['the whole text', '={{ $json.a }}', { '$json.a': 'Hi' }],
		['nothing but words', '=Hi Ann', {}],
		['escaped braces', '=Hi \\{{ Ann', {}],
	])('%s costs no evaluation', (_, raw, values) => {
		const { find, asked } = evaluating(values);

		expect(find(raw)).toBeUndefined();
		expect(asked).toEqual([]);
	});

	test.each<[string, string, Record<string, unknown>]>([
		['a choice', "=Hi{{ $json.a ? ' Ann' : '' }}!", { "$json.a ? ' Ann' : ''": '' }],
		['a fallback', "=Hi {{ $json.a || '' }}!", { "$json.a || ''": '' }],
		['another fallback', "=Hi {{ $json.a ?? '' }}!", { "$json.a ?? ''": '' }],
		['a blank in backticks', '=Hi{{ $json.a || ` ` }}Ann', { '$json.a || ` `': ' ' }],
		['a condition', '=Hi{{ $json.a && $json.b }}!', { '$json.a && $json.b': '' }],
		[
			'a condition beside a fallback',
			"=Hi{{ $json.a ? ' x' : $json.b || $json.c }}!",
			{ "$json.a ? ' x' : $json.b || $json.c": '' },
		],
		["n8n's own", "=Hi {{ $ifEmpty($json.a, '') }}!", { "$ifEmpty($json.a, '')": '' }],
		['a line break', "=Hi{{ '\\n' }}Ann", { "'\\n'": '\n' }],
		['neighbors', '={{ $json.a }}{{ $json.b }}', { '$json.a': 'x', '$json.b': 'y' }],
		['the word null of the data', '={{ $json.a }} it is', { '$json.a': 'null and void' }],
		[
			'the word undefined in the code',
			"={{ 'It is undefined, ' + $json.a }}",
			{ "'It is undefined, ' + $json.a": 'It is undefined, Ann' },
		],
	])('is meant: %s', (_, raw, values) => {
		expect(evaluating(values).find(raw)).toBeUndefined();
	});

	test.each(['It is null and void', 'undefined', 'NaN', '{one} [two] {} [Your Name]', 'a }} b'])(
		'typed words are words: %s',
		(text) => {
			const never = () => {
				throw new Error('Nothing to evaluate');
			};
			expect(findHole({ raw: text, text, isByAgent: false }, never)).toBeUndefined();
			expect(findHole({ raw: `=${text}`, text, isByAgent: false }, never)).toBeUndefined();
		},
	);
});

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
