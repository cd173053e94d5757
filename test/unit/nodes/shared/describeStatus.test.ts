import type { SmsActivity } from '../../../../nodes/shared/closeTypes';
import { describeReason, describeStatus } from '../../../../nodes/shared/describeStatus';

const sms = (fields: { [field: string]: unknown }) => fields as unknown as SmsActivity;
const AT = '2026-12-01T09:00:00+00:00';

describe('the state of an SMS in words', () => {
	test.each<[{ [field: string]: unknown }, string]>([
		[{ status: 'draft' }, 'is a draft'],
		[{ status: 'scheduled', date_scheduled: AT }, 'is scheduled for 2026-12-01T10:00:00+01:00'],
		[{ status: 'scheduled', date_scheduled: 7 }, 'is scheduled, and Close shows no time for it'],
		[{ status: 'outbox' }, 'is in the outbox, about to go out'],
		[{ status: 'sent', date_sent: AT }, 'was sent at 2026-12-01T10:00:00+01:00'],
		[{ status: 'sent', date_sent: null }, 'was sent'],
		[{ status: 'sent', date_sent: 'soon' }, 'was sent'],
		[{ status: 'sent', date_sent: {} }, 'was sent'],
		[{ status: 'inbox' }, 'was received'],
		[{ status: 'error', error_message: 'Unreachable' }, 'did not go out (Unreachable)'],
		[{ status: 'delivered' }, 'has the status delivered'],
		[{ status: { is: 1 } }, 'has the status {"is":1}'],
		[{}, 'has no status in Close'],
		[{ status: null }, 'has no status in Close'],
	])('%j: %s', (fields, words) => {
		expect(describeStatus(sms(fields), 'Europe/Berlin')).toBe(words);
	});
});

describe('why it did not go out', () => {
	test.each<[unknown, unknown, string]>([
		['Refused: Your code is 4711', 'Your code is 4711', 'Refused: (message)'],
		['Refused', null, 'Refused'],
		['Refused', 7, 'Refused'],
		['', 'Hi', 'Close gives no reason'],
		[null, 'Hi', 'Close gives no reason'],
		[{}, 'Hi', 'Close gives no reason'],
		[7, 'Hi', 'Close gives no reason'],
	])('%j of %j: %s', (error_message, text, words) => {
		expect(describeReason(sms({ error_message, text }))).toBe(words);
	});
});
