import type { SmsActivity } from '../../shared/closeTypes';
import { inZone } from '../validation/time';

/**
 * What has become of a text, for a person: goes on after "This text".
 *
 * @param zone time zone that times are told in
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
