import {
	NodeApiError,
	NodeOperationError,
	type IExecutePaginationFunctions,
	type INodeExecutionData,
} from 'n8n-workflow';
import { dryRun, isDryRun } from './dryRun';
import { requestWithRetry, NotStartedError, type RoutingRequest } from './requestWithRetry';
import { arrive, isCalledByAgent, type NodeError, type Run } from './run';
import { getTransportOptions } from './transportOptions';
import { singleRequest, type Send, type OperationHandler } from './operationHandler';
import {
	isFirstFailure,
	describeValidationErrors,
	joinSentences,
	describeStop,
} from './runSummary';
import { endTurn, hold, idle, stopRun, turn } from './itemQueue';
import { monotonicNow } from '../../shared/delay';

const DONE_BEFORE = 'Done by an earlier try of this run; not sent again.';

const asNodeError = (context: IExecutePaginationFunctions, error: Error): NodeError =>
	error instanceof NodeApiError || error instanceof NodeOperationError
		? error
		: new NodeOperationError(context.getNode(), error, { itemIndex: context.getItemIndex() });

const told = ({ message, description }: NodeError) => ({
	error: joinSentences(message, description),
});

/** Carries out the steps of one item. */
async function work(
	context: IExecutePaginationFunctions,
	run: Run,
	steps: OperationHandler,
	request: RoutingRequest,
): Promise<INodeExecutionData[]> {
	const { maxRetries, giveUpAfter } = getTransportOptions(context);
	// Anew for each request: a list of many pages would use up what is meant for one.
	const sender = () => ({
		context,
		run,
		retriesLeft: maxRetries,
		deadline: monotonicNow() + giveUpAfter * 1000,
	});
	const own = isDryRun(context) ? dryRun(steps) : steps;
	const send: Send = async (next) =>
		await requestWithRetry(sender(), next).catch((error: Error) => {
			if (!context.continueOnFail()) hold(run, context.getItemIndex());
			throw error;
		});
	const items = await own.call(context, send, request);
	return items.map((item) => ({ ...item, pairedItem: { item: context.getItemIndex() } }));
}

/** Carries out one item and notes what became of it. */
async function carryOut(
	context: IExecutePaginationFunctions,
	run: Run,
	steps: OperationHandler,
	request: RoutingRequest,
): Promise<void> {
	const index = context.getItemIndex();
	await work(context, run, steps, request).then(
		(items) => {
			run.done.set(index, items);
			run.unclear.delete(index);
		},
		(error) => {
			if (!(error instanceof NotStartedError)) run.failures.set(index, asNodeError(context, error));
		},
	);
	if (run.failures.has(index) && !context.continueOnFail()) stopRun(run);
	endTurn(run, index);
}

/**
 * The one way out: all traffic of the action node goes through the function that this makes. It is given to the engine
 * as `pagination`, the one hook that wraps a request.
 *
 * In the mode "Stop Workflow" it waits until all items are checked, sends in input order, and starts nothing after a
 * failure. In the "Continue" modes each item gives its result or its error. Items that are not to speak give no items,
 * because the engine blames the first item that throws.
 */
export const sendInOrder = (steps: OperationHandler = singleRequest) =>
	async function (
		this: IExecutePaginationFunctions,
		request: RoutingRequest,
	): Promise<INodeExecutionData[]> {
		const run = arrive(this);
		const index = this.getItemIndex();
		const pairedItem = { item: index };
		const stops = !this.continueOnFail();
		if (stops) await run.allChecked;
		if (stops && run.problems.size > 0) {
			if (index === run.firstProblem) throw describeValidationErrors(run);
			return [];
		}
		const before = run.doneBefore.get(index);
		if (before)
			return before.map((item) => ({ ...item, json: { ...item.json, _note: DONE_BEFORE } }));
		const checked = run.problems.get(index);
		if (checked) return [{ json: {}, error: checked, pairedItem }];
		if (!(await turn(run, index))) return [];
		await carryOut(this, run, steps, request);
		const failure = run.failures.get(index);
		if (!failure) return run.done.get(index) ?? [];
		if (!stops) return [{ json: {}, error: failure, pairedItem }];
		// n8n calls a tool that throws again, as a new call: what may have been sent must not come as an error.
		if (isCalledByAgent(this) && run.unclear.has(index))
			return [{ json: told(failure), pairedItem }];
		await idle(run);
		if (!isFirstFailure(run, index)) return [];
		throw describeStop(run, index);
	};
