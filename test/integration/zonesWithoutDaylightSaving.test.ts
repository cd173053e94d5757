import type { INodeParameters } from 'n8n-workflow';
import { ERROR_MODES, said, sendTo, setUpSms } from './setUpSms';

const sms = setUpSms();
const PHONE = '+14155550177';
const within = (hours: INodeParameters): INodeParameters => ({
	options: { sendingHours: { hours: { from: '00:00', to: '24:00', ...hours } } },
});

describe("a zone without daylight saving time in 'Sending Hours'", () => {
	test.each(
		['EST', 'MST', 'Etc/GMT+5', 'est'].flatMap((zone) => [
			[zone, 'Time Zone', { zone: 'named', timezone: zone }] as const,
			[zone, 'Fallback Time Zone', { fallbackTimezone: zone }] as const,
		]),
	)("%s as '%s' is an error before the first request", async (zone, label, hours) => {
		const run = await sms.run('send', { ...sendTo(PHONE, 'Hi'), ...within(hours) });

		expect(run.error?.message).toBe(
			`'${label}' of 'Sending Hours' is a zone without daylight saving time: ${zone}`,
		);
		expect(run.error?.description).toContain('America/New_York');
		expect(sms.wire()).toEqual([]);
	});

	test('the zone of the workflow is one too: nobody is texted', async () => {
		const run = await sms.run(
			'send',
			{ ...sendTo(PHONE, 'Hi'), ...within({ zone: 'workflow' }) },
			{ timezone: 'Etc/GMT+5' },
		);
		sms.deliver();

		expect(said(run)).toMatch(/The workflow's time zone Etc\/GMT\+5 .* no daylight saving time/);
		expect(sms.close.texted).toEqual([]);
	});

	test.each(ERROR_MODES)('one among three items, on error: %s', async (onError) => {
		const items = ['America/New_York', 'EST', 'America/Phoenix'].map((zone) => ({ zone }));
		const hours = { zone: 'named', timezone: '={{ $json.zone }}' };
		const run = await sms.run(
			'send',
			{ ...sendTo(PHONE, 'Hi'), ...within(hours) },
			{ items, node: { onError } },
		);
		sms.deliver();

		expect(said(run)).toMatch(/is a zone without daylight saving time: EST \[item 1\]/);
		expect(sms.close.timesTexted(PHONE)).toBe(onError === 'stopWorkflow' ? 0 : 2);
	});
});
