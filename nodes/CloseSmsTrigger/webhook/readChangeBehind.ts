import type { ITriggerFunctions, IWebhookFunctions } from 'n8n-workflow';
import { closeApiRequest } from '../../shared/closeApiRequest';
import { isRecord } from '../../shared/fieldValues';
import { getMaker, getTime, type CloseEvent } from '../closeEvent';
import type { EventName } from '../events';

/** What Close does by itself once somebody has let a text go out: its event need not name who that was. */
const CARRIED_OUT_BY_CLOSE: ReadonlySet<EventName> = new Set<EventName>(['sent', 'failed']);

/** Close's largest page of events; few things happen to one text. */
const MAX_EVENTS = 50;

interface EventLog {
	data?: unknown;
}

/** What says who made a change. */
export type Change = Pick<
	CloseEvent,
	'user_id' | 'api_key_id' | 'oauth_client_id' | 'date_updated'
>;

const CHANGES = new Set<unknown>(['created', 'updated']);

const textOf = (value: unknown) => (typeof value === 'string' ? value : null);

/** A change of this text in the log that names its maker; whatever else stands in it is left out. */
function readChange(event: unknown, id: string): Array<Change & { isOfStatus: boolean }> {
	if (!isRecord(event) || !CHANGES.has(event.action) || event.object_id !== id) return [];
	const change = {
		user_id: textOf(event.user_id),
		api_key_id: textOf(event.api_key_id),
		oauth_client_id: textOf(event.oauth_client_id),
		date_updated: textOf(event.date_updated) ?? '',
		isOfStatus: isOfStatus(event),
	};
	return getMaker(change) ? [change] : [];
}

/** Whether it may have changed the status, and so let the text go out. */
const isOfStatus = ({ action, changed_fields: fields }: Record<string, unknown>) =>
	action === 'created' || !Array.isArray(fields) || (fields as unknown[]).includes('status');

const readEvents = ({ data }: EventLog): unknown[] => (Array.isArray(data) ? data : []);

/** Whether the log goes back to when the text was made. */
const goesBack = (log: EventLog, id: string) =>
	readEvents(log).some(
		(event) => isRecord(event) && event.action === 'created' && event.object_id === id,
	);

/** The last change of the status of a text before this event that names somebody; else the last change at all. */
function findChange(log: EventLog, id: string, event: CloseEvent): Change | undefined {
	const changes = readEvents(log)
		.flatMap((one) => readChange(one, id))
		.filter((change) => getTime(change) <= getTime(event))
		.sort((one, other) => getTime(other) - getTime(one));
	return changes.find(({ isOfStatus: decided }) => decided) ?? changes[0];
}

/**
 * Finds the change that is behind an event: the event itself, and of a text that was sent, or failed, what let it go
 * out. For that Close's event log is read, since Close itself hands the text to the carrier.
 *
 * @returns the event itself also when nobody is named; `unknown` when Close does not show the text's changes, and the event
 * names nobody; undefined when Close could not be asked for now
 */
export async function readChangeBehind(
	context: IWebhookFunctions | ITriggerFunctions,
	event: CloseEvent,
	name: EventName,
): Promise<Change | 'unknown' | undefined> {
	if (getMaker(event) === 'integration' || !CARRIED_OUT_BY_CLOSE.has(name)) return event;
	const inDoubt = getMaker(event) ? event : 'unknown';
	const { object_type, object_id: id } = event;
	if (!id) return inDoubt;
	const { body, failure } = await closeApiRequest<EventLog>(context, {
		url: '/event/',
		qs: { object_type, object_id: id, _limit: MAX_EVENTS },
	});
	if (!failure) return findChange(body, id, event) ?? (goesBack(body, id) ? event : inDoubt);
	context.logger.warn(`Who let an SMS go out could not be read: ${failure.reason}`);
	return failure.kind === 'rejected' ? inDoubt : undefined;
}
