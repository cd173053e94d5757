import axios from 'axios';

import { Readable } from '../../dev/platform';
import { api, close } from './fixture';

type Parts = Array<[string, string | Blob]>;
const roof = () => new Blob(['the roof'], { type: 'image/png' });

async function announce() {
	const { data } = await api.post('/files/upload/', {
		filename: 'the roof.png',
		content_type: 'image/png',
	});
	const fields: Parts = Object.entries(data.upload.fields as Record<string, string>);
	return { ...data, fields } as {
		upload: { url: string };
		download: { url: string };
		fields: Parts;
	};
}

async function upload(url: string, parts: Parts, headers = {}) {
	const form = new FormData();
	for (const [name, value] of parts) form.append(name, value);
	return await axios.post(url, form, { headers, validateStatus: () => true });
}

const attach = async (url: string) =>
	await api.put(`/activity/sms/${close.account.texts.draft.id}/`, {
		attachments: [{ url, filename: 'the roof.png', content_type: 'image/png' }],
	});
const REFUSED = {
	attachments: { errors: { 0: { url: 'The file was not uploaded or has expired.' } } },
};

test('a file is announced, uploaded, attached and can be fetched', async () => {
	const { upload: to, download, fields } = await announce();
	expect(download.url).toBe(`${close.url}/go/file/${Object.fromEntries(fields).key as string}`);
	expect((await attach(download.url)).data['field-errors']).toEqual(REFUSED);
	expect((await upload(to.url, [...fields, ['file', roof()]])).status).toBe(201);
	expect((await axios.get(download.url)).data).toBe('the roof');
	const { data } = await attach(download.url);
	expect(data.attachments).toEqual([
		expect.objectContaining({
			filename: 'the roof.png',
			content_type: 'image/png',
			size: 8,
			media_id: expect.stringMatching(/^media_/),
		}),
	]);
	expect((await axios.get(data.attachments[0].url)).data).toBe('the roof');
	expect(
		(await api.put(`/activity/sms/${data.id}/`, { attachments: null })).data,
	).not.toHaveProperty('attachments');
});

test('a file can be used for 24 hours', async () => {
	const { upload: to, download, fields } = await announce();
	await upload(to.url, [...fields, ['file', roof()]]);
	close.clock.advance(25 * 3_600_000);
	expect((await attach(download.url)).data['field-errors']).toEqual(REFUSED);
});

test.each<[string, number, (fields: Parts) => Parts, object]>([
	['after 60 seconds', 403, (fields) => [...fields, ['file', roof()]], {}],
	['without a field', 403, (fields) => [...fields.slice(1), ['file', roof()]], {}],
	['with a field too many', 403, (fields) => [...fields, ['acl', 'public'], ['file', roof()]], {}],
	['with the file first', 400, (fields) => [['file', roof()], ...fields], {}],
	['with another name', 400, (fields) => [...fields, ['data', roof()]], {}],
	['without a file', 400, (fields) => fields, {}],
	[
		'with a key of Close',
		400,
		(fields) => [...fields, ['file', roof()]],
		{ authorization: 'Basic eDo=' },
	],
])('an upload %s is refused', async (when, status, parts, headers) => {
	const { upload: to, fields } = await announce();
	if (when === 'after 60 seconds') close.clock.advance(61_000);
	expect(await upload(to.url, parts(fields), headers)).toMatchObject({
		status,
		data: expect.stringContaining('<Error>'),
	});
	expect(close.uploads).toEqual([
		expect.objectContaining({ filename: 'the roof.png', bytes: undefined }),
	]);
});

test('the store takes no upload of unknown length', async () => {
	const { upload: to } = await announce();
	const headers = { 'content-type': 'multipart/form-data; boundary=xxxxxxxxxx' };
	const { status } = await axios.post(to.url, Readable.from(['--xxxxxxxxxx--']), {
		headers,
		validateStatus: () => true,
	});
	expect(status).toBe(411);
});

test('an announcement takes a name and a type, nothing else', async () => {
	const { data } = await api.post('/files/upload/', { filename: 'a.png', size: 3 });
	expect(data['field-errors']).toEqual({
		content_type: 'This field is required.',
		size: 'Unknown field.',
	});
});

test('an MMS needs a number that can send MMS', async () => {
	const id = close.addSms({
		remote_phone: '+14155550101',
		local_phone: close.account.phoneNumbers.ben.number,
	}).id;
	const attachments = [
		{ url: 'https://app.close.com/go/file/x/', filename: 'a.png', content_type: 'image/png' },
	];
	const { data } = await api.put(`/activity/sms/${id}/`, { attachments, status: 'outbox' });
	expect(data['field-errors']).toEqual({ local_phone: 'This number cannot send MMS.' });
});
