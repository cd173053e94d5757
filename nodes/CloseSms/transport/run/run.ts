import { NodeConnectionTypes, sleep, type IExecuteSingleFunctions } from 'n8n-workflow';
import { readCredential } from '../../../shared/authentication';
import { parseNumber } from '../../../shared/fieldValues';
import type { ItemFailure } from '../../../shared/errors/itemFailure';
import { CreatedSms } from '../request/createdSms';
import { newItemState, type ItemState } from '../request/itemState';
import { CloseClock } from '../../../shared/closeClock';
import { RequestQueue, type Batching } from '../queue/requestQueue';
import { getScheduler } from '../queue/requestScheduler';

type RunContext = Pick<
	IExecuteSingleFunctions,
	| 'continueOnFail'
	| 'getCredentials'
	| 'getExecuteData'
	| 'getExecutionCancelSignal'
	| 'getInputData'
	| 'getItemIndex'
	| 'getNode'
	| 'getNodeParameter'
>;

/** A day; more must be a mistake. */
const MAX_BATCH_INTERVAL_MS = 86_400_000;

/** Keyed by an object that all items of a run share, so that the state is garbage-collected with it. */
const runs = new WeakMap<object, Run>();

/**
 * Whether an AI agent calls this node as its tool from within its own run. The execution data is the agent's then,
 * for all calls of all its tools, and must not be taken for ours (n8n-core `getInputConnectionData`).
 */
const isCalledByAgent = (context: Pick<RunContext, 'getExecuteData' | 'getNode'>) =>
	context.getExecuteData().node.name !== context.getNode().name;

/**
 * Whether a failure must come as a result and not be thrown. AI Agent 1 and 2 give their model an empty text for a tool
 * that throws (LangChain `AgentExecutor`), and n8n's Retry On Fail calls it again as a new call, which knows nothing of
 * what may have been sent (n8n-core `makeHandleToolInvocation`). An MCP server makes a proper error of what is thrown, but
 * in place of words with a code such as ECONNRESET n8n puts "You can retry the request immediately".
 */
export function mustReturnFailure(
	context: RunContext,
	{ facts }: Pick<ItemFailure, 'facts'>,
): boolean {
	if (!isCalledByAgent(context)) return false;
	const isMcpServer = context.getExecuteData().node.type.endsWith('.mcpTrigger');
	return !isMcpServer || context.getNode().retryOnFail === true || facts.outcome !== 'notDone';
}

/**
 * Whether n8n keeps from the model whatever this tool gives out: AI Agent 3 has the engine execute the tool, and with the
 * error output the engine puts the items that failed, which are none, in place of the output (n8n-core
 * `handleNodeErrorOutput`, which knows only outputs of the type `main`). The model reads "" and may call again.
 */
export const isOutputLost = (context: Pick<RunContext, 'getNode'>): boolean => {
	const { onError, rewireOutputLogTo } = context.getNode();
	return onError === 'continueErrorOutput' && rewireOutputLogTo === NodeConnectionTypes.AiTool;
};

/** The object that identifies a run: the execution data, or the one item that an agent calls with. */
const getRunKey = (context: RunContext): object =>
	isCalledByAgent(context)
		? context.getInputData(0, NodeConnectionTypes.AiTool)
		: context.getExecuteData();

function countItems(context: RunContext): number {
	// "Execute Once" gives the engine one item, but leaves the others in the execution data.
	if (isCalledByAgent(context) || context.getNode().executeOnce) return 1;
	return context.getExecuteData().data.main?.[0]?.length ?? 1;
}

/** n8n's Request Options: Batching, if it is on; a size that is no number is 1, as for the engine. */
function getBatching(context: RunContext): Batching | undefined {
	const { batching } = context.getNodeParameter('requestOptions', {}) as {
		batching?: { batch?: { batchSize?: unknown; batchInterval?: unknown } };
	};
	const { batchSize, batchInterval } = batching?.batch ?? {};
	const intervalMs = parseNumber(batchInterval, { min: 1, max: MAX_BATCH_INTERVAL_MS });
	if (intervalMs === undefined) return undefined;
	const bounds = { min: 1, max: Number.MAX_SAFE_INTEGER, isInteger: true };
	return { size: parseNumber(batchSize, bounds) ?? 1, intervalMs };
}

export interface ItemOfRun {
	run: Run;
	item: ItemState;
}

/** One run of the node over its input items, or one call of an AI agent. */
export class Run {
	readonly total: number;
	/** n8n's mode "Stop Workflow". */
	readonly stopsOnError: boolean;
	readonly signal?: AbortSignal;
	readonly clock = new CloseClock();
	/** Made by `connect`. */
	queue!: RequestQueue;
	readonly created = new CreatedSms();
	/** Resolves once every item was validated and has reached the transport. */
	readonly allArrived: Promise<void>;
	/** The first item of the input whose request is not valid. */
	firstInvalid?: ItemState;
	private readonly items = new Map<number, ItemState>();
	private resolveAllArrived!: () => void;
	private connecting?: Promise<string>;
	private arrived = 0;
	private readonly arriving: Array<{ item: ItemState; enter: () => void }> = [];
	private isEndTaken = false;

	private constructor(
		context: RunContext,
		private readonly earlier?: Run,
	) {
		this.total = countItems(context);
		this.stopsOnError = !context.continueOnFail();
		this.signal = context.getExecutionCancelSignal();
		this.allArrived = new Promise((resolve) => (this.resolveAllArrived = resolve));
	}

	/**
	 * The item that is about to be validated, and its run. n8n's Retry On Fail runs the node again with the same execution
	 * data (n8n-core `WorkflowExecute`), and the engine begins each try with item 0. That opens a new run, and so does an
	 * item that is validated a second time. It keeps what the last run did, and which outcomes stayed unknown.
	 */
	static open(context: RunContext): ItemOfRun {
		const key = getRunKey(context);
		const index = context.getItemIndex();
		const known = runs.get(key);
		const isNew = !known || index === 0 || known.items.has(index);
		const run = isNew ? new Run(context, known) : known;
		runs.set(key, run);
		const item = newItemState(index, run.earlier?.items.get(index));
		run.items.set(index, item);
		return { run, item };
	}

	/**
	 * Whether an item was validated. n8n skips the validators of an operation that an expression gives, or whose resource one
	 * gives: they hang on entries of a list that it looks up by the expression itself (n8n-core `RoutingNode`).
	 */
	static isOpen(context: RunContext): boolean {
		return runs.get(getRunKey(context))?.items.has(context.getItemIndex()) ?? false;
	}

	/** The item that was validated and has reached the transport, and its run. */
	static arrive(context: RunContext): ItemOfRun {
		const run = runs.get(getRunKey(context))!;
		run.arrived++;
		if (run.arrived === run.total) run.resolveAllArrived();
		return { run, item: run.items.get(context.getItemIndex())! };
	}

	/** All items that are known so far, in input order. */
	getItems(): ItemState[] {
		return [...this.items.values()].sort((one, other) => one.index - other.index);
	}

	/** Whether it was canceled, and no item is under way any more; true once. */
	takeCanceledEnd(): boolean {
		if (this.isEndTaken || !this.signal?.aborted || this.arrived < this.total) return false;
		this.isEndTaken = this.getItems().every(
			({ output, earlierOutput, error, validationError, isHeldBack }) =>
				output ?? earlierOutput ?? error ?? validationError ?? isHeldBack,
		);
		return this.isEndTaken;
	}

	/** The first item of the input that failed; the one whose error is shown for all. */
	getFirstFailed(): ItemState | undefined {
		return this.getItems().find(({ error }) => error !== undefined);
	}

	/** Records the first error that validation found in an item. */
	recordValidationError(item: ItemState, error: ItemFailure): void {
		item.validationError = error;
		if (!this.firstInvalid || item.index < this.firstInvalid.index) this.firstInvalid = item;
	}

	/**
	 * Reads from the credential where Close is, and makes the queue, which takes turns with those of other runs that use
	 * the same key. Once for all items: a credential with expressions counts as what it is for the first.
	 *
	 * @returns the base URL
	 */
	async connect(context: RunContext): Promise<string> {
		this.connecting ??= readCredential(context).then(({ baseUrl, secret }) => {
			const [{ options }] = this.items.values();
			this.queue = new RequestQueue(getScheduler([baseUrl, secret]), {
				maxConcurrency: options.maxConcurrency,
				signal: this.signal,
				batching: getBatching(context),
				sendsFirstTextAlone: this.stopsOnError,
			});
			return baseUrl;
		});
		return await this.connecting;
	}

	/**
	 * Waits for an item's turn to enter the queue. The engine calls us for all items before any timer fires, in no fixed
	 * order, so after one tick they can be sorted by input index. Items that come later enter as they come: in the
	 * "Continue" modes the engine delays them when Batching is on.
	 */
	async inInputOrder(item: ItemState): Promise<void> {
		await new Promise<void>((enter) => {
			this.arriving.push({ item, enter });
			if (this.arriving.length > 1) return;
			void sleep(0).then(() => {
				const sorted = this.arriving
					.splice(0)
					.sort((one, other) => one.item.index - other.item.index);
				for (const { item: next } of sorted) this.queue.enter(next);
				for (const { enter: go } of sorted) go();
			});
		});
	}
}
