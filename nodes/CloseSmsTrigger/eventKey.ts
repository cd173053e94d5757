import { getTime, type CloseEvent } from './closeEvent';
import { REPEATABLE_EVENTS, type EventName } from './events';
import type { EventKey } from './processedEvents';

/** The ID of the SMS; that of the event if Close names none. */
const getSmsId = ({ id, object_id, data, previous_data }: CloseEvent): string =>
	[object_id, data?.id, previous_data?.id].find(
		(value): value is string => typeof value === 'string' && value !== '',
	) ?? id;

/**
 * An SMS that comes in is one of these. Which one depends on the settings, and on what Close shows of the SMS before it:
 * when the event is delivered again, that may be another one.
 */
const INCOMING: ReadonlySet<EventName> = new Set<EventName>(['received', 'optedOut', 'optedIn']);

/**
 * What happens to an SMS only once is identified by the SMS: Close may merge a later change into the event, or report it
 * in another one, and an automatic reply must not go out again. Of the rest each event counts, and each change that
 * Close merges into it.
 */
export const toEventKey = (event: CloseEvent, name: EventName): EventKey => {
	const isRepeatable = REPEATABLE_EVENTS.has(name);
	return {
		id: isRepeatable ? event.id : `${getSmsId(event)} ${INCOMING.has(name) ? 'received' : name}`,
		time: getTime(event) || 0,
		isRepeatable,
	};
};
