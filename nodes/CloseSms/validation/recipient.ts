import { E164 } from '../../shared/fieldValues';
import { getBody, type PreSendValidator } from './preSend';

/** Whom a text goes to. */
interface Recipient {
	/** In E.164 format. */
	phone: string;
	contactId?: string;
}

/**
 * Reads the value of 'To'.
 *
 * @param value a number in E.164 format, or `<contact ID>|<number>` as the picker of people gives it: several people may
 * share a number
 * @returns undefined when it is neither
 */
export function parseRecipient(value: unknown): Recipient | undefined {
	if (typeof value !== 'string') return undefined;
	const [, contactId, phone] = /^(?:(cont_[A-Za-z0-9]+)\|)?([^|]*)$/.exec(value) ?? [];
	return phone && E164.test(phone) ? { phone, contactId } : undefined;
}

/** Sends the number of the chosen person, and the contact unless another one is given. Leaves what it cannot read. */
export const setRecipient: PreSendValidator = (_, request) => {
	const body = getBody(request);
	const recipient = parseRecipient(body.remote_phone);
	if (!recipient) return;
	body.remote_phone = recipient.phone;
	if (recipient.contactId) body.contact_id ??= recipient.contactId;
};
