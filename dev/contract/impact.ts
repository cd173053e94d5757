import type { Expectation } from './expectation';

/** What breaks for a user when an expectation does not hold; the worst first. */
export const IMPACTS = [
	{
		title: 'A text could go out twice, at another time, to another number, or be reported wrongly',
		promise:
			'"Nobody is texted twice", "a response is compared with what was asked" (README, What it promises)',
		files:
			/CloseSms\/(transport|resources\/sms\/sending|validation\/(dates|phones|sendingHours))|shared\/(carrierErrors|phoneNumber|retryPolicy)/,
	},
	{
		title: 'An operation could fail, or do less than it says',
		promise: 'what each operation does (README, Operations)',
		files: /CloseSms\/(resources|validation|output)|credentials\//,
	},
	{
		title: 'The trigger could miss an event, start twice, or refuse what Close delivers',
		promise: 'which events start the workflow, once each (README, Trigger)',
		files: /CloseSmsTrigger\//,
	},
	{
		title: 'A list to pick from could be empty or lack something',
		promise: 'To, From and the other lists (README)',
		files: /CloseSms\/listSearch|shared\/contactSearch/,
	},
	{
		title: 'An error could be harder to understand, or a wait longer than needed',
		promise: "errors in Close's own words, with what to do next (README, docs/messages.md)",
		files: /nodes\//,
	},
	{
		title: 'Nothing for a user: only our simulator is wrong, and with it our tests',
		promise: 'the simulator is as strict as Close (dev/simulator/README.md)',
		files: /./,
	},
] as const;

export type Impact = (typeof IMPACTS)[number];

/** The worst of what rests on it. */
export const impactOf = ({ restsOn }: Expectation): Impact =>
	IMPACTS.find(({ files }) => restsOn.some((file) => files.test(file))) ?? IMPACTS.at(-1)!;

/** Whether no file of the package rests on it. */
export const restsOnSimulatorOnly = ({ restsOn }: Expectation): boolean =>
	restsOn.every((file) => file.startsWith('dev/'));

/** The file to look at first when it does not hold. */
export const changeFirst = (expectation: Expectation): string =>
	expectation.restsOn.find((file) => impactOf(expectation).files.test(file)) ??
	expectation.restsOn[0];
