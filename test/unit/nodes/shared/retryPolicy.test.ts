import type { FailureKind } from '../../../../nodes/shared/errors/requestFailure';
import {
	getNextStep,
	getRequestKind,
	getSettleMs,
	sendsText,
	type NextStep,
	type RequestKind,
} from '../../../../nodes/shared/retryPolicy';

describe('what a request does', () => {
	test.each<[RequestKind, Parameters<typeof getRequestKind>[0]]>([
		['read', { method: 'GET', url: '/activity/sms/acti_1/' }],
		['read', {}],
		['updateSms', { method: 'PUT', url: '/activity/sms/acti_1/' }],
		['edit', { method: 'PUT', url: '/sms_template/smstmpl_1/' }],
		['edit', { method: 'PUT' }],
		['edit', { method: 'PUT', url: '/other/activity/sms/' }],
		['delete', { method: 'DELETE', url: '/activity/sms/acti_1/' }],
		['read', { method: 'POST', url: '/data/search/' }],
		['create', { method: 'POST', url: '/activity/sms/' }],
		['create', { method: 'POST', url: '/sms_template/' }],
		['create', { method: 'PATCH', url: '/activity/sms/acti_1/' }],
		['upload', { method: 'POST', url: '/files/upload/', isUpload: true }],
	])('%s: %j', (kind, request) => {
		expect(getRequestKind(request)).toBe(kind);
	});
});

describe('whether a request can bring a text to a phone', () => {
	test.each<[RequestKind, string | undefined, boolean]>([
		['updateSms', 'outbox', true],
		['updateSms', 'scheduled', true],
		['create', 'outbox', true],
		['create', 'scheduled', true],
		['updateSms', 'draft', false],
		['updateSms', undefined, false],
		['create', 'draft', false],
		['create', 'inbox', false],
		['create', 'sent', false],
		['create', 'error', false],
		['read', 'outbox', false],
		['edit', 'scheduled', false],
		['delete', 'outbox', false],
		['upload', 'scheduled', false],
	])('%s with status %s: %s', (kind, status, expected) => {
		expect(sendsText(kind, { status })).toBe(expected);
	});
});

/** The retry table: a row for each failure, a column for each kind of request. */
const COLUMNS: RequestKind[] = ['read', 'upload', 'edit', 'delete', 'updateSms', 'create'];
type Row = [failure: string, kind: FailureKind, status: number | undefined, ...steps: NextStep[]];

const FIRST_FAILURE: Row[] = [
	['429', 'rateLimited', 429, 'retry', 'retry', 'retry', 'retry', 'retry', 'retry'],
	['503', 'unavailable', 503, 'retry', 'retry', 'retry', 'retry', 'retry', 'retry'],
	['unreachable', 'unreachable', undefined, 'retry', 'retry', 'retry', 'retry', 'retry', 'retry'],
	['500', 'outcomeUnknown', 500, 'retry', 'retry', 'retry', 'retry', 'readBack', 'report'],
	['502', 'outcomeUnknown', 502, 'retry', 'retry', 'retry', 'retry', 'readBack', 'report'],
	['504', 'outcomeUnknown', 504, 'retry', 'retry', 'retry', 'retry', 'readBack', 'report'],
	['cut off', 'outcomeUnknown', 200, 'retry', 'retry', 'retry', 'retry', 'readBack', 'report'],
	['reset', 'outcomeUnknown', undefined, 'retry', 'retry', 'retry', 'retry', 'readBack', 'report'],
	['400', 'rejected', 400, 'report', 'report', 'report', 'report', 'report', 'report'],
	['401', 'rejected', 401, 'report', 'report', 'report', 'report', 'report', 'report'],
	['404', 'rejected', 404, 'report', 'report', 'report', 'report', 'report', 'report'],
];

/** What is different when an earlier attempt had an unknown outcome. */
const AFTER_UNKNOWN_OUTCOME: Row[] = [
	['429', 'rateLimited', 429, 'retry', 'retry', 'retry', 'retry', 'readBack', 'report'],
	['503', 'unavailable', 503, 'retry', 'retry', 'retry', 'retry', 'readBack', 'report'],
	[
		'unreachable',
		'unreachable',
		undefined,
		'retry',
		'retry',
		'retry',
		'retry',
		'readBack',
		'report',
	],
	['502', 'outcomeUnknown', 502, 'retry', 'retry', 'retry', 'retry', 'readBack', 'report'],
	['400', 'rejected', 400, 'report', 'report', 'report', 'report', 'readBack', 'report'],
	['404', 'rejected', 404, 'report', 'report', 'report', 'done', 'readBack', 'report'],
];

describe.each([
	['after a first failure', FIRST_FAILURE, false],
	['after an earlier attempt with an unknown outcome', AFTER_UNKNOWN_OUTCOME, true],
] as const)('%s', (_, table, wasUnknown) => {
	const cells = table.flatMap(([failure, kind, status, ...steps]) =>
		steps.map((step, index) => ({ column: COLUMNS[index], failure, kind, status, step })),
	);
	test.each(cells)('$column, $failure: $step', ({ column, kind, status, step }) => {
		expect(getNextStep(column, { kind, status }, wasUnknown)).toBe(step);
	});
});

describe('how long Close may still be at work on a request whose response got lost', () => {
	test.each<[string, number]>([
		['HTTP 504', 5000],
		['ETIMEDOUT', 5000],
		['ECONNABORTED', 5000],
		['ESOCKETTIMEDOUT', 5000],
		['ECONNRESET', 2000],
		['EPIPE', 2000],
		['ERR_STREAM_PREMATURE_CLOSE', 2000],
		['socket hang up', 2000],
		['HTTP 500', 500],
		['HTTP 502', 500],
		['an empty response', 500],
		['a response that is not JSON', 500],
		['no HTTP 504', 500],
		['HTTP 5040', 500],
		['no socket hang up', 500],
	])('%s: %d ms', (reason, ms) => {
		expect(getSettleMs({ reason })).toBe(ms);
	});
});
