import type {
	IBinaryData,
	IDataObject,
	IExecutePaginationFunctions,
	IExecuteSingleFunctions,
	IHttpRequestOptions,
	INode,
} from 'n8n-workflow';
import type { Operation } from '../../nodes/CloseSms/resources/operation';
import { Budget } from '../../nodes/CloseSms/transport/request/budget';
import { newItemState, type ItemState } from '../../nodes/CloseSms/transport/request/itemState';
import type {
	CloseResponse,
	HandlerContext,
	RoutingRequest,
	Send,
	TrySend,
} from '../../nodes/CloseSms/transport/request/operationHandler';
import { Run } from '../../nodes/CloseSms/transport/run/run';
import { ItemFailure } from '../../nodes/shared/errors/itemFailure';
import { toNodeError } from '../../nodes/shared/errors/toNodeError';

const NODE: INode = {
	id: 'node',
	name: 'Close SMS',
	type: 'n8n-nodes-close-sms.closeSms',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
};

export interface FakeItem {
	/** The node's parameters as they are once their expressions are evaluated; an `Error` is one that fails. */
	parameters?: IDataObject | { [name: string]: unknown };
	operation?: string;
	itemIndex?: number;
	/** Time zone of the workflow. */
	zone?: string;
	binary?: Record<string, IBinaryData>;
}

export type FakeContext = IExecuteSingleFunctions & IExecutePaginationFunctions;

/** What n8n gives to the code of a node for one item. */
export function fakeContext({
	parameters = {},
	operation = 'update',
	itemIndex = 0,
	zone = 'UTC',
	binary = {},
}: FakeItem = {}): FakeContext {
	const node: INode = { ...NODE, parameters: { operation } };
	const executeData = { node, data: { main: [[{ json: {} }]] }, source: null };
	const getNodeParameter = (
		name: string,
		fallback: unknown,
		{ extractValue = false } = {},
	): unknown => {
		const value = name
			.split('.')
			.reduce<unknown>((object, key) => (object as IDataObject | undefined)?.[key], parameters);
		if (value instanceof Error) throw value;
		const isLocator = typeof value === 'object' && value !== null && '__rl' in value;
		return (
			(extractValue && isLocator ? (value as unknown as IDataObject).value : value) ?? fallback
		);
	};
	const assertBinaryData = (field: string) => {
		if (!(field in binary)) throw new Error(`This operation expects binary data '${field}'`);
		return binary[field];
	};
	return {
		continueOnFail: () => false,
		getExecuteData: () => executeData,
		getExecutionCancelSignal: () => undefined,
		getItemIndex: () => itemIndex,
		getNode: () => node,
		getNodeParameter,
		getTimezone: () => zone,
		helpers: { assertBinaryData },
	} as unknown as FakeContext;
}

/** Runs the validators of an operation as the engine does, for one item. */
export async function validate(
	{ option }: Operation,
	{ body = {}, qs = {}, ...item }: FakeItem & { body?: IDataObject; qs?: IDataObject },
): Promise<{ body: IDataObject; qs: IDataObject; url: string; error?: string; next?: string }> {
	const context = fakeContext({
		...item,
		parameters: { smsId: 'acti_1', templateId: 'smstmpl_1', ...item.parameters },
	});
	const request: IHttpRequestOptions = { url: '/activity/sms/{id}/', body, qs };
	const [preSend] = option.routing!.send!.preSend!;
	const made = await preSend.call(context, request);
	const { validationError } = Run.arrive(context).item;
	const error = validationError && toNodeError(context, validationError);
	return {
		body: made.body as IDataObject,
		qs: made.qs as IDataObject,
		url: made.url,
		error: error?.message,
		next: error?.description ?? undefined,
	};
}

/** A request that n8n's engine made of the node's parameters. */
export const fakeRequest = (
	method: 'GET' | 'POST' | 'PUT' | 'DELETE',
	url: string,
	body: IDataObject = {},
	qs: IDataObject = {},
): RoutingRequest => ({
	options: { method, url, baseURL: 'https://close.test/api/v1', body, qs },
	preSend: [],
	postReceive: [],
});

/** A response of Close, with the one output item that the node makes of it. */
export const fakeResponse = (body: IDataObject): CloseResponse => ({
	body,
	items: [{ json: body }],
	time: NaN,
});

export const fakeItem = (more: Partial<ItemState> = {}): ItemState => ({
	...newItemState(0),
	...more,
});

/** A failure of Close that is survived; as the transport does it, but it holds nobody up. */
const trying =
	(send: Send): TrySend =>
	async (request, survivable) =>
		await send(request).catch((failure: unknown) => {
			const survives =
				failure instanceof ItemFailure && (survivable?.has(String(failure.facts.httpCode)) ?? true);
			if (survives) return { failure };
			throw failure;
		});

/** What a handler is given for one item; Close answers everything with an empty object unless `send` is given. */
export const handlerContext = ({
	send = async () => fakeResponse({}),
	...given
}: Partial<HandlerContext> = {}): HandlerContext => ({
	n8n: fakeContext(),
	request: fakeRequest('POST', '/activity/sms/'),
	item: fakeItem(),
	send,
	trySend: trying(send),
	waitFor: async (other) => await other,
	waitAtEnd: async (end) => await end,
	stopSignal: new AbortController().signal,
	newBudget: () => new Budget(8, 300_000),
	now: () => Date.now(),
	run: {},
	...given,
});

/** An error as a person sees it who runs several items. */
export const asShown = (error: unknown): Error & { description?: string | null } =>
	error instanceof ItemFailure ? toNodeError(fakeContext(), error) : (error as Error);

/** The error that a function throws, as a person sees it. */
export function thrownBy(run: () => unknown): Error & { description?: string | null } {
	try {
		run();
	} catch (error) {
		return asShown(error);
	}
	throw new Error('Nothing was thrown');
}
