import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import type { SmsActivity } from '../../../../shared/closeTypes';
import { isNewestFirst } from '../../../../shared/isNewestFirst';
import type { AssumedResponse, HandlerContext } from '../../../transport/request/operationHandler';
import { paginate, type Cursor } from '../../paginate';
import { withSettings } from './smsRequest';

/** Texts that were on no page before, and the output items that belong to them. */
interface SmsPage {
	activities: SmsActivity[];
	items: INodeExecutionData[];
	/** When Close sent it, by its own clock, in milliseconds since 1970; NaN when it does not say. */
	time: number;
}

const FAR_FUTURE = '9999-12-31';

/** Close may read a time less precisely than it shows it, so a window ends with a whole second. */
const nextSecond = (time: number) => (Math.floor(time / 1000) + 1) * 1000;

/**
 * Close lists the newest first. So the next window ends with the second in which this page ended, and the page begins with
 * its last text. That leaves out what is added meanwhile, needs small numbers only, which deletions hardly change, and
 * stays below Close's largest `_skip`.
 */
const toWindow =
	(query: IDataObject) =>
	(data: SmsActivity[], { bounds }: Cursor): Cursor | undefined => {
		const last = Date.parse(
			String(bounds.date_created__lt ?? query.date_created__lt ?? FAR_FUTURE),
		);
		const end = nextSecond(Date.parse(data[data.length - 1].date_created));
		if (!isNewestFirst(data) || !(end < last)) return undefined;
		const known = data.filter(({ date_created: created }) => Date.parse(created) < end).length;
		return {
			bounds: { date_created__lt: new Date(end).toISOString() },
			skip: known - 1,
			overlap: 1,
		};
	};

/**
 * Reads Close's list of texts page by page, each once, also while others are added or deleted.
 *
 * @param query filters of Close; with `_fields` it must name `id` and `date_created`
 * @param maxCount how many texts are needed at most: no further page is fetched
 * @param assumed what a dry run takes as the response
 * @returns pages of texts that were on no page before
 * @throws {ItemFailure} as `paginate`
 */
export async function* paginateSms(
	context: HandlerContext,
	query: IDataObject,
	{ maxCount, assumed }: { maxCount?: number; assumed?: AssumedResponse } = {},
): AsyncGenerator<SmsPage> {
	const request = withSettings(context, { url: '/activity/sms/', qs: query });
	const narrow = toWindow(query);
	for await (const { entries, items, time } of paginate<SmsActivity>(context, {
		request,
		maxCount,
		assumed,
		narrow,
	}))
		yield { activities: entries, items, time };
}
