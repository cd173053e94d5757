import fastify from 'fastify';

import { example } from '../../dev/n8n/examples';
import { waitUntil } from '../../dev/n8n/waitUntil';
import { setUpTriggerExamples } from './setUpTriggerExamples';

jest.setTimeout(120_000);

const on = setUpTriggerExamples();

test('the reply example answers a person once, lets go of STOP, and cannot be drawn into a circle', async () => {
	const [maria, sam, stopped] = ['+14155550101', '+14155550102', '+14155550103'];
	await on.activate(await example('reply-to-inbound-sms.json'));

	await on.receive(maria, 'Are you open?');
	await waitUntil(async () => on.close.timesTexted(maria) > 0);
	expect(on.close.texted).toMatchObject([
		{ remotePhone: maria, localPhone: on.close.account.phoneNumbers.main.number },
	]);
	// Maria's phone answers every text by itself, as ours does.
	for (let round = 2; round <= 4; round++) {
		await on.receive(maria, 'I am driving and will answer later.');
		await on.runs(round);
	}
	await on.receive(stopped, ' Stop. ');
	await on.receive('88811', 'Your code is 1234');
	await on.receive(sam, 'Please stop by tomorrow');
	// STOP starts nothing.
	await on.runs(6);
	await waitUntil(async () => on.close.timesTexted(sam) > 0);

	expect([maria, sam, stopped].map((number) => on.close.timesTexted(number))).toEqual([1, 1, 0]);
	expect(on.close.texted).toHaveLength(2);
});

test('the alert example tells of each text that fails, and why', async () => {
	const told: unknown[] = [];
	const chat = fastify({ forceCloseConnections: true });
	chat.post('/', ({ body }) => {
		told.push(body);
		return {};
	});
	const workflow = await example('alert-when-an-sms-fails.json');
	workflow.nodes.push({
		id: 'chat',
		name: 'Chat',
		type: 'n8n-nodes-base.httpRequest',
		typeVersion: 4.2,
		position: [560, 0],
		parameters: {
			method: 'POST',
			url: await chat.listen({ host: '127.0.0.1', port: 0 }),
			sendBody: true,
			specifyBody: 'json',
			jsonBody: '={{ JSON.stringify($json) }}',
		},
	});
	workflow.connections['Readable alert'] = { main: [[{ node: 'Chat', type: 'main', index: 0 }]] };
	await on.activate(workflow);

	const [number, reason] = Object.entries(on.close.account.unreachable)[0];
	const lead_id = on.close.account.leads.northwind.id;
	const local_phone = on.close.account.phoneNumbers.main.number;
	on.close.addSms({
		status: 'outbox',
		remote_phone: '+14155550101',
		local_phone,
		text: 'Goes out',
	});
	on.close.addSms({
		status: 'outbox',
		remote_phone: number,
		local_phone,
		text: 'Is 9 fine?',
		lead_id,
	});
	await waitUntil(async () => {
		await on.close.webhooks.deliverAll();
		return told.length > 0;
	});
	await chat.close();

	expect(told).toEqual([
		{
			subject: `An SMS to ${number} did not go out`,
			alert: `${reason}\nIs 9 fine?\nhttps://app.close.com/lead/${lead_id}/`,
		},
	]);
	expect(on.close.webhooks.deliveries).toHaveLength(1);
});
