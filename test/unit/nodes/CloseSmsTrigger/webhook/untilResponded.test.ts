import type { INodeExecutionData } from 'n8n-workflow';
import {
	holdUntilResponded,
	untilResponded,
} from '../../../../../nodes/CloseSmsTrigger/webhook/untilResponded';

beforeEach(() => jest.useFakeTimers({ doNotFake: ['nextTick'] }));
afterEach(() => jest.useRealTimers());

/** Whether the workflow has gone on with these items. */
const goOn = (...items: INodeExecutionData[]) => {
	const state = { isOn: false };
	void untilResponded(items).then(() => (state.isOn = true));
	return state;
};
const pass = async (ms: number) => await jest.advanceTimersByTimeAsync(ms);

test('the workflow goes on once n8n has responded to the delivery', async () => {
	const item = { json: { id: 'acti_1' } };
	let hasResponded = false;
	holdUntilResponded(item, () => hasResponded);
	// n8n hands on the same JSON in another item.
	const state = goOn({ json: item.json });
	await pass(5_000);
	expect(state.isOn).toBe(false);
	hasResponded = true;
	await pass(20);
	expect(state.isOn).toBe(true);
});

test('a response that never comes holds it up for ten seconds', async () => {
	const item = { json: {} };
	holdUntilResponded(item, () => false);
	const state = goOn(item);
	await pass(9_900);
	expect(state.isOn).toBe(false);
	await pass(200);
	expect(state.isOn).toBe(true);
});

test('what came otherwise, as to a worker or in a test run, goes on at once', async () => {
	const state = goOn({ json: { id: 'acti_1' } });
	await pass(0);
	expect(state.isOn).toBe(true);
});
