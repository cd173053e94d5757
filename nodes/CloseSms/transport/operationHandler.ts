import type {
	DeclarativeRestApiSettings,
	IDataObject,
	IExecutePaginationFunctions,
	INodeExecutionData,
} from 'n8n-workflow';
import type { RequestFailure } from '../../shared/errors/requestFailure';
import type { ItemState } from './itemState';

/** A request of one item as the engine takes it, with what the transport has to know of it. */
export interface RoutingRequest extends DeclarativeRestApiSettings.ResultOptions {
	/** Presigns a file and then uploads it to where Close says; both can be repeated without harm. */
	upload?: {
		filename: string;
		uploadFile: (presigned: IDataObject) => Promise<RequestFailure | undefined>;
	};
	/** The first of several requests that end in a text: it is held back as that one is once the run has stopped. */
	leadsToText?: boolean;
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
export type Send = (request: RoutingRequest, assumed?: AssumedResponse) => Promise<CloseResponse>;

/** What a handler knows of its item, and may say of it. */
export type HandledItem = Pick<
	ItemState,
	'index' | 'options' | 'draftId' | 'unknownOutcome' | 'secretTexts'
>;

/** Waits for what another item does, and leaves its place in the queue to others meanwhile. */
export type WaitFor = <T>(other: Promise<T>) => Promise<T>;

/** What an operation does for one item. */
export type OperationHandler = (
	this: IExecutePaginationFunctions,
	send: Send,
	request: RoutingRequest,
	item: HandledItem,
	waitFor: WaitFor,
) => Promise<INodeExecutionData[]>;

/** The handler of an operation that is one request. */
export const singleRequest: OperationHandler = async (send, request) => (await send(request)).items;
