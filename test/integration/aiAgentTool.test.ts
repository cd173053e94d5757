import { close } from '../simulator/fixture';
import { byId } from '../../dev/locators';
import { setUpSms } from './setUpSms';

const sms = setUpSms();

const asked = (
	agentCalls: Array<{ id: string; text: string }>,
	items = [{}],
	fields = {},
	node = {},
) =>
	sms.run(
		'update',
		{
			smsId: byId("={{ $fromAI('id') }}"),
			updateFields: { text: "={{ $fromAI('text') }}", ...fields },
			options: { maxRetries: 0 },
		},
		{ agentCalls, items, node },
	);

const bodies = () => close.requests.map(({ body }) => body);

test('an AI agent calls the node several times in one run, and each call is carried out', async () => {
	const [one, other] = [close.addSms().id, close.addSms().id];
	const { json, error } = await asked([
		{ id: one, text: 'first' },
		{ id: other, text: 'second' },
		{ id: one, text: 'third' },
	]);

	expect(error).toBeUndefined();
	expect(json).toMatchObject([
		{ answer: [{ id: one, text: 'first' }] },
		{ answer: [{ id: other, text: 'second' }] },
		{ answer: [{ id: one, text: 'third' }] },
	]);
	expect(bodies()).toEqual([{ text: 'first' }, { text: 'second' }, { text: 'third' }]);
});

test('an agent with several input items of its own does not make the tool wait for them', async () => {
	const { json } = await asked([{ id: close.addSms().id, text: 'x' }], [{}, {}, {}]);

	expect(json).toMatchObject([{ answer: [{ text: 'x' }] }]);
});

test('the agent reads what is wrong and what to do', async () => {
	const { json } = await asked([{ id: '../me', text: 'x' }]);

	expect(json[0].answer).toEqual([
		{
			error: {
				message: expect.stringMatching(/^'SMS' is not the ID of an SMS: /) as string,
				whatToDo: expect.stringMatching(/^Give the ID of an SMS, such as acti_/) as string,
				outcome: 'notDone',
				isTemporary: false,
			},
		},
	]);
	expect(close.requests).toEqual([]);
});

test('an unknown outcome is returned as a result, so that n8n does not call the tool again', async () => {
	const { id } = close.addSms({ remote_phone: '+14155550101', local_phone: '+14155550100' });
	close.faults.order({ kind: 'resetAfter', match: { method: 'PUT' } });
	close.faults.order({ kind: 'status', status: 502, match: { method: 'GET' } });
	const node = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };
	const { json } = await asked([{ id, text: 'Hi' }], [{}], { status: 'outbox' }, node);

	expect(json[0].answer).toMatchObject([
		{
			error: {
				message: expect.stringMatching(/^This SMS may have been sent: /) as string,
				whatToDo: expect.stringMatching(
					/^Do not repeat it\. .*Look at it in Close before/,
				) as string,
				outcome: 'unknown',
			},
		},
	]);
	expect(close.requests.map(({ method }) => method)).toEqual(['PUT', 'GET']);
});
