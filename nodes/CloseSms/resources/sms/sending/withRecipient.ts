import type { IDataObject } from 'n8n-workflow';
import type { Contact } from '../../../../shared/contactSearch';
import { withNote } from '../../../output/withNote';
import type { OperationHandler } from '../../../transport/request/operationHandler';
import { OPTIONS } from '../../../validation/nodeOptions';
import { validationError } from '../../../validation/validationError';
import { findContactsByNumber, type NumberLookup } from '../people/lookUp';

const LABEL = OPTIONS.unknownRecipient.field.displayName;

/** The lead and contact that a text is filed under, or why there is no single lead. */
type LeadMatch =
	| { fields: { lead_id?: string; contact_id?: string }; note: string }
	/** A clause without subject, e.g. "belongs to no lead in Close". */
	| { problem: string };

/** Leads that a sentence names at most. */
const MAX_NAMED = 5;

const list = (ids: string[]) =>
	ids.slice(0, MAX_NAMED).join(', ') + (ids.length > MAX_NAMED ? ' …' : '');

/**
 * Decides to whom a number belongs. Several contacts of one lead may share a number: the lead is certain then, the contact
 * is not.
 */
export function toLeadMatch(contacts: Contact[]): LeadMatch {
	const leads = [...new Set(contacts.map(({ lead_id: lead }) => lead))];
	if (leads.length === 0) return { problem: 'belongs to nobody in Close' };
	if (leads.length > 1)
		return { problem: `belongs to several leads in Close (${list(leads.map(String))})` };
	const lead = leads[0] ? { lead_id: leads[0] } : {};
	const found = leads[0] ?? 'no lead';
	if (contacts.length > 1) {
		const all = `${contacts.length} contacts have this number: ${list(contacts.map(({ id }) => id))}`;
		return { fields: lead, note: `The lead was found by the number: ${found}. ${all}.` };
	}
	const [{ id, display_name: name }] = contacts;
	return {
		fields: { ...lead, contact_id: id },
		note: `The contact was found by the number: ${name ? `${name}, ` : ''}${id}, ${found}.`,
	};
}

const getLeadMatch = (lookup: NumberLookup): LeadMatch =>
	'rejection' in lookup
		? { problem: `could not be looked up in Close (${lookup.rejection})` }
		: toLeadMatch(lookup.contacts);

/**
 * Makes a handler that files a new text under the lead and contact who have its number, where neither is given. All
 * items of a run are looked up together.
 */
export const withRecipient =
	(handler: OperationHandler): OperationHandler =>
	async (context) => {
		const { n8n, request, item } = context;
		const body = request.options.body as IDataObject;
		if (body.lead_id || body.contact_id) return await handler(context);
		const match = getLeadMatch(await findContactsByNumber(context, String(body.remote_phone)));
		if ('problem' in match && item.options.unknownRecipient === 'error')
			throw validationError(
				n8n,
				`Not sent: the number in 'To' ${match.problem}`,
				`Give 'Lead' or 'Contact' under 'Additional Fields', or set '${LABEL}' in Options to Send Without a Lead.`,
			);
		const [fields, note] =
			'problem' in match
				? [
						{},
						`No lead was given: the number ${match.problem}, so Close decides where the SMS belongs.`,
					]
				: [match.fields, match.note];
		const found = {
			...request,
			options: { ...request.options, body: { ...body, ...fields } },
			isRecipientFound: true,
		};
		return withNote(await handler({ ...context, request: found }), note);
	};
