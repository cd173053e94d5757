import { GROUPS, type Group, type Outcome } from './expectation';
import type { Finding } from './finding';
import { changeFirst, IMPACTS, impactOf, restsOnSimulatorOnly } from './impact';
import type { Attempt, RunResult } from './runContract';
import type { Scrubber } from './scrub';

const VERDICT: Record<Outcome['result'], string> = {
	holds: 'holds',
	differs: '**differs**',
	notTried: 'not tried',
};

/** What each group means to whoever uses the nodes. */
const SUBJECTS: Record<Group, string> = {
	credentials: 'Signing in',
	errors: "Close's errors, as the node shows them",
	bodies: 'Making and changing drafts',
	'state machine': 'Scheduling, canceling and deleting',
	dates: 'Dates and times',
	paging: 'Lists and filters',
	templates: 'Templates',
	uploads: 'Attachments',
	search: 'Finding people and numbers',
	webhooks: 'The trigger',
	'rate limit': "Close's rate limit",
	texting: 'Real texts',
};

const cell = (text: string) => text.replace(/\|/g, '\\|').replace(/\s+/g, ' ');

/** What was found, as a report may show it. */
export function wordsOf(outcome: Outcome, scrubber: Scrubber): string {
	if (outcome.result === 'holds') return outcome.note ? scrubber.finding(outcome.note) : '';
	return scrubber.finding(outcome.result === 'differs' ? outcome.difference : outcome.reason);
}

const having = (attempts: Attempt[], result: Outcome['result']) =>
	attempts.filter(({ outcome }) => outcome.result === result);

function groupTable(group: Group, attempts: Attempt[], scrubber: Scrubber): string[] {
	const some = attempts.filter(({ expectation }) => expectation.group === group);
	if (some.length === 0) return [];
	const rows = some.map(({ expectation, outcome }) => {
		const { name, title, mark } = expectation;
		const known = restsOnSimulatorOnly(expectation) ? `${mark}, simulator only` : mark;
		const words = cell(wordsOf(outcome, scrubber));
		return `| ${cell(title)} (\`${name}\`) | ${known} | ${VERDICT[outcome.result]} | ${words} |`;
	});
	return [
		`### ${group.charAt(0).toUpperCase()}${group.slice(1)}`,
		'',
		'| expectation | known | | |',
		'| --- | --- | --- | --- |',
		...rows,
		'',
	];
}

const difference = ({ expectation, outcome }: Attempt, scrubber: Scrubber): string[] => [
	`- **${expectation.title}** (\`${expectation.name}\`): ${wordsOf(outcome, scrubber)}`,
	`  - known from: ${expectation.source}`,
	`  - change first: \`${changeFirst(expectation)}\``,
	...expectation.restsOn
		.filter((file) => file !== changeFirst(expectation))
		.map((file) => `  - rests on it: \`${file}\``),
];

export interface ReportOptions
	extends Pick<RunResult, 'attempts' | 'requestsThatCanText' | 'textsShownAsSent'> {
	/** what was asked: Close, or the simulator */
	target: string;
	/** what could not be removed, as sentences */
	left?: string;
	endedEarly?: Finding;
	/** whether more is to come */
	isUnfinished?: boolean;
	/** where the recording is */
	recording?: string;
}

function subjectLine(group: Group, attempts: Attempt[]): string[] {
	const some = attempts.filter(({ expectation }) => expectation.group === group);
	if (some.length === 0) return [];
	const differ = having(some, 'differs').length;
	const untried = having(some, 'notTried').length;
	const works = some.length - differ - untried;
	const verdict =
		differ > 0
			? `**${differ} of ${some.length} differ**`
			: untried === some.length
				? 'not tried'
				: 'works as expected';
	const rest = untried > 0 && untried < some.length ? `, ${untried} not tried` : '';
	return [`| ${SUBJECTS[group]} | ${verdict}${rest} | ${works} of ${some.length} |`];
}

/** Why expectations were not tried, the most frequent reason first. */
function reasons(attempts: Attempt[], scrubber: Scrubber): string[] {
	const counts = new Map<string, number>();
	for (const { outcome } of having(attempts, 'notTried')) {
		const words = wordsOf(outcome, scrubber);
		counts.set(words, (counts.get(words) ?? 0) + 1);
	}
	return [...counts]
		.sort(([, one], [, other]) => other - one)
		.map(([words, count]) => `- ${count} × ${words}`);
}

function texts({ requestsThatCanText, textsShownAsSent }: ReportOptions): string {
	if (requestsThatCanText === 0) return 'Nobody was texted: no request that can text has left.';
	return `${requestsThatCanText} requests that can text the number of --text-me have left, each once; Close shows ${textsShownAsSent} of these texts as sent. More than ${requestsThatCanText} cannot have gone out.`;
}

function forTheOwner(options: ReportOptions, scrubber: Scrubber): string[] {
	const { attempts, left, endedEarly, recording } = options;
	const worst = IMPACTS.filter((impact) =>
		having(attempts, 'differs').some(({ expectation }) => impactOf(expectation) === impact),
	);
	const untried = reasons(attempts, scrubber);
	return [
		'## For whoever ran it',
		'',
		...(endedEarly ? [`**It ended early: ${scrubber.finding(endedEarly)}.**`, ''] : []),
		texts(options),
		'',
		...(left ? [`**${left}**`, ''] : []),
		'| subject | | hold |',
		'| --- | --- | --- |',
		...GROUPS.flatMap((group) => subjectLine(group, attempts)),
		'',
		...(worst.length > 0
			? [
					'What the differences would mean for a user, the worst first:',
					'',
					...worst.map(({ title }) => `- ${title}.`),
					'',
				]
			: ['No difference was found.', '']),
		...(untried.length > 0 ? ['Not tried, and why:', '', ...untried, ''] : []),
		'Please send us:',
		'',
		`- this file${recording ? `, and the recording (\`${recording}\`)` : ''}. They hold no IDs, names, numbers or words of the account: what is hidden is shown as "…". Read them before you send them.`,
		...(options.requestsThatCanText > 0
			? [
					'- how many texts your phone got, and when: a difference to the number above matters most.',
				]
			: []),
		'',
	];
}

function forDevelopers(attempts: Attempt[], scrubber: Scrubber): string[] {
	const differing = having(attempts, 'differs');
	return [
		'## For the developers',
		'',
		...(differing.length === 0 ? ['No differences.', ''] : []),
		...IMPACTS.flatMap((impact) => {
			const some = differing.filter(({ expectation }) => impactOf(expectation) === impact);
			if (some.length === 0) return [];
			return [
				`### ${impact.title}`,
				'',
				`Promise at stake: ${impact.promise}.`,
				'',
				...some.flatMap((one) => difference(one, scrubber)),
				'',
			];
		}),
	];
}

/** `3 expectations: 1 hold, 1 differ, 1 were not tried.` */
export const summaryOf = (attempts: Attempt[]): string =>
	`${attempts.length} expectations: ${having(attempts, 'holds').length} hold, ${having(attempts, 'differs').length} differ, ${having(attempts, 'notTried').length} were not tried.`;

/**
 * The report in Markdown, in three layers: for whoever ran it, for the developers, and the record of everything. Nothing
 * in it belongs to the account.
 */
export function toReport(options: ReportOptions, scrubber: Scrubber): string {
	const { target, attempts, isUnfinished } = options;
	return [
		`# Contract check of n8n-nodes-close-sms against ${target}`,
		'',
		`${summaryOf(attempts)}${isUnfinished ? ' It is still going on.' : ''}`,
		'',
		...forTheOwner(options, scrubber),
		...forDevelopers(attempts, scrubber),
		'## The record',
		'',
		'"confirmed": Close says so; "inferred": concluded, or said by others; "simulator only": no file of the package rests on it.',
		'',
		...GROUPS.flatMap((group) => groupTable(group, attempts, scrubber)),
	].join('\n');
}
