import type { SmsActivity } from '../../../../nodes/shared/closeTypes';
import { getTime, isExchanged } from '../../../../nodes/shared/exchangedText';

const NOON = '2026-01-05T12:00:00+00:00';
const ONE = '2026-01-05T13:00:00+00:00';
const TWO = '2026-01-05T14:00:00+00:00';

test.each<[Partial<SmsActivity>, boolean]>([
	[{ direction: 'inbound', status: 'inbox' }, true],
	[{ direction: 'outbound', status: 'sent' }, true],
	[{ direction: 'outbound', status: 'outbox' }, true],
	[{ direction: 'outbound', status: 'draft' }, false],
	[{ direction: 'outbound', status: 'scheduled' }, false],
	[{ direction: 'outbound', status: 'error' }, false],
])('a text that is %j was exchanged: %p', (more, expected) => {
	expect(isExchanged(more)).toBe(expected);
});

test.each<[Partial<SmsActivity>, string]>([
	[{}, NOON],
	[{ activity_at: ONE }, ONE],
	[{ activity_at: ONE, date_sent: TWO }, TWO],
	[{ date_sent: ONE }, ONE],
])('the time of a text with %j is %s', (more, time) => {
	expect(getTime({ date_created: NOON, activity_at: null, date_sent: null, ...more })).toBe(
		Date.parse(time),
	);
});
