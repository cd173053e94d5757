import type { IDataObject } from 'n8n-workflow';
import { summarizeDryRun, type Preview } from './dryRunSummary';
import type { Send, OperationHandler, RoutingRequest } from '../request/operationHandler';

const isNonEmptyObject = (value: unknown): value is IDataObject =>
	typeof value === 'object' && value !== null && Object.keys(value).length > 0;

/** A request as it would be sent, without headers, because they hold the credential. */
function toPreview({ options }: RoutingRequest): Preview {
	const { method = 'GET', baseURL = '', url, qs, body } = options;
	return {
		method,
		url: `${baseURL}${url}`,
		...(isNonEmptyObject(qs) && { query: { ...qs } }),
		...(method !== 'GET' && isNonEmptyObject(body) && { body: { ...body } }),
	};
}

/**
 * Lists the requests that an operation would send for one item instead of sending them, and says in words what they
 * would do. What it assumes about people is not remembered for other items.
 */
export const dryRun =
	(handler: OperationHandler): OperationHandler =>
	async (context) => {
		const requests: Preview[] = [];
		// Once each: the same is read for several options.
		const notes = new Set(['Dry run: nothing was sent, changed or read.']);
		const send: Send = async (next) => {
			const { body, note } = next.assumed ?? { body: {}, note: '' };
			requests.push(toPreview(next));
			if (note) notes.add(note);
			return { items: [], body, time: NaN };
		};
		await handler({ ...context, send, trySend: send, run: {} });
		const asked = (context.request.options.body ?? {}) as IDataObject;
		const summary = summarizeDryRun(requests, asked, context.item.options);
		return [{ json: { summary, _note: [...notes].join(' '), dryRun: true, requests } }];
	};
