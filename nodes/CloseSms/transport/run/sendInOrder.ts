import type { IExecutePaginationFunctions, INodeExecutionData } from 'n8n-workflow';
import { delay, untilAborted } from '../../../shared/delay';
import { ItemFailure } from '../../../shared/errors/itemFailure';
import { isTool } from '../../../shared/isTool';
import { toErrorFields, toNodeError } from '../../../shared/errors/toNodeError';
import { validationError } from '../../../shared/errors/validationError';
import { withNote } from '../../output/withNote';
import { dryRun } from './dryRun';
import { toCancelledFailure, toItemFailure } from '../request/itemFailures';
import {
	singleRequest,
	type HandlerContext,
	type OperationHandler,
	type RoutingRequest,
	type Send,
	type TrySend,
	type WaitAtEnd,
	type WaitFor,
} from '../request/operationHandler';
import { Budget } from '../request/budget';
import { requestWithRetry } from '../request/requestWithRetry';
import { keepWholeResponses } from '../request/wholeResponse';
import { mustReturnFailure, Run, type ItemOfRun } from './run';
import { describeCanceled, describeStop, describeValidationErrors } from './runSummary';
import { NotStartedError, StaleError, StoppedError, WaitTimeoutError } from '../flowErrors';

const DONE_BY_EARLIER_TRY = 'Done by an earlier try of this run; not sent again.';

/** What the handler of an operation is given for an item. */
function toHandlerContext(
	context: IExecutePaginationFunctions,
	{ run, item }: ItemOfRun,
	request: RoutingRequest,
): HandlerContext {
	const { queue, signal, created } = run;
	const { maxRetries, giveUpAfter } = item.options;
	const pause = () => {
		if (run.stopsOnError) queue.pause(item);
	};
	const newBudget = () => new Budget(maxRetries, giveUpAfter * 1000);
	const attempt = async (next: RoutingRequest, onFailure: (status?: number) => void) => {
		// A new one for each request: a list of many pages would use up what is meant for one page.
		const budget = next.budget ?? newBudget();
		const response = await requestWithRetry(
			{ context, queue, signal, item, budget, onFailure, created },
			next,
		);
		run.clock.record(response.time);
		return response;
	};
	/** Until its result is known: it may stop the run. */
	const pauseFor = (error: Error) => {
		if (!(error instanceof StaleError)) pause();
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
			if (error instanceof ItemFailure && survives(error.facts.httpCode)) return { failure: error };
			return pauseFor(error);
		});
	};
	const waitAtEnd: WaitAtEnd = async (end) => await queue.suspend(item, end);
	const waitFor: WaitFor = async (other, { ms = Infinity, keepsPlace } = {}) => {
		let [isLate, isWaiting] = [false, true];
		const limit = async () => {
			await delay(ms, signal, () => isWaiting);
			isLate = true;
		};
		const end = ms === Infinity ? other : Promise.race([other, limit()]);
		await queue.suspend(item, untilAborted(end, [signal, queue.stopSignal]), keepsPlace);
		isWaiting = false;
		if (signal?.aborted) throw toCancelledFailure(context);
		if (queue.stopSignal.aborted) throw item.isStarted ? new StoppedError() : new NotStartedError();
		if (isLate) throw new WaitTimeoutError();
		return await other;
	};
	return {
		n8n: context,
		request,
		item,
		send,
		trySend,
		waitFor,
		waitAtEnd,
		stopSignal: queue.stopSignal,
		newBudget,
		now: run.clock.now,
		run,
	};
}

/** Carries out an operation for one item and records its output or error. */
async function processItem(
	handler: OperationHandler,
	context: HandlerContext,
	{ run, item }: ItemOfRun,
): Promise<void> {
	try {
		if (item.undelivered) throw item.undelivered;
		const effectiveHandler = item.options.dryRun ? dryRun(handler) : handler;
		const items = await effectiveHandler(context);
		item.output = items.map((one) => ({ ...one, pairedItem: { item: item.index } }));
		item.unknownOutcome = undefined;
	} catch (error) {
		const wasStopped = error instanceof NotStartedError || error instanceof StoppedError;
		// An unknown outcome of its earlier request is reported, even though the run was stopped.
		if (wasStopped && !item.unknownOutcome) item.isHeldBack = true;
		else item.error = toItemFailure(item, error);
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
		keepWholeResponses(request);
		if (!Run.isOpen(this))
			throw toNodeError(
				this,
				validationError(
					this,
					"'Resource' or 'Operation' is an expression, so n8n skips what is checked before anything is sent",
					'Choose both from the lists. Where an expression is to decide, use an If or Switch node and a node for each.',
				),
				{ isOnlyMessage: isTool(this) },
			);
		const { run, item } = Run.arrive(this);
		const pairedItem = { item: item.index };
		const namesItem = run.total > 1;
		const isOnlyMessage = isTool(this);
		// Without the item's `error`, of which n8n would keep the message alone.
		const asOutput = (failure: ItemFailure): INodeExecutionData[] => [
			{ json: { error: toErrorFields(failure, { namesItem }) }, pairedItem },
		];
		const report = (failure: ItemFailure, describe: typeof describeStop) =>
			toNodeError(this, failure, {
				namesItem,
				isOnlyMessage,
				isRouted: true,
				others: describe(run.getItems(), run.total),
			});
		const returns = (failure: ItemFailure) => !run.stopsOnError || mustReturnFailure(this, failure);
		if (run.stopsOnError) {
			await run.allArrived;
			if (run.firstInvalid && run.firstInvalid !== item) return [];
		}
		if (item.earlierOutput) return withNote(item.earlierOutput, DONE_BY_EARLIER_TRY);
		if (item.validationError) {
			const failure = toItemFailure(item, item.validationError);
			if (returns(failure)) return asOutput(failure);
			throw report(failure, describeValidationErrors);
		}
		request.options.baseURL = await run.connect(this);
		await run.inInputOrder(item);
		await processItem(handler, toHandlerContext(this, { run, item }, request), { run, item });
		const isWrite = request.options.method !== 'GET' && !item.options.dryRun;
		if (isWrite && run.takeCanceledEnd())
			this.logger.warn(describeCanceled(run.getItems(), run.total));
		if (!item.error) return item.output ?? [];
		if (returns(item.error)) return asOutput(item.error);
		await run.queue.onIdle();
		if (run.getFirstFailed() !== item) return [];
		throw report(item.error, describeStop);
	};
