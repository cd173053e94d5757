import type { ITriggerFunctions, IWebhookFunctions } from 'n8n-workflow';
import { closeApiRequest } from '../../shared/closeApiRequest';
import { isRecord } from '../../shared/fieldValues';
import { getMaker, utcTime, type CloseEvent, type Maker } from '../closeEvent';
import type { EventName } from '../events';

/** What Close does by itself once somebody has let a text go out: its event need not name who that was. */
const CARRIED_OUT_BY_CLOSE: ReadonlySet<EventName> = new Set<EventName>(['sent', 'failed']);

/** Close's largest page of events; few things happen to one text. */
const MAX_EVENTS = 50;

interface EventLog {
	data?: unknown;
}

interface LoggedEvent {
	maker?: Maker;
	/** Whether it may have changed the status, and so let the text go out. */
	isOfStatus: boolean;
	/** In milliseconds since 1970; NaN where it cannot be read. */
	time: number;
}

const CHANGES = new Set<unknown>(['created', 'updated']);

/** A change of this text in the log; whatever else stands in it is left out. */
const readChange = (event: unknown, id: string): LoggedEvent[] =>
	isRecord(event) && CHANGES.has(event.action) && event.object_id === id
		? [
				{
					maker: getMaker(event),
					isOfStatus: isOfStatus(event),
					time: parseTime(event.date_updated),
				},
			]
		: [];

const isOfStatus = ({ action, changed_fields: fields }: Record<string, unknown>) =>
	action === 'created' || !Array.isArray(fields) || (fields as unknown[]).includes('status');

const parseTime = (time: unknown) =>
	Date.parse(typeof time === 'string' ? utcTime({ date_updated: time }) : '');

/** Who made the last change of the status of a text before this event; else who made the last change at all. */
function findMaker(
	{ data }: EventLog,
	id: string,
	{ date_updated: until }: CloseEvent,
): Maker | undefined {
	const changes = (Array.isArray(data) ? data : [])
		.flatMap((event) => readChange(event, id))
		.filter(({ maker, time }) => maker && time <= parseTime(until))
		.sort((one, other) => other.time - one.time);
	return (changes.find(({ isOfStatus }) => isOfStatus) ?? changes[0])?.maker;
}

/**
 * Who is behind an event: who made the change, and of a text that was sent, or failed, who let it go out. For that
 * Close's event log is read, since Close itself hands the text to the carrier.
 *
 * @returns `maker` is undefined when nobody is named, or Close refuses the log; undefined when Close could not be asked
 * for now
 */
export async function readMaker(
	context: IWebhookFunctions | ITriggerFunctions,
	event: CloseEvent,
	name: EventName,
): Promise<{ maker?: Maker } | undefined> {
	const maker = getMaker(event);
	const { object_type, object_id: id } = event;
	if (maker === 'integration' || !CARRIED_OUT_BY_CLOSE.has(name) || !id) return { maker };
	const { body, failure } = await closeApiRequest<EventLog>(context, {
		url: '/event/',
		qs: { object_type, object_id: id, _limit: MAX_EVENTS },
	});
	if (!failure) return { maker: findMaker(body, id, event) ?? maker };
	context.logger.warn(`Who let an SMS go out could not be read: ${failure.reason}`);
	return failure.kind === 'rejected' ? { maker } : undefined;
}
