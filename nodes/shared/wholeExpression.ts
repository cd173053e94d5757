import type { INode, INodeProperties } from 'n8n-workflow';

/**
 * n8n empties a collection that is one expression as a whole, before a node sees it (`NodeHelpers.getNodeParameters`):
 * what was set in it would silently not be done. A hidden property of the same name keeps the expression, so that it
 * can be rejected.
 *
 * @param collection the collection, with its `displayOptions`
 * @returns the collection and the hidden property
 */
export const withWholeExpression = (collection: INodeProperties): INodeProperties[] => {
	const { displayName, name, displayOptions } = collection;
	return [collection, { displayName, name, type: 'hidden', default: {}, displayOptions }];
};

/** Whether a collection is one expression as a whole; its property needs the one that `withWholeExpression` makes. */
export const isWholeExpression = ({ parameters }: INode, parameter: string): boolean =>
	typeof parameters?.[parameter] === 'string';
