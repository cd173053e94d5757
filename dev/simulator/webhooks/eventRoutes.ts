import type { FastifyInstance } from 'fastify';

import type { AccountState } from '../account/accountState';
import { errorResponse, invalidFields, notFound } from '../http/errors';
import { offsetHours, single, time, wholeNumber, type Query } from '../http/query';
import type { Caller } from '../types';
import type { Webhooks } from './webhooks';
import type { WebhookEvent } from './webhookEvents';

/** Close's largest page of events, and what it cuts a larger one down to. */
const MAX_LIMIT = 50;
/** Events can be read for so long, in milliseconds. */
const KEPT = 30 * 24 * 3_600_000;
/** What happened to a thing is shown to those who are no admins for so long, in milliseconds. */
const DATA_SHOWN = 3_600_000;

const FILTERS = ['object_type', 'object_id', 'action', 'lead_id', 'user_id', 'request_id'] as const;

/** Close: "Only certain combinations of filters are supported", besides none at all. */
const COMBINATIONS = new Set([
	'',
	'object_type object_id',
	'object_type action',
	'object_id action',
	'object_type lead_id',
	'object_type action lead_id',
	'object_type lead_id user_id',
	'object_type action lead_id user_id',
	'lead_id user_id',
	'object_id user_id',
	'object_id action user_id',
	'object_type user_id',
	'object_type action user_id',
	'lead_id',
	'user_id',
	'request_id',
]);

const DATES = {
	date_updated__gt: (at: number, limit: number) => at > limit,
	date_updated__gte: (at: number, limit: number) => at >= limit,
	date_updated__lt: (at: number, limit: number) => at < limit,
	date_updated__lte: (at: number, limit: number) => at <= limit,
};

const updatedAt = ({ date_updated }: WebhookEvent) => Date.parse(`${date_updated}Z`);

type Fits = (event: WebhookEvent) => boolean;

/** @throws ErrorResponse 400 for a combination of filters that Close does not support */
function filters(query: Query, offset: number): Fits[] {
	const given = FILTERS.filter((name) => single(query, name) !== undefined);
	if (!COMBINATIONS.has(given.join(' ')))
		throw errorResponse(400, `Unsupported combination of filters: ${given.join(', ')}.`);
	const fields = given.map((name): Fits => {
		const wanted = single(query, name);
		return (event) => event[name] === wanted;
	});
	const dates = Object.entries(DATES).flatMap(([name, test]): Fits[] => {
		const limit = time(query, name, offset);
		return limit === undefined ? [] : [(event) => test(updatedAt(event), limit)];
	});
	return [...fields, ...dates];
}

/** The way from an event: to those before it, or after it. */
interface Cursor {
	way: 'older' | 'newer';
	id: string;
}

const writeCursor = (way: Cursor['way'], event: WebhookEvent | undefined): string | null =>
	event ? Buffer.from(`${way} ${event.id}`).toString('base64url') : null;

/** @throws ErrorResponse 400 for what is no cursor */
function readCursor(text: string): Cursor {
	const [way, id] = Buffer.from(text, 'base64url').toString('utf8').split(' ');
	if ((way !== 'older' && way !== 'newer') || !id)
		throw invalidFields({ _cursor: 'Invalid cursor.' });
	return { way, id };
}

/** One page, latest first. @param fitting latest first */
function page(fitting: WebhookEvent[], cursor: Cursor | undefined, limit: number) {
	const at = cursor ? fitting.findIndex(({ id }) => id === cursor.id) : -1;
	const from = cursor?.way === 'newer' ? Math.max(0, at - limit) : at + 1;
	const to = cursor?.way === 'newer' ? Math.max(0, at) : from + limit;
	const data = fitting.slice(from, to);
	return {
		data,
		cursor_next: to < fitting.length ? writeCursor('older', data[data.length - 1]) : null,
		cursor_previous: from > 0 ? writeCursor('newer', data[0]) : null,
	};
}

/** As somebody who is no admin sees it. */
const withoutOldData = (event: WebhookEvent, now: number): WebhookEvent =>
	now - updatedAt(event) > DATA_SHOWN ? { ...event, data: null, previous_data: null } : event;

/** `/event/`: what has happened to texts, the latest first */
export function eventRoutes(api: FastifyInstance, state: AccountState, webhooks: Webhooks): void {
	const kept = () => webhooks.happened.filter((one) => updatedAt(one) > state.clock.ms() - KEPT);
	const shown = (event: WebhookEvent, { userId }: Caller) =>
		state.account.admins.includes(userId) ? event : withoutOldData(event, state.clock.ms());
	api.get(
		'/event/',
		{ config: { query: ['_limit', '_cursor', ...FILTERS, ...Object.keys(DATES)] } },
		({ caller, entry: { query, headers } }) => {
			if (single(query, '_skip') !== undefined)
				throw errorResponse(400, '_skip is not supported: use _cursor.');
			const all = filters(query, offsetHours(headers));
			const limit = Math.min(MAX_LIMIT, wholeNumber(query, '_limit', MAX_LIMIT));
			const text = single(query, '_cursor');
			const cursor = text === undefined ? undefined : readCursor(text);
			const fitting = kept()
				.filter((event) => event.id === cursor?.id || all.every((fits) => fits(event)))
				.reverse();
			const { data, ...cursors } = page(fitting, cursor, limit);
			return { data: data.map((one) => shown(one, caller)), ...cursors };
		},
	);
	api.get<{ Params: { id: string } }>('/event/:id/', ({ params, caller }) => {
		const event = kept().find(({ id }) => id === params.id);
		if (!event) throw notFound('Event');
		return shown(event, caller);
	});
}
