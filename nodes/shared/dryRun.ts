import type { IDataObject, IExecuteSingleFunctions } from 'n8n-workflow';
import type { Request } from './exchange';
import type { Send, Steps } from './steps';

const hasSomething = (value: unknown): value is IDataObject =>
	typeof value === 'object' && value !== null && Object.keys(value).length > 0;

/** A request as it would go out; headers are left out because they hold the credential. */
function shown({ options }: Request): IDataObject {
	const { method = 'GET', baseURL = '', url, qs, body } = options;
	return {
		method,
		url: `${baseURL}${url}`,
		...(hasSomething(qs) && { query: { ...qs } }),
		...(method !== 'GET' && hasSomething(body) && { body: { ...body } }),
	};
}

/** Whether 'Dry Run' is on: whatever does not go through `Send` must ask before it goes out. */
export const isDryRun = (context: Pick<IExecuteSingleFunctions, 'getNodeParameter'>): boolean =>
	(context.getNodeParameter('options', {}) as { dryRun?: boolean }).dryRun === true;

/** Makes of what an operation does for one item a list of the requests that it would send; none goes out. */
export const dryRun = (steps: Steps): Steps =>
	async function (_, request) {
		const requests: IDataObject[] = [];
		const notes = ['Dry run: nothing was sent, changed or read.'];
		const record: Send = async (next, { answer, note } = { answer: {}, note: '' }) => {
			requests.push(shown(next));
			if (note) notes.push(note);
			return { items: [], body: answer };
		};
		await steps.call(this, record, request);
		return [{ json: { dryRun: true, requests, _note: notes.join(' ') } }];
	};
