import type { SmsActivity } from '../../../../shared/closeTypes';
import { toTextFact } from '../../../../shared/describeStatus';
import { isRequestFailure } from '../../../../shared/errors/itemFailure';
import type { OperationHandler } from '../../../transport/request/operationHandler';
import { tryReadSms } from '../api/smsRequest';

const NOT_SENT_AGAIN =
	'It was not sent again. Where a workflow may meet the same SMS twice, use Send Draft: for an SMS that was sent already it gives no error.';

/**
 * Where Close rejects an edit because the text is not a draft any more, the error also says what it is now: whoever runs
 * a workflow a second time sees that the first run sent it.
 */
export const withCurrentStatus =
	(handler: OperationHandler): OperationHandler =>
	async (context) =>
		await handler(context).catch(async (error: unknown) => {
			if (!isRequestFailure(error) || error.facts.httpCode !== '400') throw error;
			const current = await tryReadSms(context);
			if (!current || current.body.status === 'draft') throw error;
			const { n8n, request } = context;
			const found = current.body as SmsActivity;
			const text = toTextFact(found, n8n.getTimezone(), { origin: 'given' });
			const { status } = request.options.body as { status?: string };
			const wasSent = status === 'outbox' && found.status === 'sent';
			throw error.with({ text, ...(wasSent && { next: NOT_SENT_AGAIN }) });
		});
