import { wrongFields } from './answers';
import { newId } from './ids';
import type { AnsweredAttachment, RequestedAttachment } from './types';
import type { World } from './world';

const CLOSE_FILES = 'https://app.close.com/go/file/';

/** Uploaded files. */
export class Files {
	constructor(private readonly world: World) {}

	/** Attachments as Close shows them on the text they belong to. @throws Refusal 400 for a URL that is no file of Close */
	attached(requested: RequestedAttachment[], smsId: string): AnsweredAttachment[] {
		return requested.map((one, index) => {
			if (!one.url.startsWith(CLOSE_FILES) && !one.url.startsWith(`${this.world.url}/go/file/`)) {
				throw wrongFields({
					attachments: { errors: { [index]: { url: `Must begin with ${CLOSE_FILES}` } } },
				});
			}
			const mediaId = newId('media');
			return {
				...one,
				url: `https://app.close.com/go/sms/${smsId}/media/${mediaId}/`,
				size: 1024,
				media_id: mediaId,
			};
		});
	}
}
