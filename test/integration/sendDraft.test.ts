import { byId } from '../../dev/locators';
import {
	DRAFT_ID,
	ERROR_MODES,
	LONG_RUN,
	getRequest,
	messages,
	putRequest,
	setUpSms,
} from './setUpSms';
import { setUpSkippedWaits } from '../skippedWaits';

setUpSkippedWaits();

const sms = setUpSms();
const person = '+14155550101';
const sendDraft = async (id: string, parameters = {}, options = {}) =>
	await sms.run('sendDraft', { smsId: byId(id), ...parameters }, options);

/** The request that lets it go out has what was read of the text, and checked. */
const toOutbox = (id: string) => {
	const { text, remote_phone, local_phone } = sms.close.sms(id)!;
	return putRequest(id, { text, remote_phone, local_phone, status: 'outbox' });
};

test('a draft is read, then put into the outbox, and the person is texted once', async () => {
	const { json, error } = await sendDraft(DRAFT_ID);
	sms.deliver();

	expect(error).toBeUndefined();
	expect(json).toMatchObject([{ id: DRAFT_ID, status: 'outbox' }]);
	expect(json[0]).not.toHaveProperty('_note');
	expect(Object.keys(json[0])).toHaveLength(37);
	expect(sms.wire()).toEqual([getRequest(DRAFT_ID), toOutbox(DRAFT_ID)]);
	expect(sms.close.timesTexted(person)).toBe(1);
});

test.each([
	['outbox', 'It was in the outbox already, so it was not sent again.'],
	['sent', 'It was sent already, so it was not sent again.'],
] as const)('%s: returned as it is, with a remark', async (status, _note) => {
	sms.close.carrierDelay(3_600_000);
	const activity = sms.close.addSms({ status, remote_phone: person, text: 'x' });
	const { json } = await sendDraft(activity.id);

	expect(json).toEqual([{ ...activity, _note }]);
	expect(sms.wire()).toEqual([getRequest(activity.id)]);
});

test('simplified: the remark is there too', async () => {
	const { json } = await sendDraft('acti_sent000000000000000000', { output: 'simplified' });

	expect(json).toEqual([
		expect.objectContaining({
			id: 'acti_sent000000000000000000',
			_note: 'It was sent already, so it was not sent again.',
		}),
	]);
	expect(Object.keys(json[0])).toHaveLength(11);
});

test.each([
	[
		'scheduled',
		'This SMS is scheduled for 2036-03-03T12:00:00-05:00, so it cannot be sent',
		/with Cancel, then use Send Draft/,
	],
	['received', 'This SMS was received, so it cannot be sent', /use Send/],
	[
		'failed',
		'This SMS did not go out (30006 landline or unreachable carrier), so it cannot be sent',
		/use Send/,
	],
] as const)('%s: cannot be sent, and nothing is changed', async (name, message, description) => {
	const before = sms.close.account.texts[name];
	const { error } = await sendDraft(before.id, {}, { timezone: 'America/New_York' });

	expect(error).toMatchObject({ message, description: expect.stringMatching(description) });
	expect(sms.close.sms(before.id)).toEqual(before);
	expect(sms.wire()).toEqual([getRequest(before.id)]);
});

test('Close refuses it: in the words of Close, and the draft stays a draft', async () => {
	const { id } = sms.close.addSms({
		remote_phone: '+14155550104',
		local_phone: '+14155550100',
		text: 'x',
	});
	const { error } = await sendDraft(id);

	expect(error?.message).toBe("Close refused this: 'To': Outbound SMS to this number is blocked.");
	expect(sms.close.sms(id)?.status).toBe('draft');
	expect(sms.wire()).toEqual([getRequest(id), toOutbox(id), getRequest(id)]);
});

describe('an answer that gets lost', () => {
	test.each([
		['after it was done', { kind: 'resetAfter' }],
		['after it was done, with a web page', { kind: 'html', applied: true }],
		['before it was done', { kind: 'resetBefore' }],
		['before it was done, with a web page', { kind: 'html' }],
		['cut', { kind: 'cutJson' }],
		['cut, but announced as a whole', { kind: 'cutJson', framing: 'whole' }],
		['empty', { kind: 'emptyBody' }],
	] as const)('%s: texted once', async (_, fault) => {
		sms.close.faults.order({ ...fault, match: { method: 'PUT' } });
		const { json, error } = await sendDraft(DRAFT_ID);
		sms.deliver();

		expect(error).toBeUndefined();
		expect(json).toMatchObject([{ id: DRAFT_ID }]);
		expect(sms.close.timesTexted(person)).toBe(1);
	});

	test('and cannot be read back: may have been sent, and a second try sends no second text', async () => {
		sms.close.faults.order({ kind: 'resetAfter', match: { method: 'PUT' } });
		sms.close.faults.order({ kind: 'html', match: { method: 'GET' }, after: 1, times: 100 });
		const { error } = await sendDraft(DRAFT_ID, { options: { maxRetries: 0 } });
		sms.close.faults.clear();
		const again = await sendDraft(DRAFT_ID);
		sms.deliver();

		expect(error?.message).toMatch(/^This SMS may have been sent: /);
		expect(again.json).toMatchObject([
			{ id: DRAFT_ID, _note: expect.stringMatching(/not sent again\.$/) },
		]);
		expect(sms.close.timesTexted(person)).toBe(1);
	});
});

test('somebody else sends it between the read and the change: returned as it is', async () => {
	sms.close.faults.order({
		kind: 'status',
		status: 400,
		body: { errors: ['Only draft SMS activities can be edited.'], 'field-errors': {} },
		applied: true,
		match: { method: 'PUT' },
	});
	const { json, error } = await sendDraft(DRAFT_ID);
	sms.deliver();

	expect(error).toBeUndefined();
	expect(json).toMatchObject([{ id: DRAFT_ID, _note: expect.stringMatching(/not sent again\.$/) }]);
	expect(sms.close.timesTexted(person)).toBe(1);
});

describe.each(ERROR_MODES)('on error: %s', (onError) => {
	test.each([
		['={{ "" }}', "'SMS' is empty"],
		['a b', "'SMS' is not the ID of an SMS"],
		['acti_gone', 'Close refused this: Empty query: SMS matching query does not exist'],
		['acti_received00000000000000', 'This SMS was received, so it cannot be sent'],
	])('%s', async (id, message) => {
		expect(messages(await sendDraft(id, {}, { node: { onError } }))).toEqual([
			expect.stringContaining(message),
		]);
		sms.deliver();
		expect(sms.close.texted).toEqual([]);
	});

	test(`${LONG_RUN[onError]} drafts, each sent once and paired to its input`, async () => {
		const phoneOf = (n: number) => `+1415556${String(n).padStart(4, '0')}`;
		const items = Array.from({ length: LONG_RUN[onError] }, (_, n) => ({
			id: sms.close.addSms({ text: `${n}`, remote_phone: phoneOf(n), local_phone: '+14155550100' })
				.id,
		}));
		const { items: output, error } = await sendDraft(
			'={{ $json.id }}',
			{},
			{ items, node: { onError } },
		);
		sms.deliver();

		expect(error).toBeUndefined();
		expect(output.map(({ json, pairedItem }) => [json.id, pairedItem])).toEqual(
			items.map(({ id }, item) => [id, { item }]),
		);
		expect(items.filter((_, n) => sms.close.timesTexted(phoneOf(n)) !== 1)).toEqual([]);
		expect(sms.close.texted).toHaveLength(items.length);
	});
});
