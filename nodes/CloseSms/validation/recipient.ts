import { parseCloseId } from '../../shared/closeId';
import { isRecord } from '../../shared/fieldValues';
import { requireCloseId } from './ids';
import { getBody, type PreSendValidator } from './preSend';
import { validationError } from './validationError';

/**
 * Where a validator leaves the contact from whose card a number was picked: no field of Close, so in camel case. The
 * handler takes it out of the body.
 */
export const PICKED_CONTACT = 'pickedContactId';

/** Where a validator leaves the contact whose number is to be chosen, in place of a number: see `withChosenNumber`. */
export const TO_CONTACT = 'toContactId';

/**
 * Reads what the picker of people gives as 'To', `<contact ID>|<number>`, since several people may share a number: sends
 * the number, and the contact unless another one is given. Leaves everything else to `readPhones`. The handler has to
 * look whether the contact has the number still (`PICKED_CONTACT`). In the mode Contact no number is known yet.
 *
 * @throws {ItemFailure} when it is the ID of a contact in another mode, or none in this one
 */
export const setRecipient: PreSendValidator = (context, request) => {
	const body = getBody(request);
	const to: unknown = context.getNode().parameters.to;
	if (isRecord(to) && to.mode === 'contact') {
		const id = requireCloseId(context, body.remote_phone, 'To', 'contact');
		delete body.remote_phone;
		body[TO_CONTACT] = id;
		body.contact_id ??= id;
		return;
	}
	const lone = parseCloseId(body.remote_phone, 'contact');
	if ('id' in lone)
		throw validationError(
			context,
			`'To' is the ID of a contact, not a phone number: ${lone.id}`,
			"Choose Contact in front of 'To', or give a number.",
		);
	const [, contactId, phone] =
		/^(cont_[A-Za-z0-9]+)\|([^|]+)$/.exec(String(body.remote_phone)) ?? [];
	if (contactId === undefined) return;
	body.remote_phone = phone;
	body[PICKED_CONTACT] = contactId;
	body.contact_id ??= contactId;
};
