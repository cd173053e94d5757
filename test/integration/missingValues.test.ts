import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { byId, byNumber } from '../../dev/locators';
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

/** Words as they stand in a workflow, the item, and what is said of them. */
const HOLES: Array<[string, string, IDataObject, string]> = [
	['missing', '=Hi {{ $json.name }}, hello', {}, '{{ $json.name }} gives nothing'],
	['null', '=Hi {{ $json.name }}, hello', { name: null }, '{{ $json.name }} gives nothing'],
	['blank', '=Hi {{ $json.name }}, hello', { name: ' ' }, '{{ $json.name }} gives nothing'],
	['an object', '=Hi {{ $json.name }}!', { name: { first: 'Ann' } }, 'gives an object, not words'],
	['no number', '={{ $json.price * 2 }}', {}, '{{ $json.price * 2 }} gives no number (NaN)'],
	['a division by zero', '=It is {{ 9 / $json.of }}', { of: 0 }, 'gives no number (Infinity)'],
	['no number among words', '=It is {{ $json.price * 2 }}', {}, 'gives no number (NaN)'],
	[
		'no date',
		"=See you at {{ DateTime.fromISO($json.at).toFormat('HH:mm') }}",
		{ at: 'soon' },
		'gives no date (Invalid DateTime)',
	],
	['a method of nothing', '=Hi {{ $json.name.toUpperCase() }}!', {}, 'gives nothing'],
	['a chain', '=Hi {{ $json.lead?.name }}!', {}, '{{ $json.lead?.name }} gives nothing'],
	['in brackets', '=Hi {{ $json["first name"] }}!', {}, '{{ $json["first name"] }} gives nothing'],
	["the input's item", '=Hi {{ $input.item.json.name }}!', {}, 'gives nothing'],
	['another node', "=Hi {{ $('Start').item.json.name }}!", {}, 'gives nothing'],
	['another node, the old way', '=Hi {{ $node["Start"].json.name }}!', {}, 'gives nothing'],
	['a variable', '=Hi {{ $vars.name }}!', {}, '{{ $vars.name }} gives nothing'],
	['joined', "={{ 'Hi ' + $json.name + '!' }}", {}, '{{ $json.name }} gives nothing'],
	['in a template', '={{ `Hi ${$json.name}!` }}', {}, '{{ $json.name }} gives nothing'],
	['glued to letters', "=Your {{ $json.nth + 'th' }} visit", {}, '{{ $json.nth }} gives nothing'],
	[
		'glued to a line',
		"={{ 'No. ' + $json.prefix + '_1' }}",
		{},
		'{{ $json.prefix }} gives nothing',
	],
	['blank, joined', "={{ 'Hi ' + $json.name }}", { name: '' }, '{{ $json.name }} gives nothing'],
	['null, joined', "={{ 'Hi ' + $json.name }}", { name: null }, '{{ $json.name }} gives nothing'],
	[
		'blank, joined in the middle',
		"={{ 'Hi ' + $json.name + ', your table is ready' }}",
		{ name: ' ' },
		'{{ $json.name }} gives nothing',
	],
	[
		'one value or another, both blank',
		'=Hi {{ $json.first_name || $json.name }}!',
		{ first_name: '', name: '' },
		'{{ $json.first_name || $json.name }} gives nothing',
	],
	[
		'blank, joined beside another expression',
		"=Hi {{ $json.first + ' ' + $json.last }}, at {{ $json.at }}",
		{ first: '', last: 'Lee', at: 5 },
		'{{ $json.first }} gives nothing',
	],
	[
		'blank, in backticks',
		'={{ `Hi ${$json.name}!` }}',
		{ name: '' },
		'$json.name }} gives nothing',
	],
	[
		'blank, in backticks, by a name in quotation marks',
		"={{ `Hi ${$json['First Name']}!` }}",
		{ 'First Name': '' },
		"{{ $json['First Name'] }} gives nothing",
	],
	[
		'blank, joined beside a division',
		"={{ 'Hi ' + $json.name + ', total ' + ($json.price / 2) }}",
		{ name: '', price: 8 },
		'{{ $json.name }} gives nothing',
	],
	[
		'blank, trimmed and joined',
		"={{ 'Hi ' + $json.name.trim() + '!' }}",
		{ name: ' ' },
		'{{ $json.name.trim() }} gives nothing',
	],
	['a list with a gap', '=On {{ $json.days }}', { days: [null, 'Tue'] }, 'a list with a gap'],
	['a list with a gap at its end', '=On {{ $json.days }}.', { days: ['Tue', ''] }, 'with a gap'],
	['a list with a gap inside', '={{ $json.days }} ok', { days: ['Tue', '', 'We'] }, 'with a gap'],
	[
		'a joined list with a gap',
		"=On {{ $json.days.join(' - ') }}",
		{ days: ['', 'Tue'] },
		'gives a list with a gap',
	],
	[
		'an ID of nothing, made before',
		'=See {{ $json.id }}',
		{ id: 'lead_undefined' },
		'an ID or an address with "undefined" in it',
	],
	[
		'an address of nothing, made before',
		'=Book at {{ $json.url }}',
		{ url: 'https://example.com/b?id=null&x=1' },
		'an ID or an address with "null" in it',
	],
	[
		'an address of nothing, made here',
		"={{ 'Book at https://example.com/' + $json.id }}",
		{},
		'in it',
	],
	['quoted in brackets', "={{ 'Hi ' + $json['first name'] }}", {}, "$json['first name'] }} gives"],
	[
		'compared with its word',
		"={{ 'Hi ' + ($json.a !== undefined ? $json.a : $json.b) }}",
		{},
		'gives nothing',
	],
	[
		'not found in a list',
		"={{ 'Hi ' + $json.people.find((one) => one.isMain)?.name }}",
		{ people: [{ name: 'Ann' }] },
		'gives nothing',
	],
	[
		'a part that is not there',
		"={{ 'Hi ' + $json.name.split(' ')[1] }}",
		{ name: 'Ann' },
		'gives nothing',
	],
	[
		'no date among words',
		"={{ 'On ' + new Date($json.at).toLocaleDateString() }}",
		{ at: 'soon' },
		'gives no date (Invalid Date)',
	],
	[
		'a method without its parentheses',
		'=Hi {{ $json.name.trim }}!',
		{ name: 'A' },
		'gives nothing',
	],
	['divided by zero', '=Pay {{ $json.a / 0 }} USD', { a: 1 }, 'gives no number (Infinity)'],
	...[
		["={{ 'Hi ' + [$json.a, $json.b].join(' ') + ', see you' }}", '$json.b }} gives nothing'],
		['=Hi {{ [$json.b, $json.a].join(" ") }}, see you', '$json.b }} gives nothing'],
		["={{ ['Hi ' + $json.a + ' ' + $json.b, 'see you'].join('\\n') }}", '$json.b }} gives nothing'],
		['={{ `Hi ${[$json.a, $json.b].join(" ")}` }}', '$json.b }} gives nothing'],
		["={{ 'Hi ' + ($json.a + ' ' + $json.b) }}", '$json.b }} gives nothing'],
		["={{ 'Hi ' + $json.b.replace(/'|x?/g, '') + ', see you' }}", "/g, '') }} gives nothing"],
		["={{ 'Hi ' + $json.a.replace(/x/, '') + $json.b + ', bye' }}", '$json.b }} gives nothing'],
		["={{ 'Hi ' + $json.b /* why? */ + ', see you' }}", '$json.b }} gives nothing'],
		["={{ 'Hi ' + $json.b // it's the name\n + ', see you' }}", '$json.b }} gives nothing'],
		["={{ 'What? ' + $json.b.replace(/a|b/, '') }}", "'') }} gives nothing"],
		['={{ `What? ${$json.b.trim()}!` }}', '$json.b.trim() }} gives nothing'],
		["=Hi {{ $json.list.join(' ') }}, see you", 'gives a list with a gap'],
		["={{ $json.list.join(' ') }}", 'gives a list with a gap'],
		["=Hi {{ $json.list?.join('  ') }}\nbye", 'gives a list with a gap'],
	].map(([words, problem]): [string, string, IDataObject, string] => [
		`a blank in ${words}`,
		words,
		{ a: 'Ann', b: '', list: ['Ann', '', 'Lee'] },
		problem,
	]),
	['only invisible', '=Hi {{ $json.name }}, hello', { name: '\u200B' }, 'gives nothing'],
	['over lines', '=Hi {{ $json.name }},\nbye\n{{ $json.sender }}', { name: 'A' }, '$json.sender'],
	['left braces', 'Hi {{first_name}}, hello', {}, 'nobody filled: {{first_name}}'],
	['left by the data', '={{ $json.text }}', { text: 'Hi {{ name }}' }, 'nobody filled: {{ name }}'],
	['an expression as a text', '=={{ $json.name }} hello', { name: 'Ann' }, 'an equals sign'],
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
	test.each<[string, string, IDataObject, string]>([
		['a choice', "=Hi{{ $json.vip ? ' VIP' : '' }}!", {}, 'Hi!'],
		['a fallback', "=Hi {{ $json.name || 'there' }}!", {}, 'Hi there!'],
		['a fallback to nothing', "=Hi{{ $json.name || '' }}!", {}, 'Hi!'],
		['a choice of null', "=Hi{{ $json.vip ? ' VIP' : null }}!", {}, 'Hi!'],
		['a choice by and', "=Hi{{ $json.vip && ' VIP' }}!", {}, 'Hi!'],
		['a fallback to nothing, by method', "=Hi{{ $json.a.ifEmpty('') }}!", { a: '' }, 'Hi!'],
		['blanks made by code', "=Hi{{ '\\n'.repeat(2) }}Ann", {}, 'Hi\n\nAnn'],
		['blanks made by a template', '=Hi{{ `\\n` }}Ann', {}, 'Hi\nAnn'],
		['a word of the code', "={{ 'Is it null? ' + ($json.a || '') }}", {}, 'Is it null? '],
		[
			'such a word in the data of another node',
			"={{ 'Note: ' + $('Start').item.json.note }}",
			{ note: 'undefined amounts' },
			'Note: undefined amounts',
		],
		['zero', '={{ $json.left }} seats left', { left: 0 }, '0 seats left'],
		['a flag', '=Open: {{ $json.open }}', { open: false }, 'Open: false'],
		['a joined choice', "={{ 'Hi' + ($json.name ? ' ' + $json.name : '') }}!", {}, 'Hi!'],
		['a joined fallback', "={{ 'Hi ' + ($json.name || '') + '!' }}", { name: '' }, 'Hi !'],
		['a chosen gap', "=On {{ [$json.a || '', 'Tue'].join(', ') }}", {}, 'On , Tue'],
		['lines with one between', "=On {{ ['A', '', 'B'].join('\\n') }}", {}, 'On A\n\nB'],
		[
			'a list without what is missing',
			"=Hi {{ [$json.a, $json.b].filter(Boolean).join(' ') }}!",
			{ a: 'Ann', b: '' },
			'Hi Ann!',
		],
		[
			'a list of the data without what is missing',
			"=Hi {{ $json.a.filter((one) => one).join(' ') }}!",
			{ a: ['Ann', ''] },
			'Hi Ann!',
		],
		['an empty line', "=Hi{{ $json.a.join('\\n') }}", { a: [' Ann', '', 'Bye'] }, 'Hi Ann\n\nBye'],
		['words cut by code', "=Hi {{ $json.a.split(' ').join(' ') }}", { a: 'A  B' }, 'Hi A  B'],
		['a joined list that is trimmed', "={{ ['Hi', $json.a].join(' ').trim() }}", { a: '' }, 'Hi'],
		['joined words with two blanks', "={{ [$json.a, 'b'].join('  ') }}", { a: 'A  a' }, 'A  a  b'],
		['a chosen line', "={{ ['Hi', $json.a || '', 'Bo'].join('\\n') }}", {}, 'Hi\n\nBo'],
		['an address in code', "={{ 'https://a.com//' + $json.a }}", { a: 'b' }, 'https://a.com//b'],
		['a list with two blanks in it', "=Hi {{ $json.a.join(' ') }}", { a: ['A ', 'B'] }, 'Hi A  B'],
		['a value that begins with a comma', '=Lee{{ $json.suffix }}', { suffix: ', Jr.' }, 'Lee, Jr.'],
		['a choice in backticks', "={{ `Hi${$json.vip ? ' VIP' : ''}!` }}", {}, 'Hi!'],
		['a joined division', "={{ 'Each ' + $json.a / 2 + ' left' }}", { a: 8 }, 'Each 4 left'],
		['joined numbers', "={{ 'Sum ' + $json.a * 2 + ' left' }}", { a: 0 }, 'Sum 0 left'],
		[
			'an address with such a word in it',
			'=See {{ $json.url }}',
			{ url: 'https://example.com/undefined-behavior' },
			'See https://example.com/undefined-behavior',
		],
		[
			'an address that was typed',
			'=See https://example.com/null {{ $json.a }}',
			{ a: 'A' },
			'See https://example.com/null A',
		],
		['a list', '=On {{ $json.days }}', { days: ['Mon', 'Tue'] }, 'On Mon,Tue'],
		['typed words', 'null is undefined, {one} [two]', {}, 'null is undefined, {one} [two]'],
		['words of the data', '={{ $json.text }}', { text: 'It is null' }, 'It is null'],
		[
			'two words in one value',
			'=Hi {{ $json.first }} {{ $json.last }}!',
			{ first: 'Mary Ann', last: 'Lee' },
			'Hi Mary Ann Lee!',
		],
		['a number alone', '={{ $json.code }}', { code: 4711 }, '4711'],
	])('%s', async (_, words, item, text) => {
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
