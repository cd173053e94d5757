import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { byId, byNumber } from '../../dev/locators';
import { HOLES, MEANT } from '../unit/nodes/CloseSms/validation/wordsWithValues';
import { CONTACT_ID, ERROR_MODES, said, sendTo, setUpSms } from './setUpSms';

const sms = setUpSms();
const PHONE = '+14155550177';
const OURS = '+14155550100';
const draft = () => sms.close.addSms({ text: 'Old', remote_phone: PHONE, local_phone: OURS }).id;

/** Every operation that takes the words of a text, with the label of the field. */
const OPERATIONS: Array<[string, string, (words: string) => INodeParameters]> = [
	['Message', 'send', (words) => sendTo(PHONE, words)],
	['Text', 'create', (text) => ({ remotePhone: PHONE, localPhone: byNumber(OURS), text })],
	[
		'Text',
		'update',
		(text) => ({ smsId: byId(draft()), updateFields: { status: 'outbox', text } }),
	],
];

describe.each(OPERATIONS)(
	"'%s' of %s with a hole is an error before the first request",
	(...of) => {
		const [label, operation, toParameters] = of;

		test.each(HOLES)('%s', async (_, words, item, problem) => {
			const run = await sms.run(operation, toParameters(words), { items: [item] });
			sms.deliver();

			expect(run.error?.message).toMatch(new RegExp(`^'${label}' `));
			expect(run.error?.message).toContain(problem);
			expect(run.error?.description).toBeTruthy();
			expect(sms.wire()).toEqual([]);
			expect(sms.close.texted).toEqual([]);
		});

		test("goes out with 'If a Value in the Message Is Missing' Send", async () => {
			for (const [words, item] of [
				['=Hi {{ $json.name }}, hello', {}],
				['Hi {{first_name}}', {}],
			] as Array<[string, IDataObject]>) {
				const { error } = await sms.run(
					operation,
					{ ...toParameters(words), options: { missingValues: 'send' } },
					{ items: [item] },
				);
				expect(error).toBeUndefined();
			}
			const texts = sms.wire().map(({ body }) => (body as IDataObject | undefined)?.text);
			expect(texts).toEqual(expect.arrayContaining(['Hi , hello', 'Hi {{first_name}}']));
		});
	},
);

describe('what is meant goes out as it is', () => {
	test.each(MEANT)('%s', async (_, words, item, text) => {
		const { error } = await sms.run('send', sendTo(PHONE, words), { items: [item] });
		sms.deliver();

		expect(error).toBeUndefined();
		expect(sms.wire()[0].body).toMatchObject({ text });
		expect(sms.close.timesTexted(PHONE)).toBe(1);
	});

	test('tags of Close in a template of Close', async () => {
		const { error } = await sms.run('send', {
			...sendTo(PHONE, ''),
			messageType: 'template',
			templateId: byId('smstmpl_thanks0000000000000000'),
		});
		const made = await sms.run('create', {
			resource: 'smsTemplate',
			name: 'A',
			text: 'Hi {{ contact.first_name }}',
		});

		expect([error, made.error]).toEqual([undefined, undefined]);
	});
});

test.each(ERROR_MODES)('one hole among three items, on error: %s', async (onError) => {
	const items = ['Ann', '', 'Bob'].map((name) => ({ name }));
	const run = await sms.run('send', sendTo(PHONE, '=Hi {{ $json.name }}!'), {
		items,
		node: { onError },
	});
	sms.deliver();

	expect(said(run)).toMatch(
		/'Message' lacks a value: \{\{ \$json\.name \}\} gives nothing \[item 1\].*Look at the data/,
	);
	expect(sms.close.timesTexted(PHONE)).toBe(onError === 'stopWorkflow' ? 0 : 2);
});

test('a hole is found under Dry Run too', async () => {
	const run = await sms.run('send', {
		...sendTo(PHONE, '=Hi {{ $json.name }}!'),
		options: { dryRun: true },
	});
	expect(said(run)).toMatch(/gives nothing/);
});

test.each(['Stop', '', null])('a choice of %j is an error', async (choice) => {
	const run = await sms.run('send', {
		...sendTo(PHONE, 'Hi'),
		options: { missingValues: `={{ ${JSON.stringify(choice)} }}` },
	});
	expect(said(run)).toMatch(/'If a Value in the Message Is Missing' has an invalid value: /);
	expect(sms.wire()).toEqual([]);
});

describe('an AI agent that writes the words', () => {
	const byAgent = async (text: string, message = "={{ $fromAI('text') }}") =>
		await sms.run('send', sendTo(PHONE, message), { agentCalls: [{ text }] });
	const answer = (run: Awaited<ReturnType<typeof byAgent>>) => JSON.stringify(run.json[0].answer);

	test.each([
		['Hi, this is [Your Name] of Harbor Roofing', /stand-in .*: \[Your Name\].*call again/],
		['Hi Ann, your time is [appointment time].', /\[appointment time\]/],
		['Hi [first_name], it is [YOUR NAME]', /stand-in .*: \[first_name\]/],
		['Hi {{name}}', /a placeholder that nobody filled: \{\{name\}\}/],
	])('%s: reads what is wrong, and nobody is texted', async (text, message) => {
		const run = await byAgent(text);

		expect(answer(run)).toMatch(message);
		expect(sms.wire()).toEqual([]);
	});

	test('a part of the words that it left empty', async () => {
		const run = await byAgent('', "=Hi {{ $fromAI('text') }}, hello");

		expect(answer(run)).toMatch(/lacks a value: \{\{ \$fromAI\('text'\) \}\} gives nothing/);
		expect(sms.wire()).toEqual([]);
	});

	test.each([
		'Hi Ann, does 3 pm [sharp] suit you?',
		'Hi Ann, pay [here](https://example.com/pay).',
	])('good words go out: %s', async (text) => {
		await byAgent(text);
		sms.deliver();

		expect(sms.close.timesTexted(PHONE)).toBe(1);
	});

	test('a person who types such brackets is not stopped', async () => {
		const { error } = await sms.run('create', {
			contactId: byId(CONTACT_ID),
			text: 'Hi [Your Name]',
		});
		expect(error).toBeUndefined();
	});
});

test('words of a template that Close does not show: Skip If Texted Within knows nothing, and nobody is texted', async () => {
	sms.close.faults.order({
		kind: 'altered',
		match: { method: 'POST', path: '^/activity/sms/$' },
		answerWith: { text: undefined },
	});
	const run = await sms.run('send', {
		...sendTo(PHONE, ''),
		messageType: 'template',
		templateId: byId('smstmpl_thanks0000000000000000'),
		options: { skipIfTextedWithin: 60 },
	});
	sms.deliver();

	expect(said(run)).toMatch(/^It is not known whether this SMS was sent before/);
	expect(sms.close.texted).toEqual([]);
});
