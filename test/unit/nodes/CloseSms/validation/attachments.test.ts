import type { IBinaryData, IDataObject } from 'n8n-workflow';
import { attachments, CONTENT_TYPES } from '../../../../../nodes/CloseSms/validation/attachments';
import { DEFAULT_OPTIONS } from '../../../../../nodes/CloseSms/validation/nodeOptions';
import { fakeContext, thrownBy } from '../../../fakeContext';

const PDF: IBinaryData = { data: 'YQ==', fileName: 'a.pdf', mimeType: 'application/pdf' };
const URL = 'https://app.close.com/go/file/1';

const read = (field: unknown, binary: Record<string, IBinaryData> = { data: PDF }) => {
	const body = { text: 'Hi', attachments: field } as IDataObject;
	attachments(fakeContext({ itemIndex: 3, binary }), { url: '', body }, DEFAULT_OPTIONS);
	return body.attachments;
};
const readEntries = (...attachment: object[]) => read({ attachment });

test('Close takes these content types', () => {
	expect(CONTENT_TYPES).toHaveLength(40);
	for (const type of ['application/pdf', 'audio/L24', 'image/jpg', 'text/x-vcard', 'video/H264'])
		expect(CONTENT_TYPES).toContain(type);
	expect(CONTENT_TYPES).not.toContain('text/plain');
});

test('a file of the item stands there until it is uploaded', () => {
	const expected = [{ file: PDF, filename: 'a.pdf', content_type: 'application/pdf' }];
	expect(readEntries({})).toEqual(expected);
	expect(readEntries({ source: 'binary', binaryPropertyName: 'data', url: 'unused' })).toEqual(
		expected,
	);
});

test('its name and type can be given', () => {
	const file = { data: 'YQ==', mimeType: 'text/plain' };
	const entry = { binaryPropertyName: 'photo', filename: 'b.jpg', contentType: 'image/jpeg' };
	expect(read({ attachment: [entry] }, { photo: file })).toEqual([
		{ file, filename: 'b.jpg', content_type: 'image/jpeg' },
	]);
});

test('a file at Close goes by its address', () => {
	const entry = { source: 'url', url: URL, filename: 'a.pdf', contentType: 'application/pdf' };
	expect(readEntries(entry)).toEqual([
		{ url: URL, filename: 'a.pdf', content_type: 'application/pdf' },
	]);
});

test.each([
	['IMAGE/JPEG', 'image/jpeg'],
	['audio/l24', 'audio/L24'],
	['video/h263-1998', 'video/H263-1998'],
	['text/csv; charset=utf-8', 'text/csv'],
	[' text/csv ;charset=utf-8', 'text/csv'],
])('the type %j is written %j', (contentType, content_type) => {
	expect(readEntries({ contentType })).toMatchObject([{ content_type }]);
});

test.each([undefined, null, '', 0])('%j is no attachment, and stays as it is', (field) => {
	expect(read(field)).toBe(field);
});

test.each<unknown>([{}, { attachment: [] }, [PDF], 'a.pdf', [], { attachment: undefined }])(
	'%j was meant to be files: an error, and the text does not go out without them',
	(field) => {
		const error = thrownBy(() => read(field));
		expect(error.message).toBe("'Attachments' holds no file that can be read [item 3]");
		expect(error.description).toMatch(/Add each file by itself/);
	},
);

test('ten are the most', () => {
	const entries = (count: number) => Array.from({ length: count }, () => ({}));
	expect(readEntries(...entries(10))).toHaveLength(10);
	const error = thrownBy(() => readEntries(...entries(11)));
	expect(error.message).toBe("'Attachments' holds 11 files [item 3]");
	expect(error.description).toBe('Close accepts at most 10 with one SMS.');
});

describe('what is missing is named, with the attachment that lacks it', () => {
	const URL_NEEDS = /Close needs the URL, the filename and the content type/;
	const FILE_NEEDS = /The file itself does not have it/;
	const BARE = { data: 'YQ==', mimeType: '' };

	test.each<[string, object, Record<string, IBinaryData>, RegExp]>([
		[
			"'URL' of attachment 2 is empty",
			{ source: 'url', filename: 'a', contentType: 'text/csv' },
			{},
			URL_NEEDS,
		],
		[
			"'Filename' of attachment 2 is empty",
			{ source: 'url', url: URL, contentType: 'text/csv' },
			{},
			URL_NEEDS,
		],
		[
			"'Content Type' of attachment 2 is empty",
			{ source: 'url', url: URL, filename: 'a' },
			{},
			URL_NEEDS,
		],
		["'URL' of attachment 2 is empty", { source: 'url', url: '' }, {}, URL_NEEDS],
		[
			"'Filename' of attachment 2 is empty",
			{ binaryPropertyName: 'bare' },
			{ bare: BARE },
			FILE_NEEDS,
		],
		[
			"'Content Type' of attachment 2 is empty",
			{ binaryPropertyName: 'bare', filename: 'a' },
			{ bare: BARE },
			FILE_NEEDS,
		],
	])('%s: %j', (message, entry, binary, next) => {
		const error = thrownBy(() => read({ attachment: [{}, entry] }, { data: PDF, ...binary }));
		expect(error.message).toBe(`${message} [item 3]`);
		expect(error.description).toMatch(next);
	});

	test('a file that the item does not have', () => {
		const error = thrownBy(() => readEntries({ binaryPropertyName: 'photo' }));
		expect(error.message).toBe(
			"The item has no file in 'photo', the 'Input Data Field Name' of attachment 1 [item 3]",
		);
		expect(error.description).toMatch(/Binary tab/);
	});

	test("a file in 'data' unless another field is named", () => {
		expect(() => read({ attachment: [{}] }, {})).toThrow("no file in 'data'");
	});

	test('a type that Close does not take', () => {
		const error = thrownBy(() => readEntries({ contentType: 'text/plain' }));
		expect(error.message).toBe(
			"'Content Type' of attachment 1 is one that Close does not accept: text/plain [item 3]",
		);
		expect(error.description).toBe(`It accepts ${CONTENT_TYPES.join(', ')}.`);
	});
});

test.each<IBinaryData>([
	{ ...PDF, data: '' },
	{ ...PDF, data: 'filesystem-v2', id: 'filesystem-v2:1', bytes: 0 },
	{ ...PDF, data: 'filesystem-v2', id: 'filesystem-v2:1', fileSize: '0 B' },
])('a file of 0 bytes is an error: %j', (file) => {
	expect(() => read({ attachment: [{}] }, { data: file })).toThrow(
		'The file of attachment 1 is empty: it has 0 bytes',
	);
});

test('a file whose size n8n does not name, or that is not empty, is taken', () => {
	for (const more of [{}, { fileSize: '10 B' }, { bytes: 10 }])
		expect(
			read({ attachment: [{}] }, { data: { ...PDF, id: 'filesystem-v2:1', ...more } }),
		).toEqual([expect.objectContaining({ filename: 'a.pdf' })]);
});
