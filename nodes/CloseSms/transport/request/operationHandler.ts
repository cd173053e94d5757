import type {
	DeclarativeRestApiSettings,
	IDataObject,
	IExecutePaginationFunctions,
	INodeExecutionData,
} from 'n8n-workflow';
import type { ItemFailure } from '../../../shared/errors/itemFailure';
import type { RequestFailure } from '../../../shared/errors/requestFailure';
import type { Budget } from './budget';
import type { ItemState } from './itemState';

/** A request of one item as the engine takes it, with what the transport needs to know about it. */
export interface RoutingRequest extends DeclarativeRestApiSettings.ResultOptions {
	/** The request presigns an upload, and `uploadFile` then sends the file there; both can be repeated without harm. */
	upload?: {
		filename: string;
		/** @param timeout in milliseconds */
		uploadFile: (presigned: IDataObject, timeout: number) => Promise<RequestFailure | undefined>;
	};
	/**
	 * Asked directly before each attempt, after all waiting: a stale request is not sent, and `StaleError` is thrown.
	 */
	isStale?: () => boolean;
	/** It is followed by a request that can text a person: like that one, it is held back once the run has stopped. */
	leadsToText?: boolean;
	/**
	 * What the SMS is to be afterwards, by Close's names of the fields, where that is more than the body says: Close's
	 * response, and what is read in place of a lost one, must be so. The body unless given.
	 */
	expected?: IDataObject;
	/**
	 * What it was before, and is to stay, with `date_updated`: a draft that is not so any more, or changed since, was changed
	 * by somebody.
	 */
	kept?: IDataObject;
	/** Its lead and contact were found by the number, not given. */
	isRecipientFound?: boolean;
	/** The attempts and the time it has; its own unless given. */
	budget?: Budget;
	/** What a dry run takes as the response; nothing unless given. */
	assumed?: AssumedResponse;
}

/** Close's response: the items that the node's output settings make of it, and the body as Close gave it. */
export interface CloseResponse {
	items: INodeExecutionData[];
	body: IDataObject;
	/** When Close sent it, by its own clock, in milliseconds since 1970; NaN when it does not say. */
	time: number;
}

/** What a dry run takes as the response to a request, where later requests depend on it. */
export interface AssumedResponse {
	body: IDataObject;
	/** A sentence that says so, for the person who reads the result. */
	note: string;
}

/** Sends one request of an item; a dry run only lists it and takes `assumed` as the response. */
export type Send = (request: RoutingRequest) => Promise<CloseResponse>;

/** A request that failed, and that the operation survives. */
export interface SurvivedFailure {
	failure: ItemFailure;
}

export const isSurvived = (value: CloseResponse | SurvivedFailure): value is SurvivedFailure =>
	'failure' in value;

/**
 * Sends a request whose failure the operation survives: it is returned, and other items go on meanwhile. What is thrown
 * by `send` is final for the item, and nobody is texted until its result is known.
 *
 * @param survivable the HTTP statuses that the operation survives, e.g. `404`; after any other failure, this throws as
 * `send` does. All failures unless given.
 * @throws {StoppedError} @throws {NotStartedError} when the run was stopped before it could be sent
 */
export type TrySend = (
	request: RoutingRequest,
	survivable?: ReadonlySet<string>,
) => Promise<CloseResponse | SurvivedFailure>;

/** The part of an item's state that a handler may read, and in which it keeps its draft and the number for it. */
type HandledItem = Pick<
	ItemState,
	'index' | 'options' | 'draftId' | 'drafted' | 'chosen' | 'unknownOutcome'
>;

/**
 * Waits for another item. Meanwhile others may start in its place. The wait ends when the execution is canceled or the
 * run was stopped.
 *
 * @param options.ms how long to wait at most: for an item of another run, which may last. An item of the same run always
 * ends.
 * @param options.keepsPlace items after this one do not start meanwhile; only for a wait for an item before it
 * @throws {WaitTimeoutError} @throws {StoppedError} @throws {NotStartedError} @throws {ItemFailure} when canceled
 */
export type WaitFor = <T>(
	other: Promise<T>,
	options?: { ms?: number; keepsPlace?: boolean },
) => Promise<T>;

/** Waits, once the item sends nothing more, for what ends by itself when the run does. Others start in its place. */
export type WaitAtEnd = <T>(end: Promise<T>) => Promise<T>;

/** Everything that an operation is given for one item. */
export interface HandlerContext {
	readonly n8n: IExecutePaginationFunctions;
	/** The item's request as the engine and the validators made it. */
	readonly request: RoutingRequest;
	readonly item: HandledItem;
	/** For a request without which the item fails. */
	readonly send: Send;
	/** For a request without which the operation goes on. */
	readonly trySend: TrySend;
	readonly waitFor: WaitFor;
	readonly waitAtEnd: WaitAtEnd;
	/** Aborted when another item has failed in Stop mode: nothing that can text a person is sent any more. */
	readonly stopSignal: AbortSignal;
	/** The attempts and the time for one request, or for several that are one step for the item. */
	readonly newBudget: () => Budget;
	/** Milliseconds since 1970 by Close's clock, as far as its responses have told it. */
	readonly now: () => number;
	/** Identifies the run: see `perRun`. */
	readonly run: object;
}

/** What an operation does for one item. It sends all requests with `send`, and returns the output items. */
export type OperationHandler = (context: HandlerContext) => Promise<INodeExecutionData[]>;

/** The handler of an operation that is one request. */
export const singleRequest: OperationHandler = async ({ send, request }) =>
	(await send(request)).items;

/**
 * State that all items of a run share: made when the first of them asks for it, and gone with the run.
 *
 * @returns a function that gives the state of an item's run
 */
export function perRun<T>(make: (context: HandlerContext) => T): (context: HandlerContext) => T {
	const values = new WeakMap<object, T>();
	return (context) => {
		const known = values.get(context.run);
		if (known) return known;
		const value = make(context);
		values.set(context.run, value);
		return value;
	};
}
