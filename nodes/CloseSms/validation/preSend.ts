import type {
	IDataObject,
	IExecuteSingleFunctions,
	IHttpRequestOptions,
	PreSendAction,
} from 'n8n-workflow';
import { toFailureOfItem } from '../../shared/errors/toFailureOfItem';
import { validationError } from '../../shared/errors/validationError';
import { isOutputLost, Run } from '../transport/run/run';
import { readOptions, type NodeOptions } from './nodeOptions';

/** Validates or completes the request of one item. @throws {ItemFailure} made by `validationError` */
export type PreSendValidator = (
	context: IExecuteSingleFunctions,
	request: IHttpRequestOptions,
	options: NodeOptions,
) => void;

export const getBody = (request: IHttpRequestOptions) => request.body as IDataObject;

/** In doubt nobody is texted: a model that hears nothing may call again. */
const rejectLostOutput: PreSendValidator = (context) => {
	if (!isOutputLost(context)) return;
	const failure = validationError(
		context,
		"Nothing was done: with 'On Error' set to Continue (using error output), n8n tells the AI agent nothing of what this tool does",
		"Set 'On Error' to Continue in the settings of the tool.",
	);
	context.logger.warn(failure.message);
	throw failure;
};

/**
 * Makes a `preSend` that reads the node's options and then validates an item's request. It never throws: an error is
 * recorded for the transport, so that in the mode "Stop Workflow" one invalid item keeps all others from being sent.
 *
 * @param validators run in this order; the first error ends them
 */
export const preSend = (...validators: PreSendValidator[]): PreSendAction =>
	async function (request) {
		const { run, item } = Run.open(this);
		try {
			item.options = readOptions(this);
			// An earlier try did it, so it is not sent again. Its time may have passed by now, which is no error.
			if (item.earlierOutput) return request;
			for (const validate of [rejectLostOutput, ...validators])
				validate(this, request, item.options);
		} catch (error) {
			if (!item.earlierOutput) run.recordValidationError(item, toFailureOfItem(this, error));
		}
		return request;
	};
