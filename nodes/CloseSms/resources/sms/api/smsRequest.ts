import type { IDataObject, IHttpRequestMethods } from 'n8n-workflow';
import type { RoutingRequest } from '../../../transport/request/operationHandler';

/**
 * A request about one SMS activity, with the credential and settings of another request.
 *
 * @param id of the activity; that of the other request's path unless given
 */
export const smsRequest = (
	request: RoutingRequest,
	method: IHttpRequestMethods,
	body?: IDataObject,
	id?: string,
): RoutingRequest => ({
	...request,
	options: {
		...request.options,
		method,
		url: id === undefined ? request.options.url : `/activity/sms/${id}/`,
		qs: {},
		body,
	},
});

/** A request that reads something else, with the credential and settings of another request. */
export const readRequest = (
	request: RoutingRequest,
	url: string,
	qs: IDataObject,
): RoutingRequest => ({
	...request,
	options: { ...request.options, method: 'GET', url, qs, body: undefined },
});
