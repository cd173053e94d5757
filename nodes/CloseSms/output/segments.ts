/** How phones and carriers cut a text (3GPP TS 23.038, once GSM 03.38; joined messages: TS 23.040). */
interface Segments {
	/** How many SMS the text is transmitted, and charged, as; 0 without text. */
	count: number;
	encoding: 'GSM-7' | 'UCS-2';
	/** How many more fit into the last segment: septets of GSM-7 (a few characters take two), or UTF-16 units. */
	charactersLeft: number;
	/** The characters that make it UCS-2, each once. */
	notInGsm7: string[];
}

/** The default alphabet of GSM 03.38 without its escape character; each takes one septet. */
const BASIC = new Set(
	'@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?' +
		'¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);

/** Its extension table; each takes the escape character and one more septet, which are never split. */
const EXTENSION = new Set('\f^{}\\[~]|€');

/** What fits into a single message, and into each part of a joined one, whose header takes 6 of the 140 bytes. */
const CAPACITY = {
	'GSM-7': { alone: 160, joined: 153 },
	'UCS-2': { alone: 70, joined: 67 },
};

const isGsm7 = (character: string) => BASIC.has(character) || EXTENSION.has(character);

/** The number of parts, and how much of the last one is used. A character is never split. */
function splitIntoSegments(sizes: number[], capacity: number): { count: number; used: number } {
	let [count, used] = [1, 0];
	for (const size of sizes) {
		if (used + size > capacity) {
			count++;
			used = 0;
		}
		used += size;
	}
	return { count, used };
}

/** Counts the segments of a text. */
export function countSegments(text: string): Segments {
	// By code points: a surrogate pair is one character of two UTF-16 units.
	const characters = [...text];
	const notInGsm7 = [...new Set(characters.filter((character) => !isGsm7(character)))];
	const encoding = notInGsm7.length > 0 ? 'UCS-2' : 'GSM-7';
	const sizeOf = (character: string) =>
		encoding === 'UCS-2' ? character.length : EXTENSION.has(character) ? 2 : 1;
	const sizes = characters.map(sizeOf);
	const { alone, joined } = CAPACITY[encoding];
	const total = sizes.reduce((sum, size) => sum + size, 0);
	if (total <= alone)
		return { count: total > 0 ? 1 : 0, encoding, charactersLeft: alone - total, notInGsm7 };
	const { count, used } = splitIntoSegments(sizes, joined);
	return { count, encoding, charactersLeft: joined - used, notInGsm7 };
}
