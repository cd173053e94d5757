import {
	updateDisplayOptions,
	type INodeProperties,
	type INodePropertyOptions,
	type NodeHint,
} from 'n8n-workflow';
import { outputProperties } from '../output/outputProperties';
import { sendsTextNotice } from './sendsTextNotice';

/** One operation of a resource: everything that the node needs to know about it. */
export interface Operation {
	/** Its entry in the list of operations; `routing` says what it sends, and what is done before. */
	option: INodePropertyOptions & { value: string };
	/**
	 * Its fields, without the SMS or template that it is about, which an operation whose path has `{id}` gets, and without
	 * what is chosen of the output, if it returns one SMS.
	 */
	properties: INodeProperties[];
	/** What one need not fill in, under 'Additional Fields'. */
	additionalFields?: INodeProperties[];
	/** What the canvas shows under the name of the node. */
	subtitle: string;
	/** What it shows instead for some values of a setting. */
	subtitleBy?: {
		/** The setting as it was entered, an expression, e.g. `$rawParameter.mode`. */
		setting: string;
		words: Record<string, string>;
	};
	/** It texts a person, with a new text or an existing one: it gets the notice and the options about sending. */
	texts?: 'new' | 'existing';
	/** It returns one SMS activity, of which one chooses how much, and to which 'Add Message Info' can add. */
	returnsSms?: boolean;
	/** A phone number can be given in one of its fields. */
	takesNumbers?: boolean;
	/** The words of a text can be given in one of its fields. */
	takesWords?: boolean;
	/** What the editor shows beside the node. */
	hints?: NodeHint[];
}

/** The operations of a resource. */
export interface Resource {
	/** Value of the parameter `resource`. */
	value: string;
	operations: Operation[];
	/** Value of the operation that a new node has. */
	default: string;
	/** The SMS or the template that an operation is about. */
	idField: INodeProperties;
}

/** The values of some operations, for `displayOptions`. */
export const valuesOf = (
	operations: Operation[],
	isWanted: (operation: Operation) => unknown,
): string[] => operations.filter(isWanted).map(({ option }) => option.value);

const hasId = ({ option }: Operation) => option.routing?.request?.url?.includes('{id}');

const fieldsOf = ({ option, properties, texts }: Operation): INodeProperties[] =>
	texts ? [sendsTextNotice(`${option.value}Notice`), ...properties] : properties;

/** The properties of a resource: its list of operations, and the fields of each. */
export const toProperties = ({
	value: resource,
	operations,
	default: initial,
	idField,
}: Resource): INodeProperties[] => [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: [resource] } },
		default: initial,
		options: operations.map(({ option }) => option),
	},
	// One property for all of them: the engine evaluates the expressions of every property for each item, shown or not
	// (n8n-core `RoutingNode`).
	{
		...idField,
		displayOptions: { show: { resource: [resource], operation: valuesOf(operations, hasId) } },
	},
	...operations.flatMap((operation) =>
		updateDisplayOptions(
			{ show: { resource: [resource], operation: [operation.option.value] } },
			fieldsOf(operation),
		),
	),
];

const returnsSms = ({ returnsSms: returns }: Operation) => returns;

/** What is chosen of an SMS that an operation returns: for all of them, behind their own fields. */
export const toOutputProperties = ({ value: resource, operations }: Resource): INodeProperties[] =>
	updateDisplayOptions(
		{ show: { resource: [resource], operation: valuesOf(operations, returnsSms) } },
		outputProperties,
	);

/**
 * An expression for what a node will do, in words, so that on the canvas one that texts a person is not taken for one
 * that drafts. What an expression will give is not known there: then the operation alone is named.
 */
export function toSubtitle(resources: Resource[]): string {
	const words: Record<string, string> = {};
	const settings: string[] = [];
	for (const { value: resource, operations, default: initial } of resources) {
		for (const { option, subtitle, subtitleBy } of operations) {
			const key = `${resource}/${option.value}`;
			words[key] = subtitle;
			if (option.value === initial) words[resource] = subtitle;
			if (!subtitleBy) continue;
			settings.push(`${JSON.stringify(key)}: ${subtitleBy.setting}`);
			for (const [value, more] of Object.entries(subtitleBy.words)) words[`${key}/${value}`] = more;
		}
	}
	return `={{ ($rawParameter.options?.dryRun === true ? "Dry run: " : "") + ((words, settings, key) => words[key + "/" + settings[key]] ?? words[key] ?? words[$rawParameter.resource])(${JSON.stringify(words)}, { ${settings.join(', ')} }, $rawParameter.resource + "/" + $rawParameter.operation) }}`;
}
