import { DOUBTS, type Doubts } from '../../dev/simulator/faults/doubts';
import { MAX_TEXTS } from '../../dev/contract/sendGuard';
import { OWN_PHONE, startWith, tryWholeContract } from './setUpContract';

/**
 * Which expectations differ when Close behaves in another way than the simulator does by default, and which can then
 * not be tried. A row without names is a doubt that the contract cannot settle: the comment says why.
 */
const TABLE: Array<[doubts: Partial<Doubts>, changed: Record<string, 'differs' | 'notTried'>]> = [
	[{ unknownKeys: 'drop' }, { 'unknown-key-is-refused': 'differs' }],
	[
		{ dateScheduledOnPut: 'refuse' },
		{
			'put-schedules-a-draft': 'differs',
			'text-and-schedule-in-one': 'differs',
			'schedule-moves-in-two-steps': 'differs',
			'scheduled-goes-out-in-time': 'differs',
		},
	],
	[
		{ dateScheduledOnPut: 'drop' },
		{
			'put-schedules-a-draft': 'differs',
			'text-and-schedule-in-one': 'differs',
			'schedule-moves-in-two-steps': 'differs',
			'past-schedule-is-refused': 'differs',
			'scheduled-goes-out-in-time': 'notTried',
		},
	],
	[{ editOfNonDraft: 'fieldError' }, { 'edit-refusal-names-drafts': 'differs' }],
	[{ scheduleInThePast: 'sendNow' }, { 'past-schedule-is-refused': 'differs' }],
	// Only the person behind a number can opt out of texts, and nobody has the number of the check.
	[{ blockedRecipient: 'failLater' }, {}],
	[{ longText: 'take' }, { 'long-text-is-refused': 'differs' }],
	[{ missingSlash: 'redirect' }, { 'path-needs-its-last-slash': 'differs' }],
	[{ missingSlash: 'take' }, { 'path-needs-its-last-slash': 'differs' }],
];

test.each(TABLE)('%j', async (doubts, changed) => {
	const close = await startWith(doubts);
	try {
		const { attempts, left } = await tryWholeContract(close);
		const found = attempts
			.filter(({ outcome }) => outcome.result !== 'holds')
			.map(({ expectation, outcome }) => [expectation.name, outcome.result]);
		expect(Object.fromEntries(found)).toEqual(changed);
		expect(left).toEqual([]);
		expect(close.texted.filter(({ remotePhone }) => remotePhone !== OWN_PHONE)).toEqual([]);
		expect(close.timesTexted(OWN_PHONE)).toBeLessThanOrEqual(MAX_TEXTS);
	} finally {
		await close.stop();
	}
});

test('every way in which Close may behave has a row', () => {
	const ways = Object.entries(DOUBTS).flatMap(([name, [, ...others]]) =>
		others.map((way) => ({ [name]: way })),
	);
	expect(TABLE.map(([doubts]) => doubts)).toEqual(ways);
});
