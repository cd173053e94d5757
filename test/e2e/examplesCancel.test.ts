import axios from 'axios';
import { DateTime } from 'luxon';

import { example } from '../../dev/n8n/examples';
import { startSimulator, type Simulator } from '../../dev/simulator';
import { n8n } from './n8n';

let close: Simulator;
let zone: string;
let url: string;

beforeAll(async () => {
	close = await startSimulator();
	const workflow = await example('cancel-tomorrows-sms-of-a-lost-lead.json');
	zone = workflow.settings!.timezone!;
	await n8n.activate(await n8n.importWorkflow(workflow, await n8n.addSimulatorCredential(close)));
	url = n8n.webhookUrl('lead-is-lost');
});

beforeEach(() => close.reset());
afterAll(async () => await close.stop());

const scheduledFor = (day: DateTime, leadId = close.account.leads.bluebird.id) =>
	close.addSms({
		lead_id: leadId,
		remote_phone: close.account.contacts.maria.phones[0].phone,
		local_phone: close.account.phoneNumbers.main.number,
		text: 'See you then.',
		status: 'scheduled',
		date_scheduled: day.toUTC().toISO(),
	}).id;

const statusOf = (id: string) => close.sms(id)?.status;

test('from midnight to midnight of the zone, and of that lead only, texts become drafts', async () => {
	const { bluebird, northwind } = close.account.leads;
	const tomorrow = DateTime.now().setZone(zone).startOf('day').plus({ days: 1 });
	const [first, last] = [tomorrow, tomorrow.endOf('day')].map((day) => scheduledFor(day));
	const others = [
		scheduledFor(tomorrow.minus({ milliseconds: 1 })),
		scheduledFor(tomorrow.plus({ days: 1 })),
		scheduledFor(tomorrow.set({ hour: 12 }), northwind.id),
	];
	const { data } = await axios.post<Array<{ id: string }>>(url, { leadId: bluebird.id });

	expect([first, last].map(statusOf)).toEqual(['draft', 'draft']);
	expect(others.map(statusOf)).toEqual(['scheduled', 'scheduled', 'scheduled']);
	expect(data).toHaveLength(2);
	expect(data).toEqual(
		expect.arrayContaining([
			expect.objectContaining({ id: first, status: 'draft' }),
			expect.objectContaining({ id: last, status: 'draft' }),
		]),
	);
});

test('a text that cannot be canceled keeps none of the others, and is told', async () => {
	const noon = DateTime.now().setZone(zone).plus({ days: 1 }).set({ hour: 12 });
	const ids = [10, 11, 12].map((hour) => scheduledFor(noon.set({ hour })));
	close.faults.order({ kind: 'status', status: 400, match: { method: 'PUT', path: ids[1] } });
	const { data } = await axios.post<object[]>(url, { leadId: close.account.leads.bluebird.id });

	expect(ids.map(statusOf)).toEqual(['draft', 'scheduled', 'draft']);
	expect(data).toHaveLength(3);
	expect(data).toContainEqual({
		error: expect.objectContaining({ message: expect.stringMatching(/\[item \d\]/) }),
	});
});

test('a lead without such texts gives an empty list', async () => {
	const { data } = await axios.post<object[]>(url, { leadId: close.account.leads.northwind.id });

	expect(data).toEqual([]);
});

test('without a lead, nothing is listed and nothing canceled, and the answer says why', async () => {
	const { status, data } = await axios.post(url, {}, { validateStatus: () => true });

	expect({ status, data }).toEqual({
		status: 422,
		data: {
			error: expect.stringMatching(/^'Lead' is empty\./),
			whatToDo: expect.stringMatching(/\w/),
		},
	});
	expect(close.requests).toEqual([]);
});

test('when they cannot be listed, the answer is why, and nothing is canceled', async () => {
	const noon = DateTime.now().setZone(zone).plus({ days: 1 }).set({ hour: 12 });
	const id = scheduledFor(noon);
	const body = { error: 'No.' };
	close.faults.order({ kind: 'status', status: 400, body, match: { method: 'GET' } });
	const leadId = close.account.leads.bluebird.id;
	const { status, data } = await axios.post(url, { leadId }, { validateStatus: () => true });

	expect({ status, data }).toEqual({
		status: 422,
		data: {
			error: expect.stringMatching(/^Close refused this: No\./),
			whatToDo: expect.stringMatching(/\w/),
		},
	});
	expect(statusOf(id)).toBe('scheduled');
});
