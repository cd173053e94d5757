import type { Expectation, Outcome } from '../../../../dev/contract/expectation';
import { finding } from '../../../../dev/contract/finding';
import { toReport } from '../../../../dev/contract/report';
import { Scrubber } from '../../../../dev/contract/scrub';

const expectationOf = (name: string): Expectation => ({
	name,
	group: 'dates',
	title: `Title of ${name}`,
	source: `Source of ${name}`,
	mark: 'inferred',
	restsOn: [`nodes/${name}.ts`, `dev/${name}.ts`],
	check: async () => await Promise.reject(new Error('not used')),
});

const attempt = (name: string, outcome: Outcome) => ({ expectation: expectationOf(name), outcome });

const reportOf = (...outcomes: Outcome[]) =>
	toReport(
		{
			attempts: outcomes.map((outcome, index) => attempt(`e${index}`, outcome)),
			target: 'Close',
			requestsThatCanText: 3,
			textsShownAsSent: 2,
		},
		new Scrubber(),
	);

const HOLDS: Outcome = { result: 'holds', note: finding`a note | with ${'Zebulon'}` };
const DIFFERS: Outcome = {
	result: 'differs',
	difference: finding`it was ${'Zebulon is required'}`,
};
const NOT_TRIED: Outcome = { result: 'notTried', reason: finding`no number` };

/** What stands under a heading of the second level. */
const section = (report: string, heading: string) =>
	report.split(/^## /m).find((part) => part.startsWith(heading))!;

test('the first page says what works, what does not and why, and what to tell us', () => {
	const report = reportOf(HOLDS, DIFFERS, NOT_TRIED);
	expect(report).toContain('3 expectations: 1 hold, 1 differ, 1 were not tried.');
	const page = section(report, 'For whoever ran it');
	expect(page).toContain('3 requests that can text the number of --text-me have left, each once');
	expect(page).toContain('Close shows 2 of these texts as sent');
	expect(page).toContain('| Dates and times | **1 of 3 differ**, 1 not tried | 1 of 3 |');
	expect(page).toContain('- 1 × no number');
	expect(page).toContain('how many texts your phone got');
	expect(page.split('\n').length).toBeLessThan(60);
});

test('a difference names what rests on it, what to change first and the promise at stake', () => {
	const lines = section(reportOf(HOLDS, DIFFERS, NOT_TRIED), 'For the developers').split('\n');
	expect(lines.filter((line) => line.includes('Promise at stake'))).toHaveLength(1);
	expect(lines.filter((line) => /^ *- /.test(line))).toEqual([
		'- **Title of e1** (`e1`): it was … is required',
		'  - known from: Source of e1',
		'  - change first: `nodes/e1.ts`',
		'  - rests on it: `dev/e1.ts`',
	]);
});

test('what could text somebody wrongly comes first, what only the simulator rests on last', () => {
	const resting = (name: string, ...restsOn: string[]) => ({
		expectation: { ...expectationOf(name), restsOn },
		outcome: DIFFERS,
	});
	const report = toReport(
		{
			attempts: [
				resting('simulator', 'dev/simulator/x.ts'),
				resting('picker', 'nodes/CloseSms/listSearch/getUsers.ts'),
				resting('sending', 'dev/simulator/x.ts', 'nodes/shared/retryPolicy.ts'),
				resting('trigger', 'nodes/CloseSmsTrigger/events.ts'),
			],
			target: 'Close',
			requestsThatCanText: 0,
			textsShownAsSent: 0,
		},
		new Scrubber(),
	);
	const order = [...section(report, 'For the developers').matchAll(/^- .*\(`(\w+)`\)/gm)];
	expect(order.map(([, name]) => name)).toEqual(['sending', 'trigger', 'picker', 'simulator']);
	expect(report).toContain('change first: `nodes/shared/retryPolicy.ts`');
	expect(report).toContain('| Title of simulator (`simulator`) | inferred, simulator only |');
	expect(report).toContain('Nobody was texted');
});

test('every expectation has a row, and nothing breaks the table', () => {
	const rows = section(reportOf(HOLDS, DIFFERS, NOT_TRIED), 'The record')
		.split('\n')
		.filter((line) => line.includes('Title'));
	expect(rows).toEqual([
		'| Title of e0 (`e0`) | inferred | holds | a note \\| with … |',
		'| Title of e1 (`e1`) | inferred | **differs** | it was … is required |',
		'| Title of e2 (`e2`) | inferred | not tried | no number |',
	]);
});

test('without differences there is no list of them', () => {
	expect(reportOf(HOLDS)).toContain('No difference was found.');
	expect(reportOf(HOLDS)).not.toContain('Promise at stake');
});
