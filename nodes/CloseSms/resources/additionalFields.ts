import { updateDisplayOptions, type INodeProperties } from 'n8n-workflow';
import { withWholeExpression } from '../../shared/wholeExpression';
import { valuesOf, type Operation, type Resource } from './operation';

const hasSome = ({ additionalFields }: Operation) => additionalFields !== undefined;

/** The additional fields of a resource, each shown for the operations that have it. */
const toFields = ({ value: resource, operations }: Resource): INodeProperties[] =>
	[...new Set(operations.flatMap(({ additionalFields = [] }) => additionalFields))].flatMap(
		(field) => {
			const having = valuesOf(operations, ({ additionalFields }) =>
				additionalFields?.includes(field),
			);
			return updateDisplayOptions({ show: { '/resource': [resource], '/operation': having } }, [
				field,
			]);
		},
	);

/**
 * 'Additional Fields' of all operations that have some, as one property: the engine evaluates the expressions in a
 * collection twice more for each further property of its name, shown or not (n8n-core `RoutingNode`).
 */
export const toAdditionalFields = (resources: Resource[]): INodeProperties[] =>
	withWholeExpression({
		displayName: 'Additional Fields',
		name: 'additionalFields',
		type: 'collection',
		default: {},
		placeholder: 'Add Field',
		displayOptions: {
			show: {
				resource: resources.map(({ value }) => value),
				operation: [
					...new Set(resources.flatMap(({ operations }) => valuesOf(operations, hasSome))),
				],
			},
		},
		options: resources
			.flatMap(toFields)
			.sort((one, other) => one.displayName.localeCompare(other.displayName)),
	});
