import type { Expectation, Outcome } from './expectation';
import type { Scrubber } from './scrub';
import type { Attempt } from './runContract';

const VERDICT: Record<Outcome['result'], string> = {
	holds: 'holds',
	differs: '**differs**',
	notTried: 'not tried',
};

const cell = (text: string) => text.replace(/\|/g, '\\|').replace(/\s+/g, ' ');

function words(outcome: Outcome, scrubber: Scrubber): string {
	if (outcome.result === 'holds') return outcome.note ? scrubber.finding(outcome.note) : '';
	return scrubber.finding(outcome.result === 'differs' ? outcome.difference : outcome.reason);
}

function groupTable(name: string, attempts: Attempt[], scrubber: Scrubber): string[] {
	const rows = attempts.map(({ expectation: { title, mark }, outcome }) =>
		[`| ${cell(title)}`, mark, VERDICT[outcome.result], `${cell(words(outcome, scrubber))} |`].join(
			' | ',
		),
	);
	return [
		`### ${name.charAt(0).toUpperCase()}${name.slice(1)}`,
		'',
		'| expectation | known | | |',
		'| --- | --- | --- | --- |',
		...rows,
		'',
	];
}

const difference = ({ expectation, outcome }: Attempt, scrubber: Scrubber): string[] => [
	`- **${expectation.title}** (\`${expectation.name}\`): ${words(outcome, scrubber)}`,
	`  - known from: ${expectation.source}`,
	...expectation.restsOn.map((file) => `  - rests on it: \`${file}\``),
];

interface ReportOptions {
	/** what was asked: Close, or the simulator */
	target: string;
	texts: number;
	/** what could not be removed, as a sentence */
	left?: string;
}

/** The report in Markdown. Nothing in it belongs to the account. */
export function toReport(
	attempts: Attempt[],
	scrubber: Scrubber,
	{ target, texts, left }: ReportOptions,
): string {
	const count = (result: Outcome['result']) =>
		attempts.filter(({ outcome }) => outcome.result === result).length;
	const differing = attempts.filter(({ outcome }) => outcome.result === 'differs');
	const groups = new Map<Expectation['group'], Attempt[]>();
	for (const one of attempts) {
		const { group } = one.expectation;
		groups.set(group, [...(groups.get(group) ?? []), one]);
	}
	return [
		`# Contract check of n8n-nodes-close-sms against ${target}`,
		'',
		`${attempts.length} expectations: ${count('holds')} hold, ${count('differs')} differ, ${count('notTried')} were not tried. ${texts} texts were sent.`,
		...(left ? ['', left] : []),
		'',
		'It holds no IDs, names, numbers or words of the account: what is hidden is shown as "…".',
		'',
		...(differing.length > 0
			? ['## Differences', '', ...differing.flatMap((one) => difference(one, scrubber)), '']
			: []),
		'## All expectations',
		'',
		...[...groups].flatMap(([name, some]) => groupTable(name, some, scrubber)),
	].join('\n');
}
