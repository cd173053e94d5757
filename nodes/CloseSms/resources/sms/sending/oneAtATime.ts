import type { IDataObject } from 'n8n-workflow';
import { OUTGOING_STATUSES, type SmsActivity } from '../../../../shared/closeTypes';
import { toTextFact } from '../../../../shared/describeStatus';
import { validationError } from '../../../../shared/errors/validationError';
import { StaleError, WaitTimeoutError } from '../../../transport/flowErrors';
import type {
	CloseResponse,
	HandlerContext,
	OperationHandler,
	Send,
} from '../../../transport/request/operationHandler';
import { RecentIds } from '../../../transport/request/recentIds';
import { withSettings } from '../api/smsRequest';
import { Turns, type Turn } from './turns';

/**
 * One SMS, one item at a time, in all executions of this process: Close carries out both of two requests to send one draft
 * while it is still at work on the first.
 */
const turns = new Turns();

/**
 * The SMS of which a request to send has no known outcome, since the item ended that sent it: Close may be at work on it
 * for as long as is remembered here.
 */
const doubts = new RecentIds();

/** @param url of the SMS, below the base URL */
const toKey = ({ request }: HandlerContext, url: string) => `${request.options.baseURL}${url}`;

/** @throws {ItemFailure} when another execution does not end in time */
async function waitForOthers(
	{ n8n, item, waitFor }: HandlerContext,
	{ before, isAfterOwnRun }: Pick<Turn, 'before' | 'isAfterOwnRun'>,
): Promise<void> {
	const ms = isAfterOwnRun ? undefined : item.options.giveUpAfter * 1000;
	await waitFor(before, { ms }).catch((error: Error) => {
		if (!(error instanceof WaitTimeoutError)) throw error;
		throw validationError(
			n8n,
			'Another execution is at work on this SMS',
			"That took longer than 'Give Up After'. Look at the SMS in Close before you run this item again.",
		);
	});
}

/** When the item ended whose request Close may still be at work on. Of its own, an item reads back what became of it. */
const getDoubt = ({ item }: HandlerContext, key: string) =>
	item.unknownOutcome ? undefined : doubts.getTime(key);

/**
 * Reads an SMS that an earlier request may still send.
 *
 * @returns undefined when there is no such request
 * @throws {ItemFailure} while the SMS is still a draft
 */
async function readIfInDoubt(
	context: HandlerContext,
	url: string,
): Promise<CloseResponse | undefined> {
	const { n8n, send } = context;
	const endedAt = getDoubt(context, toKey(context, url));
	if (endedAt === undefined) return undefined;
	const current = await send(withSettings(context, { url }));
	if (current.body.status !== 'draft') return current;
	throw validationError(
		n8n,
		'Close may still be at work on an earlier request to send this SMS',
		'Look at it in Close, or run this item again a minute later.',
	).with({
		outcome: 'unknown',
		text: toTextFact(current.body as SmsActivity, n8n.getTimezone(), {
			origin: 'given',
			afterMs: Date.now() - endedAt,
		}),
	});
}

interface InTurn<T> {
	/** Of the SMS, below the base URL. */
	url: string;
	/** Whether it may let the SMS go out. */
	sendsText: boolean;
	work: (turn: {
		/** Whether another item was at work on the SMS: what was read of it before may not be so any more. */
		hasWaited: boolean;
		/** The SMS as it is now, if it had to be read since an earlier request was in doubt. */
		current?: CloseResponse;
	}) => Promise<T>;
}

/**
 * Does something with an SMS in several requests, when no other item of this process is at work on it. To be called once
 * the first request of the item was admitted: one that waits in the queue must not keep others waiting.
 *
 * @throws {ItemFailure} when another execution does not end in time, or an earlier request may still send the SMS;
 * whatever `work` throws
 */
export async function inTurn<T>(
	context: HandlerContext,
	{ url, sendsText, work }: InTurn<T>,
): Promise<T> {
	const { item, run } = context;
	if (item.options.dryRun) return await work({ hasWaited: false });
	const key = toKey(context, url);
	const hasWaited = turns.isTaken(key);
	const turn = turns.take(key, run);
	try {
		if (hasWaited) await waitForOthers(context, turn);
		const result = await work({ hasWaited, current: await readIfInDoubt(context, url) });
		doubts.delete(key);
		return result;
	} finally {
		if (sendsText && item.unknownOutcome) doubts.add(key);
		turn.end();
	}
}

/**
 * Makes a `send` for the one request of an item that changes its SMS: it takes its turn as it is admitted.
 *
 * @throws {ItemFailure} as `inTurn`; whatever `send` throws
 */
function sendInTurn(context: HandlerContext): Send {
	const { item, run, send } = context;
	return async (request) => {
		const { method, body } = request.options;
		if (item.options.dryRun || method === 'GET') return await send(request);
		const url = String(request.options.url);
		const key = toKey(context, url);
		for (;;) {
			const doubt = getDoubt(context, key);
			await readIfInDoubt(context, url);
			let turn: Turn | undefined;
			const isStale = () => {
				const isOther = turns.isTaken(key) || getDoubt(context, key) !== doubt;
				if (!turn && isOther) return true;
				turn ??= turns.take(key, run);
				return request.isStale?.() ?? false;
			};
			const sending = send({ ...request, isStale }).finally(() => {
				const { status } = (body ?? {}) as IDataObject;
				if (turn && item.unknownOutcome && OUTGOING_STATUSES.has(status)) doubts.add(key);
				turn?.end();
			});
			const response = await sending.catch((error: unknown) => {
				if (turn || !(error instanceof StaleError)) throw error;
				return undefined;
			});
			if (response) {
				doubts.delete(key);
				return response;
			}
			await waitForOthers(context, { before: turns.untilFree(key), isAfterOwnRun: false });
		}
	};
}

/** An operation whose one request changes the item's SMS: see `inTurn`. */
export const oneAtATime =
	(handler: OperationHandler): OperationHandler =>
	async (context) =>
		await handler({ ...context, send: sendInTurn(context) });
