import type { IDataObject } from 'n8n-workflow';
import { MAX_PAGE_SIZE } from '../../../shared/closeTypes';
import { isId } from '../../../shared/fieldValues';
import { CLOSE_CLOCK_SKEW_MS, findDifferences } from './responseCheck';

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
	getCreationTime(body, sms) < startedAt - CLOSE_CLOCK_SKEW_MS;

/** By how much our clock, or that of a gateway, may be ahead of Close's: only for what is asked for, not for what counts. */
const MAX_CLOCK_OFFSET_MS = 60_000;

/** Whether a query from one time has all that counts since the other, both in milliseconds since 1970. */
export const isCovered = (asked: number, startedAt: number): boolean =>
	asked - MAX_CLOCK_OFFSET_MS <= startedAt - CLOSE_CLOCK_SKEW_MS;

/** What a text without these in the request must not have: it would be another one. */
const NOTHING_MORE: IDataObject = { attachments: [], template_id: null };

/** What Close's list shows of a create whose response did not come. */
export type CreatedResult =
	| { result: 'created'; sms: IDataObject }
	| { result: 'notCreated' }
	/** One of these may be it. */
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

/** What was asked of Close, and when. */
interface Create {
	/** The body of the request. */
	body: IDataObject;
	/** When it began, in milliseconds since 1970 by Close's clock. */
	startedAt: number;
}

/**
 * The SMS that a request without a response may have created: those with the same words, numbers, template, status and
 * files that were not there before it, and of which nobody knows otherwise.
 *
 * @param list Close's response to the query
 * @param isTaken whether another item, of any run of this process, made it or took it for its own
 * @returns undefined when the list is none, or not all of it was read
 */
export function listCandidates(
	{ body, startedAt }: Create,
	{ data, has_more: hasMore }: IDataObject,
	isTaken: (id: string) => boolean,
): IDataObject[] | undefined {
	if (!Array.isArray(data) || hasMore === true) return undefined;
	const expected = { ...(body.template_id ? {} : { text: null }), ...NOTHING_MORE, ...body };
	return (data as Array<IDataObject | null>)
		.filter((sms) => sms !== null)
		.filter((sms) => getCreationTime(body, sms) >= startedAt - CLOSE_CLOCK_SKEW_MS)
		.filter((sms) => findDifferences(expected, sms).length === 0)
		.filter(({ id }) => !isTaken(String(id)));
}

/**
 * Which of the candidates a request created: the only one that the key's user made since it began, where the others are
 * known to be somebody else's. A person may make the same draft in Close at the same moment.
 *
 * @param userId of the user whose key it is; undefined when that is not known
 */
export function findCreated(
	{ body, startedAt }: Create,
	candidates: IDataObject[],
	userId: string | undefined,
): CreatedResult {
	// Where an SMS is to be another user's, Close may name that one as its maker.
	const isOther = ({ created_by: maker }: IDataObject) =>
		userId !== undefined && isId(maker) && maker !== userId && maker !== body.user_id;
	const isOwn = (sms: IDataObject) =>
		userId !== undefined && sms.created_by === userId && getCreationTime(body, sms) >= startedAt;
	const possible = candidates.filter((sms) => !isOther(sms));
	if (possible.length === 0) return { result: 'notCreated' };
	if (possible.length === 1 && isOwn(possible[0])) return { result: 'created', sms: possible[0] };
	return { result: 'unclear', ids: possible.map(({ id }) => String(id)) };
}
