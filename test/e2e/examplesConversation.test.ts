import { waitUntil } from '../../dev/n8n/waitUntil';
import { nodeOf } from '../../dev/n8n/workflows';
import type { SmsActivity } from '../../dev/simulator';
import { n8n } from './n8n';
import { preparedExample } from './preparedExample';
import { setUpTriggerExamples } from './setUpTriggerExamples';

jest.setTimeout(120_000);

const on = setUpTriggerExamples();

const [MARIA, SAM] = ['+14155550101', '+14155550102'];

describe('waiting for the reply', () => {
	test('who answers is answered, whenever they do; who does not is not waited for for ever', async () => {
		const workflow = await preparedExample('wait-for-the-reply.json', on.close);
		const silent = on.close.account.contacts.newYork.phones[0].phone;
		const people = [MARIA, silent, SAM].map((phone) => ({ phone }));
		nodeOf(workflow, 'Whom to ask').parameters = {
			mode: 'raw',
			jsonOutput: JSON.stringify({ people }),
			options: {},
		};
		Object.assign(nodeOf(workflow, 'Ten minutes').parameters, { amount: 1, unit: 'seconds' });
		const id = await on.imported(workflow);
		const execution = await n8n.runWorkflow(id, 'Run by hand');
		await waitUntil(async () => on.close.texted.length === 3);
		on.close.receive({ from: MARIA, text: 'YES' });
		on.close.receive({ from: MARIA, text: 'See you then' });
		const lists = () => on.close.requests.filter(({ path }) => path === '/activity/sms/').length;
		// Each person who has not answered is looked at once a round.
		await waitUntil(async () => lists() > 6);
		on.close.receive({ from: SAM, text: 'NO' });
		await waitUntil(async () => (await n8n.executions(id))[0].status === 'success');

		expect(await n8n.output(execution, 'Answered')).toMatchObject([
			{ phone: MARIA, reply: 'YES\nSee you then' },
			{ phone: SAM, reply: 'NO' },
		]);
		expect(await n8n.output(execution, 'No answer')).toMatchObject([{ phone: silent, reply: '' }]);
		expect(await n8n.nodeRuns(execution, 'Ten minutes')).toHaveLength(6);
		expect(on.close.texted).toHaveLength(3);
		expect(on.close.webhooks.list()).toEqual([]);
	});
});

describe('a burst of texts', () => {
	test('is answered once, with all of it before; the next one within hours is not', async () => {
		const workflow = await preparedExample('answer-a-burst-of-messages-once.json', on.close);
		nodeOf(workflow, 'Twenty seconds').parameters.amount = 2;
		await on.activate(workflow);
		await on.receiveAll([
			[MARIA, 'Hi'],
			[MARIA, 'about my roof'],
			[SAM, 'Hello'],
			[MARIA, 'can you come Thursday?'],
			[SAM, 'Stop'],
		]);
		await on.runs(4);
		await waitUntil(async () => on.close.texted.length > 0);

		// Sam's opt-out is newer than what Sam said before, so that is not answered either.
		expect(on.close.texted.map(({ remotePhone }) => remotePhone)).toEqual([MARIA]);
		const outputs = await Promise.all(
			(await on.executions()).map(async ({ id }) => await n8n.output(id, 'All of it')),
		);
		expect(outputs.flat()).toMatchObject([
			{ unanswered: 'Hi\nabout my roof\ncan you come Thursday?' },
		]);
		await on.receive(MARIA, 'Are you there?');
		await on.runs(5);
		expect(on.close.timesTexted(MARIA)).toBe(1);
	});
});

describe('reply YES to confirm', () => {
	const ask = (remote_phone: string, text: string, more: Partial<SmsActivity> = {}) =>
		on.close.addSms({
			text,
			remote_phone,
			local_phone: on.close.account.phoneNumbers.main.number,
			lead_id: on.close.account.leads.bluebird.id,
			status: 'sent',
			direction: 'outbound',
			date_sent: on.close.clock.now().toISOString(),
			...more,
		});

	test('a yes is confirmed once, if the last text asked for it; no other one is', async () => {
		await on.activate(await preparedExample('reply-yes-to-confirm.json', on.close));
		ask(MARIA, 'We see you at 10. Please reply YES to confirm.');
		ask(SAM, 'Please reply YES to confirm.');
		ask(SAM, 'Do you like your new roof?');
		await on.receive(MARIA, '👎 ok');
		await on.receive(SAM, 'Yes!');
		await on.receive(MARIA, ' yes. ');
		await on.runs(3);
		await waitUntil(async () => on.close.timesTexted(MARIA) > 0);
		await on.receive(MARIA, 'Yes');
		await on.runs(4);

		expect(on.close.texted).toMatchObject([
			{ remotePhone: MARIA, text: 'Thank you, you are confirmed. See you then!' },
		]);
	});
});

describe('STOP to a field of the lead', () => {
	test('the date of an opt-out is on the lead until they opt in; other texts change nothing', async () => {
		const workflow = await preparedExample('stop-to-a-field-of-the-lead.json', on.close);
		const write = nodeOf(workflow, 'Write it to the lead').parameters;
		write.jsonBody = String(write.jsonBody).replace('cf_…', 'cf_optedOut');
		await on.activate(workflow);
		const writes = () =>
			on.close.requests
				.filter(({ method }) => method === 'PUT')
				.map(({ path, body }) => [path, body]);
		await on.receive(MARIA, 'Please stop by');
		await on.receive('+14155550199', 'STOP');
		await on.receive(MARIA, ' Stop. ');
		await waitUntil(async () => writes().length === 1);
		await on.receive(MARIA, 'START');
		await waitUntil(async () => writes().length === 2);
		await on.runs(3);

		const path = `/lead/${on.close.account.leads.bluebird.id}/`;
		const today = on.close.clock.now().toISOString().slice(0, 10);
		expect(writes()).toEqual([
			[path, { 'custom.cf_optedOut': today }],
			[path, { 'custom.cf_optedOut': null }],
		]);
		expect(on.close.texted).toEqual([]);
	});
});
