import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import type { SmsActivity } from '../../shared/closeTypes';
import { listPage } from './listPage';
import { listRequest } from './listRequest';

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

/** The parameter that holds the lead, by operation; of all others it is `leadId`. */
const LEAD_PARAMETER: Record<string, string> = {
	getAll: 'filters.leadId',
	update: 'updateFields.leadId',
};

/** The ID in a resource locator; undefined when an expression gives it, which only a run can evaluate. */
function getLocatorId(locator: unknown, pattern: RegExp): string | undefined {
	const { value } = (locator ?? {}) as { value?: unknown };
	return pattern.exec(typeof value === 'string' && !value.startsWith('=') ? value : '')?.[0];
}

/** The lead that is chosen in the node, else the lead of the SMS that is updated. */
async function getSelectedLead(context: ILoadOptionsFunctions): Promise<string | undefined> {
	const operation = String(context.getCurrentNodeParameter('operation'));
	const parameter = LEAD_PARAMETER[operation] ?? 'leadId';
	const lead = getLocatorId(context.getCurrentNodeParameter(parameter), /lead_\w+/);
	if (lead || operation !== 'update') return lead;
	const sms = getLocatorId(context.getCurrentNodeParameter('smsId'), /acti_\w+/);
	if (!sms) return undefined;
	const { lead_id: leadOfSms } = await listRequest<Pick<SmsActivity, 'lead_id'>>(context, {
		url: `/activity/sms/${sms}/`,
		qs: { _fields: 'lead_id' },
	});
	return (leadOfSms as string | null) ?? undefined;
}

const formatPhones = ({ phones = [] }: Contact) =>
	phones
		.map(({ phone, phone_formatted: formatted, outbound_sms_blocked: isBlocked }) =>
			isBlocked ? `${formatted ?? phone} must not be texted` : (formatted ?? phone),
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
		name: `${contact.display_name || '(no name)'} (${formatPhones(contact) || 'no phone'})`,
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
