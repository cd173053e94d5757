import type { ILoadOptionsFunctions } from 'n8n-workflow';
import type { SmsActivity } from '../../shared/closeTypes';
import { listRequest } from './listRequest';

/** Where an operation, or the trigger, may have its field 'Lead'. n8n keeps no values of fields that are not shown. */
const LEAD_PARAMETERS = [
	'leadId',
	'additionalFields.leadId',
	'filters.leadId',
	'updateFields.leadId',
];

/** The ID in a resource locator; undefined when an expression gives it, which only a run can evaluate. */
function getLocatorId(locator: unknown, pattern: RegExp): string | undefined {
	const { value } = (locator ?? {}) as { value?: unknown };
	return pattern.exec(typeof value === 'string' && !value.startsWith('=') ? value : '')?.[0];
}

/** The lead that is chosen in the node, else the lead of the SMS that the node is about. */
export async function getSelectedLead(context: ILoadOptionsFunctions): Promise<string | undefined> {
	const leads = LEAD_PARAMETERS.map((parameter) =>
		getLocatorId(context.getCurrentNodeParameter(parameter), /lead_\w+/),
	);
	const lead = leads.find((id) => id !== undefined);
	if (lead) return lead;
	const sms = getLocatorId(context.getCurrentNodeParameter('smsId'), /acti_\w+/);
	if (!sms) return undefined;
	const { lead_id: leadOfSms } = await listRequest<Pick<SmsActivity, 'lead_id'>>(context, {
		url: `/activity/sms/${sms}/`,
		qs: { _fields: 'lead_id' },
	});
	return (leadOfSms as string | null) ?? undefined;
}
