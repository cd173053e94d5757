import type { IDataObject, IExecutePaginationFunctions, INodeExecutionData } from 'n8n-workflow';
import type { CloseResponse, RoutingRequest } from './requestWithRetry';

/** What a dry run takes as the answer to a request, where later requests depend on it. */
export interface AssumedResponse {
	body: IDataObject;
	/** A sentence that says so, for the person who reads the result. */
	note: string;
}

/** Sends one request of an item; a dry run only lists it and takes `assumed` as the answer. */
export type Send = (request: RoutingRequest, assumed?: AssumedResponse) => Promise<CloseResponse>;

/** What an operation does for one item when its turn has come. */
export type OperationHandler = (
	this: IExecutePaginationFunctions,
	send: Send,
	request: RoutingRequest,
) => Promise<INodeExecutionData[]>;

/** The steps of an operation that is one request. */
export const singleRequest: OperationHandler = async (send, request) => (await send(request)).items;
