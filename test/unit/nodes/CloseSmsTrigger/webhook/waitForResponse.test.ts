import type { INodeExecutionData } from 'n8n-workflow';
import {
	deferUntilResponse,
	waitForResponse,
} from '../../../../../nodes/CloseSmsTrigger/webhook/waitForResponse';

beforeEach(() => jest.useFakeTimers({ doNotFake: ['nextTick'] }));
afterEach(() => jest.useRealTimers());

/** Whether the workflow has gone on with this item, and whether the delivery came to this process. */
const goOn = (item: INodeExecutionData) => {
	const state = { isOn: false, isInOwnProcess: undefined as boolean | undefined };
	void waitForResponse(item).then((isInOwnProcess) =>
		Object.assign(state, { isOn: true, isInOwnProcess }),
	);
	return state;
};
const pass = async (ms: number) => await jest.advanceTimersByTimeAsync(ms);

test('the workflow goes on once n8n has responded to the delivery', async () => {
	const item = { json: { id: 'acti_1' } };
	let hasResponded = false;
	deferUntilResponse(item, () => hasResponded);
	// n8n hands on the same JSON in another item.
	const state = goOn({ json: item.json });
	await pass(5_000);
	expect(state.isOn).toBe(false);
	hasResponded = true;
	await pass(20);
	expect(state).toEqual({ isOn: true, isInOwnProcess: true });
});

test('a response that never comes holds it up for ten seconds', async () => {
	const item = { json: {} };
	deferUntilResponse(item, () => false);
	const state = goOn(item);
	await pass(9_900);
	expect(state.isOn).toBe(false);
	await pass(200);
	expect(state.isOn).toBe(true);
});

test('an item whose delivery came to another process goes on at once', async () => {
	const state = goOn({ json: { id: 'acti_1' } });
	await pass(0);
	expect(state).toEqual({ isOn: true, isInOwnProcess: false });
});
