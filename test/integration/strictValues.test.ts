import type { INodeParameters } from 'n8n-workflow';
import { wait } from '../../dev/platform';
import { byId, byNumber } from '../../dev/locators';
import { CONTACT_ID, ERROR_MODES, sendTo, setUpSms, said } from './setUpSms';
import { pick } from './pick';

const on = setUpSms();
const LOCAL = '+14155550100';
const PHONE = '+14155550177';
const draft = () => on.close.addSms({ text: 'Hi', remote_phone: PHONE, local_phone: LOCAL }).id;
const deliver = () => on.close.clock.advance(60_000);
const contactId = byId(CONTACT_ID);
const sending = (more: INodeParameters = {}) => sendTo(PHONE, 'Hi', more);
const creating = (mode: string, more: INodeParameters = {}): INodeParameters => ({
	mode,
	remotePhone: PHONE,
	localPhone: byNumber(LOCAL),
	text: 'Hi',
	...more,
});

/** Values as they stand in a workflow, by what they are after their expression was evaluated. */
const expression = (value: unknown) => `={{ ${JSON.stringify(value)} }}`;
const TRUE = ['true', 1, '1'].map(expression);
const FALSE = ['false', 0, '0'].map(expression);
const BLANK = ['', null].map(expression);
const DOUBTFUL = ['yes', 'no', 'off', 'TRUE', 'False', ' true', 2, -1, [true], { on: true }].map(
	expression,
);

const DOUBTS = [DOUBTFUL[0], DOUBTFUL[3], DOUBTFUL[5]];

/** Every operation that can text a person, or change what will. */
const OPERATIONS: Array<[string, string, INodeParameters]> = [
	['Send Draft', 'sendDraft', {}],
	['Update, Outbox', 'update', { updateFields: { status: 'outbox' } }],
	['Schedule', 'schedule', { sendAt: '2035-06-01T09:00:00Z' }],
	['Cancel', 'cancel', {}],
	['Send', 'send', sending()],
	['Delete', 'delete', {}],
	['Get', 'get', {}],
	['Get Many', 'getAll', {}],
];

describe("the option 'Dry Run' given by an expression", () => {
	test.each([
		...TRUE.map((value) => [OPERATIONS[0][0], value, ...OPERATIONS[0].slice(1)] as const),
		...OPERATIONS.slice(1).map(([name, ...rest]) => [name, '={{ "true" }}', ...rest] as const),
	] as Array<[string, string, string, INodeParameters]>)(
		'%s, %s: on, and nothing is sent',
		async (_, dryRun, operation, parameters) => {
			const { json, error } = await on.run(operation, {
				smsId: byId(draft()),
				...parameters,
				options: { dryRun },
			});
			deliver();

			expect(on.wire()).toEqual([]);
			expect(on.close.texted).toEqual([]);
			expect(error).toBeUndefined();
			expect(json).toMatchObject([{ dryRun: true }]);
		},
	);

	test.each(FALSE)('%s: off, and it is sent', async (dryRun) => {
		const { error } = await on.run('sendDraft', { smsId: byId(draft()), options: { dryRun } });
		deliver();

		expect(error).toBeUndefined();
		expect(on.close.timesTexted(PHONE)).toBe(1);
	});

	test.each([...BLANK, ...DOUBTFUL])('%s: in doubt nobody is texted', async (dryRun) => {
		const run = await on.run('sendDraft', { smsId: byId(draft()), options: { dryRun } });
		deliver();

		expect(said(run)).toMatch(/'Dry Run'/);
		expect(on.wire()).toEqual([]);
		expect(on.close.texted).toEqual([]);
	});

	test.each(ERROR_MODES)('a doubtful one among three items, on error: %s', async (onError) => {
		const items = [false, 'yes', false].map((flag) => ({ id: draft(), flag }));
		const run = await on.run(
			'sendDraft',
			{ smsId: byId('={{ $json.id }}'), options: { dryRun: '={{ $json.flag }}' } },
			{ items, node: { onError } },
		);
		deliver();

		expect(said(run)).toMatch(/'Dry Run'.*\[item 1\]/);
		expect(on.close.texted).toHaveLength(onError === 'stopWorkflow' ? 0 : 2);
	});

	test('files are not uploaded either', async () => {
		await on.run(
			'update',
			{
				smsId: byId(draft()),
				updateFields: { status: 'outbox', attachments: { attachment: [{}] } },
				options: { dryRun: '={{ "true" }}' },
			},
			{
				input: [
					{
						json: {},
						binary: { data: { data: 'YQ==', fileName: 'a.pdf', mimeType: 'application/pdf' } },
					},
				],
			},
		);

		expect(on.wire()).toEqual([]);
		expect(on.close.uploads).toEqual([]);
	});
});

describe("'Return All' given by an expression", () => {
	const TEXTS = 60;

	test.each([
		...TRUE.map((value) => ['getAll', value, TEXTS + 5] as const),
		...[...FALSE, ...BLANK].map((value) => ['getAll', value, 3] as const),
	])('%s, %s', async (operation, returnAll, count) => {
		for (let n = 0; n < TEXTS; n++) draft();
		const { json, error } = await on.run(operation, { returnAll, limit: 3 });

		expect(error).toBeUndefined();
		expect(json).toHaveLength(count);
	});

	test.each(DOUBTS)('%s: an error before any request', async (returnAll) => {
		const run = await on.run('getAll', { returnAll, limit: 3 });

		expect(said(run)).toMatch(/'Return All'/);
		expect(on.wire()).toEqual([]);
	});

	test.each(TRUE)('of templates: %s', async (returnAll) => {
		const { json, error } = await on.run('getAll', {
			resource: 'smsTemplate',
			returnAll,
			limit: 1,
		});

		expect(error).toBeUndefined();
		expect(json).toHaveLength(3);
	});
});

describe('other flags given by an expression', () => {
	const infoOf = async (addMessageInfo: unknown, operation = 'get', output = 'raw') =>
		await on.run(operation, {
			smsId: byId(draft()),
			output,
			options: { addMessageInfo } as INodeParameters,
		});

	test.each(TRUE)("'Add Message Info' %s: on", async (value) => {
		expect((await infoOf(value)).json).toMatchObject([{ segments: { count: 1 } }]);
	});

	test.each([...FALSE, ...BLANK])("'Add Message Info' %s: off", async (value) => {
		const { json, error } = await infoOf(value);

		expect(error).toBeUndefined();
		expect(json).toHaveLength(1);
		expect(json[0]).not.toHaveProperty('segments');
	});

	test.each([...FALSE, ...BLANK])(
		"'Add Message Info' %s: no fields are asked for",
		async (value) => {
			await infoOf(value, 'get', 'selected');

			expect(on.wire()).toMatchObject([{ query: { _fields: 'id' } }]);
		},
	);

	test.each(DOUBTS)("'Add Message Info' %s: an error before the text goes out", async (value) => {
		const run = await infoOf(value, 'sendDraft');
		deliver();

		expect(said(run)).toMatch(/'Add Message Info'/);
		expect(on.wire()).toEqual([]);
		expect(on.close.texted).toEqual([]);
	});

	const logReceived = async (sendToInbox: string) =>
		await on.run('create', creating('logReceived', { additionalFields: { sendToInbox } }));

	test.each([
		...TRUE.map((value) => [value, 1] as const),
		...[...FALSE, ...BLANK].map((value) => [value, 0] as const),
	])("'Send to Inbox' %s: %d notifications", async (value, count) => {
		const { error } = await logReceived(value);

		expect(error).toBeUndefined();
		expect(on.close.notifications).toHaveLength(count);
	});

	test.each(DOUBTS)("'Send to Inbox' %s: an error before any request", async (value) => {
		expect(said(await logReceived(value))).toMatch(/'Send to Inbox'/);
		expect(on.wire()).toEqual([]);
	});

	const withFiles = async (hasAttachments: string) =>
		await on.run('getAll', { filters: { hasAttachments } });

	test.each(TRUE)("'Has Attachments' %s: only texts with some", async (value) => {
		const { json, error } = await withFiles(value);

		expect(error).toBeUndefined();
		expect(json).toEqual([]);
	});

	// A filter that is empty is an error of its own (see getAll.test.ts).
	test.each(['false', 0, '0'].map(expression))(
		"'Has Attachments' %s: only texts without",
		async (value) => {
			const { json, error } = await withFiles(value);

			expect(error).toBeUndefined();
			expect(json).toHaveLength(5);
		},
	);

	const sharing = async (operation: string, isShared: string) =>
		await on.run(operation, {
			resource: 'smsTemplate',
			templateId: byId('smstmpl_thanks0000000000000000'),
			name: 'New',
			text: 'Hi',
			additionalFields: { isShared },
			templateFields: { isShared },
		});

	test.each(
		['create', 'update'].flatMap((operation) => [
			...TRUE.map((value) => [operation, value, true] as const),
			...['false', 0, '0'].map(expression).map((value) => [operation, value, false] as const),
		]),
	)("%s a template, 'Is Shared' %s", async (operation, value, isShared) => {
		const { error } = await sharing(operation, value);

		expect(error).toBeUndefined();
		expect(on.wire()).toMatchObject([{ body: { is_shared: isShared } }]);
	});

	test.each(['create', 'update'])(
		"%s a template, a doubtful 'Is Shared': an error before any request",
		async (operation) => {
			const run = await sharing(operation, '={{ "yes" }}');

			expect(said(run)).toMatch(/'Is Shared'/);
			expect(on.wire()).toEqual([]);
		},
	);
});

describe('numbers given by an expression', () => {
	const sendingWith = async (options: INodeParameters) =>
		await on.run('send', sending({ options }));

	test.each(
		Object.entries({
			maxRetries: 'Max Retries',
			maxConcurrency: 'Max Concurrency',
			giveUpAfter: 'Give Up After (Seconds)',
			skipIfTextedWithin: 'Skip If Texted Within (Minutes)',
		}).flatMap(([option, label]) =>
			['many', true, [5], { minutes: 5 }, '5 minutes', -5]
				.map(expression)
				.map((value) => [label, value, option] as const),
		),
	)("'%s' %s: an error before any request", async (label, value, option) => {
		const run = await sendingWith({ [option]: value });
		deliver();

		expect(said(run)).toContain(`'${label}'`);
		expect(on.wire()).toEqual([]);
		expect(on.close.texted).toEqual([]);
	});

	test.each(['maxRetries', 'maxConcurrency', 'giveUpAfter', 'skipIfTextedWithin'])(
		'%s: a number that is a text is a number',
		async (option) => {
			const { error } = await sendingWith({ [option]: '={{ " 5 " }}' });

			expect(error).toBeUndefined();
		},
	);

	test.each(['', ' ', null, false, []].map(expression))(
		"'Skip If Texted Within' %s: the guard is not switched off in silence",
		async (skipIfTextedWithin) => {
			on.close.addSms({ status: 'sent', text: 'Hi', remote_phone: PHONE, local_phone: LOCAL });
			const run = await sendingWith({ skipIfTextedWithin });
			deliver();

			expect(said(run)).toMatch(/'Skip If Texted Within \(Minutes\)'/);
			expect(on.close.texted).toEqual([]);
			expect(on.wire()).toEqual([]);
		},
	);

	test.each([1e300, 1e12, '1e300'])(
		"'Skip If Texted Within' cannot be %d, and that is said in words",
		async (value) => {
			const run = await sendingWith({ skipIfTextedWithin: value });

			expect(said(run)).toMatch(/'Skip If Texted Within \(Minutes\)'/);
			expect(said(run)).not.toMatch(/Invalid time value|RangeError|TypeError/);
			expect(on.wire()).toEqual([]);
		},
	);

	test.each([true, [5], 'Infinity'].map(expression))(
		"'Limit' %s: an error before any request",
		async (limit) => {
			const run = await on.run('getAll', { limit });

			expect(said(run)).toMatch(/'Limit'/);
			expect(on.wire()).toEqual([]);
		},
	);

	test("n8n's 'Items per Batch' that is no number does not hang", async () => {
		const batch = { batchSize: '={{ "two" }}', batchInterval: 10 };
		let cancel = () => {};
		const run = on.run(
			'sendDraft',
			{ smsId: byId(draft()), requestOptions: { batching: { batch } } },
			{ onStart: (execution) => (cancel = () => execution.cancel()) },
		);
		const ended = await Promise.race([
			run.then(
				() => true,
				() => true,
			),
			wait(1500, false, { ref: false }),
		]);
		cancel();

		expect(ended).toBe(true);
	});
});

describe('settings that n8n drops without a word', () => {
	const twin = () =>
		on.close.addSms({ status: 'sent', text: 'Hi', remote_phone: PHONE, local_phone: LOCAL });

	test.each<[string, string]>([
		['Dry Run', '={{ ({ dryRun: true }) }}'],
		['Skip If Texted Within', '={{ ({ skipIfTextedWithin: 60 }) }}'],
	])("'Options' as one expression (%s): nobody is texted", async (_, options) => {
		twin();
		const run = await on.run('send', sending({ options }));
		deliver();

		expect(on.close.texted).toEqual([]);
		expect(on.close.allSms().filter(({ status }) => status === 'draft')).toHaveLength(1);
		// Done as it says, or refused before any request.
		if (run.error) expect(said(run)).toMatch(/'Options'/);
		else expect(run.json[0]).toMatchObject({ _note: expect.stringMatching(/dry run|not sent/i) });
	});

	test.each(
		ERROR_MODES.flatMap((onError) =>
			[{ resource: "={{ 'sms' }}" }, { operation: "={{ 'send' }}" }].map(
				(setting) => [setting, onError] as const,
			),
		),
	)(
		'%j, which only a workflow that was written by hand can have: an error in words, %s',
		async (setting, onError) => {
			const parameters: INodeParameters = { ...sending(), ...setting };
			const run = await on.run('send', parameters, { items: [{}, {}], node: { onError } });

			expect(said(run)).toMatch(/'Resource' or 'Operation' is an expression/);
			expect(on.close.requests).toEqual([]);
		},
	);

	const file = {
		source: 'url',
		url: 'https://app.close.com/go/file/permanent/a.pdf',
		filename: 'a.pdf',
		contentType: 'application/pdf',
	};

	test.each<[string, unknown]>([
		['one expression that gives a list', expression([file])],
		['one expression that gives the collection', expression({ attachment: [file] })],
		['a list', [file]],
		['a text', 'https://app.close.com/go/file/permanent/a.pdf'],
	])("'Attachments' as %s: no text goes out without them", async (_, attachments) => {
		for (const [operation, parameters] of [
			['update', { updateFields: { status: 'outbox', attachments } }],
			['send', sending({ additionalFields: { attachments, contactId } } as INodeParameters)],
		] as Array<[string, INodeParameters]>) {
			const run = await on.run(operation, { smsId: byId(draft()), ...parameters });
			const bodies = on.close.requests.map(({ body }) => body as { attachments?: unknown[] });

			// Read as what it is, or refused before any request.
			if (run.error) {
				expect(said(run)).toMatch(/attachment/i);
				expect(bodies).toEqual([]);
			} else expect(bodies[0]?.attachments).toHaveLength(1);
			on.close.requests.length = 0;
		}
	});

	test.each<[string, string, INodeParameters, object]>([
		[
			'Additional Fields',
			'create',
			creating('draft', { additionalFields: '={{ ({ userId: "user_ben0000000000000000000" }) }}' }),
			{ user_id: 'user_ben0000000000000000000' },
		],
		['Filters', 'getAll', { filters: '={{ ({ status: ["sent"] }) }}' }, { status: 'sent' }],
	])(
		"'%s' as one expression: read, or refused before any request",
		async (label, operation, parameters, result) => {
			const run = await on.run(operation, parameters);

			if (run.error) {
				expect(said(run)).toMatch(new RegExp(`'${label}'`));
				expect(on.wire()).toEqual([]);
			} else for (const item of run.json) expect(item).toMatchObject(result);
		},
	);
});

describe('other values that an expression can give', () => {
	test.each([
		['={{ "text" }}', { text: null }],
		['={{ "text, userId" }}', { text: null, user_id: null }],
	])("'Clear Fields' %s: read, or refused in words", async (clearFields, body) => {
		const run = await on.run('update', { smsId: byId(draft()), clearFields });

		if (run.error) {
			expect(said(run)).toMatch(/'Clear Fields'/);
			expect(on.wire()).toEqual([]);
		} else expect(on.wire()).toMatchObject([{ body }]);
	});

	test.each(['text, nowhere', 'status', 5, { text: true }, [null], true].map(expression))(
		"'Clear Fields' %s: a clear error before any request",
		async (clearFields) => {
			const run = await on.run('update', {
				smsId: byId(draft()),
				updateFields: { remotePhone: PHONE },
				clearFields,
			});

			expect(said(run)).toMatch(/'Clear Fields'/);
			expect(said(run)).not.toMatch(/is not a function|TypeError|undefined/);
			expect(on.wire()).toEqual([]);
		},
	);

	test.each([
		['status', { status: '={{ "send" }}' }, 'Status'],
		['status, a list', { status: '={{ ["outbox"] }}' }, 'Status'],
	])('%s: a clear error before any request', async (_, updateFields, label) => {
		const run = await on.run('update', { smsId: byId(draft()), updateFields });

		expect(said(run)).toMatch(new RegExp(`'${label}'`));
		expect(on.wire()).toEqual([]);
	});

	const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;

	test('emojis in what Close says are not cut in half', async () => {
		const body = { error: `${'x'.repeat(499)}${'👋'.repeat(5)}` };
		on.close.faults.order({ kind: 'status', status: 400, body });
		const run = await on.run('get', { smsId: byId(draft()) });

		expect(run.error?.message).toContain('xxx');
		expect(run.error?.message).not.toMatch(LONE_SURROGATE);
	});

	test('emojis in a picker are not cut in half', async () => {
		on.close.addSms({ text: `${'x'.repeat(39)}👋👋` });
		const { results } = await pick('getSmsActivities');

		expect(results.filter(({ name }) => LONE_SURROGATE.test(name))).toEqual([]);
	});
});
