import type { INodeExecutionData } from 'n8n-workflow';
import type { OperationHandler } from '../../transport/request/operationHandler';
import { sendInOrder } from '../../transport/run/sendInOrder';
import { preSend } from '../../validation/preSend';
import { validateLimit, getLimit, limitProperties } from '../limit';
import type { Operation } from '../operation';
import { paginate } from '../paginate';

const NOTE = 'If Close has more than this page, further ones would follow.';

const handleGetAllTemplates: OperationHandler = async (context) => {
	const maxCount = getLimit(context.n8n);
	const assumed = { body: {}, note: NOTE };
	const found: INodeExecutionData[] = [];
	for await (const { items } of paginate(context, { request: context.request, maxCount, assumed }))
		found.push(...items);
	return found;
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
			operations: { pagination: sendInOrder(handleGetAllTemplates) },
		},
	},
	subtitle: 'Get many templates',
	properties: limitProperties,
};
