const MAX_LENGTH = 40;

/** What Close gave as a name or another word, to show to a person; empty when it is no text. */
export const toWords = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The beginning of a text on one line, as long as a list has room for. */
export function excerpt(text: unknown): string {
	// Spread, an emoji is one piece that is not cut in half.
	const characters = [...toWords(text).replace(/\s+/g, ' ').trim()];
	const isLong = characters.length > MAX_LENGTH;
	return characters.slice(0, MAX_LENGTH).join('') + (isLong ? '…' : '') || '(no message)';
}
