import { Expression } from 'n8n-workflow';
import { byId } from '../../dev/locators';
import { sendTo, setUpSms } from './setUpSms';

const sms = setUpSms();

/**
 * Each evaluation costs a third of a millisecond in n8n's isolate, which is most of what an item costs. The engine
 * evaluates a field more than once, and once more for every other property of the same name, shown or not.
 */
test('the expressions of an item are evaluated no more often than the engine and the check of the whole collection need', async () => {
	const items = Array.from({ length: 10 }, () => ({ id: sms.close.addSms().id, text: 'New' }));
	const evaluate = jest.spyOn(
		Expression.prototype as unknown as { renderExpression(): unknown },
		'renderExpression',
	);
	const parameters = {
		smsId: byId('={{ $json.id }}'),
		updateFields: { text: '={{ $json.text }}' },
	};
	const { error } = await sms.run('update', parameters, { items });
	const perItem = evaluate.mock.calls.length / items.length;
	evaluate.mockRestore();

	expect(error).toBeUndefined();
	// The text four times and the ID twice; the ID once more by our own check, and the text twice more by the hidden
	// property that keeps one expression for all of 'Update Fields' from being dropped.
	expect(perItem).toBe(9);
});

test('an additional field is evaluated once for its property, however many operations have additional fields', async () => {
	const evaluate = jest.spyOn(
		Expression.prototype as unknown as { renderExpression(): unknown },
		'renderExpression',
	);
	const parameters = {
		...sendTo('+14155550177', 'Hi'),
		additionalFields: { contactId: byId('={{ $json.contactId }}') },
	};
	const { error } = await sms.run('send', parameters, {
		items: [{ contactId: 'cont_olga000000000000000000' }],
	});
	const calls = evaluate.mock.calls.length;
	evaluate.mockRestore();

	expect(error).toBeUndefined();
	// Four times, and twice more by the hidden property that keeps one expression for all of 'Additional Fields'.
	expect(calls).toBe(6);
});

test.each([
	['=Hi {{ $json.first }} {{ $json.last }},\nsee you at {{ $json.at }}!'],
	["={{ 'Hi ' + $json.first + ' ' + $json.last + ', see you at ' + $json.at }}!"],
	['={{ `Hi ${$json.first}, on ${$json.days}` }}'],
	["=On {{ $json.days }}, or {{ $json.days.join(', ') }}"],
])(
	'words without a hole cost no evaluation more than without the look at them: %s',
	async (words) => {
		const count = async (missingValues: string) => {
			const evaluate = jest.spyOn(
				Expression.prototype as unknown as { renderExpression(): unknown },
				'renderExpression',
			);
			const { error } = await sms.run(
				'send',
				{ ...sendTo('+14155550177', words), options: { missingValues } },
				{ items: [{ first: 'Mary Ann', last: 'Lee', at: 0, days: ['Mon', 'Tue'] }] },
			);
			const calls = evaluate.mock.calls.length;
			evaluate.mockRestore();
			expect(error).toBeUndefined();
			return calls;
		};

		expect(await count('stop')).toBe(await count('send'));
	},
);
