const MAX_LENGTH = 40;

/** The beginning of a text on one line, as long as a list has room for. */
export function excerpt(text: string | null | undefined): string {
	// Spread, an emoji is one piece that is not cut in half.
	const characters = [...(text ?? '').replace(/\s+/g, ' ').trim()];
	const isLong = characters.length > MAX_LENGTH;
	return characters.slice(0, MAX_LENGTH).join('') + (isLong ? '…' : '') || '(no text)';
}
