import { getBody, type PreSendValidator } from './preSend';

/**
 * Reads what the picker of people gives as 'To', `<contact ID>|<number>`, since several people may share a number: sends
 * the number, and the contact unless another one is given. Leaves everything else to `readPhones`.
 */
export const setRecipient: PreSendValidator = (_, request) => {
	const body = getBody(request);
	const [, contactId, phone] =
		/^(cont_[A-Za-z0-9]+)\|([^|]+)$/.exec(String(body.remote_phone)) ?? [];
	if (contactId === undefined) return;
	body.remote_phone = phone;
	body.contact_id ??= contactId;
};
