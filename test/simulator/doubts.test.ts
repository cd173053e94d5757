import { api, close } from './fixture';
import { DOUBTS, parseDoubts, withDefaults } from '../../dev/simulator/faults/doubts';
import { startSimulator } from '../../dev/simulator';

const IN_A_YEAR = () => new Date(close.clock.now().getTime() + 365 * 86_400_000).toISOString();
const draft = () => close.account.texts.draft;
const put = async (body: object, id = draft().id) => await api.put(`/activity/sms/${id}/`, body);
const DAY = 86_400_000;

describe('unknownKeys', () => {
	test('refuse: the field is named', async () => {
		close.setDoubts({ unknownKeys: 'refuse' });
		const { status, data } = await put({ text: 'New', body: 'x' });
		expect([status, data['field-errors']]).toEqual([400, { body: 'Unknown field.' }]);
	});

	test('drop: the rest is done', async () => {
		close.setDoubts({ unknownKeys: 'drop' });
		const { status, data } = await put({ text: 'New', body: 'x', direction: 'inbound' });
		expect([status, data.text, data.direction]).toEqual([200, 'New', 'outbound']);
		expect(data).not.toHaveProperty('body');
	});

	test('drop: also deep in a list', async () => {
		close.setDoubts({ unknownKeys: 'drop' });
		const attachments = [
			{ url: 'https://example.com/a.png', filename: 'a.png', content_type: 'image/png', size: 3 },
		];
		expect((await put({ attachments })).data['field-errors']).toEqual({
			attachments: { errors: { 0: { url: 'Must begin with https://app.close.com/go/file/' } } },
		});
	});

	test('drop: a body of the wrong kind is still refused', async () => {
		close.setDoubts({ unknownKeys: 'drop' });
		expect((await put([])).status).toBe(400);
	});
});

describe('dateScheduledOnPut', () => {
	test('take', async () => {
		close.setDoubts({ dateScheduledOnPut: 'take' });
		const { data } = await put({ status: 'scheduled', date_scheduled: '2040-01-01T10:00:00Z' });
		expect(data).toMatchObject({
			status: 'scheduled',
			date_scheduled: '2040-01-01T10:00:00+00:00',
		});
	});

	test('refuse', async () => {
		close.setDoubts({ dateScheduledOnPut: 'refuse' });
		const { status, data } = await put({ status: 'scheduled', date_scheduled: IN_A_YEAR() });
		expect([status, data['field-errors']]).toEqual([400, { date_scheduled: 'Unknown field.' }]);
		expect(close.sms(draft().id)).toEqual(draft());
	});

	test('drop: scheduled for no time, and nobody is ever texted', async () => {
		close.setDoubts({ dateScheduledOnPut: 'drop' });
		const { status, data } = await put({ status: 'scheduled', date_scheduled: IN_A_YEAR() });
		expect([status, data.status, data.date_scheduled]).toEqual([200, 'scheduled', null]);
		close.clock.advance(400 * DAY);
		expect(close.texted).toHaveLength(0);
	});

	test.each(['refuse', 'drop'] as const)('%s: a POST takes it', async (dateScheduledOnPut) => {
		close.setDoubts({ dateScheduledOnPut });
		const { lead_id, remote_phone, local_phone, text } = draft();
		const body = { lead_id, remote_phone, local_phone, text, status: 'scheduled' };
		const { data } = await api.post('/activity/sms/', {
			...body,
			date_scheduled: '2040-01-01T10:00:00Z',
		});
		expect(data.date_scheduled).toBe('2040-01-01T10:00:00+00:00');
		expect((await api.post('/activity/sms/', body)).data['field-errors']).toEqual({
			date_scheduled: 'This field is required.',
		});
	});
});

test.each([
	['errors', { errors: ['Only draft SMS activities can be edited.'], 'field-errors': {} }],
	['fieldError', { errors: [], 'field-errors': { status: 'Cannot be changed from "sent".' } }],
] as const)('editOfNonDraft: %s', async (editOfNonDraft, expected) => {
	close.setDoubts({ editOfNonDraft });
	const { status, data } = await put({ text: 'x' }, close.account.texts.sent.id);
	expect([status, data]).toEqual([400, expected]);
});

test('scheduleInThePast sendNow: it goes out at once', async () => {
	close.setDoubts({ scheduleInThePast: 'sendNow' });
	const { status } = await put({ status: 'scheduled', date_scheduled: '2020-01-01T10:00:00Z' });
	close.clock.advance(60_000);
	expect([status, close.texted.length, close.sms(draft().id)?.status]).toEqual([200, 1, 'sent']);
});

test('blockedRecipient failLater: taken, then an error, and nobody is texted', async () => {
	close.setDoubts({ blockedRecipient: 'failLater' });
	const [{ phone }] = close.account.contacts.optedOut.phones;
	const { id } = close.addSms({ ...draft(), id: 'acti_blocked', remote_phone: phone });
	expect((await put({ status: 'outbox' }, id)).data.status).toBe('outbox');
	close.clock.advance(60_000);
	expect(close.sms(id)).toMatchObject({
		status: 'error',
		error_message: expect.stringMatching(/^21610 /),
	});
	expect(close.texted).toHaveLength(0);
});

test('a reset comes back to what the simulator was started with', async () => {
	const other = await startSimulator({ doubts: { editOfNonDraft: 'fieldError' } });
	try {
		other.setDoubts({ unknownKeys: 'drop' });
		expect(other.doubts).toEqual({
			...withDefaults(),
			editOfNonDraft: 'fieldError',
			unknownKeys: 'drop',
		});
		other.reset();
		expect(other.doubts).toEqual({ ...withDefaults(), editOfNonDraft: 'fieldError' });
	} finally {
		await other.stop();
	}
});

describe('as text', () => {
	test('every way of every doubt can be given', () => {
		for (const [name, ways] of Object.entries(DOUBTS))
			for (const way of ways) expect(parseDoubts(`${name}=${way}`)).toEqual({ [name]: way });
		expect(parseDoubts(' unknownKeys = drop , editOfNonDraft=fieldError')).toEqual({
			unknownKeys: 'drop',
			editOfNonDraft: 'fieldError',
		});
		expect(parseDoubts('')).toEqual({});
	});

	test.each([
		['unknownKey=drop', /no doubt "unknownKey"/],
		['unknownKeys=ignore', /refuse, drop; got "ignore"/],
		['unknownKeys', /got ""/],
		['toString=drop', /no doubt "toString"/],
	])('%s is an error', (text, message) => {
		expect(() => parseDoubts(text)).toThrow(message);
	});
});
