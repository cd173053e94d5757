const LENGTH = 40;

/** As much of a text as a list has room for. */
export function startOf(text: string | null | undefined): string {
	const line = (text ?? '').replace(/\s+/g, ' ').trim();
	return (line.length > LENGTH ? `${line.slice(0, LENGTH)}…` : line) || '(no text)';
}
