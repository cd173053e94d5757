import {
	NodeApiError,
	NodeOperationError,
	type IDataObject,
	type IExecuteSingleFunctions,
	type IHttpRequestOptions,
	type PreSendAction,
} from 'n8n-workflow';
import { Run } from '../transport/run';
import { DEFAULT_OPTIONS, readOptions, type NodeOptions } from './nodeOptions';

/** Looks at, or completes, the request of one item. Throws what `validationError` makes. */
export type PreSendValidator = (
	context: IExecuteSingleFunctions,
	request: IHttpRequestOptions,
	options: NodeOptions,
) => void;

export const getBody = (request: IHttpRequestOptions) => request.body as IDataObject;

/** Options, or the defaults when they cannot be read; then the item has an error and sends nothing. */
function tryReadOptions(context: IExecuteSingleFunctions): {
	options: NodeOptions;
	error?: NodeOperationError;
} {
	try {
		return { options: readOptions(context) };
	} catch (error) {
		return { options: DEFAULT_OPTIONS, error };
	}
}

/** @returns what is wrong with an item's request, if something is */
function findError(
	context: IExecuteSingleFunctions,
	request: IHttpRequestOptions,
	options: NodeOptions,
	validators: PreSendValidator[],
): NodeApiError | NodeOperationError | undefined {
	try {
		for (const validate of validators) validate(context, request, options);
		return undefined;
	} catch (error) {
		if (error instanceof NodeOperationError || error instanceof NodeApiError) return error;
		return new NodeOperationError(context.getNode(), error, { itemIndex: context.getItemIndex() });
	}
}

/**
 * A `preSend` that validates an item's request, with the node's options first. It never throws: what it finds is
 * recorded for the transport, so that in the mode "Stop Workflow" one bad item keeps all others from being sent.
 */
export const preSend = (...validators: PreSendValidator[]): PreSendAction =>
	async function (request) {
		const { options, error: optionsError } = tryReadOptions(this);
		const run = Run.open(this, options);
		const item = run.getItem(this.getItemIndex());
		item.isValidated = true;
		item.options = options;
		// What was done is done: its time may be over by now.
		if (item.earlierOutput) return request;
		const error = optionsError ?? findError(this, request, options, validators);
		if (error) run.recordValidationError(item, error);
		return request;
	};
