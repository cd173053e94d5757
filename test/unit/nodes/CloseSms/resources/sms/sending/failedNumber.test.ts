import type { IDataObject } from 'n8n-workflow';
import { findFailedForGood } from '../../../../../../../nodes/CloseSms/resources/sms/sending/failedNumber';
import type { SmsActivity } from '../../../../../../../nodes/shared/closeTypes';

const PHONE = '+14155550101';
const LANDLINE = 'The number is a landline, or its carrier cannot be reached.';
const at = (minute: number) => new Date(Date.UTC(2026, 10, 1, 12, minute)).toISOString();

/** A text that was created in minute 0. */
const text = (more: IDataObject): SmsActivity =>
	({
		id: 'acti_1',
		direction: 'outbound',
		remote_phone: PHONE,
		date_created: at(0),
		date_sent: null,
		error_message: null,
		...more,
	}) as unknown as SmsActivity;
const failed = (minute: number, message: unknown = '30006 landline', more: IDataObject = {}) =>
	text({ status: 'error', date_updated: at(minute), error_message: message as string, ...more });
const sent = (minute: number, more: IDataObject = {}) =>
	text({ status: 'sent', date_sent: at(minute), date_updated: at(minute), ...more });
const received = (minute: number) =>
	text({ status: 'inbox', direction: 'inbound', activity_at: at(minute) });

test.each<[string, SmsActivity[], string | undefined]>([
	['nothing', [], undefined],
	['one that failed for good', [failed(5)], LANDLINE],
	['whatever stands before it', [sent(1), received(2), failed(5)], LANDLINE],
	['in any order', [failed(5), received(2), sent(1)], LANDLINE],
	['one that reached it since', [failed(5), sent(6)], undefined],
	['one that came from it since', [failed(5), received(6)], undefined],
	['a failure for now since', [failed(5), failed(6, '30003 off')], undefined],
	['a failure for now before', [failed(5), failed(4, '30003 off')], LANDLINE],
	['one that failed for now', [failed(5, '30008 unknown')], undefined],
	['one that failed without a number', [failed(5, 'It failed')], undefined],
	['one that failed without words', [failed(5, null)], undefined],
	// Made long before it went out, and failed after another had reached the phone.
	['an old draft that failed today', [failed(50), sent(40)], LANDLINE],
	[
		'an old failure that was changed today',
		[failed(50, '30006', { date_sent: at(5) }), sent(40)],
		undefined,
	],
	[
		'drafts, scheduled and leaving ones since',
		[
			failed(5),
			text({ status: 'draft', date_updated: at(6) }),
			text({ status: 'scheduled', date_scheduled: at(60) }),
			text({ status: 'outbox', date_updated: at(7) }),
		],
		LANDLINE,
	],
	['another number', [failed(5, '30006', { remote_phone: '+14155550102' })], undefined],
	[
		'the number as people write it',
		[failed(5, '30006', { remote_phone: '+1 415-555-0101' })],
		LANDLINE,
	],
	// It may have failed since it has no number.
	['a number that Close does not show', [failed(5, '21211', { remote_phone: null })], undefined],
	[
		'no time that can be read',
		[failed(5, '30006', { date_updated: 'x', date_created: null })],
		LANDLINE,
	],
])('%s', (_, texts, reason) => {
	expect(findFailedForGood(texts, PHONE)?.reason).toBe(reason);
});

test('the text that failed is given', () => {
	const last = failed(5);
	expect(findFailedForGood([sent(1), last], PHONE)?.text).toBe(last);
});
