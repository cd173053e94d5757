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

describe('longText', () => {
	const words = (count: number) => '👋'.repeat(count);

	test('refuse: more than 1,000 characters, an emoji being one', async () => {
		close.setDoubts({ longText: 'refuse' });
		expect((await put({ text: words(1000) })).status).toBe(200);
		const { status, data } = await put({ text: words(1001) });
		expect([status, Object.keys(data['field-errors'])]).toEqual([400, ['text']]);
		expect(close.sms(draft().id)?.text).toBe(words(1000));
	});

	test('refuse: a template that becomes too long', async () => {
		close.setDoubts({ longText: 'refuse' });
		const template = await api.post('/sms_template/', { name: 'Long', text: words(1001) });
		expect((await put({ template_id: template.data.id })).data['field-errors']).toHaveProperty(
			'text',
		);
	});

	test('take', async () => {
		close.setDoubts({ longText: 'take' });
		expect((await put({ text: words(1600) })).data.text).toBe(words(1600));
	});
});

describe('missingSlash', () => {
	const withoutSlash = '/activity/sms/acti_draft00000000000000000';

	test('refuse: a 404', async () => {
		close.setDoubts({ missingSlash: 'refuse' });
		expect((await api.put(withoutSlash, { text: 'x' })).status).toBe(404);
		expect((await api.get('/me?_fields=id')).status).toBe(404);
	});

	test('redirect: a POST comes back as a GET, and nothing is made', async () => {
		close.setDoubts({ missingSlash: 'redirect' });
		const count = close.allSms().length;
		const { status, data } = await api.post('/activity/sms', { status: 'draft', text: 'x' });
		expect([status, data.has_more, close.allSms().length]).toEqual([200, false, count]);
		expect(close.requests.map(({ method, path }) => [method, path])).toEqual([
			['POST', '/activity/sms'],
			['GET', '/activity/sms/'],
		]);
		expect((await api.get('/nowhere')).status).toBe(404);
	});

	test('take: as with the slash, and recorded as it arrived', async () => {
		close.setDoubts({ missingSlash: 'take' });
		expect((await api.put(withoutSlash, { text: 'x' })).data.text).toBe('x');
		for (const path of ['/me?_fields=id', '/me/?_fields=id'])
			expect((await api.get(path)).data).toEqual({ id: close.account.users.ada.id });
		expect(close.requests.map(({ url }) => url)).toEqual([
			`/api/v1${withoutSlash}`,
			'/api/v1/me?_fields=id',
			'/api/v1/me/?_fields=id',
		]);
		expect((await api.get('/nowhere')).status).toBe(404);
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
