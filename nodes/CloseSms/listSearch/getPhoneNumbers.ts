import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { listPage } from './listPage';

interface PhoneNumber {
	number: string;
	number_formatted?: string;
	label?: string | null;
	type: string;
	country?: string;
	sms_enabled?: boolean;
	mms_enabled?: boolean;
}

const FIELDS = 'number,number_formatted,label,type,country,sms_enabled,mms_enabled';

/** Only numbers that Close itself holds can text, and not each of those (Close: "Phone Numbers", "Create an SMS activity"). */
const canSendSms = ({ type, sms_enabled: isEnabled }: PhoneNumber) =>
	type === 'internal' && isEnabled;

function toName({ number, number_formatted: formatted, label, country, mms_enabled }: PhoneNumber) {
	const marks = [country, mms_enabled ? 'SMS and MMS' : 'SMS only'].filter(Boolean).join(', ');
	return `${label ? `${label}: ` : ''}${formatted ?? number} (${marks})`;
}

/** The picker of the own numbers that can text. Its value is the number. */
export async function getPhoneNumbers(
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	const toItem = (one: PhoneNumber) =>
		canSendSms(one) ? { name: toName(one), value: one.number } : undefined;
	const list = { url: '/phone_number/', qs: { _fields: FIELDS }, toItem };
	return await listPage(this, list, filter, paginationToken);
}
