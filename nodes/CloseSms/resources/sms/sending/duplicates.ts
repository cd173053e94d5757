import { createHash } from 'node:crypto';
import { delay, monotonicNow } from '../../../../shared/delay';
import { TEXTS_NOBODY, type SmsActivity } from '../../../../shared/closeTypes';
import { validationError } from '../../../../shared/errors/validationError';
import { toDigits } from '../../../../shared/phoneNumber';
import { isSurvived, type HandlerContext } from '../../../transport/request/operationHandler';
import { getSkipOptions, OPTIONS } from '../../../validation/nodeOptions';
import { smsRead } from '../api/smsRequest';
import { findContactsByNumber } from '../people/lookUp';
import type { Skip } from './dispatch';
import {
	FAILED_WITHIN_MS,
	readNewestTexts,
	readTextsOfLastMinute,
	readTextsOfLeads,
} from './earlierTexts';
import { findFailedForGood } from './failedNumber';
import {
	findAtPhone,
	findDraftsInProgress,
	DRAFT_IN_PROGRESS_MS,
	getContent,
	goesFirst,
	isSameText,
	isToSameNumber,
	pickToNumber,
	type Matcher,
	type OutgoingText,
} from './sameText';
import { TextsInProgress, type Ending } from './textsInProgress';
import { WaitTimeoutError } from '../../../transport/flowErrors';

/** A text that is to go out unless an earlier one keeps it back. */
interface GuardedText extends Omit<OutgoingText, 'id' | 'at'> {
	leadId: unknown;
}

/** An option by which a text that is at the phone within the time keeps another one back. */
interface NearRule {
	/** In milliseconds. */
	withinMs: number;
	matcher: Matcher;
	explain: Skip['explain'];
	/** The other text, in an error, e.g. "the same message". */
	other: string;
}

const getNearRules = ({ item: { options } }: HandlerContext): NearRule[] =>
	[
		{
			withinMs: options.skipIfTextedWithin * MINUTE_MS,
			matcher: isSameText,
			explain: (when: string) =>
				`Not sent again: this is the same message to the same number, ${when}.`,
			other: 'the same message',
		},
		{
			withinMs: options.skipIfTextedAnythingWithin * MINUTE_MS,
			matcher: isToSameNumber,
			explain: (when: string) =>
				`Not sent, by '${OPTIONS.skipIfTextedAnythingWithin.field.displayName}': this is another SMS to the same number, ${when}.`,
			other: 'another SMS',
		},
	].filter(({ withinMs }) => withinMs > 0);

const MINUTE_MS = 60_000;

/** When, and by which draft, a text is about to go out. */
type Own = Pick<OutgoingText, 'id' | 'at'>;

export interface DuplicateGuard {
	/**
	 * Looks for an earlier text that keeps this one back, and waits for a draft that another process may be about to send.
	 *
	 * @param since when the texts must have been read at the earliest, by `monotonicNow`
	 * @throws {ItemFailure} when it is not known whether there is one; as any request
	 */
	find: (own: Own, since: number) => Promise<Skip | undefined>;
	/**
	 * Looks once more at the texts of the last minute, when there is a draft: another process may have made its own at the
	 * same moment. Of those the one with the lowest ID goes out.
	 */
	findConcurrent: (own: Own, since: number) => Promise<Skip | undefined>;
	/** Lets the next one to the same number look. To be called in any case. */
	end: (ending?: Ending) => void;
}

const NO_GUARD: DuplicateGuard = {
	find: async () => undefined,
	findConcurrent: async () => undefined,
	end: () => {},
};

const textsInProgress = new TextsInProgress();

/** Tells that a draft is this process's own. */
export const rememberDraft = ({ item }: HandlerContext, id: string): void =>
	textsInProgress.addDraft(id, getSkipOptions(item.options).length > 0);

/** How often the draft of another process is looked at until it has gone out, in milliseconds. */
const LOOK_AGAIN_MS = 3_000;

const UNKNOWN_STATUS: ReadonlySet<string> = new Set(['404']);

/** Neither numbers nor words are kept. */
const toKey = (parts: unknown[]) =>
	createHash('sha256').update(JSON.stringify(parts)).digest('base64');

/** @param reason why nobody knows, as a sentence */
const mayBeSentError = ({ n8n }: HandlerContext, other: string, reason: string) =>
	validationError(
		n8n,
		`Not sent: ${other} may just have been sent to the same number`,
		`${reason} Look at it in Close before you run this item again.`,
	);

/**
 * Reads what this process sent a moment ago: Close may not list it yet.
 *
 * @returns undefined when it was deleted since, or is another organization's
 */
async function readEnding(
	context: HandlerContext,
	{ id }: Ending,
): Promise<SmsActivity | undefined> {
	if (id === undefined) return undefined;
	const response = await context.trySend(smsRead(context, id), UNKNOWN_STATUS);
	return isSurvived(response) ? undefined : (response.body as SmsActivity);
}

/** The leads that have the number, and the one that is given; and whether nobody in Close has it. */
async function findLeads(
	context: HandlerContext,
	{ remotePhone, leadId }: GuardedText,
	since: number,
): Promise<{ leads: string[]; isOfNobody: boolean }> {
	const { n8n, item } = context;
	const lookup = await findContactsByNumber(context, String(remotePhone), since);
	if ('rejection' in lookup) {
		const labels = getSkipOptions(item.options).map(
			(name) => `'${OPTIONS[name].field.displayName}'`,
		);
		throw validationError(
			n8n,
			`It is not known ${item.options.skipIfTextedWithin > 0 ? 'whether this SMS was sent before' : 'what was sent to this number before'}: ${lookup.rejection}`,
			`In doubt nobody is texted. Remove ${labels.join(' and ')} to send it all the same.`,
		);
	}
	const ids = [leadId, ...lookup.contacts.map(({ lead_id: lead }) => lead)];
	const leads = ids.filter((id): id is string => typeof id === 'string' && id !== '');
	return { leads: [...new Set(leads)], isOfNobody: lookup.contacts.length === 0 };
}

/** The texts of the last minute that can be to the same number. */
const readNewTexts = async (
	context: HandlerContext,
	{ remotePhone }: Pick<OutgoingText, 'remotePhone'>,
	since: number,
): Promise<SmsActivity[]> => pickToNumber(await readTextsOfLastMinute(context, since), remotePhone);

/**
 * The text among these that keeps this one back, or, while another process may be about to send one, among those that are
 * read again until it has gone out or its draft is old.
 */
async function findAmong(
	context: HandlerContext,
	own: OutgoingText,
	{ texts, rules }: { texts: SmsActivity[]; rules: NearRule[] },
): Promise<Skip | undefined> {
	// Whatever dates Close shows, it is not waited for longer than a draft counts as new.
	const endAt = monotonicNow() + DRAFT_IN_PROGRESS_MS;
	const giveUpAt = monotonicNow() + context.item.options.giveUpAfter * 1000;
	for (let shown = texts; ; shown = await readNewTexts(context, own, monotonicNow())) {
		const now = context.now();
		for (const { explain, ...rule } of rules) {
			const earlier = findAtPhone(shown, own, { ...rule, now });
			if (earlier) return { earlier, explain };
		}
		const drafts = rules
			.flatMap(({ matcher }) => findDraftsInProgress(shown, own, { matcher, now }))
			.filter(({ id }) => !textsInProgress.isInTurn(id));
		const isFirst =
			own.id !== undefined &&
			goesFirst(own.id, drafts) &&
			!drafts.some(({ id }) => textsInProgress.goesAtOnce(id));
		if (drafts.length === 0 || isFirst || monotonicNow() >= endAt) return undefined;
		if (monotonicNow() >= giveUpAt)
			throw mayBeSentError(
				context,
				rules[rules.length - 1].other,
				`Its draft ${drafts[0].id} is less than a minute old and may be about to go out, which took longer than 'Give Up After'.`,
			);
		await context.waitFor(delay(LOOK_AGAIN_MS, context.n8n.getExecutionCancelSignal()));
	}
}

/** By 'Skip Numbers That Failed'. */
function findFailed(texts: SmsActivity[], remotePhone: unknown): Skip | undefined {
	const failed = findFailedForGood(texts, remotePhone);
	return (
		failed && {
			earlier: failed.text,
			explain: () =>
				`Not sent, by '${OPTIONS.skipNumbersThatFailed.field.displayName}': this is the last SMS to the number, and it failed. ${failed.reason}`,
		}
	);
}

/**
 * Takes the turn of a text among those to the same number in this process: behind those with the same content or, where
 * other words keep it back too, behind all.
 *
 * @throws {ItemFailure} when those before it do not end in time
 */
export async function guardAgainstDuplicates(
	context: HandlerContext,
	text: GuardedText,
): Promise<DuplicateGuard> {
	const { request, item, waitFor } = context;
	const { remotePhone } = text;
	const rules = getNearRules(context);
	const skipsFailed = item.options.skipNumbersThatFailed;
	if (rules.length === 0 && !skipsFailed) return NO_GUARD;
	const withinMs = Math.max(0, ...rules.map((rule) => rule.withinMs));
	const toGuard = (
		getEndings: (rule: NearRule) => Ending[],
		end: DuplicateGuard['end'],
	): DuplicateGuard => {
		return {
			find: async (own, since) => {
				for (const rule of rules) {
					const isNear = ({ id, at }: Ending) =>
						id !== own.id && Math.abs(at - own.at) <= rule.withinMs;
					for (const ending of getEndings(rule).filter(isNear)) {
						const earlier = await readEnding(context, ending);
						if (!earlier) continue;
						if (!TEXTS_NOBODY.has(earlier.status)) return { earlier, explain: rule.explain };
						if (ending.isUnknown)
							throw mayBeSentError(context, rule.other, "Close's response to that one got lost.");
					}
				}
				const { leads, isOfNobody } = await findLeads(context, text, since);
				const ofLeads = await readTextsOfLeads(context, leads, { withinMs, since });
				const newest = rules.length > 0 ? await readNewestTexts(context, { withinMs, since }) : [];
				const texts = [...ofLeads, ...pickToNumber(newest, remotePhone)];
				const skip = await findAmong(context, { ...text, ...own }, { texts, rules });
				if (skip || !skipsFailed) return skip;
				const ofNobody = isOfNobody
					? await readNewestTexts(context, { withinMs: FAILED_WITHIN_MS, since: -Infinity })
					: [];
				const others = [...texts, ...pickToNumber(ofNobody, remotePhone)].filter(
					({ id }) => id !== own.id,
				);
				return findFailed(others, remotePhone);
			},
			findConcurrent: async (own, since) => {
				if (rules.length === 0) return undefined;
				const texts = await readNewTexts(context, text, since);
				return await findAmong(context, { ...text, ...own }, { texts, rules });
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
	const address = [request.options.baseURL, toDigits(remotePhone)];
	const [ofContent, ofNumber] = [toKey([...address, getContent(text)]), toKey(address)];
	// In both, whatever it waits for itself: others may wait for it.
	const turns = [ofContent, ofNumber].map((key) => textsInProgress.takeTurn(key, context.run));
	const isBehindAll = skipsFailed || rules.some(({ matcher }) => matcher === isToSameNumber);
	const { before, isFirst, isAfterOwnRun } = turns[isBehindAll ? 1 : 0];
	const end = (ending?: Ending) => turns.forEach((turn) => turn.end(ending));
	const ms = isAfterOwnRun ? undefined : item.options.giveUpAfter * 1000;
	// An item that waits gives up its place in the order of the input.
	const wait = isFirst ? undefined : waitFor(before, { ms });
	await wait?.catch((error: Error) => {
		end();
		if (!(error instanceof WaitTimeoutError)) throw error;
		throw mayBeSentError(
			context,
			isBehindAll ? 'another SMS' : 'the same message',
			"Another execution has been sending that one for longer than 'Give Up After'.",
		);
	});
	const keyOf = ({ matcher }: NearRule) => (matcher === isSameText ? ofContent : ofNumber);
	return toGuard((rule) => textsInProgress.getEndings(keyOf(rule)), end);
}
