import axios from 'axios';
import { DateTime } from 'luxon';

import { randomUUID } from '../../dev/platform';
import { startSimulator, type Simulator } from '../../dev/simulator';
import { n8n } from './n8n';
import { updateByWebhook } from '../../dev/n8n/workflows';

/** In 2036, clocks there go forward on 9 March and back on 2 November, both at 2:00. */
const NEW_YORK = 'America/New_York';

let close: Simulator;
let credentials: Record<string, string>;

beforeAll(async () => {
	close = await startSimulator();
	credentials = await n8n.addSimulatorCredential(close);
});

afterAll(async () => await close.stop());

/** Has n8n schedule a fresh draft, and returns the `date_scheduled` that arrived at Close. */
const scheduledBy = async (dateScheduled: string, when?: string) => {
	const { id } = close.addSms({
		remote_phone: close.account.contacts.maria.phones[0].phone,
		local_phone: close.account.phoneNumbers.main.number,
		text: 'See you then.',
	});
	const path = randomUUID();
	const fields = { status: 'scheduled', dateScheduled };
	const workflow = updateByWebhook(path, fields, NEW_YORK);
	await n8n.activate(await n8n.importWorkflow(workflow, credentials));
	await axios.post(n8n.webhookUrl(path), { smsId: id, when });
	const update = close.requests.find(
		(request) => request.method === 'PUT' && request.path.includes(id),
	);
	return (update?.body as { date_scheduled: string }).date_scheduled;
};

test.each([
	['picked in the editor, in winter', '2036-01-15T09:30:00', '2036-01-15T14:30:00Z'],
	['picked in the editor, in summer', '2036-07-15T09:30:00', '2036-07-15T13:30:00Z'],
	['an hour before clocks go forward', '2036-03-09T01:30:00', '2036-03-09T06:30:00Z'],
	['after clocks have gone forward', '2036-03-09T03:30:00', '2036-03-09T07:30:00Z'],
	['after clocks have gone back', '2036-11-02T03:00:00', '2036-11-02T08:00:00Z'],
	['with an offset of its own', '2036-07-01T09:00:00+02:00', '2036-07-01T07:00:00Z'],
	['in UTC', '2036-07-01T09:00:00.000Z', '2036-07-01T09:00:00Z'],
	[
		'by a date expression, a day on over the clock change',
		"={{ DateTime.fromISO('2036-11-01T12:00').plus({ days: 1 }) }}",
		'2036-11-02T17:00:00Z',
	],
	[
		'by a date expression in another zone',
		"={{ DateTime.fromISO('2036-07-01T09:00', { zone: 'Asia/Tokyo' }) }}",
		'2036-07-01T00:00:00Z',
	],
	['by a JavaScript date', "={{ new Date('2036-07-01T09:00:00Z') }}", '2036-07-01T09:00:00Z'],
])('a time %s arrives as that instant, with an offset', async (_, dateScheduled, instant) => {
	const arrived = await scheduledBy(dateScheduled);

	expect(arrived).toMatch(/(Z|[+-]\d\d:\d\d)$/);
	expect(Date.parse(arrived)).toBe(Date.parse(instant));
});

test('a time without offset from an item is read in the time zone of the workflow', async () => {
	const arrived = await scheduledBy('={{ $json.body.when }}', '2036-01-15 09:30');

	expect(Date.parse(arrived)).toBe(Date.parse('2036-01-15T14:30:00Z'));
});

test('{{ $now.plus({ days: 1 }) }} is this time tomorrow', async () => {
	// Dates are sent in whole seconds.
	const tomorrow = () =>
		DateTime.now().setZone(NEW_YORK).plus({ days: 1 }).startOf('second').toMillis();
	const earliest = tomorrow();
	const arrived = Date.parse(await scheduledBy('={{ $now.plus({ days: 1 }) }}'));

	expect(arrived).toBeGreaterThanOrEqual(earliest);
	expect(arrived).toBeLessThanOrEqual(tomorrow());
});
