import type { IDataObject } from 'n8n-workflow';
import { isNothing } from './fieldValues';

/** Characters that programs substitute while one types; on a phone they look nearly the same as the plain ones. */
const TYPOGRAPHIC: Array<[typographic: RegExp, plain: string]> = [
	[/[`\u00B4\u2018\u2019\u201A\u201B\u2032\u02BC]/g, "'"],
	[/[\u201C\u201D\u201E\u201F\u2033\u00AB\u00BB]/g, '"'],
	[/[\u2010-\u2015\u2212]/g, '-'],
	[/\u2026/g, '...'],
];

/** Ligatures and full-width characters: another form of plain ones. */
const FORMS = /[\uFB00-\uFB06\uFF01-\uFF5E]/g;

/**
 * Characters that show nothing: format characters (zero width, direction, soft hyphen), variation selectors and fillers. A
 * joiner between two emoji makes another one of them.
 */
const INVISIBLE =
	/(?!(?<=\p{Extended_Pictographic}(?:\uFE0F|\p{Emoji_Modifier})?)\u200D(?=\p{Extended_Pictographic}))[\p{Cf}\u{FE00}-\u{FE0F}\u115F\u1160\u2800\u3164\uFFA0]/gu;

/** What plain words do not have. Most texts are plain, and nothing of what is done to others changes them. */
const NOT_PLAIN = /[^ !-_a-~]|^ | $| {2}/;

/**
 * A text as a person reads it: composed characters, plain quotation marks and dashes, nothing invisible, and any blanks
 * as one. Upper and lower case stay.
 */
export function normalizeText(value: unknown): string {
	const given = String(value ?? '');
	if (!NOT_PLAIN.test(given)) return given;
	const visible = given
		.replace(INVISIBLE, '')
		.replace(FORMS, (form) => form.normalize('NFKC'))
		.normalize('NFC');
	return TYPOGRAPHIC.reduce(
		(text, [typographic, plain]) => text.replace(typographic, plain),
		visible,
	)
		.replace(/\s+/g, ' ')
		.trim();
}

/** Other names of a content type, of those that Close takes: it may put one in the place of another (RFC 6350, IANA). */
const SAME_TYPE = new Map([
	['image/jpg', 'image/jpeg'],
	['application/vcard', 'text/vcard'],
	['text/directory', 'text/vcard'],
	['text/x-vcard', 'text/vcard'],
	['audio/amr-nb', 'audio/amr'],
]);

/** A content type in lower case and without parameters. */
function toType(type: unknown): string {
	const plain = String(type).split(';')[0].trim().toLowerCase();
	return SAME_TYPE.get(plain) ?? plain;
}

/** How a file is called. */
function toFile(file: unknown, withType: boolean): string {
	const { filename, content_type: type } = (file ?? {}) as IDataObject;
	const name = isNothing(filename) ? 'a file without a name' : normalizeText(filename);
	if (!withType) return name;
	return `${name} (${isNothing(type) ? 'no type' : toType(type)})`;
}

/** The files of a text, by name and type, in an order of their own: Close gives each another address. */
export const listFiles = (files: unknown, withType: boolean): string[] =>
	Array.isArray(files) ? files.map((file) => toFile(file, withType)).sort() : [];

/**
 * The files of a text as they are compared. Close shows the size of a file too, and an ID, but documents for neither that
 * it stays when the SMS goes out: in doubt it is the same file.
 *
 * @param withType whether files of another type are others
 */
export const toComparedFiles = (files: unknown, withType = true): string[] =>
	listFiles(files, withType)
		.map((file) => file.toLowerCase())
		.sort();

/** @param withType whether files of another type are others */
export const areSameFiles = (expected: unknown, found: unknown, withType: boolean) =>
	toComparedFiles(expected, withType).join('\n') === toComparedFiles(found, withType).join('\n');
