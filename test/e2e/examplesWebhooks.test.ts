import axios from 'axios';
import type { IDataObject } from 'n8n-workflow';
import { DateTime } from 'luxon';

import { startSimulator, type Simulator } from '../../dev/simulator';
import { n8n } from './n8n';
import { nodeOf } from '../../dev/n8n/workflows';
import { ALL_DAY, preparedExample } from './preparedExample';

let close: Simulator;
const active: string[] = [];

beforeAll(async () => {
	close = await startSimulator();
	for (const file of ['new-lead-gets-an-sms.json', 'appointment-reminder.json']) {
		const workflow = await preparedExample(file, close);
		for (const { parameters } of workflow.nodes) {
			const options = parameters.options as IDataObject | undefined;
			if (options?.sendingHours) options.sendingHours = ALL_DAY;
		}
		// Each request is tried once, so that a test need not wait.
		for (const node of ['Text them', 'Remind'].filter((name) => nodeOf(workflow, name)))
			nodeOf(workflow, node).parameters.options = {
				...(nodeOf(workflow, node).parameters.options as IDataObject),
				maxRetries: 0,
			};
		const id = await n8n.importWorkflow(workflow, await n8n.addSimulatorCredential(close));
		active.push(id);
		await n8n.activate(id);
	}
});
beforeEach(() => close.reset());
afterAll(async () => {
	for (const id of active) await n8n.deactivate(id);
	await close.stop();
});

const post = async (path: string, body: object) => {
	const { status, data } = await axios.post<IDataObject>(n8n.webhookUrl(path), body, {
		validateStatus: () => true,
	});
	return { status, data };
};
/** The leads that were made. */
const newLeads = () =>
	close.requests.filter(
		({ method, path, status }) => method === 'POST' && path === '/lead/' && status === 200,
	);
const textsTo = (number: string) =>
	close.allSms().filter(({ remote_phone }) => remote_phone === number);
const NORA = { name: 'Nora Quist', company: 'Pine Street Deli', phone: '+14155550188' };

describe('a new lead', () => {
	test('is made and texted, once also if the form is sent twice', async () => {
		const first = await post('new-lead', NORA);
		close.clock.advance(60_000);
		const second = await post('new-lead', NORA);

		const { leadId, smsId } = first.data;
		expect(first).toMatchObject({ status: 200, data: { status: 'outbox' } });
		expect(close.sms(String(smsId))).toMatchObject({ lead_id: leadId, remote_phone: NORA.phone });
		expect(close.texted).toMatchObject([
			{ remotePhone: NORA.phone, text: expect.stringMatching(/^Hi Nora, /) as string },
		]);
		expect(second).toEqual({
			status: 200,
			data: {
				leadId,
				smsId,
				status: 'sent',
				note: expect.stringMatching(/nothing was made or sent/) as string,
			},
		});
		expect(newLeads()).toHaveLength(1);
		expect(textsTo(NORA.phone)).toHaveLength(1);
	});

	test('with a number that is none: in words, and nobody is texted', async () => {
		const { status, data } = await post('new-lead', { ...NORA, phone: 'unknown' });
		expect({ status, error: data.error }).toEqual({
			status: 422,
			error: 'Close did not take this lead: check its name and phone number.',
		});
		expect(close.texted).toEqual([]);
	});

	test('when Close is out of reach, nothing is done, and the caller may repeat it', async () => {
		close.faults.order({ kind: 'status', status: 503, match: { path: /search/ } });
		const first = await post('new-lead', NORA);
		const second = await post('new-lead', NORA);
		expect(first.status).toBe(503);
		expect(second.status).toBe(200);
		expect(newLeads()).toHaveLength(1);
	});

	test('without a name, is greeted all the same', async () => {
		const { status } = await post('new-lead', { ...NORA, name: '' });
		close.clock.advance(60_000);
		expect(status).toBe(200);
		expect(close.texted).toMatchObject([{ text: expect.stringMatching(/^Hi there, /) as string }]);
	});

	test('that cannot be texted: the reason, what was left, and a repeat makes no second of it', async () => {
		const body = { error: 'No credit.' };
		close.faults.order({
			kind: 'status',
			status: 402,
			body,
			match: { path: /sms/, method: 'POST' },
		});
		expect(await post('new-lead', NORA)).toEqual({
			status: 422,
			data: {
				error: expect.stringMatching(/^Close refused this: No credit\./) as string,
				whatToDo: expect.stringMatching(/\w/) as string,
				leadId: expect.stringMatching(/^lead_/) as string,
			},
		});
	});

	test('of which a draft is left: 409 names it, and a repeat makes no second lead or draft', async () => {
		const body = { error: 'No credit.' };
		close.faults.order({ kind: 'status', status: 402, body, match: { method: 'PUT' } });
		const first = await post('new-lead', NORA);
		const second = await post('new-lead', NORA);
		const [draft] = textsTo(NORA.phone);
		expect(first).toMatchObject({ status: 409, data: { smsId: draft.id } });
		expect(second).toMatchObject({ status: 200, data: { smsId: draft.id, status: 'draft' } });
		expect(newLeads()).toHaveLength(1);
		expect(textsTo(NORA.phone)).toHaveLength(1);
		expect(close.texted).toEqual([]);
	});
});

describe('an appointment', () => {
	const at = (hours: number) =>
		DateTime.now().setZone('America/New_York').plus({ hours }).startOf('minute');
	const local = (time: DateTime) => time.toFormat("yyyy-MM-dd'T'HH:mm");
	const MARIA = { phone: '+14155550101', name: 'Maria' };
	const goesOutAt = (id: unknown) => Date.parse(String(close.sms(String(id))?.date_scheduled));

	test('is reminded of one hour before, in the zone of the workflow; moves; is called off', async () => {
		const [first, moved] = [at(48), at(72)];
		const made = await post('appointment', { ...MARIA, startsAt: local(first) });
		expect(made).toMatchObject({ status: 200, data: { status: 'scheduled' } });
		const { smsId } = made.data;
		expect(goesOutAt(smsId)).toBe(first.minus({ hours: 1 }).toMillis());
		expect(close.sms(String(smsId))?.text).toContain(`at ${first.toFormat('h:mm a')}`);

		await post('appointment', { smsId, startsAt: moved.toISO() });
		expect(goesOutAt(smsId)).toBe(moved.minus({ hours: 1 }).toMillis());

		for (let times = 0; times < 2; times++)
			expect(await post('appointment', { smsId, canceled: true })).toMatchObject({
				status: 200,
				data: { status: 'draft' },
			});
		close.clock.advance(96 * 3_600_000);
		expect(close.texted).toEqual([]);
	});

	test.each<[object, RegExp]>([
		[{ ...MARIA, startsAt: local(at(0.5)) }, /^'Send At' is in the past/],
		[{ ...MARIA, startsAt: 'tomorrow' }, /startsAt.* gives no date/],
		[{ ...MARIA, startsAt: at(48).toISODate() }, /'Send At'/],
		[{ name: 'Maria', startsAt: local(at(48)) }, /^'To' is empty/],
		[{ smsId: 'acti_nothing', startsAt: local(at(48)) }, /^Close refused this/],
	])('%j is a 422 with the reason, and nobody is texted', async (body, reason) => {
		const { status, data } = await post('appointment', body);
		expect({ status, error: data.error }).toEqual({
			status: 422,
			error: expect.stringMatching(reason) as string,
		});
		expect(close.texted).toEqual([]);
	});
});
