import fc from 'fast-check';
import type { IDataObject } from 'n8n-workflow';
import {
	describeChosenNumber,
	describeDifferences,
	findDifferences,
	hasFailed,
} from '../../../../../../nodes/CloseSms/transport/request/responseCheck';

const TIME = '2026-12-01T09:00:00Z';
const PDF = { filename: 'a.pdf', content_type: 'application/pdf' };
const PNG = { filename: 'b.png', content_type: 'image/png' };

test.each<[string, IDataObject, IDataObject]>([
	['the same status', { status: 'draft' }, { status: 'draft' }],
	['in the outbox', { status: 'outbox' }, { status: 'outbox' }],
	['gone out at once', { status: 'outbox' }, { status: 'sent' }],
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
	[
		'the words of a template in the place of those that are emptied',
		{ text: null, template_id: 't_1' },
		{ text: 'Thank you', template_id: 't_1' },
	],
	[
		'a file name in other case',
		{ attachments: [PDF] },
		{ attachments: [{ ...PDF, filename: 'A.PDF' }] },
	],
	['attachments emptied as null', { attachments: null }, { attachments: [] }],
	['attachments emptied as a list', { attachments: [] }, { attachments: null }],
	['a lead that Close does not show', { lead_id: 'lead_1' }, {}],
	[
		'the same file at another address',
		{ attachments: [{ url: 'a', ...PDF }] },
		{ attachments: [{ url: 'b', media_id: 'media_1', size: 7, ...PDF }] },
	],
	['files in another order', { attachments: [PDF, PNG] }, { attachments: [PNG, PDF] }],
	[
		'a type with parameters',
		{ attachments: [PDF] },
		{ attachments: [{ ...PDF, content_type: 'Application/PDF; charset=utf-8' }] },
	],
	...[
		['image/jpg', 'image/jpeg'],
		[' IMAGE/JPEG', 'image/jpg; q=1'],
		['application/vcard', 'text/x-vcard;charset=utf-8'],
		['text/directory', 'text/vcard'],
		['audio/AMR-NB', 'audio/amr'],
	].map(([type, same]): [string, IDataObject, IDataObject] => [
		`${type} under its name ${same}`,
		{ attachments: [{ ...PNG, content_type: type }] },
		{ attachments: [{ ...PNG, content_type: same }] },
	]),
	['words that are blank', { text: ' ' }, { text: null }],
	['the same template', { template_id: 'smstmpl_1' }, { template_id: 'smstmpl_1' }],
	['no template', { template_id: null }, {}],
	[
		'a number of ours that Close chose',
		{ local_phone: '+14155550100' },
		{ local_phone: '+12065550111', caller_id_mode: 'auto' },
	],
	[
		'fields that are not compared',
		{ source: 'External', direction: 'inbound' },
		{ source: 'Close.io', direction: 'outbound' },
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
	['a field that is not given', { text: undefined }, { text: 'Hi' }],
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
	[
		'words and a template that were to be emptied',
		{ text: null, template_id: null },
		{ text: 'Hi', template_id: 't_1' },
	],
	[
		'other words than those of the template that were seen before',
		{ text: 'Hi', template_id: 't_1' },
		{ text: 'Ho', template_id: 't_2' },
	],
	['another name', { name: 'A' }, { name: 'B' }],
	['words that are not shown', { text: 'Hi' }, {}],
	['a number that is not shown', { remote_phone: '+14155550123' }, {}],
	['failed at once', { status: 'outbox' }, { status: 'error' }],
	[
		'another number of ours that nobody chose',
		{ local_phone: '+14155550100' },
		{ local_phone: '+12065550111', caller_id_mode: 'fixed' },
	],
	[
		'another recipient, whoever chose the sender',
		{ remote_phone: '+14155550123' },
		{ remote_phone: '+14155550124', caller_id_mode: 'auto' },
	],
	['fewer attachments', { attachments: [PDF, PNG] }, { attachments: [PDF] }],
	['one of two equal ones', { attachments: [PDF, PDF] }, { attachments: [PDF] }],
	['more attachments', { attachments: [PDF] }, { attachments: [PDF, PNG] }],
	['another file', { attachments: [PDF] }, { attachments: [{ ...PDF, filename: 'other.pdf' }] }],
	[
		'a file of another type',
		{ attachments: [PDF] },
		{ attachments: [{ ...PDF, content_type: 'image/png' }] },
	],
	['a file without a type', { attachments: [PDF] }, { attachments: [{ filename: 'a.pdf' }] }],
	['a file without a name', { attachments: [PDF] }, { attachments: [{ url: 'a' }] }],
	['a file that is null', { attachments: [PDF] }, { attachments: [null] }],
	['no attachments', { attachments: [PDF] }, { attachments: null }],
	['attachments that are not shown', { attachments: [PDF] }, {}],
	['attachments that are no list', { attachments: [PDF] }, { attachments: 'a.pdf' }],
	['attachments that were to be emptied', { attachments: null }, { attachments: [PDF] }],
	['another template', { template_id: 'smstmpl_1' }, { template_id: 'smstmpl_2' }],
	['a template that is not confirmed', { template_id: 'smstmpl_1' }, { template_id: null }],
	['a template that is not shown', { template_id: 'smstmpl_1' }, {}],
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
			attachments: fc.option(
				fc.array(fc.record({ filename: fc.string(), content_type: fc.string() }), { maxLength: 3 }),
			),
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
		[{ status: 'outbox' }, { status: { is: 1 } }, `'Status' is {"is":1} instead of outbox`],
		[{ date_scheduled: TIME }, {}, "'Date Scheduled' is not confirmed by Close"],
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
		[
			{ attachments: [PNG, PDF] },
			{ attachments: [PDF] },
			"'Attachments' are a.pdf instead of a.pdf and b.png",
		],
		[{ attachments: [PDF] }, { attachments: null }, "'Attachments' are none instead of a.pdf"],
		[{ attachments: [PDF] }, {}, "'Attachments' is not confirmed by Close"],
		[
			{ attachments: [PDF] },
			{ attachments: [{ ...PDF, content_type: 'image/png' }] },
			"'Attachments' are a.pdf (image/png) instead of a.pdf (application/pdf)",
		],
		[
			{ attachments: [PDF] },
			{ attachments: [{ filename: 'a.pdf' }] },
			"'Attachments' are a.pdf (no type) instead of a.pdf (application/pdf)",
		],
		[
			{ attachments: null },
			{ attachments: [{}] },
			"'Attachments' are a file without a name instead of none",
		],
		[{ lead_id: 'lead_1' }, { lead_id: 'lead_2' }, "'Lead' is not what was asked"],
		[{ template_id: 't_1' }, { template_id: 't_2' }, "'Template' is not what was asked"],
		[{ template_id: 't_1' }, { template_id: null }, "'Template' is not confirmed by Close"],
		[
			{ status: 'scheduled', date_scheduled: TIME },
			{ status: 'draft', date_scheduled: null },
			`'Status' is draft instead of scheduled, 'Date Scheduled' is empty instead of ${TIME}`,
		],
	])('%j, found %j: %s', (asked, found, words) => {
		expect(describeAll(asked, found)).toBe(words);
	});

	test.each(['text', 'name'])('the words of %s stand in no error', (field) => {
		const words = describeAll({ [field]: 'Your code is 4711' }, { [field]: 'Your code is 0815' });
		expect(words).toMatch(/^'(Text|Name)' is not what was asked$/);
	});
});

describe('the number that Close chose', () => {
	const expected = { local_phone: '+14155550100' };
	test.each<[string, IDataObject, IDataObject, string | undefined]>([
		[
			'another',
			expected,
			{ local_phone: '+12065550111', caller_id_mode: 'auto' },
			'It goes out from +12065550111, which Close chose in place of +14155550100.',
		],
		[
			'not chosen yet',
			expected,
			{ local_phone: null, caller_id_mode: 'auto' },
			'Close chooses the number that it goes out from, which may be another than +14155550100.',
		],
		[
			'the given one',
			expected,
			{ local_phone: '+1 415-555-0100', caller_id_mode: 'auto' },
			undefined,
		],
		['none was given', {}, { local_phone: '+12065550111', caller_id_mode: 'auto' }, undefined],
		[
			'Close does not choose',
			expected,
			{ local_phone: '+12065550111', caller_id_mode: 'fixed' },
			undefined,
		],
		['Close does not say', expected, { local_phone: '+12065550111' }, undefined],
	])('%s', (_, asked, found, note) => {
		expect(describeChosenNumber(asked, found)).toBe(note);
	});
});

test.each<[string | undefined, string, boolean]>([
	['outbox', 'error', true],
	['scheduled', 'error', true],
	['draft', 'error', false],
	[undefined, 'error', false],
	['outbox', 'sent', false],
	['outbox', 'draft', false],
])('asked for %s, found %s: failed is %s', (asked, found, expected) => {
	expect(hasFailed({ status: asked }, { status: found })).toBe(expected);
});
