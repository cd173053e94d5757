import { createCompoundSchema } from 'genson-js';
import type { IDataObject } from 'n8n-workflow';

import { READING_ORDER } from '../../nodes/CloseSms/output/readingOrder';
import { path, root } from '../platform';
import type { Sample } from './samples';

/** As much of JSON Schema as n8n's editor reads (n8n: `useDataSchema`). */
export interface OutputSchema {
	type?: string | string[];
	properties?: Record<string, OutputSchema>;
	items?: OutputSchema;
	/** n8n's own nodes have it; the editor does not read it. */
	version?: number;
}

/** Named after the node's version, as n8n looks for it. */
export const SCHEMA_FOLDER = 'nodes/CloseSms/__schema__/v1.0.0';

/**
 * Where n8n looks for the schema of an operation (n8n-core: `output-schema-resolver`): by the node's version, resource and
 * operation, whatever its other parameters are.
 */
export const toSchemaPath = ({ resource, operation }: Pick<Sample, 'resource' | 'operation'>) =>
	path.join(root, SCHEMA_FOLDER, resource, `${operation}.json`);

/** What an operation gives: most give the thing itself, so that what one shows of it is true of all. */
const toGroup = ({ resource, operation }: Sample) =>
	operation === 'delete' ? `${resource} deleted` : resource;

/** What is mapped most, in the order in which the node gives it; all other fields come after these, by the alphabet. */
const FIRST = ['deleted', 'name', ...READING_ORDER].reverse();

const inOrder = ([one]: [string, unknown], [other]: [string, unknown]) =>
	FIRST.indexOf(other) - FIRST.indexOf(one) || one.localeCompare(other);

/** Leaves out `required`, and puts null last: n8n shows the first type. */
function toOutputSchema({ type, properties, items }: OutputSchema): OutputSchema {
	const isNull = (one: string) => Number(one === 'null');
	return {
		type: Array.isArray(type) ? [...type].sort((a, b) => isNull(a) - isNull(b)) : type,
		...(properties && {
			properties: Object.fromEntries(
				Object.entries(properties)
					.sort(inOrder)
					.map(([name, schema]) => [name, toOutputSchema(schema)]),
			),
		}),
		...(items && { items: toOutputSchema(items) }),
	};
}

/** The schema of each operation, by path. */
export function toOutputSchemas(samples: Sample[]): Map<string, OutputSchema> {
	const groups = new Map<string, IDataObject[]>();
	for (const sample of samples)
		groups.set(toGroup(sample), [...(groups.get(toGroup(sample)) ?? []), ...sample.items]);
	return new Map(
		samples.map((sample) => {
			const inferred = createCompoundSchema(groups.get(toGroup(sample))!) as OutputSchema;
			return [toSchemaPath(sample), { ...toOutputSchema(inferred), version: 1 }];
		}),
	);
}
