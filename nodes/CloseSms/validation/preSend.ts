import type {
	IDataObject,
	IExecuteSingleFunctions,
	IHttpRequestOptions,
	PreSendAction,
} from 'n8n-workflow';
import type { ItemFailure } from '../../shared/errors/itemFailure';
import { toFailureOfItem } from '../../shared/errors/toFailureOfItem';
import { validationError } from '../../shared/errors/validationError';
import { isOutputLost, Run } from '../transport/run/run';
import { DEFAULT_OPTIONS, readOptions, type NodeOptions } from './nodeOptions';

/** Validates or completes the request of one item. @throws {ItemFailure} made by `validationError` */
export type PreSendValidator = (
	context: IExecuteSingleFunctions,
	request: IHttpRequestOptions,
	options: NodeOptions,
) => void;

export const getBody = (request: IHttpRequestOptions) => request.body as IDataObject;

/** The options, or the defaults when they cannot be read: then the item has an error and sends nothing. */
function tryReadOptions(context: IExecuteSingleFunctions): {
	options: NodeOptions;
	error?: ItemFailure;
} {
	try {
		return { options: readOptions(context) };
	} catch (error) {
		return { options: DEFAULT_OPTIONS, error: toFailureOfItem(context, error) };
	}
}

/** In doubt nobody is texted: a model that hears nothing may call again. */
function rejectLostOutput(context: IExecuteSingleFunctions): void {
	if (!isOutputLost(context)) return;
	const failure = validationError(
		context,
		"Nothing was done: with 'On Error' set to Continue (using error output), n8n tells the AI agent nothing of what this tool does",
		"Set 'On Error' to Continue in the settings of the tool.",
	);
	context.logger.warn(failure.message);
	throw failure;
}

/** @returns what is wrong with an item's request; undefined when nothing is */
function findError(
	context: IExecuteSingleFunctions,
	request: IHttpRequestOptions,
	options: NodeOptions,
	validators: PreSendValidator[],
): ItemFailure | undefined {
	try {
		rejectLostOutput(context);
		for (const validate of validators) validate(context, request, options);
		return undefined;
	} catch (error) {
		return toFailureOfItem(context, error);
	}
}

/**
 * Makes a `preSend` that reads the node's options and then validates an item's request. It never throws: an error is
 * recorded for the transport, so that in the mode "Stop Workflow" one invalid item keeps all others from being sent.
 *
 * @param validators run in this order; the first error ends them
 */
export const preSend = (...validators: PreSendValidator[]): PreSendAction =>
	async function (request) {
		const { options, error: optionsError } = tryReadOptions(this);
		const run = Run.open(this, options);
		const item = run.getItem(this.getItemIndex());
		item.isValidated = true;
		item.options = options;
		// An earlier try did it, so it is not sent again. Its time may have passed by now, which is no error.
		if (item.earlierOutput) return request;
		const error = optionsError ?? findError(this, request, options, validators);
		if (error) run.recordValidationError(item, error);
		return request;
	};
