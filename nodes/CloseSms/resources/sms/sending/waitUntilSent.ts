import {
	NodeOperationError,
	type IDataObject,
	type IExecutePaginationFunctions,
	type INodeExecutionData,
} from 'n8n-workflow';
import { explainFailure } from '../../../../shared/carrierErrors';
import { OUTGOING_STATUSES, type SmsActivity } from '../../../../shared/closeTypes';
import { joinSentences } from '../../../../shared/errors/joinSentences';
import { describeReason, describeStatus } from '../../../../shared/describeStatus';
import { toOutput } from '../../../output/toOutput';
import { withNote } from '../../../output/withNote';
import type { CloseResponse, RoutingRequest } from '../../../transport/request/operationHandler';
import { DeliveryError } from '../../../transport/request/itemErrors';
import type { Asker } from '../people/lookUp';
import { readRequest } from '../api/smsRequest';

const listRequest = (request: RoutingRequest, ids: string[]): RoutingRequest => ({
	...readRequest(request, '/activity/sms/', { id__in: ids.join(','), _limit: ids.length }),
	isOptional: true,
});

/** Reads texts by their IDs. Nothing is known of those that are missing. */
async function readTexts({ send, request }: Asker, ids: string[]): Promise<SmsActivity[]> {
	const { body } = await send(listRequest(request, ids), {
		body: { data: [] },
		note: "The text would then be read until it is sent, together with all others that wait, for as long as 'Wait Until Sent' says.",
	});
	return Array.isArray(body.data) ? (body.data as SmsActivity[]) : [];
}

/** The carrier did not deliver a text that Close had taken. */
function toDeliveryError(
	context: IExecutePaginationFunctions,
	text: SmsActivity,
): NodeOperationError {
	const itemIndex = context.getItemIndex();
	const { error_reason: reason, error_next_step: nextStep } =
		explainFailure(text.error_message) ?? {};
	return new DeliveryError(
		context.getNode(),
		joinSentences(
			`This text was not delivered [item ${itemIndex}]: ${describeReason(text)}`,
			reason,
		).replace(/\.$/, ''),
		{
			itemIndex,
			description: joinSentences(nextStep, `Its ID is ${text.id}, and it was not sent again`),
		},
	);
}

const isOnItsWay = ({ status }: IDataObject) => OUTGOING_STATUSES.has(status);

/**
 * 'Wait Until Sent': waits for what becomes of a text that is on its way. The item gives up its place meanwhile, and
 * others go on.
 *
 * @param response of the request that let it go out
 * @returns the text as it was last read, with a note if it is still on its way
 * @throws {NodeOperationError} in the carrier's words, when it was not delivered
 */
export async function waitUntilSent(
	context: IExecutePaginationFunctions,
	asker: Asker,
	{ items, body }: CloseResponse,
): Promise<INodeExecutionData[]> {
	const { item, waitFor } = asker;
	const seconds = item.options.waitUntilSent;
	if (seconds === 0) return items;
	const id = String(body.id ?? '{id}');
	if (item.options.dryRun) {
		await readTexts(asker, [id]);
		return items;
	}
	const zone = context.getTimezone();
	if (body.status === 'error') throw toDeliveryError(context, body as SmsActivity);
	if (!isOnItsWay(body)) return items;
	const state = (text: IDataObject) => describeStatus(text as SmsActivity, zone);
	const isLater = Date.parse(String(body.date_scheduled)) > Date.now() + seconds * 1000;
	if (body.status === 'scheduled' && isLater)
		return withNote(items, `Not waited for: it ${state(body)}.`);
	const last = await waitFor(
		item.sentWatch.wait(
			id,
			seconds * 1000,
			async (ids) => await readTexts(asker, ids).catch(() => []),
		),
	);
	if (!last)
		return withNote(
			items,
			`It could not be read within ${seconds} seconds whether it was sent. It was not sent again.`,
		);
	if (last.status === 'error') throw toDeliveryError(context, last);
	const output = await toOutput(context, last);
	if (last.status === 'sent') return output;
	return withNote(
		output,
		isOnItsWay(last)
			? `Not sent within ${seconds} seconds: it ${state(last)}. It was not sent again.`
			: `It was changed while this waited: it ${state(last)}.`,
	);
}
