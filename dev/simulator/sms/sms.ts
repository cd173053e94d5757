import type { FastifyInstance } from 'fastify';

import { notFound } from '../http/errors';
import {
	flag,
	idSet,
	offsetHours,
	page,
	PAGE_QUERY,
	picked,
	single,
	time,
	type Query,
} from '../http/query';
import type { SmsInput } from './smsRules';
import { createSmsBody, updateSmsBody } from './smsSchema';
import type { SmsActivity } from '../types';
import type { State } from '../state';

const DATES = ['date_created', 'activity_at'] as const;
const TESTS = {
	gt: (a: number, b: number) => a > b,
	gte: (a: number, b: number) => a >= b,
	lt: (a: number, b: number) => a < b,
	lte: (a: number, b: number) => a <= b,
};
const IDS = {
	id__in: 'id',
	lead_id: 'lead_id',
	contact_id: 'contact_id',
	user_id: 'user_id',
	_type: '_type',
} as const;

const LIST_QUERY = [
	...PAGE_QUERY,
	...Object.keys(IDS),
	'organization_id',
	...DATES.flatMap((date) => Object.keys(TESTS).map((test) => `${date}__${test}`)),
];

type Filter = (activity: SmsActivity) => boolean;

function filters(query: Query, offset: number): Filter[] {
	const found: Filter[] = [];
	for (const [parameter, field] of Object.entries(IDS)) {
		const ids = idSet(query, parameter);
		if (ids) found.push((activity) => ids.has(activity[field] ?? ''));
	}
	for (const date of DATES) {
		for (const [name, test] of Object.entries(TESTS)) {
			const limit = time(query, `${date}__${name}`, offset);
			if (limit !== undefined)
				found.push((activity) => test(Date.parse(activity[date] ?? ''), limit));
		}
	}
	const organization = single(query, 'organization_id');
	if (organization) found.push((activity) => activity.organization_id === organization);
	return found;
}

/** `/activity/sms/` */
export function smsRoutes(
	api: FastifyInstance,
	{ smsStore: texts, settings, notifications }: State,
): void {
	api.get('/activity/sms/', { config: { query: LIST_QUERY } }, ({ entry }) => {
		const all = filters(entry.query, offsetHours(entry.headers));
		const matching = texts.newestFirst().filter((activity) => all.every((fits) => fits(activity)));
		return page(matching, entry.query, settings.maxSkip);
	});
	api.post<{ Body: SmsInput }>(
		'/activity/sms/',
		{ schema: { body: createSmsBody }, config: { query: ['send_to_inbox', '_fields'] } },
		({ body, caller, entry }) => {
			const toInbox = flag(entry.query, 'send_to_inbox');
			const activity = texts.create(body, caller, offsetHours(entry.headers));
			if (toInbox && activity.status === 'inbox') notifications.push(activity.id);
			return picked(activity, entry.query);
		},
	);
	api.get<{ Params: { id: string } }>(
		'/activity/sms/:id/',
		{ config: { query: ['_fields'] } },
		({ params, entry }) => {
			const activity = texts.get(params.id);
			if (!activity) throw notFound('SMS');
			return picked(activity, entry.query);
		},
	);
	api.put<{ Params: { id: string }; Body: SmsInput }>(
		'/activity/sms/:id/',
		{ schema: { body: updateSmsBody }, config: { query: ['_fields'] } },
		({ params, body, caller, entry }) =>
			picked(texts.update(params.id, body, caller, offsetHours(entry.headers)), entry.query),
	);
	api.delete<{ Params: { id: string } }>('/activity/sms/:id/', ({ params, caller }) => {
		texts.remove(params.id, caller);
		return {};
	});
}
