import type { OwnCostRow } from './ownCost';
import type { OwnFunction } from './profile';
import type { PaceRow, RequestsRow } from './requests';
import { MEASURES, type Bar } from './chart';
import type { Measured, Result } from './measure';
import { EVENTS, STARTERS, type TriggerRates } from './trigger';
import { BASELINE, conditionsOf, leastSeconds, OURS } from './plan';

const median = (values: number[]): number => {
	const sorted = [...values].sort((a, b) => a - b);
	const middle = sorted.length >> 1;
	return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

const medianOf = (rounds: Measured[], of: (one: Measured) => number) => median(rounds.map(of));

/** The median of the ratios within each round, so that what slowed a round cancels out. */
function ratio(result: Result, name: string, to: string, of: (one: Measured) => number) {
	const [ours, theirs] = [result.rounds.get(name), result.rounds.get(to)];
	return ours && theirs && median(ours.map((one, n) => of(one) / of(theirs[n])));
}

const seconds = ({ seconds: value }: Measured) => value;
const cpu = ({ cpuSeconds }: Measured) => cpuSeconds;

const least = ({ conditions }: Result) => leastSeconds(conditions);

const number = (value: number | undefined, digits: number) => value?.toFixed(digits) ?? '';
export const percent = (value: number) => `${(value * 100).toFixed(1)} %`;

function row(result: Result, name: string): string[] {
	const rounds = result.rounds.get(name)!;
	const { items, limit } = result.conditions;
	const speed = ratio(result, BASELINE, name, seconds);
	return [
		conditionsOf(result),
		name,
		number(
			medianOf(rounds, (one) => items / one.seconds),
			0,
		),
		number(
			medianOf(rounds, (one) => (one.cpuSeconds / items) * 1000),
			2,
		),
		number(
			medianOf(rounds, ({ peakMb }) => peakMb),
			0,
		),
		number(
			medianOf(rounds, ({ heldMs }) => heldMs),
			0,
		),
		number(
			medianOf(rounds, ({ evaluations }) => evaluations / items),
			1,
		),
		number(speed, 2),
		number(ratio(result, name, BASELINE, cpu), 2),
		limit
			? number(
					medianOf(rounds, (one) => one.seconds / least(result)),
					3,
				)
			: '',
		limit
			? number(
					medianOf(rounds, (one) => one.sending / least(result)),
					3,
				)
			: '',
		limit ? percent(medianOf(rounds, (one) => one.refused / one.requests)) : '',
		String(Math.max(...rounds.map((one) => items - one.changed))),
	];
}

const HEAD = [
	'conditions',
	'what',
	'items a second',
	'CPU ms an item',
	'peak MB',
	'longest hold ms',
	'evaluations an item',
	'speed ÷ baseline',
	'CPU ÷ baseline',
	'time ÷ least',
	'of it sending',
	'refused',
	'lost',
];

const line = (cells: string[]) => `| ${cells.join(' | ')} |`;

const speedOf = (rates: TriggerRates, name: keyof TriggerRates, to: keyof TriggerRates) =>
	median(rates[name].map((rate, round) => rate / rates[to][round]));

/** The rows of the trigger: events a second in a real n8n with its default expression engine. */
const triggerRows = (rates: TriggerRates): string[][] =>
	STARTERS.map((name) => [
		`${EVENTS} signed events, a real n8n`,
		name === 'Webhook' ? `${name} (baseline)` : name,
		number(median(rates[name]), 1),
		...['', '', '', ''],
		number(speedOf(rates, name, 'Webhook'), 2),
		...HEAD.slice(8).map(() => ''),
	]);

/** All that was measured, as one table in Markdown. */
export const table = (results: Result[], rates?: TriggerRates): string =>
	[
		line(HEAD),
		line(HEAD.map((_, column) => (column < 2 ? '---' : '---:'))),
		...results.flatMap((result) =>
			[...result.rounds.keys()].map((name) => line(row(result, name))),
		),
		...(rates ? triggerRows(rates).map(line) : []),
	].join('\n');

/** What each text of a run of Send takes, as a table in Markdown. */
export const requestsTable = (rows: RequestsRow[], counts: number[]): string => {
	const head = ['each SMS of a run of', ...counts.map((count) => `${count}: requests`)];
	return [
		line([...head, `${counts[counts.length - 1]}: kB of responses`]),
		line([...head.map((_, column) => (column < 1 ? '---' : '---:')), '---:']),
		...rows.map(({ name, requests, kilobytes }) =>
			line([
				name,
				...requests.map((one) => number(one, 2)),
				number(kilobytes[kilobytes.length - 1], 1),
			]),
		),
	].join('\n');
};

/** Requests a text in a run of 60 and more. */
const MOST_REQUESTS = { without: 2.1, withOptions: 2.4 };

export const requestGoals = (rows: RequestsRow[], [shortest]: number[]): string =>
	rows
		.map(({ name, requests: [few, ...many] }) => {
			const most = /no options/.test(name) ? MOST_REQUESTS.without : MOST_REQUESTS.withOptions;
			const found = Math.max(...many);
			const isMet = found <= most && found <= few;
			return `- ${name}: ${found.toFixed(2)} requests an SMS, at most ${most} and no more than in a run of ${shortest}: ${mark(isMet)}`;
		})
		.join('\n');

/** How long the sending of a run of Send takes under Close's limit, as a table in Markdown. */
export const paceTable = (rows: PaceRow[], count: number): string =>
	[
		line([`a run of ${count.toLocaleString('en')}`, 'sending ÷ least', 'refused']),
		line(['---', '---:', '---:']),
		...rows.map(({ name, sendingToLeast, refused }) =>
			line([name, number(sendingToLeast, 2), percent(refused)]),
		),
	].join('\n');

export const paceGoals = (rows: PaceRow[]): string =>
	rows
		.map(
			({ name, sendingToLeast: found }) =>
				`- ${name}: sending took ${found.toFixed(2)} of the least, at most 1.05: ${mark(found <= 1.05)}`,
		)
		.join('\n');

const getOwnShare = (own: OwnFunction[]) => own.reduce((sum, { share }) => sum + share, 0);

/** When the first SMS of a run of Send leaves, and whose code takes the CPU, as a table in Markdown. */
export const ownCostTable = (rows: OwnCostRow[]): string => {
	const head = [
		'Send',
		'items',
		'seconds to the first request',
		'to the first SMS',
		'evaluations an item',
		"this package's share of CPU",
	];
	return [
		line(head),
		line(head.map((_, column) => (column < 1 ? '---' : '---:'))),
		...rows.map((one) =>
			line([
				one.name,
				one.items.toLocaleString('en'),
				number(one.toFirstRequest, 2),
				number(one.toFirstText, 2),
				number(one.evaluations, 1),
				one.own ? percent(getOwnShare(one.own)) : '',
			]),
		),
	].join('\n');
};

const MOST_OWN = 0.03;

export const ownCostGoals = (rows: OwnCostRow[]): string =>
	rows
		.flatMap(({ name, own }) => {
			if (!own) return [];
			const share = getOwnShare(own);
			return [
				`- ${name}: this package's own code took ${percent(share)} of the CPU, at most ${percent(MOST_OWN)}: ${mark(share <= MOST_OWN)}`,
			];
		})
		.join('\n');

/** How many functions are named: what is behind them is noise. */
const NAMED_FUNCTIONS = 25;

/** Where the CPU went within this package, to be read beside the table. */
export const ownFunctions = (rows: OwnCostRow[]): string =>
	rows
		.flatMap(({ name, own = [] }) =>
			own
				.slice(0, NAMED_FUNCTIONS)
				.map(({ name: which, share }) => `${name}: ${percent(share)} ${which}`),
		)
		.join('\n');

const mark = (isMet: boolean) => (isMet ? 'met' : '**missed**');

function limitedGoals(result: Result): string[] {
	const where = conditionsOf(result);
	const mostRefused = result.conditions.apartMs === undefined ? 0.01 : 0.02;
	const rounds = result.rounds.get(OURS)!;
	const time = medianOf(rounds, (one) => one.seconds / least(result));
	const sending = medianOf(rounds, (one) => one.sending / least(result));
	const refused = medianOf(rounds, (one) => one.refused / one.requests);
	const lost = Math.max(...rounds.map((one) => result.conditions.items - one.changed));
	// Before their first request n8n makes an isolate for each execution, which takes longer than all that follows.
	const judged = result.conditions.apartMs === undefined ? time : sending;
	return [
		`${where}: time ${time.toFixed(3)} of the least possible (sending alone ${sending.toFixed(3)}), ${judged === time ? '' : 'sending '}at most 1.05: ${mark(judged <= 1.05)}`,
		`${where}: refused ${percent(refused)}, under ${mostRefused * 100} %: ${mark(refused < mostRefused)}; lost ${lost}: ${mark(lost === 0)}`,
	];
}

/** Ten times the items must take hardly more than ten times as long. */
function growthGoals(results: Result[]): string[] {
	const timeOf = (items: number, latency: number) => {
		const found = results.find(
			({ conditions, engine }) =>
				engine === 'vm' &&
				!conditions.limit &&
				conditions.items === items &&
				conditions.latency === latency,
		);
		return found && medianOf(found.rounds.get(OURS)!, seconds);
	};
	return [0, 50].flatMap((latency) => {
		const [few, many] = [timeOf(1000, latency), timeOf(10_000, latency)];
		if (!few || !many) return [];
		const growth = many / few;
		return `${latency} ms: 10,000 items take ${growth.toFixed(2)} times as long as 1,000, at most 10.5: ${mark(growth <= 10.5)}`;
	});
}

/** The bars of the picture: what somebody notices who sends many texts under Close's limit. */
export const bars = (results: Result[]): Bar[] =>
	results
		.filter(({ conditions }) => conditions.limit && conditions.latency > 0)
		.flatMap((result) =>
			[...result.rounds].flatMap(([who, rounds]) => {
				const { items } = result.conditions;
				const lost = Math.max(...rounds.map((one) => (items - one.changed) / items));
				const where = { conditions: conditionsOf(result), who, isOurs: who.startsWith(OURS) };
				return [
					{
						...where,
						measure: MEASURES.time,
						// Who loses texts is soon done: there is nothing to compare.
						value: lost > 0 ? 0 : medianOf(rounds, (one) => one.seconds / least(result)),
					},
					{
						...where,
						measure: MEASURES.refused,
						value: 100 * medianOf(rounds, (one) => one.refused / one.requests),
					},
					{ ...where, measure: MEASURES.lost, value: 100 * lost },
				];
			}),
		);

/** Each goal with what was measured. */
export const goals = (results: Result[]): string =>
	[
		...results.flatMap((one) => (one.conditions.limit ? limitedGoals(one) : [])),
		...growthGoals(results),
	]
		.map((goal) => `- ${goal}`)
		.join('\n');

/** How much the baseline's time differed between rounds: (most - least) / median, the median over all cases. */
export const noise = (results: Result[]): string =>
	percent(
		median(
			results.flatMap(({ rounds }) => {
				const times = rounds.get(BASELINE)?.map(seconds) ?? [];
				return times.length ? [(Math.max(...times) - Math.min(...times)) / median(times)] : [];
			}),
		),
	);
