import type { ILoadOptionsFunctions } from 'n8n-workflow';
import type { SmsActivity } from '../../shared/closeTypes';
import { listRequest } from './listRequest';

/** The parameter that holds the lead, by operation; of all others it is `leadId`. */
const LEAD_PARAMETER: Record<string, string> = {
	getAll: 'filters.leadId',
	send: 'additionalFields.leadId',
	update: 'updateFields.leadId',
};

/** The ID in a resource locator; undefined when an expression gives it, which only a run can evaluate. */
function getLocatorId(locator: unknown, pattern: RegExp): string | undefined {
	const { value } = (locator ?? {}) as { value?: unknown };
	return pattern.exec(typeof value === 'string' && !value.startsWith('=') ? value : '')?.[0];
}

/** The lead that is chosen in the node, else the lead of the SMS that is updated. */
export async function getSelectedLead(context: ILoadOptionsFunctions): Promise<string | undefined> {
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
