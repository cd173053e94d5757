import type { IDataObject, ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { closeRequest } from './closeRequest';
import { listPage } from './listPage';

interface Contact {
	id: string;
	display_name?: string;
	phones?: Array<{
		phone: string;
		phone_formatted?: string;
		outbound_sms_blocked?: boolean;
	}>;
}

const FIELDS = ['id', 'display_name', 'phones'];

/** Where the operations keep the lead. */
const LEAD_PARAMETER: Record<string, string> = {
	getAll: 'filters.leadId',
	update: 'updateFields.leadId',
};

/** The id that a resource locator holds, if it is one that is known in the editor. */
function getLocatorId(locator: unknown, id: RegExp): string | undefined {
	const { value } = (locator ?? {}) as { value?: unknown };
	return id.exec(typeof value === 'string' && !value.startsWith('=') ? value : '')?.[0];
}

/** The lead that is chosen in the node; for a text that stays with its lead, the lead of the text. */
async function getSelectedLead(context: ILoadOptionsFunctions): Promise<string | undefined> {
	const operation = String(context.getCurrentNodeParameter('operation'));
	const place = LEAD_PARAMETER[operation] ?? 'leadId';
	const lead = getLocatorId(context.getCurrentNodeParameter(place), /lead_\w+/);
	if (lead || operation !== 'update') return lead;
	const sms = getLocatorId(context.getCurrentNodeParameter('smsId'), /acti_\w+/);
	if (!sms) return undefined;
	const answer = await closeRequest<IDataObject>(context, `/activity/sms/${sms}/`, {
		qs: { _fields: 'lead_id' },
	});
	return (answer.lead_id as string | null) ?? undefined;
}

const formatPhones = ({ phones = [] }: Contact) =>
	phones
		.map(({ phone, phone_formatted: formatted, outbound_sms_blocked: isBlocked }) =>
			isBlocked ? `${formatted ?? phone} must not be texted` : (formatted ?? phone),
		)
		.join(', ');

/** The picker of contacts, of the chosen lead when there is one, with their numbers. */
export async function getContacts(
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	const lead = await getSelectedLead(this);
	const toItem = (contact: Contact) => ({
		name: `${contact.display_name || '(no name)'} (${formatPhones(contact) || 'no phone'})`,
		value: contact.id,
	});
	const list = {
		url: '/contact/',
		qs: { _fields: FIELDS.join(','), lead_id: lead },
		toItem,
		// A lead has few contacts: they are all at hand.
		search: lead ? undefined : { type: 'contact' as const, fields: FIELDS },
	};
	return await listPage(this, list, filter, paginationToken);
}
