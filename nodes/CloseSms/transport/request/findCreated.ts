import type { IDataObject } from 'n8n-workflow';
import { MAX_PAGE_SIZE } from '../../../shared/closeTypes';
import { findDifferences } from './responseCheck';

/** By how much the clocks of two servers of Close may differ, and what is lost where one of them rounds. */
const DATE_ROUNDING_MS = 2000;

/** The date of a back-dated record says nothing; when it last changed does. */
const getCreationTime = ({ date_created: dated }: IDataObject, sms: IDataObject): number =>
	Date.parse(String(dated ? sms.date_updated : sms.date_created));

/**
 * Whether an SMS was there before a request that was to create it, so that it is another one.
 *
 * @param body of the request
 * @param startedAt when it began, in milliseconds since 1970 by Close's clock
 */
export const wasThereBefore = (body: IDataObject, sms: IDataObject, startedAt: number): boolean =>
	getCreationTime(body, sms) < startedAt - DATE_ROUNDING_MS;

/** By how much our clock, or that of a gateway, may be ahead of Close's: only for what is asked for, not for what counts. */
const MAX_CLOCK_OFFSET_MS = 60_000;

/** Whether a query from one time has all that counts since the other, both in milliseconds since 1970. */
export const isCovered = (asked: number, startedAt: number): boolean =>
	asked - MAX_CLOCK_OFFSET_MS <= startedAt - DATE_ROUNDING_MS;

/** What a text without these in the request must not have: it would be another one. */
const NOTHING_MORE: IDataObject = { attachments: [], template_id: null };

/** What Close's list shows of a create whose response did not come. */
export type CreatedResult =
	| { result: 'created'; sms: IDataObject }
	| { result: 'notCreated' }
	/** Several may be it, or not all could be read. */
	| { result: 'unclear'; ids: string[] };

/**
 * The query for the SMS that were created since a request began. Close cannot be asked for a number or for words.
 *
 * @param body of the request
 * @param startedAt when it began, in milliseconds since 1970
 */
export function toCreatedQuery(body: IDataObject, startedAt: number): IDataObject {
	const { lead_id, date_created: dated } = body;
	const from = dated ? Date.parse(String(dated)) : startedAt - MAX_CLOCK_OFFSET_MS;
	return {
		...(lead_id ? { lead_id } : {}),
		// A record that is back-dated stands in the list at its date.
		...(dated ? { date_created__lt: new Date(from + 1000).toISOString() } : {}),
		date_created__gte: new Date(Math.floor(from / 1000) * 1000).toISOString(),
		_limit: MAX_PAGE_SIZE,
	};
}

/**
 * Which SMS a request created that has no response: the only one with the same words, numbers, template, status and
 * files that was created since it began, and of which nobody knows otherwise.
 *
 * @param body of the request
 * @param list Close's response to the query
 * @param startedAt when the request began, in milliseconds since 1970 by Close's clock
 * @param isTaken whether another item, of any run of this process, made it or took it for its own
 */
export function findCreated(
	body: IDataObject,
	{ data, has_more: hasMore }: IDataObject,
	startedAt: number,
	isTaken: (id: string) => boolean,
): CreatedResult {
	const expected = { ...(body.template_id ? {} : { text: null }), ...NOTHING_MORE, ...body };
	const matching = (Array.isArray(data) ? (data as Array<IDataObject | null>) : [])
		.filter((sms) => sms !== null)
		.filter((sms) => getCreationTime(body, sms) >= startedAt - DATE_ROUNDING_MS)
		.filter((sms) => findDifferences(expected, sms).length === 0)
		.filter(({ id }) => !isTaken(String(id)));
	if (matching.length > 1 || hasMore === true || !Array.isArray(data))
		return { result: 'unclear', ids: matching.map(({ id }) => String(id)) };
	return matching.length === 1 ? { result: 'created', sms: matching[0] } : { result: 'notCreated' };
}
