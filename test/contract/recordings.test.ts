import type { Exchange } from '../../dev/contract/closeClient';
import { compareRecordings, toRecording, type Recording } from '../../dev/contract/recording';
import { Scrubber } from '../../dev/contract/scrub';
import { fs, path, root } from '../../dev/platform';
import { startWith, tryWholeContract } from './setUpContract';

/** The simulator answers as in each recorded run: status, headers, fields and their kinds. */

const FOLDER = path.join(root, 'test/contract/recordings');

let simulated: Recording;
let recordings: Array<[name: string, recording: Recording]>;

beforeAll(async () => {
	const scrubber = new Scrubber();
	const happened: Array<{ during: string; exchange: Exchange }> = [];
	let during = 'preparation';
	const close = await startWith();
	await tryWholeContract(close, {
		onStart: ({ name }) => void (during = name),
		onExchange: (exchange) => {
			scrubber.learn(exchange);
			happened.push({ during, exchange });
		},
	});
	await close.stop();
	simulated = toRecording('the simulator', happened, scrubber);
	const files = (await fs.readdir(FOLDER)).filter((name) => name.endsWith('.json'));
	recordings = await Promise.all(
		files.map(
			async (name): Promise<[string, Recording]> => [
				name,
				JSON.parse(await fs.readFile(path.join(FOLDER, name), 'utf8')) as Recording,
			],
		),
	);
});

test('the simulator is as recorded', () => {
	const found = recordings.map(([name, recording]) => [
		name,
		compareRecordings(recording, simulated),
	]);
	expect(found.length).toBeGreaterThan(0);
	expect(found).toEqual(recordings.map(([name]) => [name, []]));
});

test('a recording says whether it is evidence', () => {
	for (const [name, { madeFrom }] of recordings)
		expect(madeFrom).toBe(name === 'the-simulator.json' ? 'the simulator' : 'Close');
});

const clone = () => JSON.parse(JSON.stringify(simulated)) as Recording;
const draftOf = (recording: Recording) =>
	recording.exchanges[recording.expectations['create-answers-200-with-the-sms'][0]];

test.each<[string, (recording: Recording) => void, RegExp]>([
	['another status', (recording) => (draftOf(recording).status = 201), /status 200 instead of 201/],
	[
		'a field more',
		(recording) => Object.assign(draftOf(recording).response!, { more: 'text' }),
		/\.more is missing/,
	],
	[
		'a field less',
		(recording) => delete (draftOf(recording).response as Record<string, unknown>).cost,
		/\.cost is not recorded/,
	],
	[
		'another kind',
		(recording) => Object.assign(draftOf(recording).response!, { id: 'number' }),
		/\.id is "ID acti_" instead of "number"/,
	],
	[
		'another header',
		(recording) => (draftOf(recording).headers.ratelimit = 'limit=1; remaining=1'),
		/header ratelimit is/,
	],
])('%s is noticed', (_, change, difference) => {
	const recorded = clone();
	change(recorded);
	expect(compareRecordings(recorded, simulated).join('\n')).toMatch(difference);
});
