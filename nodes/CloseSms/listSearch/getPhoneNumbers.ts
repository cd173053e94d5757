import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { toWords } from './excerpt';
import { listPage } from './listPage';

interface PhoneNumber {
	id: string;
	number: string;
	number_formatted?: string;
	label?: string | null;
	type: string;
	country?: string;
	sms_enabled?: boolean;
	mms_enabled?: boolean;
}

const FIELDS = 'id,number,number_formatted,label,type,country,sms_enabled,mms_enabled';

/** Only numbers that Close itself hosts can text, and not all of those (Close: "Phone Numbers", "Create an SMS activity"). */
const canSendSms = ({ type, sms_enabled: isEnabled }: PhoneNumber) =>
	type === 'internal' && isEnabled;

function toName({ number, number_formatted: formatted, label, country, mms_enabled }: PhoneNumber) {
	const details = [toWords(country), mms_enabled ? 'SMS and MMS' : 'SMS only']
		.filter(Boolean)
		.join(', ');
	return `${toWords(label) && `${toWords(label)}: `}${toWords(formatted) || number} (${details})`;
}

/** The picker of the organization's numbers that can text. Its value is the number itself. */
export async function getPhoneNumbers(
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	const toItem = (phone: PhoneNumber) =>
		canSendSms(phone) && typeof phone.number === 'string'
			? { name: toName(phone), value: phone.number }
			: undefined;
	const list = { url: '/phone_number/', qs: { _fields: FIELDS }, toItem };
	return await listPage(this, list, filter, paginationToken);
}
