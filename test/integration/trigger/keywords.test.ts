import type { INodeParameters } from 'n8n-workflow';
import { eventOf, names, setUpTrigger } from './setUpTrigger';

const trigger = setUpTrigger();
const maria = () => trigger.close.account.contacts.maria.phones[0].phone;
const says = async (text: string, from = maria()) => {
	trigger.close.clock.advance(1000);
	trigger.close.receive({ from, text });
	await trigger.deliver();
};
const reads = () => trigger.close.requests.filter(({ path }) => path === '/activity/sms/');
const later = (ms: number) => new Date(Date.now() + ms).toISOString().replace('Z', '000');

test('each keyword starts the workflow once, by its name, and only as a whole text', async () => {
	const workflow = await trigger.active({ events: ['received', 'optedOut', 'optedIn'] });
	for (const text of ['Stop by at 9', 'STOP', 'Yes', 'yes', 'stop.', ' UNSTOP ', 'Yes'])
		await says(text);
	expect(workflow.runs.map(({ text, event }) => [text, (event as { type: string }).type])).toEqual([
		['Stop by at 9', 'received'],
		['STOP', 'optedOut'],
		['Yes', 'optedIn'],
		// Still one after the opt-out: they may not know that the first has helped.
		['yes', 'optedIn'],
		['stop.', 'optedOut'],
		[' UNSTOP ', 'optedIn'],
		['Yes', 'received'],
	]);
});

test('the texts are read for a "yes" only, once, and those of the lead only', async () => {
	await trigger.active({ events: ['received', 'optedIn'] });
	for (const text of ['STOP', 'Hello', 'START', 'YES']) await says(text);
	expect(reads()).toMatchObject([
		{ method: 'GET', query: { lead_id: trigger.close.account.leads.bluebird.id, _limit: '100' } },
	]);
});

test.each<[string, string[]]>([
	['opt-ins are not selected', ['received', 'optedOut']],
	['only opt-outs are', ['optedOut']],
])('nothing is read when %s', async (_, events) => {
	await trigger.active({ events });
	for (const text of ['STOP', 'YES']) await says(text);
	expect(reads()).toEqual([]);
});

test('a "yes" that answers a question of ours is no opt-in', async () => {
	const workflow = await trigger.active({ events: ['optedIn', 'received'] });
	await says('STOP');
	await says('START');
	const { id: lead_id } = trigger.close.account.leads.bluebird;
	const local_phone = trigger.close.account.phoneNumbers.main.number;
	const ours = { lead_id, remote_phone: maria(), local_phone, direction: 'outbound' } as const;
	trigger.close.addSms({ ...ours, status: 'sent', text: 'Shall we come at 9?' });
	await says('Yes');
	expect(names(workflow).slice(-1)).toEqual(['received']);
});

test('a "yes" of somebody whom Close does not know is no opt-in, and nothing is read', async () => {
	const workflow = await trigger.active({ events: ['optedIn', 'received'] });
	await says('STOP', '+14155550199');
	await says('YES', '+14155550199');
	expect(names(workflow)).toEqual(['received', 'received']);
	expect(reads()).toEqual([]);
});

test('a "yes" among so many texts that the opt-out is on a later page is no opt-in', async () => {
	const workflow = await trigger.active({ events: ['optedIn'] });
	await says('STOP');
	for (let count = 0; count < 100; count++) await says('Hello?');
	await says('YES');
	expect(workflow.runs).toEqual([]);
});

describe('when Close does not show the texts before a "yes"', () => {
	const yesAfterStop = async (status: number, times: number) => {
		const workflow = await trigger.active({ events: ['optedIn', 'received'] });
		await says('STOP');
		trigger.close.faults.order({ kind: 'status', status, times, match: { path: /activity/ } });
		await says('YES');
		return workflow;
	};

	test('for now: Close delivers it again, and it is an opt-in then', async () => {
		const workflow = await yesAfterStop(503, 4);
		trigger.close.clock.advance(60_000);
		await trigger.deliver();
		expect(trigger.close.webhooks.deliveries.map(({ result }) => result)).toEqual([200, 503, 200]);
		expect(names(workflow)).toEqual(['received', 'optedIn']);
	}, 60_000);

	test.each([401, 403])('with a %d: it is a received text, and no opt-in', async (status) => {
		const workflow = await yesAfterStop(status, 2);
		expect(names(workflow)).toEqual(['received', 'received']);
		expect(trigger.n8n.log).toEqual([`Whether "yes" opts in could not be read: HTTP ${status}`]);
	});
});

test('a "yes" that counted as received starts nothing more when Close shows the texts before it', async () => {
	const workflow = await trigger.active({ events: ['received', 'optedIn'] });
	await says('STOP');
	trigger.close.faults.order({ kind: 'status', status: 403, match: { path: '/activity/sms/' } });
	await says('yes');
	const event = trigger.close.webhooks.happened.at(-1)!;
	expect(await trigger.deliverEvent(workflow, event)).toBe(200);
	await trigger.n8n.restart();
	expect(await trigger.deliverEvent(workflow, event)).toBe(200);
	expect(names(workflow)).toEqual(['received', 'received']);
});

test('a repeated delivery of the same opt-out, and of the same opt-in, starts nothing', async () => {
	const workflow = await trigger.active({ events: ['received', 'optedOut', 'optedIn'] });
	trigger.close.webhooks.duplicate(1);
	await says('STOP');
	await says('YES');
	expect(trigger.close.webhooks.deliveries.length).toBeGreaterThan(2);
	expect(names(workflow)).toEqual(['optedOut', 'optedIn']);
});

describe('Ignore Opt-Out Words', () => {
	const texts = ['Hello', 'STOP', 'Start.', 'YES', 'stop it'];
	const heard = async (parameters: INodeParameters) => {
		const workflow = await trigger.active(parameters);
		for (const text of texts) await says(text);
		return workflow.runs.map(({ text }) => text);
	};

	test.each<[string, INodeParameters, string[]]>([
		['unless it is added', {}, texts],
		['off', { ignoreOptOutWords: false }, texts],
		['off by an expression', { ignoreOptOutWords: '={{ "false" }}' }, texts],
		['on', { ignoreOptOutWords: true }, ['Hello', 'YES', 'stop it']],
		['on by an expression', { ignoreOptOutWords: '={{ "1" }}' }, ['Hello', 'YES', 'stop it']],
	])('%s: Received hears %j', async (_, options, expected) => {
		expect(await heard({ events: ['received'], options })).toEqual(expected);
	});

	test('does not touch Opted Out and Opted In', async () => {
		const events = ['received', 'optedOut', 'optedIn'];
		expect(await heard({ events, options: { ignoreOptOutWords: true } })).toEqual(texts);
	});

	test('that is neither true nor false is an error at activation; what has become so since ignores', async () => {
		const parameters = { events: ['received'] };
		const options = { ignoreOptOutWords: '={{ "maybe" }}' };
		await expect(trigger.active({ ...parameters, options })).rejects.toThrow(
			/^'Ignore Opt-Out Words' is neither true nor false/,
		);
		expect(trigger.wire()).toEqual([]);
		const workflow = await trigger.active(parameters);
		workflow.node.parameters.options = options;
		const data = { id: 'acti_1', direction: 'inbound', text: 'STOP' };
		expect(
			await trigger.deliverEvent(workflow, eventOf('ev_1', { data, date_updated: later(0) })),
		).toBe(200);
		expect(workflow.runs).toEqual([]);
	});
});
