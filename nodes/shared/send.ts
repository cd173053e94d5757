import {
	NodeApiError,
	NodeOperationError,
	type IExecutePaginationFunctions,
	type INodeExecutionData,
} from 'n8n-workflow';
import { dryRun, isDryRun, type Assumed } from './dryRun';
import { exchange, NotStarted, type Answer, type Request } from './exchange';
import { arrive, isCalledByAgent, type NodeError, type Run } from './run';
import { sendOptions } from './sendOptions';
import { endTurn, hold, idle, stopRun, turn } from './turns';
import { now } from './waiting';

/** Sends one request of an item; a dry run only lists it and takes `assumed` as the answer. */
export type Send = (request: Request, assumed?: Assumed) => Promise<Answer>;

/** What an operation does for one item when its turn has come. */
export type Steps = (
	this: IExecutePaginationFunctions,
	send: Send,
	request: Request,
) => Promise<INodeExecutionData[]>;

/** The steps of an operation that is one request. */
export const oneRequest: Steps = async (send, request) => (await send(request)).items;

/** "0 to 6, 9" for 0, 1, 2, 3, 4, 5, 6, 9. */
function ranges(indexes: Iterable<number>): string {
	const found: Array<[number, number]> = [];
	for (const index of [...indexes].sort((a, b) => a - b)) {
		const last = found[found.length - 1];
		if (last && last[1] === index - 1) last[1] = index;
		else found.push([index, index]);
	}
	return found.map(([from, to]) => (from === to ? `${from}` : `${from} to ${to}`)).join(', ');
}

const least = (indexes: Iterable<number>) =>
	[...indexes].reduce((a, b) => Math.min(a, b), Infinity);

const sentences = (...parts: Array<string | false | null | undefined>) =>
	parts
		.filter((part) => typeof part === 'string' && part !== '')
		.map((part) => (/[.!?]$/.test(String(part)) ? part : `${part}.`))
		.join(' ');

/** What "Stop Workflow" shows when a check failed: nothing was sent for any item. */
function notSent({ problems, total }: Run): NodeError {
	const [first, ...others] = [...problems.keys()].sort((a, b) => a - b);
	const error = problems.get(first)!;
	error.description = sentences(
		error.description,
		others.length > 0 && `Items ${ranges(others)} need a look too`,
		total > 1 &&
			'All items are checked before the first is sent, so nothing was sent for any of them',
	);
	return error;
}

/** What "Stop Workflow" shows when Close refused an item: what was done before and what was not started. */
function stoppedAt({ failures, done, doneBefore, started, total }: Run, index: number): NodeError {
	const error = failures.get(index)!;
	const others = [...failures.keys()].filter((other) => other !== index);
	const finished = new Set([...done.keys(), ...doneBefore.keys()]);
	const untouched = Array.from({ length: total }, (_, item) => item).filter(
		(item) => !started.has(item) && !finished.has(item) && !failures.has(item),
	);
	error.description = sentences(
		error.description,
		others.length > 0 && `Items ${ranges(others)} did not go through either`,
		total > 1 && (finished.size > 0 ? `Done: items ${ranges(finished)}` : 'No other item was done'),
		untouched.length > 0 && `Not started: items ${ranges(untouched)}`,
	);
	return error;
}

const DONE_BEFORE = 'Done by an earlier try of this run; not sent again.';

const asNodeError = (context: IExecutePaginationFunctions, error: Error): NodeError =>
	error instanceof NodeApiError || error instanceof NodeOperationError
		? error
		: new NodeOperationError(context.getNode(), error, { itemIndex: context.getItemIndex() });

const told = ({ message, description }: NodeError) => ({ error: sentences(message, description) });

/** Carries out the steps of one item. */
async function work(
	context: IExecutePaginationFunctions,
	run: Run,
	steps: Steps,
	request: Request,
): Promise<INodeExecutionData[]> {
	const { maxRetries, giveUpAfter } = sendOptions(context);
	// Anew for each request: a list of many pages would use up what is meant for one.
	const sender = () => ({
		context,
		run,
		retriesLeft: maxRetries,
		giveUpAt: now() + giveUpAfter * 1000,
	});
	const own = isDryRun(context) ? dryRun(steps) : steps;
	const send: Send = async (next) =>
		await exchange(sender(), next).catch((error: Error) => {
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
	steps: Steps,
	request: Request,
): Promise<void> {
	const index = context.getItemIndex();
	await work(context, run, steps, request).then(
		(items) => {
			run.done.set(index, items);
			run.unclear.delete(index);
		},
		(error) => {
			if (!(error instanceof NotStarted)) run.failures.set(index, asNodeError(context, error));
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
export const inTurn = (steps: Steps = oneRequest) =>
	async function (
		this: IExecutePaginationFunctions,
		request: Request,
	): Promise<INodeExecutionData[]> {
		const run = arrive(this);
		const index = this.getItemIndex();
		const pairedItem = { item: index };
		const stops = !this.continueOnFail();
		if (stops) await run.allChecked;
		if (stops && run.problems.size > 0) {
			if (index === run.firstProblem) throw notSent(run);
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
		if (index !== least(run.failures.keys())) return [];
		throw stoppedAt(run, index);
	};
