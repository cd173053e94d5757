import { byId } from '../../dev/locators';
import { ERROR_MODES, LONG_RUN, getRequest, messages, putRequest, setUpSms } from './setUpSms';
import { setUpSkippedWaits } from '../skippedWaits';

setUpSkippedWaits();

const sms = setUpSms();
const scheduledId = 'acti_scheduled0000000000000';
const person = '+14155550101';
const cancel = async (id: string, parameters = {}, options = {}) =>
	await sms.run('cancel', { smsId: byId(id), ...parameters }, options);

const toDraft = (id: string) => putRequest(id, { status: 'draft' });
const scheduled = (remote_phone = person) =>
	sms.close.addSms({
		status: 'scheduled',
		date_scheduled: '2036-01-01T09:00:00+00:00',
		local_phone: '+14155550100',
		remote_phone,
		text: 'x',
	});

test('a scheduled text is read, then set back to draft, and nobody is texted', async () => {
	const { json, error } = await cancel(scheduledId);
	sms.advancePast('2036-03-03T17:00:00Z');

	expect(error).toBeUndefined();
	expect(json).toEqual([sms.close.sms(scheduledId)]);
	expect(json).toMatchObject([{ id: scheduledId, status: 'draft', date_scheduled: null }]);
	expect(sms.wire()).toEqual([getRequest(scheduledId), toDraft(scheduledId)]);
	expect(sms.close.texted).toEqual([]);
});

test('a text in the outbox that has not gone out', async () => {
	sms.close.carrierDelay(3_600_000);
	const { id } = sms.close.addSms({ status: 'outbox', remote_phone: person, text: 'x' });
	const { json } = await cancel(id);
	sms.close.clock.advance(7_200_000);

	expect(json).toMatchObject([{ id, status: 'draft' }]);
	expect(sms.close.texted).toEqual([]);
});

test('a draft is returned as it is', async () => {
	const before = sms.close.account.texts.draft;
	const { json } = await cancel(before.id);

	expect(json).toEqual([
		{ ...before, _note: 'It was a draft already, so there was nothing to cancel.' },
	]);
	expect(sms.wire()).toEqual([getRequest(before.id)]);
});

test.each([
	[
		'sent',
		'This SMS was sent at 2026-02-02T17:20:02+01:00, so it cannot be canceled',
		'An SMS that has gone out cannot be taken back.',
	],
	[
		'received',
		'This SMS was received, so it cannot be canceled',
		'Only an SMS of your own can be canceled.',
	],
	[
		'failed',
		'This SMS did not go out (30006 landline or unreachable carrier), so it cannot be canceled',
		'It reached nobody, so there is nothing to cancel.',
	],
] as const)(
	'%s: cannot be canceled, and nothing is changed',
	async (name, message, description) => {
		const before = sms.close.account.texts[name];
		const { error } = await cancel(before.id, {}, { timezone: 'Europe/Berlin' });

		expect(error).toMatchObject({ message, description });
		expect(sms.close.sms(before.id)).toEqual(before);
		expect(sms.wire()).toEqual([getRequest(before.id)]);
	},
);

test('a text that goes out between the read and the change: it was sent, and cannot be taken back', async () => {
	const { id } = scheduled();
	sms.close.meanwhile(() => sms.advancePast('2036-01-01T09:00:00Z'));
	const { error } = await cancel(id);

	expect(error?.message).toMatch(/^This SMS was sent at 2036-01-01\S+, so it cannot be canceled/);
	expect(error?.description).toBe('An SMS that has gone out cannot be taken back.');
	expect(sms.close.timesTexted(person)).toBe(1);
});

test.each([
	['reset after it was done', { kind: 'resetAfter' }],
	['reset before it was done', { kind: 'resetBefore' }],
	['a web page', { kind: 'html', applied: true }],
	['an empty body', { kind: 'emptyBody' }],
] as const)('%s: canceled all the same', async (_, fault) => {
	const { id } = scheduled();
	sms.close.faults.order({ ...fault, match: { method: 'PUT' } });
	const { json, error } = await cancel(id);
	sms.advancePast('2036-01-01T09:00:00Z');

	expect(error).toBeUndefined();
	expect(json).toMatchObject([{ id, status: 'draft' }]);
	expect(sms.close.texted).toEqual([]);
});

describe.each(ERROR_MODES)('on error: %s', (onError) => {
	test.each([
		['={{ "" }}', "'SMS' is empty"],
		['../x', "'SMS' is not the ID of an SMS"],
		['acti_gone', 'Close refused this: Empty query: SMS matching query does not exist'],
	])('%s', async (id, message) => {
		expect(messages(await cancel(id, {}, { node: { onError } }))).toEqual([
			expect.stringContaining(message),
		]);
	});

	test(`${LONG_RUN[onError]} texts, each canceled and paired to its input`, async () => {
		const items = Array.from({ length: LONG_RUN[onError] }, (_, n) => ({
			id: scheduled(`+1415556${String(n).padStart(4, '0')}`).id,
		}));
		const { items: output, error } = await cancel(
			'={{ $json.id }}',
			{},
			{ items, node: { onError } },
		);
		sms.advancePast('2036-01-01T09:00:00Z');

		expect(error).toBeUndefined();
		expect(output.map(({ json, pairedItem }) => [json.id, json.status, pairedItem])).toEqual(
			items.map(({ id }, item) => [id, 'draft', { item }]),
		);
		expect(sms.close.texted).toEqual([]);
	});
});
