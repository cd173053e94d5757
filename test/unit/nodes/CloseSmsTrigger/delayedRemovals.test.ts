import {
	isToBeRemoved,
	keep,
	removeLater,
	removeNow,
	untilNoneIsUnderWay,
} from '../../../../nodes/CloseSmsTrigger/delayedRemovals';

const ADDRESS = 'https://n8n.example/webhook/1/webhook';
const remove = jest.fn(async () => undefined);

beforeEach(() => {
	jest.useFakeTimers();
	remove.mockClear();
	removeLater('whsub_1', ADDRESS, remove);
});
afterEach(async () => {
	keep('whsub_1');
	await jest.runAllTimersAsync();
	jest.useRealTimers();
});

test('a subscription is removed ten seconds later, once', async () => {
	await jest.advanceTimersByTimeAsync(9900);
	expect(remove).not.toHaveBeenCalled();
	expect(isToBeRemoved('whsub_1')).toBe(true);
	await jest.advanceTimersByTimeAsync(200);
	expect(remove).toHaveBeenCalledTimes(1);
	expect(isToBeRemoved('whsub_1')).toBe(false);
});

test('one that is kept is never removed', async () => {
	await jest.advanceTimersByTimeAsync(9900);
	keep('whsub_1');
	await removeNow(ADDRESS);
	await jest.advanceTimersByTimeAsync(60_000);
	expect(remove).not.toHaveBeenCalled();
	expect(isToBeRemoved('whsub_1')).toBe(false);
});

test('it can be removed at once, and not that of another trigger', async () => {
	const other = jest.fn(async () => undefined);
	removeLater('whsub_2', `${ADDRESS}2`, other);
	const removed = removeNow(ADDRESS);
	await jest.advanceTimersByTimeAsync(100);
	await removed;
	expect(remove).toHaveBeenCalledTimes(1);
	expect(other).not.toHaveBeenCalled();
	keep('whsub_2');
});

test('one that is just being removed can no longer be kept; who asks waits until it is gone', async () => {
	let end = () => undefined as void;
	removeLater('whsub_2', ADDRESS, async () => await new Promise((resolve) => (end = resolve)));
	await jest.advanceTimersByTimeAsync(10_100);
	keep('whsub_2');
	expect(isToBeRemoved('whsub_2')).toBe(true);
	const order: string[] = [];
	const waited = untilNoneIsUnderWay(ADDRESS).then(() => order.push('looked'));
	await jest.advanceTimersByTimeAsync(100);
	order.push('gone');
	end();
	await waited;
	expect(order).toEqual(['gone', 'looked']);
});
