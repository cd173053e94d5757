import fc from 'fast-check';
import examples from 'libphonenumber-js/examples.mobile.json';
import {
	getCountries,
	getCountryCallingCode,
	getExampleNumber,
	parsePhoneNumber as parseNumber,
	parsePhoneNumberFromString,
} from 'libphonenumber-js/max';
import { say } from '../../../../dev/platform';
import {
	COUNTRIES,
	isSameCountry,
	isSamePhoneNumber,
	lacksCountryCode,
	parsePhoneNumber,
	type CountryCode,
} from '../../../../nodes/shared/phoneNumber';

const COUNTRY_OPTION = 'Country of Numbers Without +';
const read = (value: unknown, country?: CountryCode) => {
	const reading = parsePhoneNumber(value, { country, countryOption: COUNTRY_OPTION });
	return 'number' in reading ? reading.number : reading.problem;
};
const nextOf = (value: unknown, country?: CountryCode) => {
	const reading = parsePhoneNumber(value, { country, countryOption: COUNTRY_OPTION });
	return 'number' in reading ? undefined : reading.next;
};

describe('a number with a plus is read however its digits are grouped', () => {
	test.each([
		'+14155550101',
		'+1 415-555-0101',
		'+14155550101 ',
		'\t+14155550101\n',
		'+1 (415) 555-0101',
		'(+1) 415 555 0101',
		'+1.415.555.0101',
		'+1 415/555-0101',
		'+1 [415] 555 0101',
		'+1\u00A0415\u2009555\u202F0101',
		'+1\u2011415\u2013555\u20140101',
		'+1\u2212415\uFF0D5550101',
		'\u202A+1 415-555-0101\u202C',
		'\u200E+14155550101',
		'+1415\u200B5550101',
		'\uFEFF+14155550101',
		'+1415\u00AD5550101',
		'tel:+1-415-555-0101',
		'TEL:+14155550101',
		'tel:\u202A+14155550101\u202C',
		"'+14155550101",
		'\u2019+14155550101',
		'\uFF0B14155550101',
		'+ 1 415 555 0101',
	])('%j', (value) => {
		expect(read(value)).toBe('+14155550101');
	});

	test.each([
		['+44 (0)7700 900123', '+447700900123'],
		['+44(0)7700900123', '+447700900123'],
		['+44 [0] 7700 900123', '+447700900123'],
		['tel:+44-(0)-7700-900123', '+447700900123'],
		['\u202A+44 (0) 7700 900123\u202C', '+447700900123'],
		['(+44) (0)7700 900123', '+447700900123'],
		['+49 (0)151 23456789', '+4915123456789'],
		['+353 (0)85 012 3456', '+353850123456'],
	])('a 0 in brackets behind the country code is left out of %j', (value, number) => {
		expect(read(value)).toBe(number);
	});

	test.each([
		['in front of the country code', '(0)44 7700 900123'],
		['without a plus', '44 (0)7700 900123'],
		['of a country that keeps its 0', '+39 (0)6 1234567'],
		['of a country that dials no 0', '+1 (0)415 555 0101'],
		['of no country', '+4 (0)7700 900123'],
		['further behind', '+44 7700 (0) 900123'],
		['twice', '+44 (0)(0)7700 900123'],
		['behind two plus signs', '++44 (0)7700 900123'],
		['behind a letter', '+44x (0)7700 900123'],
	])('a 0 in brackets %s is not guessed away: %j', (_, value) => {
		expect(read(value)).toBe(`has a 0 in brackets: ${value}`);
		expect(nextOf(value)).toMatch(/dialed only inside the country/);
	});

	test.each([
		['+4407700900123', '44'],
		['+44 07700 900123', '44'],
		['+44 (07700) 900123', '44'],
		['+49 0151 23456789', '49'],
		['+81 090 1234 5678', '81'],
		['+36 06 20 123 4567', '36'],
		['+353 085 012 3456', '353'],
	])('a 0 behind the country code of %j is an error with an expression to copy', (value, code) => {
		expect(read(value)).toBe(`has a 0 after the country code: ${value}`);
		expect(nextOf(value)).toContain(
			`{{ String($json.phone).replace(/^\\D*${code}\\D*0/, '+${code}') }}`,
		);
	});

	test.each([
		['+39 06 1234567', '+39061234567'],
		['+225 07 07 12 34 56', '+2250707123456'],
		['+241 06 03 12 34', '+24106031234'],
		['+250 06 123456', '+25006123456'],
		['+881 0 1234 5678', '+881012345678'],
	])('the 0 that belongs to the number stays in %j', (value, number) => {
		expect(read(value)).toBe(number);
	});
});

describe('what can mean something else is an error that shows the value', () => {
	test.each<[unknown, string]>([
		['+14155550101 x5', 'is not one phone number: +14155550101 x5'],
		['+14155550101;ext=5', 'is not one phone number: +14155550101;ext=5'],
		['+14155550101 ext. 5', 'is not one phone number: +14155550101 ext. 5'],
		['+1 415 FLOWERS', 'is not one phone number: +1 415 FLOWERS'],
		['+14155550101, +14155550102', 'is not one phone number: +14155550101, +14155550102'],
		['+14155550101 +14155550102', 'is not one phone number: +14155550101 +14155550102'],
		['+493012345/67', 'is not one phone number: +493012345/67'],
		['+45 12345678\n87654321', 'is not one phone number: +45 12345678[U+000A]87654321'],
		[
			'+45 12345678 \r\n 87654321',
			'is not one phone number: +45 12345678 [U+000D][U+000A] 87654321',
		],
		['++14155550101', 'is not one phone number: ++14155550101'],
		[' mobile ', 'is not a phone number: mobile'],
		['+49151234567890123', 'is not a whole phone number: +49151234567890123'],
		['1+4155550101', 'is not one phone number: 1+4155550101'],
		['mobile', 'is not a phone number: mobile'],
		['undefined', 'is not a phone number: undefined'],
		['[object Object]', 'is not a phone number: [object Object]'],
		['+', 'is not a phone number: +'],
		['cont_1|+14155550101', 'is not one phone number: cont_1|+14155550101'],
		['+223456', 'is not a whole phone number: +223456'],
		['+1234567890123456', 'is not a number of the US or Canada: +1234567890123456'],
		['+0123456789', 'is not a whole phone number: +0123456789'],
		[`+${'4'.repeat(200)}`, `is not one phone number: +${'4'.repeat(39)}…`],
		['', 'is empty'],
		[null, 'is empty'],
		[['+14155550101'], 'is a list, not a phone number'],
		[{ phone: '+14155550101' }, 'is an object, not a phone number'],
		[true, 'is true, not a phone number'],
		[NaN, 'is not a phone number: NaN'],
	])('%j', (value, problem) => {
		expect(read(value)).toBe(problem);
	});

	test.each<[unknown, RegExp]>([
		['mobile', /^Give a plus sign, the country code and the number/],
		['', /^Give a plus sign/],
		['+14155550101 x5', /^Give one number and nothing else/],
		['+1415555010', /^After \+1 come ten digits/],
	])('what to do about %j', (value, next) => {
		expect(nextOf(value)).toMatch(next);
	});

	test('a hundred characters are read, and no more', () => {
		const long = (length: number) => `+1${' '.repeat(length - 12)}4155550101`;
		expect(read(long(100))).toBe('+14155550101');
		expect(read(long(101))).toMatch(/^is not one phone number: /);
	});

	test('characters that nobody sees are named', () => {
		expect(read('\u202A+1415\u00A0555\u202C')).toBe(
			'is not a number of the US or Canada: [U+202A]+1415[U+00A0]555[U+202C]',
		);
	});
});

describe('a number of the US or Canada has ten digits, of which the first and the fourth are 2 to 9', () => {
	test.each(['+1415555012', '+141555501012', '+10155550101', '+14151550101', '+1'])(
		'%s',
		(value) => {
			expect(read(value)).toBe(`is not a number of the US or Canada: ${value}`);
		},
	);

	test('a digit too few or too many is always seen', () => {
		const digit = fc.constantFrom(...'0123456789');
		fc.assert(
			fc.property(
				fc.stringMatching(/^[2-9]\d{2}[2-9]\d{6}$/),
				fc.nat({ max: 9 }),
				digit,
				(number, place, more) => {
					const less = number.slice(0, place) + number.slice(place + 1);
					expect(read(`+1${less}`)).toMatch(/^is not a number of the US/);
					expect(read(`+1${number.slice(0, place)}${more}${number.slice(place)}`)).toMatch(
						/^is not a number of the US/,
					);
				},
			),
		);
	});

	test.each([
		['+4155550101', '+14155550100', true],
		['+2125550101', '+14155550100', true],
		['+14155550101', '+14155550100', false],
		['+4155550101', '+447911123456', false],
		['+41555501011', '+14155550100', false],
		['+4110550101', '+14155550100', false],
	])('%s texted from %s: the country code may be missing: %s', (to, from, isMissing) => {
		expect(lacksCountryCode(to, from)).toBe(isMissing);
	});
});

/** Numbers that libphonenumber takes, of these countries, each time the same. @param starts what they may begin with */
function randomNumbers(codes: string[], starts: string, tries: number): string[] {
	let state = 4;
	const random = (below: number) => {
		state = (state * 48_271) % 2_147_483_647;
		return state % below;
	};
	return Array.from({ length: tries }, () => {
		const more = Array.from({ length: 4 + random(8) }, () => random(10)).join('');
		return `+${codes[random(codes.length)]}${starts[random(starts.length)]}${more}`;
	}).filter((number) => {
		if (number.length > 16) return false;
		const parsed = parsePhoneNumberFromString(number);
		return parsed?.number === number && parsed.isValid();
	});
}

describe('a number of a country in which Close texts has as many digits as that country has', () => {
	test.each([
		['+44 7700 9001234', 'the United Kingdom'],
		['+44 7700 90012', 'the United Kingdom'],
		['+33 6 12 34 56 789', 'France'],
		['+33 6 12 34 56 7', 'France'],
		['+61 412 345 6789', 'Australia'],
		['+61 412 345 67', 'Australia'],
		['+32 470 12 34 567', 'Belgium'],
		['+32 470 12 34 5', 'Belgium'],
		['+45 12 34 56 789', 'Denmark'],
		['+972 50 234 56789', 'Israel'],
		['+27 71 234 56789', 'South Africa'],
		['+27 71 234 567', 'South Africa'],
	])('%s', (value, country) => {
		expect(read(value)).toBe(`is not a number of ${country}: ${value}`);
		expect(nextOf(value)).toMatch(/digit missing, or one too many/);
	});

	// Toll-free, shared-cost, Internet and short geographic ones, which have other lengths.
	test.each([
		'+27861123456',
		'+278611234567',
		'+445512345678',
		'+445612345678',
		'+44123456789',
		'+44800123456',
		'+61141234567',
		'+61131234',
		'+6113123456',
		'+611300123456',
		'+61131234567890',
		'+611801234',
		'+611800123456',
		'+9721123456',
		'+9721700123456',
	])('%s is a rare one', (number) => {
		expect(read(number)).toBe(number);
	});

	test.each([
		'+2786112345678',
		'+2798611234567',
		'+329470123456',
		'+4412345678',
		'+4455123456789',
		'+4495512345678',
		'+44512345678',
		'+4480012345',
		'+6114123456',
		'+611412345678',
		'+619141234567',
		'+611312345',
		'+61131234567',
		'+6113123456789',
		'+61180123',
		'+6118012345',
		'+61180123456',
		'+97211234567',
		'+97212345678',
		'+972112345678',
		'+97261123456',
	])('%s has a digit too few or too many for one', (number) => {
		expect(read(number)).toMatch(/^is not a number of /);
	});

	test.each(Object.keys(COUNTRIES).filter((code) => code !== '1'))(
		'+%s: what libphonenumber takes for a phone is taken',
		(code) => {
			// Premium rate, voicemail and pagers are no phones; the short ones of South Africa may have lost a digit.
			const PHONES = new Set<unknown>(
				'MOBILE FIXED_LINE FIXED_LINE_OR_MOBILE VOIP PERSONAL_NUMBER TOLL_FREE SHARED_COST UAN'.split(
					' ',
				),
			);
			const isPhone = (number: string) => {
				const phone = parseNumber(number);
				return (
					PHONES.has(phone.getType()) &&
					!(code === '27' && phone.nationalNumber.length < 9) &&
					!(code === '972' && phone.nationalNumber.startsWith('15'))
				);
			};
			const numbers = randomNumbers([code], '123456789', 3_000).filter(isPhone);
			expect(numbers.length).toBeGreaterThan(50);
			for (const number of numbers) expect(read(number)).toBe(number);
		},
	);
});

test('no number that libphonenumber takes is refused for a 0 behind its country code', () => {
	const codes = [
		...new Set(getCountries().map((country) => String(getCountryCallingCode(country)))),
		...'800 808 870 878 881 882 883 888 979'.split(' '),
	];
	const numbers = randomNumbers(codes, '0', 30_000);
	expect(numbers.length).toBeGreaterThan(100);
	for (const number of numbers) expect(read(number)).toBe(number);
});

describe('a number without a plus', () => {
	test.each<[unknown, RegExp]>([
		['(415) 555-0101', /\{\{ '\+1' \+ String\(\$json\.phone\)\.replace\(\/\\D\/g, ''\) \}\}/],
		[4155550101, /'\+1' \+/],
		['14155550101', /'\+' \+/],
		['07911 123456', /'\+44' \+ String\(\$json\.phone\)\.replace\(\/\^0\|\\D\/g, ''\)/],
	])('%j is an error with an expression to copy', (value, next) => {
		expect(read(value)).toBe(`has no country code: ${String(value)}`);
		expect(nextOf(value)).toMatch(next);
		expect(nextOf(value)).toContain(`'${COUNTRY_OPTION}'`);
	});

	test.each([
		['4155550102', "'+1'", '/\\D/g', 'the US or Canada'],
		['14155550102', "'+'", '/\\D/g', 'the US or Canada'],
		['24155550102', "'+44'", '/^0|\\D/g', 'the United Kingdom'],
		['1791112345', "'+44'", '/^0|\\D/g', 'the United Kingdom'],
	])('what to do about %s, in full', (value, prefix, pattern, country) => {
		expect(nextOf(value)).toBe(
			`Put the plus sign and the country code in front; for numbers of ${country} by an expression such as {{ ${prefix} + String($json.phone).replace(${pattern}, '') }}. Or add '${COUNTRY_OPTION}' under Options, if all numbers without a plus are of one country.`,
		);
		expect(parsePhoneNumber(value)).toMatchObject({ next: expect.stringMatching(/ \}\}\.$/) });
	});

	test('one that is none of the country may be of another', () => {
		const next =
			'If it is one of another country, put the plus sign and the country code in front.';
		expect(nextOf('5550101', '1')).toBe(`'${COUNTRY_OPTION}' reads it so. ${next}`);
		expect(parsePhoneNumber('5550101', { country: '1' })).toMatchObject({ next });
	});

	test('00 in front stands for the plus', () => {
		expect(nextOf('0044 7700 900123')).toContain(
			"{{ String($json.phone).replace(/^\\D*00/, '+') }}",
		);
	});

	test('no option is named where there is none', () => {
		expect(parsePhoneNumber('4155550101')).toMatchObject({
			next: expect.not.stringContaining('Options'),
		});
	});

	test.each<[CountryCode, unknown, string]>([
		['1', '(415) 555-0101', '+14155550101'],
		['1', 4155550101, '+14155550101'],
		['1', '1-415-555-0101', '+14155550101'],
		['44', '07911 123456', '+447911123456'],
		['44', '447911123456', '+447911123456'],
		['44', 7911123456, '+447911123456'],
		['61', '0412 345 678', '+61412345678'],
		['61', 412345678, '+61412345678'],
		['32', '0470 12 34 56', '+32470123456'],
		['32', '04 223 45 67', '+3242234567'],
		['45', '22 34 56 78', '+4522345678'],
		['45', '4522345678', '+4522345678'],
		['33', '06 12 34 56 78', '+33612345678'],
		['972', '050-234-5678', '+972502345678'],
		['27', '071 234 5678', '+27712345678'],
	])('of the country %s, %j is %s', (country, value, number) => {
		expect(read(value, country)).toBe(number);
	});

	test.each<[CountryCode, unknown]>([
		['1', '415555010'],
		['1', '5550101'],
		['1', '0014155550101'],
		['1', '07911 123456'],
		['44', '4155550101'],
		['44', '0791112345'],
		['44', '00447911123456'],
		['45', '1234567'],
		['33', '6 12 34 56'],
		['61', '1412345678'],
		['972', '0502345678901'],
		['27', '00712345678'],
	])('of the country %s, %j is an error', (country, value) => {
		expect(read(value, country)).toBe(
			`is not a number of ${COUNTRIES[country].name}: ${String(value)}`,
		);
	});

	test('one with a plus is not changed by the country', () => {
		expect(read('+45 22 34 56 78', '1')).toBe('+4522345678');
	});
});

describe("libphonenumber's example numbers of all countries", () => {
	const numbers = getCountries().flatMap((country) => getExampleNumber(country, examples) ?? []);
	const isCountryCode = (code: string): code is CountryCode => code in COUNTRIES;

	test('there are hundreds', () => {
		expect(numbers.length).toBeGreaterThan(200);
	});

	test('none comes out as another number, in any of their forms, and all are taken', () => {
		const taken: Record<string, number> = {};
		const count = (form: string) => (taken[form] = (taken[form] ?? 0) + 1);
		for (const phone of numbers) {
			expect(read(phone.number)).toBe(phone.number);
			expect(read(phone.formatInternational())).toBe(phone.number);
			expect(read(phone.getURI())).toBe(phone.number);
			expect(read(phone.formatNational())).toMatch(
				/^(has no country code|is not one phone number): /,
			);
			['digits', 'international', 'RFC 3966'].forEach(count);
			const { countryCallingCode: code } = phone;
			if (!isCountryCode(code)) continue;
			expect(read(phone.formatNational(), code)).toBe(phone.number);
			expect(read(phone.nationalNumber, code)).toBe(phone.number);
			count('national, with its country');
		}
		const all = numbers.length;
		expect(taken).toMatchObject({ digits: all, international: all, 'RFC 3966': all });
		say(`Example numbers of libphonenumber, all read as themselves: ${JSON.stringify(taken)}`);
	});

	/** Ways in which one of them is often mistyped, and the number that it is meant as, where it can be known. */
	const MISTYPED: Array<[string, (code: string, rest: string) => string, boolean]> = [
		['a 0 in brackets', (code, rest) => `+${code} (0)${rest}`, true],
		['a 0 behind the code', (code, rest) => `+${code} 0${rest}`, false],
		['a digit too many', (code, rest) => `+${code} ${rest}5`, false],
		['a digit too few', (code, rest) => `+${code} ${rest.slice(0, -1)}`, false],
	];

	test.each(MISTYPED)('with %s, each is what was typed or an error', (form, write, isMeant) => {
		const found = { taken: 0, refused: 0, wrong: 0 };
		for (const { countryCallingCode: code, nationalNumber: rest, number } of numbers) {
			const typed = write(code, rest);
			const reading = parsePhoneNumber(typed);
			if (!('number' in reading)) found.refused++;
			else if (reading.number === (isMeant ? number : typed.replace(' ', ''))) found.taken++;
			else found.wrong++;
		}
		expect(found.wrong).toBe(0);
		expect(found.refused).toBeGreaterThan(0);
		say(`${form}: ${JSON.stringify(found)}`);
	});

	test('each is the same number as its own national form, and as no other', () => {
		// Argentina puts a 15 into the middle of the numbers of mobiles.
		const compared = numbers.filter(({ country }) => country !== 'AR');
		for (const phone of compared) {
			const forms = [phone.formatInternational(), phone.getURI(), phone.number.slice(1)];
			for (const form of [...forms, phone.formatNational()])
				expect([phone.number, form, isSamePhoneNumber(phone.number, form)]).toEqual([
					phone.number,
					form,
					true,
				]);
		}
		const distinct = [...new Set(numbers.map(({ number }) => number))];
		const pairs = distinct.slice(0, 120).flatMap((one) => distinct.map((other) => [one, other]));
		const same = pairs.filter(([one, other]) => one !== other && isSamePhoneNumber(one, other));
		expect(pairs.length).toBeGreaterThan(10_000);
		expect(same).toEqual([]);
	});
});

describe('two phone numbers are the same', () => {
	test.each<[unknown, unknown, boolean]>([
		['+14155550123', '14155550123', true],
		['+14155550123', '(415) 555-0123', true],
		['(415) 555-0123', '+14155550123', true],
		['+14155550123', '+1 415-555-0123', true],
		['+447911123456', '07911 123456', true],
		['+447911123456', '+14155550123', false],
		['+14155550123', '+24155550123', false],
		['+4155550101', '+14155550101', false],
		['4155550123', '4155550124', false],
		['+14155550123', '5550123', false],
		['+14155550123', '', false],
		['+14155550123', null, false],
		[null, undefined, false],
		['', '', false],
		['+1', '', false],
		['', '+1', false],
		['07911 123456', '447911123456', false],
		[14155550123, '+14155550123', true],
		['+14155550123', 14155550124, false],
		// However it ends.
		['+14155550123', '+1 415 555 0123 ', true],
		['+1 415 555 0123 ', '(415) 555-0123', true],
		['+14155550123', '+1 415 555 (0123)', true],
		['+14155550123', '+1 415 555 0123x', true],
		['+14155550123', '+1 415 555 012 3', true],
		['+14155550190', '(415) 555-0190', true],
		['+14155550109', '(415) 555-0109', true],
		// However it begins.
		['(+1) 415 555 0123', '(415) 555-0123', true],
		['\u202a +1 415 555 0123', '(415) 555-0123', true],
		['tel:+1-415-555-0123', '(415) 555-0123', true],
		['\uff0b1 415 555 0123', '(415) 555-0123', true],
	])('%j and %j: %s', (one, other, isSame) => {
		expect(isSamePhoneNumber(one, other)).toBe(isSame);
	});
});

test.each([
	['+14155550123', '+12125550123', true],
	['+447911123456', '+442079460000', true],
	['+447911123456', '+4915123456789', false],
	['+353850123456', '+354850123456', false],
	['+27712345678', '+14155550123', false],
])('%s and %s have the same country code: %s', (one, other, isSame) => {
	expect(isSameCountry(one, other)).toBe(isSame);
});
