import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { MAX_PAGE_SIZE, type SmsActivity } from '../../../../shared/closeTypes';
import { isNewestFirst } from '../../../../shared/conversation';
import type { AssumedResponse, HandlerContext } from '../../../transport/request/operationHandler';
import { monotonicNow } from '../../../../shared/delay';
import { validationError } from '../../../validation/validationError';
import { withSettings } from './smsRequest';

/** Activities that were not seen before, and the output items that belong to them. */
interface SmsPage {
	activities: SmsActivity[];
	items: INodeExecutionData[];
	/** When Close sent it, by its own clock, in milliseconds since 1970; NaN when it does not say. */
	time: number;
}

/** Where the next page begins. */
interface Cursor {
	/** Only activities created before this are asked for, in milliseconds since 1970; the query's own bound unless given. */
	end?: number;
	skip: number;
}

const FAR_FUTURE = '9999-12-31';

/** Close may read a time less precisely than it shows it, so a window ends with a whole second. */
const nextSecond = (time: number) => (Math.floor(time / 1000) + 1) * 1000;

/** How many of the activities created before `end` are known already; forgets the others. */
function countSeen(seenIds: Map<string, number>, end: number): number {
	for (const [id, created] of seenIds) if (created >= end) seenIds.delete(id);
	return seenIds.size;
}

/**
 * Close lists the newest first. So the next window ends where this page ended, which leaves out what is added
 * meanwhile and stays below Close's largest `_skip`. After a page in another order, `_skip` goes on from it.
 */
function nextCursor(
	data: SmsActivity[],
	cursor: Cursor,
	query: IDataObject,
	seenIds: Map<string, number>,
): Cursor {
	const last = cursor.end ?? Date.parse(String(query.date_created__lt ?? FAR_FUTURE));
	const end = nextSecond(Date.parse(data[data.length - 1].date_created));
	return isNewestFirst(data) && end < last
		? { end, skip: countSeen(seenIds, end) }
		: { ...cursor, skip: cursor.skip + data.length };
}

const toPageQuery = (query: IDataObject, { end, skip }: Cursor, limit: number): IDataObject => ({
	...query,
	...(end !== undefined && { date_created__lt: new Date(end).toISOString() }),
	_limit: Math.min(MAX_PAGE_SIZE, limit),
	...(skip > 0 && { _skip: skip }),
});

/**
 * Reads Close's list page by page, each activity once, also while others are added.
 *
 * @param query filters of Close; with `_fields` it must name `id` and `date_created`
 * @param maxCount how many activities are needed at most: no further page is fetched
 * @param assumed what a dry run takes as the response
 * @returns pages of activities that were on no page before
 * @throws {ItemFailure} when a page brings nothing new although there is more, or all of them take longer than
 * 'Give Up After'
 */
export async function* paginateSms(
	context: HandlerContext,
	query: IDataObject,
	{ maxCount = Infinity, assumed }: { maxCount?: number; assumed?: AssumedResponse } = {},
): AsyncGenerator<SmsPage> {
	const seenIds = new Map<string, number>();
	const { giveUpAfter } = context.item.options;
	const endAt = monotonicNow() + giveUpAfter * 1000;
	let cursor: Cursor = { skip: 0 };
	let readCount = 0;
	for (let left = maxCount; left > 0; ) {
		const qs = toPageQuery(query, cursor, left);
		const page = withSettings(context, { url: '/activity/sms/', qs });
		const { body, items, time } = await context.send({ ...page, assumed });
		const data = (body.data ?? []) as SmsActivity[];
		const isNew = data.map(({ id }) => !seenIds.has(id));
		for (const { id, date_created: created } of data) seenIds.set(id, Date.parse(created));
		const activities = data.filter((_, index) => isNew[index]);
		left -= activities.length;
		readCount += activities.length;
		yield { activities, items: items.filter((_, index) => isNew[index]), time };
		if (!body.has_more || data.length === 0) return;
		if (activities.length === 0)
			throw validationError(
				context.n8n,
				"Close's list has no end: a page brought nothing new although there is more",
				'Run this item again. If it stays so, narrow down what is listed.',
			);
		if (monotonicNow() > endAt)
			throw validationError(
				context.n8n,
				`The list is not complete after ${giveUpAfter} seconds, with ${readCount} texts read`,
				"Raise 'Give Up After' in Options, or narrow down what is listed.",
			);
		cursor = nextCursor(data, cursor, query, seenIds);
	}
}
