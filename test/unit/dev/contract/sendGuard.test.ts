import fc from 'fast-check';

import {
	DEFAULT_MAX_TEXTS as MAX_TEXTS,
	ForbiddenRequest,
	NoTextLeft,
	SendGuard,
} from '../../../../dev/contract/sendGuard';

const NOW = Date.parse('2026-11-25T09:00:00Z');
const NEXT_YEAR = '2027-10-01T09:30:00Z';
const FICTIONAL = '+12025550143';
const OWNER = '+14155550177';
const STRANGER = '+14155550199';

const guardOf = (textMe?: string) =>
	new SendGuard({ fictionalNumber: FICTIONAL, textMe, now: () => NOW });

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
	['a schedule for next year to nobody', sms('POST', scheduled(FICTIONAL, NEXT_YEAR))],
	['a schedule for next year without number', sms('POST', scheduled(null, NEXT_YEAR))],
	[
		'a record of a text that was sent to nobody',
		sms('POST', { status: 'sent', remote_phone: FICTIONAL }),
	],
	['a record of a text from nobody', sms('POST', { status: 'inbox', remote_phone: FICTIONAL })],
	['a read', { method: 'GET', path: '/activity/sms/acti_x/' }],
	['a deletion', { method: 'DELETE', path: '/activity/sms/acti_x/' }],
	['something else', { method: 'POST', path: '/lead/', body: { status: 'outbox' } }],
])('%s passes', (_, request) => {
	expect(guardOf().pass(request)).toBe(false);
});

test.each([
	['a text to nobody', sms('POST', { status: 'outbox', remote_phone: FICTIONAL })],
	['a text to a stranger', sms('POST', { status: 'outbox', remote_phone: STRANGER })],
	['a text of an unknown draft', sms('PUT', { status: 'outbox' }, 'acti_x')],
	['a schedule to a stranger', sms('POST', scheduled(STRANGER, NEXT_YEAR))],
	['a schedule for tomorrow', sms('POST', scheduled(FICTIONAL, '2026-11-26T09:00:00Z'))],
	['a schedule without date', sms('POST', scheduled(FICTIONAL))],
	['a schedule for no date', sms('POST', scheduled(FICTIONAL, 'next year'))],
	[
		'a schedule of an unknown draft',
		sms('PUT', { status: 'scheduled', date_scheduled: NEXT_YEAR }, 'acti_x'),
	],
	[
		'a record of a text that was sent to a stranger',
		sms('POST', { status: 'sent', remote_phone: STRANGER }),
	],
	[
		'a sent text made of a draft',
		sms('PUT', { status: 'sent', remote_phone: FICTIONAL }, 'acti_x'),
	],
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
	expect(guard.pass(send)).toBe(true);
	// One update can change the recipient and send.
	expect(() =>
		guard.pass(sms('PUT', { status: 'outbox', remote_phone: STRANGER }, 'acti_x')),
	).toThrow(ForbiddenRequest);
});

test('three requests that can text, and no more, whatever came back', () => {
	const guard = guardOf(OWNER);
	const text = sms('POST', { status: 'outbox', remote_phone: OWNER });
	for (let n = 0; n < MAX_TEXTS; n++) expect(guard.pass(text)).toBe(true);
	expect(() => guard.pass(text)).toThrow(NoTextLeft);
	expect(() => guard.pass(sms('POST', scheduled(OWNER, NEXT_YEAR)))).toThrow(NoTextLeft);
	expect(guard.requestsThatCanText).toBe(MAX_TEXTS);
});

test('a number that Close writes with blanks is the same number', () => {
	const guard = guardOf(OWNER);
	guard.learn({ id: 'acti_x', remote_phone: '+1 415-555-0177' });
	expect(guard.pass(sms('PUT', { status: 'outbox' }, 'acti_x'))).toBe(true);
	guard.learn({ id: 'acti_y', remote_phone: '+1 (202) 555-0143' });
	const inAYear = { status: 'scheduled', date_scheduled: NEXT_YEAR };
	expect(guard.pass(sms('PUT', inAYear, 'acti_y'))).toBe(false);
});

test('texts that Close shows as sent are counted once each, and only those to the owner', () => {
	const guard = guardOf(OWNER);
	for (const id of ['acti_x', 'acti_x', 'acti_y'])
		guard.learn({ id, status: 'sent', remote_phone: OWNER });
	guard.learn({ id: 'acti_z', status: 'sent', remote_phone: FICTIONAL });
	expect(guard.textsShownAsSent).toBe(2);
});

test('whatever is asked, at most three requests that can text somebody pass, all to the owner', () => {
	const value = fc.constantFrom(FICTIONAL, OWNER, STRANGER, null, undefined);
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
				const isLogged = method === 'POST' && body.status === 'sent' && recipient !== OWNER;
				const isNow = body.status === 'outbox' || (body.status === 'sent' && !isLogged);
				const isSoon = body.status === 'scheduled' && body.date_scheduled !== NEXT_YEAR;
				if (isNow || isSoon) texted.push(recipient);
				if (body.status === 'scheduled') expect([FICTIONAL, OWNER, null]).toContain(recipient);
			}
			expect(texted.every((one) => one === OWNER)).toBe(true);
			expect(texted.length).toBeLessThanOrEqual(MAX_TEXTS);
		}),
	);
});
