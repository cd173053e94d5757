import type {
	IBinaryData,
	IDataObject,
	IExecutePaginationFunctions,
	IExecuteSingleFunctions,
	IHttpRequestOptions,
} from 'n8n-workflow';
import type { Attachment, FileToUpload } from './attachments';
import type { Request } from './exchange';
import { faultOf, type Fault, type FaultKind } from './faults';
import { noted } from './note';
import type { Send, Steps } from './steps';

type Context = Pick<IExecuteSingleFunctions, 'helpers' | 'getExecutionCancelSignal'>;

/** How long Close keeps an uploaded file, in milliseconds (Close: "Files"). */
const FILE_LIFE = 24 * 3_600_000;

/** Addresses of files that Close does not keep for good. */
const TEMPORARY = '/go/file/temporary/';

const MAY_BE_GONE =
	'This text is scheduled for later than 24 hours from now, and Close keeps an uploaded file for 24 hours: its attachments may be gone by then.';

/** What `POST /files/upload/` answers (Close: "Files"). */
interface Announced extends IDataObject {
	upload?: { url: string; fields: IDataObject };
	download?: { url: string };
}

const isToUpload = (one: Attachment | FileToUpload): one is FileToUpload => 'file' in one;

/** A file that n8n keeps outside of the execution data. It is read only while it is sent, and never held as a whole. */
async function storedFile({ helpers }: Context, id: string, filename: string): Promise<File> {
	const { fileSize } = await helpers.getBinaryMetadata(id);
	const stream = async function* () {
		yield* await helpers.getBinaryStream(id);
	};
	return Object.defineProperties(new File([], filename), {
		size: { value: fileSize },
		stream: { value: stream },
	});
}

const open = async (
	context: Context,
	{ id, data }: IBinaryData,
	filename: string,
): Promise<File> =>
	id ? await storedFile(context, id, filename) : new File([Buffer.from(data, 'base64')], filename);

const NEXT =
	'Close keeps files in a store of its own. Check that n8n can reach it and that the file is not too large.';

const storeFault = (kind: FaultKind, reason: string): Fault => ({
	kind,
	headers: {},
	body: undefined,
	reason,
	next: NEXT,
});

/** What the store refused, in the words of its XML. */
function refusedByStore(error: unknown): Fault {
	const { kind, body, reason } = faultOf(error);
	const words = /<Message>([^<]+)</.exec(String(body))?.[1] ?? reason;
	// Too late for the 60 seconds: nothing was stored, and what is announced anew has as long again.
	return storeFault(words.includes('expired') ? 'busy' : kind, words);
}

/**
 * Sends a file to the store of Close: every field that Close gave, the file last, and no credentials, since the store
 * is another company's (Close: "Files"; S3 refuses a second way to authenticate).
 *
 * @returns what went wrong, if something did
 */
async function toStore(
	context: Context,
	{ upload, download }: Announced,
	{ file, filename }: FileToUpload,
	{ proxy, timeout, skipSslCertificateValidation }: IHttpRequestOptions,
): Promise<Fault | undefined> {
	if (!upload?.url || !download?.url)
		return storeFault('refused', 'Close gave no address to upload to');
	const body = new FormData();
	for (const [name, value] of Object.entries(upload.fields)) body.append(name, String(value));
	body.append('file', await open(context, file, filename));
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
	return await context.helpers
		.httpRequest(request)
		.then(
			({ statusCode: status }) =>
				status === 201 ? undefined : storeFault('unclear', `the store answered HTTP ${status}`),
			refusedByStore,
		);
}

/** Uploads one file. Both steps are tried anew together, because an announced upload must come within 60 seconds. */
async function upload(
	context: IExecutePaginationFunctions,
	send: Send,
	request: Request,
	file: FileToUpload,
): Promise<Attachment> {
	const { filename, content_type } = file;
	const { options } = request;
	const { body } = await send(
		{
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
				carry: async (announced) =>
					await toStore(context, announced, file, options as IHttpRequestOptions),
			},
		},
		{
			answer: { download: { url: `(the address that Close gives to ${filename})` } },
			note: `${filename} would then be uploaded to the address that Close names.`,
		},
	);
	return { url: (body as Announced).download!.url, filename, content_type };
}

const outlives = (attachments: Attachment[], scheduled: unknown) =>
	Date.parse(String(scheduled)) > Date.now() + FILE_LIFE &&
	attachments.some(({ url }) => url.includes(TEMPORARY));

/** Uploads the files among the attachments of a request, one after the other, before an operation does its work. */
export const withUploads = (steps: Steps): Steps =>
	async function (send, request) {
		const body = request.options.body as IDataObject;
		const wanted = (body.attachments ?? []) as Array<Attachment | FileToUpload>;
		const attachments: Attachment[] = [];
		for (const one of wanted) {
			attachments.push(isToUpload(one) ? await upload(this, send, request, one) : one);
		}
		const options = {
			...request.options,
			...(wanted.length > 0 && { body: { ...body, attachments } }),
		};
		const items = await steps.call(this, send, { ...request, options });
		return noted(items, outlives(attachments, body.date_scheduled) ? MAY_BE_GONE : undefined);
	};
