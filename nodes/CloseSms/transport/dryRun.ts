import type { IDataObject, IExecuteSingleFunctions } from 'n8n-workflow';
import type { RoutingRequest } from './requestWithRetry';
import type { Send, OperationHandler } from './operationHandler';

const isNonEmptyObject = (value: unknown): value is IDataObject =>
	typeof value === 'object' && value !== null && Object.keys(value).length > 0;

/** A request as it would go out; headers are left out because they hold the credential. */
function toPreview({ options }: RoutingRequest): IDataObject {
	const { method = 'GET', baseURL = '', url, qs, body } = options;
	return {
		method,
		url: `${baseURL}${url}`,
		...(isNonEmptyObject(qs) && { query: { ...qs } }),
		...(method !== 'GET' && isNonEmptyObject(body) && { body: { ...body } }),
	};
}

/** Whether 'Dry Run' is on: whatever does not go through `Send` must ask before it goes out. */
export const isDryRun = (context: Pick<IExecuteSingleFunctions, 'getNodeParameter'>): boolean =>
	(context.getNodeParameter('options', {}) as { dryRun?: boolean }).dryRun === true;

/** Makes of what an operation does for one item a list of the requests that it would send; none goes out. */
export const dryRun = (steps: OperationHandler): OperationHandler =>
	async function (_, request) {
		const requests: IDataObject[] = [];
		const notes = ['Dry run: nothing was sent, changed or read.'];
		const record: Send = async (next, { body, note } = { body: {}, note: '' }) => {
			requests.push(toPreview(next));
			if (note) notes.push(note);
			return { items: [], body };
		};
		await steps.call(this, record, request);
		return [{ json: { dryRun: true, requests, _note: notes.join(' ') } }];
	};
