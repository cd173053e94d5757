import type {
	DeclarativeRestApiSettings,
	IExecuteSingleFunctions,
	IN8nHttpFullResponse,
	INodeExecutionData,
	PostReceiveAction,
} from 'n8n-workflow';
import {
	getWholeResponse,
	keepWholeResponses,
} from '../../../../../../nodes/CloseSms/transport/request/wholeResponse';

const response = (id: string): IN8nHttpFullResponse => ({
	statusCode: 200,
	headers: { date: id },
	body: { id },
});

/** A request with one action before, as the operations have them, and what the engine makes of a response to it. */
function newRequest() {
	const shape: PostReceiveAction = async (items) =>
		items.map(({ json }) => ({ json: { ...json } }));
	const request: DeclarativeRestApiSettings.ResultOptions = {
		options: { url: '/' },
		preSend: [],
		postReceive: [{ data: { parameterValue: undefined }, actions: [shape] }],
	};
	const receive = async (received: IN8nHttpFullResponse) => {
		let items: INodeExecutionData[] = [{ json: { id: 'of the body' } }];
		for (const { actions } of request.postReceive)
			for (const action of actions)
				if (typeof action === 'function')
					items = await action.call({} as IExecuteSingleFunctions, items, received);
		return items;
	};
	return { request, receive };
}

test('a response is found by the items that were made of it, whichever came last', async () => {
	const { request, receive } = newRequest();
	keepWholeResponses(request);
	const [first, second] = [response('1'), response('2')];
	const [ofFirst, ofSecond] = await Promise.all([receive(first), receive(second)]);

	expect(getWholeResponse(ofFirst)).toBe(first);
	expect(getWholeResponse(ofSecond)).toBe(second);
	expect(ofFirst).toEqual([{ json: { id: 'of the body' } }]);
});

test('items of something else have none', () => {
	expect(getWholeResponse([{ json: {} }])).toBeUndefined();
});
