/**
 * What a field of an answer can be in place of what it should be. `missing` leaves it out; `empty` is an empty value of
 * its own kind: `''`, `[]` or `{}`.
 */
export const SHAPES = ['missing', 'null', 'number', 'object', 'list', 'empty'] as const;
export type Shape = (typeof SHAPES)[number];

const emptyLike = (value: unknown): unknown =>
	Array.isArray(value) ? [] : typeof value === 'object' && value !== null ? {} : '';

function shaped(value: unknown, shape: Shape): unknown {
	const others: Record<Shape, unknown> = {
		missing: undefined,
		null: null,
		number: 7,
		object: { unexpected: true },
		list: ['unexpected'],
		empty: emptyLike(value),
	};
	return others[shape];
}

/**
 * The JSON with one field in another shape; as it was when it has no such field.
 *
 * @param at the way to the field, e.g. `data.0.phones`; empty for the whole
 */
export function misshape(json: unknown, at: string, shape: Shape): unknown {
	if (at === '') return shaped(json, shape);
	if (typeof json !== 'object' || json === null) return json;
	const [name, ...rest] = at.split('.');
	if (!(name in json)) return json;
	const inner = misshape((json as Record<string, unknown>)[name], rest.join('.'), shape);
	if (!Array.isArray(json)) return { ...json, [name]: inner };
	return json.flatMap((one: unknown, index) =>
		index !== Number(name) ? [one] : inner === undefined ? [] : [inner],
	);
}

/** The way to each field of a JSON, from the whole (an empty one) to the innermost. */
export function fieldsOf(json: unknown): string[] {
	if (typeof json !== 'object' || json === null) return [''];
	const below = Object.entries(json).flatMap(([name, inner]) =>
		fieldsOf(inner).map((way) => (way === '' ? name : `${name}.${way}`)),
	);
	return ['', ...below];
}
