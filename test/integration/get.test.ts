import type { INodeParameters } from 'n8n-workflow';
import { byId } from '../../dev/locators';
import { DRAFT_ID, ERROR_MODES, LONG_RUN, getRequest, messages, setUpSms } from './setUpSms';

const sms = setUpSms();
const get = async (parameters: INodeParameters, options = {}) =>
	await sms.run('get', parameters, options);

test('raw: the activity as Close gave it, by one request', async () => {
	const { json, error } = await get({ smsId: byId(DRAFT_ID) });

	expect(error).toBeUndefined();
	expect(json).toEqual([sms.close.sms(DRAFT_ID)]);
	expect(sms.wire()).toEqual([getRequest(DRAFT_ID)]);
});

test.each([
	['id', DRAFT_ID],
	['url', `https://app.close.com/lead/lead_bluebird00000000000000/#activity=${DRAFT_ID}`],
])('found by %s', async (mode, value) => {
	const { json } = await get({ smsId: { __rl: true, mode, value } });

	expect(json).toMatchObject([{ id: DRAFT_ID }]);
});

test('simplified: ten fields, chosen here', async () => {
	const { json } = await get({ smsId: byId(DRAFT_ID), output: 'simplified' });

	expect(json).toEqual([
		{
			direction: 'outbound',
			id: DRAFT_ID,
			status: 'draft',
			text: 'Hi Maria, we will be there on Thursday at 10.',
			remote_phone: '+14155550101',
			local_phone: '+14155550100',
			lead_id: 'lead_bluebird00000000000000',
			contact_id: 'cont_maria00000000000000000',
			time: sms.close.sms(DRAFT_ID)?.activity_at,
			error_message: null,
		},
	]);
	expect(sms.wire()[0].query).toEqual({});
});

test.each([[['cost', 'status']], ['={{ ["cost", "status"] }}'], ['={{ "cost, status" }}']])(
	'selected %j: Close is asked for these and the ID only',
	async (fields) => {
		const { json } = await get({ smsId: byId(DRAFT_ID), output: 'selected', fields });

		expect(json).toEqual([{ id: DRAFT_ID, cost: null, status: 'draft' }]);
		expect(sms.wire()[0].query).toEqual({ _fields: 'id,cost,status' });
	},
);

describe.each(ERROR_MODES)('on error: %s', (onError) => {
	test.each([
		['={{ "" }}', "'SMS' is empty"],
		['={{ $json.nothing }}', "'SMS' is empty"],
		['../me', "'SMS' is not the ID of an SMS"],
		['acti_1 ?x', "'SMS' is not the ID of an SMS"],
	])('%j is not asked for', async (id, message) => {
		const run = await get({ smsId: byId(id) }, { node: { onError } });

		expect(messages(run)).toEqual([expect.stringContaining(message)]);
		expect(sms.wire()).toEqual([]);
	});

	test('what is not there is said in words of Close', async () => {
		const run = await get({ smsId: byId('acti_gone') }, { node: { onError } });

		expect(messages(run)).toEqual([
			'Close refused this: Empty query: SMS matching query does not exist',
		]);
	});

	test(`${LONG_RUN[onError]} items in order, each paired to its input`, async () => {
		const items = Array.from({ length: LONG_RUN[onError] }, () => ({ id: sms.close.addSms().id }));
		const { items: output } = await get(
			{ smsId: byId('={{ $json.id }}'), output: 'selected', fields: ['status'] },
			{ items, node: { onError } },
		);

		expect(output.map(({ json, pairedItem }) => [json, pairedItem])).toEqual(
			items.map(({ id }, item) => [{ id, status: 'draft' }, { item }]),
		);
		expect(sms.close.requests).toHaveLength(items.length);
	});
});

test('a read is tried again after a lost answer', async () => {
	sms.close.faults.order({ kind: 'resetAfter' });
	const { json } = await get({ smsId: byId(DRAFT_ID) });

	expect(json).toMatchObject([{ id: DRAFT_ID }]);
	expect(sms.close.requests).toHaveLength(2);
});
