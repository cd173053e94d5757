import { TEXTS_NOBODY, type SmsActivity } from '../../../../shared/closeTypes';
import { listFiles, normalizeText } from '../../../../shared/content';
import { isRecord } from '../../../../shared/fieldValues';
import { isSamePhoneNumber } from '../../../../shared/phoneNumber';

/** A text that is about to go out. */
export interface OutgoingText {
	/** The ID of its draft, if there is one already. */
	id?: string;
	text: unknown;
	remotePhone: unknown;
	attachments: unknown;
	/** When it reaches the phone, in milliseconds since 1970 by Close's clock. */
	at: number;
}

/**
 * The words and files of a text as a person sees them: two texts with the same content look the same on the phone. Files
 * by name and type, in upper or lower case: Close shows a size too, but not whether it stays the same once a file was
 * sent, and in doubt it is the same file.
 */
export const getContent = ({ text, attachments }: { text?: unknown; attachments?: unknown }) =>
	JSON.stringify([
		normalizeText(text),
		listFiles(attachments, true).map((file) => file.toLowerCase()),
	]);

const areReadable = (files: unknown): boolean =>
	files === undefined || files === null || (Array.isArray(files) && files.every(isRecord));

/** Which texts stand in the way of one that is about to go out. */
export type Matcher = (own: OutgoingText) => (one: SmsActivity) => boolean;

/** Those to the same number; in doubt: what Close does not show may be the same. */
export const isToSameNumber: Matcher =
	({ remotePhone }) =>
	({ remote_phone: phone }) =>
		typeof phone !== 'string' || isSamePhoneNumber(phone, remotePhone);

/** Those with the same content to the same number; in doubt too. */
export const isSameText: Matcher = (own) => {
	const content = getContent(own);
	const hasNumber = isToSameNumber(own);
	return (one) => {
		const { text } = one as { text?: unknown };
		// Null is a text without words.
		const hasContent = typeof text === 'string' || text === null;
		const shown = areReadable(one.attachments) ? one : { text, attachments: own.attachments };
		return hasNumber(one) && (!hasContent || getContent(shown) === content);
	};
};

/**
 * When a text of ours reaches the phone, in milliseconds since 1970: one that was scheduled is created long before.
 *
 * @param now by Close's clock; a text that is about to go out reaches the phone now
 * @returns undefined for a text that reaches nobody. In doubt, as of a status that is new in Close, it counts
 */
export function getPhoneTime(activity: SmsActivity, now: number): number | undefined {
	const { status, direction, date_sent: sent, date_scheduled: scheduled } = activity;
	if (direction === 'inbound' || TEXTS_NOBODY.has(status)) return undefined;
	if (status === 'outbox') return now;
	const known = status === 'scheduled' ? [scheduled] : [sent, scheduled];
	const dates = [...known, activity.activity_at, activity.date_created];
	return dates.map((date) => Date.parse(String(date))).find((time) => !Number.isNaN(time)) ?? now;
}

/**
 * A text that is at the phone within a time of this one, before or after it.
 *
 * @param matcher which texts count
 * @param withinMs how close two texts may not be, in milliseconds
 * @param now in milliseconds since 1970, by Close's clock
 */
export function findAtPhone(
	texts: SmsActivity[],
	own: OutgoingText,
	{ matcher, withinMs, now }: { matcher: Matcher; withinMs: number; now: number },
): SmsActivity | undefined {
	const isWanted = matcher(own);
	return texts.find((one) => {
		if (one.id === own.id || !isWanted(one)) return false;
		const at = getPhoneTime(one, now);
		return at !== undefined && Math.abs(at - own.at) <= withinMs;
	});
}

/** A draft that is younger than this, in milliseconds, may be one that somebody else is about to send. */
export const DRAFT_IN_PROGRESS_MS = 60_000;

/**
 * Drafts that another process may be about to send. A draft that is older was left by a send that failed, or by a person.
 *
 * @param matcher which drafts count
 */
export function findDraftsInProgress(
	texts: SmsActivity[],
	own: OutgoingText,
	{ matcher, now }: { matcher: Matcher; now: number },
): SmsActivity[] {
	const isWanted = matcher(own);
	return texts.filter(
		(one) =>
			one.id !== own.id &&
			one.status === 'draft' &&
			now - Date.parse(one.date_created) < DRAFT_IN_PROGRESS_MS &&
			isWanted(one),
	);
}

/** The draft with the lowest ID among those that stand in each other's way goes out, whichever process asks. */
export const goesFirst = (ownId: string, drafts: Array<Pick<SmsActivity, 'id'>>): boolean =>
	drafts.every(({ id }) => ownId < id);
