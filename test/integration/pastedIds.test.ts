import type { INodeParameters } from 'n8n-workflow';
import { byId } from '../../dev/locators';
import { CONTACT_ID, DRAFT_ID, ERROR_MODES, said, sendTo, setUpSms } from './setUpSms';

const sms = setUpSms();
const PHONE = '+14155550177';
const LEAD = 'lead_bluebird00000000000000';
const USER = 'user_ben0000000000000000000';
const TEMPLATE = 'smstmpl_thanks0000000000000000';
const CONTACT = 'cont_sam0000000000000000000';

/** Ways in which an ID comes out of a clipboard, a sheet or the address line. */
const pasted = (id: string) => [`${id} `, `\u200B${id}\n`, `https://app.close.com/show?id=${id}#x`];

/** Every field that takes an ID, with the operation in which it stands. */
const FIELDS: Array<[string, string, string, (value: string) => INodeParameters]> = [
	['SMS', 'update', DRAFT_ID, (id) => ({ smsId: byId(id), updateFields: { text: 'x' } })],
	['Lead', 'update', LEAD, (id) => ({ smsId: byId(DRAFT_ID), updateFields: { leadId: byId(id) } })],
	['Contact', 'create', CONTACT, (id) => ({ contactId: byId(id), text: 'x' })],
	[
		'User',
		'send',
		USER,
		(id) =>
			sendTo(PHONE, 'Hi', {
				additionalFields: { contactId: byId(CONTACT_ID), userId: byId(id) },
			}),
	],
	[
		'Template',
		'send',
		TEMPLATE,
		(id) =>
			sendTo(PHONE, '', {
				messageType: 'template',
				templateId: byId(id),
			}),
	],
	['Lead', 'getAll', LEAD, (id) => ({ filters: { leadId: byId(id) } })],
	['User', 'getAll', USER, (id) => ({ filters: { userId: byId(id) } })],
	['Contact', 'getAll', CONTACT, (id) => ({ filters: { contactId: byId(id) } })],
	['SMS', 'cancel', DRAFT_ID, (id) => ({ smsId: byId(id) })],
];

describe('an ID as it is pasted reaches Close without what came along', () => {
	test.each(
		FIELDS.flatMap(([label, operation, id, toParameters]) =>
			pasted(id).map((value) => [label, operation, value, id, toParameters] as const),
		),
	)("'%s' of %s: %j", async (_, operation, value, id, toParameters) => {
		const { error } = await sms.run(operation, toParameters(value));

		expect(error).toBeUndefined();
		const sent = sms.wire().map(({ path, query, body }) => ({
			path,
			values: Object.values({ ...query, ...(body as object) }),
		}));
		expect(
			sent.some(({ path, values }) => path.split('/').includes(id) || values.includes(id)),
		).toBe(true);
		expect(JSON.stringify(sms.wire())).not.toMatch(/show|\u200B/);
	});
});

describe('what is no ID of its kind is an error that shows it, before the first request', () => {
	test.each(
		FIELDS.flatMap(([label, operation, id, toParameters]) =>
			['12345', id.replace(/^[a-z]+/, 'orga'), 'Harbor Roofing', '../me'].map(
				(value) => [label, operation, value, toParameters] as const,
			),
		),
	)("'%s' of %s: %j", async (label, operation, value, toParameters) => {
		const run = await sms.run(operation, toParameters(value));

		expect(run.error?.message).toMatch(new RegExp(`^'${label}' is not the ID of an? .+: `));
		expect(run.error?.message).toContain(value);
		expect(sms.wire()).toEqual([]);
	});

	test('several leads in one text, of which one is none', async () => {
		const good = await sms.run('getAll', { filters: { leadId: byId(`${LEAD} , lead_1`) } });
		const query = sms.wire()[0].query;
		const bad = await sms.run('getAll', { filters: { leadId: byId(`${LEAD}, cont_1`) } });

		expect(good.error).toBeUndefined();
		expect(query).toMatchObject({ lead_id: `${LEAD},lead_1` });
		expect(bad.error?.message).toBe("'Lead' is the ID of a contact, not of a lead: cont_1");
	});

	test.each<[string, unknown, RegExp]>([
		['null', null, /^'SMS' is empty \[item 1\]/],
		['a list', [DRAFT_ID], /^'SMS' is not the ID of an SMS: \["acti_.* \[item 1\]/],
		['a number', 12345, /^'SMS' is not the ID of an SMS: 12345 \[item 1\]/],
	])('%s, By ID, one among three items, in every error mode', async (_, id, message) => {
		for (const onError of ERROR_MODES) {
			sms.close.requests.length = 0;
			const items = [DRAFT_ID, id, DRAFT_ID].map((one) => ({ id: one }));
			const run = await sms.run(
				'get',
				{ smsId: byId('={{ $json.id }}') },
				{ items: items as never, node: { onError } },
			);

			expect(said(run)).toMatch(message);
			expect(said(run)).toContain('Give the ID of an SMS, such as acti_…');
			expect(sms.wire()).toHaveLength(onError === 'stopWorkflow' ? 0 : 2);
		}
	});
});

describe("the 'URL' of an attachment", () => {
	const withUrl = (url: unknown): INodeParameters => ({
		text: 'x',
		additionalFields: {
			attachments: {
				attachment: [
					{ source: 'url', url, filename: 'a.pdf', contentType: 'application/pdf' },
				] as INodeParameters[],
			},
		},
	});

	test.each([
		'undefined',
		'={{ ["https://app.close.com/go/file/a"] }}',
		'https://example.com/go/file/a.pdf',
		'https://app.close.com.example.com/go/file/a.pdf',
		'https://app.close.com/lead/lead_1/',
		'http://app.close.com/go/file/a.pdf',
		'a.pdf',
	])('%s: an error before the first request', async (url) => {
		const run = await sms.run('create', withUrl(url));

		expect(run.error?.message).toMatch(
			/^'URL' of attachment 1 is not the address of a file at Close: ./,
		);
		expect(sms.wire()).toEqual([]);
	});

	test('of Close is sent without the blanks around it', async () => {
		const { error } = await sms.run('create', withUrl(' https://app.close.com/go/file/a.pdf\n'));

		expect(error).toBeUndefined();
		expect(sms.wire()[0].body).toMatchObject({
			attachments: [{ url: 'https://app.close.com/go/file/a.pdf' }],
		});
	});
});
