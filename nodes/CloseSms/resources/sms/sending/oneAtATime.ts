import type { IDataObject } from 'n8n-workflow';
import { OUTGOING_STATUSES, type SmsActivity } from '../../../../shared/closeTypes';
import { toTextFact } from '../../../../shared/describeStatus';
import { validationError } from '../../../../shared/errors/validationError';
import { WaitTimeoutError } from '../../../transport/flowErrors';
import type { HandlerContext, OperationHandler } from '../../../transport/request/operationHandler';
import { withSettings } from '../api/smsRequest';
import { TextsInProgress } from './textsInProgress';

/** Every SMS that an item of this process is at work on. */
const inProgress = new TextsInProgress();

/** To send a draft, and to cancel: neither may be told as done while an earlier request may still send it. */
const dependsOnStatus = ({ status }: IDataObject) =>
	OUTGOING_STATUSES.has(status) || status === 'draft';

/**
 * A request to send the SMS got no response, less than a minute ago, and nobody knows what becomes of it.
 *
 * @param lostAt when the item that sent it ended, in milliseconds since 1970
 * @throws {ItemFailure} while the SMS is still a draft
 */
async function rejectInDoubt(context: HandlerContext, url: string, lostAt: number): Promise<void> {
	const { n8n, send } = context;
	const { body } = await send(withSettings(context, { url }));
	if (body.status !== 'draft') return;
	throw validationError(
		n8n,
		'Close may still be at work on an earlier request to send this SMS',
		'Look at it in Close, or run this item again a minute later.',
	).with({
		outcome: 'unknown',
		text: toTextFact(body as SmsActivity, n8n.getTimezone(), {
			origin: 'given',
			afterMs: Date.now() - lostAt,
		}),
	});
}

/**
 * Does something with an SMS when no other item of this process is at work on it: Close carries out both of two requests
 * to send one draft while it is still at work on the first.
 *
 * @param url of the SMS, below the base URL
 * @throws {ItemFailure} when another execution does not end in time; whatever `work` throws
 */
export async function inTurn<T>(
	context: HandlerContext,
	url: string,
	work: () => Promise<T>,
): Promise<T> {
	const { n8n, request, item, waitFor, run } = context;
	if (item.options.dryRun) return await work();
	const key = `${request.options.baseURL}${url}`;
	const turn = inProgress.takeTurn(key, run);
	try {
		const ms = turn.isAfterOwnRun ? undefined : item.options.giveUpAfter * 1000;
		if (!turn.isFree)
			await waitFor(turn.before, { ms }).catch((error: Error) => {
				if (!(error instanceof WaitTimeoutError)) throw error;
				throw validationError(
					n8n,
					'Another execution is at work on this SMS',
					"That took longer than 'Give Up After'. Look at the SMS in Close before you run this item again.",
				);
			});
		// Of its own lost request, an item reads back what became of it.
		const [lost] = item.unknownOutcome ? [] : inProgress.getEndings(key).slice(-1);
		if (lost && dependsOnStatus((request.options.body ?? {}) as IDataObject))
			await rejectInDoubt(context, url, lost.endedAt);
		return await work();
	} finally {
		turn.end(item.unknownOutcome && { isUnknown: true, at: NaN });
	}
}

/** The item's own SMS: see `inTurn`. */
export const oneAtATime =
	(handler: OperationHandler): OperationHandler =>
	async (context) =>
		await inTurn(context, String(context.request.options.url), async () => await handler(context));
