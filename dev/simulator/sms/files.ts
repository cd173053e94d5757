import multipart from '@fastify/multipart';
import type { FastifyInstance, FastifyRequest } from 'fastify';

import { ErrorResponse, invalidFields } from '../http/errors';
import { newId } from '../http/ids';
import type { AnsweredAttachment, Caller, RequestedAttachment } from '../types';
import type { AccountState } from '../account/accountState';

const CLOSE_FILES = 'https://app.close.com/go/file/';
/** An upload must happen this soon after it was asked for, in milliseconds. */
const UPLOAD_TIME = 60_000;
/** An uploaded file can be used this long, in milliseconds. */
const FILE_LIFE = 24 * 3_600_000;
const MAX_FILE_SIZE = 25 * 1024 * 1024;

/** One file that was announced with `POST /files/upload/`. */
export interface Upload {
	filename: string;
	content_type: string;
	/** what the upload must carry, all of it */
	fields: Record<string, string>;
	/** where the file can be fetched, and what an attachment names */
	url: string;
	/** undefined until the upload succeeded */
	bytes: Buffer | undefined;
	/** simulated milliseconds */
	askedAt: number;
}

/** Answers of the file store are XML. */
const storeError = (status: number, code: string, message: string) =>
	new ErrorResponse(
		status,
		`<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`,
	);

/** Files: announced at Close, uploaded to the store, used as attachments. */
export class Files {
	/** in order of announcement */
	readonly uploads: Upload[] = [];
	/** files of texts, by media id */
	readonly media = new Map<string, Pick<Upload, 'content_type' | 'bytes'>>();

	constructor(private readonly state: AccountState) {}

	reset(): void {
		this.uploads.length = 0;
		this.media.clear();
	}

	/** `POST /files/upload/` */
	announce(
		{ filename, content_type }: Pick<Upload, 'filename' | 'content_type'>,
		caller: Caller,
	): object {
		const path = `temporary/${caller.userId}/${newId('file', 22)}/${encodeURIComponent(filename)}/`;
		const fields = {
			key: path,
			AWSAccessKeyId: 'SIMULATED',
			'Content-Type': content_type,
			'Content-Disposition': `attachment; filename*=UTF-8''${encodeURIComponent(filename)}`,
			policy: newId('policy'),
			signature: newId('signature'),
			success_action_status: '201',
		};
		const url = `${this.state.url}/go/file/${path}`;
		this.uploads.push({
			filename,
			content_type,
			fields,
			url,
			bytes: undefined,
			askedAt: this.state.clock.ms(),
		});
		return { upload: { url: `${this.state.url}/s3/`, fields }, download: { url } };
	}

	/** Keeps what was sent to the store. @throws ErrorResponse 400, 403 */
	store(fields: Record<string, string>, bytes: Buffer): void {
		const upload = this.uploads.find((one) => one.fields.key === fields.key);
		if (!upload) throw storeError(403, 'AccessDenied', 'Invalid according to Policy: key');
		const names = new Set([...Object.keys(upload.fields), ...Object.keys(fields)]);
		const wrong = [...names].find((name) => upload.fields[name] !== fields[name]);
		if (wrong) throw storeError(403, 'AccessDenied', `Invalid according to Policy: ${wrong}`);
		if (this.state.clock.ms() > upload.askedAt + UPLOAD_TIME) {
			throw storeError(403, 'AccessDenied', 'Invalid according to Policy: Policy expired.');
		}
		upload.bytes = bytes;
	}

	/** The file at this address, while it can be used. */
	usable(url: string): Upload | undefined {
		const upload = this.uploads.find((one) => one.url === url);
		return upload?.bytes && this.state.clock.ms() <= upload.askedAt + FILE_LIFE
			? upload
			: undefined;
	}

	/** Attachments as Close shows them on the text they belong to. @throws ErrorResponse 400 for one that is no usable file of Close */
	attached(requested: RequestedAttachment[], smsId: string): AnsweredAttachment[] {
		return requested.map((one, index) => {
			const own = one.url.startsWith(`${this.state.url}/go/file/`);
			const upload = this.usable(one.url);
			const wrong =
				own && !upload
					? 'The file was not uploaded or has expired.'
					: !own && !one.url.startsWith(CLOSE_FILES)
						? `Must begin with ${CLOSE_FILES}`
						: undefined;
			if (wrong) throw invalidFields({ attachments: { errors: { [index]: { url: wrong } } } });
			return this.keep(one, smsId, upload);
		});
	}

	private keep(
		{ filename, content_type }: RequestedAttachment,
		smsId: string,
		upload: Upload | undefined,
	): AnsweredAttachment {
		const media_id = newId('media');
		const url = `${this.state.url}/go/sms/${smsId}/media/${media_id}/`;
		this.media.set(media_id, { content_type, bytes: upload?.bytes });
		const thumbnail = content_type.startsWith('image/')
			? { thumbnail_url: `${url}thumbnail/` }
			: {};
		return {
			url,
			filename,
			content_type,
			size: upload?.bytes?.length ?? 1024,
			media_id,
			...thumbnail,
		};
	}
}

const uploadBody = {
	type: 'object',
	additionalProperties: false,
	required: ['filename', 'content_type'],
	properties: {
		filename: { type: 'string', minLength: 1 },
		content_type: { type: 'string', minLength: 1 },
	},
};

/** `/files/upload/` */
export function fileRoutes(api: FastifyInstance, { files }: { files: Files }): void {
	api.post<{ Body: Pick<Upload, 'filename' | 'content_type'> }>(
		'/files/upload/',
		{ schema: { body: uploadBody } },
		({ body, caller }) => files.announce(body, caller),
	);
}

/** All fields, then the file as the last part, named `file`. @throws ErrorResponse 400 */
async function readForm(
	request: FastifyRequest,
): Promise<{ fields: Record<string, string>; bytes: Buffer }> {
	const fields: Record<string, string> = {};
	let bytes: Buffer | undefined;
	for await (const part of request.parts()) {
		if (bytes) throw storeError(400, 'InvalidArgument', 'The file must be the last part.');
		if (part.type === 'field') fields[part.fieldname] = String(part.value);
		else if (part.fieldname !== 'file')
			throw storeError(400, 'InvalidArgument', 'The file part must be named "file".');
		else bytes = await part.toBuffer();
	}
	if (!bytes)
		throw storeError(400, 'InvalidArgument', 'POST requires exactly one file upload per request.');
	return { fields, bytes };
}

/** The store that uploads go to, and the addresses files are fetched from. */
export function fileStoreRoutes(
	app: FastifyInstance,
	state: AccountState & { files: Files },
): void {
	const { files } = state;
	app.register(multipart, { limits: { fileSize: MAX_FILE_SIZE } });
	app.post('/s3/', async (request, reply) => {
		reply.type('application/xml');
		if (request.headers.authorization)
			throw storeError(400, 'InvalidArgument', 'Only one auth mechanism allowed.');
		if (!request.isMultipart())
			throw storeError(
				412,
				'PreconditionFailed',
				'Bucket POST must be of the enclosure-type multipart/form-data',
			);
		// The store takes no upload of unknown length.
		if (request.headers['content-length'] === undefined)
			throw storeError(
				411,
				'MissingContentLength',
				'You must provide the Content-Length HTTP header.',
			);
		const { fields, bytes } = await readForm(request);
		files.store(fields, bytes);
		return reply.code(201).send('<PostResponse/>');
	});
	app.get('/go/file/*', (request, reply) => {
		const upload = files.usable(`${state.url}${request.url}`);
		return upload ? reply.type(upload.content_type).send(upload.bytes) : reply.code(404).send();
	});
	app.get<{ Params: { media: string } }>('/go/sms/:sms/media/:media/', ({ params }, reply) => {
		const media = files.media.get(params.media);
		return media?.bytes ? reply.type(media.content_type).send(media.bytes) : reply.code(404).send();
	});
}
