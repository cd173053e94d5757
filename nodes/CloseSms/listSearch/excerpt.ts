import { truncate } from '../../shared/errors/maskTexts';

const MAX_LENGTH = 40;

/** The beginning of a text on one line, as long as a list has room for. */
export function excerpt(text: string | null | undefined): string {
	const line = (text ?? '').replace(/\s+/g, ' ').trim();
	return ([...line].length > MAX_LENGTH ? `${truncate(line, MAX_LENGTH)}…` : line) || '(no text)';
}
