import { TEXTS_NOBODY, type SmsActivity } from '../../../../shared/closeTypes';
import { normalizeText, toComparedFiles } from '../../../../shared/content';
import { isRecord } from '../../../../shared/fieldValues';
import { isSamePhoneNumber, toDigits } from '../../../../shared/phoneNumber';

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

/** The words and files of a text as a person sees them: two texts with the same content look the same on the phone. */
export const getContent = ({ text, attachments }: { text?: unknown; attachments?: unknown }) =>
	JSON.stringify([normalizeText(text), toComparedFiles(attachments)]);

const areReadable = (files: unknown): boolean =>
	files === undefined || files === null || (Array.isArray(files) && files.every(isRecord));

/** Which texts stand in the way of one that is about to go out. */
export type Matcher = (own: OutgoingText) => (one: SmsActivity) => boolean;

/** Those to the same number; in doubt: what Close does not show may be the same. */
export const isToSameNumber: Matcher =
	({ remotePhone }) =>
	({ remote_phone: phone }) =>
		typeof phone !== 'string' || isSamePhoneNumber(phone, remotePhone);

/** So many digits at its end has every way of writing a number in common, with or without the country code. */
const END_DIGITS = 4;
/** What has fewer digits may be no whole number. */
const MIN_DIGITS = 7;

/** The end of a number; undefined where it is not clear. */
function getEnd(phone: unknown): string | undefined {
	const digits = typeof phone === 'string' ? toDigits(phone) : '';
	return digits.length < MIN_DIGITS ? undefined : digits.slice(-END_DIGITS);
}

/** Where the texts of a list stand in it, by the end of their number. A list is compared with each text of a run. */
const places = new WeakMap<SmsActivity[], Map<string | undefined, number[]>>();

function getPlaces(texts: SmsActivity[]): Map<string | undefined, number[]> {
	const known = places.get(texts);
	if (known) return known;
	const byEnd = new Map<string | undefined, number[]>();
	for (const [place, { remote_phone: phone }] of texts.entries()) {
		const end = getEnd(phone);
		const others = byEnd.get(end);
		if (others) others.push(place);
		else byEnd.set(end, [place]);
	}
	places.set(texts, byEnd);
	return byEnd;
}

/**
 * The texts among these that can be to a number, in their order; found without a look at each.
 *
 * @param texts a list that does not change any more
 */
export function pickToNumber(texts: SmsActivity[], remotePhone: unknown): SmsActivity[] {
	const end = getEnd(remotePhone);
	if (end === undefined) return texts;
	const byEnd = getPlaces(texts);
	return [...(byEnd.get(end) ?? []), ...(byEnd.get(undefined) ?? [])]
		.sort((one, other) => one - other)
		.map((place) => texts[place]);
}

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
