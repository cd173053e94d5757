import {
	NodeApiError,
	NodeOperationError,
	type IExecutePaginationFunctions,
	type INodeExecutionData,
} from 'n8n-workflow';
import { joinSentences } from '../../../shared/errors/joinSentences';
import { delay, untilAborted } from '../../../shared/delay';
import { withNote } from '../../output/withNote';
import { dryRun } from './dryRun';
import { DeliveryError, toCancelledError, toItemError } from '../request/itemErrors';
import type { ItemState, NodeError } from '../request/itemState';
import {
	OutdatedError,
	singleRequest,
	type OperationHandler,
	type RoutingRequest,
	type Send,
	type TrySend,
	WaitTimeoutError,
	type WaitAtEnd,
	type WaitFor,
} from '../request/operationHandler';
import { Deadline, NotStartedError, StoppedError } from '../queue/requestQueue';
import { requestWithRetry } from '../request/requestWithRetry';
import { isCalledByAgent, Run } from './run';
import { describeStop, describeValidationErrors } from './runSummary';

const DONE_BY_EARLIER_TRY = 'Done by an earlier try of this run; not sent again.';

const toNodeError = (context: IExecutePaginationFunctions, error: Error): NodeError =>
	error instanceof NodeApiError || error instanceof NodeOperationError
		? error
		: new NodeOperationError(context.getNode(), error, { itemIndex: context.getItemIndex() });

const toErrorJson = ({ message, description }: NodeError) => ({
	error: joinSentences(message, description),
});

/** Carries out an operation for one item. */
async function runHandler(
	context: IExecutePaginationFunctions,
	run: Run,
	item: ItemState,
	handler: OperationHandler,
	request: RoutingRequest,
): Promise<INodeExecutionData[]> {
	const { queue, signal } = run;
	const { maxRetries, giveUpAfter } = item.options;
	const pause = () => {
		if (run.stopsOnError) queue.pause(item);
	};
	const attempt = async (next: RoutingRequest, onFailure: (status?: number) => void) => {
		// Anew for each request: a list of many pages would use up what is meant for one.
		const deadline = new Deadline(giveUpAfter * 1000);
		const retry = { context, queue, signal, item, retriesLeft: maxRetries, deadline, onFailure };
		return await requestWithRetry(retry, next);
	};
	/** Until its result is known: it may stop the run. */
	const pauseFor = (error: Error) => {
		if (!(error instanceof OutdatedError)) pause();
		throw error;
	};
	const send: Send = async (next) => {
		const response = await attempt(next, pause).catch(pauseFor);
		queue.succeed(item);
		return response;
	};
	const trySend: TrySend = async (next, survivable) => {
		const survives = (status: unknown) => survivable?.has(String(status)) ?? true;
		const onFailure = (status?: number) => {
			if (!survives(status)) pause();
		};
		return await attempt(next, onFailure).catch((error: Error) => {
			const isFailure = error instanceof NodeApiError || error instanceof NodeOperationError;
			if (isFailure && survives('httpCode' in error ? error.httpCode : undefined))
				return { failure: error };
			return pauseFor(error);
		});
	};
	const waitAtEnd: WaitAtEnd = async (end) => await queue.suspend(item, end);
	const waitFor: WaitFor = async (other, ms = Infinity) => {
		let [isLate, isWaiting] = [false, true];
		const limit = async () => {
			await delay(ms, signal, () => isWaiting);
			isLate = true;
		};
		const end = ms === Infinity ? other : Promise.race([other, limit()]);
		await queue.suspend(item, untilAborted(end, [signal, queue.stopSignal]));
		isWaiting = false;
		if (signal?.aborted) throw toCancelledError(context);
		if (queue.stopSignal.aborted) throw item.isStarted ? new StoppedError() : new NotStartedError();
		if (isLate) throw new WaitTimeoutError();
		return await other;
	};
	const effectiveHandler = item.options.dryRun ? dryRun(handler) : handler;
	const items = await effectiveHandler({
		n8n: context,
		request,
		item,
		send,
		trySend,
		waitFor,
		waitAtEnd,
		stopSignal: queue.stopSignal,
		run,
	});
	return items.map((one) => ({ ...one, pairedItem: { item: item.index } }));
}

/** Carries out an operation for one item and records its output or error. */
async function processItem(
	context: IExecutePaginationFunctions,
	run: Run,
	item: ItemState,
	handler: OperationHandler,
	request: RoutingRequest,
): Promise<void> {
	try {
		item.output = await runHandler(context, run, item, handler, request);
		item.unknownOutcome = undefined;
	} catch (error) {
		const wasStopped = error instanceof NotStartedError || error instanceof StoppedError;
		// An unknown outcome of its earlier request is reported, even though the run was stopped.
		if (wasStopped && !item.unknownOutcome) item.isHeldBack = true;
		else item.error = toItemError({ item }, toNodeError(context, error));
	}
	if (item.error && run.stopsOnError) run.queue.stop();
	run.queue.finish(item);
}

/**
 * All traffic of the action node goes through the function that this makes. The engine takes it as `pagination`, the one
 * hook that wraps a request, and calls it once for each item.
 *
 * In the mode "Stop Workflow" it waits until all items are validated, sends in input order, and starts nothing after a
 * failure. Only one item may throw then: the engine reports the first rejection. Every other item returns []. In the
 * "Continue" modes each item returns its output or its error.
 *
 * @param handler of the operation; one request unless given
 * @throws {NodeApiError|NodeOperationError} for the first item that is not valid or failed, about all of them
 */
export const sendInOrder = (handler: OperationHandler = singleRequest) =>
	async function (
		this: IExecutePaginationFunctions,
		request: RoutingRequest,
	): Promise<INodeExecutionData[]> {
		const run = Run.of(this)!;
		const item = run.arrive(this.getItemIndex());
		const pairedItem = { item: item.index };
		if (run.stopsOnError) {
			await run.allArrived;
			const invalid = run.firstInvalid;
			if (invalid && invalid !== item) return [];
			if (invalid)
				throw report(toItemError({ item }, item.validationError!), describeValidationErrors);
		}
		if (item.earlierOutput) return withNote(item.earlierOutput, DONE_BY_EARLIER_TRY);
		if (item.validationError) return [{ json: {}, error: item.validationError, pairedItem }];
		request.options.baseURL = await run.connect(this);
		await run.inInputOrder(item);
		await processItem(this, run, item, handler, request);
		if (!item.error) return item.output ?? [];
		if (!run.stopsOnError) return [{ json: {}, error: item.error, pairedItem }];
		// n8n calls a tool that throws again, as a new call: what may have been sent must not come as an error.
		const wasHandedOver = item.unknownOutcome || item.error instanceof DeliveryError;
		if (isCalledByAgent(this) && wasHandedOver)
			return [{ json: toErrorJson(item.error), pairedItem }];
		await run.queue.onIdle();
		if (run.getFirstFailed() !== item) return [];
		throw report(item.error, describeStop);

		function report(error: NodeError, describe: typeof describeStop): NodeError {
			error.description = joinSentences(error.description, describe(run.getItems(), run.total));
			return error;
		}
	};
