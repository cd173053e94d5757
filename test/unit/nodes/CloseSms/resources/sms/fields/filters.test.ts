import type { IDataObject } from 'n8n-workflow';
import {
	formatFilterDates,
	getClientFilters,
	validateFilters,
} from '../../../../../../../nodes/CloseSms/resources/sms/fields/filters';
import { DEFAULT_OPTIONS } from '../../../../../../../nodes/CloseSms/validation/nodeOptions';
import type { SmsActivity } from '../../../../../../../nodes/shared/closeTypes';
import { fakeContext, thrownBy } from '../../../../../fakeContext';

const byNumber = (value: unknown) => ({ __rl: true, mode: 'number', value });
const context = (filters: object) =>
	fakeContext({ parameters: { filters }, itemIndex: 3, zone: 'America/New_York' });
const check = (filters: object) => validateFilters(context(filters), { url: '' }, DEFAULT_OPTIONS);

test.each<object>([
	{},
	{ status: ['draft', 'error', 'inbox', 'outbox', 'scheduled', 'sent'] },
	{ status: 'draft, sent' },
	{ direction: 'inbound' },
	{ direction: 'outbound' },
	{ hasAttachments: false },
	{ hasAttachments: 'true' },
	{ remotePhone: '+14155550123' },
	{ localPhone: byNumber('+14155550123') },
	{ textContains: 'a' },
	{ leadId: byNumber('lead_1'), createdAfter: '2026-11-25' },
])('%j can be had', (filters) => {
	expect(() => check(filters)).not.toThrow();
});

test.each<[string, object]>([
	['Lead', { leadId: '' }],
	['Lead', { leadId: byNumber('') }],
	['Contact', { contactId: null }],
	['User', { userId: undefined }],
	['Status', { status: [] }],
	['Direction', { direction: ' ' }],
	['Message Contains', { textContains: '' }],
	['Created After', { createdAfter: '' }],
	['Has Attachments', { hasAttachments: '' }],
])("'%s' that is empty would return more than meant: %j", (label, filters) => {
	const error = thrownBy(() => check({ direction: 'inbound', ...filters }));
	expect(error.message).toBe(`'${label}' is empty [item 3]`);
	expect(error.description).toMatch(/would return more SMS than meant/);
});

describe('a value that cannot be', () => {
	const rows: Array<[string, object, RegExp]> = [
		['Status', { status: ['draft', 'delivered'] }, /^Close knows draft, error, outbox, inbox/],
		['Status', { status: 'send' }, /^Close knows/],
		['Status', { status: { draft: true } }, /^Close knows/],
		['Direction', { direction: 'incoming' }, /^Close knows inbound and outbound/],
		['Direction', { direction: true }, /^Close knows/],
		['Has Attachments', { hasAttachments: 'yes' }, /true or false/],
		['Has Attachments', { hasAttachments: [true] }, /true or false/],
	];
	test.each([
		[{ remotePhone: '0177' }, "'Remote Phone' has no country code: 0177"],
		[
			{ localPhone: byNumber('+1 415') },
			"'Local Phone' is not a number of the US or Canada: +1 415",
		],
		[{ remotePhone: ['+14155550123'] }, "'Remote Phone' is a list, not a phone number"],
		[{ laterFilter: 'x' }, `'Filters' has no filter "laterFilter"`],
		[{ laterFilter: '' }, `'Filters' has no filter "laterFilter"`],
	])('%j: %s', (filters, message) => {
		expect(thrownBy(() => check(filters)).message).toBe(`${message} [item 3]`);
	});

	test.each(rows)("'%s': %j", (label, filters, hint) => {
		const error = thrownBy(() => check(filters));
		expect(error.message).toMatch(`'${label}' has an invalid value: `);
		expect(error.description).toMatch(hint);
	});

	test.each([
		['Direction', { direction: ['inbound'] }],
		['Message Contains', { textContains: ['Ann'] }],
		['Message Contains', { textContains: { word: 'Ann' } }],
		['Message Contains', { textContains: true }],
		['Lead', { leadId: ['lead_1'] }],
		['Contact', { contactId: byNumber({ id: 'cont_1' }) }],
		['User', { userId: true }],
	])("'%s' is no list and no object: %j", (label, filters) => {
		const error = thrownBy(() => check(filters));
		expect(error.message).toMatch(
			new RegExp(`^'${label}' (has an invalid value: |is [^:]+, not words |is not the ID of )`),
		);
		expect(error.description).toBeTruthy();
	});
});

describe('dates in the query', () => {
	const format = (qs?: IDataObject) => {
		const request = { url: '', qs };
		formatFilterDates(context({}), request, DEFAULT_OPTIONS);
		return request.qs;
	};

	test.each(['activity_at__gte', 'activity_at__lt', 'date_created__gte', 'date_created__lt'])(
		'%s gets an offset',
		(property) => {
			expect(format({ [property]: '2026-12-01T09:00', lead_id: '2026-12-01' })).toEqual({
				[property]: '2026-12-01T09:00:00-05:00',
				lead_id: '2026-12-01',
			});
		},
	);

	test.each([
		['Activity After', 'activity_at__gte'],
		['Activity Before', 'activity_at__lt'],
		['Created After', 'date_created__gte'],
		['Created Before', 'date_created__lt'],
	])("'%s' that is none is an error", (label, property) => {
		expect(() => format({ [property]: 'soon' })).toThrow(`'${label}' is not a date and time`);
	});

	test('nothing to do without any', () => {
		expect(format({})).toEqual({});
		expect(format(undefined)).toBeUndefined();
	});
});

describe('filters that Close does not have', () => {
	const sms = (more: object) => ({ status: 'draft', text: 'Hi Ann', ...more }) as SmsActivity;
	const matches = (filters: object, activity: object) =>
		getClientFilters(context(filters), { ...DEFAULT_OPTIONS, countryCode: '1' }).matches(
			sms(activity),
		);

	test.each<[object, object, boolean]>([
		[{}, {}, true],
		[{ status: ['draft', 'sent'] }, {}, true],
		[{ status: 'sent,draft' }, {}, true],
		[{ status: [' draft '] }, {}, true],
		[{ status: ['sent'] }, {}, false],
		[{ direction: 'inbound' }, { direction: 'inbound' }, true],
		[{ direction: 'inbound' }, { direction: 'outbound' }, false],
		[{ remotePhone: '+14155550123' }, { remote_phone: '+14155550123' }, true],
		[{ remotePhone: '+14155550123' }, { local_phone: '+14155550123' }, false],
		[{ localPhone: byNumber('+14155550123') }, { local_phone: '+14155550123' }, true],
		[{ localPhone: '+14155550123' }, { remote_phone: '+14155550123' }, false],
		[{ remotePhone: '+1 (415) 555-0123' }, { remote_phone: '+14155550123' }, true],
		[{ remotePhone: '(415) 555-0123' }, { remote_phone: '+14155550123' }, true],
		[{ remotePhone: 4155550123 }, { remote_phone: '+4155550123' }, false],
		[{ textContains: 'ann' }, {}, true],
		[{ textContains: 'HI' }, {}, true],
		[{ textContains: 'bob' }, {}, false],
		[{ textContains: 'a' }, { text: null }, false],
		[{ textContains: 7 }, { text: 'At 7' }, true],
		[{ hasAttachments: true }, { attachments: [{}] }, true],
		[{ hasAttachments: 'true' }, { attachments: [{}] }, true],
		[{ hasAttachments: true }, { attachments: [] }, false],
		[{ hasAttachments: true }, { attachments: null }, false],
		[{ hasAttachments: true }, {}, false],
		[{ hasAttachments: false }, {}, true],
		[{ hasAttachments: 0 }, { attachments: [{}] }, false],
		[{ status: ['draft'], textContains: 'ann' }, {}, true],
		[{ status: ['draft'], textContains: 'bob' }, {}, false],
		[{ status: ['sent'], textContains: 'ann' }, {}, false],
		[{ leadId: 'lead_1' }, { lead_id: 'lead_2' }, true],
	])('%j and %j: %s', (filters, activity, expected) => {
		expect(matches(filters, activity)).toBe(expected);
	});

	test('name the fields that they look at', () => {
		const all = {
			status: 'draft',
			direction: 'inbound',
			localPhone: '+14155550123',
			remotePhone: '+14155550123',
			textContains: 'a',
			hasAttachments: true,
			leadId: 'lead_1',
		};
		expect(getClientFilters(context(all), DEFAULT_OPTIONS).fields).toEqual([
			'status',
			'direction',
			'local_phone',
			'remote_phone',
			'text',
			'attachments',
		]);
	});
});
