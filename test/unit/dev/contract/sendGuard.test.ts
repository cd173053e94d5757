import fc from 'fast-check';

import {
	ForbiddenRequest,
	MAX_TEXTS,
	NoTextLeft,
	SendGuard,
} from '../../../../dev/contract/sendGuard';

const NOW = Date.parse('2026-11-25T09:00:00Z');
const NEXT_YEAR = '2027-10-01T09:30:00Z';
const FICTIONAL_NUMBERS = '+12025550143';
const OWNER = '+14155550177';
const STRANGER = '+14155550199';

const guardOf = (textMe?: string) => new SendGuard(FICTIONAL_NUMBERS, textMe, () => NOW);

const sms = (method: string, body: object, id?: string) => ({
	method,
	path: id ? `/activity/sms/${id}/` : '/activity/sms/',
	body: body as Record<string, string>,
});

const scheduled = (remote_phone: string | null, date_scheduled?: string) => ({
	status: 'scheduled',
	remote_phone,
	...(date_scheduled && { date_scheduled }),
});

test.each([
	['a draft to anybody', sms('POST', { status: 'draft', remote_phone: STRANGER })],
	['an edit', sms('PUT', { text: 'x', remote_phone: STRANGER }, 'acti_x')],
	['a cancellation', sms('PUT', { status: 'draft' }, 'acti_x')],
	['a schedule for next year to nobody', sms('POST', scheduled(FICTIONAL_NUMBERS, NEXT_YEAR))],
	['a schedule for next year without number', sms('POST', scheduled(null, NEXT_YEAR))],
	['a read', { method: 'GET', path: '/activity/sms/acti_x/' }],
	['a deletion', { method: 'DELETE', path: '/activity/sms/acti_x/' }],
	['something else', { method: 'POST', path: '/lead/', body: { status: 'outbox' } }],
])('%s passes', (_, request) => {
	expect(guardOf().pass(request)).toBeUndefined();
});

test.each([
	['a text to nobody', sms('POST', { status: 'outbox', remote_phone: FICTIONAL_NUMBERS })],
	['a text to a stranger', sms('POST', { status: 'outbox', remote_phone: STRANGER })],
	['a text of an unknown draft', sms('PUT', { status: 'outbox' }, 'acti_x')],
	['a schedule to a stranger', sms('POST', scheduled(STRANGER, NEXT_YEAR))],
	['a schedule for tomorrow', sms('POST', scheduled(FICTIONAL_NUMBERS, '2026-11-26T09:00:00Z'))],
	['a schedule without date', sms('POST', scheduled(FICTIONAL_NUMBERS))],
	['a schedule for no date', sms('POST', scheduled(FICTIONAL_NUMBERS, 'next year'))],
	[
		'a schedule of an unknown draft',
		sms('PUT', { status: 'scheduled', date_scheduled: NEXT_YEAR }, 'acti_x'),
	],
	['a record of a sent text', sms('POST', { status: 'sent', remote_phone: FICTIONAL_NUMBERS })],
	['a status that does not exist', sms('PUT', { status: 'OUTBOX' }, 'acti_x')],
])('%s is held back, with and without a number of the owner', (_, request) => {
	expect(() => guardOf().pass(request)).toThrow(ForbiddenRequest);
	expect(() => guardOf(OWNER).pass(request)).toThrow(ForbiddenRequest);
});

test('the recipient of a draft is what Close last showed', () => {
	const guard = guardOf(OWNER);
	const send = sms('PUT', { status: 'outbox' }, 'acti_x');
	guard.learn({ id: 'acti_x', remote_phone: STRANGER });
	expect(() => guard.pass(send)).toThrow(ForbiddenRequest);
	guard.learn({ id: 'acti_x', remote_phone: OWNER });
	expect(guard.pass(send)).toBeDefined();
	// One update can change the recipient and send.
	expect(() =>
		guard.pass(sms('PUT', { status: 'outbox', remote_phone: STRANGER }, 'acti_x')),
	).toThrow(ForbiddenRequest);
});

test('three texts, and no more; what Close refused does not count', () => {
	const guard = guardOf(OWNER);
	const text = sms('POST', { status: 'outbox', remote_phone: OWNER });
	guard.pass(text)?.();
	for (let n = 0; n < MAX_TEXTS; n++) guard.pass(text);
	expect(() => guard.pass(text)).toThrow(NoTextLeft);
	expect(() => guard.pass(sms('POST', scheduled(OWNER, NEXT_YEAR)))).toThrow(NoTextLeft);
	expect(guard.texts).toBe(MAX_TEXTS);
});

test('whatever is asked, at most three requests that can text somebody pass, all to the owner', () => {
	const value = fc.constantFrom(FICTIONAL_NUMBERS, OWNER, STRANGER, null, undefined);
	const status = fc.constantFrom(
		'draft',
		'scheduled',
		'outbox',
		'sent',
		'inbox',
		'error',
		undefined,
	);
	const date = fc.constantFrom(NEXT_YEAR, '2026-11-25T10:00:00Z', '', undefined);
	const request = fc.record({
		method: fc.constantFrom('POST', 'PUT'),
		id: fc.constantFrom('acti_x', 'acti_y'),
		body: fc.record({ status, remote_phone: value, date_scheduled: date }, { requiredKeys: [] }),
	});
	fc.assert(
		fc.property(fc.array(request, { maxLength: 20 }), (requests) => {
			const guard = guardOf(OWNER);
			const recipients = new Map<string, unknown>();
			const texted: unknown[] = [];
			for (const { method, id, body } of requests) {
				try {
					guard.pass(sms(method, body, method === 'PUT' ? id : undefined));
				} catch {
					continue;
				}
				const recipient = 'remote_phone' in body ? body.remote_phone : recipients.get(id);
				if ('remote_phone' in body && method === 'PUT') {
					recipients.set(id, body.remote_phone);
					guard.learn({ id, remote_phone: body.remote_phone });
				}
				const isNow = body.status === 'outbox' || body.status === 'sent';
				const isSoon = body.status === 'scheduled' && body.date_scheduled !== NEXT_YEAR;
				if (isNow || isSoon) texted.push(recipient);
				if (body.status === 'scheduled')
					expect([FICTIONAL_NUMBERS, OWNER, null]).toContain(recipient);
			}
			expect(texted.every((one) => one === OWNER)).toBe(true);
			expect(texted.length).toBeLessThanOrEqual(MAX_TEXTS);
		}),
	);
});
