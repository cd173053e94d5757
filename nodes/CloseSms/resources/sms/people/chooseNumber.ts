import { getPhones, type Contact, type ContactPhone } from '../../../../shared/contactSearch';
import { isSameCountry, isSamePhoneNumber, parsePhoneNumber } from '../../../../shared/phoneNumber';
import { showValue } from '../../../../shared/showValue';

/** The number to text, or why there is none. */
export type NumberChoice =
	| {
			/** A plus sign, the country code and the number: digits only. */
			number: string;
			/** As in "the mobile number +1…". */
			label: string;
	  }
	/** A sentence without full stop, and what to do. */
	| { problem: string; next: string };

/** Numbers that a sentence names at most. */
const MAX_NAMED = 5;

const GIVE_ONE =
	"In doubt nobody is texted. Look at the contact in Close, or give a number in 'To'.";

const isType = ({ type }: ContactPhone, wanted: string) =>
	typeof type === 'string' && type.trim().toLowerCase() === wanted;

/** "mobile number", by the words of Close; "number" where it says none. */
const toLabel = ({ type }: ContactPhone) =>
	typeof type === 'string' && /^[a-z]+$/i.test(type) && !isType({ phone: '', type }, 'other')
		? `${type.toLowerCase()} number`
		: 'number';

interface Entry {
	entry: ContactPhone;
	number: string;
}

/** Why a number is not to be texted, as in "+1… is blocked"; undefined when nothing is against it. */
function findReason({ entry, number }: Entry, all: ContactPhone[], from: string) {
	const flags = all
		.filter(({ phone }) => isSamePhoneNumber(phone, number))
		.map(({ outbound_sms_blocked: flag }) => flag as unknown);
	if (flags.includes(true)) return 'is blocked';
	if (flags.some((flag) => flag !== undefined && flag !== null && flag !== false))
		return 'may be blocked, Close does not say clearly';
	if (isType(entry, 'fax')) return 'is a fax number';
	return isSamePhoneNumber(number, from) ? "is the number in 'From'" : undefined;
}

/**
 * Chooses the number at which a contact is texted: one that is not blocked and no fax; of those, one of the country of
 * 'From', since Close texts only inside a country (Close: "SMS in Close"; the US and Canada count as one); of those, a
 * mobile one; of those, the first on the card. A number of another country is chosen where there is no other: Close may
 * know more about 'From'.
 *
 * @param contact as Close gave it
 * @param from the number to text from, a plus sign and digits
 */
export function chooseNumber(contact: Contact, from: string): NumberChoice {
	const { display_name: name, id } = contact;
	const who = name ? `${name} (${id})` : id;
	const all = getPhones(contact);
	if (!Array.isArray(contact.phones) || all.length !== contact.phones.length)
		return { problem: `Close does not show the phone numbers of ${who}`, next: GIVE_ONE };
	if (all.length === 0)
		return {
			problem: `${who} has no phone number in Close`,
			next: "Add one in Close, or give a number in 'To'.",
		};
	const reasons: string[] = [];
	const candidates = all.flatMap((entry): Entry[] => {
		const reading = parsePhoneNumber(entry.phone);
		if (!('number' in reading)) {
			reasons.push(`${showValue(entry.phone)} is not a whole phone number`);
			return [];
		}
		const { number } = reading;
		const reason = findReason({ entry, number }, all, from);
		if (reason !== undefined) reasons.push(`${number} ${reason}`);
		return reason === undefined ? [{ entry, number }] : [];
	});
	const rank = ({ entry, number }: Entry) =>
		(isSameCountry(number, from) ? 0 : 2) + (isType(entry, 'mobile') ? 0 : 1);
	// Sorting keeps the order of the card.
	const [chosen] = candidates.sort((one, other) => rank(one) - rank(other));
	if (chosen) return { number: chosen.number, label: toLabel(chosen.entry) };
	const more = reasons.length > MAX_NAMED ? ' …' : '';
	return {
		problem: `No phone number of ${who} can be texted: ${reasons.slice(0, MAX_NAMED).join('; ')}${more}`,
		next: GIVE_ONE,
	};
}
