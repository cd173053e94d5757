import type { FastifyInstance } from 'fastify';

import { closeTime } from './dates';
import { notFound } from './errors';
import { newId } from './ids';
import { countryOf, formatPhone } from './phoneFormat';
import type { Contact, ContactPhone, Lead } from './types';
import type { State } from './state';

interface LeadInput {
	name?: string;
	contacts?: Array<{
		name?: string;
		title?: string;
		phones?: Array<{ phone: string; type?: string }>;
	}>;
	/** Fields of an organization's own, by their IDs. */
	[custom: `custom.${string}`]: unknown;
}

const phones = {
	type: 'array',
	items: {
		type: 'object',
		additionalProperties: false,
		required: ['phone'],
		properties: { phone: { type: 'string', format: 'e164' }, type: { type: 'string' } },
	},
};
const contacts = {
	type: 'array',
	items: {
		type: 'object',
		additionalProperties: false,
		properties: { name: { type: 'string' }, title: { type: 'string' }, phones },
	},
};
/** Close: "Create a new lead", "Update an existing lead", as far as the examples write them. */
const leadBody = (properties: object) => ({
	type: 'object',
	additionalProperties: false,
	properties: { name: { type: 'string' }, ...properties },
	patternProperties: { '^custom\\.cf_\\w+$': {} },
});

const toPhone = ({ phone, type = 'office' }: { phone: string; type?: string }): ContactPhone => ({
	phone,
	phone_formatted: formatPhone(phone) ?? phone,
	type,
	country: countryOf(phone) ?? 'US',
	tz_ids: ['America/Los_Angeles'],
});

/** `POST` and `PUT` of `/lead/` */
export function leadWriteRoutes(api: FastifyInstance, state: State): void {
	const now = () => closeTime(state.clock.ms());
	api.post<{ Body: LeadInput }>(
		'/lead/',
		{ schema: { body: leadBody({ contacts }) } },
		({ body, caller }) => {
			const { name = '', contacts: given = [], ...custom } = body;
			const id = newId('lead');
			const { id: organization_id } = state.account.organization;
			const by = { created_by: caller.userId, updated_by: caller.userId };
			const dates = { date_created: now(), date_updated: now() };
			const added = given.map(
				({ name: contactName = '', title = '', phones: numbers = [] }): Contact => ({
					id: newId('cont'),
					organization_id,
					lead_id: id,
					name: contactName,
					display_name: contactName,
					title,
					phones: numbers.map(toPhone),
					emails: [],
					urls: [],
					timezone: null,
					timezone_source: null,
					...by,
					...dates,
				}),
			);
			const lead: Lead = {
				id,
				organization_id,
				display_name: name,
				name,
				status_id: newId('stat'),
				status_label: 'Potential',
				contact_ids: added.map((one) => one.id),
				contacts: added,
				addresses: [],
				primary_phone: added.flatMap((one) => one.phones)[0] ?? null,
				html_url: `https://app.close.com/lead/${id}/`,
				url: null,
				description: null,
				...by,
				...dates,
				...custom,
			};
			state.leads.set(id, lead);
			added.forEach((one) => state.addContact(one));
			return lead;
		},
	);
	api.put<{ Params: { id: string }; Body: LeadInput }>(
		'/lead/:id/',
		{ schema: { body: leadBody({}) } },
		({ params, body }) => {
			const lead = state.leads.get(params.id);
			if (!lead) throw notFound('Lead');
			return Object.assign(lead, body, { date_updated: now() });
		},
	);
}
