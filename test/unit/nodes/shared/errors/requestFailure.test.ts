import {
	toFailure,
	toLateFailure,
	type FailureKind,
} from '../../../../../nodes/shared/errors/requestFailure';

/** What n8n throws with an API key: an error of its own around the one of axios. */
const wrapped = (cause: object) => ({ httpCode: undefined, message: 'n8n says', cause });
const answered = (status: number, data?: unknown, headers = {}) => ({
	response: { status, headers, data },
});

describe('what became of a request', () => {
	test.each<[number, FailureKind]>([
		[429, 'rateLimited'],
		[503, 'unavailable'],
		[500, 'outcomeUnknown'],
		[502, 'outcomeUnknown'],
		[504, 'outcomeUnknown'],
		[599, 'outcomeUnknown'],
		[200, 'outcomeUnknown'],
		[299, 'outcomeUnknown'],
		[300, 'rejected'],
		[302, 'rejected'],
		[400, 'rejected'],
		[401, 'rejected'],
		[402, 'rejected'],
		[403, 'rejected'],
		[404, 'rejected'],
		[408, 'outcomeUnknown'],
		[415, 'rejected'],
		[425, 'outcomeUnknown'],
		[499, 'outcomeUnknown'],
		[520, 'outcomeUnknown'],
		[527, 'outcomeUnknown'],
		[530, 'outcomeUnknown'],
	])('HTTP %d: %s, by itself and inside an error of n8n', (status, kind) => {
		const expected = { kind, status, reason: `HTTP ${status}` };
		expect(toFailure(answered(status))).toMatchObject(expected);
		expect(toFailure(wrapped(answered(status)))).toMatchObject(expected);
		expect(toFailure({ httpCode: String(status) })).toMatchObject(expected);
	});

	test.each<[string | undefined, FailureKind]>([
		['ECONNREFUSED', 'unreachable'],
		['ENOTFOUND', 'unreachable'],
		['EAI_AGAIN', 'unreachable'],
		['EHOSTUNREACH', 'outcomeUnknown'],
		['ENETUNREACH', 'outcomeUnknown'],
		['ECONNRESET', 'outcomeUnknown'],
		['ETIMEDOUT', 'outcomeUnknown'],
		['ECONNABORTED', 'outcomeUnknown'],
		['EPIPE', 'outcomeUnknown'],
		['CERT_HAS_EXPIRED', 'outcomeUnknown'],
	])('%s: %s', (code, kind) => {
		const expected = { kind, status: undefined, reason: code };
		expect(toFailure({ code })).toMatchObject(expected);
		expect(toFailure(wrapped({ code }))).toMatchObject(expected);
	});

	test.each(['EHOSTUNREACH', 'ENETUNREACH'])(
		'%s: unreachable only where there was no connection yet',
		(code) => {
			const connecting = { code, message: `connect ${code} 192.0.2.1:443` };
			const aggregate = { code, message: '', cause: { errors: [connecting, connecting] } };
			const inUse = { code, message: `read ${code}`, cause: { code, message: `read ${code}` } };
			for (const [error, kind] of [
				[connecting, 'unreachable'],
				[aggregate, 'unreachable'],
				[inUse, 'outcomeUnknown'],
				[{ code, message: `cannot connect ${code}` }, 'outcomeUnknown'],
			] as const) {
				expect(toFailure(wrapped(error))).toMatchObject({ kind, reason: code });
			}
		},
	);

	test.each([
		undefined,
		null,
		{},
		'lost',
		7,
		new Error('lost'),
		{ httpCode: null },
		{ httpCode: 'x' },
	])('%p says nothing: it may have been carried out', (thrown) => {
		expect(toFailure(thrown)).toEqual({
			kind: 'outcomeUnknown',
			status: undefined,
			headers: {},
			body: undefined,
			reason: 'no response',
		});
	});
});

describe('what Close said', () => {
	const body = { error: 'No.' };
	const headers = { 'retry-after': '2' };

	test.each([
		['by itself', answered(429, body, headers)],
		['inside an error of n8n', wrapped(answered(429, body, headers))],
		['beside it', { ...answered(429, body, headers), cause: { code: 'X' } }],
	])('is kept: %s', (_, thrown) => {
		expect(toFailure(thrown)).toMatchObject({ body, headers, status: 429 });
	});

	test('is found where n8n puts it when the answer itself is gone', () => {
		expect(toFailure({ httpCode: '400', context: { data: body } })).toMatchObject({
			kind: 'rejected',
			body,
			headers: {},
		});
	});

	test('the status of the answer counts before that of n8n', () => {
		expect(toFailure({ httpCode: '400', cause: answered(503) })).toMatchObject({
			kind: 'unavailable',
			status: 503,
		});
	});

	test('the code of the cause counts before that of n8n', () => {
		expect(toFailure({ code: 'ERR', cause: { code: 'ENOTFOUND' } })).toMatchObject({
			kind: 'unreachable',
			reason: 'ENOTFOUND',
		});
		expect(toFailure({ code: 'ENOTFOUND', cause: {} })).toMatchObject({ reason: 'ENOTFOUND' });
	});
});

test('a response that did not come in time, or not whole: nobody knows what became of the request', () => {
	expect(toLateFailure(2900)).toEqual({
		kind: 'outcomeUnknown',
		status: undefined,
		headers: {},
		body: undefined,
		reason: 'no response within 3 seconds',
	});
});

describe('a credential that does not work: nothing was sent', () => {
	const CONNECT = 'Open the credential in n8n and connect it again.';
	const TOKEN_URL = 'https://api.close.com/oauth2/token/';

	test.each<[string, object, FailureKind, string, string]>([
		['n8n refuses it', { shouldReport: false, message: 'No key' }, 'rejected', 'No key', CONNECT],
		[
			'n8n refuses it and says what to do',
			{ shouldReport: true, message: 'No key', description: 'Add one' },
			'rejected',
			'No key',
			'Add one',
		],
		[
			'the token was refused',
			{ code: 'EAUTH', message: 'Expired' },
			'rejected',
			'Expired',
			CONNECT,
		],
		['no token was given', { code: 'ESTATUS' }, 'rejected', 'no token', CONNECT],
		[
			'the server of tokens was out of reach',
			{ code: 'ECONNRESET', message: 'lost', config: { url: TOKEN_URL } },
			'unavailable',
			'lost',
			CONNECT,
		],
		[
			'the server of tokens was busy',
			{ message: 'busy', config: { url: TOKEN_URL }, ...answered(503) },
			'unavailable',
			'busy',
			CONNECT,
		],
	])('%s', (_, cause, kind, reason, next) => {
		expect(toFailure(wrapped(cause))).toEqual({ kind, reason, next, headers: {}, body: undefined });
	});

	test.each<[string, object]>([
		['an answer of Close', { shouldReport: true, httpCode: '400' }],
		[
			'another address',
			{ code: 'ECONNRESET', config: { url: 'https://api.close.com/oauth2/tokens' } },
		],
		['no address', { code: 'ECONNRESET', config: {} }],
	])('not %s', (_, cause) => {
		expect(toFailure(wrapped(cause)).next).toBeUndefined();
	});
});
