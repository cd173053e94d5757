import { createHash } from 'node:crypto';
import { delay, monotonicNow } from '../../../../shared/delay';
import { TEXTS_NOBODY, type SmsActivity } from '../../../../shared/closeTypes';
import { validationError } from '../../../../shared/errors/validationError';
import { isSurvived, type HandlerContext } from '../../../transport/request/operationHandler';
import { smsRead } from '../api/smsRequest';
import { findContactsByNumber } from '../people/lookUp';
import { readNewestTexts, readTextsOfLastMinute, readTextsOfLeads } from './earlierTexts';
import {
	findDraftsInProgress,
	DRAFT_IN_PROGRESS_MS,
	findSameText,
	getContent,
	goesFirst,
	type OutgoingText,
} from './sameText';
import { TextsInProgress, type Ending } from './textsInProgress';
import { WaitTimeoutError } from '../../../transport/flowErrors';

/** A text that is to go out unless the same one is at the phone within the time. */
interface GuardedText extends Omit<OutgoingText, 'id' | 'at'> {
	leadId: unknown;
	/** 'Skip If Texted Within', in milliseconds. */
	withinMs: number;
}

/** When, and by which draft, a text is about to go out. */
type Own = Pick<OutgoingText, 'id' | 'at'>;

export interface DuplicateGuard {
	/**
	 * Looks for the same text at the phone within the time, and waits for a draft that another process may be about to send.
	 *
	 * @param since when the texts must have been read at the earliest, by `monotonicNow`
	 * @throws {ItemFailure} when it is not known whether there is one; as any request
	 */
	find: (own: Own, since: number) => Promise<SmsActivity | undefined>;
	/**
	 * Looks once more at the texts of the last minute, when there is a draft: another process may have made its own at the
	 * same moment. Of those the one with the lowest ID goes out.
	 */
	findConcurrent: (own: Own, since: number) => Promise<SmsActivity | undefined>;
	/** Lets the next one with the same content to the same number look. To be called in any case. */
	end: (ending?: Ending) => void;
}

const NO_GUARD: DuplicateGuard = {
	find: async () => undefined,
	findConcurrent: async () => undefined,
	end: () => {},
};

const textsInProgress = new TextsInProgress();

/** Tells that a draft is this process's own. */
export const rememberDraft = (id: string): void => textsInProgress.addDraft(id);

/** How often the draft of another process is looked at until it has gone out, in milliseconds. */
const LOOK_AGAIN_MS = 3_000;

const UNKNOWN_STATUS: ReadonlySet<string> = new Set(['404']);

/** Neither numbers nor words are kept. */
const toKey = (parts: unknown[]) =>
	createHash('sha256').update(JSON.stringify(parts)).digest('base64');

const toDigits = (phone: unknown) => String(phone).replace(/\D/g, '');

/** @param reason why nobody knows, as a sentence */
const mayBeSentError = ({ n8n }: HandlerContext, reason: string) =>
	validationError(
		n8n,
		'Not sent: the same text may just have been sent to the same number',
		`${reason} Look at it in Close before you run this item again.`,
	);

/**
 * Reads what this process sent a moment ago: Close may not list it yet.
 *
 * @throws {ItemFailure} when it may have been sent, and Close does not show that yet
 */
async function readEnding(
	context: HandlerContext,
	{ id, isUnknown }: Ending,
): Promise<SmsActivity | undefined> {
	if (id === undefined) return undefined;
	// Deleted since, or another organization's.
	const response = await context.trySend(smsRead(context, id), UNKNOWN_STATUS);
	if (isSurvived(response)) return undefined;
	const found = response.body as SmsActivity;
	if (!TEXTS_NOBODY.has(found.status)) return found;
	if (!isUnknown) return undefined;
	throw mayBeSentError(context, "Close's response to that one got lost.");
}

/** The leads that have the number, and the one that is given. */
async function findLeads(
	context: HandlerContext,
	{ remotePhone, leadId }: GuardedText,
	since: number,
): Promise<string[]> {
	const lookup = await findContactsByNumber(context, String(remotePhone), since);
	if ('rejection' in lookup)
		throw validationError(
			context.n8n,
			`It is not known whether this text was sent before: ${lookup.rejection}`,
			"In doubt nobody is texted. Remove 'Skip If Texted Within' to send it all the same.",
		);
	const ids = [leadId, ...lookup.contacts.map(({ lead_id: lead }) => lead)];
	return [...new Set(ids.filter((id): id is string => typeof id === 'string' && id !== ''))];
}

/**
 * The same text among these, or, while another process may be about to send it, among those that are read again until it
 * has gone out or its draft is old.
 */
async function findAmong(
	context: HandlerContext,
	own: OutgoingText,
	{ texts, withinMs }: { texts: SmsActivity[]; withinMs: number },
): Promise<SmsActivity | undefined> {
	// Whatever dates Close shows, it is not waited for longer than a draft counts as new.
	const endAt = monotonicNow() + DRAFT_IN_PROGRESS_MS;
	const giveUpAt = monotonicNow() + context.item.options.giveUpAfter * 1000;
	for (let shown = texts; ; shown = await readTextsOfLastMinute(context, monotonicNow())) {
		const options = { withinMs, now: context.now() };
		const same = findSameText(shown, own, options);
		if (same) return same;
		const drafts = findDraftsInProgress(shown, own, options).filter(
			({ id }) => !textsInProgress.isOwnDraft(id),
		);
		const isFirst = own.id !== undefined && goesFirst(own.id, drafts);
		if (drafts.length === 0 || isFirst || monotonicNow() >= endAt) return undefined;
		if (monotonicNow() >= giveUpAt)
			throw mayBeSentError(
				context,
				`Its draft ${drafts[0].id} is less than a minute old and may be about to go out, which took longer than 'Give Up After'.`,
			);
		await context.waitFor(delay(LOOK_AGAIN_MS, context.n8n.getExecutionCancelSignal()));
	}
}

/**
 * Takes the turn of a text among those with the same content to the same number in this process.
 *
 * @throws {ItemFailure} when those before it do not end in time
 */
export async function guardAgainstDuplicates(
	context: HandlerContext,
	text: GuardedText,
): Promise<DuplicateGuard> {
	const { request, item, waitFor } = context;
	const { remotePhone, withinMs } = text;
	if (withinMs === 0) return NO_GUARD;
	const toGuard = (getEndings: () => Ending[], end: DuplicateGuard['end']): DuplicateGuard => {
		return {
			find: async (own, since) => {
				const isNear = ({ id, at }: Ending) => id !== own.id && Math.abs(at - own.at) <= withinMs;
				for (const ending of getEndings().filter(isNear)) {
					const earlier = await readEnding(context, ending);
					if (earlier) return earlier;
				}
				const leads = await findLeads(context, text, since);
				const texts = [
					...(await readTextsOfLeads(context, leads, { withinMs, since })),
					...(await readNewestTexts(context, { withinMs, since })),
				];
				return await findAmong(context, { ...text, ...own }, { texts, withinMs });
			},
			findConcurrent: async (own, since) => {
				const texts = await readTextsOfLastMinute(context, since);
				return await findAmong(context, { ...text, ...own }, { texts, withinMs });
			},
			end,
		};
	};
	if (item.options.dryRun)
		return toGuard(
			() => [],
			() => {},
		);
	// Of two organizations the texts are not the same, but to wait for each other does no harm.
	const key = toKey([request.options.baseURL, toDigits(remotePhone), getContent(text)]);
	const { before, isAfterOwnRun, end } = textsInProgress.takeTurn(key, context.run);
	const ms = isAfterOwnRun ? undefined : item.options.giveUpAfter * 1000;
	const wait = waitFor(before, { ms });
	await wait.catch((error: Error) => {
		end();
		if (!(error instanceof WaitTimeoutError)) throw error;
		throw mayBeSentError(
			context,
			"Another execution has been sending that one for longer than 'Give Up After'.",
		);
	});
	return toGuard(() => textsInProgress.getEndings(key), end);
}
