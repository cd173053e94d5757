import { retryDelay } from '../../../../nodes/shared/closeApiRequest';
import type { RequestKind } from '../../../../nodes/shared/retryPolicy';
import type { FailureKind, RequestFailure } from '../../../../nodes/shared/errors/requestFailure';

const failure = (kind: FailureKind, headers = {}): RequestFailure => ({
	kind,
	headers,
	body: undefined,
	reason: kind,
});
const first = { kind: 'read' as RequestKind, attempt: 1, waited: 0 };
const resetIn = (seconds: number) => ({ ratelimit: `limit=16, remaining=0, reset=${seconds}` });

describe('which request outside a run is sent again', () => {
	test.each<[FailureKind, RequestKind, boolean]>([
		['rateLimited', 'read', true],
		['unavailable', 'read', true],
		['unreachable', 'read', true],
		['outcomeUnknown', 'read', true],
		['rejected', 'read', false],
		['rateLimited', 'create', true],
		['unavailable', 'create', true],
		['unreachable', 'create', true],
		['outcomeUnknown', 'create', false],
		['rejected', 'create', false],
		['outcomeUnknown', 'edit', true],
		['outcomeUnknown', 'delete', true],
	])('after %s, a request of the kind %s: %p', (kind, request, isSentAgain) => {
		expect(retryDelay(failure(kind), { ...first, kind: request }) !== undefined).toBe(isSentAgain);
	});

	test('a create that may have been carried out is not sent again, whatever comes after that', () => {
		const create = {
			...first,
			kind: 'create' as RequestKind,
			attempt: 2,
			doubt: 'unknown' as const,
		};
		expect(retryDelay(failure('unavailable'), create)).toBeUndefined();
	});
});

test('it waits as long as Close says', () => {
	expect(retryDelay(failure('rateLimited', resetIn(7.25)), first)).toBe(7250);
	expect(retryDelay(failure('unavailable', { 'retry-after': '3' }), first)).toBe(3000);
});

test('else up to half a second, and twice as long each time', () => {
	for (const [attempt, longest] of [
		[1, 500],
		[2, 1000],
		[3, 2000],
	]) {
		const wait = retryDelay(failure('unavailable'), { ...first, attempt });
		expect(wait).toBeGreaterThanOrEqual(longest / 2);
		expect(wait).toBeLessThanOrEqual(longest);
	}
});

test('four attempts at most', () => {
	expect(retryDelay(failure('unavailable'), { ...first, attempt: 3 })).toBeDefined();
	expect(retryDelay(failure('unavailable'), { ...first, attempt: 4 })).toBeUndefined();
});

test('half a minute of waiting at most, all attempts together', () => {
	expect(retryDelay(failure('rateLimited', resetIn(30)), first)).toBe(30_000);
	expect(retryDelay(failure('rateLimited', resetIn(30.1)), first)).toBeUndefined();
	const second = { ...first, attempt: 2, waited: 25_000 };
	expect(retryDelay(failure('rateLimited', resetIn(5)), second)).toBe(5000);
	expect(retryDelay(failure('rateLimited', resetIn(6)), second)).toBeUndefined();
});
