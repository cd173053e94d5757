import type { INodeParameters } from 'n8n-workflow';
import { byId } from '../../dev/locators';
import { at, ERROR_MODES, said, sendTo, setUpSms } from './setUpSms';

const sms = setUpSms();
const PHONE = '+14155550177';
const draft = () =>
	sms.close.addSms({ text: 'Hi', remote_phone: PHONE, local_phone: '+14155550100' });

/** Every field that says when a person is texted. */
const FIELDS: Array<[string, string, (date: string) => INodeParameters]> = [
	['Send At', 'send', (date) => sendTo(PHONE, 'Hi', at(date))],
	['Send At', 'schedule', (sendAt) => ({ smsId: byId(draft().id), sendAt })],
	[
		'Date Scheduled',
		'update',
		(dateScheduled) => ({
			smsId: byId(draft().id),
			updateFields: { status: 'scheduled', dateScheduled },
		}),
	],
];

describe('a date without a time of day says when a person is texted', () => {
	test.each(
		FIELDS.flatMap((field) =>
			['2035-12-24', "={{ '2035-12-24 ' }}"].map((date) => [...field, date] as const),
		),
	)("'%s' of %s: an error that shows it", async (label, operation, toParameters, date) => {
		const run = await sms.run(operation, toParameters(date));

		expect(run.error?.message).toMatch(`'${label}' has no time of day: 2035-12-24`);
		expect(run.error?.description).toContain('2035-12-24T09:00');
		expect(sms.wire()).toEqual([]);
	});

	test.each(ERROR_MODES)('one among three, on error: %s', async (onError) => {
		const items = ['2035-12-24T09:00', '2035-12-24', '2035-12-24T10:00'].map((when) => ({ when }));
		const run = await sms.run('send', sendTo(PHONE, 'Hi', at('={{ $json.when }}')), {
			items,
			node: { onError },
		});

		expect(said(run)).toMatch(/'Send At' has no time of day: 2035-12-24 \[item 1\]/);
		expect(sms.wire()).toHaveLength(onError === 'stopWorkflow' ? 0 : 4);
	});

	test.each(['2035-12-24T00:00', "={{ DateTime.fromISO('2035-12-24') }}"])(
		'midnight that is meant is taken: %s',
		async (date) => {
			const { json } = await sms.run('send', sendTo(PHONE, 'Hi', at(date)));

			expect(Date.parse(String(json[0].date_scheduled))).toBe(Date.parse('2035-12-24T00:00Z'));
		},
	);

	test('filters and Activity At keep plain dates', async () => {
		const listed = await sms.run('getAll', { filters: { createdAfter: '2020-01-01' } });
		const updated = await sms.run('update', {
			smsId: byId(draft().id),
			updateFields: { activityAt: '2026-01-02' },
		});

		expect([listed.error, updated.error]).toEqual([undefined, undefined]);
	});
});
