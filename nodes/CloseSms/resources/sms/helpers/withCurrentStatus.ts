import type { NodeApiError } from 'n8n-workflow';
import type { SmsActivity } from '../../../../shared/closeTypes';
import type { OperationHandler } from '../../../transport/operationHandler';
import { smsRequest } from './smsRequest';
import { describeStatus } from './describeStatus';

const NOT_SENT_AGAIN =
	'It was not sent again. Where the same text may be sent twice, use Send: it takes one that was sent already as done.';

/**
 * Where Close refuses an edit because the text is not a draft any more, also says what it is now: whoever runs a
 * workflow a second time sees that the first went through.
 */
export const withCurrentStatus = (steps: OperationHandler): OperationHandler =>
	async function (send, request) {
		return await steps.call(this, send, request).catch(async (error: NodeApiError) => {
			if (error.httpCode !== '400') throw error;
			const now = await send(smsRequest(request, 'GET')).catch(() => undefined);
			const found = now?.body as SmsActivity | undefined;
			if (!found || found.status === 'draft') throw error;
			const state = describeStatus(found, this.getTimezone());
			error.message = `${error.message.replace(/\.$/, '')}. This text ${state}`;
			const { status } = request.options.body as { status?: string };
			if (status === 'outbox' && found.status === 'sent') error.description = NOT_SENT_AGAIN;
			throw error;
		});
	};
