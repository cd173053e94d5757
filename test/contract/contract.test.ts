import { EXPECTATIONS } from '../../dev/contract/expectations';
import { MAX_TEXTS } from '../../dev/contract/sendGuard';
import type { RunResult } from '../../dev/contract/runContract';
import type { Simulator } from '../../dev/simulator';
import { clientOf } from '../../dev/simulator/client';
import { OWN_PHONE, startWith, tryContract, tryWholeContract } from './setUpContract';

const ids = (things: Array<{ id: string }>) => things.map(({ id }) => id).sort();

let close: Simulator;
let result: RunResult;

beforeAll(async () => {
	close = await startWith();
	result = await tryWholeContract(close);
});
afterAll(async () => await close.stop());

test.each(EXPECTATIONS.map(({ name, title }) => [name, title]))('%s: %s', (name) => {
	const { outcome } = result.attempts.find(({ expectation }) => expectation.name === name)!;
	const found = outcome.result === 'differs' ? outcome.difference : undefined;
	const reason = outcome.result === 'notTried' ? outcome.reason : undefined;
	expect({ result: outcome.result, words: (found ?? reason)?.text }).toEqual({ result: 'holds' });
});

test('every name is used once', () => {
	const names = EXPECTATIONS.map(({ name }) => name);
	expect(new Set(names).size).toBe(names.length);
});

test('nothing is left of it', async () => {
	const api = clientOf(close);
	expect(result.left).toEqual([]);
	for (const [path, known] of [
		['/activity/sms/', close.account.texts],
		['/lead/', close.account.leads],
		['/contact/', close.account.contacts],
		['/sms_template/', close.account.templates],
		['/webhook/', {}],
	] as const) {
		const { data } = await api.get<{ data: Array<{ id: string }> }>(path);
		expect([path, ids(data.data)]).toEqual([path, ids(Object.values(known))]);
	}
});

test('nobody was texted but the person who asked for it: a text, a scheduled one, and an MMS', () => {
	expect(close.texted.map(({ remotePhone }) => remotePhone)).toEqual(Array(3).fill(OWN_PHONE));
	expect(result.textsShownAsSent).toBe(3);
	expect(result.requestsThatCanText).toBe(MAX_TEXTS);
});

test('an answer of another form is a difference, the run goes on, and what has no ID is removed too', async () => {
	close.reset();
	close.faults.order({ kind: 'emptyBody', match: { method: 'POST', path: '^/sms_template/$' } });
	const expectations = EXPECTATIONS.filter(({ group }) => group === 'templates');
	const { attempts, left } = await tryContract(close, { expectations });
	const results = attempts.map(({ outcome }) => outcome.result);
	expect(results).toEqual(['differs', ...results.slice(1).map(() => 'holds')]);
	expect(left).toEqual([]);
	const { data } = await clientOf(close).get<{ data: object[] }>('/sms_template/');
	expect(data.data).toHaveLength(Object.keys(close.account.templates).length);
});

test('Close is gone: the run ends after three expectations without any answer', async () => {
	close.reset();
	// The first ones are before anything is tried.
	close.faults.order({ kind: 'resetBefore', after: 5, times: Infinity });
	const expectations = EXPECTATIONS.filter(({ group }) => group === 'errors');
	const { attempts, endedEarly, left } = await tryContract(close, { expectations });
	const reasons = attempts.map(({ outcome }) => 'reason' in outcome && outcome.reason.text);
	const silent = reasons.filter((reason) => reason === 'there was no answer: ECONNRESET');
	expect(silent).toHaveLength(3);
	expect(reasons.at(-1)).toBe('Close gave no proper answer 3 times in a row');
	expect(endedEarly?.text).toBe(reasons.at(-1));
	expect(left).not.toEqual([]);
});

test('Close is silent about one thing only: all the rest is tried', async () => {
	close.reset();
	const match = { path: '^/sms_template/' };
	close.faults.order({ kind: 'resetBefore', match, times: Infinity });
	const expectations = EXPECTATIONS.filter(
		({ name, group }) => group === 'uploads' || /^templates?-/.test(name),
	);
	const { attempts, endedEarly } = await tryContract(close, { expectations });
	expect(endedEarly).toBeUndefined();
	for (const { expectation, outcome } of attempts)
		expect([expectation.name, outcome.result]).toEqual([
			expectation.name,
			expectation.group === 'templates' ? 'notTried' : 'holds',
		]);
});
