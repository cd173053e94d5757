import { getPhones, type Contact, type ContactPhone } from '../../../../shared/contactSearch';
import {
	isSameCountry,
	isSamePhoneNumber,
	parsePhoneNumber,
	type PhoneReadingOptions,
	type Problem,
} from '../../../../shared/phoneNumber';
import { showValue } from '../../../../shared/showValue';

/** The number to text; or why there is none, as a sentence without full stop. */
export type NumberChoice =
	| {
			/** A plus sign, the country code and the number: digits only. */
			number: string;
			/** As in "the mobile number +1…". */
			label: string;
	  }
	| Problem;

/** Numbers that a sentence names at most. */
const MAX_NAMED = 5;

const GIVE_ONE =
	"In doubt nobody is texted. Look at the contact in Close, or give a number in 'To'.";

/** The US, Canada, and what counts as the US: other countries begin with +1 too, as Jamaica does (libphonenumber). */
const US_AND_CANADA = new Set(['US', 'CA', 'PR', 'VI', 'GU', 'AS', 'MP']);

/** Whether a card says that a number with +1 is of another country; a code of two letters, if it says any. */
const isOfAnother = (country: unknown): boolean => {
	const code = typeof country === 'string' ? country.trim().toUpperCase() : '';
	return /^[A-Z]{2}$/.test(code) && !US_AND_CANADA.has(code);
};

const isType = ({ type }: ContactPhone, wanted: string) =>
	typeof type === 'string' && type.trim().toLowerCase() === wanted;

/** "mobile number", by the words of Close; "number" where it says none. */
const toLabel = ({ type }: ContactPhone) =>
	typeof type === 'string' && /^[a-z]+$/i.test(type) && !isType({ phone: '', type }, 'other')
		? `${type.toLowerCase()} number`
		: 'number';

const nameOf = ({ display_name: name, id }: Contact) => (name ? `${name} (${id})` : id);

/**
 * Why a contact is not texted at any of its numbers: one of them is blocked, since an opt-out is the person's, or it is not
 * known whether one is. Without the field a number is not blocked: Close's OpenAPI has it as optional.
 *
 * @param contact as Close gave it
 */
export function findOptOut(contact: Contact): Problem | undefined {
	const who = nameOf(contact);
	const all = getPhones(contact);
	if (!Array.isArray(contact.phones) || all.length !== contact.phones.length)
		return { problem: `Close does not show the phone numbers of ${who}`, next: GIVE_ONE };
	const flags = all.map(({ phone, outbound_sms_blocked: flag }) => ({
		phone: showValue(phone),
		flag: flag as unknown,
	}));
	const blocked = flags.find(({ flag }) => flag === true);
	if (blocked)
		return {
			problem: `${who} must not be texted: Close has blocked SMS to ${blocked.phone}, one of their numbers`,
			next: "Usually the person has opted out by texting STOP, and only they can undo that, by texting START. If they agreed to be texted at another number, give that number in 'To'.",
		};
	const unclear = flags.find(({ flag }) => flag !== undefined && flag !== null && flag !== false);
	return (
		unclear && {
			problem: `It is not known whether ${who} may be texted: Close does not say clearly whether ${unclear.phone} is blocked`,
			next: GIVE_ONE,
		}
	);
}

/** Whether Close may text a number from another, as far as their countries tell. */
const isTextable = ({ country }: ContactPhone, number: string, from: string) =>
	isSameCountry(number, from) && !(number.startsWith('+1') && isOfAnother(country));

/**
 * Chooses the number at which a contact is texted: no fax; of the others, one of the country of 'From', since Close texts
 * only inside a country (Close: "SMS in Close"; the US and Canada count as one); of those, a mobile one; of those, the
 * first on the card. A number of another country is chosen where there is no other: Close may know more about 'From'.
 *
 * @param contact as Close gave it
 * @param from the number to text from, a plus sign and digits
 * @param options how a number without a plus is read
 */
export function chooseNumber(
	contact: Contact,
	from: string,
	options?: PhoneReadingOptions,
): NumberChoice {
	const optOut = findOptOut(contact);
	if (optOut) return optOut;
	const who = nameOf(contact);
	const all = getPhones(contact);
	if (all.length === 0)
		return {
			problem: `${who} has no phone number in Close`,
			next: "Add one in Close, or give a number in 'To'.",
		};
	const reasons: string[] = [];
	const candidates = all.flatMap((entry) => {
		const reading = parsePhoneNumber(entry.phone, options);
		const reason = !('number' in reading)
			? `${showValue(entry.phone)} is not a whole phone number`
			: isType(entry, 'fax')
				? `${reading.number} is a fax number`
				: isSamePhoneNumber(reading.number, from)
					? `${reading.number} is the number in 'From'`
					: undefined;
		if (reason !== undefined) reasons.push(reason);
		return 'number' in reading && reason === undefined ? [{ entry, number: reading.number }] : [];
	});
	const rank = ({ entry, number }: (typeof candidates)[number]) =>
		(isTextable(entry, number, from) ? 0 : 2) + (isType(entry, 'mobile') ? 0 : 1);
	// Sorting keeps the order of the card.
	const [chosen] = candidates.sort((one, other) => rank(one) - rank(other));
	if (chosen) return { number: chosen.number, label: toLabel(chosen.entry) };
	const more = reasons.length > MAX_NAMED ? ' …' : '';
	return {
		problem: `No phone number of ${who} can be texted: ${reasons.slice(0, MAX_NAMED).join('; ')}${more}`,
		next: GIVE_ONE,
	};
}
