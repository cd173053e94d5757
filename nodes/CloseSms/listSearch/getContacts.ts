import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { getPhones, type Contact } from '../../shared/contactSearch';
import { toWords } from './excerpt';
import { listPage } from './listPage';
import { getSelectedLead } from './selectedLead';

const FIELDS = ['id', 'display_name', 'phones'];

const formatPhones = (contact: Contact) =>
	getPhones(contact)
		.map(({ phone, phone_formatted: formatted, outbound_sms_blocked: isBlocked }) =>
			isBlocked ? `${toWords(formatted) || phone} must not be texted` : toWords(formatted) || phone,
		)
		.join(', ');

/** The picker of contacts with their numbers: those of the lead if one is chosen, else all. */
export async function getContacts(
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	const lead = await getSelectedLead(this);
	const toItem = (contact: Contact) => ({
		name: `${toWords(contact.display_name) || '(no name)'} (${formatPhones(contact) || 'no phone'})`,
		value: contact.id,
	});
	const list = {
		url: '/contact/',
		qs: { _fields: FIELDS.join(','), lead_id: lead },
		toItem,
		// A lead has few contacts: filtering the list finds them by their numbers too.
		search: lead ? undefined : { type: 'contact' as const, fields: FIELDS },
	};
	return await listPage(this, list, filter, paginationToken);
}
