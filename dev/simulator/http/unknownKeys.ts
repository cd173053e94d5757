import type { FastifyInstance } from 'fastify';

import type { State } from '../state';

/** As much of a JSON schema as the routes use. */
interface Schema {
	properties?: Record<string, Schema>;
	additionalProperties?: unknown;
	items?: Schema;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

/** The value without the keys that the schema refuses, at any depth. */
function withoutUnknownKeys(value: unknown, schema: Schema): unknown {
	const { items, properties = {}, additionalProperties } = schema;
	if (Array.isArray(value) && items) return value.map((one) => withoutUnknownKeys(one, items));
	if (!isObject(value) || additionalProperties !== false) return value;
	return Object.fromEntries(
		Object.entries(value)
			.filter(([key]) => key in properties)
			.map(([key, inner]) => [key, withoutUnknownKeys(inner, properties[key])]),
	);
}

/** Drops unknown keys of request bodies before they are checked, when Close is taken to do so. */
export function dropUnknownKeys(api: FastifyInstance, state: State): void {
	api.addHook('preValidation', async (request) => {
		const schema = request.routeOptions.schema?.body as Schema | undefined;
		if (state.doubts.unknownKeys === 'drop' && schema)
			request.body = withoutUnknownKeys(request.body, schema);
	});
}
