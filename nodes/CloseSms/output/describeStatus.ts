import type { SmsActivity } from '../../shared/closeTypes';
import { inZone } from '../validation/time';

/**
 * The state of a text, for a person; continues a sentence that begins with "This text".
 *
 * @param zone IANA name of the time zone for its times
 */
export function describeStatus(found: SmsActivity, zone: string): string {
	switch (found.status) {
		case 'draft':
			return 'is a draft';
		case 'scheduled':
			return `is scheduled for ${inZone(found.date_scheduled, zone)}`;
		case 'outbox':
			return 'is in the outbox, about to go out';
		case 'sent':
			return found.date_sent ? `was sent at ${inZone(found.date_sent, zone)}` : 'was sent';
		case 'inbox':
			return 'was received';
		case 'error':
			return `did not go out (${found.error_message ?? 'Close gives no reason'})`;
		default:
			return `has the status ${String(found.status)}`;
	}
}
