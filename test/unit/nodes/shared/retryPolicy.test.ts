import type { FailureKind } from '../../../../nodes/shared/errors/requestFailure';
import {
	addDoubt,
	countLooks,
	getNextStep,
	getRequestKind,
	readFailure,
	sendsText,
	SETTLE_MS,
	type Doubt,
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
		['createSms', { method: 'POST', url: '/activity/sms/' }],
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
		['createSms', 'outbox', true],
		['createSms', 'scheduled', true],
		['updateSms', 'draft', false],
		['updateSms', undefined, false],
		['createSms', 'draft', false],
		['createSms', 'inbox', false],
		['createSms', 'sent', false],
		['createSms', 'error', false],
		['read', 'outbox', false],
		['edit', 'scheduled', false],
		['delete', 'outbox', false],
		['upload', 'scheduled', false],
	])('%s with status %s: %s', (kind, status, expected) => {
		expect(sendsText(kind, { status })).toBe(expected);
	});
});

/** The retry table: a row for each failure, a column for each kind of request. */
const COLUMNS = ['read', 'upload', 'edit', 'delete', 'updateSms', 'createSms', 'create'] as const;
type Row = [failure: string, kind: FailureKind, status: number | undefined, ...steps: NextStep[]];

/** A row with the same step for what can be repeated without harm, then those of the others. */
const row = (
	failure: string,
	kind: FailureKind,
	status: number | undefined,
	harmless: NextStep,
	...others: NextStep[]
): Row => [failure, kind, status, harmless, harmless, harmless, ...others];

const UNKNOWN: Array<[failure: string, status?: number]> = [
	['500', 500],
	['502', 502],
	['504', 504],
	['408', 408],
	['cut off', 200],
	['reset'],
];

/** What is done after them, whether a 503 came before or not. */
const UNKNOWN_OUTCOMES = UNKNOWN.map(([failure, status]) =>
	row(
		failure,
		'outcomeUnknown',
		status,
		'retry',
		'retry',
		'lookThenRetry',
		'lookThenReport',
		'report',
	),
);

const FIRST_FAILURE: Row[] = [
	row('429', 'rateLimited', 429, 'retry', 'retry', 'retry', 'retry', 'retry'),
	row('503', 'unavailable', 503, 'retry', 'retry', 'retry', 'lookThenRetry', 'retry'),
	row('unreachable', 'unreachable', undefined, 'retry', 'retry', 'retry', 'retry', 'retry'),
	...UNKNOWN_OUTCOMES,
	row('400', 'rejected', 400, 'report', 'report', 'report', 'report', 'report'),
	row('401', 'rejected', 401, 'report', 'report', 'report', 'report', 'report'),
	row('404', 'rejected', 404, 'report', 'report', 'report', 'report', 'report'),
];

/** What is different when an earlier attempt ended in a 503, which may come after the work. */
const AFTER_503: Row[] = [
	row('429', 'rateLimited', 429, 'retry', 'retry', 'retry', 'lookThenRetry', 'retry'),
	row('503', 'unavailable', 503, 'retry', 'retry', 'retry', 'lookThenRetry', 'retry'),
	row('unreachable', 'unreachable', undefined, 'retry', 'retry', 'retry', 'lookThenRetry', 'retry'),
	...UNKNOWN_OUTCOMES,
	row('400', 'rejected', 400, 'report', 'report', 'lookThenReport', 'lookThenReport', 'report'),
	row('404', 'rejected', 404, 'report', 'done', 'lookThenReport', 'lookThenReport', 'report'),
];

/** What is different when an earlier attempt had an unknown outcome. */
const AFTER_UNKNOWN_OUTCOME: Row[] = [
	row('429', 'rateLimited', 429, 'retry', 'retry', 'lookThenRetry', 'lookThenReport', 'report'),
	row('503', 'unavailable', 503, 'retry', 'retry', 'lookThenRetry', 'lookThenReport', 'report'),
	row(
		'unreachable',
		'unreachable',
		undefined,
		'retry',
		'retry',
		'lookThenRetry',
		'lookThenReport',
		'report',
	),
	row('502', 'outcomeUnknown', 502, 'retry', 'retry', 'lookThenRetry', 'lookThenReport', 'report'),
	row('400', 'rejected', 400, 'report', 'report', 'lookThenReport', 'lookThenReport', 'report'),
	row('404', 'rejected', 404, 'report', 'done', 'lookThenReport', 'lookThenReport', 'report'),
];

describe.each([
	['after a first failure', FIRST_FAILURE, 'none'],
	['after a 503', AFTER_503, 'unlikely'],
	['after an earlier attempt with an unknown outcome', AFTER_UNKNOWN_OUTCOME, 'unknown'],
] as const)('%s', (_, table, earlier) => {
	const cells = table.flatMap(([failure, kind, status, ...steps]) =>
		steps.map((step, index) => ({ column: COLUMNS[index], failure, kind, status, step })),
	);
	test.each(cells)('$column, $failure: $step', ({ column, kind, status, step }) => {
		expect(getNextStep(column, { kind, status }, earlier)).toBe(step);
	});
});

test.each<[Doubt, FailureKind, Doubt]>([
	['none', 'rateLimited', 'none'],
	['none', 'unreachable', 'none'],
	['none', 'rejected', 'none'],
	['none', 'unavailable', 'unlikely'],
	['none', 'outcomeUnknown', 'unknown'],
	['unlikely', 'rateLimited', 'unlikely'],
	['unlikely', 'rejected', 'unlikely'],
	['unlikely', 'unavailable', 'unlikely'],
	['unlikely', 'outcomeUnknown', 'unknown'],
	['unknown', 'unavailable', 'unknown'],
	['unknown', 'rejected', 'unknown'],
])('doubt %s, then %s: doubt %s', (earlier, kind, doubt) => {
	expect(addDoubt(earlier, { kind })).toBe(doubt);
});

test('two looks see work that ends nine seconds after the response', () => {
	expect(2 * SETTLE_MS).toBeGreaterThan(9000);
});

describe('a 503 is as unknown as a 502 where a text may go out', () => {
	test.each<[boolean, FailureKind, number | undefined, FailureKind]>([
		[true, 'unavailable', 503, 'outcomeUnknown'],
		[false, 'unavailable', 503, 'unavailable'],
		// The token of OAuth2 could not be renewed: nothing was sent.
		[true, 'unavailable', undefined, 'unavailable'],
		[true, 'rateLimited', 429, 'rateLimited'],
		[true, 'rejected', 400, 'rejected'],
		[true, 'unreachable', undefined, 'unreachable'],
		[true, 'outcomeUnknown', 502, 'outcomeUnknown'],
	])('texts %s, %s %s: %s', (isText, kind, status, expected) => {
		const failure = { kind, status, headers: { a: 1 }, body: 'b', reason: 'c' };
		expect(readFailure(failure, isText)).toEqual({ ...failure, kind: expected });
	});
});

describe('how often to look before a request is repeated', () => {
	test.each<[RequestKind, string | undefined, number]>([
		['updateSms', 'outbox', 2],
		['updateSms', 'scheduled', 2],
		['updateSms', 'draft', 1],
		['updateSms', undefined, 1],
		['createSms', 'draft', 1],
		['read', undefined, 1],
	])('%s with status %s: %d', (kind, status, looks) => {
		expect(countLooks(kind, { status })).toBe(looks);
	});
});
