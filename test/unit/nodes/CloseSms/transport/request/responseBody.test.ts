import type { IDataObject } from 'n8n-workflow';
import { findBodyError } from '../../../../../../nodes/CloseSms/transport/request/responseBody';
import type { RequestKind } from '../../../../../../nodes/shared/retryPolicy';

const SMS = { url: '/activity/sms/acti_1/' };
const LIST = { url: '/activity/sms/' };
const TEMPLATE = { url: '/sms_template/smstmpl_1/' };
const TEMPLATES = { url: '/sms_template/' };
const UPLOAD = { url: '/files/upload/' };
const FIELDS = { ...SMS, qs: { _fields: 'text' } };

type Request = { url?: string; qs?: IDataObject };

test.each<[RequestKind, Request, unknown]>([
	['read', SMS, { id: 'acti_1', status: 'draft' }],
	['read', FIELDS, { text: 'Hi' }],
	['read', FIELDS, { id: 'acti_1' }],
	['read', LIST, { data: [] }],
	['read', TEMPLATES, { data: [{ id: 'smstmpl_1' }], has_more: true }],
	['read', { url: '/me/' }, { id: 'user_1' }],
	['read', { url: '/data/search/' }, { error: 'for its caller to see' }],
	['read', { url: '/contact/cont_1/' }, { id: 'cont_1' }],
	['read', {}, { any: 'thing' }],
	['read', { url: '/other/activity/sms/' }, { any: 'thing' }],
	['read', { url: '/activity/sms/acti_1/more/' }, { any: 'thing' }],
	['updateSms', SMS, { id: 'acti_1' }],
	['edit', TEMPLATE, { id: 'smstmpl_1' }],
	['create', LIST, { id: 'acti_2' }],
	['create', TEMPLATES, { id: 'smstmpl_2' }],
	['upload', UPLOAD, { upload: {} }],
	['delete', SMS, {}],
	['delete', SMS, ''],
	['delete', SMS, undefined],
	['delete', SMS, null],
	['delete', SMS, { id: 'acti_1' }],
])('%s %j: %j is a response', (kind, request, body) => {
	expect(findBodyError(kind, request, body)).toBeUndefined();
});

const ALL: Array<[RequestKind, Request]> = [
	['read', SMS],
	['read', FIELDS],
	['read', LIST],
	['updateSms', SMS],
	['edit', TEMPLATE],
	['create', LIST],
	['upload', UPLOAD],
];

test.each(
	ALL.flatMap(([kind, request]) =>
		['', undefined, null, {}, []].map((body) => [kind, request, body] as const),
	),
)('%s %j: %j is an empty response', (kind, request, body) => {
	expect(findBodyError(kind, request, body)).toBe('an empty response');
});

test.each([...ALL, ['delete', SMS] as const])('%s %j: a web page is not JSON', (kind, request) => {
	expect(findBodyError(kind, request, 7)).toBe('a response that is not JSON');
	expect(findBodyError(kind, request, '<html>Maintenance</html>')).toBe(
		'a response that is not JSON',
	);
});

test.each<[RequestKind, Request, object, string]>([
	['read', SMS, { message: 'Maintenance' }, 'about something else'],
	['read', SMS, { id: 'acti_2' }, 'about something else'],
	['read', { ...SMS, qs: {} }, { status: 'draft' }, 'about something else'],
	['read', FIELDS, { id: 'acti_2' }, 'about something else'],
	['read', { url: '/activity/sms/7/' }, { id: 7 }, 'about something else'],
	['read', { url: '/sms_template/7/' }, { data: [] }, 'about something else'],
	['updateSms', SMS, { id: 'acti_2', status: 'outbox' }, 'about something else'],
	['updateSms', SMS, { status: 'outbox' }, 'about something else'],
	['edit', TEMPLATE, { id: null }, 'about something else'],
	['delete', SMS, { message: 'Maintenance' }, 'about something else'],
	['read', LIST, { message: 'Maintenance' }, 'without a list'],
	['read', TEMPLATES, { data: 'none' }, 'without a list'],
	['read', LIST, { data: null, has_more: false }, 'without a list'],
	['read', { url: '/contact/cont_1/' }, { id: 'cont_2' }, 'about something else'],
	['read', { url: '/lead/lead_1/' }, { message: 'Maintenance' }, 'about something else'],
	['read', FIELDS, [{ id: 'acti_1' }], 'about something else'],
	['read', { url: '/me/' }, ['user_1'], 'about something else'],
	['upload', UPLOAD, ['a'], 'about something else'],
	['create', LIST, { status: 'draft' }, 'without an ID'],
	['create', LIST, { id: '' }, 'without an ID'],
	['create', LIST, { id: null }, 'without an ID'],
	['create', LIST, { id: 7 }, 'without an ID'],
	['create', { url: '/other/' }, { message: 'Maintenance' }, 'without an ID'],
])('%s %j: %j is a response %s', (kind, request, body, what) => {
	expect(findBodyError(kind, request, body)).toBe(`a response ${what}`);
});
