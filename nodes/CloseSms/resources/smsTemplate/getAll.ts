import type { INodeExecutionData } from 'n8n-workflow';
import { MAX_PAGE_SIZE } from '../../../shared/closeTypes';
import type { OperationHandler } from '../../transport/request/operationHandler';
import { sendInOrder } from '../../transport/run/sendInOrder';
import { preSend } from '../../validation/preSend';
import { validateLimit, getLimit, limitProperties } from '../limit';
import type { Operation } from '../operation';

const NOTE = 'If Close has more than this page, further ones would follow.';

const handleGetAll: OperationHandler = async ({ n8n, send, request }) => {
	const limit = getLimit(n8n);
	// By id: a template that is added meanwhile moves the others on to the next page.
	const found = new Map<unknown, INodeExecutionData>();
	for (let skip = 0, isEnd = false; !isEnd && found.size < limit; ) {
		const qs = { _limit: Math.min(MAX_PAGE_SIZE, limit - found.size), _skip: skip };
		const { items, body } = await send({
			...request,
			options: { ...request.options, qs },
			assumed: { body: {}, note: NOTE },
		});
		for (const item of items) found.set(item.json.id, item);
		skip += items.length;
		isEnd = !body.has_more || items.length === 0;
	}
	return [...found.values()];
};

export const getAll: Operation = {
	option: {
		name: 'Get Many',
		value: 'getAll',
		action: 'Get many SMS templates',
		description: 'Retrieve a list of SMS templates, archived ones too',
		routing: {
			request: { method: 'GET', url: '/sms_template/' },
			send: { preSend: [preSend(validateLimit)] },
			output: { postReceive: [{ type: 'rootProperty', properties: { property: 'data' } }] },
			operations: { pagination: sendInOrder(handleGetAll) },
		},
	},
	subtitle: 'Get many templates',
	properties: limitProperties,
};
