import type { IDataObject } from 'n8n-workflow';
import {
	isSurvived,
	type CloseResponse,
	type HandlerContext,
	type RoutingRequest,
} from '../../../transport/request/operationHandler';

/** The settings of a request that differ from those of the item's own request. */
type RequestSettings = Pick<RoutingRequest['options'], 'method' | 'url' | 'qs' | 'body'>;

/** Another request with the credential and settings of the item's own. */
export const withSettings = (
	{ request }: Pick<HandlerContext, 'request'>,
	{ method = 'GET', qs = {}, body, ...settings }: RequestSettings,
): RoutingRequest => ({
	...request,
	options: { ...request.options, ...settings, method, qs, body },
});

const smsUrl = (id?: string) => (id === undefined ? {} : { url: `/activity/sms/${id}/` });

/** @param id of the SMS; that of the item's own request unless given */
export const smsRead = (context: Pick<HandlerContext, 'request'>, id?: string): RoutingRequest =>
	withSettings(context, smsUrl(id));

/** @param id of the SMS; that of the item's own request unless given */
export const smsUpdate = (
	context: Pick<HandlerContext, 'request'>,
	body: IDataObject,
	id?: string,
): RoutingRequest => withSettings(context, { method: 'PUT', body, ...smsUrl(id) });

export const smsDeletion = (context: Pick<HandlerContext, 'request'>, id: string): RoutingRequest =>
	withSettings(context, { method: 'DELETE', ...smsUrl(id) });

/**
 * Reads what an SMS is now.
 *
 * @param id of the SMS; that of the item's own request unless given
 * @returns undefined when it cannot be read, or may still change because the outcome of the item's request is unknown
 */
export async function tryReadSms(
	{ item, request, trySend }: Pick<HandlerContext, 'item' | 'request' | 'trySend'>,
	id?: string,
): Promise<CloseResponse | undefined> {
	if (item.unknownOutcome) return undefined;
	const current = await trySend(smsRead({ request }, id));
	return isSurvived(current) ? undefined : current;
}
