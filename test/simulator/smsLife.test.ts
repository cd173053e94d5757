import { api, close } from './fixture';
import type { SmsActivity } from '../../dev/simulator';

beforeEach(() => {
	// Long enough that no slow machine can reach it by itself.
	close.carrierDelay(CARRIER);
});

const HOUR = 3_600_000;
const CARRIER = 60_000;
/** The carrier takes what is in the outbox. */
const carry = () => close.clock.advance(CARRIER);
const inAnHour = () => new Date(close.clock.now().getTime() + HOUR).toISOString();
const maria = () => close.account.contacts.maria.phones[0].phone;
const complete = () => ({
	lead_id: close.account.leads.bluebird.id,
	remote_phone: maria(),
	local_phone: close.account.phoneNumbers.main.number,
	text: 'Hello',
});
const put = async (id: string, body: object) => await api.put(`/activity/sms/${id}/`, body);
const aText = (known: Partial<SmsActivity> = {}) => close.addSms({ ...complete(), ...known }).id;

test('outbox goes out once, and only after the carrier took it', async () => {
	const id = aText();
	const { data, status } = await put(id, { status: 'outbox' });
	expect([status, data.status, data.date_sent, close.timesTexted(maria())]).toEqual([
		200,
		'outbox',
		null,
		0,
	]);
	carry();
	expect(close.sms(id)).toMatchObject({
		status: 'sent',
		date_sent: expect.stringMatching(/\+00:00$/),
	});
	expect(close.texted).toEqual([
		expect.objectContaining({ smsId: id, remotePhone: maria(), text: 'Hello' }),
	]);
	close.clock.advance(HOUR);
	expect(close.timesTexted(maria())).toBe(1);
});

test('every text that reached a person counts, and only for that person', async () => {
	const sam = close.account.contacts.sam.phones[0].phone;
	for (const id of [aText(), aText(), aText({ remote_phone: sam })])
		await put(id, { status: 'outbox' });
	carry();
	expect([close.timesTexted(maria()), close.timesTexted(sam), close.texted.length]).toEqual([
		2, 1, 3,
	]);
});

test('a scheduled text goes out at its time, by its own clock', async () => {
	const id = aText();
	const { data } = await put(id, { status: 'scheduled', date_scheduled: inAnHour() });
	expect(data.status).toBe('scheduled');
	close.clock.advance(HOUR - 60_000);
	expect(close.texted).toHaveLength(0);
	close.clock.advance(60_000 + CARRIER);
	expect(close.texted).toHaveLength(1);
	const late = close.texted[0].at.getTime() - Date.parse(data.date_scheduled);
	expect(late).toBeGreaterThanOrEqual(CARRIER);
	expect(late).toBeLessThan(CARRIER + 30_000);
});

test.each([
	['scheduled', () => ({ date_scheduled: inAnHour() })],
	['outbox', () => ({})],
] as const)('a text in %s can be taken back, and then nobody is texted', async (status, more) => {
	const id = aText();
	await put(id, { status, ...more() });
	const { data } = await put(id, { status: 'draft' });
	expect(data).toMatchObject({ status: 'draft', date_scheduled: null });
	close.clock.advance(24 * HOUR);
	expect(close.texted).toHaveLength(0);
});

test('a deleted text is never sent', async () => {
	const id = aText();
	await put(id, { status: 'scheduled', date_scheduled: inAnHour() });
	expect(await api.delete(`/activity/sms/${id}/`)).toMatchObject({ status: 200, data: {} });
	close.clock.advance(2 * HOUR);
	expect([
		close.sms(id),
		close.texted.length,
		(await api.get(`/activity/sms/${id}/`)).status,
	]).toEqual([undefined, 0, 404]);
});

test('send_in leaves time to take it back', async () => {
	const { data } = await api.post('/activity/sms/', {
		...complete(),
		status: 'outbox',
		send_in: 30,
	});
	close.clock.advance(CARRIER);
	expect(close.texted).toHaveLength(0);
	close.clock.advance(30_000);
	expect(close.sms(data.id)?.status).toBe('sent');
});

test.each(['received', 'sent', 'failed', 'scheduled'] as const)(
	'a text that is %s cannot be edited',
	async (name) => {
		for (const body of [{ text: 'x' }, { status: 'outbox' }, {}]) {
			expect(await put(close.account.texts[name].id, body)).toMatchObject({
				status: 400,
				data: { errors: ['Only draft SMS activities can be edited.'] },
			});
		}
	},
);

test.each(['sent', 'inbox'] as const)('%s only logs', async (status) => {
	const { data } = await api.post('/activity/sms/', { ...complete(), status });
	close.clock.advance(HOUR);
	expect(data).toMatchObject({ status, direction: status === 'inbox' ? 'inbound' : 'outbound' });
	expect(close.texted).toHaveLength(0);
});

test.each(['inbound', 'outbound'] as const)(
	'a direction that is given is kept: %s, whatever the status',
	async (direction) => {
		for (const status of ['inbox', 'sent', 'draft']) {
			const { data } = await api.post('/activity/sms/', { ...complete(), status, direction });
			expect([data.status, data.direction]).toEqual([status, direction]);
		}
	},
);

test('a draft that is logged as received becomes incoming: an update cannot name the direction', async () => {
	const { data } = await put(close.account.texts.draft.id, { status: 'inbox' });
	expect(data.direction).toBe('inbound');
});

test('a carrier that fails makes the text an error, and nobody is texted', async () => {
	const remote_phone = close.account.contacts.landline.phones[0].phone;
	const id = aText({ remote_phone, lead_id: close.account.leads.northwind.id });
	await put(id, { status: 'outbox' });
	carry();
	expect(close.sms(id)).toMatchObject({
		status: 'error',
		error_message: expect.stringContaining('30006'),
	});
	expect(close.timesTexted(remote_phone)).toBe(0);
});

const numbers = () => close.account.phoneNumbers;
const NOT_OURS = 'Must be a Phone Number of type "internal" of your organization.';
const MISSING = 'This field is required.';
test.each<[string, object, () => Partial<SmsActivity>]>([
	['no sender', { local_phone: MISSING }, () => ({ local_phone: null })],
	['an unknown sender', { local_phone: NOT_OURS }, () => ({ local_phone: '+14155550199' })],
	[
		'an external sender',
		{ local_phone: NOT_OURS },
		() => ({ local_phone: numbers().external.number }),
	],
	[
		'a sender without SMS',
		{ local_phone: 'This number cannot send SMS.' },
		() => ({ local_phone: numbers().voiceOnly.number }),
	],
	[
		'a sender abroad',
		{ local_phone: 'This number cannot send SMS to US.' },
		() => ({ local_phone: numbers().british.number }),
	],
	['no recipient', { remote_phone: MISSING }, () => ({ remote_phone: null })],
	[
		'a recipient who opted out',
		{ remote_phone: 'Outbound SMS to this number is blocked.' },
		() => ({ remote_phone: close.account.contacts.optedOut.phones[0].phone }),
	],
	['no text', { text: MISSING }, () => ({ text: ' ' })],
	[
		'the wrong direction',
		{ direction: 'Only an outbound SMS can be sent.' },
		() => ({ direction: 'inbound' }),
	],
	[
		'another source',
		{ source: 'An External SMS can only be logged.' },
		() => ({ source: 'External' }),
	],
])('nothing is sent with %s', async (_, fieldErrors, known) => {
	for (const body of [{ status: 'outbox' }, { status: 'scheduled', date_scheduled: inAnHour() }]) {
		const { data, status } = await put(aText(known()), body);
		expect([status, data['field-errors']]).toEqual([400, fieldErrors]);
	}
	close.clock.advance(2 * HOUR);
	expect(close.texted).toHaveLength(0);
});

test('a schedule is read at its offset, else at x-tz-offset, else as UTC', async () => {
	const scheduled = async (date_scheduled: string, headers = {}) =>
		(
			await api.put(
				`/activity/sms/${aText()}/`,
				{ status: 'scheduled', date_scheduled },
				{ headers },
			)
		).data.date_scheduled;
	expect(await scheduled('2040-01-01T10:00:00+02:00')).toBe('2040-01-01T08:00:00+00:00');
	expect(await scheduled('2040-01-01T10:00:00', { 'x-tz-offset': '-2.5' })).toBe(
		'2040-01-01T12:30:00+00:00',
	);
	expect(await scheduled('2040-01-01T10:00:00.5')).toBe('2040-01-01T10:00:00.500000+00:00');
});

test('a template is rendered for its recipient', async () => {
	const { data } = await put(close.account.texts.draft.id, {
		template_id: close.account.templates.reminder.id,
	});
	expect(data.text).toBe(
		'Hi Maria, this is Ada from Harbor Roofing. See you tomorrow at Bluebird Cafe!',
	);
});

test('an update changes what it names, and null clears', async () => {
	const before = close.account.texts.draft;
	const { data } = await put(before.id, { text: 'New', contact_id: null });
	expect(data).toEqual({
		...before,
		text: 'New',
		contact_id: null,
		date_updated: data.date_updated,
	});
	expect(Object.keys(data)).toHaveLength(37);
});

test('an answer has the names, looks and countries of its people and numbers', () => {
	expect(close.account.texts.draft).toMatchObject({
		user_name: 'Ada Okafor',
		remote_phone_formatted: '+1 415-555-0101',
		remote_country_iso: 'US',
	});
});
