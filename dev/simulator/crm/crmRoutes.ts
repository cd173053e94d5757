import type { FastifyInstance } from 'fastify';

import { notFound } from '../http/errors';
import { page, PAGE_QUERY, picked, single } from '../http/query';
import type { User } from '../types';
import type { State } from '../state';

type ById = { Params: { id: string } };

function me(user: User, { account, phoneNumbers }: State): object {
	return {
		...user,
		last_used_timezone: 'America/Los_Angeles',
		email_accounts: [],
		memberships: [
			{
				organization_id: account.organization.id,
				role_id: account.admins.includes(user.id) ? 'admin' : 'user',
				permissions_granted: [],
			},
		],
		organizations: [{ ...account.organization, lead_statuses: [], pipelines: [] }],
		phone_numbers: [...phoneNumbers.values()].filter((one) => one.participants.includes(user.id)),
	};
}

/** By the fields that `_order_by` names; as they are without it. */
function sorted(users: User[], orderBy: string | undefined): User[] {
	if (!orderBy) return users;
	const key = (user: User) =>
		orderBy
			.split(',')
			.map((name) => (name === 'last_name' ? user.last_name : user.first_name).toLowerCase())
			.join(' ');
	return users.sort((one, other) => key(one).localeCompare(key(other)));
}

function userRoutes(api: FastifyInstance, state: State): void {
	api.get('/me/', { config: { query: ['_fields'] } }, ({ caller, entry }) =>
		picked(me(state.users.get(caller.userId) as User, state), entry.query),
	);
	api.get('/user/', { config: { query: [...PAGE_QUERY, '_order_by'] } }, ({ entry }) =>
		page(
			sorted([...state.users.values()], single(entry.query, '_order_by')),
			entry.query,
			state.settings.maxSkip,
		),
	);
	api.get<ById>('/user/:id/', { config: { query: ['_fields'] } }, ({ params, entry }) => {
		const user = state.users.get(params.id);
		if (!user) throw notFound('User');
		return picked(user, entry.query);
	});
}

/** `/me/`, `/user/`, `/lead/` and `/contact/` */
export function crmRoutes(api: FastifyInstance, state: State): void {
	userRoutes(api, state);
	api.get('/lead/', { config: { query: PAGE_QUERY } }, ({ entry }) => ({
		...page([...state.leads.values()], entry.query, state.settings.maxSkip),
		total_results: state.leads.size,
	}));
	api.get<ById>('/lead/:id/', { config: { query: ['_fields'] } }, ({ params, entry }) => {
		const lead = state.leads.get(params.id);
		if (!lead) throw notFound('Lead');
		return picked(lead, entry.query);
	});
	api.get('/contact/', { config: { query: [...PAGE_QUERY, 'lead_id'] } }, ({ entry }) => {
		const lead = single(entry.query, 'lead_id');
		const contacts = [...state.contacts.values()].filter(
			(one) => lead === undefined || one.lead_id === lead,
		);
		return page(contacts, entry.query, state.settings.maxSkip);
	});
	api.get<ById>('/contact/:id/', { config: { query: ['_fields'] } }, ({ params, entry }) => {
		const contact = state.contacts.get(params.id);
		if (!contact) throw notFound('Contact');
		return picked(contact, entry.query);
	});
}
