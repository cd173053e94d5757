import { heapInUse, process, say, wait } from '../../dev/platform';
import type { RandomFaults } from '../../dev/simulator';
import { byId } from '../../dev/locators';
import { errorOf, setUpSms } from './setUpSms';

const sms = setUpSms();

const ITEMS = Number(process.env.SOAK_ITEMS ?? 10_000);
/** One activity is some 2 KB: to keep one of each item would be twice as much. */
const MAX_GROWTH_MB = ITEMS / 1000;
const TEN_MINUTES = 600_000;
const seed = Number(process.env.SOAK_SEED ?? Math.floor(Math.random() * 2 ** 32));

/** What strikes a tenth of all requests, also those that look what became of another. */
const KINDS: RandomFaults['kinds'] = [
	{ kind: 'status', status: 429, headers: { ratelimit: 'limit=160, remaining=0, reset=0.02' } },
	{ kind: 'status', status: 500 },
	{ kind: 'status', status: 500, applied: true },
	{ kind: 'status', status: 502 },
	{ kind: 'status', status: 503 },
	{ kind: 'status', status: 504, applied: true },
	'resetBefore',
	'resetAfter',
	{ kind: 'slow', delayMs: 4000 },
	{ kind: 'html', status: 200, applied: true },
	{ kind: 'html', status: 502 },
	{ kind: 'cutJson', framing: 'short' },
	{ kind: 'cutJson', framing: 'whole' },
	'emptyBody',
];

/** Drafts to as many people; each fiftieth text was received, so Close refuses to send it. */
const texts = (count: number) =>
	Array.from({ length: count }, (_, n) => {
		const remotePhone = `+1415${5_000_000 + n}`;
		const status = n % 50 === 49 ? ('inbox' as const) : ('draft' as const);
		const known = { text: `For ${n}`, remote_phone: remotePhone, local_phone: '+14155550100' };
		return { id: sms.close.addSms({ ...known, status }).id, remotePhone, status };
	});

type Texts = ReturnType<typeof texts>;

const sendAll = async (items: Texts, onError: 'continueRegularOutput' | 'stopWorkflow') =>
	await sms.run(
		'update',
		{
			smsId: byId('={{ $json.id }}'),
			updateFields: { status: 'outbox' },
			// One retry, so that what became of some stays unclear.
			options: { maxConcurrency: 50, maxRetries: 1 },
			requestOptions: { timeout: 2000 },
		},
		{ items, node: { onError } },
	);

type Outcome = 'done' | 'refused' | 'unclear';

function outcomeOf(error: unknown): Outcome {
	if (error === undefined) return 'done';
	if (/^This SMS may have been sent \[/.test(String(error))) return 'unclear';
	expect(error).toMatch(
		/^(Close refused this|Close was busy or out of reach|This was not done) \[/,
	);
	return 'refused';
}

/** How many texts reached the person of an item, by what the node said of it. */
const MAY_BE_TEXTED: Record<Outcome, number[]> = { done: [1], refused: [0], unclear: [0, 1] };

async function soak(count: number) {
	sms.close.reset();
	const items = texts(count);
	sms.close.faults.random({ seed, share: 0.1, kinds: KINDS });
	const { items: outputs, error } = await sendAll(items, 'continueRegularOutput');
	await wait(200);

	expect(error).toBeUndefined();
	expect(outputs.map(({ pairedItem }) => pairedItem)).toEqual(items.map((_, item) => ({ item })));
	const tally = { done: 0, refused: 0, unclear: 0 };
	const wrong = outputs.filter(({ json }, n) => {
		const outcome = outcomeOf(errorOf({ json })?.message);
		tally[outcome]++;
		const texted = sms.close.timesTexted(items[n].remotePhone);
		return (
			!MAY_BE_TEXTED[outcome].includes(texted) || (json.error ? false : json.id !== items[n].id)
		);
	});
	expect(wrong).toEqual([]);
	const requests = sms.close.requests.length;
	const struck = sms.close.requests.filter(({ fault }) => fault).length;
	sms.close.reset();
	return { ...tally, requests, struck };
}

test(
	`${ITEMS} texts while a tenth of all requests fails (SOAK_SEED=${seed}): none lost, none doubled, all accounted for`,
	async () => {
		await soak(500);
		const before = heapInUse();
		const tally = await soak(ITEMS);
		// What stays in use, not what the process holds: when V8 gives memory back is its own affair. What a late response
		// or a socket still holds is not kept either.
		const grownBy = () => (heapInUse() - before) / 2 ** 20;
		let grown = grownBy();
		for (let look = 0; look < 30 && grown >= MAX_GROWTH_MB; look++) {
			await wait(1000);
			grown = grownBy();
		}
		say(`Soak, SOAK_SEED=${seed}: ${JSON.stringify(tally)}, ${grown.toFixed(1)} MB more in use`);

		expect(tally.done + tally.refused + tally.unclear).toBe(ITEMS);
		expect(tally.struck / tally.requests).toBeGreaterThan(0.08);
		expect(tally.done).toBeGreaterThan(ITEMS * 0.95);
		expect(tally.refused).toBeGreaterThanOrEqual(ITEMS / 50 - tally.unclear);
		expect(grown).toBeLessThan(MAX_GROWTH_MB);
	},
	TEN_MINUTES,
);

test(
	`${ITEMS} texts, one of the first refused: the others are not started`,
	async () => {
		const items = texts(ITEMS);
		const { error } = await sendAll(items, 'stopWorkflow');
		const sent = new Set(sms.close.requests.map(({ path }) => path)).size;
		const last = sent - 1;

		expect(error?.message).toMatch(/\[item 49\]/);
		expect(sent).toBeLessThanOrEqual(49 + 50);
		expect(error?.description).toContain(`Not started: items ${last + 1} to ${ITEMS - 1}.`);
	},
	TEN_MINUTES,
);
