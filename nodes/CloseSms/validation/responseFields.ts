import type { IExecuteSingleFunctions } from 'n8n-workflow';
import { parseSelectedFields } from '../output/outputProperties';
import type { NodeOptions } from './nodeOptions';
import type { PreSendValidator } from './preSend';

/**
 * With 'Output' Selected Fields, asks Close only for those.
 *
 * @param getNeeded the fields that the operation itself needs besides
 */
export const selectResponseFields =
	(
		getNeeded: (context: IExecuteSingleFunctions, options: NodeOptions) => string[],
	): PreSendValidator =>
	(context, request, options) => {
		if (context.getNodeParameter('output', 'raw') !== 'selected') return;
		const selected = parseSelectedFields(context.getNodeParameter('fields', []));
		const fields = new Set([...selected, ...getNeeded(context, options)]);
		request.qs = { ...request.qs, _fields: [...fields].join(',') };
	};
