import fc from 'fast-check';
import { countSegments } from '../../../../../nodes/CloseSms/output/segments';

/** 3GPP TS 23.038, 6.2.1: one septet each, by their code. */
const ALPHABET =
	'@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
/** 6.2.1.1: two septets each. */
const EXTENSION = '\f^{}\\[~]|€';

describe('the alphabet of a plain SMS', () => {
	test('has 127 characters and an escape', () => {
		expect([...ALPHABET]).toHaveLength(127);
		expect(countSegments(ALPHABET)).toMatchObject({
			count: 1,
			encoding: 'GSM-7',
			charactersLeft: 160 - 127,
			notInGsm7: [],
		});
	});

	test.each([...EXTENSION])('%j takes two', (character) => {
		expect(countSegments(character)).toMatchObject({ encoding: 'GSM-7', charactersLeft: 158 });
	});

	test.each(['ç', 'ê', '’', '“', '–', '…', '`', '\t', '\u00a0', 'Ł', '中', '😀'])(
		'%j is not in it',
		(character) => {
			expect(countSegments(`a${character}`)).toMatchObject({
				encoding: 'UCS-2',
				notInGsm7: [character],
			});
		},
	);
});

test.each<[string, string, number, string, number]>([
	['nothing', '', 0, 'GSM-7', 160],
	['one character', 'a', 1, 'GSM-7', 159],
	['all that fits into one', 'a'.repeat(160), 1, 'GSM-7', 0],
	['one more', 'a'.repeat(161), 2, 'GSM-7', 145],
	['all that fits into two', 'a'.repeat(306), 2, 'GSM-7', 0],
	['one more than that', 'a'.repeat(307), 3, 'GSM-7', 152],
	['80 of two septets', '€'.repeat(80), 1, 'GSM-7', 0],
	['81 of two septets: none is parted', '€'.repeat(81), 2, 'GSM-7', 143],
	[
		'an escape that would be parted begins the next',
		`${'a'.repeat(152)}€${'a'.repeat(8)}`,
		2,
		'GSM-7',
		143,
	],
	['one Chinese character', '中', 1, 'UCS-2', 69],
	['70 of them', '中'.repeat(70), 1, 'UCS-2', 0],
	['71 of them', '中'.repeat(71), 2, 'UCS-2', 63],
	['134 of them', '中'.repeat(134), 2, 'UCS-2', 0],
	['135 of them', '中'.repeat(135), 3, 'UCS-2', 66],
	['35 emojis', '😀'.repeat(35), 1, 'UCS-2', 0],
	['36 emojis: none is cut in two', '😀'.repeat(36), 2, 'UCS-2', 61],
	['67 emojis', '😀'.repeat(67), 3, 'UCS-2', 65],
	['a plain text with one emoji', `${'a'.repeat(68)}😀`, 1, 'UCS-2', 0],
	['and one letter more', `${'a'.repeat(69)}😀`, 2, 'UCS-2', 63],
	['an escape of GSM-7 is one unit of UCS-2', `€中`, 1, 'UCS-2', 68],
])('%s', (_, text, count, encoding, charactersLeft) => {
	expect(countSegments(text)).toMatchObject({ count, encoding, charactersLeft });
});

test('each character that needs UCS-2 is named once, in the order of the text', () => {
	expect(countSegments('中a😀中’😀').notInGsm7).toEqual(['中', '😀', '’']);
});

test('what is left fits, and one more does not', () => {
	fc.assert(
		fc.property(fc.integer({ min: 1, max: 700 }), fc.constantFrom('a', '中'), (length, letter) => {
			const { count, charactersLeft } = countSegments(letter.repeat(length));
			expect(countSegments(letter.repeat(length + charactersLeft)).count).toBe(count);
			expect(countSegments(letter.repeat(length + charactersLeft + 1)).count).toBe(count + 1);
		}),
	);
});
