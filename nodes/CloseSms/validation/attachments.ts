import type { IBinaryData, IDataObject, IExecuteSingleFunctions } from 'n8n-workflow';
import { getBody, type PreSendValidator } from './preSend';
import { isBlank, isRecord } from '../../shared/fieldValues';
import { showValue } from '../../shared/showValue';
import { requireChoice, validationError } from './validationError';

const mediaTypes = (group: string, types: string) =>
	types.split(' ').map((type) => `${group}/${type}`);

/** The content types that Close accepts for an attachment (Close's OpenAPI: `SMSActivityAttachment.content_type`). */
export const CONTENT_TYPES = [
	...mediaTypes('application', 'pdf vcard'),
	...mediaTypes(
		'audio',
		'3gpp 3gpp2 L24 ac3 amr amr-nb basic mp4 mpeg ogg vnd.rn-realaudio vnd.wave webm',
	),
	...mediaTypes('image', 'bmp gif jpeg jpg png tiff'),
	...mediaTypes('text', 'calendar csv directory richtext rtf vcard x-vcard'),
	...mediaTypes(
		'video',
		'3gpp 3gpp-tt 3gpp2 H261 H263 H263-1998 H263-2000 H264 mp4 mpeg quicktime webm',
	),
];

/** Close's limit for one message. */
const MAX_ATTACHMENTS = 10;

/** Where Close keeps files (Close's OpenAPI, of email and WhatsApp: attachments must begin so). */
const CLOSE_FILE = /^https:\/\/(?:[\w-]+\.)*close\.com\/go\/file\/\S+$/;
const MAX_SHOWN_URL = 80;

/** One entry of the field 'Attachments' (see `attachmentsField`). */
interface Entry {
	source?: unknown;
	binaryPropertyName?: string;
	url?: unknown;
	filename?: unknown;
	contentType?: unknown;
}

/** An attachment as Close takes it. */
export interface Attachment extends IDataObject {
	url: string;
	filename: string;
	content_type: string;
}

/** A file of the input item that has to be uploaded to become an attachment. */
export interface FileToUpload {
	file: IBinaryData;
	filename: string;
	content_type: string;
}

/** Close's spelling of a content type: other programs use other upper and lower case, and add parameters. */
function toCloseContentType(contentType: string): string | undefined {
	const written = contentType.split(';')[0].trim().toLowerCase();
	return CONTENT_TYPES.find((type) => type.toLowerCase() === written);
}

const trim = (value: unknown) => (typeof value === 'string' ? value.trim() : value);

/** An address as an error may show it: what follows a question mark, or stands in front of an at sign, may be a secret. */
const withoutSecrets = (url: unknown) =>
	typeof url === 'string'
		? url.replace(/[?#].*$/s, '?…').replace(/^(\w+:\/\/)[^/@]*@/, '$1…@')
		: url;

/** @throws {ItemFailure} when the item has none */
function getBinaryFile(
	context: IExecuteSingleFunctions,
	{ binaryPropertyName }: Entry,
	nth: string,
) {
	const field = binaryPropertyName ?? 'data';
	try {
		return context.helpers.assertBinaryData(field);
	} catch {
		throw validationError(
			context,
			`The item has no file in '${field}', the 'Input Data Field Name' of ${nth}`,
			'Give the name under which the file stands in the Binary tab of the input. A node before this one may have dropped the file.',
		);
	}
}

/** n8n keeps the content of a small file in the item, and names the size of one that it stores elsewhere. */
const isEmptyFile = ({ id, data, bytes, fileSize }: IBinaryData): boolean =>
	id ? bytes === 0 || /^0 ?B$/i.test(fileSize ?? '') : data === '';

/**
 * Validates one entry.
 *
 * @param nth names the entry in an error, e.g. "attachment 1"
 * @throws {ItemFailure}
 */
function requireAttachment(context: IExecuteSingleFunctions, entry: Entry, nth: string) {
	const source = requireChoice(context, `'Attach From' of ${nth}`, entry.source ?? 'binary', [
		'binary',
		'url',
	] as const);
	const file = source === 'binary' ? getBinaryFile(context, entry, nth) : undefined;
	if (file && isEmptyFile(file))
		throw validationError(
			context,
			`The file of ${nth} is empty: it has 0 bytes`,
			'Check the node that made or fetched the file.',
		);
	const url = file ? undefined : trim(entry.url);
	const filename = entry.filename || file?.fileName;
	const contentType = entry.contentType || file?.mimeType;
	const missing = [
		!file && !url && 'URL',
		!filename && 'Filename',
		!contentType && 'Content Type',
	].find(Boolean);
	if (missing) {
		throw validationError(
			context,
			`'${missing}' of ${nth} is empty`,
			file
				? 'The file itself does not have it, so give it here.'
				: 'Close needs the URL, the filename and the content type of each file.',
		);
	}
	for (const [label, value] of Object.entries({
		Filename: filename,
		'Content Type': contentType,
	})) {
		if (typeof value === 'string') continue;
		throw validationError(
			context,
			`'${label}' of ${nth} cannot be read: ${showValue(value)}`,
			'Look at what its expression gives for this item.',
		);
	}
	if (!file && (typeof url !== 'string' || !CLOSE_FILE.test(url)))
		throw validationError(
			context,
			`'URL' of ${nth} is not the address of a file at Close: ${showValue(withoutSecrets(url), MAX_SHOWN_URL)}`,
			'It begins with https://app.close.com/go/file/. To send another file, fetch it with an HTTP Request node and choose File of the Input Item.',
		);
	const content_type = toCloseContentType(String(contentType));
	if (!content_type) {
		throw validationError(
			context,
			`'Content Type' of ${nth} is one that Close does not accept: ${String(contentType)}`,
			`It accepts ${CONTENT_TYPES.join(', ')}.`,
		);
	}
	return { ...(file ? { file } : { url }), filename, content_type };
}

const noFileError = (context: IExecuteSingleFunctions) =>
	validationError(
		context,
		"'Attachments' holds no file that can be read",
		'Add each file by itself: one expression for all of them is not possible. To send none, remove the field.',
	);

/** Rejects files that were added under 'Additional Fields' and are none. Runs before `omitEmptyFields`. */
export const rejectBlankAttachments: PreSendValidator = (context, request) => {
	const added: unknown = context.getNodeParameter('additionalFields', {}, { rawExpressions: true });
	if (isRecord(added) && 'attachments' in added && isBlank(getBody(request).attachments))
		throw noFileError(context);
};

/**
 * Turns n8n's collection of attachments into Close's list. A file that is still to be uploaded stands there as a
 * `FileToUpload`, without a URL: an operation with this validator needs the handler `withUploads`.
 */
export const attachments: PreSendValidator = (context, request) => {
	const body = getBody(request);
	if (!body.attachments) return;
	const { attachment: given } = body.attachments as { attachment?: unknown };
	const entries: Entry[] = Array.isArray(given) && given.every(isRecord) ? given : [];
	// n8n empties a collection that an expression gives as a whole: the text must not go out without its files.
	if (entries.length === 0) throw noFileError(context);
	if (entries.length > MAX_ATTACHMENTS) {
		throw validationError(
			context,
			`'Attachments' holds ${entries.length} files`,
			`Close accepts at most ${MAX_ATTACHMENTS} with one SMS.`,
		);
	}
	body.attachments = entries.map((entry, index) =>
		requireAttachment(context, entry, `attachment ${index + 1}`),
	) as IDataObject[];
};
