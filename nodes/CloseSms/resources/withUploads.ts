import type {
	IBinaryData,
	IDataObject,
	IExecuteSingleFunctions,
	IHttpRequestOptions,
} from 'n8n-workflow';
import {
	toFailure,
	type RequestFailure,
	type FailureKind,
} from '../../shared/errors/requestFailure';
import { monotonicNow } from '../../shared/delay';
import { withNote } from '../output/withNote';
import type { HandlerContext, OperationHandler } from '../transport/request/operationHandler';
import type { Attachment, FileToUpload } from '../validation/attachments';

type Context = Pick<IExecuteSingleFunctions, 'helpers' | 'getExecutionCancelSignal'>;

/** How many hours Close keeps an uploaded file (Close: "Files"). */
export const FILE_TTL_HOURS = 24;

/** Part of the URL of a file that Close does not keep for good. */
const TEMPORARY_FILE_PATH = '/go/file/temporary/';

/** Said in the editor, and of a text that was scheduled. */
export const FILES_EXPIRE = `This SMS is scheduled for more than ${FILE_TTL_HOURS} hours from now, and Close keeps an uploaded file for ${FILE_TTL_HOURS} hours: its attachments may be gone by then.`;

/** The response to `POST /files/upload/` (Close: "Files"). */
interface PresignedUpload extends IDataObject {
	upload?: { url: string; fields: IDataObject };
	download?: { url: string };
}

const isFileToUpload = (one: Attachment | FileToUpload): one is FileToUpload => 'file' in one;

/** A file that n8n stores outside of the execution data. It is streamed while it is sent, and never in memory as a whole. */
async function toStreamedFile({ helpers }: Context, id: string, filename: string): Promise<File> {
	const { fileSize } = await helpers.getBinaryMetadata(id);
	const stream = async function* () {
		yield* await helpers.getBinaryStream(id);
	};
	return Object.defineProperties(new File([], filename), {
		size: { value: fileSize },
		stream: { value: stream },
	});
}

const toFile = async (
	context: Context,
	{ id, data }: IBinaryData,
	filename: string,
): Promise<File> =>
	id
		? await toStreamedFile(context, id, filename)
		: new File([Buffer.from(data, 'base64')], filename);

const STORAGE_ADVICE =
	'Close keeps files in a separate storage. Check that n8n can reach it and that the file is not too large.';

const storageFailure = (kind: FailureKind, reason: string): RequestFailure => ({
	kind,
	headers: {},
	body: undefined,
	reason,
	next: STORAGE_ADVICE,
});

/** Why the storage rejected a file, in the words of its XML. */
function toStorageFailure(error: unknown, afterMs: number): RequestFailure {
	const { kind, body, reason } = toFailure(error, afterMs);
	const words = /<Message>([^<]+)</.exec(String(body))?.[1] ?? reason;
	// The presigned upload expired (60 s). Nothing was stored; a new one can be requested.
	return storageFailure(words.includes('expired') ? 'unavailable' : kind, words);
}

/**
 * Uploads a file to Close's storage: every field that Close gave, the file last, and no credentials, since the storage
 * belongs to another company (Close: "Files"; S3 rejects a second way to authenticate).
 *
 * @returns what went wrong, if something did
 */
async function uploadToStorage(
	context: Context,
	{ upload, download }: PresignedUpload,
	{ file, filename }: FileToUpload,
	{ proxy, timeout, skipSslCertificateValidation }: IHttpRequestOptions,
): Promise<RequestFailure | undefined> {
	if (!upload?.url || !download?.url)
		return storageFailure('rejected', 'Close gave no address to upload to');
	const body = new FormData();
	for (const [name, value] of Object.entries(upload.fields)) body.append(name, String(value));
	body.append('file', await toFile(context, file, filename));
	const request: IHttpRequestOptions = {
		method: 'POST',
		url: upload.url,
		body,
		returnFullResponse: true,
		disableFollowRedirect: true,
		abortSignal: context.getExecutionCancelSignal(),
		proxy,
		timeout,
		skipSslCertificateValidation,
	};
	const sentAt = monotonicNow();
	return await context.helpers.httpRequest(request).then(
		({ statusCode: status }) =>
			status === 201
				? undefined
				: storageFailure('outcomeUnknown', `the storage responded with HTTP ${status}`),
		(error: unknown) => toStorageFailure(error, monotonicNow() - sentAt),
	);
}

/** Uploads one file. Both steps are retried together, because the file must follow within 60 seconds of presigning. */
async function upload(
	{ n8n, send, request }: HandlerContext,
	file: FileToUpload,
): Promise<Attachment> {
	const { filename, content_type } = file;
	const { options } = request;
	const { body } = await send({
		...request,
		options: {
			...options,
			method: 'POST',
			url: '/files/upload/',
			qs: {},
			body: { filename, content_type },
		},
		upload: {
			filename,
			uploadFile: async (presigned, timeout) =>
				await uploadToStorage(n8n, presigned, file, { ...options, timeout } as IHttpRequestOptions),
		},
		assumed: {
			body: { download: { url: `(the address that Close gives to ${filename})` } },
			note: `${filename} would then be uploaded to the address that Close names.`,
		},
	});
	return { url: (body as PresignedUpload).download!.url, filename, content_type };
}

const expiresBeforeSend = (attachments: Attachment[], scheduled: unknown) =>
	Date.parse(String(scheduled)) > Date.now() + FILE_TTL_HOURS * 3_600_000 &&
	attachments.some(({ url }) => url.includes(TEMPORARY_FILE_PATH));

/** Makes a handler that first uploads the files among the attachments of a request, one after the other. */
export const withUploads =
	(handler: OperationHandler): OperationHandler =>
	async (context) => {
		const { request } = context;
		const body = request.options.body as IDataObject;
		const requested = (body.attachments ?? []) as Array<Attachment | FileToUpload>;
		const attachments: Attachment[] = [];
		for (const one of requested)
			attachments.push(isFileToUpload(one) ? await upload(context, one) : one);
		const options = {
			...request.options,
			...(requested.length > 0 && { body: { ...body, attachments } }),
		};
		const items = await handler({ ...context, request: { ...request, options } });
		return withNote(
			items,
			expiresBeforeSend(attachments, body.date_scheduled) ? FILES_EXPIRE : undefined,
		);
	};
