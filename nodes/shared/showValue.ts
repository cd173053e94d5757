/** Characters that nobody sees, or takes for a plain blank. */
const INVISIBLE = /[\p{Cf}\p{Cc}\u00A0\u2000-\u200A\u2028\u2029\u202F\u205F\u3000\p{VS}]/gu;

const MAX_SHOWN = 40;

const nameCharacter = (character: string): string =>
	`[U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}]`;

function toText(value: unknown): string {
	if (typeof value === 'string' && value.trim() === '') return JSON.stringify(value);
	if (typeof value !== 'object' || value === null) return String(value);
	try {
		return JSON.stringify(value);
	} catch {
		return String(value);
	}
}

/**
 * A value as a person reads it in an error: a text as it is, anything else as JSON; characters that nobody sees are
 * named. Not for the words of a text, which must not stand in an error.
 *
 * @param maxLength characters after which it is cut
 */
export function showValue(value: unknown, maxLength = MAX_SHOWN): string {
	const characters = [...toText(value)];
	const shown =
		characters.slice(0, maxLength).join('') + (characters.length > maxLength ? '…' : '');
	return shown.replace(INVISIBLE, nameCharacter);
}

/** What an expression gave that is neither a text nor a number, e.g. "a list". */
export const nameType = (value: unknown): string =>
	Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'an object' : String(value);
