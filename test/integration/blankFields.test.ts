import type { INodeParameters } from 'n8n-workflow';
import { byId, byNumber } from '../../dev/locators';
import { ERROR_MODES, said, setUpSms } from './setUpSms';

const sms = setUpSms();
const OURS = '+14155550100';
const OLD = '+14155550177';
const draft = () =>
	sms.close.addSms({ text: 'The old words', remote_phone: OLD, local_phone: OURS });

/** Ways in which an expression gives nothing. */
const NOTHING = ['={{ $json.missing }}', '={{ null }}', "={{ '' }}", "={{ '  ' }}"];

const SENDING: Array<[string, INodeParameters]> = [
	['Send Now', { status: 'outbox' }],
	['Send Later', { status: 'scheduled', dateScheduled: '2035-06-01T09:00' }],
];

const DECIDING: Array<[string, (value: string) => INodeParameters]> = [
	['Text', (text) => ({ text })],
	['Template', (templateId) => ({ templateId: byId(templateId) })],
	['Remote Phone', (remotePhone) => ({ remotePhone })],
	['Local Phone', (localPhone) => ({ localPhone: byNumber(localPhone) })],
	['Lead', (leadId) => ({ leadId: byId(leadId) })],
	['Contact', (contactId) => ({ contactId: byId(contactId) })],
	['User', (userId) => ({ userId: byId(userId) })],
	['Activity At', (activityAt) => ({ activityAt })],
];

const cases = SENDING.flatMap(([status, parameters]) =>
	DECIDING.flatMap(([label, toField]) =>
		NOTHING.map((value) => [label, value, status, { ...parameters, ...toField(value) }] as const),
	),
);

describe('an Update that sends, with an added field whose expression gives nothing', () => {
	test.each(cases)(
		"'%s' %s with %s is an error, and nothing is sent",
		async (label, _, _status, updateFields) => {
			const run = await sms.run('update', { smsId: byId(draft().id), updateFields });
			sms.deliver();

			expect(run.error?.message).toBe(`'${label}' is empty, and the SMS would go out as it is`);
			expect(sms.wire()).toEqual([]);
			expect(sms.close.texted).toEqual([]);
		},
	);

	test.each(ERROR_MODES)('one among three items, on error: %s', async (onError) => {
		const items = ['+14155550181', null, '+14155550183'].map((phone) => ({
			id: draft().id,
			phone,
		}));
		const run = await sms.run(
			'update',
			{
				smsId: byId('={{ $json.id }}'),
				updateFields: { status: 'outbox', remotePhone: '={{ $json.phone }}' },
			},
			{ items, node: { onError } },
		);
		sms.deliver();

		expect(said(run)).toMatch(/'Remote Phone' is empty, .* \[item 1\].*remove the field/);
		expect(sms.close.timesTexted(OLD)).toBe(0);
		expect(sms.close.texted).toHaveLength(onError === 'stopWorkflow' ? 0 : 2);
	});

	test('so it is under Dry Run', async () => {
		const run = await sms.run('update', {
			smsId: byId(draft().id),
			updateFields: { status: 'outbox', text: '={{ $json.text }}' },
			options: { dryRun: true },
		});

		expect(said(run)).toMatch(/'Text' is empty/);
	});

	test('so it is with a status that is an expression', async () => {
		const run = await sms.run(
			'update',
			{
				smsId: byId(draft().id),
				updateFields: { status: '={{ $json.status }}', text: '={{ $json.text }}' },
			},
			{ items: [{ status: 'outbox' }] },
		);

		expect(said(run)).toMatch(/'Text' is empty/);
		expect(sms.wire()).toEqual([]);
	});
});

test.each(NOTHING)("an added 'Status' that gives nothing is an error: %s", async (status) => {
	const run = await sms.run('update', {
		smsId: byId(draft().id),
		updateFields: { status, text: 'New' },
	});

	expect(run.error?.message).toBe("'Status' is empty");
	expect(sms.wire()).toEqual([]);
});

describe('blank means "leave" where nothing can be sent', () => {
	test.each<[string, INodeParameters, object]>([
		['without a status', { remotePhone: '={{ $json.phone }}', text: 'New' }, { text: 'New' }],
		[
			'as a draft',
			{ status: 'draft', text: '={{ $json.text }}', localPhone: byNumber('={{ $json.from }}') },
			{ status: 'draft' },
		],
	])('%s', async (_, updateFields, body) => {
		const { error } = await sms.run('update', { smsId: byId(draft().id), updateFields });

		expect(error).toBeUndefined();
		expect(sms.wire().map((request) => request.body)).toEqual([body]);
	});
});
