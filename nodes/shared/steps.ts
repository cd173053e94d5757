import type { IDataObject, IExecutePaginationFunctions, INodeExecutionData } from 'n8n-workflow';
import type { Answer, Request } from './exchange';

/** What a dry run takes as the answer to a request, where later requests depend on it. */
export interface Assumed {
	answer: IDataObject;
	/** A sentence that says so, for the person who reads the result. */
	note: string;
}

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
