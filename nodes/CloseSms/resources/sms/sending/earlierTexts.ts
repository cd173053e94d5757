import type { IDataObject } from 'n8n-workflow';
import type { SmsActivity } from '../../../../shared/closeTypes';
import { perRun, type HandlerContext } from '../../../transport/request/operationHandler';
import { paginateSms } from '../api/paginateSms';
import { BatchLoader } from '../people/batchLoader';
import { DRAFT_IN_PROGRESS_MS } from './sameText';

const DAY_MS = 86_400_000;

/**
 * A text may be created long before it reaches the phone. One that was scheduled longer ago than this, and of another
 * lead's than those that have the number, is not seen.
 */
const MAX_SCHEDULED_AHEAD_MS = 90 * DAY_MS;

/** How far back texts that failed are looked for at a number that no lead has. */
export const FAILED_WITHIN_MS = MAX_SCHEDULED_AHEAD_MS;

/** Leads in one request, so that its address stays short: an ID has up to 48 characters. */
const MAX_LEADS = 50;

/**
 * Texts that belong to no lead are found only by reading those of everybody: the newest of the time, and no more pages of
 * 100 than this.
 */
const MAX_NEWEST_PAGES = 10;

/** What is compared, and what paging needs. */
const FIELDS =
	'id,activity_at,attachments,date_created,date_scheduled,date_sent,date_updated,direction,error_message,lead_id,remote_phone,status,text';

/** The texts that a run compares its own with, as Close shows them. */
const getLoaders = perRun(() => ({
	/** By lead, and how far back. */
	byLead: new BatchLoader<SmsActivity[]>(MAX_LEADS),
	/** By how far back they were created, in milliseconds. */
	ofEverybody: new BatchLoader<SmsActivity[]>(1),
}));

/** Texts created since then, by Close's clock; the newest first. */
async function readTexts(
	context: HandlerContext,
	query: IDataObject,
	{ createdSince, maxPages = Infinity }: { createdSince: number; maxPages?: number },
): Promise<SmsActivity[]> {
	const texts: SmsActivity[] = [];
	let pages = 0;
	const listed = paginateSms(
		context,
		{ ...query, date_created__gte: new Date(createdSince).toISOString(), _fields: FIELDS },
		{
			assumed: {
				body: {},
				note: 'What was sent in that time would be looked up; this assumes that none of it keeps this SMS back.',
			},
		},
	);
	for await (const { activities } of listed) {
		texts.push(...activities);
		if (++pages >= maxPages) break;
	}
	return texts;
}

const toLeadKey = (id: string, ms: number) => `${ms} ${id}`;

function parseLeadKey(key: string): { ms: number; id: string } {
	const [ms, ...id] = key.split(' ');
	return { ms: Number(ms), id: id.join(' ') };
}

/**
 * The texts of these leads, whoever sent them, that may be at the phone within a time of now or later.
 *
 * @param withinMs in milliseconds
 * @param since when they must have been read at the earliest, by `monotonicNow`
 */
export async function readTextsOfLeads(
	context: HandlerContext,
	leadIds: string[],
	{ withinMs, since }: { withinMs: number; since: number },
): Promise<SmsActivity[]> {
	const read = async (keys: string[]) => {
		const leads = keys.map(parseLeadKey);
		const furthest = Math.max(...leads.map(({ ms }) => ms));
		const createdSince = context.now() - furthest - MAX_SCHEDULED_AHEAD_MS;
		const ids = [...new Set(leads.map(({ id }) => id))];
		const texts = await readTexts(context, { lead_id: ids.join(',') }, { createdSince });
		const ofLead = ({ id }: { id: string }) => texts.filter(({ lead_id: lead }) => lead === id);
		return new Map(leads.map((lead, index) => [keys[index], ofLead(lead)] as const));
	};
	const { byLead } = getLoaders(context);
	const found = leadIds.map(
		async (id) => await byLead.load(toLeadKey(id, withinMs), { since, context, read }),
	);
	return (await Promise.all(found)).flatMap((texts) => texts ?? []);
}

/** The newest texts of everybody: those that belong to no lead are among them. @param createdWithinMs in milliseconds */
async function readTextsOfEverybody(
	context: HandlerContext,
	createdWithinMs: number,
	since: number,
): Promise<SmsActivity[]> {
	const key = String(createdWithinMs);
	const read = async () => {
		const createdSince = context.now() - createdWithinMs;
		return new Map([
			[key, await readTexts(context, {}, { createdSince, maxPages: MAX_NEWEST_PAGES })],
		]);
	};
	return (await getLoaders(context).ofEverybody.load(key, { since, context, read })) ?? [];
}

/**
 * The newest texts of everybody that were created within the time, at most the 1,000 newest.
 *
 * @param withinMs in milliseconds
 * @param since when they must have been read at the earliest, by `monotonicNow`
 */
export const readNewestTexts = async (
	context: HandlerContext,
	{ withinMs, since }: { withinMs: number; since: number },
): Promise<SmsActivity[]> =>
	await readTextsOfEverybody(context, Math.max(withinMs, DRAFT_IN_PROGRESS_MS), since);

/**
 * The texts of the last minute, among them the drafts that another process may be about to send.
 *
 * @param since when they must have been read at the earliest, by `monotonicNow`
 */
export const readTextsOfLastMinute = async (
	context: HandlerContext,
	since: number,
): Promise<SmsActivity[]> => await readTextsOfEverybody(context, DRAFT_IN_PROGRESS_MS, since);
