import type { INodeParameters } from 'n8n-workflow';
import { byId } from '../../dev/locators';
import { ERROR_MODES, messages, setUpSms } from './setUpSms';
import type { RunOptions } from '../../dev/engine/runNode';

const sms = setUpSms();

const run = async (
	operation: string,
	parameters: INodeParameters = {},
	options: Partial<RunOptions> = {},
) => await sms.run(operation, { resource: 'smsTemplate', ...parameters }, options);

const thanksId = 'smstmpl_thanks0000000000000000';
const templateId = byId(thanksId);
const path = `/sms_template/${thanksId}/`;
const file = {
	url: 'https://app.close.com/go/file/permanent/offer.pdf',
	filename: 'offer.pdf',
	contentType: 'application/pdf',
};
const attached = { url: file.url, filename: 'offer.pdf', content_type: 'application/pdf' };
const attachments = { attachment: [{ source: 'url', ...file }] };

describe('create', () => {
	test('sends what is filled, and gives the template as Close made it', async () => {
		const { json, error } = await run('create', {
			name: 'Hello',
			text: 'Hi {{ contact.first_name }}',
			additionalFields: { isShared: false, attachments },
		});

		expect(error).toBeUndefined();
		const text = 'Hi {{ contact.first_name }}';
		expect(sms.wire()).toEqual([
			{
				method: 'POST',
				path: '/sms_template/',
				query: {},
				body: { name: 'Hello', text, is_shared: false, attachments: [attached] },
			},
		]);
		expect(json).toEqual([
			expect.objectContaining({
				id: expect.stringMatching(/^smstmpl_/),
				name: 'Hello',
				status: 'active',
				is_shared: false,
			}),
		]);
	});

	test('a name is enough; without one nothing is sent', async () => {
		await run('create', { name: 'Only a name', text: '' });
		expect(sms.wire()).toMatchObject([{ body: { name: 'Only a name' } }]);

		const { error } = await run('create', { name: ' ', text: 'x' });
		expect(error?.message).toBe("'Name' is empty");
		expect(sms.close.requests).toHaveLength(1);
	});

	test('a file of the input is uploaded', async () => {
		const data = { data: 'AAAA', mimeType: 'image/png', fileName: 'a.png' };
		const { error } = await run(
			'create',
			{ name: 'With a picture', additionalFields: { attachments: { attachment: [{}] } } },
			{ input: [{ json: {}, binary: { data } }] },
		);

		expect(error).toBeUndefined();
		expect(sms.close.uploads[0].bytes).toHaveLength(3);
		expect(sms.close.requests.at(-1)!.body).toMatchObject({
			attachments: [{ url: sms.close.uploads[0].url, filename: 'a.png' }],
		});
	});

	test('a lost answer is not followed by a second template', async () => {
		sms.close.faults.order({ kind: 'resetAfter' });
		const { error } = await run('create', { name: 'Once' });

		expect(error?.message).toBe('This may have been done: ECONNRESET');
		expect(sms.wire()).toHaveLength(1);
	});
});

describe('get', () => {
	test('with its attachments', async () => {
		await run('update', { templateId, templateFields: { attachments } });
		const { json, error } = await run('get', { templateId });

		expect(error).toBeUndefined();
		expect(sms.wire()[1]).toEqual({
			method: 'GET',
			path,
			query: { include_attachments: 'true' },
			body: undefined,
		});
		expect(json).toMatchObject([
			{ id: thanksId, name: 'Thank you', status: 'active', attachments: [attached] },
		]);
	});

	test.each([
		['={{ "" }}', "'Template' is empty"],
		['../lead', "'Template' is not the ID of an SMS template: ../lead"],
	])('%j is refused before any request', async (id, message) => {
		const { error } = await run('get', { templateId: byId(id) });

		expect(error?.message).toBe(message);
		expect(sms.wire()).toEqual([]);
	});
});

describe('update', () => {
	test.each<[string, INodeParameters, object]>([
		['name', { name: 'Thanks' }, { name: 'Thanks' }],
		['text', { text: 'Thank you!' }, { text: 'Thank you!' }],
		['isShared', { isShared: false }, { is_shared: false }],
		['status', { status: 'archived' }, { status: 'archived' }],
		['attachments', { attachments }, { attachments: [attached] }],
		['what gives nothing is left out', { name: 'x', text: '={{ $json.nothing }}' }, { name: 'x' }],
	])('%s', async (_, templateFields, body) => {
		const { json, error } = await run('update', { templateId, templateFields });

		expect(error).toBeUndefined();
		expect(sms.wire()).toEqual([{ method: 'PUT', path, query: {}, body }]);
		expect(json[0].id).toBe(thanksId);
	});

	test('nothing to change is said before any request', async () => {
		const { error } = await run('update', { templateId });

		expect(error?.message).toBe('There is nothing to update');
		expect(sms.wire()).toEqual([]);
	});

	test('one expression for all fields is an error: n8n would drop it', async () => {
		const { error } = await run('update', { templateId, templateFields: '={{ $json }}' });
		expect(error?.message).toMatch(/^'Update Fields' is one expression as a whole/);
		expect(sms.close.requests).toEqual([]);
	});

	test('a lost answer is made good by the same edit once more', async () => {
		sms.close.faults.order({ kind: 'resetBefore' });
		const templateFields = { status: 'active', name: 'New name' };
		const { json, error } = await run('update', { templateId, templateFields });

		expect(error).toBeUndefined();
		expect(json).toMatchObject([{ name: 'New name' }]);
		expect(sms.wire().map(({ method }) => method)).toEqual(['PUT', 'PUT']);
	});
});

describe('delete', () => {
	test('Close answers with nothing, the output says what happened', async () => {
		const { json, error } = await run('delete', { templateId });

		expect(error).toBeUndefined();
		expect(json).toEqual([{ deleted: true, id: thanksId }]);
		expect(sms.wire()).toEqual([{ method: 'DELETE', path, query: {}, body: undefined }]);
		expect((await run('get', { templateId })).error?.httpCode).toBe('404');
	});

	test('a lost answer', async () => {
		sms.close.faults.order({ kind: 'resetAfter' });
		expect((await run('delete', { templateId })).json).toEqual([{ deleted: true, id: thanksId }]);
	});
});

describe('get many', () => {
	const fill = async (count: number) => {
		const items = Array.from({ length: count }, (_, i) => ({ name: `Template ${i}` }));
		await run('create', { name: '={{ $json.name }}' }, { items });
		sms.close.requests.length = 0;
	};
	const queries = () => sms.wire().map(({ query }) => query);

	test('one item for each, archived ones too', async () => {
		const { items, error } = await run('getAll');

		expect(error).toBeUndefined();
		expect(items.map(({ json: { status }, pairedItem }) => ({ status, pairedItem }))).toEqual([
			{ status: 'active', pairedItem: { item: 0 } },
			{ status: 'active', pairedItem: { item: 0 } },
			{ status: 'archived', pairedItem: { item: 0 } },
		]);
		expect(queries()).toEqual([{ _limit: '50' }]);
	});

	test('all of them, page by page, each once', async () => {
		await fill(217);
		const { json } = await run('getAll', { returnAll: true });

		expect(json).toHaveLength(220);
		expect(new Set(json.map(({ id }) => id)).size).toBe(220);
		expect(queries()).toEqual([
			{ _limit: '100' },
			{ _limit: '100', _skip: '99' },
			{ _limit: '100', _skip: '198' },
		]);
	});

	test('one is deleted while they are read: the page is read again from further back', async () => {
		const [one, two, three, four] = ['1', '2', '3', '4'].map((n) => ({ id: `smstmpl_${n}` }));
		const pages = [
			{ data: [one, two, three], has_more: true },
			{ data: [four], has_more: false },
			{ data: [two, three, four], has_more: false },
		];
		for (const body of pages) sms.close.faults.order({ kind: 'status', status: 200, body });
		const { json } = await run('getAll', { returnAll: true });

		expect(json).toEqual([one, two, three, four]);
		expect(queries()).toEqual([
			{ _limit: '100' },
			{ _limit: '100', _skip: '2' },
			{ _limit: '100' },
		]);
	});

	test('no more than the limit, and no page too many', async () => {
		await fill(120);
		expect((await run('getAll', { limit: 101 })).json).toHaveLength(101);
		expect((await run('getAll', { limit: 100 })).json).toHaveLength(100);
		expect(queries()).toEqual([{ _limit: '100' }, { _limit: '2', _skip: '99' }, { _limit: '100' }]);
	});

	test('none at all', async () => {
		const items = Object.values(sms.close.account.templates).map(({ id }) => ({ id }));
		await run('delete', { templateId: byId('={{ $json.id }}') }, { items });
		const { json, error } = await run('getAll');

		expect(error).toBeUndefined();
		expect(json).toEqual([]);
	});

	test('a limit that is none', async () => {
		const { error } = await run('getAll', { limit: '={{ "many" }}' });
		expect(error?.message).toBe("'Limit' is not a whole number above zero: many");
	});
});

describe.each(ERROR_MODES)('on error: %s', (onError) => {
	test('a refusal is told in the words of Close', async () => {
		const body = { 'field-errors': { name: 'This name is taken.' } };
		sms.close.faults.order({ kind: 'status', status: 400, body });
		const result = await run('create', { name: 'x' }, { node: { onError } });

		expect(messages(result)).toEqual(["Close refused this: 'Name': This name is taken"]);
	});
});
