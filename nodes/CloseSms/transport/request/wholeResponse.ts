import type { IN8nHttpFullResponse, INodeExecutionData } from 'n8n-workflow';
import type { RoutingRequest } from './operationHandler';

/** Close's responses, each by the items that the engine made of it. */
const responses = new WeakMap<INodeExecutionData[], IN8nHttpFullResponse>();

/**
 * Has the engine keep Close's responses to an item whole: it passes on only the items, without status and headers, which
 * a `postReceive` alone sees. To be called once, before anything is sent. A response stays with its own items, so one that
 * comes late is not taken for that of a later request.
 *
 * @param request as the engine gave it: it reads `postReceive` there, not in what it is asked to send (n8n-core `RoutingNode`)
 */
export function keepWholeResponses({ postReceive }: RoutingRequest): void {
	postReceive.push({
		data: { parameterValue: undefined },
		actions: [
			async (items, response) => {
				responses.set(items, response);
				return items;
			},
		],
	});
}

/** The response that the engine made these items of. */
export const getWholeResponse = (items: INodeExecutionData[]): IN8nHttpFullResponse | undefined =>
	responses.get(items);
