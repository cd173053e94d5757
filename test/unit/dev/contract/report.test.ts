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
		outcomes.map((outcome, index) => attempt(`e${index}`, outcome)),
		new Scrubber(),
		{ target: 'Close', texts: 1 },
	);

const HOLDS: Outcome = { result: 'holds', note: finding`a note | with ${'Zebulon'}` };
const DIFFERS: Outcome = {
	result: 'differs',
	difference: finding`it was ${'Zebulon is required'}`,
};
const NOT_TRIED: Outcome = { result: 'notTried', reason: finding`no number` };

test('a difference names what rests on it', () => {
	const report = reportOf(HOLDS, DIFFERS, NOT_TRIED);
	expect(report).toContain(
		'3 expectations: 1 hold, 1 differ, 1 were not tried. 1 texts were sent.',
	);
	const [, differences] = /## Differences\n\n([^]*?)\n\n## All/.exec(report)!;
	expect(differences.trim().split('\n')).toEqual([
		'- **Title of e1** (`e1`): it was … is required',
		'  - known from: Source of e1',
		'  - rests on it: `nodes/e1.ts`',
		'  - rests on it: `dev/e1.ts`',
	]);
});

test('every expectation has a row, and nothing breaks the table', () => {
	const rows = reportOf(HOLDS, DIFFERS, NOT_TRIED)
		.split('\n')
		.filter((line) => line.includes('Title'));
	expect(rows.slice(1)).toEqual([
		'| Title of e0 | inferred | holds | a note \\| with … |',
		'| Title of e1 | inferred | **differs** | it was … is required |',
		'| Title of e2 | inferred | not tried | no number |',
	]);
});

test('without differences there is no list of them', () => {
	expect(reportOf(HOLDS)).not.toContain('## Differences');
});
