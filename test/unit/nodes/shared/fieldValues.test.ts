import fc from 'fast-check';
import {
	containsText,
	getLocatorValue,
	isBlank,
	parseFlag,
	parseList,
	parseNumber,
} from '../../../../nodes/shared/fieldValues';

test.each<[unknown, boolean]>([
	[undefined, true],
	[null, true],
	['', true],
	[' \n', true],
	['0', false],
	[' a ', false],
	[0, false],
	[false, false],
	[[], false],
	[{}, false],
])('%j is blank: %s', (value, expected) => {
	expect(isBlank(value)).toBe(expected);
});

test.each<[unknown, unknown]>([
	[{ __rl: true, mode: 'id', value: 'lead_1' }, 'lead_1'],
	[{ __rl: true, mode: 'list', value: '' }, ''],
	['lead_1', 'lead_1'],
	[{ value: 'lead_1' }, { value: 'lead_1' }],
	[{ __rl: true }, { __rl: true }],
	[null, null],
	[undefined, undefined],
	[7, 7],
])('the locator %j holds %j', (locator, value) => {
	expect(getLocatorValue(locator)).toEqual(value);
});

describe('flags', () => {
	test.each([true, 'true', 1, '1'])('%j is true', (value) => {
		expect(parseFlag(value)).toBe(true);
	});

	test.each([false, 'false', 0, '0', '', ' ', null, undefined])('%j is false', (value) => {
		expect(parseFlag(value)).toBe(false);
	});

	test('anything else is neither', () => {
		const known = /^(true|false|1|0|\s*)$/;
		fc.assert(
			fc.property(fc.anything(), (value) => {
				fc.pre(value !== null && value !== undefined);
				fc.pre(
					!(['string', 'number', 'boolean'].includes(typeof value) && known.test(String(value))),
				);
				expect(parseFlag(value)).toBeUndefined();
			}),
		);
		for (const value of [
			[true],
			[1],
			['true'],
			{},
			'yes',
			'on',
			'TRUE',
			'False',
			' true',
			'1 ',
			2,
			-1,
			0.5,
			NaN,
			1n,
			() => true,
		])
			expect(parseFlag(value)).toBeUndefined();
	});
});

describe('numbers', () => {
	const bounds = { min: 0, max: 10 };

	test.each<[unknown, number]>([
		[0, 0],
		[10, 10],
		['7', 7],
		[' 7 ', 7],
		[0.5, 0.5],
		['0.5', 0.5],
	])('%j is %d', (value, number) => {
		expect(parseNumber(value, bounds)).toBe(number);
	});

	test.each([
		-0.1,
		10.1,
		Infinity,
		-Infinity,
		NaN,
		'Infinity',
		'ten',
		'7 items',
		true,
		false,
		[7],
		{},
		7n,
	])('%p is none', (value) => {
		expect(parseNumber(value, bounds)).toBeUndefined();
	});

	test.each(['', ' ', null, undefined])('nothing, %j, is none, and not zero', (value) => {
		expect(parseNumber(value, bounds)).toBeUndefined();
	});

	test('a part of one is none where they are whole', () => {
		expect(parseNumber(0.5, { ...bounds, isInteger: true })).toBeUndefined();
		expect(parseNumber('0.5', { ...bounds, isInteger: true })).toBeUndefined();
		expect(parseNumber('7', { ...bounds, isInteger: true })).toBe(7);
	});

	test('what is read is within the bounds', () => {
		fc.assert(
			fc.property(fc.anything(), fc.integer(), fc.nat(), (value, min, span) => {
				const number = parseNumber(value, { min, max: min + span });
				expect(number === undefined || (number >= min && number <= min + span)).toBe(true);
			}),
		);
	});
});

test.each<[unknown, string[]]>([
	['a, b ,,c', ['a', 'b', 'c']],
	[
		['a', ' b', '', null, 7],
		['a', 'b', '7'],
	],
	['', []],
	[[], []],
	[undefined, []],
	[null, []],
	[7, ['7']],
])('the entries of the list %j are %j', (value, entries) => {
	expect(parseList(value)).toEqual(entries);
});

test.each<[unknown, unknown, boolean]>([
	['A café, please', 'CAFÉ', true],
	['A cafe\u0301, please', 'caf\u00e9', true],
	['A caf\u00e9, please', 'cafe\u0301', true],
	['A cafe, please', 'caf\u00e9', false],
	[null, 'caf\u00e9', false],
])('%j contains %j: %j', (text, part, expected) => {
	expect(containsText(text, part)).toBe(expected);
});
