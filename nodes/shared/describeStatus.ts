import type { SmsActivity } from './closeTypes';
import type { TextFact } from './errors/itemFailure';
import { maskTexts } from './errors/maskTexts';
import { showValue } from './showValue';
import { inZone } from './time';

/** Why Close could not send it, without the words of the message. */
export const describeReason = ({ error_message: reason, text }: SmsActivity) =>
	typeof reason === 'string' && reason !== ''
		? maskTexts(reason, typeof text === 'string' ? [text] : [])
		: 'Close gives no reason';

/**
 * The state of a text, for a person; continues a sentence that begins with "This text".
 *
 * @param zone IANA name of the time zone for its times
 */
export function describeStatus(found: SmsActivity, zone: string): string {
	const sentAt = inZone(found.date_sent, zone);
	switch (found.status) {
		case 'draft':
			return 'is a draft';
		case 'scheduled': {
			const time = inZone(found.date_scheduled, zone);
			return time ? `is scheduled for ${time}` : 'is scheduled, and Close shows no time for it';
		}
		case 'outbox':
			return 'is in the outbox, about to go out';
		case 'sent':
			return sentAt ? `was sent at ${sentAt}` : 'was sent';
		case 'inbox':
			return 'was received';
		case 'error':
			return `did not go out (${describeReason(found)})`;
		default:
			return found.status ? `has the status ${showValue(found.status)}` : 'has no status in Close';
	}
}

/** What was seen of a text, for an `ItemFailure`. @param zone IANA name of the time zone for its times */
export const toTextFact = (
	found: SmsActivity,
	zone: string,
	more: Pick<TextFact, 'origin' | 'wasSetBack' | 'wasChangedByOther'> & { afterMs?: number },
): TextFact => {
	const { afterMs, ...rest } = more;
	return {
		id: found.id,
		seen: { status: found.status, words: describeStatus(found, zone), afterMs },
		...rest,
	};
};
