import fc from 'fast-check';
import type { IDataObject } from 'n8n-workflow';
import {
	describeDifferences,
	findDifferences,
} from '../../../../../../nodes/CloseSms/transport/request/responseCheck';

const TIME = '2026-12-01T09:00:00Z';

test.each<[string, IDataObject, IDataObject]>([
	['the same status', { status: 'draft' }, { status: 'draft' }],
	['in the outbox', { status: 'outbox' }, { status: 'outbox' }],
	['gone out at once', { status: 'outbox' }, { status: 'sent' }],
	['failed at once', { status: 'outbox' }, { status: 'error' }],
	[
		'a schedule whose time came at once',
		{ status: 'scheduled', date_scheduled: TIME },
		{ status: 'outbox', date_scheduled: TIME, date_updated: TIME },
	],
	[
		'the same point in time',
		{ date_scheduled: TIME },
		{ date_scheduled: '2026-12-01T04:00:00-05:00' },
	],
	[
		'a time with microseconds',
		{ date_scheduled: TIME },
		{ date_scheduled: '2026-12-01T09:00:00.167000+00:00' },
	],
	['a number with spaces', { remote_phone: '+14155550123' }, { remote_phone: '+1 415-555-0123' }],
	['spaces and lines', { text: ' Hi \n there ' }, { text: 'Hi there' }],
	['an accent composed', { text: 'Caf\u00e9' }, { text: 'Cafe\u0301' }],
	['words emptied as null', { text: null }, { text: '' }],
	['attachments emptied as null', { attachments: null }, { attachments: [] }],
	['attachments emptied as a list', { attachments: [] }, { attachments: null }],
	['a field that Close does not show', { text: 'Hi', lead_id: 'lead_1' }, {}],
	['as many attachments', { attachments: [{ url: 'a' }] }, { attachments: [{ url: 'b' }] }],
	['as many attachments, told in another way', { attachments: [1] }, { attachments: ['one'] }],
	[
		'fields that are not compared',
		{ template_id: 'smstmpl_1', source: 'External', direction: 'inbound' },
		{ template_id: null, source: 'Close.io', direction: 'outbound' },
	],
	[
		'a time of its own for what Close sends',
		{ status: 'draft', activity_at: TIME, date_created: TIME },
		{ status: 'draft', activity_at: null, date_created: null },
	],
	[
		'the time of a log',
		{ status: 'sent', activity_at: TIME },
		{ status: 'sent', activity_at: TIME },
	],
	['the same flag', { is_shared: false }, { is_shared: false }],
	['fields that were not asked', {}, { status: 'sent', text: 'Hi' }],
	['a name', { name: 'Thanks' }, { name: 'Thanks ' }],
])('as asked: %s', (_, asked, found) => {
	expect(findDifferences(asked, found)).toEqual([]);
});

test.each<[string, IDataObject, IDataObject]>([
	['a status that was ignored', { status: 'outbox' }, { status: 'draft' }],
	['another status', { status: 'scheduled' }, { status: 'outbox' }],
	['scheduled, but gone out', { status: 'scheduled' }, { status: 'sent' }],
	['a draft that went out', { status: 'draft' }, { status: 'outbox' }],
	['a log that is being sent', { status: 'sent' }, { status: 'outbox' }],
	['a log of a text received', { status: 'inbox' }, { status: 'sent' }],
	['no status', { status: 'outbox' }, {}],
	['an empty status', { status: 'outbox' }, { status: null }],
	['a time that was dropped', { date_scheduled: TIME }, { date_scheduled: null }],
	['a time that is not shown', { date_scheduled: TIME }, {}],
	['a time that cannot be read', { date_scheduled: TIME }, { date_scheduled: 'soon' }],
	['a second later', { date_scheduled: TIME }, { date_scheduled: '2026-12-01T09:00:01Z' }],
	['a second earlier', { date_scheduled: TIME }, { date_scheduled: '2026-12-01T08:59:59.999Z' }],
	['another number', { remote_phone: '+14155550123' }, { remote_phone: '+14155550124' }],
	['another number of ours', { local_phone: '+14155550123' }, { local_phone: null }],
	['other words', { text: 'Hi' }, { text: 'Ho' }],
	['words without a space', { text: 'Hi there' }, { text: 'Hithere' }],
	['words in capitals', { text: 'Hi' }, { text: 'HI' }],
	['no words', { text: 'Hi' }, { text: null }],
	['words that were to be emptied', { text: null }, { text: 'Hi' }],
	['another name', { name: 'A' }, { name: 'B' }],
	['fewer attachments', { attachments: [1, 2] }, { attachments: [1] }],
	['more attachments', { attachments: [1] }, { attachments: [1, 2] }],
	['no attachments', { attachments: [1] }, { attachments: null }],
	['attachments that are not shown', { attachments: [1] }, {}],
	['attachments that are no list', { attachments: [1] }, { attachments: 'a' }],
	['attachments that were to be emptied', { attachments: null }, { attachments: [1] }],
	['another lead', { lead_id: 'lead_1' }, { lead_id: 'lead_2' }],
	['another contact', { contact_id: 'cont_1' }, { contact_id: null }],
	['another user', { user_id: 'user_1' }, { user_id: 'user_2' }],
	['another flag', { is_shared: false }, { is_shared: true }],
])('not as asked: %s', (_, asked, found) => {
	expect(findDifferences(asked, found)).toEqual(Object.keys(asked));
});

test.each(['sent', 'inbox'])('a record of a text that is %s keeps its times', (status) => {
	const asked = { status, activity_at: TIME, date_created: TIME };
	const found = { status, activity_at: null, date_created: '2026-12-02T09:00:00Z' };
	expect(findDifferences(asked, found)).toEqual(['activity_at', 'date_created']);
	expect(findDifferences(asked, asked)).toEqual([]);
});

test('what comes back as it was sent never differs', () => {
	const body = fc.record(
		{
			status: fc.constantFrom('draft', 'scheduled', 'outbox', 'sent', 'inbox'),
			text: fc.option(fc.string()),
			remote_phone: fc.option(fc.stringMatching(/^\+[1-9]\d{6,14}$/)),
			date_scheduled: fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
			attachments: fc.option(fc.array(fc.constant({ url: 'a' }), { maxLength: 3 })),
			lead_id: fc.option(fc.string()),
		},
		{ requiredKeys: [] },
	) as fc.Arbitrary<IDataObject>;
	fc.assert(fc.property(body, (sent) => expect(findDifferences(sent, sent)).toEqual([])));
});

describe('in words', () => {
	const describeAll = (asked: IDataObject, found: IDataObject) =>
		describeDifferences(Object.keys(asked), asked, found);

	test.each<[IDataObject, IDataObject, string]>([
		[{ status: 'outbox' }, { status: 'draft' }, "'Status' is draft instead of outbox"],
		[{ date_scheduled: TIME }, {}, `'Date Scheduled' is empty instead of ${TIME}`],
		[
			{ date_scheduled: TIME },
			{ date_scheduled: null },
			`'Date Scheduled' is empty instead of ${TIME}`,
		],
		[{ activity_at: TIME }, { activity_at: '' }, `'Activity At' is empty instead of ${TIME}`],
		[{ date_created: TIME }, { date_created: [] }, `'Date Created' is empty instead of ${TIME}`],
		[
			{ remote_phone: null },
			{ remote_phone: '+14155550123' },
			"'Remote Phone' is +14155550123 instead of empty",
		],
		[
			{ local_phone: '+14155550123' },
			{ local_phone: '+14155550124' },
			"'Local Phone' is +14155550124 instead of +14155550123",
		],
		[{ attachments: [1, 2] }, { attachments: [1] }, "'Attachments' are 1 instead of 2"],
		[{ attachments: [1] }, { attachments: null }, "'Attachments' are 0 instead of 1"],
		[{ lead_id: 'lead_1' }, { lead_id: 'lead_2' }, "'Lead' is not what was sent"],
		[
			{ status: 'scheduled', date_scheduled: TIME },
			{ status: 'draft' },
			`'Status' is draft instead of scheduled, 'Date Scheduled' is empty instead of ${TIME}`,
		],
	])('%j, found %j: %s', (asked, found, words) => {
		expect(describeAll(asked, found)).toBe(words);
	});

	test.each(['text', 'name'])('the words of %s stand in no error', (field) => {
		const words = describeAll({ [field]: 'Your code is 4711' }, { [field]: 'Your code is 0815' });
		expect(words).toMatch(/^'(Text|Name)' is not what was sent$/);
	});
});
