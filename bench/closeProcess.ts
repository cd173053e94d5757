import { process, randomUUID } from '../dev/platform';
import { startSimulator, type Simulator } from '../dev/simulator';
import { clientOf } from '../dev/simulator/client';
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

/** What the simulated Close saw of new texts. */
export interface ObservedTexts {
	requests: number;
	refused: number;
	/** of the bodies of all responses */
	bytes: number;
	texted: number;
	/** from the first request to the last */
	seconds: number;
	/** when the first request arrived, and the first that texted somebody; milliseconds since 1970 */
	firstAt: number;
	firstTextAt: number;
}

export type Ask =
	| { prepare: Conditions }
	| { observe: true }
	| { preparePeople: number; limit?: Conditions['limit'] }
	| { observeTexts: true };

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

let texts: ObservedTexts;

/** Adds so many leads with one contact each, and counts what it takes to text them. */
async function preparePeople(
	close: Simulator,
	count: number,
	limit: Conditions['limit'] = UNREACHED,
): Promise<Work> {
	close.reset();
	close.addApiKey();
	close.rateLimit.set({ throttle: UNREACHED });
	const api = clientOf(close);
	// Words of its own: the node remembers for a minute what it has sent.
	const run = randomUUID();
	const items: Work['items'] = [];
	for (let n = 0; n < count; n++) {
		const phone = `+1212555${1000 + n}`;
		const contacts = [{ name: `Person ${n}`, phones: [{ phone, type: 'mobile' }] }];
		const lead = { name: `Lead ${n}`, contacts };
		const { data } = await api.post<{ contacts: Array<{ id: string }> }>('/lead/', lead);
		items.push({ id: '', text: `${newText(n)} ${run}`, phone, contactId: data.contacts[0].id });
	}
	const seenTexts = {
		requests: 0,
		refused: 0,
		bytes: 0,
		texted: 0,
		seconds: 0,
		firstAt: 0,
		firstTextAt: 0,
	};
	texts = seenTexts;
	close.rateLimit.set({ throttle: limit });
	close.observe(({ request, body = '' }) => {
		seenTexts.firstAt ||= request.at;
		if (request.method === 'PUT') seenTexts.firstTextAt ||= request.at;
		seenTexts.requests++;
		seenTexts.seconds = (request.at - seenTexts.firstAt) / 1000;
		seenTexts.bytes += Buffer.byteLength(body);
	});
	return { credential: simulatorCredential(close), items };
}

function observeTexts(close: Simulator): ObservedTexts {
	close.clock.advance(60_000);
	return { ...texts, texted: close.texted.length, refused: close.rateLimit.refused };
}

async function main(): Promise<void> {
	const close = await startSimulator();
	let work: Work = { credential: simulatorCredential(close), items: [] };
	const answer = async (ask: Ask) => {
		if ('preparePeople' in ask) return await preparePeople(close, ask.preparePeople, ask.limit);
		if ('observeTexts' in ask) return observeTexts(close);
		if ('observe' in ask) return seen(close, work);
		return (work = prepare(close, ask.prepare));
	};
	process.on('message', (ask: Ask) => void answer(ask).then((found) => process.send!(found)));
	process.send!('ready');
}

void main();
