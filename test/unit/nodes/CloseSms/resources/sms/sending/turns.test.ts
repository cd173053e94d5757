import { wait } from '../../../../../../../dev/platform';
import { Turns } from '../../../../../../../nodes/CloseSms/resources/sms/sending/turns';

const [ONE, OTHER] = [{}, {}];

test('what has the same key goes one after the other, and other keys at once', async () => {
	const turns = new Turns();
	const order: string[] = [];
	const take = (key: string, name: string) => {
		const turn = turns.take(key, ONE);
		void turn.before.then(() => order.push(name));
		return turn;
	};
	const first = take('a', 'first');
	take('a', 'second');
	take('b', 'another');
	await wait(0);
	expect(order).toEqual(['first', 'another']);
	first.end();
	await wait(0);
	expect(order).toEqual(['first', 'another', 'second']);
});

test('a turn that is given up while it waits does not let the next one overtake the one before', async () => {
	const turns = new Turns();
	turns.take('a', ONE);
	turns.take('a', ONE).end();
	let isNext = false;
	void turns.take('a', ONE).before.then(() => (isNext = true));
	await wait(0);
	expect(isNext).toBe(false);
});

test('a key is free once the last turn of it has ended, and nothing is kept of it', async () => {
	const turns = new Turns();
	expect(turns.isTaken('a')).toBe(false);
	const [first, second] = [turns.take('a', ONE), turns.take('a', ONE)];
	first.end();
	await wait(0);
	expect([turns.isTaken('a'), turns.size]).toEqual([true, 1]);
	second.end();
	await turns.untilFree('a');
	expect([turns.isTaken('a'), turns.size]).toEqual([false, 0]);
});

test('a turn says whether none is before it', async () => {
	const turns = new Turns();
	const [first, second] = [turns.take('a', ONE), turns.take('a', ONE)];
	expect([first.isFirst, second.isFirst, turns.take('b', ONE).isFirst]).toEqual([
		true,
		false,
		true,
	]);
	first.end();
	second.end();
	await turns.untilFree('a');
	expect(turns.take('a', ONE).isFirst).toBe(true);
});

test('only what waits for nobody but its own run is certain to get its turn', () => {
	const turns = new Turns();
	const isAfterOwnRun = (run: object) => turns.take('a', run).isAfterOwnRun;
	expect([ONE, ONE, OTHER, OTHER].map(isAfterOwnRun)).toEqual([true, true, false, false]);
});
