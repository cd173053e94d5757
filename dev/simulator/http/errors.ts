import type { FastifySchemaValidationError } from 'fastify/types/schema';

export type FieldErrors = { [field: string]: string | FieldErrors };

/** A response other than success. `body` is sent as JSON. */
export class ErrorResponse extends Error {
	constructor(
		readonly status: number,
		readonly body: unknown,
	) {
		super(JSON.stringify(body));
	}
}

/** 400 in the shape of Close's validation: some fields are wrong. */
export const invalidFields = (fieldErrors: FieldErrors) =>
	new ErrorResponse(400, { errors: [], 'field-errors': fieldErrors });

/** 400 in the shape of Close's validation: the request as a whole is wrong. */
export const invalidRequest = (...errors: string[]) =>
	new ErrorResponse(400, { errors, 'field-errors': {} });

/** 400, 401, 403, 404 …, as `{ "error": … }`. */
export const errorResponse = (status: number, error: string) =>
	new ErrorResponse(status, { error });

/** 404 in the words of Close's REST framework. */
export const notFound = (kind: string) =>
	errorResponse(404, `Empty query: ${kind} matching query does not exist.`);

const MESSAGES: Record<string, string> = {
	additionalProperties: 'Unknown field.',
	required: 'This field is required.',
	enum: 'Not a valid choice.',
	maxItems: 'List is too long.',
	minItems: 'List must not be empty.',
	minLength: 'This field is required.',
	maximum: 'The value is too large.',
	minimum: 'The value is too small.',
	exclusiveMaximum: 'The value is too large.',
};
const FORMAT_MESSAGES: Record<string, string> = {
	'close-time': 'Invalid ISO 8601 datetime.',
	e164: 'Invalid phone number.',
	uri: 'Invalid URL.',
};

function toMessage({ keyword, params }: FastifySchemaValidationError): string {
	if (keyword === 'format') return FORMAT_MESSAGES[params.format as string];
	if (keyword === 'type') return `Value must be of ${String(params.type)} type.`;
	return MESSAGES[keyword] ?? 'Invalid input.';
}

/** A list's errors hang under `errors`, by index. */
function place(errors: FieldErrors, path: string[], message: string): void {
	const [head, ...rest] = path.flatMap((part) => (/^\d+$/.test(part) ? ['errors', part] : [part]));
	let at = errors;
	let key = head;
	for (const next of rest) {
		if (typeof at[key] !== 'object') at[key] = {};
		at = at[key] as FieldErrors;
		key = next;
	}
	at[key] ??= message;
}

/** What the JSON schema found, in Close's shape. */
export function schemaErrors(found: FastifySchemaValidationError[]): ErrorResponse {
	const fieldErrors: FieldErrors = {};
	for (const error of found) {
		const path = error.instancePath.split('/').slice(1);
		const named = error.params.additionalProperty ?? error.params.missingProperty;
		if (named !== undefined) path.push(String(named));
		if (path.length === 0) {
			return new ErrorResponse(400, { errors: ['Invalid request: JSON dictionary expected.'] });
		}
		place(fieldErrors, path, toMessage(error));
	}
	return invalidFields(fieldErrors);
}
