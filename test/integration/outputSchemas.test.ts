import Ajv from 'ajv';
import type { IDataObject, INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { CloseSms } from '../../nodes/CloseSms/CloseSms.node';
import {
	toOutputSchemas,
	toSchemaPath,
	type OutputSchema,
} from '../../dev/outputSchemas/outputSchemas';
import { getSamples, type Sample } from '../../dev/outputSchemas/samples';
import { fs } from '../../dev/platform';

const { properties } = new CloseSms().description;

const valuesOf = ({ options = [] }: INodeProperties) =>
	(options as INodePropertyOptions[]).map(({ value }) => String(value));

/** Every operation that the node offers, by resource. */
const operations = properties
	.filter(({ name }) => name === 'operation')
	.flatMap((property) =>
		valuesOf(property).map((operation) => ({
			resource: String(property.displayOptions?.show?.resource?.[0]),
			operation,
		})),
	);

const readSchema = async (of: Pick<Sample, 'resource' | 'operation'>) =>
	JSON.parse(await fs.readFile(toSchemaPath(of), 'utf8')) as OutputSchema;

/** The same schema, for which a field that it does not name is an error. */
const closed = (schema: OutputSchema): object => ({
	...schema,
	...(schema.properties && {
		additionalProperties: false,
		properties: Object.fromEntries(
			Object.entries(schema.properties).map(([name, one]) => [name, closed(one)]),
		),
	}),
	...(schema.items && { items: closed(schema.items) }),
});

let samples: Sample[];
beforeAll(async () => {
	samples = await getSamples();
});

test('there are operations of every resource', () => {
	expect(new Set(operations.map(({ resource }) => resource))).toEqual(
		new Set(['sms', 'smsTemplate']),
	);
});

describe.each(operations)('$resource: $operation', (of) => {
	const ofThis = () =>
		samples.find((one) => one.resource === of.resource && one.operation === of.operation)!;

	test('all that it gives, and nothing else, is in its preview', async () => {
		const schema = await readSchema(of);
		const validate = new Ajv({ strict: false, allErrors: true }).compile(closed(schema));
		const { items } = ofThis();

		expect(items.length).toBeGreaterThan(0);
		for (const item of items) {
			validate(item);
			expect(validate.errors ?? []).toEqual([]);
		}
		const given = new Set(items.flatMap((item: IDataObject) => Object.keys(item)));
		const optional = ['attachments'];
		expect(
			Object.keys(schema.properties!).filter(
				(name) => !given.has(name) && !optional.includes(name),
			),
		).toEqual([]);
	});

	test('the editor shows the type of every field', async () => {
		// n8n shows the first type.
		const types = Object.entries((await readSchema(of)).properties!).map(([name, { type }]) => [
			name,
			Array.isArray(type) ? type[0] : type,
		]);
		expect(types.filter(([, type]) => type === 'null' || type === undefined)).toEqual([]);
	});

	test('the preview is as `npm run schemas` writes it', async () => {
		expect(await readSchema(of)).toEqual(toOutputSchemas(samples).get(toSchemaPath(of)));
	});
});
