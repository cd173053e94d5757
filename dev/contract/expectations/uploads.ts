import type { Exchange } from '../closeClient';
import type { JsonObject } from '../jsonObject';
import { expectStatus, expectSuccess, expectThat, NotTried, requireSuccess } from '../expect';
import { group } from '../expectation';
import { finding } from '../finding';
import { readSms, smsPath, type Probe } from '../probe';
import { CONCLUDED, DOCS } from './sources';

const UPLOADS = 'nodes/CloseSms/resources/withUploads.ts';
const FIELD = 'nodes/CloseSms/validation/attachments.ts';
const COMPARED = 'nodes/CloseSms/transport/request/responseCheck.ts';
const SIMULATED = 'dev/simulator/sms/files.ts';

const FILE = { filename: 'check.txt', content_type: 'text/csv' };
const CONTENT = 'check\n';

interface Announced {
	upload: { url: string; fields: Record<string, string> };
	download: { url: string };
}

/** The addresses in an answer to the announcement of a file. */
function addresses({ body }: Exchange): Announced | undefined {
	const { upload, download } = (body ?? {}) as Partial<Announced>;
	return upload?.url && upload.fields && download?.url ? { upload, download } : undefined;
}

const postFile = async (close: Probe) => await close.post('/files/upload/', FILE);

/** Tells Close of a file. @throws NotTried when it gives no address */
async function announce(close: Probe): Promise<Announced> {
	const answer = await postFile(close);
	requireSuccess(answer, finding`no file could be announced`);
	const found = addresses(answer);
	if (!found) throw new NotTried(finding`the announcement of a file was answered otherwise`);
	return found;
}

/** Brings a file to Close. @throws NotTried when its storage does not take it */
export async function uploadFile(close: Probe): Promise<JsonObject> {
	const { upload, download } = await announce(close);
	const { status } = await close.store(upload.url, upload.fields, CONTENT);
	if (status >= 300) throw new NotTried(finding`the storage answered with ${status}`);
	return { ...FILE, url: download.url };
}

const attach = async (close: Probe, attachments: JsonObject[] | null, id?: string) =>
	await close.put(smsPath(id ?? (await close.draft()).id), { attachments });

const count = (attachments: unknown) => (Array.isArray(attachments) ? attachments.length : 0);

export const uploads = group('uploads', [
	{
		name: 'upload-is-announced',
		title: '`POST /files/upload/` gives `upload.url`, `upload.fields` and `download.url`',
		source: DOCS.files,
		mark: 'confirmed',
		restsOn: [UPLOADS, SIMULATED],
		steps: async (close) => {
			const answer = await postFile(close);
			expectSuccess(answer);
			expectThat(
				addresses(answer) !== undefined,
				finding`the answer lacks upload.url, upload.fields or download.url`,
			);
		},
	},
	{
		name: 'download-is-temporary',
		title: 'The address of an uploaded file has the path /go/file/temporary/',
		source: DOCS.files,
		mark: 'confirmed',
		restsOn: [UPLOADS, SIMULATED],
		steps: async (close) => {
			const { download } = await announce(close);
			expectThat(download.url.includes('/go/file/temporary/'), finding`it has another path`);
		},
	},
	{
		name: 'storage-takes-the-file-with-201',
		title: 'The storage takes all fields and the file last, without credentials, with 201',
		source: DOCS.files,
		mark: 'confirmed',
		restsOn: [UPLOADS, SIMULATED],
		steps: async (close) => {
			const { upload } = await announce(close);
			const { status } = await close.store(upload.url, upload.fields, CONTENT);
			expectThat(status === 201, finding`the storage answered with ${status}`);
		},
	},
	{
		name: 'uploaded-file-can-be-attached',
		title: 'An uploaded file can be attached to a draft, which then shows one attachment',
		source: DOCS.smsUpdate,
		mark: 'confirmed',
		restsOn: [UPLOADS, COMPARED, SIMULATED],
		steps: async (close) => {
			const sms = readSms(await attach(close, [await uploadFile(close)]));
			expectThat(count(sms.attachments) === 1, finding`it shows ${count(sms.attachments)}`);
		},
	},
	{
		name: 'draft-is-made-with-attachments',
		title: 'A draft can be made with `attachments`, and shows them',
		source: DOCS.smsCreate,
		mark: 'confirmed',
		restsOn: [UPLOADS, 'nodes/CloseSms/resources/sms/create.ts', COMPARED, SIMULATED],
		steps: async (close) => {
			const file = await uploadFile(close);
			const sms = readSms(await close.postDraft({ attachments: [file] }));
			const [shown] = (sms.attachments ?? []) as JsonObject[];
			expectThat(count(sms.attachments) === 1, finding`it shows ${count(sms.attachments)}`);
			expectThat(shown.filename === FILE.filename, finding`it has another name`);
		},
	},
	{
		name: 'read-shows-attachments',
		title: 'A read of an SMS shows its attachments',
		source: `${DOCS.smsGet} (examples; its schema lacks them)`,
		mark: 'confirmed',
		restsOn: [
			COMPARED,
			'nodes/CloseSms/transport/request/judgeReadBack.ts',
			'nodes/shared/closeTypes.ts',
		],
		steps: async (close) => {
			const { id } = readSms(await attach(close, [await uploadFile(close)]));
			const { attachments } = await close.read(id);
			expectThat(count(attachments) === 1, finding`it shows ${count(attachments)}`);
		},
	},
	{
		name: 'file-must-be-uploaded-first',
		title: 'A file that was announced and not uploaded cannot be attached: a 400',
		source: DOCS.files,
		mark: 'confirmed',
		restsOn: [UPLOADS, SIMULATED],
		steps: async (close) => {
			const { download } = await announce(close);
			const answer = await attach(close, [{ ...FILE, url: download.url }]);
			expectStatus(answer, 400);
			return finding`${answer.body}`;
		},
	},
	{
		name: 'foreign-address-is-refused',
		title: "A file at an address that is not Close's cannot be attached: a 400",
		source: 'Close says so of emails and WhatsApp',
		mark: 'inferred',
		restsOn: [SIMULATED, FIELD],
		steps: async (close) => {
			const answer = await attach(close, [{ ...FILE, url: 'https://example.com/check.txt' }]);
			expectStatus(answer, 400);
			return finding`${answer.body}`;
		},
	},
	{
		name: 'eleven-attachments-are-refused',
		title: 'More than 10 attachments are a 400',
		source: DOCS.smsUpdate,
		mark: 'confirmed',
		restsOn: [FIELD, 'dev/simulator/sms/smsSchema.ts'],
		steps: async (close) => {
			const file = await uploadFile(close);
			expectStatus(await attach(close, Array(11).fill(file)), 400);
		},
	},
	{
		name: 'null-removes-attachments',
		title: 'The attachments of a draft are removed by null',
		source: DOCS.smsUpdate,
		mark: 'confirmed',
		restsOn: ['nodes/CloseSms/resources/sms/update.ts', COMPARED, 'dev/simulator/sms/smsStore.ts'],
		steps: async (close) => {
			const { id } = readSms(await attach(close, [await uploadFile(close)]));
			const sms = readSms(await attach(close, null, id));
			expectThat(count(sms.attachments) === 0, finding`it still has ${count(sms.attachments)}`);
		},
	},
	{
		name: 'late-upload-is-expired',
		title: 'After 60 seconds the storage refuses the file, and its XML says "expired"',
		source: `${DOCS.files}; the word: ${CONCLUDED}`,
		mark: 'inferred',
		restsOn: [UPLOADS, SIMULATED],
		steps: async (close) => {
			const { upload } = await announce(close);
			await close.wait(66_000, 'The time for an upload has to be over');
			const { status, body } = await close.store(upload.url, upload.fields, CONTENT);
			expectThat(status >= 400, finding`it was taken with ${status}`);
			const words = /<Message>([^<]+)</.exec(body)?.[1];
			expectThat(words?.includes('expired') ?? false, finding`it says ${words ?? 'nothing'}`);
		},
	},
]);
