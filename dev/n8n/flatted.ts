/**
 * Reads n8n's execution data: a list in which objects, lists and texts name others by their place in it (the format of the
 * npm package `flatted`).
 */
export function parseFlatted(text: string): unknown {
	const values = JSON.parse(text) as unknown[];
	const known = new Map<number, unknown>();
	const read = (place: number): unknown => {
		const value = values[place];
		if (typeof value !== 'object' || value === null) return value;
		if (known.has(place)) return known.get(place);
		const copy = (Array.isArray(value) ? [] : {}) as Record<string, unknown>;
		known.set(place, copy);
		for (const [key, one] of Object.entries(value))
			copy[key] = typeof one === 'string' ? read(Number(one)) : one;
		return copy;
	};
	return read(0);
}
