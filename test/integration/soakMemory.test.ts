import type { INodeParameters } from 'n8n-workflow';
import { heapInUse, speedUpTime } from '../../dev/platform';
import { byNumber } from '../../dev/locators';
import { clientOf } from '../../dev/simulator/client';
import type { OPTIONS } from '../../nodes/CloseSms/validation/nodeOptions';
import { growthPerRun, leastGrowth, MAX_MS, RUNS } from './heapGrowth';
import { messages, setUpSms } from './setUpSms';
import { setUpWallClock } from './wallClock';

// What takes time is a text on its way, and this is not about time.
speedUpTime(20);
const sms = setUpSms();
const clock = setUpWallClock();

/** How often a loop comes by in one execution, and how often it looks at the heap. */
const [PASSES, LOOKS] = [1000, 5];

/**
 * What may be left of one execution: its item, requests and responses are many times as much. V8 itself makes more and
 * more code of what is used.
 */
const MAX_BYTES = 1000;
/** The same of one pass of a loop, with what n8n and the simulated Close keep of it until the execution is over. */
const MAX_BYTES_OF_PASS = 15_000;

/** Every option but Dry Run, which sends nothing. */
const options: Record<Exclude<keyof typeof OPTIONS, 'dryRun'>, unknown> = {
	addMessageInfo: true,
	checkOptOut: true,
	countryCode: '1',
	giveUpAfter: 60,
	unknownRecipient: 'sendWithoutLead',
	maxConcurrency: 2,
	maxRetries: 1,
	maxSegments: 2,
	missingValues: 'stop',
	sendingHours: { hours: { from: '00:00', to: '24:00', zone: 'workflow' } },
	// Its items text the same numbers over and over.
	skipIfTextedAnythingWithin: 0,
	skipIfTextedWithin: 1,
	skipNumbersThatFailed: true,
	waitUntilSent: 5,
};

const parameters = (to: string, message: string): INodeParameters => ({
	to: byNumber(to),
	from: byNumber('+14155550100'),
	message,
	options: options as INodeParameters,
});

/** Check Opt-Out texts nobody whom Close does not know. */
const addPerson = async (phone: string) =>
	await clientOf(sms.close).post('/lead/', {
		name: 'Lead',
		contacts: [{ name: 'Person', phones: [{ phone, type: 'mobile' }] }],
	});

const send = async (n: number) => {
	await addPerson(`+1415555${1000 + (n % 9000)}`);
	const run = await sms.run('send', parameters(`(415) 555-${1000 + (n % 9000)}`, `Text ${n}`));
	expect(messages(run)).toEqual([undefined]);
	return run;
};

/** An hour later, with another Close. What is too old goes as the next text is sent. */
async function forget(): Promise<void> {
	clock.itIs(new Date(Date.now() + 3_600_000).toISOString());
	sms.close.reset();
	sms.close.addApiKey();
	await send(0);
	sms.close.reset();
	sms.close.addApiKey();
}

test(
	`${RUNS} executions of Send with every option leave nothing behind`,
	async () => {
		expect(await growthPerRun(RUNS, send, forget)).toBeLessThan(MAX_BYTES);
	},
	MAX_MS,
);

test(
	'which the measure would see: it sees what an execution leaves behind',
	async () => {
		const held: unknown[] = [];
		const hold = async (n: number) => {
			await send(n);
			// 80 kB: between two looks V8 itself gives up to 1 MB back, 12 kB for each of the executions in between.
			held.push(Array.from({ length: 10_000 }, (_, index) => n + index / 3));
		};
		expect(await growthPerRun(RUNS / 5, hold, forget)).toBeGreaterThan(MAX_BYTES);
		expect(held.length).toBeGreaterThanOrEqual(RUNS / 5);
	},
	MAX_MS,
);

/** Counts how many listeners an abort signal has at the most, whichever it is; until `stop`. */
function countAbortListeners(): { most: () => number; stop: () => void } {
	const listeners = new WeakMap<AbortSignal, number>();
	let most = 0;
	const { addEventListener: add, removeEventListener: remove } = EventTarget.prototype;
	const count = (signal: AbortSignal, change: number) => {
		const now = (listeners.get(signal) ?? 0) + change;
		listeners.set(signal, now);
		most = Math.max(most, now);
	};
	Object.assign(AbortSignal.prototype, {
		addEventListener(this: AbortSignal, ...args: Parameters<typeof add>) {
			count(this, 1);
			add.apply(this, args);
		},
		removeEventListener(this: AbortSignal, ...args: Parameters<typeof remove>) {
			count(this, -1);
			remove.apply(this, args);
		},
	});
	const stop = () => {
		for (const name of ['addEventListener', 'removeEventListener'])
			Reflect.deleteProperty(AbortSignal.prototype, name);
	};
	return { most: () => most, stop };
}

test(
	`a loop that sends ${PASSES} times in one execution keeps nothing of a pass`,
	async () => {
		const heaps: number[] = [];
		for (let n = 0; n < PASSES; n++) await addPerson(`+1415${5_551_000 + n}`);
		const abortListeners = countAbortListeners();
		const to = '={{ "+1415" + (5551000 + ($json.times ?? 0)) }}';
		const run = await sms.run('send', parameters(to, 'Text'), {
			again: (times) => {
				if (times % (PASSES / LOOKS) > 0) return true;
				// Those of the simulated Close are not what is looked for.
				sms.close.requests.length = 0;
				heaps.push(heapInUse());
				return times < PASSES;
			},
		});

		abortListeners.stop();
		expect(messages(run)).toEqual([undefined]);
		expect(abortListeners.most()).toBeGreaterThan(0);
		expect(abortListeners.most()).toBeLessThan(10);
		expect(sms.close.texted).toHaveLength(PASSES);
		expect(leastGrowth(`${PASSES} passes`, heaps, PASSES / LOOKS)).toBeLessThan(MAX_BYTES_OF_PASS);
	},
	MAX_MS,
);
