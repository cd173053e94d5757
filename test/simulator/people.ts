import type { FastifyInstance } from 'fastify';

import { notFound } from './answers';
import { page, PAGE_QUERY, picked, single } from './query';
import type { User } from './types';
import type { World } from './world';

type ById = { Params: { id: string } };

function me(user: User, { account, phoneNumbers }: World): object {
	return {
		...user,
		last_used_timezone: 'America/Los_Angeles',
		email_accounts: [],
		memberships: [
			{ organization_id: account.organization.id, role_id: 'admin', permissions_granted: [] },
		],
		organizations: [{ ...account.organization, lead_statuses: [], pipelines: [] }],
		phone_numbers: [...phoneNumbers.values()].filter((one) => one.participants.includes(user.id)),
	};
}

function userRoutes(api: FastifyInstance, world: World): void {
	api.get('/me/', { config: { query: ['_fields'] } }, ({ caller, entry }) =>
		picked(me(world.users.get(caller.userId) as User, world), entry.query),
	);
	api.get('/user/', { config: { query: [...PAGE_QUERY, '_order_by'] } }, ({ entry }) =>
		page([...world.users.values()], entry.query, world.settings.maxSkip),
	);
	api.get<ById>('/user/:id/', { config: { query: ['_fields'] } }, ({ params, entry }) => {
		const user = world.users.get(params.id);
		if (!user) throw notFound('User');
		return picked(user, entry.query);
	});
}

/** `/me/`, `/user/`, `/lead/` and `/contact/` */
export function peopleRoutes(api: FastifyInstance, world: World): void {
	userRoutes(api, world);
	api.get('/lead/', { config: { query: PAGE_QUERY } }, ({ entry }) => ({
		...page([...world.leads.values()], entry.query, world.settings.maxSkip),
		total_results: world.leads.size,
	}));
	api.get<ById>('/lead/:id/', { config: { query: ['_fields'] } }, ({ params, entry }) => {
		const lead = world.leads.get(params.id);
		if (!lead) throw notFound('Lead');
		return picked(lead, entry.query);
	});
	api.get('/contact/', { config: { query: [...PAGE_QUERY, 'lead_id'] } }, ({ entry }) => {
		const lead = single(entry.query, 'lead_id');
		const contacts = [...world.contacts.values()].filter(
			(one) => lead === undefined || one.lead_id === lead,
		);
		return page(contacts, entry.query, world.settings.maxSkip);
	});
	api.get<ById>('/contact/:id/', { config: { query: ['_fields'] } }, ({ params, entry }) => {
		const contact = world.contacts.get(params.id);
		if (!contact) throw notFound('Contact');
		return picked(contact, entry.query);
	});
}
