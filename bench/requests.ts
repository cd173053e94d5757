import type { INodeParameters } from 'n8n-workflow';
import type { Install } from '../dev/n8n/install';
import { CLOSE_RATE_LIMIT } from '../dev/simulator';
import { leastSeconds } from './plan';
import { startNode, type startClose } from './processes';

/** Texts in one run, unless others are asked for. */
export const COUNTS = [20, 60, 200];

/** What Send is given with each text. */
interface Combination {
	name: string;
	isContactGiven: boolean;
	options: INodeParameters;
}

/** What one text took, for each length of a run. */
export interface RequestsRow {
	name: string;
	requests: number[];
	/** In thousands of bytes of responses. */
	kilobytes: number[];
}

/** What a run took under Close's limit. */
export interface PaceRow {
	name: string;
	/** The time from the first request to the last over the least that the limit allows. */
	sendingToLeast: number;
	/** The part of the requests that Close refused. */
	refused: number;
}

const sendingHours = { hours: { from: '00:00', to: '24:00' } };
const skipIfTextedWithin = 60;
const checkOptOut = true;

const OPTIONS: Record<string, INodeParameters> = {
	'no options': {},
	'Sending Hours': { sendingHours },
	'Check Opt-Out': { checkOptOut },
	'Skip If Texted Within': { skipIfTextedWithin },
	'all three': { sendingHours, checkOptOut, skipIfTextedWithin },
};

export const SEND_CASES: Combination[] = Object.entries(OPTIONS).flatMap(([name, options]) => [
	{ name: `number and contact, ${name}`, isContactGiven: true, options },
	{ name: `number, ${name}`, isContactGiven: false, options },
]);

/** What is measured with: a simulated Close, the compiled node, an n8n. */
export interface Lab {
	close: Awaited<ReturnType<typeof startClose>>;
	program: string;
	install: Install;
}

/**
 * Counts the requests to Close for each text of a run of Send. They do not depend on how fast the machine is.
 *
 * @throws Error when somebody was not texted
 */
export async function measureRequests(
	{ close, program, install }: Lab,
	counts: number[],
): Promise<RequestsRow[]> {
	const node = startNode(program, install, 'vm');
	const rows: RequestsRow[] = [];
	for (const { name, ...given } of SEND_CASES) {
		const row: RequestsRow = { name, requests: [], kilobytes: [] };
		for (const count of counts) {
			await node.run({ kind: 'send', ...given }, await close.preparePeople(count));
			const { requests, bytes, texted } = await close.seenOfTexts();
			if (texted !== count) throw new Error(`${name}: ${texted} of ${count} were texted`);
			row.requests.push(requests / count);
			row.kilobytes.push(bytes / count / 1000);
		}
		rows.push(row);
	}
	await node.stop();
	return rows;
}

/**
 * Measures how long the sending of a run takes under Close's limit as it was seen live. Each SMS takes one request of
 * each of two kinds, which Close counts apart; what is only read comes beside them.
 *
 * @throws Error when somebody was not texted
 */
export async function measurePace(
	{ close, program, install }: Lab,
	count: number,
): Promise<PaceRow[]> {
	const limit = CLOSE_RATE_LIMIT.throttle;
	const node = startNode(program, install, 'vm');
	const rows: PaceRow[] = [];
	for (const { name, ...given } of SEND_CASES) {
		await node.run({ kind: 'send', ...given }, await close.preparePeople(count, limit));
		const { requests, refused, texted, seconds } = await close.seenOfTexts();
		if (texted !== count) throw new Error(`${name}: ${texted} of ${count} were texted`);
		const least = leastSeconds({ items: count, latency: 0, limit });
		rows.push({ name, sendingToLeast: seconds / least, refused: refused / requests });
	}
	await node.stop();
	return rows;
}
