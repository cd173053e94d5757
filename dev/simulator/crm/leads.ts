import type { FastifyInstance } from 'fastify';

import { closeTime } from '../http/dates';
import { notFound } from '../http/errors';
import { newId } from '../http/ids';
import { countryOf, formatPhone, timeZonesOf } from './phoneFormat';
import type { Caller, Contact, ContactPhone, Lead, LeadAddress } from '../types';
import type { State } from '../state';

interface ContactInput {
	name: string;
	title?: string;
	phones?: Array<{ phone: string; type?: string }>;
}

interface LeadInput {
	name: string;
	contacts?: ContactInput[];
	addresses?: Array<Omit<LeadAddress, 'tz_ids'>>;
}

const toPhone = ({ phone, type = 'office' }: { phone: string; type?: string }): ContactPhone => ({
	phone,
	phone_formatted: formatPhone(phone) ?? phone,
	type,
	country: countryOf(phone) ?? 'US',
	tz_ids: timeZonesOf(phone),
});

/** A small world: states whose addresses a test or the contract check writes. */
const ZONES: Record<string, string> = { NY: 'America/New_York', CA: 'America/Los_Angeles' };
const zonesOf = ({ state }: Pick<LeadAddress, 'state'>) => [ZONES[state ?? ''] ?? []].flat();

function create(input: LeadInput, caller: Caller, state: State): Lead {
	const now = closeTime(state.clock.ms());
	const common = {
		organization_id: state.account.organization.id,
		date_created: now,
		date_updated: now,
	};
	const id = newId('lead');
	const contacts = (input.contacts ?? []).map(
		({ name, title = '', phones = [] }): Contact => ({
			...common,
			id: newId('cont'),
			lead_id: id,
			name,
			display_name: name,
			title,
			phones: phones.map(toPhone),
			emails: [],
			urls: [],
			timezone: null,
			timezone_source: null,
			created_by: caller.userId,
			updated_by: caller.userId,
		}),
	);
	contacts.forEach((one) => state.addContact(one));
	const lead: Lead = {
		...common,
		id,
		name: input.name,
		display_name: input.name,
		status_id: 'stat_potential0000000000000',
		status_label: 'Potential',
		contact_ids: contacts.map((one) => one.id),
		contacts,
		addresses: (input.addresses ?? []).map((one) => ({ ...one, tz_ids: zonesOf(one) })),
		url: null,
		description: null,
		created_by: caller.userId,
		updated_by: caller.userId,
		primary_phone: contacts.flatMap((one) => one.phones)[0] ?? null,
		html_url: `https://app.close.com/lead/${id}/`,
	};
	state.leads.set(id, lead);
	return lead;
}

/** With its contacts and its texts. */
function remove(id: string, caller: Caller, state: State): void {
	const lead = state.leads.get(id);
	if (!lead) throw notFound('Lead');
	for (const { id: sms, lead_id: of } of state.smsStore.newestFirst())
		if (of === id) state.smsStore.remove(sms, caller);
	lead.contact_ids.forEach((contact) => state.contacts.delete(contact));
	state.leads.delete(id);
}

const name = { type: 'string', minLength: 1 };
const phone = {
	type: 'object',
	additionalProperties: false,
	required: ['phone'],
	properties: { phone: { type: 'string', format: 'e164' }, type: { type: 'string' } },
};
const contact = {
	type: 'object',
	additionalProperties: false,
	required: ['name'],
	properties: { name, title: { type: 'string' }, phones: { type: 'array', items: phone } },
};
const address = {
	type: 'object',
	additionalProperties: false,
	properties: Object.fromEntries(
		['label', 'address_1', 'address_2', 'city', 'state', 'zipcode', 'country'].map((key) => [
			key,
			{ type: 'string' },
		]),
	),
};
const createBody = {
	type: 'object',
	additionalProperties: false,
	required: ['name'],
	properties: {
		name,
		contacts: { type: 'array', items: contact },
		addresses: { type: 'array', items: address },
	},
};

/** Close: "Update an existing lead", as far as an example writes to it: fields of an organization's own, by their IDs. */
const updateBody = {
	type: 'object',
	additionalProperties: false,
	properties: { name },
	patternProperties: { '^custom\\.cf_\\w+$': {} },
};

/** `POST`, `PUT` and `DELETE` of `/lead/`, as far as the contract check and the examples need them. */
export function leadRoutes(api: FastifyInstance, state: State): void {
	api.post<{ Body: LeadInput }>('/lead/', { schema: { body: createBody } }, ({ body, caller }) =>
		create(body, caller, state),
	);
	api.put<{ Params: { id: string }; Body: Partial<Lead> }>(
		'/lead/:id/',
		{ schema: { body: updateBody } },
		({ params, body }) => {
			const lead = state.leads.get(params.id);
			if (!lead) throw notFound('Lead');
			return Object.assign(lead, body, { date_updated: closeTime(state.clock.ms()) });
		},
	);
	api.delete<{ Params: { id: string } }>('/lead/:id/', ({ params, caller }) => {
		remove(params.id, caller, state);
		return {};
	});
}
