import axios from 'axios';
import { DateTime } from 'luxon';

import { example } from '../../dev/n8n/examples';
import { waitUntil } from '../../dev/n8n/waitUntil';
import { startSimulator, type Simulator } from '../../dev/simulator';
import { n8n } from './n8n';

let close: Simulator;

beforeAll(async () => {
	close = await startSimulator();
});

afterAll(async () => await close.stop());

test('the webhook example texts once and answers with the activity', async () => {
	const { draft } = close.account.texts;
	const workflow = await example('webhook-send-draft-now.json');
	await n8n.activate(await n8n.importWorkflow(workflow, await n8n.addSimulatorCredential(close)));

	const { data } = await axios.post(n8n.webhookUrl('send-draft-now'), { smsId: draft.id });

	await waitUntil(async () => close.sms(draft.id)?.status === 'sent');
	expect(close.texted).toMatchObject([{ smsId: draft.id, text: draft.text }]);
	expect(data).toMatchObject({ _type: 'SMS', id: draft.id, status: 'outbox', text: draft.text });
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
