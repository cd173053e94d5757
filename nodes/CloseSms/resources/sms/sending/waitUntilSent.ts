import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { OUTGOING_STATUSES, type SmsActivity } from '../../../../shared/closeTypes';
import { describeStatus } from '../../../../shared/describeStatus';
import { isRecord } from '../../../../shared/fieldValues';
import { toOutput } from '../../../output/toOutput';
import { withNote } from '../../../output/withNote';
import {
	isSurvived,
	perRun,
	type CloseResponse,
	type HandlerContext,
} from '../../../transport/request/operationHandler';
import { toUndeliveredFailure } from '../../../transport/request/itemFailures';
import { findDifferences } from '../../../transport/request/responseCheck';
import { withSettings } from '../api/smsRequest';
import { pickChecked } from './draftThenSend';
import { SentWatch } from './sentWatch';

/** What becomes of the texts of a run. */
const getSentWatch = perRun(
	({ n8n, stopSignal }) => new SentWatch([n8n.getExecutionCancelSignal(), stopSignal]),
);

/** Reads texts by their IDs. Nothing is known of those that are missing. */
async function readTexts(context: HandlerContext, ids: string[]): Promise<SmsActivity[]> {
	const qs = { id__in: ids.join(','), _limit: ids.length };
	const response = await context.trySend({
		...withSettings(context, { url: '/activity/sms/', qs }),
		assumed: {
			body: { data: [] },
			note: "The SMS would then be read until it is sent, together with all others that wait, for as long as 'Wait Until Sent' says.",
		},
	});
	if (isSurvived(response) || !Array.isArray(response.body.data)) return [];
	return response.body.data.filter(isText);
}

const isText = (entry: unknown): entry is SmsActivity =>
	isRecord(entry) && 'id' in entry && 'status' in entry;

const isOnItsWay = ({ status }: IDataObject) => OUTGOING_STATUSES.has(status);

/**
 * 'Wait Until Sent': waits for what becomes of a text that is on its way. The item gives up its place meanwhile, and
 * others go on.
 *
 * @param response of the request that let it go out
 * @returns the text as it was last read, with a note if it is still on its way
 * @throws {ItemFailure} in the carrier's words, when it was not delivered
 */
export async function waitUntilSent(
	context: HandlerContext,
	{ items, body }: CloseResponse,
): Promise<INodeExecutionData[]> {
	const { n8n, item, stopSignal, waitAtEnd } = context;
	const seconds = item.options.waitUntilSent;
	if (seconds === 0) return items;
	const id = String(body.id ?? '{id}');
	if (item.options.dryRun) {
		await readTexts(context, [id]);
		return items;
	}
	const zone = n8n.getTimezone();
	if (body.status === 'error') throw toUndeliveredFailure(item, body as SmsActivity);
	if (!isOnItsWay(body)) return items;
	const state = (text: IDataObject) => describeStatus(text as SmsActivity, zone);
	const isLater = Date.parse(String(body.date_scheduled)) > Date.now() + seconds * 1000;
	if (body.status === 'scheduled' && isLater)
		return withNote(items, `Did not wait: it ${state(body)}.`);
	const last = await waitAtEnd(
		getSentWatch(context).wait(id, seconds * 1000, async (ids) => await readTexts(context, ids)),
	);
	const isCutShort = stopSignal.aborted && (!last || isOnItsWay(last));
	if (isCutShort)
		return withNote(
			items,
			`Stopped waiting, since another item failed: it ${state(last ?? body)}.`,
		);
	if (!last)
		return withNote(
			items,
			`Close did not say within ${seconds} seconds whether it was sent. It was not sent again.`,
		);
	if (last.status === 'error') throw toUndeliveredFailure(item, last);
	// What was noted of the request that let it go out holds still.
	const output = withNote(await toOutput(n8n, last), items[0]?.json._note as string | undefined);
	const wasChanged = findDifferences(pickChecked(body), { ...last }, false).length > 0;
	if (wasChanged)
		return withNote(output, `Somebody changed it while this waited: it ${state(last)}.`);
	if (last.status === 'sent') return output;
	return withNote(
		output,
		isOnItsWay(last)
			? `Not sent within ${seconds} seconds: it ${state(last)}. It was not sent again.`
			: `It was changed while this waited: it ${state(last)}.`,
	);
}
