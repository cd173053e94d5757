import Ajv, { type ValidateFunction } from 'ajv';
import type { FastifyInstance } from 'fastify';

import { isE164 } from '../crm/phoneFormat';
import { readTime } from './dates';

/** One for the process: whatever it has compiled, it remembers by the schema's object. */
const ajv = new Ajv({
	allErrors: true,
	allowUnionTypes: true,
	// Whether our schemas are valid needs no schema of schemas, which takes longer to compile than all of them together.
	meta: false,
	validateSchema: false,
	formats: {
		'close-time': (value: string) => readTime(value) !== undefined,
		e164: isE164,
	},
});

/** Compiled when the first body comes in: most simulators of a test are asked for few of their endpoints. */
function lazily(schema: object) {
	let compiled: ValidateFunction | undefined;
	const validate = (body: unknown): boolean => {
		compiled ??= ajv.compile(schema);
		const isValid = compiled(body);
		validate.errors = compiled.errors;
		return isValid;
	};
	validate.errors = undefined as ValidateFunction['errors'];
	return validate;
}

/** Checks request bodies against the schemas of their routes. */
export const validateBodies = (app: FastifyInstance) =>
	app.setValidatorCompiler<object>(({ schema }) => lazily(schema));
