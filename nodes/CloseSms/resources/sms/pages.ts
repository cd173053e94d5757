import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import type { SmsActivity } from '../../../shared/closeTypes';
import type { Request } from '../../../shared/exchange';
import type { Assumed, Send } from '../../../shared/steps';

/** Activities that were not seen before, and the output items that belong to them. */
export interface Page {
	activities: SmsActivity[];
	items: INodeExecutionData[];
}

/** Where the next page begins. */
interface Place {
	/** Only what was created before this is asked for, in milliseconds since 1970; as the query has it unless given. */
	end?: number;
	skip: number;
}

/** Close's largest page (`max_limit` of its framework; the documented default is the same). */
const LARGEST_PAGE = 100;

const LATEST = '9999-12-31';

/** Close may read a time less precisely than it shows it, so a window ends with a whole second. */
const nextSecond = (time: number) => (Math.floor(time / 1000) + 1) * 1000;

/** How many of what was created before this are known already; the others are forgotten. */
function countKnown(known: Map<string, number>, end: number): number {
	for (const [id, created] of known) if (created >= end) known.delete(id);
	return known.size;
}

/**
 * Close lists the newest first. So the next window ends where this page ended, which leaves out what is added
 * meanwhile and keeps clear of the largest `_skip`. A page in another order is followed by `_skip`.
 */
function placeAfter(
	data: SmsActivity[],
	place: Place,
	query: IDataObject,
	known: Map<string, number>,
): Place {
	const times = data.map(({ date_created: created }) => Date.parse(created));
	const isNewestFirst = times.every((time, index) => index === 0 || time <= times[index - 1]);
	const last = place.end ?? Date.parse(String(query.date_created__lt ?? LATEST));
	const end = nextSecond(times[times.length - 1]);
	return isNewestFirst && end < last
		? { end, skip: countKnown(known, end) }
		: { ...place, skip: place.skip + data.length };
}

const pageRequest = (
	request: Request,
	query: IDataObject,
	{ end, skip }: Place,
	limit: number,
) => ({
	...request,
	options: {
		...request.options,
		method: 'GET' as const,
		url: '/activity/sms/',
		body: undefined,
		qs: {
			...query,
			...(end !== undefined && { date_created__lt: new Date(end).toISOString() }),
			_limit: Math.min(LARGEST_PAGE, limit),
			...(skip > 0 && { _skip: skip }),
		},
	},
});

/**
 * Reads Close's list page by page, each activity once, also while others are added.
 *
 * @param query filters of Close; with `_fields` it must name `id` and `date_created`
 * @param wanted how many activities are needed at most: no page too many is fetched
 */
export async function* pages(
	send: Send,
	request: Request,
	query: IDataObject,
	wanted = Infinity,
	assumed?: Assumed,
): AsyncGenerator<Page> {
	const known = new Map<string, number>();
	let place: Place = { skip: 0 };
	for (let left = wanted; left > 0; ) {
		const { body, items } = await send(pageRequest(request, query, place, left), assumed);
		const data = (body.data ?? []) as SmsActivity[];
		const isNew = data.map(({ id }) => !known.has(id));
		for (const { id, date_created: created } of data) known.set(id, Date.parse(created));
		const activities = data.filter((_, index) => isNew[index]);
		left -= activities.length;
		yield { activities, items: items.filter((_, index) => isNew[index]) };
		if (!body.has_more || data.length === 0) return;
		place = placeAfter(data, place, query, known);
	}
}
