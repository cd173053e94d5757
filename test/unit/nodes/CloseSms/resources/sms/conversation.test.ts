import {
	CONVERSATION_FIELDS,
	sortByTime,
	parsePersonId,
	toMessage,
	type PersonById,
} from '../../../../../../nodes/CloseSms/resources/sms/conversation';
import { isExchanged } from '../../../../../../nodes/shared/exchangedText';
import type { SmsActivity } from '../../../../../../nodes/shared/closeTypes';

const contact = (id: string): PersonById => ({ kind: 'contact', id });
const lead = (id: string): PersonById => ({ kind: 'lead', id });
const sms = (id: string): PersonById => ({ kind: 'sms', id });

describe("whom 'Person' names", () => {
	test.each<[string | undefined, unknown, PersonById | undefined]>([
		['list', 'cont_1|+14155550101', contact('cont_1')],
		['list', 'cont_1', contact('cont_1')],
		['list', 'lead_1|+14155550101', undefined],
		['list', '|+14155550101', undefined],
		['contact', ' cont_1 ', contact('cont_1')],
		['contact', 'https://app.close.com/lead/lead_1/?contact=cont_1', contact('cont_1')],
		['contact', 'lead_1', undefined],
		['contact', 'cont_1|+14155550101', undefined],
		['contact', 'cont_1/../me', undefined],
		['contact', '../cont_1', undefined],
		['contact', 'cont_', undefined],
		['lead', 'lead_1', lead('lead_1')],
		['lead', 'https://app.close.com/lead/lead_1/', lead('lead_1')],
		['lead', 'https://app.close.com/lead/lead_1/#activity=acti_1', lead('lead_1')],
		['lead', 'lead_1,lead_2', undefined],
		['lead', 'lead_1 lead_2', undefined],
		['lead', 'cont_1', undefined],
		['sms', 'acti_1', sms('acti_1')],
		['sms', 'https://app.close.com/lead/lead_1/#activity=acti_1', sms('acti_1')],
		['sms', 'https://app.close.com/lead/lead_1/', undefined],
		['sms', 'lead_1', undefined],
		['number', '+14155550101', undefined],
		['id', 'cont_1', undefined],
		[undefined, 'cont_1', undefined],
		['contact', '', undefined],
		['contact', null, undefined],
		['contact', 7, undefined],
		['contact', ['cont_1'], undefined],
	])('a Person by %p with the value %j', (mode, value, person) => {
		expect(parsePersonId(mode, value)).toEqual(person);
	});
});

const DAWN = '2026-01-05T06:00:00+00:00';
const NOON = '2026-01-05T12:00:00+00:00';
const ONE = '2026-01-05T13:00:00+00:00';
const TWO = '2026-01-05T14:00:00+00:00';
const text = (more: Partial<SmsActivity>): SmsActivity => ({
	id: 'acti_1',
	status: 'sent',
	direction: 'outbound',
	text: 'Hi',
	remote_phone: '+14155550101',
	local_phone: '+14155550100',
	date_created: NOON,
	activity_at: null,
	date_scheduled: null,
	date_sent: null,
	error_message: null,
	...more,
});

test('sortByTime puts the oldest text first, and of one moment the one that was created first', () => {
	const newestFirst = [
		{ id: 'answer', date_created: TWO },
		{ id: 'twin', date_created: ONE },
		{ id: 'question', date_created: ONE },
		{ id: 'first', date_created: NOON },
		{ id: 'scheduled long before', date_created: DAWN, date_sent: ONE },
	].map((more) => ({ activity: text(more) }));
	expect(sortByTime(newestFirst).map(({ activity }) => activity.id)).toEqual([
		'first',
		'scheduled long before',
		'question',
		'twin',
		'answer',
	]);
});

test('what is asked of Close is enough to know who said a text, and when', () => {
	const texts: Array<Partial<SmsActivity>> = [
		{ direction: 'inbound', status: 'inbox', activity_at: ONE },
		{ date_sent: TWO },
		{ activity_at: ONE },
		{},
	];
	for (const more of texts) {
		const whole = text(more);
		const asked = Object.fromEntries(
			Object.entries(whole).filter(([name]) => CONVERSATION_FIELDS.includes(name)),
		) as unknown as SmsActivity;
		const { role, time } = toMessage(whole, 'UTC');
		expect(toMessage(asked, 'UTC')).toMatchObject({ role, time });
		expect(isExchanged(asked)).toBe(isExchanged(whole));
	}
});

describe('a text as an AI model reads it', () => {
	const attachments = [
		{ filename: 'roof.jpg', content_type: 'image/jpeg' },
		{ content_type: 'audio/amr' },
	];
	test.each<[Partial<SmsActivity>, object]>([
		[
			{ direction: 'inbound', status: 'inbox' },
			{ role: 'user', text: 'Hi' },
		],
		[{}, { role: 'assistant', text: 'Hi' }],
		[{ text: null }, { text: '' }],
		[{ attachments }, { text: 'Hi\n[Attachment: roof.jpg]\n[Attachment: audio/amr]' }],
		[{ text: null, attachments: attachments.slice(0, 1) }, { text: '[Attachment: roof.jpg]' }],
		[{ attachments: null }, { text: 'Hi' }],
		[{ date_sent: TWO }, { time: '2026-01-05T09:00:00-05:00' }],
		[{ date_created: 'unreadable' }, { time: 'unreadable' }],
	])('an AI model reads the text %j as %j', (more, expected) => {
		expect(toMessage(text(more), 'America/New_York')).toMatchObject(expected);
		expect(Object.keys(toMessage(text(more), 'UTC'))).toEqual(['role', 'text', 'time']);
	});
});
