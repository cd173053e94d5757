import type { INodeParameters } from 'n8n-workflow';
import { byId } from '../../dev/locators';
import { wait } from '../../dev/platform';
import type { NodeRun, RunOptions } from '../../dev/engine/runNode';
import { CONTACT_ID, sendTo, setUpSms } from './setUpSms';
import { setUpWallClock } from './wallClock';
import { setUpSkippedWaits } from '../skippedWaits';

setUpSkippedWaits();

const on = setUpSms();
const wallClock = setUpWallClock();
const TIME_LIMIT_MS = 8_000;
const PHONES = ['+14155551000', '+14155551001', '+14155551002'];

/** Runs an operation; a run that does not end is cancelled, and is an error. */
async function runInTime(
	operation: string,
	parameters: INodeParameters,
	options: Partial<RunOptions>,
): Promise<NodeRun> {
	let cancel!: () => void;
	const onStart = (execution: { cancel(): void }) => (cancel = () => execution.cancel());
	const running = on.run(operation, parameters, { ...options, onStart });
	const late = wait(TIME_LIMIT_MS).then(() => undefined);
	const run = await Promise.race([running, late]);
	if (run) return run;
	cancel();
	await running;
	throw new Error(`The run did not end within ${TIME_LIMIT_MS / 1000} seconds`);
}

const refuseSearches = (status: number) =>
	on.close.faults.order({
		kind: 'status',
		status,
		match: { method: 'POST', path: '^/data/search/$' },
		times: 99,
	});

const timesTexted = (phones: string[]) => {
	on.close.clock.advance(60_000);
	return phones.map((phone) => on.close.timesTexted(phone));
};

describe('a failure that an item survives holds no other item up, in Stop mode', () => {
	test('Skip If Texted Within: texts that somebody deleted are sent again', async () => {
		const send = async () =>
			await runInTime(
				'send',
				{ ...sendTo('={{ $json.phone }}', 'Hi'), options: { skipIfTextedWithin: 60 } },
				{ items: PHONES.map((phone) => ({ phone })) },
			);
		await send();
		expect(timesTexted(PHONES)).toEqual([1, 1, 1]);
		for (const { id } of on.close.allSms().filter(({ text }) => text === 'Hi'))
			await on.run('delete', { smsId: byId(id) });
		on.close.latency(20);
		PHONES.forEach((phone, n) =>
			on.close.faults.order({
				kind: 'slow',
				delayMs: 60 * n + 20,
				match: { method: 'POST', bodyHas: phone },
			}),
		);
		const { error, json } = await send();

		expect(error).toBeUndefined();
		expect(json.map(({ remote_phone: phone }) => phone)).toEqual(PHONES);
		expect(timesTexted(PHONES)).toEqual([2, 2, 2]);
	}, 60_000);

	test.each([400, 403, 404, 405])(
		'Sending Hours: a search that Close refuses with %d, by eight items one after the other',
		async (status) => {
			wallClock.itIs('2026-03-04T17:00:00Z');
			// Their contact's card has other numbers, so each is searched for, and then the lead is read.
			const drafts = Array.from({ length: 8 }, (_, n) => {
				const remotePhone = `+1415555${1000 + n}`;
				const draft = { text: 'Hi', local_phone: '+14155550100', contact_id: CONTACT_ID };
				return { id: on.close.addSms({ ...draft, remote_phone: remotePhone }).id, remotePhone };
			});
			on.close.latency(10);
			drafts.forEach(({ id }, n) =>
				on.close.faults.order({
					kind: 'slow',
					delayMs: 30 + ((n * 5) % 8) * 40,
					match: { method: 'GET', path: id },
				}),
			);
			refuseSearches(status);
			const slowLead = { method: 'GET', path: '^/lead/' };
			on.close.faults.order({ kind: 'slow', delayMs: 300, match: slowLead, times: 99 });
			const { error } = await runInTime(
				'sendDraft',
				{
					smsId: byId('={{ $json.id }}'),
					options: {
						sendingHours: {
							hours: { from: '08:00', to: '20:00', fallbackTimezone: 'America/New_York' },
						},
					},
				},
				{ items: drafts.map(({ id }) => ({ id })) },
			);

			// In doubt nobody is texted: the run ends, in time.
			expect(error?.message).toMatch(
				/^The time zone of \+14155551000 is not known: Close refused this/,
			);
			expect(timesTexted(drafts.map(({ remotePhone }) => remotePhone))).toEqual(Array(8).fill(0));
		},
		60_000,
	);

	test.each([400, 403, 404, 405])(
		'Send without a lead: a search that Close refuses with %d',
		async (status) => {
			on.close.latency(20);
			refuseSearches(status);
			const parameters = { ...sendTo('={{ $json.phone }}', 'Hi'), additionalFields: {} };
			const { error, json } = await runInTime('send', parameters, {
				items: PHONES.map((phone) => ({ phone })),
			});

			expect(error).toBeUndefined();
			expect(json).toHaveLength(3);
			expect(timesTexted(PHONES)).toEqual([1, 1, 1]);
		},
		60_000,
	);

	test('Wait Until Sent: a list that Close refuses', async () => {
		const drafts = on.drafts(3);
		on.close.carrierDelay(60_000);
		const list = { method: 'GET', path: '^/activity/sms/$' };
		on.close.faults.order({ kind: 'status', status: 400, match: list, times: 99 });
		const { error, json } = await runInTime(
			'sendDraft',
			{
				smsId: byId('={{ $json.id }}'),
				options: { waitUntilSent: 2, maxConcurrency: 1 },
			},
			{ items: drafts.map(({ id }) => ({ id })) },
		);

		expect(error).toBeUndefined();
		expect(json.map(({ _note: note }) => String(note))).toEqual(
			Array(3).fill(expect.stringMatching(/^Close did not say within 2 seconds/)),
		);
	}, 60_000);
});
