import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { MAX_PAGE_SIZE } from '../../shared/closeTypes';
import { monotonicNow } from '../../shared/delay';
import { validationError } from '../../shared/errors/validationError';
import { isRecord } from '../../shared/fieldValues';
import type {
	AssumedResponse,
	HandlerContext,
	RoutingRequest,
} from '../transport/request/operationHandler';

/** An entry of one of Close's lists. */
type Entry = IDataObject & { id: string };

/** Entries that were on no page before, and the output items that belong to them. */
export interface Page<T> {
	entries: T[];
	items: INodeExecutionData[];
	/** When Close sent it, by its own clock, in milliseconds since 1970; NaN when it does not say. */
	time: number;
}

/** Where a page begins. */
export interface Cursor {
	/** Query parameters that make the list shorter: what was read before them is left out. */
	bounds: IDataObject;
	skip: number;
	/** How many entries of the page were read before, as far as is known: they do not count. */
	overlap: number;
}

const FIRST: Cursor = { bounds: {}, skip: 0, overlap: 0 };

/** From the last entry of this page on. */
const nextBySkip = (cursor: Cursor, count: number): Cursor => ({
	...cursor,
	skip: cursor.skip + Math.max(count - 1, 1),
	overlap: 1,
});

/** A page further back that still reaches the entry with which this one began. */
const previous = ({ bounds, skip }: Cursor): Cursor => ({
	bounds,
	skip: Math.max(skip - (MAX_PAGE_SIZE - 1), 0),
	overlap: MAX_PAGE_SIZE,
});

/** Pages in a row that bring nothing new, while entries are deleted, before the list counts as endless. */
const MAX_STALE_PAGES = 2;

const isEntry = (value: unknown): value is Entry => isRecord(value) && typeof value.id === 'string';

/**
 * Reads one of Close's lists page by page, each entry once, also while others are added or deleted.
 *
 * A page overlaps the one before it. When it does not begin with an entry that is known, entries before it were deleted
 * and others have moved up past its beginning: then it is read again from further back.
 *
 * @param request the list, with the filters in its query; with `_fields` it must name `id`
 * @param maxCount how many entries are needed at most: no further page is fetched
 * @param assumed what a dry run takes as the response
 * @param narrow the next page in a shorter list, given this one and where it began; undefined where that is not possible.
 * By number unless given
 * @returns pages of entries that were on no page before
 * @throws {ItemFailure} when pages bring nothing new although there is more, an entry has no ID, or all of them
 * take longer than 'Give Up After'
 */
export async function* paginate<T extends Entry>(
	context: HandlerContext,
	{
		request,
		maxCount = Infinity,
		assumed,
		narrow,
	}: {
		request: RoutingRequest;
		maxCount?: number;
		assumed?: AssumedResponse;
		narrow?: (data: T[], cursor: Cursor) => Cursor | undefined;
	},
): AsyncGenerator<Page<T>> {
	const fail = (what: string, next: string) => validationError(context.n8n, what, next);
	const { giveUpAfter } = context.item.options;
	const endAt = monotonicNow() + giveUpAfter * 1000;
	const seenIds = new Set<string>();
	let [cursor, stalePages] = [FIRST, 0];
	for (let left = maxCount; left > 0; ) {
		if (monotonicNow() > endAt)
			throw fail(
				`The list is not complete after ${giveUpAfter} seconds, with ${seenIds.size} entries read`,
				"Raise 'Give Up After' in Options, or narrow down what is listed.",
			);
		const { bounds, skip, overlap } = cursor;
		const qs: IDataObject = {
			...(request.options.qs as IDataObject),
			...bounds,
			_limit: Math.min(MAX_PAGE_SIZE, left + overlap),
			...(skip > 0 && { _skip: skip }),
		};
		const page = { ...request, options: { ...request.options, qs }, assumed };
		const { body, items, time } = await context.send(page);
		const data: unknown[] = Array.isArray(body.data) ? body.data : [];
		if (!data.every(isEntry))
			throw fail(
				'An entry of the list that Close returned has no ID',
				'Run this item again. If it stays so, ask the support of Close.',
			);
		if (skip > 0 && !seenIds.has(data[0]?.id)) {
			cursor = previous(cursor);
			continue;
		}
		const entries = data as T[];
		const isNew = entries.map(({ id }) => !seenIds.has(id));
		for (const { id } of entries) seenIds.add(id);
		const found = entries.filter((_, index) => isNew[index]);
		left -= found.length;
		yield { entries: found, items: items.filter((_, index) => isNew[index]), time };
		if (!body.has_more || entries.length === 0) return;
		stalePages = found.length === 0 ? stalePages + 1 : 0;
		if (stalePages === MAX_STALE_PAGES)
			throw fail(
				"Close's list has no end: its pages bring nothing new although there is more",
				'Run this item again. If it stays so, narrow down what is listed.',
			);
		cursor = narrow?.(entries, cursor) ?? nextBySkip(cursor, entries.length);
	}
}
