import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { byId, byNumber } from '../../dev/locators';
import { process, say, wait } from '../../dev/platform';
import { runNode, type NodeRun } from '../../dev/engine/runNode';
import { clientOf } from '../../dev/simulator/client';
import { simulatorCredential } from '../../dev/simulator/credential';
import type { RandomFaults, Simulator } from '../../dev/simulator';
import { seededRandom } from '../../dev/simulator/faults/random';
import { withOwnSimulator } from '../simulator/ownSimulator';
import { errorOf } from './setUpSms';
import { setUpSkippedWaits } from '../skippedWaits';

setUpSkippedWaits();

/** FUZZ_RUNS=5000 tries more; FUZZ_SEED=123 FUZZ_RUNS=1 tries one again. */
const FIRST_SEED = Number(process.env.FUZZ_SEED ?? 1);
const RUNS = Number(process.env.FUZZ_RUNS ?? 300);
/** Runs at once, each with a Close of its own; they mostly wait. */
const AT_ONCE = 24;
/** A list that comes byte by byte is given up after half a minute. */
const RUN_LIMIT_MS = 120_000;
const LOCAL = '+14155550100';
const CONTACT_ID = 'cont_maria00000000000000000';
const MARIA = { contact_id: CONTACT_ID, lead_id: 'lead_bluebird00000000000000' };
const YEAR_MS = 366 * 24 * 3_600_000;

const KINDS: RandomFaults['kinds'] = [
	{ kind: 'status', status: 429, headers: { ratelimit: 'limit=160, remaining=0, reset=0.1' } },
	{ kind: 'status', status: 400 },
	{ kind: 'status', status: 403 },
	{ kind: 'status', status: 404 },
	{ kind: 'status', status: 500 },
	{ kind: 'status', status: 500, applied: true },
	{ kind: 'status', status: 503 },
	{ kind: 'status', status: 503, applied: true },
	{ kind: 'status', status: 503, carriedOutAfter: 3000 },
	{ kind: 'status', status: 499 },
	{ kind: 'status', status: 522, applied: true },
	'resetBefore',
	'resetAfter',
	{ kind: 'slow', delayMs: 1200 },
	// Longer than some runs have.
	{ kind: 'slow', delayMs: 7000 },
	{ kind: 'html', status: 200, applied: true },
	{ kind: 'cutJson', framing: 'short' },
	'emptyBody',
	{ kind: 'drip', delayMs: 1 },
	{ kind: 'drip', delayMs: 8 },
];

interface Item extends IDataObject {
	n: number;
	phone: string;
	id: string;
	/** The contact that has the number, where texts are sent to contacts. */
	contact: string;
}

/** What one run is, all of it by its seed. */
function scenario(seed: number) {
	const random = seededRandom(seed);
	const pick = <T>(...values: T[]): T => values[Math.floor(random() * values.length)];
	const maybe = (part: number) => random() < part;
	const options: INodeParameters = {
		giveUpAfter: pick(2, 5, 10),
		maxRetries: pick(0, 1, 3),
		maxConcurrency: pick(1, 2, 5, 20),
		...(maybe(0.4) && { skipIfTextedWithin: 60 }),
		...(maybe(0.2) && { skipIfTextedAnythingWithin: 60 }),
		...(maybe(0.25) && { skipNumbersThatFailed: true }),
		...(maybe(0.2) && { maxSegments: 1 }),
		...(maybe(0.3) && { checkOptOut: true }),
		...(maybe(0.3) && { waitUntilSent: pick(1, 3) }),
		...(maybe(0.3) && { addMessageInfo: true }),
		...(maybe(0.3) && { unknownRecipient: 'error' }),
		...(maybe(0.4) && {
			sendingHours: {
				hours: {
					from: '08:00',
					to: '21:00',
					zone: pick('recipient', 'workflow'),
					fallbackTimezone: pick('America/New_York', 'America/New_York', ''),
					outside: pick('schedule', 'stop'),
				},
			},
		}),
	};
	const onError = pick('stopWorkflow', 'continueRegularOutput', 'continueErrorOutput');
	return {
		count: 1 + Math.floor(random() * 8),
		operation: pick('send', 'send', 'sendDraft', 'update', 'schedule'),
		isLater: maybe(0.2),
		hasContact: maybe(0.5),
		isOneNumber: maybe(0.15),
		hasBatches: maybe(0.15),
		isTwice: maybe(0.3),
		/** The texts of a run before were deleted in Close. */
		isAgain: maybe(0.3),
		refusedSearch: pick(undefined, undefined, undefined, 400, 403, 404, 405),
		share: pick(0, 0.05, 0.1, 0.25),
		carrierDelay: pick(20, 20, 3_600_000),
		slowest: pick(0, 40, 200),
		onError,
		retryOnFail: onError === 'stopWorkflow' && maybe(0.3),
		options,
		to: pick('number', 'number', 'picked', 'contact'),
		/** The last SMS to the first number was to a landline. */
		hasFailed: maybe(0.3),
		/** The person got another number since. */
		hasMoved: maybe(0.05),
	} as const;
}

type Scenario = ReturnType<typeof scenario>;

const SCHEDULED = '2030-06-05T17:00:00Z';

const picked = (value: string) => ({ __rl: true, mode: 'list', value });

const TO: Record<Scenario['to'], INodeParameters[string]> = {
	number: byNumber('={{ $json.phone }}'),
	picked: picked(`=${CONTACT_ID}|{{ $json.phone }}`),
	contact: { __rl: true, mode: 'contact', value: '={{ $json.contact }}' },
};

function parametersOf({ operation, isLater, hasContact, hasBatches, to, options }: Scenario) {
	const id = { smsId: byId('={{ $json.id }}') };
	const later = isLater ? { when: 'at', sendAt: SCHEDULED } : {};
	const byOperation: Record<Scenario['operation'], INodeParameters> = {
		send: {
			to: TO[to],
			from: byNumber(LOCAL),
			message: 'Hi',
			additionalFields: hasContact && to !== 'contact' ? { contactId: byId(CONTACT_ID) } : {},
			...later,
		},
		sendDraft: id,
		update: { ...id, updateFields: { status: 'outbox' } },
		schedule: { ...id, sendAt: SCHEDULED },
	};
	return {
		authentication: 'apiKey',
		resource: 'sms',
		operation,
		...byOperation[operation],
		options,
		...(hasBatches && {
			requestOptions: { batching: { batch: { batchSize: 2, batchInterval: 50 } } },
		}),
	};
}

const messageOf = (item: NodeRun['items'][number]) =>
	item.error?.message ?? errorOf(item)?.message ?? '';

/** Items that a summary of Stop mode names after these words, e.g. "Items 0 to 2 and 5 failed too". */
function indexesIn(list: string): number[] {
	return list.split(/, | and /).flatMap((range) => {
		const [from, to = from] = range.split(' to ').map(Number);
		return Array.from({ length: to - from + 1 }, (_, n) => from + n);
	});
}

const LIST = String.raw`items? (\d[\d, toand]*\d|\d)`;
const ends = (words: string, pattern: string) =>
	[...words.matchAll(new RegExp(pattern, 'gi'))].flatMap(([, list]) => indexesIn(list));

/** What a person is told of each item: one result, or one error; by its index. */
function tellings(run: NodeRun, count: number): string[][] {
	const told: string[][] = Array.from({ length: count }, () => []);
	if (!run.error) {
		for (const item of run.outputs.flat()) {
			const { item: index } = item.pairedItem as { item: number };
			const isSkipped = /Not sent again: |Not sent, by '/.test(String(item.json._note));
			const isDone = isSkipped ? 'skipped' : 'done';
			told[index].push(messageOf(item) ? `failed: ${messageOf(item)}` : isDone);
		}
		return told;
	}
	const { message, description } = run.error;
	const words = String(description ?? '');
	const own = Number(/\[item (\d+)\]/.exec(message)?.[1] ?? run.error.context.itemIndex ?? 0);
	told[own].push(`failed: ${message}`);
	const say = (what: string, pattern: string) =>
		ends(words, pattern).forEach((index) => told[index].push(what));
	say('done', `Done(?: by an earlier try)?: ${LIST}`);
	say('failed', `${LIST} failed too`);
	say('unknown', `${LIST} may have been sent`);
	say('held back', `Held back, nobody was texted: ${LIST}`);
	say('not started', `Not started: ${LIST}`);
	return told;
}

const SAYS_NOBODY = /nobody was texted|still a draft|not started|held back|^failed: Not sent/i;
const SAYS_UNKNOWN = /may have been|may just have been|not delivered|did something other/i;

interface Owner {
	contact_id: string;
	lead_id: string;
}

/** Contacts who have these numbers, and one more, in an office; by number. */
async function addOwners(
	close: Simulator,
	phones: string[],
	hasMoved: boolean,
): Promise<Map<string, Owner>> {
	const owners = new Map<string, Owner>();
	for (const phone of new Set(phones)) {
		const office = { phone: phone.replace('+1415555', '+1206555'), type: 'office' };
		const isGone = hasMoved && owners.size === 0;
		const contacts = [
			{ name: `Owner of ${phone}`, phones: isGone ? [] : [office, { phone, type: 'mobile' }] },
		];
		const { data } = await clientOf(close).post('/lead/', { name: phone, contacts });
		const lead = data as { id: string; contacts: Array<{ id: string }> };
		owners.set(phone, { contact_id: lead.contacts[0].id, lead_id: lead.id });
	}
	return owners;
}

/** Yesterday a text did not reach this number, and none ever will. */
const addFailed = (close: Simulator, phone: string, owner: Owner) => {
	const yesterday = new Date(close.clock.now().getTime() - 24 * 3_600_000).toISOString();
	close.addSms({
		...owner,
		text: 'Before',
		remote_phone: phone,
		local_phone: LOCAL,
		status: 'error',
		error_message: '30006 landline or unreachable carrier',
		date_created: yesterday,
		activity_at: yesterday,
		date_updated: yesterday,
	});
};

/** One run: what was wrong with it, as sentences. */
async function tryOne(seed: number, close: Simulator): Promise<string[]> {
	const given = scenario(seed);
	const { count, operation, isOneNumber, share, slowest, onError, retryOnFail } = given;
	const phones = Array.from(
		{ length: count },
		(_, n) => `+1415555${isOneNumber ? 1000 : 1000 + n}`,
	);
	const isByContact = operation === 'send' && given.to === 'contact';
	const owners = isByContact
		? await addOwners(close, phones, given.hasMoved)
		: new Map<string, Owner>();
	const items: Item[] = phones.map((phone, n) => ({
		n,
		phone,
		contact: owners.get(phone)?.contact_id ?? '',
		id:
			operation === 'send'
				? ''
				: close.addSms({
						text: `Hi ${n}`,
						remote_phone: phone,
						local_phone: LOCAL,
						contact_id: given.hasContact ? CONTACT_ID : null,
					}).id,
	}));
	close.somebody.changesContact(CONTACT_ID, {
		phones: (isByContact ? [] : phones)
			.slice(given.hasMoved ? 1 : 0)
			.map((phone) => ({ phone, type: 'mobile' })) as never,
	});
	if (given.hasFailed) addFailed(close, phones[0], owners.get(phones[0]) ?? MARIA);
	let cancel!: () => void;
	const start = async () =>
		await runNode({
			credential: simulatorCredential(close),
			parameters: parametersOf(given),
			timezone: 'America/New_York',
			items,
			onStart: (execution) => (cancel = () => execution.cancel()),
			node: {
				onError,
				credentials: { closeSmsApi: { id: `fuzz ${seed}`, name: 'Close' } },
				...(retryOnFail && { retryOnFail, maxTries: 2, waitBetweenTries: 0 }),
			},
		});
	const { skipIfTextedWithin, skipIfTextedAnythingWithin, skipNumbersThatFailed } = given.options;
	const skips =
		operation === 'send' &&
		(skipIfTextedWithin !== undefined || skipIfTextedAnythingWithin !== undefined);
	if (skips && given.isAgain) {
		await start();
		close.clock.advance(120_000);
		for (const { id, text } of close.allSms()) if (text === 'Hi') close.somebody.deletes(id);
	}
	const before = phones.map((phone) => close.timesTexted(phone));
	close.carrierDelay(given.carrierDelay);
	if (given.refusedSearch)
		close.faults.order({
			kind: 'status',
			status: given.refusedSearch,
			match: { method: 'POST', path: '^/data/search/$' },
			times: 9999,
		});
	close.latency(
		{ seed, from: 0, to: slowest },
		{ there: { seed: seed + 1, from: 0, to: slowest } },
	);
	if (share > 0) close.faults.random({ seed, share, kinds: KINDS });
	const running = Promise.all(given.isTwice && skips ? [start(), start()] : [start()]);
	const runs = await Promise.race([running, wait(RUN_LIMIT_MS, undefined, { ref: false })]);
	if (!runs) {
		cancel();
		return [`did not end within ${RUN_LIMIT_MS / 1000} s`];
	}
	close.faults.clear();
	close.clock.advance(5 * YEAR_MS);
	const wrong: string[] = [];
	const timesTexted = (phone: string) => close.timesTexted(phone) - before[phones.indexOf(phone)];
	const perPhone = skips || !isOneNumber ? 1 : count;
	for (const phone of new Set(phones))
		if (timesTexted(phone) > perPhone) wrong.push(`${phone} rang ${timesTexted(phone)} times`);
	const others = close.texted.filter(({ remotePhone }) => !phones.includes(remotePhone));
	if (others.length > 0) wrong.push(`${others[0].remotePhone} was texted, which nobody asked for`);
	const isKnownToFail = operation === 'send' && skipNumbersThatFailed && given.hasFailed;
	if (isKnownToFail && timesTexted(phones[0]) > 0) wrong.push(`${phones[0]} cannot be reached`);
	for (const run of runs)
		tellings(run, count).forEach((told, n) => {
			if (told.length !== 1)
				wrong.push(`item ${n} was told ${told.length} times: ${told.join('; ')}`);
			if (runs.length > 1 || isOneNumber) return;
			const words = told.join(' ');
			const times = timesTexted(phones[n]);
			const isCertain = !SAYS_UNKNOWN.test(words);
			if (times > 0 && SAYS_NOBODY.test(words) && isCertain)
				wrong.push(`item ${n} texted somebody, and is told: ${words}`);
			if (times > 0 && told[0] === 'skipped')
				wrong.push(`item ${n} texted somebody, and is skipped`);
			if (times === 0 && told[0] === 'done') wrong.push(`item ${n} is done, and nobody was texted`);
		});
	return wrong;
}

test(
	`${RUNS} runs from FUZZ_SEED=${FIRST_SEED} on, with responses of different speed and random faults: each ends, no phone rings twice, no "nobody was texted" is false, each item is told once`,
	async () => {
		const seeds = Array.from({ length: RUNS }, (_, n) => FIRST_SEED + n);
		const wrong: string[] = [];
		const work = async () => {
			for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift()) {
				const found = await withOwnSimulator(async (close) => await tryOne(seed!, close));
				for (const sentence of found) wrong.push(`FUZZ_SEED=${seed}: ${sentence}`);
			}
		};
		await Promise.all(Array.from({ length: AT_ONCE }, work));
		if (wrong.length > 0) say(wrong.join('\n'));

		expect(wrong).toEqual([]);
	},
	RUNS * 10_000,
);
