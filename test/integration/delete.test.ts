import { byId, byUrl } from '../../dev/locators';
import { DRAFT_ID, ERROR_MODES, LONG_RUN, messages, setUpSms, smsRequest } from './setUpSms';
import { setUpSkippedWaits } from '../skippedWaits';

setUpSkippedWaits();

const sms = setUpSms();

test('it is gone, and the output says so', async () => {
	const { json, error } = await sms.run('delete', { smsId: byId(DRAFT_ID) });

	expect(error).toBeUndefined();
	expect(json).toEqual([{ deleted: true, id: DRAFT_ID }]);
	expect(sms.close.sms(DRAFT_ID)).toBeUndefined();
	expect(sms.wire()).toEqual([smsRequest('DELETE', DRAFT_ID)]);
});

test('by its link', async () => {
	const value = `https://app.close.com/lead/lead_bluebird00000000000000/#activity=${DRAFT_ID}`;
	const { json } = await sms.run('delete', { smsId: byUrl(value) });

	expect(json).toEqual([{ deleted: true, id: DRAFT_ID }]);
});

test('a scheduled text does not go out any more', async () => {
	const { id } = sms.close.addSms({
		status: 'scheduled',
		date_scheduled: '2036-01-01T09:00:00+00:00',
		remote_phone: '+14155550101',
		text: 'x',
	});
	await sms.run('delete', { smsId: byId(id) });
	sms.close.clock.advance(Date.parse('2036-01-02') - sms.close.clock.now().getTime());

	expect(sms.close.timesTexted('+14155550101')).toBe(0);
});

test.each([
	['no content', { kind: 'status', status: 204, body: '', applied: true } as const],
	['a lost answer', { kind: 'resetAfter' } as const],
	['a bad gateway after it was done', { kind: 'html', applied: true } as const],
])('%s: done once, told as done', async (_, fault) => {
	sms.close.faults.order(fault);
	const { json, error } = await sms.run('delete', { smsId: byId(DRAFT_ID) });

	expect(error).toBeUndefined();
	expect(json).toEqual([{ deleted: true, id: DRAFT_ID }]);
	expect(sms.close.sms(DRAFT_ID)).toBeUndefined();
});

describe.each(ERROR_MODES)('on error: %s', (onError) => {
	test.each([
		['={{ "" }}', "'SMS' is empty"],
		['../lead', "'SMS' is not the ID of an SMS"],
	])('%j is not sent', async (id, message) => {
		const run = await sms.run('delete', { smsId: byId(id) }, { node: { onError } });

		expect(messages(run)).toEqual([expect.stringContaining(message)]);
		expect(sms.wire()).toEqual([]);
	});

	test('what is not there was deleted by someone else, or never was', async () => {
		const run = await sms.run('delete', { smsId: byId('acti_gone') }, { node: { onError } });

		expect(messages(run)).toEqual([
			'Close refused this: Empty query: SMS matching query does not exist',
		]);
	});

	test(`${LONG_RUN[onError]} items, each paired to its input`, async () => {
		const before = sms.close.allSms().length;
		const items = Array.from({ length: LONG_RUN[onError] }, () => ({ id: sms.close.addSms().id }));
		const { items: output } = await sms.run(
			'delete',
			{ smsId: byId('={{ $json.id }}') },
			{ items, node: { onError } },
		);

		expect(output.map(({ json, pairedItem }) => [json, pairedItem])).toEqual(
			items.map(({ id }, item) => [{ deleted: true, id }, { item }]),
		);
		expect(sms.close.allSms()).toHaveLength(before);
	});
});
