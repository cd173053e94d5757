import type { IBinaryData, INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { setImmediate } from '../../dev/platform';
import { byId } from '../../dev/locators';
import { startFileStore } from './fileStore';
import { ERROR_MODES, messages, sendTo, setUpSms } from './setUpSms';
import type { RunOptions } from '../../dev/engine/runNode';
import { setUpSkippedWaits } from '../skippedWaits';

setUpSkippedWaits();

const sms = setUpSms();

const file = (name: string, mimeType: string, content = name): IBinaryData => ({
	data: Buffer.from(content).toString('base64'),
	fileName: name,
	mimeType,
});
const roof = file('the roof.png', 'image/png', '\u0000PNG\r\n--\r\n');
const offer = file('Angebot "für" Ann.pdf', 'application/pdf');
const input = (binary: INodeExecutionData['binary']): INodeExecutionData[] => [
	{ json: {}, binary },
];

const attach = async (
	entries: INodeParameters[],
	options: Partial<RunOptions> = { input: input({ data: roof, offer }) },
	updateFields: INodeParameters = {},
	parameters: INodeParameters = {},
) =>
	await sms.run(
		'update',
		{
			smsId: byId(sms.close.account.texts.draft.id),
			updateFields: { attachments: { attachment: entries }, ...updateFields },
			...parameters,
		},
		options,
	);
const paths = () => sms.close.requests.map(({ method, path }) => `${method} ${path}`);
const ANNOUNCE = 'POST /files/upload/';
const UPDATE = 'PUT /activity/sms/acti_draft00000000000000000/';

describe('a file of the input item', () => {
	test('is announced, stored byte for byte and attached by the address that Close gave', async () => {
		const { json, error } = await attach([{}]);

		expect(error).toBeUndefined();
		const [{ bytes, url }] = sms.close.uploads;
		expect(bytes).toEqual(Buffer.from(roof.data, 'base64'));
		expect(paths()).toEqual([ANNOUNCE, UPDATE]);
		const named = { filename: 'the roof.png', content_type: 'image/png' };
		expect(sms.close.requests[0].body).toEqual(named);
		expect(sms.close.requests[1].body).toEqual({ attachments: [{ ...named, url }] });
		expect(json[0].attachments).toMatchObject([{ ...named, size: 10 }]);
		expect(json[0]).not.toHaveProperty('_note');
	});

	test('several, mixed with files that are at Close, keep their order', async () => {
		const url = 'https://app.close.com/go/file/permanent/terms.pdf';
		const { error } = await attach([
			{ binaryPropertyName: 'offer' },
			{ source: 'url', url, filename: 'terms.pdf', contentType: 'application/pdf' },
			{ source: 'binary' },
		]);

		expect(error).toBeUndefined();
		expect(sms.close.requests.at(-1)!.body).toEqual({
			attachments: [
				{
					url: sms.close.uploads[0].url,
					filename: 'Angebot "für" Ann.pdf',
					content_type: 'application/pdf',
				},
				{ url, filename: 'terms.pdf', content_type: 'application/pdf' },
				{ url: sms.close.uploads[1].url, filename: 'the roof.png', content_type: 'image/png' },
			],
		});
	});

	test.each<[string, INodeParameters, IBinaryData, object]>([
		[
			'name and type can be given',
			{ filename: 'card.vcf', contentType: 'text/x-vcard' },
			file('x', 'application/octet-stream'),
			{ filename: 'card.vcf', content_type: 'text/x-vcard' },
		],
		[
			'a type is spelled as Close spells it, without parameters',
			{},
			file('a.h264', 'Video/h264; profile=1'),
			{ filename: 'a.h264', content_type: 'video/H264' },
		],
	])('%s', async (_, entry, data, announced) => {
		const { error } = await attach([entry], { input: input({ data }) });

		expect(error).toBeUndefined();
		expect(sms.close.requests[0].body).toEqual(announced);
		expect(sms.close.uploads[0].bytes).toEqual(Buffer.from(data.data, 'base64'));
	});
});

describe('the way to the store', () => {
	/** A store of files that answers each upload with the next of these statuses, or breaks the connection. */
	async function store(...answers: Array<number | 'break'>) {
		const seen: Array<{ headers: Record<string, unknown>; body: string }> = [];
		const stop = await startFileStore(
			sms.close,
			(request, response) => {
				const chunks: Buffer[] = [];
				request.on('data', (chunk: Buffer) => chunks.push(chunk));
				request.on('end', () => {
					seen.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
					const answer = answers.shift() ?? 201;
					if (answer === 'break') return void request.socket.destroy();
					const words = '<Error><Code>X</Code><Message>Said by the store</Message></Error>';
					response.writeHead(answer).end(answer === 201 ? '' : words);
				});
			},
			{ key: 'k', policy: 'p', success_action_status: 201 },
		);
		return { seen, stop };
	}

	test('carries every field, the file last and its length, and nothing that belongs to Close', async () => {
		const { seen, stop } = await store();
		const { error } = await attach([{}], {
			input: input({ data: file('a.csv', 'text/csv', '1,2') }),
		});
		stop();

		expect(error).toBeUndefined();
		const [{ headers, body }] = seen;
		expect(headers).not.toHaveProperty('authorization');
		expect(headers['content-length']).toBe(String(Buffer.byteLength(body)));
		expect([...body.matchAll(/ name="([^"]+)"/g)].map(([, name]) => name)).toEqual([
			'key',
			'policy',
			'success_action_status',
			'file',
		]);
	});

	test.each<[number | 'break']>([[503], [500], ['break'], [200]])(
		'after %s the file is announced and sent anew, and the text is edited once',
		async (first) => {
			const { seen, stop } = await store(first);
			const { error } = await attach([{}]);
			stop();

			expect(error).toBeUndefined();
			expect(paths()).toEqual([ANNOUNCE, ANNOUNCE, UPDATE]);
			expect(seen).toHaveLength(2);
			expect(seen[1].body).toContain('PNG');
		},
	);

	test.each(ERROR_MODES)('what the store refuses is told in its words; %s', async (onError) => {
		const { stop } = await store(403);
		const run = await attach([{}], { input: input({ data: roof }), node: { onError } });
		stop();

		expect(messages(run)).toEqual(["'the roof.png' could not be uploaded: Said by the store"]);
		expect(paths()).toEqual([ANNOUNCE]);
	});

	test('a broken upload leaves no doubt about the text: Retry On Fail starts anew', async () => {
		const { seen, stop } = await store('break', 'break');
		const { error } = await attach(
			[{}],
			{
				input: input({ data: roof }),
				node: { retryOnFail: true, maxTries: 2, waitBetweenTries: 0 },
			},
			{ status: 'outbox' },
			{ options: { maxRetries: 1 } },
		);
		stop();

		expect(error).toBeUndefined();
		expect(seen).toHaveLength(3);
		expect(paths()).toEqual([ANNOUNCE, ANNOUNCE, ANNOUNCE, UPDATE]);
	});
});

test('an announcement that comes back after more than 60 seconds is made anew', async () => {
	sms.close.faults.order({ kind: 'slow', delayMs: 300, match: { path: 'files' } });
	const run = attach([{}]);
	while (sms.close.uploads.length === 0) await new Promise((resolve) => setImmediate(resolve));
	sms.close.clock.advance(61_000);

	expect((await run).error).toBeUndefined();
	expect(paths()).toEqual([ANNOUNCE, ANNOUNCE, UPDATE]);
});

test('a lost answer of Close is no doubt either', async () => {
	sms.close.faults.order({ kind: 'resetAfter', match: { path: 'files' } });
	const { error } = await attach([{}]);

	expect(error).toBeUndefined();
	expect(paths()).toEqual([ANNOUNCE, ANNOUNCE, UPDATE]);
});

test('what Close refuses names the file', async () => {
	sms.close.faults.order({
		kind: 'status',
		status: 402,
		body: { error: 'No credit.' },
		match: { path: 'files' },
	});
	const { error } = await attach([{}]);

	expect(error?.message).toBe("'the roof.png' could not be uploaded: No credit.");
	expect(paths()).toEqual([ANNOUNCE]);
});

describe('what is wrong is said before any file is uploaded', () => {
	const draft = () => byId(sms.close.account.texts.draft.id);

	test.each<[string, INodeParameters[], RegExp]>([
		[
			'no such field',
			[{}, { binaryPropertyName: 'photo' }],
			/^The item has no file in 'photo', the 'Input Data Field Name' of attachment 2$/,
		],
		['an empty field name', [{ binaryPropertyName: '' }], /^The item has no file in ''/],
		['no name', [{ binaryPropertyName: 'nameless' }], /^'Filename' of attachment 1 is empty$/],
		[
			'a type that Close does not accept',
			[{ binaryPropertyName: 'zip' }],
			/^'Content Type' of attachment 1 is one that Close does not accept: application\/zip$/,
		],
		[
			'an empty file',
			[{ binaryPropertyName: 'empty' }],
			/^The file of attachment 1 is empty: it has 0 bytes$/,
		],
		[
			'a name that is a list',
			[{ filename: '={{ ["a.png"] }}' }],
			/^'Filename' of attachment 1 cannot be read: \["a\.png"\]$/,
		],
		[
			'a type that is an object',
			[{ contentType: '={{ {} }}' }],
			/^'Content Type' of attachment 1 cannot be read: \{\}$/,
		],
		[
			'a source that there is not',
			[{ source: '={{ "disk" }}', url: 'https://app.close.com/go/file/a' }],
			/^'Attach From' of attachment 1 has an invalid value: disk$/,
		],
		[
			'an address with secrets, which are not shown',
			[
				{
					source: 'url',
					url: 'https://me:SECRET@files.example.com/a.png?signature=SECRET',
					filename: 'a.png',
					contentType: 'image/png',
				},
			],
			/^'URL' of attachment 1 is not the address of a file at Close: https:\/\/…@files\.example\.com\/a\.png\?…$/,
		],
		['too many', Array.from({ length: 11 }, () => ({})), /^'Attachments' holds 11 files$/],
	])('%s', async (_, entries, message) => {
		const binary = {
			data: roof,
			empty: { data: '', mimeType: 'image/png', fileName: 'a.png' },
			nameless: { data: 'eA==', mimeType: 'image/png' },
			zip: file('a.zip', 'application/zip'),
		};
		const { error } = await attach(entries, { input: input(binary) });

		expect(error?.message).toMatch(message);
		expect(sms.close.requests).toEqual([]);
	});

	test('an item without files, among items that have one, stops all', async () => {
		const { error } = await sms.run(
			'update',
			{ smsId: draft(), updateFields: { attachments: { attachment: [{}] } } },
			{ input: [...input({ data: roof }), { json: {} }] },
		);

		expect(error?.message).toBe(
			"The item has no file in 'data', the 'Input Data Field Name' of attachment 1 [item 1]",
		);
		expect(sms.close.requests).toEqual([]);
	});
});

describe('a schedule beyond the life of an upload', () => {
	const schedule = async (dateScheduled: string) =>
		(await attach([{}], undefined, { status: 'scheduled', dateScheduled })).json[0];

	test('is noted in the output', async () => {
		const in25Hours = new Date(Date.now() + 25 * 3_600_000).toISOString();
		expect(await schedule(in25Hours)).toMatchObject({
			status: 'scheduled',
			_note:
				'This SMS is scheduled for more than 24 hours from now, and Close keeps an uploaded file for 24 hours: its attachments may be gone by then.',
		});
	});

	test('is not noted within it', async () => {
		const in23Hours = new Date(Date.now() + 23 * 3_600_000).toISOString();
		expect(await schedule(in23Hours)).not.toHaveProperty('_note');
	});
});

test('a dry run lists the announcement and uploads nothing', async () => {
	const { json } = await attach([{}], undefined, {}, { options: { dryRun: true } });

	expect(json[0]).toMatchObject({
		requests: [
			{ method: 'POST', url: `${sms.close.baseUrl}/files/upload/` },
			{
				method: 'PUT',
				body: { attachments: [{ url: '(the address that Close gives to the roof.png)' }] },
			},
		],
		_note: expect.stringContaining('the roof.png would then be uploaded'),
	});
	expect(sms.close.requests).toEqual([]);
});

describe('files that cannot be read: the text does not go out without them', () => {
	const atClose = { source: 'url', url: 'https://app.close.com/go/file/a', filename: 'a.png' };

	test.each<[string, unknown, RegExp]>([
		['a whole expression that gives nothing', '={{ $json.none }}', /holds no file|is empty, and/],
		['a list that is a text', { attachment: '={{ "x" }}' }, /holds no file/],
		['an entry that is null', { attachment: ['={{ null }}'] }, /holds no file/],
		[
			'a type that is a number',
			{ attachment: [{ ...atClose, contentType: '={{ 5 }}' }] },
			/^'Content Type' of attachment 1 cannot be read: 5/,
		],
		[
			'a name that is an object',
			{ attachment: [{ ...atClose, filename: '={{ ({}) }}', contentType: 'image/png' }] },
			/^'Filename' of attachment 1 cannot be read/,
		],
	])('%s', async (_, attachments, message) => {
		const files = { attachments } as INodeParameters;
		const runs = [
			await sms.run('send', sendTo('+14155550101', 'Hi', { additionalFields: files })),
			await sms.run('update', {
				smsId: byId(sms.close.account.texts.draft.id),
				updateFields: { status: 'outbox', ...files },
			}),
		];

		for (const run of runs) expect(messages(run)[0]).toMatch(message);
		expect(sms.wire()).toEqual([]);
	});
});
