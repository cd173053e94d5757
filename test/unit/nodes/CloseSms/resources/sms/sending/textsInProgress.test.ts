import { sleep } from 'n8n-workflow';
import { TextsInProgress } from '../../../../../../../nodes/CloseSms/resources/sms/sending/textsInProgress';

const START = Date.parse('2026-12-01T12:00:00Z');
const RUN = {};
const ending = (id: string) => ({ id, isUnknown: false, at: START });

afterEach(() => jest.useRealTimers());

test('texts with the same key go one after the other, others side by side', async () => {
	const texts = new TextsInProgress();
	const order: string[] = [];
	const go = async (key: string, name: string, ms: number) => {
		const { before, end } = texts.takeTurn(key, RUN);
		await before;
		order.push(`${name} begins`);
		await sleep(ms);
		order.push(`${name} ends`);
		end(ending(name));
	};
	await Promise.all([go('a', 'a1', 30), go('a', 'a2', 1), go('b', 'b1', 1)]);
	expect(order).toEqual(['a1 begins', 'b1 begins', 'b1 ends', 'a1 ends', 'a2 begins', 'a2 ends']);
	expect(texts.getEndings('a').map(({ id }) => id)).toEqual(['a1', 'a2']);
});

test('one that gives up while it waits lets nobody overtake the one before it', async () => {
	const texts = new TextsInProgress();
	const first = texts.takeTurn('a', RUN);
	const second = texts.takeTurn('a', RUN);
	const third = texts.takeTurn('a', RUN);
	let isThirdsTurn = false;
	void third.before.then(() => (isThirdsTurn = true));
	second.end();
	await sleep(5);
	expect(isThirdsTurn).toBe(false);
	first.end();
	await third.before;
	expect(texts.getEndings('a')).toEqual([]);
});

test('how a text ended is remembered for a minute, and nothing is kept after it', async () => {
	jest.useFakeTimers({ now: START, doNotFake: ['nextTick', 'setTimeout'] });
	const texts = new TextsInProgress();
	texts.takeTurn('a', RUN).end(ending('acti_1'));
	jest.setSystemTime(START + 30_000);
	texts.takeTurn('a', RUN).end(ending('acti_2'));
	jest.setSystemTime(START + 60_000);
	expect(texts.getEndings('a').map(({ id }) => id)).toEqual(['acti_1', 'acti_2']);
	jest.setSystemTime(START + 60_001);
	expect(texts.getEndings('a').map(({ id }) => id)).toEqual(['acti_2']);
	texts.takeTurn('b', RUN).end();
	expect(texts.getEndings('a').map(({ id }) => id)).toEqual(['acti_2']);
	expect(texts.getEndings('b')).toEqual([]);
	jest.setSystemTime(START + 90_001);
	texts.takeTurn('b', RUN).end();
	await sleep(1);
	expect(texts.size).toBe(0);
});

test('nothing is kept of keys whose texts have ended', async () => {
	jest.useFakeTimers({ now: START, doNotFake: ['nextTick', 'setTimeout'] });
	const texts = new TextsInProgress();
	const open = texts.takeTurn('open', RUN);
	for (let n = 0; n < 100; n++) texts.takeTurn(`key ${n}`, RUN).end(ending(`acti_${n}`));
	jest.setSystemTime(START + 60_001);
	texts.takeTurn('last', RUN).end();
	await sleep(1);
	expect(texts.size).toBe(1);
	open.end();
	await sleep(1);
	expect(texts.size).toBe(0);
});

test('a turn after one of another run is told so, since that may last', () => {
	const texts = new TextsInProgress();
	expect(texts.takeTurn('a', RUN).isAfterOwnRun).toBe(true);
	expect(texts.takeTurn('a', RUN).isAfterOwnRun).toBe(true);
	expect(texts.takeTurn('a', {}).isAfterOwnRun).toBe(false);
});

test('a draft of this process is known as its own for a minute', () => {
	jest.useFakeTimers({ now: START });
	const texts = new TextsInProgress();
	texts.addDraft('acti_1', true);
	jest.setSystemTime(START + 60_000);
	texts.addDraft('acti_2', true);
	expect(texts.isInTurn('acti_1')).toBe(true);
	jest.setSystemTime(START + 60_001);
	texts.addDraft('acti_3', true);
	expect(['acti_1', 'acti_2', 'acti_4'].map(texts.isInTurn)).toEqual([false, true, false]);
});

test('a draft of a text that waits for nobody is known as such, and only as such', () => {
	const texts = new TextsInProgress();
	texts.addDraft('acti_1', false);
	expect([texts.goesAtOnce('acti_1'), texts.isInTurn('acti_1'), texts.size]).toEqual([
		true,
		false,
		1,
	]);
});

test('what is kept is counted: keys in use, drafts of both kinds and keys with endings', async () => {
	const texts = new TextsInProgress();
	texts.takeTurn('a', RUN).end(ending('acti_1'));
	texts.takeTurn('b', RUN).end(ending('acti_2'));
	texts.takeTurn('c', RUN);
	texts.addDraft('acti_3', true);
	texts.addDraft('acti_4', false);
	await sleep(1);
	expect(texts.size).toBe(5);
});
