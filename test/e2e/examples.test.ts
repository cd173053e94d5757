import axios from 'axios';
import type { IDataObject } from 'n8n-workflow';
import { DateTime } from 'luxon';

import { example } from '../../dev/n8n/examples';
import { waitUntil } from '../../dev/n8n/waitUntil';
import { startSimulator, type Simulator } from '../../dev/simulator';
import { nodeOf } from '../../dev/n8n/workflows';
import { n8n } from './n8n';

let close: Simulator;

beforeAll(async () => {
	close = await startSimulator();
});

afterAll(async () => await close.stop());

describe('send a draft now', () => {
	const send = async () => {
		const { status, data } = await axios.post<IDataObject>(
			n8n.webhookUrl('send-draft-now'),
			{ smsId: close.account.texts.draft.id },
			{ validateStatus: () => true },
		);
		return { status, data };
	};
	let id: string;

	beforeAll(async () => {
		const workflow = await example('webhook-send-draft-now.json');
		// Once only, so that a test need not wait.
		nodeOf(workflow, 'Send the draft').parameters.options = { maxRetries: 0 };
		id = await n8n.importWorkflow(workflow, await n8n.addSimulatorCredential(close));
		await n8n.activate(id);
	});
	beforeEach(() => close.reset());
	afterAll(async () => await n8n.deactivate(id));

	test('twice: it is sent once, and the second answer says so', async () => {
		const first = await send();
		close.clock.advance(60_000);
		const second = await send();
		expect(first).toMatchObject({ status: 200, data: { status: 'outbox' } });
		expect(second).toMatchObject({
			status: 200,
			data: { status: 'sent', _note: expect.stringContaining('not sent again') as string },
		});
		expect(close.texted).toHaveLength(1);
	});

	test.each<[string, () => void, number, RegExp]>([
		[
			'Close is out of reach',
			() => close.faults.order({ kind: 'status', status: 503, times: 9 }),
			503,
			/busy or out of reach/,
		],
		[
			'it cannot be sent',
			() => close.faults.order({ kind: 'status', status: 400, match: { method: 'PUT' } }),
			422,
			/^Close refused this/,
		],
		// The last: what is not known is remembered for a minute.
		[
			'the outcome is unknown',
			() => {
				close.faults.order({ kind: 'resetAfter', match: { method: 'PUT' } });
				close.faults.order({
					kind: 'status',
					status: 503,
					times: 9,
					match: { method: 'GET' },
					after: 1,
				});
			},
			502,
			/may have been sent/,
		],
	])('%s', async (_, happens, status, reason) => {
		happens();
		const answer = await send();
		expect({ ...answer, data: answer.data.error }).toEqual({
			status,
			data: expect.stringMatching(reason) as string,
		});
	});
});

test('the schedule example, started by its schedule, schedules every draft of today', async () => {
	const { maria, sam } = close.account.contacts;
	const timezone = zoneWhereItIsMorning();
	const drafts = [maria, sam].map((contact) =>
		close.addSms({
			remote_phone: contact.phones[0].phone,
			local_phone: close.account.phoneNumbers.main.number,
			text: 'Good morning!',
			date_created: DateTime.now().toISO(),
		}),
	);
	const workflow = await example('schedule-todays-drafts.json');
	const trigger = workflow.nodes.find(({ name }) => name === 'Every morning')!;
	trigger.parameters.rule = { interval: [{ field: 'seconds', secondsInterval: 1 }] };
	workflow.settings = { ...workflow.settings, timezone };

	const id = await n8n.importWorkflow(workflow, await n8n.addSimulatorCredential(close));
	await n8n.activate(id);
	await waitUntil(async () => drafts.every((draft) => close.sms(draft.id)?.status === 'scheduled'));
	await n8n.deactivate(id);

	const tenOClock = DateTime.now().setZone(timezone).startOf('day').set({ hour: 10 });
	const scheduled = drafts.map((draft) => Date.parse(close.sms(draft.id)!.date_scheduled!));
	expect(scheduled).toEqual([tenOClock.toMillis(), tenOClock.toMillis()]);
	expect((await n8n.executions(id)).at(-1)).toMatchObject({ mode: 'trigger', status: 'success' });
});

/** A time zone in which 10:00 of today is still to come, and today's texts are not yesterday's. */
const zoneWhereItIsMorning = () =>
	[
		'Pacific/Auckland',
		'Asia/Tokyo',
		'Asia/Kolkata',
		'Europe/Berlin',
		'America/New_York',
		'America/Los_Angeles',
		'Pacific/Honolulu',
	].find((zone) => {
		const { hour } = DateTime.now().setZone(zone);
		return hour >= 1 && hour < 9;
	})!;
