import { isBlank } from './fieldValues';
import { nameType, showValue } from './showValue';

/** How a country writes its numbers without its code. */
interface Country {
	name: string;
	/** Digits that are dialed before a number inside the country. */
	trunk: string;
	/** A whole number without trunk digits. One that has lost a digit must not fit. */
	national: RegExp;
	/** Other whole numbers, to be read with a plus only: one of `national` that has lost a digit could fit. */
	rare?: RegExp;
}

/**
 * The countries in which Close texts, by their codes: those that numbers without a plus can be read for (numbering plans as
 * in libphonenumber, but for what is no phone).
 */
export const COUNTRIES = {
	'1': { name: 'the US or Canada', trunk: '1', national: /^[2-9]\d{2}[2-9]\d{6}$/ },
	'27': {
		name: 'South Africa',
		trunk: '0',
		national: /^[1-8]\d{8}$/,
		rare: /^861\d{7}$/,
	},
	'32': { name: 'Belgium', trunk: '0', national: /^(?:4[5-9]\d{7}|4[23]\d{6}|[1-35-9]\d{7})$/ },
	'33': { name: 'France', trunk: '0', national: /^[1-9]\d{8}$/ },
	'44': {
		name: 'the United Kingdom',
		trunk: '0',
		national: /^[1-37-9]\d{9}$/,
		rare: /^(?:5[56]\d{8}|1\d{8}|800\d{6})$/,
	},
	'45': { name: 'Denmark', trunk: '', national: /^[2-9]\d{7}$/ },
	'61': {
		name: 'Australia',
		trunk: '0',
		national: /^[2-478]\d{8}$/,
		rare: /^1(?:4\d{7}|3(?:\d{4}|\d{6}|\d{8}|\d{10})|80(?:\d{4}|\d{7}))$/,
	},
	'972': {
		name: 'Israel',
		trunk: '0',
		national: /^(?:[57]\d{8}|[23489]\d{7})$/,
		rare: /^1(?:\d{6}|\d{9})$/,
	},
} satisfies Record<string, Country>;

export type CountryCode = keyof typeof COUNTRIES;

const getCountry = (code: CountryCode): Country => COUNTRIES[code];

const isCountryCode = (code: string): code is CountryCode => code in COUNTRIES;

/** What is wrong with the value of a field. */
export interface Problem {
	/** A clause after the label of the field, e.g. `has no country code: (415) 555-0101`. */
	problem: string;
	/** What to do about it. */
	next: string;
}

/** A number as Close has it, a plus sign and digits only; or what is wrong with the value. */
export type PhoneReading = { number: string } | Problem;

export interface PhoneReadingOptions {
	/** The code of the country whose numbers come without a plus; without it such a number is a problem. */
	country?: CountryCode;
	/** Label of the option that sets `country`, where there is one. */
	countryOption?: string;
}

/** What to do about a value that is no phone number. */
const PHONE_EXAMPLE = 'Give a plus sign, the country code and the number, such as +1 415 555 0123.';

/** How a phone number is entered, for descriptions of fields. */
export const PHONE_HINT = 'With a plus sign and the country code, such as +1 415 555 0123';

/** What may stand in a number and means nothing: blanks, dashes, dots, brackets, slashes, and marks that nobody sees. */
const SEPARATORS = /[\s\p{Cf}\p{Pd}\u2212\p{VS}.\uFF0E\u00B7()\uFF08\uFF09[\]/\uFF0F]/gu;

/** What other programs put in front of a number: `tel:` of a link, and the apostrophe by which a sheet keeps it a text. */
const PREFIX = /^[\s\p{Cf}]*['\u2018\u2019]?[\s\p{Cf}]*(?:tel:)?/iu;

/** Dialed only inside a country: it must be left out after the country code. */
const OPTIONAL_ZERO = /[([\uFF08]\s*0\s*[)\]\uFF09]/;

const DIALED_INSIDE = 'The 0 is dialed only inside the country: leave it out';

/** The other end of a second number, as in "… 55/56", or a number in the next line. */
const SECOND_NUMBER = /[/\uFF0F]\s*\d{1,3}$|\d\s*[\r\n\u2028\u2029]+\s*[+\d]/;

/** Longer than any way of writing 15 digits. */
const MAX_LENGTH = 100;

/** The digits of a number, or of what is typed to find one. */
export const toDigits = (phone: unknown): string => String(phone).replace(/\D/g, '');

/** A number without what means nothing in it. */
const toPlain = (text: string): string =>
	text
		.replace(PREFIX, '')
		.replace(SEPARATORS, '')
		.replace(/^\uFF0B/, '+');

const ONE_NUMBER =
	'Give one number and nothing else: extensions, words and a second number cannot be texted.';

/** How to put the country code in front, in words and as an expression. */
function adviseCode(digits: string, countryOption: string | undefined): string {
	if (digits.startsWith('00'))
		return "Put a plus sign in place of the 00, for all such numbers by an expression such as {{ String($json.phone).replace(/^\\D*00/, '+') }}.";
	const isWithCode = digits.startsWith('1') && getCountry('1').national.test(digits.slice(1));
	const isAmerican = getCountry('1').national.test(digits);
	const prefix = isWithCode ? '+' : isAmerican ? '+1' : '+44';
	const whose = isWithCode || isAmerican ? 'of the US or Canada' : 'of the United Kingdom';
	const digitsOnly = prefix === '+44' ? '/^0|\\D/g' : '/\\D/g';
	return [
		`Put the plus sign and the country code in front; for numbers ${whose} by an expression such as {{ '${prefix}' + String($json.phone).replace(${digitsOnly}, '') }}`,
		countryOption &&
			`Or add '${countryOption}' under Options, if all numbers without a plus are of one country`,
	]
		.filter(Boolean)
		.join('. ')
		.concat('.');
}

/** The country code of the digits after a plus sign (ITU-T E.164: no code is the beginning of another). */
const COUNTRY_CODE = /^(?:1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|\d{3})/;

/** What is dialed before a number inside a country, by its code, where that is not a 0 (libphonenumber: `nationalPrefix`). */
const TRUNKS = new Map([
	['1', ['', '1']],
	['7', ['8']],
	['36', ['06']],
	['375', ['80']],
	['993', ['8']],
]);

/** Country codes without such digits, or of no country (libphonenumber). */
const WITHOUT_TRUNK = new Set(
	'30 34 39 45 47 48 51 52 55 56 57 65 86 216 220 221 222 223 224 225 226 227 228 229 230 235 236 237 238 239 240 241 242 244 245 246 247 248 252 253 257 258 266 267 268 269 290 297 298 299 350 351 352 354 356 357 371 372 376 378 420 423 500 501 502 503 504 505 506 507 509 591 592 597 599 670 672 673 674 675 676 677 678 679 680 681 682 683 685 686 687 688 689 690 691 692 852 853 960 961 965 968 973 974 975 976 977 992 995 998 800 808 870 878 881 882 883 888 979'.split(
		' ',
	),
);

const getCountryCode = (digits: string): string => COUNTRY_CODE.exec(digits)?.[0] ?? '';

/** What is dialed before a number inside its country; "" for nothing. */
const getTrunks = (code: string): string[] =>
	TRUNKS.get(code) ?? [WITHOUT_TRUNK.has(code) ? '' : '0'];

/** Whether a 0 behind a country code is one too many. Rwanda dials a 0, and has numbers that begin with one. */
const dialsZero = (code: string): boolean => getTrunks(code)[0].startsWith('0') && code !== '250';

/** Leaves out a 0 in brackets between the country code and the number of a country that dials one. */
function withoutOptionalZero(written: string): string {
	const [before, ...others] = written.split(OPTIONAL_ZERO);
	const [, code = ''] = /^\+(\d+)$/.exec(toPlain(before)) ?? [];
	return others.length === 1 && getCountryCode(code) === code && code !== '' && dialsZero(code)
		? `+${code}${others[0]}`
		: written;
}

function readWithPlus(shown: string, digits: string): PhoneReading {
	const number = `+${digits}`;
	if (digits.startsWith('1'))
		return getCountry('1').national.test(digits.slice(1))
			? { number }
			: {
					problem: `is not a number of the US or Canada: ${shown}`,
					next: 'After +1 come ten digits, of which the first and the fourth are 2 to 9: is one missing, or one too many?',
				};
	if (!/^[1-9]\d{6,14}$/.test(digits))
		return { problem: `is not a whole phone number: ${shown}`, next: PHONE_EXAMPLE };
	const code = getCountryCode(digits);
	const rest = digits.slice(code.length);
	if (/^0[1-9]/.test(rest) && dialsZero(code))
		return {
			problem: `has a 0 after the country code: ${shown}`,
			next: `${DIALED_INSIDE}, for all such numbers by an expression such as {{ String($json.phone).replace(/^\\D*${code}\\D*0/, '+${code}') }}.`,
		};
	if (!isCountryCode(code)) return { number };
	const { name, national, rare } = getCountry(code);
	return national.test(rest) || rare?.test(rest)
		? { number }
		: {
				problem: `is not a number of ${name}: ${shown}`,
				next: 'Is a digit missing, or one too many?',
			};
}

function readWithoutPlus(
	shown: string,
	digits: string,
	code: CountryCode | undefined,
	countryOption: string | undefined,
): PhoneReading {
	if (code === undefined)
		return {
			problem: `has no country code: ${shown}`,
			next: adviseCode(digits, countryOption),
		};
	const { name, trunk, national } = getCountry(code);
	// As it is dialed in the country; as it is but for the plus; or as a sheet leaves it that drops a leading zero.
	const found = [trunk, code, '']
		.filter((prefix) => digits.startsWith(prefix))
		.map((prefix) => digits.slice(prefix.length))
		.find((rest) => national.test(rest));
	return found === undefined
		? {
				problem: `is not a number of ${name}: ${shown}`,
				next: `${countryOption ? `'${countryOption}' reads it so. ` : ''}If it is one of another country, put the plus sign and the country code in front.`,
			}
		: { number: `+${code}${found}` };
}

/**
 * Reads a phone number as people write it. Only what can mean one number alone is taken: in doubt nobody is texted.
 *
 * @param value a text or a number, e.g. `+1 (415) 555-0101` or `tel:+1-415-555-0101`
 */
export function parsePhoneNumber(
	value: unknown,
	{ country, countryOption }: PhoneReadingOptions = {},
): PhoneReading {
	if (isBlank(value)) return { problem: 'is empty', next: PHONE_EXAMPLE };
	if (typeof value !== 'string' && typeof value !== 'number')
		return { problem: `is ${nameType(value)}, not a phone number`, next: PHONE_EXAMPLE };
	const text = String(value).trim();
	const shown = showValue(text);
	if (text.length > MAX_LENGTH)
		return { problem: `is not one phone number: ${shown}`, next: ONE_NUMBER };
	if (SECOND_NUMBER.test(text))
		return { problem: `is not one phone number: ${shown}`, next: ONE_NUMBER };
	const meant = withoutOptionalZero(text);
	if (OPTIONAL_ZERO.test(meant))
		return {
			problem: `has a 0 in brackets: ${shown}`,
			next: `${DIALED_INSIDE} after a country code, but for countries that keep it, such as Italy.`,
		};
	const written = toPlain(meant);
	if (!/^\+?\d+$/.test(written))
		return {
			problem: /\d/.test(written)
				? `is not one phone number: ${shown}`
				: `is not a phone number: ${shown}`,
			next: /\d/.test(written) ? ONE_NUMBER : PHONE_EXAMPLE,
		};
	return written.startsWith('+')
		? readWithPlus(shown, written.slice(1))
		: readWithoutPlus(shown, written, country, countryOption);
}

/**
 * Whether a number that came with a plus is rather one of the US or Canada whose country code is missing, as `=+{{ }}`
 * makes it of a number without: +4155550101 is one of Switzerland.
 *
 * @param to the number to text
 * @param from the number to text from
 */
export const lacksCountryCode = (to: string, from: string): boolean =>
	from.startsWith('+1') && getCountry('1').national.test(to.slice(1));

/** Whether two numbers with a plus sign have the same country code; the US and Canada have. */
export const isSameCountry = (one: string, other: string): boolean =>
	getCountryCode(one.slice(1)) === getCountryCode(other.slice(1));

/** The digits after a plus sign as the number's own country writes them. */
function getNationalForms(digits: string): string[] {
	const code = getCountryCode(digits);
	return getTrunks(code).map((trunk) => `${trunk}${digits.slice(code.length)}`);
}

const isDigit = (text: string, index: number) => text[index] >= '0' && text[index] <= '9';

/** Whether two texts end with two digits each, and others: then they are not the same number. Most are told apart by this. */
function endDifferently(one: string, other: string): boolean {
	for (let fromEnd = 1; fromEnd <= 2; fromEnd++) {
		const [a, b] = [one.length - fromEnd, other.length - fromEnd];
		// A code without a number has no end of its own.
		if (a < 4 || b < 4 || !isDigit(one, a) || !isDigit(other, b)) return false;
		if (one[a] !== other[b]) return true;
	}
	return false;
}

/**
 * Whether two phone numbers are the same, however they are written: by their digits with the country code or, where one
 * has no plus, as the number's own country writes it.
 */
export function isSamePhoneNumber(one: unknown, other: unknown): boolean {
	if (typeof one === 'string' && typeof other === 'string' && endDifferently(one, other))
		return false;
	const [first, second] = [one, other].map((phone) => {
		const written = String(phone ?? '')
			.replace(PREFIX, '')
			.replace(/^[\s\p{Cf}(]*[+\uFF0B]/u, '+');
		return { hasPlus: written.startsWith('+'), digits: toDigits(written) };
	});
	if (first.digits === '' || second.digits === '') return false;
	if (first.digits === second.digits) return true;
	if (first.hasPlus === second.hasPlus) return false;
	const [whole, bare] = first.hasPlus ? [first, second] : [second, first];
	return getNationalForms(whole.digits).includes(bare.digits);
}
