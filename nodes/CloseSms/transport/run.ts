import {
	NodeConnectionTypes,
	type IDataObject,
	type IExecuteSingleFunctions,
	type IN8nHttpFullResponse,
	type INodeExecutionData,
	type NodeApiError,
	type NodeOperationError,
} from 'n8n-workflow';
import { newLine, type Line } from './requestQueue';
import { newRateLimiter, type RateLimiter } from './rateLimiter';
import { getTransportOptions } from './transportOptions';

export type NodeError = NodeApiError | NodeOperationError;

/** What all items of one run of the node share. */
export interface Run {
	total: number;
	/** Items whose request was checked, with what is wrong with it. */
	arrived: Set<number>;
	problems: Map<number, NodeError>;
	/** The lowest item with a problem. */
	firstProblem: number;
	allChecked: Promise<void>;
	/** Items that may start, in input order. */
	waiting: Array<{ index: number; start: (mayStart: boolean) => void }>;
	/** Position in `waiting` of the next to start. */
	next: number;
	open: boolean;
	batch?: { size: number; interval: number; left: number; paused: boolean };
	signal?: AbortSignal;
	/** Items with a failed request that have not come to their end. */
	held: Set<number>;
	/** Items that sent at least one request. */
	started: Set<number>;
	inFlight: number;
	stopped: boolean;
	whenIdle: Array<() => void>;
	done: Map<number, INodeExecutionData[]>;
	failures: Map<number, NodeError>;
	/** Done by an earlier try of n8n's Retry On Fail. */
	doneBefore: Map<number, INodeExecutionData[]>;
	/** Outcome unknown in this or an earlier try: never simply sent again. */
	unclear: Map<number, NodeError>;
	/** Drafts that this or an earlier try made in order to send them, by item. */
	drafts: Map<number, string>;
	/** The last answer to each item, noted by `noteAnswer` because the engine hands on only its body. */
	answers: Map<number, IN8nHttpFullResponse>;
	pace: RateLimiter;
	line: Line;
	resolveAllChecked: () => void;
}

type Context = Pick<
	IExecuteSingleFunctions,
	| 'getExecuteData'
	| 'getExecutionCancelSignal'
	| 'getInputData'
	| 'getItemIndex'
	| 'getNode'
	| 'getNodeParameter'
>;

/** Runs hang on an object that the engine shares between all items of one run, and go with it. */
const runs = new WeakMap<object, Run>();

/**
 * Whether an AI agent calls this node as its tool from within its own run. The execution data is the agent's then,
 * for all calls of all its tools, and must not be taken for ours (n8n-core `getInputConnectionData`).
 */
export const isCalledByAgent = (context: Pick<Context, 'getExecuteData' | 'getNode'>) =>
	context.getExecuteData().node.name !== context.getNode().name;

/** The object that stands for this run: the execution data, or the one item that an agent calls with. */
const keyOf = (context: Context): object =>
	isCalledByAgent(context)
		? context.getInputData(0, NodeConnectionTypes.AiTool)
		: context.getExecuteData();

function itemCount(context: Context): number {
	// "Execute Once" gives the engine one item, but leaves the others in the execution data.
	if (isCalledByAgent(context) || context.getNode().executeOnce) return 1;
	return context.getExecuteData().data.main?.[0]?.length ?? 1;
}

interface RequestOptions {
	batching?: { batch?: { batchSize?: number; batchInterval?: number } };
}

/** What the user set under n8n's own Request Options. */
function batchOf(context: Context): Run['batch'] {
	const { batching } = context.getNodeParameter('requestOptions', {}) as RequestOptions;
	const { batchSize = 0, batchInterval = 0 } = batching?.batch ?? {};
	const size = Math.max(1, batchSize);
	return batchInterval > 0
		? { size, interval: batchInterval, left: size, paused: false }
		: undefined;
}

function newRun(context: Context, before?: Run): Run {
	let resolveAllChecked!: () => void;
	const allChecked = new Promise<void>((resolve) => (resolveAllChecked = resolve));
	const pace = newRateLimiter(getTransportOptions(context).maxConcurrency);
	const signal = context.getExecutionCancelSignal();
	return {
		total: itemCount(context),
		arrived: new Set(),
		problems: new Map(),
		firstProblem: Infinity,
		allChecked,
		resolveAllChecked,
		waiting: [],
		next: 0,
		open: false,
		batch: batchOf(context),
		signal,
		held: new Set(),
		started: new Set(),
		inFlight: 0,
		stopped: false,
		whenIdle: [],
		done: new Map(),
		failures: new Map(),
		doneBefore: new Map([...(before?.doneBefore ?? []), ...(before?.done ?? [])]),
		unclear: new Map(before?.unclear),
		drafts: before?.drafts ?? new Map(),
		answers: new Map(),
		pace,
		line: newLine(pace, signal),
	};
}

/**
 * The state of this run. n8n's Retry On Fail runs the node again with the same execution data (n8n-core
 * `WorkflowExecute`): an item that comes a second time opens a new run that remembers what the last one did.
 */
function openRun(context: Context): Run {
	const key = keyOf(context);
	const known = runs.get(key);
	if (known && !known.arrived.has(context.getItemIndex())) return known;
	const run = newRun(context, known);
	runs.set(key, run);
	return run;
}

/** Notes what is wrong with an item's request; the first finding counts. */
export function recordValidationError(context: Context, error: NodeError): void {
	const run = openRun(context);
	const index = context.getItemIndex();
	if (run.problems.has(index)) return;
	run.problems.set(index, error);
	run.firstProblem = Math.min(run.firstProblem, index);
}

/** Notes that an item's request was checked. */
export function arrive(context: Context): Run {
	const run = openRun(context);
	run.arrived.add(context.getItemIndex());
	if (run.arrived.size === run.total) run.resolveAllChecked();
	return run;
}

/** The drafts of this run, so that a further try of n8n's Retry On Fail goes on with them. */
export const draftsOf = (context: Context): Run['drafts'] => runs.get(keyOf(context))!.drafts;

/** A `postReceive` that leaves everything as it is and remembers the whole answer for the one way out. */
export async function captureResponse(
	this: IExecuteSingleFunctions,
	items: INodeExecutionData[],
	response: IN8nHttpFullResponse,
): Promise<INodeExecutionData[]> {
	runs.get(keyOf(this))?.answers.set(this.getItemIndex(), response);
	return items;
}

/** Takes the answer that `noteAnswer` noted for an item. */
export function takeAnswer(run: Run, index: number): { body: unknown; headers: IDataObject } {
	const answer = run.answers.get(index);
	run.answers.delete(index);
	return { body: answer?.body, headers: answer?.headers ?? {} };
}
