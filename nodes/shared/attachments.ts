import type { IDataObject } from 'n8n-workflow';
import { bodyOf, type Check } from './checks';
import { problem } from './problems';

const of = (group: string, types: string) => types.split(' ').map((type) => `${group}/${type}`);

/** What Close takes as attachment of an SMS (Close's OpenAPI: `SMSActivityAttachment.content_type`). */
export const CONTENT_TYPES = [
	...of('application', 'pdf vcard'),
	...of('audio', '3gpp 3gpp2 L24 ac3 amr amr-nb basic mp4 mpeg ogg vnd.rn-realaudio vnd.wave webm'),
	...of('image', 'bmp gif jpeg jpg png tiff'),
	...of('text', 'calendar csv directory richtext rtf vcard x-vcard'),
	...of('video', '3gpp 3gpp-tt 3gpp2 H261 H263 H263-1998 H263-2000 H264 mp4 mpeg quicktime webm'),
];

/** Close's limit for one message. */
const MOST = 10;

interface Entry extends IDataObject {
	url?: string;
	filename?: string;
	contentType?: string;
}

/** Turns n8n's collection of attachments into Close's list. */
export const attachments: Check = (context, request) => {
	const body = bodyOf(request);
	if (!body.attachments) return;
	const entries = (body.attachments as { attachment?: Entry[] }).attachment ?? [];
	if (entries.length === 0) {
		delete body.attachments;
		return;
	}
	if (entries.length > MOST) {
		throw problem(
			context,
			`'Attachments' holds ${entries.length} files`,
			`Close takes at most ${MOST} with one text.`,
		);
	}
	body.attachments = entries.map(({ url, filename, contentType }, index) => {
		const missing = Object.entries({
			URL: url,
			Filename: filename,
			'Content Type': contentType,
		}).find(([, value]) => !value);
		if (missing) {
			throw problem(
				context,
				`'${missing[0]}' of attachment ${index + 1} is empty`,
				'Close needs the URL, the filename and the content type of each file.',
			);
		}
		if (!CONTENT_TYPES.includes(contentType!)) {
			throw problem(
				context,
				`'Content Type' of attachment ${index + 1} is one that Close does not take`,
				`It takes ${CONTENT_TYPES.join(', ')}.`,
			);
		}
		return { url, filename, content_type: contentType };
	});
};
