import {
	inTurn,
	isToBeRemoved,
	keep,
	removeLater,
	removeNow,
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

test('one that is just being removed is gone before anybody looks', async () => {
	let end = () => undefined as void;
	removeLater('whsub_2', ADDRESS, async () => await new Promise((resolve) => (end = resolve)));
	await jest.advanceTimersByTimeAsync(10_100);
	const order: string[] = [];
	const looked = inTurn(ADDRESS, async () => order.push('looked'));
	await jest.advanceTimersByTimeAsync(100);
	expect(isToBeRemoved('whsub_2')).toBe(true);
	order.push('removed');
	end();
	await looked;
	expect(order).toEqual(['removed', 'looked']);
	expect(isToBeRemoved('whsub_2')).toBe(false);
});

test('one is not removed while somebody looks at it, and not at all if that keeps it', async () => {
	let end = () => undefined as void;
	const looked = inTurn(ADDRESS, async () => {
		await new Promise<void>((resolve) => (end = resolve));
		keep('whsub_1');
	});
	await jest.advanceTimersByTimeAsync(20_000);
	expect(remove).not.toHaveBeenCalled();
	end();
	await looked;
	await jest.advanceTimersByTimeAsync(20_000);
	expect(remove).not.toHaveBeenCalled();
});

test('what waits for its turn does not wait for what failed', async () => {
	const failed = inTurn(ADDRESS, async () => await Promise.reject(new Error('Close refused')));
	const next = inTurn(ADDRESS, async () => await Promise.resolve('looked'));
	await expect(failed).rejects.toThrow('Close refused');
	expect(await next).toBe('looked');
});
