import type { OwnFunction } from './profile';
import type { Lab } from './requests';
import { SEND_CASES } from './requests';
import { startNode } from './processes';

/** Items of a run; the last is the one whose CPU is looked at. */
const ITEMS = [1, 1000];
/** Enough for V8 to compile the hot paths. */
const WARM_UP = 100;
const NAMES = ['number and contact, no options', 'number, all three'];

/** What one run of Send took of n8n's process, before its first SMS and as a whole. */
export interface OwnCostRow {
	name: string;
	items: number;
	/** Seconds from the start of the execution until the first request, and the first that texts, arrived at Close. */
	toFirstRequest: number;
	toFirstText: number;
	/** Evaluations of expressions, of each item. */
	evaluations: number;
	/** Of the CPU, what this package's own functions took; of few items it says nothing. */
	own?: OwnFunction[];
}

/**
 * Measures when the first SMS of a run leaves, and then, in a second run since a profiler slows it, whose code took the
 * time.
 *
 * @throws Error when somebody was not texted
 */
export async function measureOwnCost({ close, program, install }: Lab): Promise<OwnCostRow[]> {
	const node = startNode(program, install, 'vm');
	const rows: OwnCostRow[] = [];
	for (const { name, ...given } of SEND_CASES.filter((one) => NAMES.includes(one.name))) {
		const send = async (count: number, isProfiled = false) => {
			const work = await close.preparePeople(count);
			const cost = await node.run({ kind: 'send', ...given }, work, isProfiled);
			const seen = await close.seenOfTexts();
			if (seen.texted !== count) throw new Error(`${name}: ${seen.texted} of ${count} were texted`);
			return { ...cost, ...seen };
		};
		await send(WARM_UP);
		for (const items of ITEMS) {
			const { startedAt, firstAt, firstTextAt, evaluations } = await send(items);
			rows.push({
				name,
				items,
				toFirstRequest: (firstAt - startedAt) / 1000,
				toFirstText: (firstTextAt - startedAt) / 1000,
				evaluations: evaluations / items,
				own: items > WARM_UP ? (await send(items, true)).own : undefined,
			});
		}
	}
	await node.stop();
	return rows;
}
