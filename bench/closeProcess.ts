import { process } from '../dev/platform';
import { startSimulator, type Simulator } from '../dev/simulator';
import { simulatorCredential } from '../dev/simulator/credential';
import type { Work } from './work';

/** How the simulated Close behaves. */
export interface Conditions {
	items: number;
	/** milliseconds before every response */
	latency: number;
	/** Each item is an execution of its own, started so many milliseconds after the one before; one for all without it. */
	apartMs?: number;
	/** of Close's throttle; one that nobody reaches without it */
	limit?: { rps: number; window: number };
}

/** What the simulated Close saw. */
export interface Observed {
	requests: number;
	refused: number;
	/** from the first request to the last */
	seconds: number;
	/** items whose text is the new one */
	changed: number;
}

export type Ask = { prepare: Conditions } | { observe: true };

/** Close names its limit in each response, also where nobody reaches it. */
const UNREACHED = { rps: 10_000, window: 8 };

const newText = (n: number) => `Hi person ${n}, your appointment was moved to Thursday at 9 am.`;

function prepare(close: Simulator, { items, latency, limit, apartMs }: Conditions): Work {
	close.reset();
	// What the node learnt of a key's limit in an earlier run is not true of this one.
	close.addApiKey();
	close.latency(latency);
	close.rateLimit.set({ throttle: limit ?? UNREACHED });
	const drafts = Array.from({ length: items }, (_, n) => ({
		id: close.addSms({ text: 'Old', remote_phone: '+14155550123', local_phone: '+14155550100' }).id,
		text: newText(n),
	}));
	return { credential: simulatorCredential(close), items: drafts, apartMs };
}

const seen = (close: Simulator, { items }: Work): Observed => ({
	requests: close.requests.length,
	refused: close.rateLimit.refused,
	seconds: (close.requests[close.requests.length - 1].at - close.requests[0].at) / 1000,
	changed: items.filter(({ id, text }) => close.sms(id)?.text === text).length,
});

async function main(): Promise<void> {
	const close = await startSimulator();
	let work: Work = { credential: simulatorCredential(close), items: [] };
	process.on('message', (ask: Ask) => {
		if ('prepare' in ask) work = prepare(close, ask.prepare);
		process.send!('prepare' in ask ? work : seen(close, work));
	});
	process.send!('ready');
}

void main();
