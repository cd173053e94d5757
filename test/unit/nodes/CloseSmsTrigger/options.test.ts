import { parseCatchUp, parseMaxAge } from '../../../../nodes/CloseSmsTrigger/options';

const FOUR_DAYS = 4 * 24 * 60;

describe('Max Age, in minutes', () => {
	test.each<[unknown, number]>([
		[{}, FOUR_DAYS],
		[{ other: 1 }, FOUR_DAYS],
		[{ maxAge: 1 }, 1],
		[{ maxAge: 1.5 }, 1.5],
		[{ maxAge: '30' }, 30],
		[{ maxAge: ' 30 ' }, 30],
		[{ maxAge: FOUR_DAYS }, FOUR_DAYS],
	])('%j is %d', (options, minutes) => {
		expect(parseMaxAge(options)).toBe(minutes);
	});

	test.each<[unknown]>([
		...[undefined, null, '', ' ', 'soon', NaN, Infinity, 0, 0.99, -1, FOUR_DAYS + 1, 1e300].map(
			(maxAge): [unknown] => [{ maxAge }],
		),
		...[true, [], [5], {}, '5 minutes', '0x1p'].map((maxAge): [unknown] => [{ maxAge }]),
		...[null, undefined, 'maxAge', 5, [5]].map((options): [unknown] => [options]),
	])('%p cannot be read', (options) => {
		expect(parseMaxAge(options)).toBeUndefined();
	});
});

describe('Catch Up, in hours', () => {
	test.each<[unknown, number | undefined]>([
		[{}, 0],
		[undefined, 0],
		[{ catchUp: 24 }, 24],
		[{ catchUp: ' 1.5 ' }, 1.5],
		[{ catchUp: 720 }, 720],
		[{ catchUp: 721 }, undefined],
		[{ catchUp: 0 }, undefined],
		[{ catchUp: '' }, undefined],
		[{ catchUp: null }, undefined],
		[{ catchUp: true }, undefined],
	])('%j is %p', (options, hours) => {
		expect(parseCatchUp(options)).toBe(hours);
	});
});
