import Ajv, { type ErrorObject, type ValidateFunction } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';
import { existsSync, fs, path, process, root, say } from '../../dev/platform';
import type { Exchange } from '../../dev/simulator';

/**
 * Where Close's published OpenAPI is looked for. It is not ours to copy: without it these tests are skipped, and say so.
 * CLOSE_OPENAPI names another file, which then must be there.
 */
const OPENAPI_FILE =
	process.env.CLOSE_OPENAPI ?? path.resolve(root, '../shared/openapi/close-openapi.yml');

/** "describe", or skipped under a name that says why when there is no published OpenAPI to compare with. */
export function describeWithOpenapi(name: string, tests: () => void): void {
	// A file that is named must be there: then the tests fail instead.
	if (process.env.CLOSE_OPENAPI !== undefined || existsSync(OPENAPI_FILE))
		return describe(name, tests);
	const reason = `SKIPPED, no OpenAPI of Close: neither CLOSE_OPENAPI is set nor is ${OPENAPI_FILE} there`;
	say(`${name}: ${reason}`);
	describe.skip(`${name} (${reason})`, tests);
}

interface Schema {
	$ref?: string;
	type?: string | string[];
	properties?: Record<string, Schema>;
	additionalProperties?: unknown;
	required?: string[];
	items?: Schema;
	enum?: string[];
	[keyword: string]: unknown;
}

interface Operation {
	parameters?: Array<{ name: string; in: string }>;
	requestBody?: { content: Record<string, { schema: Schema }> };
	responses: Record<string, { content?: Record<string, { schema: Schema }> }>;
}

interface Document {
	paths: Record<string, Record<string, Operation>>;
	components: { schemas: Record<string, Schema> };
}

const TEXT_OR_NULL: Schema = { type: ['string', 'null'] };

/**
 * What the published OpenAPI lacks, and how it is known all the same. The stored copy is of 2026-05; of the sources that
 * are named here, OAS-NEW is Close's OpenAPI of 2026-08, split by resource, and DC its documentation.
 */
const SINCE_ADDED: Record<string, Record<string, Schema>> = {
	// In the prose of both endpoints, and in no schema (a fault of the generator: the email endpoints have the same gap).
	CreateSMSActivity: { date_scheduled: TEXT_OR_NULL, send_in: { type: 'integer' } },
	UpdateSMSActivity: { date_scheduled: TEXT_OR_NULL },
	SMSActivity: {
		// DC "Get a single SMS activity": newer than the copy.
		caller_id_mode: { oneOf: [{ enum: ['fixed', 'auto'] }, { type: 'null' }] },
		caller_id_reason: {
			oneOf: [{ enum: ['context', 'local_presence', 'fallback'] }, { type: 'null' }],
		},
		// In the examples of OAS-NEW, and in no schema.
		attachments: { type: 'array' },
	},
	PhoneNumber: {
		// null in an example of OAS-NEW
		label: TEXT_OR_NULL,
		// DC changelog 2026-09-29
		participant_groups: { type: 'array' },
	},
	// It counts all leads: OAS-NEW has it in its example.
	leads_list_Response_200: { total_results: { type: 'integer' } },
};

/** Query parameters that the stored copy lacks: OAS-NEW has them. */
const SINCE_ADDED_QUERY: Record<string, string[]> = {
	'GET /activity/sms/': ['_fields'],
	'GET /activity/sms/{id}/': ['_fields'],
	'GET /phone_number/': ['participant_user_id'],
	// In the prose of the endpoint.
	'GET /event/': ['_cursor'],
};

/** Endpoints that no stored copy has; DC "Advanced Filtering" describes them. */
const NOT_PUBLISHED = new Set(['POST /data/search/']);

/** A schema in which nothing is said, such as "Any type" and the "Empty response body" of answers that are not empty. */
const saysNothing = ({ $ref, type, properties, ...more }: Schema): boolean =>
	!$ref &&
	(type === undefined || type === 'object') &&
	Object.keys(properties ?? {}).length === 0 &&
	!['items', 'oneOf', 'anyOf', 'allOf', 'enum', 'additionalProperties'].some(
		(keyword) => keyword in more,
	);

/** Calls `visit` with each schema, from the inside out. */
function walk(value: unknown, visit: (schema: Schema) => void): void {
	if (typeof value !== 'object' || value === null) return;
	for (const inner of Object.values(value)) walk(inner, visit);
	if (!Array.isArray(value)) visit(value as Schema);
}

/** Refuses every property that is not named, so that an invented one is noticed. */
function close(schema: Schema): void {
	const { type, properties } = schema;
	const isObject = type === 'object' || (Array.isArray(type) && type.includes('object'));
	if (isObject && Object.keys(properties ?? {}).length > 0) schema.additionalProperties ??= false;
}

const describeErrors = (errors: ErrorObject[] | null | undefined) =>
	(errors ?? []).map(({ instancePath, message, params }) =>
		`${instancePath} ${message} ${JSON.stringify(params)}`.trim(),
	);

/** Close's published OpenAPI. */
export class CloseOpenapi {
	/** Operations that were checked, by method and path. */
	readonly checked = new Set<string>();
	/** What was left unchecked, since the published OpenAPI says nothing about it. */
	readonly unchecked = new Set<string>();
	private readonly patterns: Array<{ pattern: RegExp; path: string }>;
	/** `whole` for what is complete, `partial` for what `_fields` has cut down. */
	private readonly ajv: Record<'whole' | 'partial', Ajv>;

	private constructor(private readonly document: Document) {
		this.patterns = Object.keys(document.paths)
			// A fixed path before one with a parameter.
			.sort((a, b) => a.split('{').length - b.split('{').length)
			.map((one) => ({ path: one, pattern: new RegExp(`^${one.replace(/\{\w+\}/g, '[^/]+')}$`) }));
		this.ajv = { whole: newAjv(document), partial: newAjv(withoutRequired(document)) };
	}

	/** @throws Error for a file that is not there, or has no paths */
	static async load(file = OPENAPI_FILE): Promise<CloseOpenapi> {
		const document = parse(await fs.readFile(file, 'utf8')) as Document;
		for (const [name, added] of Object.entries(SINCE_ADDED))
			Object.assign(document.components.schemas[name].properties ?? {}, added);
		walk(document.components.schemas, close);
		return new CloseOpenapi(document);
	}

	/** What in a request that was accepted, and in its response, is not as published; empty when all is. */
	errors(exchange: Exchange): string[] {
		const { method, path: url } = exchange.request;
		const found = this.patterns.find(({ pattern }) => pattern.test(url));
		const name = `${method} ${found?.path ?? url}`;
		if (NOT_PUBLISHED.has(name)) {
			this.unchecked.add(name);
			return [];
		}
		const operation = found && this.document.paths[found.path][method.toLowerCase()];
		if (!operation) return [`${name} is not published`];
		this.checked.add(name);
		return [
			...this.queryErrors(name, operation, exchange),
			...this.requestErrors(name, operation, exchange),
			...this.responseErrors(name, operation, exchange),
		].map((error) => `${name}: ${error}`);
	}

	/** The fields of a request body about a text, and the content types of its attachments. */
	body(name: string): { properties: string[]; attachmentTypes: string[] } {
		const { properties = {} } = this.resolve({ $ref: `#/components/schemas/${name}` });
		const item = this.resolve(properties.attachments.items ?? {});
		const { enum: attachmentTypes } = this.resolve(item.properties?.content_type ?? {});
		return { properties: Object.keys(properties), attachmentTypes: attachmentTypes ?? [] };
	}

	private resolve(schema: Schema): Schema {
		const name = schema.$ref?.split('/').at(-1);
		return name === undefined ? schema : this.document.components.schemas[name];
	}

	private queryErrors(name: string, { parameters = [] }: Operation, { request }: Exchange) {
		const known = parameters.filter((one) => one.in === 'query').map((one) => one.name);
		const all = [...known, ...(SINCE_ADDED_QUERY[name] ?? [])];
		return Object.keys(request.query)
			.filter((one) => !all.includes(one))
			.map((one) => `query parameter ${one} is not published`);
	}

	private requestErrors(name: string, { requestBody }: Operation, { request }: Exchange) {
		const schema = requestBody?.content['application/json'].schema;
		if (!schema) return request.body === undefined ? [] : ['a request body is not published'];
		return this.schemaErrors(`${name}, request`, schema, request.body).map(
			(error) => `request ${error}`,
		);
	}

	private responseErrors(name: string, { responses }: Operation, exchange: Exchange) {
		const { status, body, request } = exchange;
		const published = responses[status];
		if (!published) return [`status ${status} is not published`];
		const schema = published.content?.['application/json'].schema;
		if (!schema || status === 204) return body === undefined ? [] : ['a body is not published'];
		const isPartial = '_fields' in request.query;
		const parsed: unknown = body === undefined ? undefined : JSON.parse(body);
		return this.schemaErrors(`${name}, response`, schema, parsed, isPartial).map(
			(error) => `response ${error}`,
		);
	}

	private schemaErrors(what: string, schema: Schema, value: unknown, isPartial = false): string[] {
		if (saysNothing(this.resolve(schema))) {
			this.unchecked.add(what);
			return [];
		}
		const validate = this.validator(schema, isPartial);
		return validate(value) ? [] : describeErrors(validate.errors);
	}

	private validator(schema: Schema, isPartial: boolean): ValidateFunction {
		const ajv = this.ajv[isPartial ? 'partial' : 'whole'];
		return ajv.compile(schema.$ref ? { $ref: `close${schema.$ref}` } : schema);
	}
}

function newAjv(document: Document): Ajv {
	const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: true });
	addFormats(ajv);
	ajv.addFormat('double', true);
	ajv.addSchema({ $id: 'close', components: document.components });
	return ajv;
}

function withoutRequired(document: Document): Document {
	const copy = structuredClone(document);
	walk(copy.components.schemas, (schema) => {
		if (Array.isArray(schema.required)) delete schema.required;
	});
	return copy;
}
