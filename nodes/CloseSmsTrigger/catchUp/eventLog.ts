import type { IDataObject, ITriggerFunctions } from 'n8n-workflow';
import { closeClock } from '../../shared/closeClock';
import { closeApiRequest } from '../../shared/closeApiRequest';
import type { RequestFailure } from '../../shared/errors/requestFailure';
import { getTime, isSmsEvent, type Action, type CloseEvent } from '../closeEvent';
import type { MissedTime } from './missedTime';

/** So many are read of each action, the latest. Of as many n8n remembers at least whether they have started the workflow. */
export const MAX_EVENTS = 5000;
const PAGE_SIZE = 50;

/** A part of Close's event log. */
export interface LoggedEvents {
	/** Oldest first. */
	events: CloseEvent[];
	/** Whether there are more than could be read. */
	isCut: boolean;
	failure?: RequestFailure;
}

interface Page {
	data: unknown[];
	cursor_next?: string | null;
}

/** By n8n's clock; 0 when it cannot be read. */
const timeOf = (event: CloseEvent) => closeClock.toOwnTime(getTime(event)) || 0;

/**
 * Reads what happened to SMS in some time. Close lists events of one action, the latest first, with a cursor; a page
 * after the first takes no filter by date, so there is none (Close: "Event Log").
 */
async function readAction(
	context: ITriggerFunctions,
	action: Action,
	{ from, until }: MissedTime,
	isStopped: () => boolean,
): Promise<LoggedEvents> {
	const events: CloseEvent[] = [];
	const known = new Set<string>();
	let cursor: string | null | undefined;
	for (let read = 0; read < MAX_EVENTS && !isStopped(); read += PAGE_SIZE) {
		const qs: IDataObject = { object_type: 'activity.sms', action, _limit: PAGE_SIZE };
		const { body, failure } = await closeApiRequest<Page>(context, {
			url: '/event/',
			qs: cursor ? { ...qs, _cursor: cursor } : qs,
			isValidBody: (page) => 'data' in page && Array.isArray(page.data),
		});
		if (failure) return { events, isCut: false, failure };
		const page = body.data.filter(isSmsEvent);
		if (page.length > 0 && page.every(({ id }) => known.has(id))) break;
		for (const { id } of page) known.add(id);
		events.push(...page.filter((event) => timeOf(event) >= from && timeOf(event) <= until));
		cursor = body.cursor_next;
		// What Close merged a change into may stand among older events. A time that cannot be read, which is 0, says nothing.
		const times = page.map(timeOf).filter((time) => time > 0);
		const isPast = times.length > 0 && times.every((time) => time < from);
		if (!cursor || isPast) return { events: events.reverse(), isCut: false };
	}
	return { events: events.reverse(), isCut: true };
}

/** Reads what happened to SMS in some time, oldest first. */
export async function readEvents(
	context: ITriggerFunctions,
	actions: Action[],
	time: MissedTime,
	isStopped: () => boolean,
): Promise<LoggedEvents> {
	const all: LoggedEvents = { events: [], isCut: false };
	for (const action of actions) {
		const { events, isCut, failure } = await readAction(context, action, time, isStopped);
		if (failure) return { ...all, failure };
		all.events.push(...events);
		all.isCut ||= isCut;
	}
	all.events.sort((one, other) => timeOf(one) - timeOf(other));
	return all;
}
