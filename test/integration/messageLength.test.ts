import type { INodeParameters } from 'n8n-workflow';
import { byId, byNumber } from '../../dev/locators';
import { at, ERROR_MODES, said, sendTo, setUpSms } from './setUpSms';

const sms = setUpSms();
const PHONE = '+14155550177';
const OURS = '+14155550100';
const words = (characters: number) =>
	'word '
		.repeat(250)
		.slice(0, characters - 1)
		.concat('.');
/** 161 characters of GSM-7 take two segments. */
const TWO_SEGMENTS = words(161);
const max = (maxSegments: unknown): INodeParameters => ({
	options: { maxSegments } as INodeParameters,
});
const draft = (text: string, more = {}) =>
	sms.close.addSms({ text, remote_phone: PHONE, local_phone: OURS, ...more }).id;
const template = async (text: string) => {
	const { json } = await sms.run('create', { resource: 'smsTemplate', name: 'Long', text });
	sms.close.requests.length = 0;
	return {
		...sendTo(PHONE, ''),
		messageType: 'template',
		templateId: byId(String(json[0].id)),
	};
};

const OPERATIONS: Array<[string, string, (text: string) => INodeParameters]> = [
	['Message', 'send', (message) => sendTo(PHONE, message)],
	['Text', 'create', (text) => ({ remotePhone: PHONE, localPhone: byNumber(OURS), text })],
	['Text', 'update', (text) => ({ smsId: byId(draft('Hi')), updateFields: { text } })],
];

describe.each(OPERATIONS)("the length of '%s' in %s", (label, operation, toParameters) => {
	test('1,001 characters are an error before the first request, also under Dry Run', async () => {
		for (const options of [{}, { dryRun: true }, { maxSegments: 20 }]) {
			const run = await sms.run(operation, { ...toParameters(words(1001)), options });
			expect(run.error?.message).toBe(`'${label}' has 1,001 characters`);
		}
		expect(sms.wire()).toEqual([]);
	});

	test.each([
		['\u200B', 'has nothing that a person can read: [U+200B]'],
		['\u2800', 'has nothing that a person can read: '],
		['\u3164\u034F\n', 'has nothing that a person can read: '],
		['Hi \uD83D', 'has half a character'],
		['\uDE00 hello', 'has half a character'],
	])('%j, which nobody can read, is an error before the first request', async (text, problem) => {
		const { updateFields, ...more } = toParameters(text);
		const parameters =
			operation === 'update'
				? { ...more, updateFields: { ...(updateFields as INodeParameters), status: 'outbox' } }
				: toParameters(text);
		const run = await sms.run(operation, parameters);
		sms.deliver();

		expect(run.error?.message).toMatch(`'${label}' ${problem}`);
		expect(sms.wire()).toEqual([]);
		expect(sms.close.texted).toEqual([]);
	});

	test('1,000 are taken, each emoji as one', async () => {
		const { error } = await sms.run(operation, toParameters(`${words(999)}👋`));
		expect(error).toBeUndefined();
	});

	test("more segments than 'Max Segments' are an error before the first request", async () => {
		const run = await sms.run(operation, { ...toParameters(TWO_SEGMENTS), ...max(1) });
		expect(run.error?.message).toBe(`'${label}' takes 2 segments, and 'Max Segments' is 1`);
		expect(sms.wire()).toEqual([]);

		const { error } = await sms.run(operation, { ...toParameters(TWO_SEGMENTS), ...max(2) });
		expect(error).toBeUndefined();
	});
});

test.each(ERROR_MODES)('one too long of ten, on error: %s', async (onError) => {
	const items = Array.from({ length: 10 }, (_, n) => ({ text: words(n === 4 ? 1001 : 20) }));
	const run = await sms.run('send', sendTo(PHONE, '={{ $json.text }}'), {
		items,
		node: { onError },
	});
	sms.deliver();

	expect(said(run)).toMatch(/'Message' has 1,001 characters \[item 4\].*at most 1,000/);
	expect(said(run)).not.toContain('word word');
	expect(sms.close.timesTexted(PHONE)).toBe(onError === 'stopWorkflow' ? 0 : 9);
});

test('the characters that lengthen a text are named when they are few', async () => {
	const run = await sms.run('send', { ...sendTo(PHONE, `${words(100)}’`), ...max(1) });

	expect(run.error?.description).toBe(
		'Shorten it. Because of ’ a segment holds 67 characters instead of 153.',
	);
});

describe('a template, once the draft shows its words', () => {
	test.each<[string, number, INodeParameters, RegExp]>([
		[
			'too many characters',
			1001,
			{},
			/^The message has 1,001 characters\. It was left as the draft/,
		],
		['too many segments', 161, max(1), /^The message takes 2 segments, and 'Max Segments' is 1\./],
	])('%s: an error, and nobody is texted', async (_, length, options, message) => {
		// Of the draft itself: whether Close takes it at all is a doubt.
		sms.close.setDoubts({ longText: 'take' });
		const run = await sms.run('send', { ...(await template(words(length))), ...options });
		sms.deliver();

		expect(run.error?.message).toMatch(message);
		expect(sms.wire().map(({ method }) => method)).toEqual(['POST']);
		expect(sms.close.texted).toEqual([]);
	});

	test('as many as may be go out', async () => {
		const { error } = await sms.run('send', { ...(await template(words(160))), ...max(1) });
		sms.deliver();

		expect(error).toBeUndefined();
		expect(sms.close.timesTexted(PHONE)).toBe(1);
	});
});

const SENDING: Array<[string, (smsId: INodeParameters[string]) => [string, INodeParameters]]> = [
	['Send Draft', (smsId) => ['sendDraft', { smsId }]],
	['Schedule', (smsId) => ['schedule', { smsId, ...at('2035-06-01T09:00') }]],
	['Update', (smsId) => ['update', { smsId, updateFields: { status: 'outbox' } }]],
];

describe('more than 1,000 characters that are in Close already', () => {
	const TOO_LONG =
		/^The message has 1,001 characters\. It is still a draft, and nobody was texted.*1,000/;

	// Update reads the words for 'Max Segments' alone.
	test.each(
		SENDING.flatMap(([name, toRun]) =>
			[{}, max(20)].slice(name === 'Update' ? 1 : 0).map((options) => ({ name, toRun, options })),
		),
	)('$name with $options: an error once they are read', async ({ toRun, options }) => {
		const [operation, parameters] = toRun(byId(draft(words(1001))));
		for (const onError of ERROR_MODES) {
			const run = await sms.run(operation, { ...parameters, ...options }, { node: { onError } });
			sms.deliver();
			expect(said(run).replace(' [item 0]', '')).toMatch(TOO_LONG);
			expect(said(run)).not.toContain('word word');
		}

		expect(new Set(sms.wire().map(({ method }) => method))).toEqual(new Set(['GET']));
		expect(sms.close.texted).toEqual([]);
	});

	test.each(SENDING)('%s: 1,000 characters are sent', async (_, toRun) => {
		const [operation, parameters] = toRun(byId(draft(words(1000))));
		expect(said(await sms.run(operation, parameters))).toBe('');
	});

	test('a scheduled one that is to be moved stays at its time, and the error says so', async () => {
		const time = '2034-06-01T09:00:00Z';
		const id = draft(words(1001), { status: 'scheduled', date_scheduled: time });
		const run = await sms.run('schedule', { smsId: byId(id), ...at('2035-06-01T09:00') });

		expect(said(run)).toMatch(
			/^The message has 1,001 characters\. This SMS is scheduled for .*Cancel stops it/,
		);
		expect(sms.close.sms(id)).toMatchObject({ status: 'scheduled' });
	});

	test('one that has gone out is left as it is, whatever its length', async () => {
		const id = draft(words(1001), { status: 'sent' });
		expect(said(await sms.run('sendDraft', { smsId: byId(id) }))).toBe('');
	});
});

describe("'Max Segments' for words that are in Close already", () => {
	test.each(SENDING)('%s: an error once they are read, and nobody is texted', async (_, toRun) => {
		const [operation, parameters] = toRun(byId(draft(TWO_SEGMENTS)));
		const run = await sms.run(operation, { ...parameters, ...max(1) });
		sms.deliver();

		expect(run.error?.message).toMatch(/^The message takes 2 segments, and 'Max Segments' is 1/);
		expect(sms.wire().map(({ method }) => method)).toEqual(['GET']);
		expect(sms.close.texted).toEqual([]);
	});

	test.each(SENDING)('%s: as many as may be are sent', async (_, toRun) => {
		const [operation, parameters] = toRun(byId(draft(TWO_SEGMENTS)));
		const { error } = await sms.run(operation, { ...parameters, ...max(2) });

		expect(error).toBeUndefined();
		expect(sms.wire().map(({ method }) => method)).toEqual(['GET', 'PUT']);
	});

	test('an Update that only changes a draft reads nothing', async () => {
		const { error } = await sms.run('update', {
			smsId: byId(draft(TWO_SEGMENTS)),
			updateFields: { status: 'draft' },
			...max(1),
		});

		expect(error).toBeUndefined();
		expect(sms.wire().map(({ method }) => method)).toEqual(['PUT']);
	});

	test('a template that Update sends cannot be counted: an error before the first request', async () => {
		const run = await sms.run('update', {
			smsId: byId(draft('')),
			updateFields: { status: 'outbox', templateId: byId('smstmpl_thanks0000000000000000') },
			...max(3),
		});

		expect(run.error?.message).toMatch(/^'Max Segments' cannot be checked for a template/);
		expect(sms.wire()).toEqual([]);
	});
});

test('a text with files goes out as MMS, which has no segments', async () => {
	const file = { url: 'https://app.close.com/go/file/permanent/a.pdf', filename: 'a.pdf' };
	const { error } = await sms.run('create', {
		text: TWO_SEGMENTS,
		additionalFields: {
			attachments: { attachment: [{ source: 'url', ...file, contentType: 'application/pdf' }] },
		},
		...max(1),
	});

	expect(error).toBeUndefined();
});

test.each(['soon', 0, 2.5, 21, ''])("'Max Segments' of %j is an error", async (value) => {
	const run = await sms.run('send', {
		...sendTo(PHONE, 'Hi'),
		...max(`={{ ${JSON.stringify(value)} }}`),
	});

	expect(said(run)).toMatch(
		value === '' ? /^'Max Segments' is empty/ : /^'Max Segments' is not a number of segments: /,
	);
	expect(sms.wire()).toEqual([]);
});

describe.each(['missing', 'number', 'object'] as const)(
	"'Max Segments' and words that Close shows as %s: in doubt nobody is texted",
	(as) => {
		const hiding = (method: string) =>
			sms.close.faults.order({ kind: 'altered', match: { method }, misshape: { at: 'text', as } });

		test.each<[string, INodeParameters]>([
			['sendDraft', {}],
			['schedule', { sendAt: '2035-06-01T09:00:00Z' }],
			['update', { updateFields: { status: 'outbox' } }],
		])('%s', async (operation, parameters) => {
			const smsId = byId(draft(TWO_SEGMENTS));
			hiding('GET');
			const run = await sms.run(operation, { smsId, ...parameters, ...max(1) });
			sms.deliver();

			expect(said(run)).toMatch(/^The message is not shown by Close, so 'Max Segments' cannot be/);
			expect(sms.wire().map(({ method }) => method)).not.toContain('PUT');
		});

		test('Send with a template', async () => {
			const parameters = await template(TWO_SEGMENTS);
			hiding('POST');
			const run = await sms.run('send', { ...parameters, ...max(1) });
			sms.deliver();

			expect(said(run)).toMatch(/^The message is not shown by Close, so 'Max Segments' cannot be/);
			expect(sms.close.texted).toEqual([]);
		});
	},
);

test('Update sends the words that it counted, whatever somebody writes in between', async () => {
	const id = draft('Short');
	sms.close.after({ method: 'GET', path: id }, () => {
		sms.close.addSms({ ...sms.close.sms(id)!, text: TWO_SEGMENTS });
	});
	await sms.run('update', { smsId: byId(id), updateFields: { status: 'outbox' }, ...max(1) });

	expect(sms.close.sms(id)?.text).toBe('Short');
});

test('Update that clears the files counts the words that are left', async () => {
	const attachments = [
		{ url: 'https://app.close.com/go/file/a', filename: 'a.png', content_type: 'image/png' },
	];
	const run = await sms.run('update', {
		smsId: byId(draft(TWO_SEGMENTS, { attachments })),
		updateFields: { status: 'outbox' },
		clearFields: ['attachments'],
		...max(1),
	});

	expect(said(run)).toMatch(/^The message takes 2 segments/);
});
